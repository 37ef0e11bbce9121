"""Change since earlier cycles, objectives, groups and totals of data tables, in words for pages and PDF."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.document import numbers
from reporting.document.document import Document
from reporting.document.parts import BASES, KINDS, Chapter, Participant, Tally
from reporting.results import breakdowns, since
from reporting.results.breakdowns import Total
from reporting.results.change import AreaChange, IndicatorChange
from reporting.results.compute import read_spread
from reporting.results.scoring import Basis, Spread
from scoreboard.text import alphabetical

Data = dict[str, Any]
Sum = tuple[str, Total, list[tuple[str, Total]]]  # of a column by its title, and of parts of it
CountryChange = tuple[Participant, list[tuple[str, tuple[Fraction, Fraction] | None]]]  # by area, then and now
Figures = tuple[Tally, str, list[Sum]]  # of a data form: its indicator, its title
RELATIONS = {
    "revised": gettext_lazy("reworded"),
    "split": gettext_lazy("split"),
    "new": gettext_lazy("new"),
    "same": gettext_lazy("not continued"),
}
TEXTS = {
    "reason": gettext_lazy("reason"),
    "comment": gettext_lazy("comment"),
    "figures": gettext_lazy("figures"),
    "confirmed": gettext_lazy("confirmation"),
}


@dataclass(frozen=True)
class ChangeSince:
    """What changed since one earlier cycle, with the names that a reader knows."""

    code: str
    cycle: str
    edition: str
    issue: int
    sha256: str
    countries: list[CountryChange]
    areas: list[tuple[Chapter, AreaChange]]
    indicators: list[tuple[Tally, IndicatorChange]]
    breaks: list[tuple[Tally, str]]

    @property
    def n(self) -> int:
        """How many countries count in both cycles."""
        return len(self.countries)

    @property
    def has_confirmations(self) -> bool:
        """Whether countries could confirm in this cycle their answers in that one."""
        return any(one.confirmed is not None for _tally, one in self.indicators)


@dataclass(frozen=True)
class Changed:
    """An answer that differs from the issue before: in words then and now, and which of its texts differ."""

    country: Participant
    tally: Tally
    then: str
    now: str
    texts: list[str]


@dataclass(frozen=True)
class NewBasis:
    """The issue of the cycle that was scored on another basis; both bases in words."""

    issue: int
    then: str
    now: str


@dataclass(frozen=True)
class Reissued:
    """What an issue changed since the one before it."""

    issue: int
    sha256: str
    added: list[Participant]
    gone: list[str]
    versions: list[tuple[Participant, int, int]]
    answers: list[Changed]
    percents: list[tuple[Participant, Chapter, Fraction | None, Fraction | None]]
    areas: list[tuple[Chapter, Spread | None, Spread | None]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the countries' answers changed."""
        return not (self.added or self.gone or self.versions or self.answers)


def since_earlier(document: Document, only: str = "") -> list[ChangeSince]:
    """Return what changed since each earlier cycle that the snapshot is compared with, or one, the latest first."""
    found = document.snapshot.get("changes", [])
    return [_change_since(document, data) for data in found if only in ("", data["cycle"]["code"])]


def since_issue(document: Document) -> Reissued | None:
    """Return what the issue changed since the one before it; None if it is the first."""
    data = document.snapshot.get("since_issue")
    if not data:
        return None
    named = {one.iso2: one for one in document.participants}
    order = {iso2: n for n, iso2 in enumerate(named)}  # countries are sorted by their names, not by their codes
    tallies = {tally.code: tally for tally in _tallies(document)}
    chapters = {chapter.code: chapter for chapter in document.chapters}
    basis = document.basis
    return Reissued(
        issue=data["issue"],
        sha256=data["snapshot_sha256"],
        added=[one for one in document.participants if one.iso2 in data["added"]],
        gone=sorted((named[iso2].name if iso2 in named else iso2 for iso2 in data["gone"]), key=alphabetical),
        versions=[(named[iso2], *data["versions"][iso2]) for iso2 in named if iso2 in data["versions"]],
        answers=[
            Changed(
                named[one["iso2"]],
                tallies[one["indicator"]],
                _in_words(one["then"]),
                _in_words(one["now"]),
                [str(TEXTS[name]) for name in one["texts"]],
            )
            for one in sorted(data["answers"], key=lambda one: order[one["iso2"]])
        ],
        percents=[
            (named[one["iso2"]], chapters[one["area"]], _exact(one[basis][0]), _exact(one[basis][1]))
            for one in sorted(data["percents"], key=lambda one: order[one["iso2"]])
            if one[basis][0] != one[basis][1]
        ],
        areas=[
            (chapters[one["area"]], read_spread(one[basis][0]), read_spread(one[basis][1]))
            for one in data["areas"]
            if one[basis][0] != one[basis][1]
        ],
    )


