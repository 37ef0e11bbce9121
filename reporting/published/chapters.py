"""The chapters of a cycle's assessment as pages: what was written, and the figures of the area it is about."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reporting.document import narrative
from reporting.document.document import Document
from reporting.models import Assessment, PublishedArea, PublishedText
from reporting.published.cycle import AreaStrip, CyclePage
from reporting.published.indicator import Distribution
from reporting.published.rounds import Place


@dataclass(frozen=True)
class Chapter:
    """A chapter: the key of its text, and the area it is about, if it is about one."""

    key: str
    area: PublishedArea | None
    is_written: bool

    @property
    def slug(self) -> str:
        """What its address calls it."""
        return self.key.lower()

    @property
    def title(self) -> str:
        """Its title; that of an area is the area's."""
        return {"introduction": _("Introduction"), "summary": _("Summary")}.get(self.key, _("Conclusions"))


@dataclass(frozen=True)
class Opened:
    """A chapter with its text, its figures if it is about an area, and its neighbours."""

    chapter: Chapter
    source: str
    shown: SafeString
    strip: AreaStrip | None
    indicators: list[Distribution]
    previous: Chapter | None
    next: Chapter | None


def of_cycle(page: CyclePage) -> list[Chapter]:
    """Return the chapters in the order of the report: those written, and one for each area."""
    areas = [Chapter(f"area-{code}", area, f"area-{code}" in page.texts) for code, area in page.area_rows.items()]
    first = [Chapter(key, None, True) for key in ("introduction", "summary") if key in page.texts]
    last = [Chapter("conclusions", None, True)] if "conclusions" in page.texts else []
    return [*first, *areas, *last]


def read(page: CyclePage, slug: str, text_language: str) -> Opened | None:
    """Return a chapter by what its address calls it, in letters of either case; None if there is none.

    `text_language` are the HTML attributes of the edition's texts.
    """
    every = of_cycle(page)
    at = next((n for n, one in enumerate(every) if one.slug == slug.lower()), None)
    if at is None:
        return None
    chapter = every[at]
    source = ""
    shown = SafeString("")
    if chapter.is_written:
        source = PublishedText.objects.get(issue=page.issue, key=chapter.key).source
        document = Document(Assessment.objects.get(pk=page.issue.assessment_id).snapshot)
        shown = SafeString(narrative.pages(document, {chapter.key: source}, text_language)[chapter.key]["shown"])
    code = chapter.area.code if chapter.area else None
    return Opened(
        chapter=chapter,
        source=source,
        shown=shown,
        strip=next((one for one in page.areas if one.area.code == code), None),
        indicators=[Distribution(Place(page.issue, one.code), one) for one in page.indicators if one.area == code],
        previous=every[at - 1] if at else None,
        next=every[at + 1] if at + 1 < len(every) else None,
    )
