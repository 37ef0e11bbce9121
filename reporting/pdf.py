"""The PDF of an assessment: its sections set in processes of their own, kept for the next time, and joined."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from importlib.metadata import version
from io import BytesIO
from itertools import accumulate
from multiprocessing import get_context
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reporting import joining, sections, typesetting
from reporting.document import Document
from reporting.joining import Look
from reporting.models import Assessment
from reporting.sections import Particulars, Section
from reporting.typesetting import Attachment, PDFError

Report = Callable[[str, int, int], None]  # what is being done, steps done, steps in all

STATIC = settings.BASE_DIR / "static"
PROCESSES = 2
BEAT = 5  # seconds without anything new after which `report` is told again
FOLIOS = 150  # pages that are numbered at a time
ROUNDS = 4  # of page numbers, until their own pages take no more room than before
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-dejavu-core"


class Kept(Protocol):
    """Sections as they were set, by the hash of all that they are made from; a dictionary will do."""

    def __contains__(self, key: str, /) -> bool: ...

    def __getitem__(self, key: str, /) -> bytes: ...

    def __setitem__(self, key: str, content: bytes, /) -> None: ...


class Job(NamedTuple):
    """HTML to be set: its title for those who watch, and by which function of `typesetting`."""

    title: str
    html: str
    attachments: Sequence[Attachment] = ()
    by: Callable[..., bytes] = typesetting.section

    @property
    def key(self) -> str:
        """The hash of all that it is made from."""
        made_from = [_typesetter(), self.by.__name__, self.html]
        made_from += [repr((one._replace(content=b""), _sha256(one.content))) for one in self.attachments]
        return _sha256("\0".join(made_from).encode())


def unavailable() -> str | None:
    """Return why PDFs cannot be made on this machine and what mends it, or None if they can."""
    library = typesetting.missing()
    if library is None:
        return None
    return _(
        "PDFs are switched off, because the system library %(library)s is missing. Install it with this "
        "command, then start the portal and its worker again: %(command)s"
    ) % {"library": library, "command": f"apt-get install --no-install-recommends {PACKAGES}"}


def assessment_pdf(
    assessment: Assessment, *, report: Report, kept: Kept | None = None, attachments: Sequence[Attachment] = ()
) -> bytes:
    """Return the assessment as a tagged PDF (PDF/UA-1); `report` is told in sentences what is being done.

    The same assessment gives the same bytes, whatever the clock says. Sections found in `kept` are not set again,
    new ones are put there at once. What `report` raises ends the work. Raises PDFError if the document asks for
    anything but the portal's own static files.
    """
    document, about = Document(assessment.snapshot), particulars(assessment)
    with translation.override(language(document)), Press({} if kept is None else kept, report) as press:
        parts = sections.sections(document, about, assessment.texts)
        return _Paper(document, about, parts, attachments, press).joined()

        texts_sha256=assessment.texts_sha256,

def section_pdf(assessment: Assessment, anchor: str, texts: Mapping[str, str] | None = None) -> bytes:
    """Return one section with the text in `texts` by itself, for a look; raises KeyError if there is none so named."""
    document, about = Document(assessment.snapshot), particulars(assessment)
    with translation.override(language(document)):
        parts = {part.anchor: part for part in sections.sections(document, about, texts)}
        return typesetting.section(page(document, parts[anchor]), STATIC)


def page(
    document: Document, part: Section, about: Particulars | None = None, pages: Mapping[str, int] | None = None
) -> str:
    """Return a section as HTML to be set by itself; with `about`, it says all that a whole document says of itself."""
    context = {
        "document": document,
        "particulars": about,
        "title": part.title,
        "sections": [part.html(document, pages)],
    }
    return render_to_string("pdf/document.html", context | sections.running(document))


def particulars(assessment: Assessment) -> Particulars:
    """Return what the title page says of an assessment beside its snapshot."""
    return Particulars(
        issue=assessment.issue,
        document_number=assessment.document_number,
        meeting=assessment.meeting,
        meeting_date=assessment.meeting_date,
        consolidated_at=assessment.consolidated_at,
        sha256=assessment.snapshot_sha256,
    )


def language(document: Document) -> str:
    """Choose the document's language: the active one, unless the edition does not speak it but another of ours."""
    spoken = document.edition["languages"]
    active = translation.get_language() or settings.LANGUAGE_CODE
    ours = [code for code in spoken if code in dict(settings.LANGUAGES)]
    return active if active.split("-")[0] in spoken or not ours else ours[0]


