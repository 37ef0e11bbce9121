"""The PDF of an assessment: its sections typeset in processes of their own, cached for the next time, and joined."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from itertools import accumulate

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reporting.document import missing_glyphs, numbers
from reporting.document.document import Document
from reporting.models import Assessment
from reporting.pdf import country as country_pdf
from reporting.pdf import joining, sections, typesetting
from reporting.pdf.joining import Attachment, Look, Part
from reporting.pdf.processes import STATIC, Cache, Job, Pool, Report
from reporting.pdf.sections import Particulars, Section
from scoreboard.models import Cycle

Country = Callable[[str, bytes], None]  # an ISO code, and the country's own PDF
NotShown = Callable[[str, list[str]], None]  # the title of a section, and its texts that no font can show

NUMBERED_AT_ONCE = 100  # pages
ROUNDS = 4  # of typesetting the contents, until they take as many pages as before
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-dejavu-core"


def unavailable() -> str | None:
    """Return why PDFs cannot be made on this machine and how to fix it, or None if they can."""
    library = typesetting.missing()
    if library is None:
        return None
    return _(
        "PDFs are switched off, because the system library %(library)s is missing. Install it with this "
        "command, then start the portal and its worker again: %(command)s"
    ) % {"library": library, "command": f"apt-get install --no-install-recommends {PACKAGES}"}


def assessment_pdf(
    assessment: Assessment,
    *,
    report: Report,
    cache: Cache | None = None,
    attachments: Sequence[Attachment] = (),
    country: Country | None = None,
    not_shown: NotShown | None = None,
) -> bytes:
    """Return the assessment as a tagged PDF (PDF/UA-1); `report` is called with a sentence at each step.

    The same assessment gives the same bytes, whatever the clock says. Sections found in `cache` are not typeset
    again, new ones are put there at once. `country` is called with the ISO code and the own PDF of each country,
    `not_shown` with the title of each section that has texts which no font can show, and these. What `report` raises
    ends the work. Raises PDFError if the document asks for anything but the portal's own static files.
    """
    document, about = Document(assessment.snapshot), particulars(assessment)
    with translation.override(language(document)), Pool({} if cache is None else cache, report) as pool:
        parts = sections.sections(document, about, assessment.texts, assessment.replies)
        whole = _Whole(document, about, parts, pool)
        content = whole.joined(attachments, country)
    if not_shown:
        for part in parts:
            if texts := whole.not_shown.get(part.anchor):
                not_shown(part.title, texts)
    return content


def section_html(assessment: Assessment, anchor: str, texts: Mapping[str, str] | None = None) -> str:
    """Return one section with the text in `texts` as HTML to be typeset; raises KeyError if there is no such one."""
    document, about = Document(assessment.snapshot), particulars(assessment)
    with translation.override(language(document)):
        parts = {part.anchor: part for part in sections.sections(document, about, texts, assessment.replies)}
        return page(document, parts[anchor])


def section_pdf(assessment: Assessment, anchor: str, texts: Mapping[str, str] | None = None) -> bytes:
    """Return one section as `section_html` does, typeset as a PDF."""
    return typesetting.section(section_html(assessment, anchor, texts), STATIC)


def page(
    document: Document, part: Section, about: Particulars | None = None, pages: Mapping[str, int] | None = None
) -> str:
    """Return a section as HTML to be typeset by itself; with `about`, it carries the metadata of the whole document."""
    context = {
        "document": document,
        "particulars": about,
        "title": part.title,
        "sections": [part.html(document, pages)],
    }
    return missing_glyphs.marked(render_to_string("pdf/document.html", context | sections.running(document)))


def particulars(assessment: Assessment) -> Particulars:
    """Return what the title page says of an assessment and its snapshot does not."""
    return Particulars(
        issue=assessment.issue,
        document_number=assessment.document_number,
        meeting=assessment.meeting,
        meeting_date=assessment.meeting_date,
        consolidated_at=assessment.consolidated_at,
        sha256=assessment.snapshot_sha256,
        texts_sha256=assessment.texts_sha256,
        is_earlier_round=assessment.cycle.is_earlier_round,
        earlier_reports=_earlier_reports(assessment.cycle),
    )


def language(document: Document) -> str:
    """Choose the document's language: the active one, unless the edition does not speak it but another of ours."""
    spoken = document.edition["languages"]
    active = translation.get_language() or settings.LANGUAGE_CODE
    ours = [code for code in spoken if code in dict(settings.LANGUAGES)]
    return active if active.split("-")[0] in spoken or not ours else ours[0]


