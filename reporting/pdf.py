"""The PDF of an assessment: the only module that knows WeasyPrint."""

from collections.abc import Callable

from reporting.models import Assessment

Report = Callable[[str, int, int], None]  # what is being done, steps done, steps in all


def unavailable() -> str | None:
    """Return why PDFs cannot be made on this machine, or None if they can."""
    return None


def assessment_pdf(assessment: Assessment, *, report: Report) -> bytes:
    """Return the assessment as a PDF, reporting progress."""
    return b"%PDF-placeholder"