class Press:
    """Sets what is not kept yet, in processes of their own, and keeps it; tells of each piece that is done."""

    def __init__(self, kept: Kept, report: Report):
        self.kept = kept
        self._report, self._done, self._steps, self._doing = report, 0, 1, _("Reading the data snapshot")
        report(self._doing, self._done, self._steps)
        self._waiting: dict[Future[bytes], Job] = {}
        self._pool = ProcessPoolExecutor(
            PROCESSES, get_context("spawn"), initializer=typesetting.begin, initargs=(STATIC,)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def set(self, jobs: Iterable[Job]) -> list[str]:
        """See to it that all the jobs are kept; return their keys."""
        keys = []
        for job in jobs:
            keys.append(job.key)
            if job.key in self.kept:
                self._done += 1
            else:
                self._waiting[self._pool.submit(job.by, job.html, STATIC, job.attachments)] = job
            self._collect(seconds=0)
        while self._waiting:
            self._collect(seconds=BEAT)
        return keys

    def expect(self, steps: int) -> None:
        """Say how many pieces there will be about."""
        self._steps = steps

    def say(self, doing: str) -> None:
        """Tell that a piece is done."""
        self._doing, self._done = Truncator(doing).chars(200), min(self._done + 1, self._steps - 1)
        self._report(self._doing, self._done, self._steps)

    def _collect(self, seconds: float) -> None:
        done, _waiting = wait(self._waiting, seconds, FIRST_COMPLETED)
        for future in done:
            job = self._waiting.pop(future)
            try:
                self.kept[job.key] = future.result()
            except BrokenProcessPool as error:
                raise PDFError(
                    _("A process that sets pages was ended from outside, perhaps for lack of memory.")
                ) from error
            self.say(job.title)
        if not done and seconds:
            self._report(self._doing, self._done, self._steps)


class _Paper:
    """An assessment on its way to be one document."""

    def __init__(
        self,
        document: Document,
        about: Particulars,
        parts: list[Section],
        attachments: Sequence[Attachment],
        press: Press,
    ):
        self._document, self._about, self._attachments, self._press = document, about, attachments, press
        self.parts = parts
        self._keys: dict[str, str] = {}
        self._looks: dict[str, Look] = {}

    def joined(self) -> bytes:
        """Set all sections, those that say on which page others begin once that is known, and join them."""
        self._press.expect(len(self.parts) + sum(part.cites for part in self.parts) + 3)
        # The longest first: countries are many and short, and leave no process alone with a long one at the end.
        self._set(sorted(self.parts, key=lambda part: part.depth), None)
        for _round in range(ROUNDS):
            pages = self._pages()
            self._set([part for part in self.parts if part.cites], pages)
            if self._pages() == pages:
                break
        self._press.say(_("Numbering the pages"))
        folios = self._press.set(self._folios())
        self._press.say(_("Joining the sections"))
        output = BytesIO()
        joining.join(
            (joining.Part(self._press.kept[self._keys[part.anchor]], part.depth) for part in self.parts),
            (self._press.kept[key] for key in folios),
            output,
        )
        return output.getvalue()

    def _set(self, parts: list[Section], pages: dict[str, int] | None) -> None:
        keys = self._press.set(self._job(part, pages) for part in parts)
        for part, key in zip(parts, keys, strict=True):
            self._keys[part.anchor] = key
            self._looks[part.anchor] = joining.look(self._press.kept[key])

    def _job(self, part: Section, pages: dict[str, int] | None) -> Job:
        """The first section carries what the document says of itself."""
        leads = part is self.parts[0]
        html = page(self._document, part, self._about if leads else None, pages)
        title = _("Setting: %s") % part.title if part.title else _("Setting the title page")
        return Job(title, html, self._attachments if leads else ())

    def _pages(self) -> dict[str, int]:
        """On which page each anchor stands."""
        return {
            anchor: start + page
            for part, start in zip(self.parts, self._starts(), strict=False)
            for anchor, page in self._looks[part.anchor].anchors.items()
        }

    def _starts(self) -> list[int]:
        """On which page each section begins, and which would be the next after the last."""
        return list(accumulate((self._looks[part.anchor].pages for part in self.parts), initial=1))

    def _folios(self) -> Iterator[Job]:
        """Jobs for the page numbers of all pages, each as its section has them."""
        starts = self._starts()
        numbered = [
            (page, part.template)
            for part, start, end in zip(self.parts, starts, starts[1:], strict=False)
            for page in range(start, end)
        ]
        for at in range(0, len(numbered), FOLIOS):
            context = {"numbered": numbered[at : at + FOLIOS], "pages": len(numbered)}
            html = render_to_string("pdf/folios.html", context | sections.running(self._document))
            yield Job(_("Numbering the pages"), html, by=typesetting.folios)


@cache
def _typesetter() -> str:
    """What sets the same HTML differently when it changes."""
    styles = b"".join((STATIC / name).read_bytes() for name in typesetting.STYLES)
    return f"{version('weasyprint')} {_sha256(styles)}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
