"""PDFs: the assessment and its countries' own, and papers for one reader. docs/pdf.md says how they are made."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reporting.pdf.assessment import (
        STATIC,
        assessment_pdf,
        language,
        page,
        particulars,
        section_html,
        section_pdf,
        unavailable,
    )

__all__ = ["STATIC", "assessment_pdf", "language", "page", "particulars", "section_html", "section_pdf", "unavailable"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: the processes that typeset import modules of this package, but no Django.
    if name not in __all__:
        raise AttributeError(name)
    from reporting.pdf import assessment

    return getattr(assessment, name)