class _Whole:
    """What is known of the document while its sections are typeset."""

    def __init__(
        self,
        document: Document,
        about: Particulars,
        parts: list[Section],
        pool: Pool,
    ):
        self._document, self._about, self._pool = document, about, pool
        self.parts = parts
        self._keys: dict[str, str] = {}
        self._known: dict[str, Look] = {}
        self.not_shown: dict[str, list[str]] = {}  # by the anchor of a section: its texts that no font can show

    def joined(self, attachments: Sequence[Attachment], country: Country | None = None) -> bytes:
        """Typeset all sections, those that say on which page others begin once that is known, and join them."""
        self._pool.expect(len(self.parts) + 3)
        # The short ones last, so that no process is left alone with a long one at the end.
        plain = sorted((part for part in self.parts if not part.cites), key=lambda part: (part.is_short, part.depth))
        self._note(plain, self._pool.typeset(self._job(part) for part in plain))
        page_numbers = self._numbered()
        own = self._begin_countries() if country else []
        self._pool.step(_("Joining the sections"))
        whole = joining.join(Part(self._pool.cache[self._keys[part.anchor]], part.depth) for part in self.parts)
        joining.stamp_numbers(whole, (self._pool.cache[key] for key in page_numbers), after=self._known["cover"].pages)
        joining.attach(whole, attachments)
        if country:
            for iso2, content in own:
                country(iso2, self._pool.result(content))
        return joining.written(whole)

    def _begin_countries(self) -> list[tuple[str, Future[bytes]]]:
        """Begin each country's own PDF, from its section, a page about the region and its page numbers."""
        countries = self._document.reported
        profiles = self._pool.typeset(self._job(sections.profile(self._document, one)) for one in countries)
        contents = [
            [self._pool.cache[key] for key in (self._keys[f"country-{one.iso2}"], key)]
            for one, key in zip(countries, profiles, strict=True)
        ]
        pages = [sum(joining.look(content).pages for content in both) for both in contents]
        counts = sorted(set(pages))
        keys = self._pool.typeset(self._country_numbers(n) for n in counts)
        page_numbers = {n: self._pool.cache[key] for n, key in zip(counts, keys, strict=True)}
        return [
            (one.iso2, self._pool.submit(country_pdf.extract, self._about_country(one.name), both, page_numbers[n]))
            for one, both, n in zip(countries, contents, pages, strict=True)
        ]

    def _country_numbers(self, pages: int) -> Job:
        """The page numbers of a country's own PDF, which say of what issue it is a part."""
        issue = _("Issue %(issue)s") % {"issue": self._about.issue}
        return self._numbers_job(range(1, pages + 1), pages, issue)

    def _about_country(self, country: str) -> country_pdf.About:
        """What a country's own PDF says about itself."""
        document, about = self._document, self._about
        marks = sections.running(document)["running"]["mark"]
        cycle = numbers.text(document.cycle["title"])
        words = {"issue": about.issue, "sha256": about.sha256}
        subject = _("Issue %(issue)s, made from the data snapshot with the SHA-256 %(sha256)s") % words
        return country_pdf.About(
            title=_("%(country)s: %(cycle)s, consolidated assessment") % {"country": country, "cycle": cycle},
            subject=" · ".join(filter(None, [about.document_number, subject])),
            keywords=", ".join(filter(None, [document.cycle["code"], document.edition["code"], marks])),
            created=about.created,
        )

    def _numbered(self) -> list[str]:
        """Typeset what says on which page others begin, and the page numbers, whose keys are returned.

        Starts from how many pages that will likely take, and repeats it as long as it took another number.
        """
        citing = [part for part in self.parts if part.cites]
        self._known |= {part.anchor: Look(part.likely_pages, {part.anchor: 0}) for part in citing}
        for _round in range(ROUNDS):
            starts, pages = self._starts(), self._pages()
            keys = self._pool.typeset([*(self._job(part, pages) for part in citing), *self._number_jobs()])
            self._note(citing, keys[: len(citing)])
            if self._starts() == starts:
                break
        return self._pool.typeset(self._number_jobs())

    def _note(self, parts: list[Section], keys: list[str]) -> None:
        for part, key in zip(parts, keys, strict=True):
            self._keys[part.anchor] = key
            self._known[part.anchor] = joining.look(self._pool.cache[key])

    def _job(self, part: Section, pages: dict[str, int] | None = None) -> Job:
        """The first section carries what the document says of itself."""
        leads = part is self.parts[0]
        html = page(self._document, part, self._about if leads else None, pages)
        if texts := missing_glyphs.left_out(html):
            self.not_shown[part.anchor] = texts
        title = _("Setting: %s") % part.title if part.title else _("Setting the title page")
        return Job(title, html)

    def _pages(self) -> dict[str, int]:
        """On which page each anchor is."""
        return {
            anchor: start + page
            for part, start in zip(self.parts, self._starts(), strict=False)
            for anchor, page in self._known[part.anchor].anchors.items()
        }

    def _starts(self) -> list[int]:
        """On which page each section begins, and which would be the next after the last."""
        return list(accumulate((self._known[part.anchor].pages for part in self.parts), initial=1))

    def _number_jobs(self) -> Iterator[Job]:
        """Jobs for the numbers of all pages but the title page's."""
        pages = self._starts()[-1] - 1
        for at in range(self._known["cover"].pages + 1, pages + 1, NUMBERED_AT_ONCE):
            yield self._numbers_job(range(at, min(at + NUMBERED_AT_ONCE, pages + 1)), pages)

    def _numbers_job(self, numbered: Iterable[int], pages: int, issue: str = "") -> Job:
        context = {"numbered": numbered, "pages": pages, "issue": issue}
        html = render_to_string("pdf/page_numbers.html", context | sections.running(self._document))
        return Job(_("Numbering the pages"), html, by=typesetting.untagged)


def _earlier_reports(cycle: Cycle) -> tuple[str, ...]:
    """Return the titles of what was published at the time of an earlier round."""
    return tuple(report.title for report in cycle.earlier_reports.all()) if cycle.is_earlier_round else ()
