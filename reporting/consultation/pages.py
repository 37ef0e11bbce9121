"""What a country reads of a consulted build: its own answers and results, and the passages that it is shown.

Of other countries nothing is in it but figures of the whole, from five countries on, and passages that an officer
decided to show to all that they concern.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reporting.charts.svg import Chart
from reporting.consultation import finding
from reporting.document import captions, narrative
from reporting.document.document import Document
from reporting.document.parts import Chapter, Participant, Reply, Result, Statistic, statistics
from reporting.document.references import Item, Names
from reporting.document.richtext import Narrative
from reporting.models import ConsultedBuild, CountryComment, Passage
from reporting.results.scoring import Spread

FEWEST = 5  # countries of which a figure of the whole must be made: fewer would give single answers away
SHOWN = ("mean", "median", "lower_quartile", "upper_quartile")  # the extremes are figures of single countries


@dataclass(frozen=True)
class Group:
    """Figures of the countries together; without statistics where they are too few."""

    n: int
    statistics: list[Statistic]


@dataclass(frozen=True)
class OwnAnswer:
    """A country's answer to an indicator, beside the group's figures."""

    reply: Reply
    group: Group


@dataclass(frozen=True)
class OwnArea:
    """A country's result in an area beside the group's figures, and its answers."""

    code: str
    title: str
    result: Result
    group: Group
    answers: list[OwnAnswer]


@dataclass(frozen=True)
class OwnPassage:
    """A passage as a country reads it; `words` are the same without markup, to compare builds."""

    passage: Passage
    html: SafeString
    words: str


@dataclass(frozen=True)
class CountryPages:
    """Everything that a country reads of a build; without areas if it has not reported."""

    build: ConsultedBuild
    country: Participant
    others: int
    areas: list[OwnArea] = field(default_factory=list)
    profile: Chart | None = None
    passages: list[OwnPassage] = field(default_factory=list)

    @property
    def is_compared(self) -> bool:
        """Whether any area has figures of the whole that the country may see."""
        return any(area.group.statistics for area in self.areas)


class ReadersNames(Names):
    """The names of a document as one country reads them in a passage: nothing that gives other answers away."""

    def __init__(self, document: Document, readers: set[str]):
        super().__init__(document)
        self._readers = readers

    def find(self, name: str) -> Item:
        """Return what has this name; what is not for the readers is said to be left out."""
        item = super().find(name)
        # Good practice is public, whoever signed it.
        of_another = item.country and item.country not in self._readers and item.kind != "practice"
        of_too_few = item.over is not None and item.over < FEWEST
        if of_another or of_too_few or item.kind in ("table", "figure"):
            return replace(item, kind="hidden", value=_("[left out until it is published]"))
        return item


def read(build: ConsultedBuild, iso2: str) -> CountryPages:
    """Return what a country reads of a build; raise KeyError if it takes no part in the assessment."""
    document = Document(build.snapshot)
    country = {one.iso2: one for one in document.participants}[iso2]
    others = len(document.reported) - country.reported
    areas = document.replies(iso2) if country.reported else []
    return CountryPages(
        build=build,
        country=country,
        others=others,
        areas=[_area(chapter, result, replies) for chapter, result, replies in areas],
        profile=captions.profile([(_own(chapter, result), result, []) for chapter, result, _replies in areas])
        if areas
        else None,
        passages=_passages(build, document, iso2),
    )


def group(spread: Spread | None) -> Group:
    """Return the figures of the whole that a country may see."""
    n = spread.n if spread else 0
    return Group(n, [one for one in statistics(spread) if one.code in SHOWN] if n >= FEWEST else [])


def _area(chapter: Chapter, result: Result, replies: list[Reply]) -> OwnArea:
    answers = [OwnAnswer(reply, group(tally.spread)) for reply, tally in zip(replies, chapter.tallies, strict=True)]
    return OwnArea(chapter.code, chapter.title, result, group(chapter.spread), answers)


def _own(chapter: Chapter, result: Result) -> Chapter:
    """The chapter with the country's own mark alone, and the group's where it is shown."""
    spread = chapter.spread if chapter.n >= FEWEST else None
    return replace(chapter, results=[result], tallies=[], spread=spread)


def _passages(build: ConsultedBuild, document: Document, iso2: str) -> list[OwnPassage]:
    """The passages that the country is shown; one shown to several on purpose is shown to all of them as it is."""
    mine = [passage for passage in build.passages.all() if iso2 in passage.shown_to]
    return [shown(passage, ReadersNames(document, {*passage.shown_to})) for passage in mine]


def parts(pages: CountryPages) -> list[tuple[str, str]]:
    """Return what a country can comment on, with its title: areas and passages, as `commenting.comment` takes them."""
    areas = [
        (f"area-{area.code}", _("Area %(code)s: %(title)s") % {"code": area.code, "title": area.title})
        for area in pages.areas
    ]
    return [*areas, *((f"passage-{one.passage.position}", excerpt(one)) for one in pages.passages)]


def excerpt(one: OwnPassage) -> str:
    """Return the first words of a passage."""
    return _("Passage: “%s”") % Truncator(one.words).chars(90)


def about(comments: Iterable[CountryComment]) -> list[tuple[CountryComment, str]]:
    """Return comments with what each is about, in words; a passage as its country was shown it."""
    some = list(comments)
    wanted = {one.build_id for one in some if one.passage}
    documents = {pk: Document(one.snapshot) for pk, one in ConsultedBuild.objects.in_bulk(wanted).items()}
    return [(one, _part(one, documents)) for one in some]


def _part(comment: CountryComment, documents: Mapping[int, Document]) -> str:
    if comment.passage:
        names = ReadersNames(documents[comment.build_id], {*comment.passage.shown_to})
        return excerpt(shown(comment.passage, names))
    return _("Area %(code)s") % {"code": comment.area} if comment.area else _("The draft as a whole")


def shown(passage: Passage, names: Names) -> OwnPassage:
    """Return a passage as readers of `names` see it."""
    anchor = f"passage-{passage.position}"
    html = narrative.html(names, passage.text, anchor=anchor, medium=narrative.PAGE)
    words = Narrative(passage.text).words(lambda live: finding.in_the_text(finding.find(names, live), live))
    return OwnPassage(passage, html, words)
