"""What the PDF consists of: sections in order, each made of its own data only, so each can be typeset by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import count, groupby
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from reporting.document import captions, changes, commitments, narrative, numbers, strategy
from reporting.document.document import Document
from reporting.document.parts import Cell, Participant, Taken
from reporting.document.references import Names
from scoreboard.text import alphabetical

ROMAN = ("I", "II", "III", "IV")
WIDEST_MATRIX = 30  # columns that a landscape page holds
WIDEST_OVERVIEW, WIDEST_CHANGE = 5, 6  # areas that an upright page holds
MATRIX, NAMED_AREA = 223, 20  # millimetres: of all its columns, and of an area's to have room for its title
LONGEST_MATRIX = 22  # countries that it holds
SHORT = {"cover", "summary", "method", "objectives", "steps", "written"}  # kinds of section
TEMPLATES = {  # and the kinds that each prints
    "assessment_opening": ("cover", "contents", "reissued", "written", "summary", "method", "participation"),
    "assessment_results": ("chapter", "change", "steps", "objectives"),
    "assessment_annexes": ("matrix", "countries", "country", "profile", "questionnaire", "replies"),
}
PAGE = 239  # millimetres of text on an upright page


@dataclass(frozen=True)
class Particulars:
    """What the title page says and the snapshot does not."""

    issue: int
    document_number: str
    meeting: str
    meeting_date: date | None
    consolidated_at: datetime
    sha256: str
    texts_sha256: str = ""
    is_earlier_round: bool = False
    earlier_reports: tuple[str, ...] = ()  # the titles of what was published at the time

    @property
    def created(self) -> str:
        """When the document came to be, whatever clock and time zone it is made in."""
        return self.consolidated_at.astimezone(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Entry:
    """A line of the contents, linked to its anchor."""

    anchor: str
    number: str
    title: str


@dataclass(frozen=True)
class Section:
    """A part of the document that begins on a new page, and can be typeset without the others."""

    anchor: str
    kind: str  # one of TEMPLATES
    number: str = ""
    title: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    depth: int = 1  # of its heading
    cites: bool = False  # whether it says on which page others begin
    height: float = 0  # in millimetres, about; of what cites, which is typeset when the pages of all are known

    @property
    def is_short(self) -> bool:
        """Whether it takes a page or two, however many countries there are."""
        return self.kind in SHORT

    @property
    def likely_pages(self) -> int:
        """How many pages it will take, guessed: if that is right, what cites is typeset only once."""
        return max(1, ceil(self.height / PAGE))

    def html(self, document: Document, pages: Mapping[str, int] | None = None) -> str:
        """Return the section as HTML; what it shows is in `context` and `document`, nothing is fetched.

        `pages` says on which page each anchor is; while they are not known, placeholders are printed.
        """
        context = {**self.context, "section": self, "document": document, "pages": pages or {}}
        template = next(name for name, kinds in TEMPLATES.items() if self.kind in kinds)
        return render_to_string(f"pdf/{template}.html", {**context, **running(document)})


def running(document: Document) -> dict[str, Any]:
    """Return what is printed at the head and foot of every page, and the language."""
    marks = [_("Invented example data")] if document.is_example else []
    marks += [_("Provisional wording")] if document.is_provisional else []
    title = f"{_('Consolidated assessment')} · {numbers.text(document.cycle['title'])}"
    return {
        "running": {"title": title, "mark": " · ".join(marks)},
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
    }


def sections(
    document: Document,
    particulars: Particulars,
    texts: Mapping[str, str] | None = None,
    replies: Sequence[Mapping[str, Any]] = (),
) -> list[Section]:
    """Return the sections of the whole document, the contents filled from all the others.

    `texts` are what is written, by the anchor of the section that it belongs to, `replies` what countries said of the
    draft and let print (`Assessment.replies`).
    """
    taken = document.taken(particulars.consolidated_at)
    body = [*_with_texts(document, _chapters(document, taken), texts or {}), *_annexes(document), *_replies(replies)]
    return [
        Section("cover", "cover", context=_cover(document, particulars)),
        Section(
            "contents", "contents", title=_("Contents"), context={"sections": body}, cites=True, height=_height(body)
        ),
        *body,
    ]


def _with_texts(document: Document, parts: Iterator[Section], texts: Mapping[str, str]) -> Iterator[Section]:
    """The chapters, with introduction and conclusions first and last; numbered, each with its text."""
    names = Names(document)
    first = Section("introduction", "written", title=_("Introduction"))
    last = Section("conclusions", "written", title=_("Conclusions"))
    whole = [first] * (first.anchor in texts) + [*parts] + [last] * (last.anchor in texts)
    for n, part in enumerate(whole, start=1):
        text = texts.get(part.anchor, "")
        shown = narrative.html(names, text, anchor=part.anchor, medium=narrative.PDF) if text else ""
        context = {**part.context, "narrative": shown, "direction_of_text": numbers.direction(text)}
        yield replace(part, number=str(n), context=context)


def _height(body: list[Section]) -> float:
    """About how high the contents are: a line or two for each section, entries in two columns if they are many."""
    listed = [part for part in body if part.number]
    lines = sum(1 + len(part.title) // 75 for part in listed)
    entries = sum(len(part.entries) / (2 if len(part.entries) > 12 else 1) for part in listed)
    return 30 + 3 * len(listed) + 5.2 * lines + 4.8 * entries


def _cover(document: Document, particulars: Particulars) -> dict[str, Any]:
    # Naive on purpose: a template would turn an aware moment into the server's time zone.
    moment = particulars.consolidated_at.astimezone(ZoneInfo(document.cycle["time_zone"])).replace(tzinfo=None)
    return {"particulars": particulars, "moment": moment, "new_basis": changes.new_basis(document)}


def _chapters(document: Document, taken: Taken) -> Iterator[Section]:
    """Figures and tables are numbered through these sections; the annexes and what is written have titles alone."""
    areas = document.chapters
    if reissued := changes.since_issue(document):
        title = _("What changed since issue %(issue)s") % {"issue": reissued.issue}
        context: dict[str, Any] = {"reissued": reissued, "new_basis": changes.new_basis(document)}
        yield Section("reissued", "reissued", title=title, context=context)
    yield Section("summary", "summary", title=_("Summary"), context={"charts": captions.spreads_by_page(document)})
    yield Section("method", "method", title=_("Mandate, tool and scoring"))
    yield Section("participation", "participation", title=_("Participation"), context={"taken": taken})
    for n, chapter in enumerate(areas):
        context = {
            "chapter": chapter,
            "percentages": captions.percentages_by_page(chapter),
            "distributions": captions.distributions_by_page(chapter),
            "figure": 2 + 2 * n,
            "table": 3 + bool(document.groups) + n,
        }
        title = _("Area %(code)s: %(title)s") % {"code": chapter.code, "title": chapter.title}
        yield Section(f"area-{chapter.code}", "chapter", title=title, context=context)
    yield from _further(document, count(2 + 2 * len(areas)), count(3 + bool(document.groups) + len(areas)))


def _further(document: Document, figures: Iterator[int], tables: Iterator[int]) -> Iterator[Section]:
    """What follows the areas, as far as the snapshot has it; figures and tables are numbered on."""
    since = changes.since_earlier(document)
    if since:
        context = {
            "figure": next(figures),
            "multiples": captions.multiples_by_page(document, since),
            "cycles": [_change(one, figures, tables, in_detail=one is since[0]) for one in since],
        }
        yield Section("change", "change", title=_("Change since earlier cycles"), context=context)
    counted = commitments.counts(document.snapshot.get("commitments", {}), document.edition["areas"])
    if counted:
        by_area = (next(tables), _("Steps of earlier cycles by area"), _("Area"), counted.areas)
        by_region = (next(tables), _("Steps of earlier cycles by sub-region"), _("Sub-region"), counted.regions)
        context = {"counts": counted, "steps_tables": [by_area, by_region]}
        yield Section("steps", "steps", title=_("Steps promised in earlier cycles"), context=context)
    if objectives := changes.objectives(document):
        context = {"objectives": objectives, "table": next(tables), "strategy": strategy.of(document)}
        context |= {"since_table": next(tables), "index_table": next(tables), "figure": next(figures)}
        yield Section("objectives", "objectives", title=_("Strategic objectives"), context=context)


def _change(
    since: changes.ChangeSince, figures: Iterator[int], tables: Iterator[int], *, in_detail: bool
) -> dict[str, Any]:
    """The part on one earlier cycle; an arrow for each country only where it is shown in detail."""
    return {
        "since": since,
        "tables": [next(tables) if shown else None for shown in (since.areas, since.indicators, since.countries)],
        "arrows": (next(figures), captions.arrows_by_page(since)),
        "parts": _change_parts(since),
        "by_area": [
            (next(figures), chapter, captions.country_arrows_by_page(since, n))
            for n, (chapter, area) in enumerate(since.areas)
            if in_detail and area.n
        ],
    }


def _change_parts(since: changes.ChangeSince) -> list[dict[str, Any]]:
    """The table of the countries' change in parts that fit a page: each with some areas, and a row for each country."""
    return [
        {
            "areas": [since.areas[n] for n in some],
            "rows": [(country, [pairs[n] for n in some]) for country, pairs in since.countries],
        }
        for some in captions.split(range(len(since.areas)), WIDEST_CHANGE)
    ]


