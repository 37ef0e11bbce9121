"""The PDF of an assessment: the only module that knows WeasyPrint."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import url2pathname

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reporting import sections
from reporting.document import Document
from reporting.models import Assessment

Report = Callable[[str, int, int], None]  # what is being done, steps done, steps in all

STATIC = settings.BASE_DIR / "static"
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-dejavu-core"


class PDFError(RuntimeError):
    """The document asked for something that it must not or cannot have."""


def unavailable() -> str | None:
    """Return why PDFs cannot be made on this machine and what mends it, or None if they can."""
    try:
        import weasyprint  # noqa: F401 imported late, so that the portal starts without Pango
    except (ImportError, OSError) as error:
        found = re.search(r"library '([^']+)'", str(error))
        return _(
            "PDFs are switched off, because the system library %(library)s is missing. Install it with this "
            "command, then start the portal and its worker again: %(command)s"
        ) % {
            "library": found[1] if found else "Pango",
            "command": f"apt-get install --no-install-recommends {PACKAGES}",
        }
    return None


def assessment_pdf(assessment: Assessment, *, report: Report) -> bytes:
    """Return the assessment as a tagged PDF (PDF/UA-1); `report` is told in sentences what is being done.

    The same assessment gives the same bytes, whatever the clock says. Raises PDFError if the document asks for
    anything but the portal's own static files.
    """
    document, about = Document(assessment.snapshot), particulars(assessment)
    with translation.override(_language(document.edition["languages"])):
        report(_("Reading the data snapshot"), 0, 1)
        parts = sections.sections(document, about)
        steps = len(parts) + 2
        written = []
        for n, part in enumerate(parts):
            report(Truncator(_("Writing: %s") % part.title if part.title else _("Writing")).chars(200), n, steps)
            written.append(part.html(document))
        report(_("Setting the pages; this takes longest"), steps - 2, steps)
        whole = render_to_string(
            "pdf/document.html",
            {"document": document, "particulars": about, "sections": written, **sections.running(document)},
        )
        content = _typeset(whole)
        report(_("Storing the file"), steps - 1, steps)
        return content


def particulars(assessment: Assessment) -> sections.Particulars:
    """Return what the title page says of an assessment beside its snapshot."""
    return sections.Particulars(
        issue=assessment.issue,
        document_number=assessment.document_number,
        meeting=assessment.meeting,
        meeting_date=assessment.meeting_date,
        consolidated_at=assessment.consolidated_at,
        sha256=assessment.snapshot_sha256,
    )


def _language(spoken: list[str]) -> str:
    """Choose the document's language: the active one, unless the edition does not speak it but another of ours."""
    active = translation.get_language() or settings.LANGUAGE_CODE
    ours = [code for code in spoken if code in dict(settings.LANGUAGES)]
    return active if active.split("-")[0] in spoken or not ours else ours[0]


def _typeset(html: str) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class StaticFiles(URLFetcher):
        """Reads data addresses and the portal's static files, and nothing else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            path = Path(url2pathname(url.removeprefix("file://"))).resolve()
            if url.startswith("file:") and not path.is_relative_to(STATIC.resolve()):
                raise ValueError(f"Not a static file of the portal: {url}")
            return super().fetch(url, headers)

    fetcher = StaticFiles(allowed_protocols={"file", "data"}, allow_redirects=False, fail_on_errors=True)
    try:
        content = HTML(string=html, base_url=f"{STATIC}/", url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:  # a BaseException, which would end the worker
        raise PDFError(str(error)) from error
    return content or b""