def new_basis(document: Document) -> NewBasis | None:
    """Return the issue that was scored on another basis: the one compared with, or else the one published last."""
    for data in (document.snapshot.get("since_issue"), document.snapshot.get("new_basis")):
        if data and data.get("basis"):
            said = (BASES[Basis(code)] for code in data["basis"])
            then, now = (f"{name} ({str(meaning).rstrip('.')})" for name, meaning in said)
            return NewBasis(data["issue"], then, now)
    return None


def lines_over_cycles(document: Document) -> dict[str, list[Spread | None]]:
    """Return by area the overall figures over the cycles, the earliest first, of the countries that are in all."""
    data = document.snapshot.get("over_cycles")
    if not data:  # older snapshots do not have it
        return {}
    return {code: [read_spread(one) for one in area[document.basis]] for code, area in data["areas"].items()}


def _change_since(document: Document, data: Data) -> ChangeSince:
    found = since.read_change(data, document.edition, document.basis)
    tallies = {tally.code: tally for tally in _tallies(document)}
    matched = set(found.countries)
    return ChangeSince(
        code=found.cycle["code"],
        cycle=str(numbers.text(found.cycle["title"])),
        edition=data["edition"],
        issue=data["issue"],
        sha256=data["snapshot_sha256"],
        countries=[
            (one, [(area.code, area.countries.get(one.iso2)) for area in found.areas])
            for one in document.reported
            if one.iso2 in matched
        ],
        areas=list(zip(document.chapters, found.areas, strict=True)),
        indicators=[(tallies[one.code], one) for one in found.indicators],
        breaks=[(tallies[one.code], str(RELATIONS[one.relation])) for one in found.breaks],
    )


def _in_words(chosen: Data | None) -> str:
    """An answer in a word."""
    if chosen and chosen["kind"] == "level":
        return _("level %(level)s") % {"level": chosen["level"]}
    return str(KINDS[chosen["kind"] if chosen else ""])


def _exact(percent: str | None) -> Fraction | None:
    return None if percent is None else Fraction(percent)


def objectives(document: Document) -> list[tuple[str, str, list[Tally], Spread | None]]:
    """Return the edition's objectives: code, title, its indicators, and the spread of the countries."""
    tallies = {tally.code: tally for tally in _tallies(document)}
    return [
        (one.code, str(numbers.text(one.title)), [tallies[code] for code in one.indicators], one.spread)
        for one in breakdowns.objectives(document.snapshot, document.basis)
    ]


def groups(document: Document) -> list[tuple[str, list[Participant], list[Spread | None]]]:
    """Return the membership groups and sub-regions by name: the countries counted, their spread in every area."""
    names: dict[str, str] = {}
    codes: dict[str, set[tuple[str, str]]] = {}
    for country in document.snapshot["countries"]:
        names |= {group["code"]: str(numbers.text(group["name"])) for group in country["groups"]}
        groups = {("group", group["code"]) for group in country["groups"]}
        codes[country["iso2"]] = groups | {("subregion", country["subregion"])}
    return [
        (
            names[key[1]] if key[0] == "group" else key[1],
            [one for one in document.reported if key in codes[one.iso2]],
            list(areas.values()),
        )
        for key, areas in breakdowns.spreads_by_group(document.snapshot, document.basis).items()
    ]