def _overview(document: Document) -> list[dict[str, Any]]:
    """The table of percentages in parts that fit a page: each with some areas, and a row for each country."""
    return [
        {
            "chapters": [document.chapters[n] for n in some],
            "rows": [(country, [results[n] for n in some]) for country, results in document.overview],
        }
        for some in captions.split(range(len(document.chapters)), WIDEST_OVERVIEW)
    ]


def _annexes(document: Document) -> Iterator[Section]:
    annexes = [_("Annex %(number)s") % {"number": number} for number in ROMAN]
    yield from _matrices(document, annexes[0], _("Answers by country and indicator"))
    countries = document.reported
    yield Section(
        "countries",
        "countries",
        annexes[1],
        _("Country by country"),
        {"charts": captions.profiles(document), "parts": _overview(document)},
        entries=[Entry(f"country-{country.iso2}", "", country.name) for country in countries],
    )
    for country in countries:
        # Its own answers alone: a region's figures move with every country's, and would have all of them typeset again.
        earlier, promised = commitments.of_country(document.snapshot.get("commitments", {}), country.iso2)
        context = {"country": country, "replies": partial(document.replies, country.iso2)}
        context |= {"earlier_steps": earlier, "promised_steps": promised}
        yield Section(f"country-{country.iso2}", "country", title=country.name, context=context, depth=2)
    yield Section(
        "questionnaire",
        "questionnaire",
        annexes[2],
        _("The questionnaire"),
        entries=[
            Entry(f"questions-{area['code']}", area["code"], str(numbers.text(area["title"])))
            for area in document.questionnaire
        ],
    )


