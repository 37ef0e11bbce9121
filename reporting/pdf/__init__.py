"""PDFs: the assessment and its countries' own, and papers for one reader."""

from reporting.pdf.assessment import assessment_pdf, language, page, particulars, section_html, section_pdf, unavailable
from reporting.pdf.processes import STATIC

__all__ = ["STATIC", "assessment_pdf", "language", "page", "particulars", "section_html", "section_pdf", "unavailable"]