def figures(document: Document) -> list[Figures]:
    """Return each data form that holds numbers: its indicator and title, and per column of numbers the sum.

    Each sum comes with those of its parts: each year, and of each year the rows with "yes" in a column of the form,
    such as whether they are comparable.
    """
    found = []
    for indicator, tally in zip(_asked(document), _tallies(document), strict=True):
        if form := indicator.get("data_form"):
            sums = _sums(document, indicator["code"], form)
            if sums:
                found.append((tally, str(numbers.text(form["title"])), sums))
    return found


def sums(document: Document, code: str) -> Iterator[tuple[str, str, Total]]:
    """Yield the sums of an indicator's data form, each with its name and title: of all rows, then of each part.

    Where rows fill different columns, a name says which: `best+low+high`, and `best+` for that column alone.
    """
    form = next(one for one in _asked(document) if one["code"] == code).get("data_form")
    if not form:
        return
    mixed = _mixed(document, code)
    whole: tuple[str, Data | None] = ("", None)
    for said, of in [whole, *_parts(document, code, form)]:
        for one in breakdowns.totals(document.snapshot, code, of=of):
            column = one.column["code"]
            name = "+".join([column, *(one.also_filled or [""])]) if column in mixed else column
            title = _titled(form, one, mixed)
            yield " ".join(filter(None, (name, _named_part(of or {})))), " · ".join(filter(None, (title, said))), one


def _mixed(document: Document, code: str) -> set[str]:
    """The columns that have several sums, because rows fill different other columns."""
    columns = Counter(one.column["code"] for one in breakdowns.totals(document.snapshot, code))
    return {column for column, n in columns.items() if n > 1}


def _titled(form: Data, one: Total, mixed: set[str]) -> str:
    """What is summed, and where it matters over which rows."""
    title = str(numbers.text(one.column["title"]))
    if one.column["code"] not in mixed:
        return title
    if not one.also_filled:
        return _("%(column)s, of rows with this number alone") % {"column": title}
    titles = {column["code"]: str(numbers.text(column["title"])) for column in form["columns"]}
    others = ", ".join(titles[code] for code in one.also_filled)
    return _("%(column)s, of rows that also have: %(others)s") % {"column": title, "others": others}


def _sums(document: Document, code: str, form: Data) -> list[Sum]:
    parts = [
        (
            said,
            {
                (part.column["code"], part.also_filled): part
                for part in breakdowns.totals(document.snapshot, code, of=of)
            },
        )
        for said, of in _parts(document, code, form)
    ]
    mixed = _mixed(document, code)
    return [
        (
            _titled(form, one, mixed),
            one,
            [(said, among[key]) for said, among in parts if (key := (one.column["code"], one.also_filled)) in among],
        )
        for one in breakdowns.totals(document.snapshot, code)
    ]


def _parts(document: Document, code: str, form: Data) -> Iterator[tuple[str, Data]]:
    """What a form's rows fall into, in words, each with what the columns of its rows hold.

    Each year is a part, and within it the rows that say yes to something; such rows of different years make no sum.
    """
    columns = [column["code"] for column in form["columns"] if column["kind"] == "year"][:1]  # names need one alone
    years = [(column, breakdowns.column_values(document.snapshot, code, column)) for column in columns]
    for column, held in years:
        yield from ((str(year), {column: year}) for year in held if len(held) > 1)
    for column in form["columns"]:
        if column["kind"] == "yes_no":
            said, holds = str(numbers.text(column["title"])), {column["code"]: True}
            if not any(held for _column, held in years):  # no row names its year
                yield said, holds
            for year_column, held in years:
                yield from ((f"{said} · {year}", {**holds, year_column: year}) for year in held)


def _named_part(holds: Data) -> str:
    """What the name of a sum has behind its column: `2020`, `comparable`, `comparable 2020`."""
    return " ".join(column if value is True else str(value) for column, value in holds.items())


def _asked(document: Document) -> list[Data]:
    return [indicator for area in document.edition["areas"] for indicator in area["indicators"]]


def _tallies(document: Document) -> list[Tally]:
    return [tally for chapter in document.chapters for tally in chapter.tallies]