def _replies(replies: Sequence[Mapping[str, Any]]) -> Iterator[Section]:
    """The annex of what countries said of the draft, by country; none without replies."""
    if not replies:
        return
    named = [{**one, "name": str(numbers.text(one["country"]))} for one in replies]
    by_name = sorted(named, key=lambda one: alphabetical(one["name"]))
    countries = [(name, list(some)) for name, some in groupby(by_name, key=lambda one: one["name"])]
    number = _("Annex %(number)s") % {"number": ROMAN[3]}
    yield Section("replies", "replies", number, _("Replies of countries to the draft"), {"countries": countries})


def profile(document: Document, country: Participant) -> Section:
    """Return what a country's own document has besides the country's section: its percentages and the region's."""
    replies = document.replies(country.iso2)
    context = {"country": country, "replies": replies, "charts": [captions.profile(replies)]}
    return Section(f"profile-{country.iso2}", "profile", title=country.name, context=context, depth=2)


def _matrices(document: Document, number: str, title: str) -> Iterator[Section]:
    """The matrix, a section for the countries of a page: a changed answer leaves the others as they are."""
    rows = document.matrix()
    blocks = max(1, ceil(len(rows) / LONGEST_MATRIX))
    size = ceil(len(rows) / blocks)
    for n in range(blocks):
        block = rows[n * size : (n + 1) * size]
        context = {"parts": _matrix(document, block), "block": n + 1, "blocks": blocks}
        if n == 0:
            yield Section("matrix", "matrix", number, title, context)
        else:
            yield Section(f"matrix-{n + 1}", "matrix", title=f"{number} · {title}", context=context)


def _matrix(document: Document, rows: list[tuple[Participant, list[Cell]]]) -> list[dict[str, Any]]:
    """The matrix in parts that fit a page: areas stay whole unless one alone is wider than a page."""
    columns = [
        (area["code"], indicator["label"]) for area in document.questionnaire for indicator in area["indicators"]
    ]
    parts = []
    for start, end in _spans([code for code, _label in columns]):
        parts.append(
            {
                "areas": _areas(document, columns[start:end]),
                "labels": [label for _code, label in columns[start:end]],
                "rows": [(country, cells[start:end]) for country, cells in rows],
            }
        )
    return parts


def _spans(codes: list[str]) -> Iterator[tuple[int, int]]:
    """Yield from where to where each part goes, cut between two areas where that leaves it narrow enough."""
    start = 0
    while start < len(codes):
        end = min(start + WIDEST_MATRIX, len(codes))
        cut = end
        while cut < len(codes) and cut > start and codes[cut - 1] == codes[cut]:
            cut -= 1
        end = cut if cut > start else end
        yield start, end
        start = end


def _areas(document: Document, columns: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The headers over a part's columns: each area with how many columns it spans."""
    codes = [code for code, _label in columns]
    wide = MATRIX / len(columns)
    return [
        {"code": chapter.code, "title": chapter.title if span * wide >= NAMED_AREA else "", "span": span}
        for chapter in document.chapters
        if (span := codes.count(chapter.code))
    ]
