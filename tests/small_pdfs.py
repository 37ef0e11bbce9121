"""Small PDFs in place of real ones: for tests of everything around them, not of them."""

from io import BytesIO

from pikepdf import Pdf


def _paper(words: str) -> bytes:
    output, pdf = BytesIO(), Pdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.docinfo["/Title"] = words
    pdf.save(output, deterministic_id=True)
    return output.getvalue()


PDF, COUNTRY_PDF = _paper("Everything"), _paper("One country")


def assessment_pdf(assessment, *, country=None, **beside) -> bytes:
    """Stand in for `pdf.assessment_pdf`: the same few bytes always, and others for each country."""
    for one in assessment.snapshot["countries"] if country else []:
        country(one["iso2"], COUNTRY_PDF)
    return PDF
