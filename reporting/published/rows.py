"""The rows of the explore page: each country's results through the cycles, and how they changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from reporting.document import numbers
from reporting.models import PublishedAnswer, PublishedCountry, PublishedIssue, PublishedResult
from reporting.published import changes
from reporting.published.exploring import Item, View
from reporting.published.glyphs import LEVEL, Given
from reporting.published.rounds import Place, Rounds
from reporting.results.scoring import Spread, spread
from scoreboard.models.people import Person
from scoreboard.text import alphabetical

Answers = Mapping[str, Given]  # of a country in a cycle, by indicator


@dataclass(frozen=True)
class Cell:
    """What a country has in a cycle: a percentage of an area, or an answer to an indicator.

    `kind` is "percent", "level", another kind of answer, "unanswered", "none" (it did not report), or "absent": the
    questionnaire of that cycle did not have the item.
    """

    issue: PublishedIssue
    kind: str
    percent: Fraction | None = None
    level: int | None = None
    scored: int = 0
    of: int = 0
    rung: int = 0
    rungs: int = 0
    broken: bool = False  # the wording was revised since the cycle before

    @property
    def css(self) -> str:
        """The classes that shade it."""
        if self.kind == "level":
            return f"rung-{self.rung} of-{self.rungs}"
        return f"rung-{min(3, int(self.percent // 25))} of-3" if self.percent is not None else f"tile-{self.kind}"


@dataclass(frozen=True)
class Change:
    """How a country changed between the last two cycles shown, over `n` indicators; None if it cannot be said.

    An area's is in percentage points, an indicator's in levels.
    """

    by: Fraction | None
    n: int = 0
    is_broken: bool = False

    @property
    def way(self) -> str:
        """The word that addresses have for it: rose, fell, or same; empty if it cannot be said."""
        return "" if self.by is None else "rose" if self.by > 0 else "fell" if self.by < 0 else "same"


@dataclass(frozen=True)
class Row:
    """A country and an item, with a cell for each cycle shown."""

    iso2: str
    name: str
    item: Item
    cells: Sequence[Cell]
    change: Change | None  # None with one cycle


@dataclass(frozen=True)
class Shown:
    """What a view shows: its rows, and those of the countries to compare, whatever the filters leave out."""

    rows: Sequence[Row]
    compared: Sequence[Row]

    @property
    def all(self) -> list[Row]:
        """The rows, and after them those that are only compared."""
        known = {(row.iso2, row.item.code) for row in self.rows}
        return [*self.rows, *(row for row in self.compared if (row.iso2, row.item.code) not in known)]


def read(view: View, reader: Person) -> Shown:
    """Return the rows of a view, filtered and sorted; countries follow each other by name, never by a value."""
    found, compared = [], []
    for item, table in zip(view.items, _tables(view, reader), strict=True):
        for one in view.known.countries.values():
            belongs, is_compared = _belongs(one, view), one.iso2 in view.compare
            if not belongs and not is_compared:
                continue
            cells, change = table.cells(one.iso2), table.change(one.iso2)
            if all(cell.kind in ("none", "absent") for cell in cells):
                continue
            row = Row(one.iso2, str(numbers.text(one.name)), item, cells, change)
            if is_compared:
                compared.append(row)
            if belongs and _passes(row, view):
                found.append(row)
    return Shown(_sorted(found, view), [] if view.sort == "cycle" else compared)


def _sorted(found: list[Row], view: View) -> list[Row]:
    order = {item.code: n for n, item in enumerate(view.items)}
    if view.sort in ("area", "indicator"):
        return sorted(found, key=lambda row: (order[row.item.code], alphabetical(row.name)))
    found.sort(key=lambda row: (alphabetical(row.name), order[row.item.code]))
    if view.sort != "cycle":
        return found
    return [
        Row(row.iso2, row.name, row.item, [cell], None)
        for n in reversed(range(len(view.issues)))
        for row in found
        for cell in [row.cells[n]]
        if cell.kind not in ("none", "absent")
    ]


def medians(view: View, found: Iterable[Row], item: Item) -> list[Spread | None]:
    """Return for each cycle shown the figures of an item over rows that are not sorted by cycle."""
    mine = [row for row in found if row.item == item]
    return [
        spread(percent for row in mine if (percent := row.cells[n].percent) is not None)
        for n in range(len(view.issues))
    ]


def area_change(given: Answers, before: Answers, same: Sequence[changes.Line]) -> Change:
    """Return how a country changed over the lines of `same` that have a level in both cycles."""
    both = [
        ((then.points, then.possible), (now.points, now.possible))
        for line in same
        if (now := given.get(line.indicator.code)) and (then := before.get(line.there or ""))
        if now.kind == then.kind == "level"
    ]
    return Change(changes.together(both), len(both))


class _Table:
    """An item in the cycles of a view."""

    def __init__(self, view: View, item: Item, places: Sequence[Place], world: "_World"):
        self.view, self.item, self.world = view, item, world
        codes = {place.issue.pk: (n, place) for n, place in enumerate(places)}
        self.places = [codes[issue.pk] for issue in view.issues]
        gaps = [(0, self.places[0][0]), *((first, last) for (first, _a), (last, _b) in pairwise(self.places))]
        self.broken = [any(place.broken for place in places[first + 1 : last + 1]) for first, last in gaps]
        self.broken[0] = False
        code = self.places[-1][1].code
        self.same = [one for one in world.same if one.indicator.area == code] if item.is_area else []

    def cells(self, iso2: str) -> list[Cell]:
        """Return what a country has in each of the cycles."""
        each = zip(self.places, self.broken, strict=True)
        return [self._cell(iso2, place, broken=broken) for (_n, place), broken in each]

    def _cell(self, iso2: str, place: Place, *, broken: bool) -> Cell:
        issue, code = place.issue, place.code
        if code is None:
            return Cell(issue, "absent")
        if iso2 not in self.world.reported[issue.pk]:
            return Cell(issue, "none", broken=broken)
        if self.item.is_area:
            result = self.world.results[issue.pk, iso2, code]
            percent = result.percent(self.view.known.rounds.basis)
            kind = "percent" if percent is not None else "unanswered"
            return Cell(issue, kind, percent, scored=result.scored, of=result.of, broken=broken)
        given = self.world.given(issue, iso2).get(code)
        if given is None or given.points is None:
            return Cell(issue, given.kind if given else "unanswered", broken=broken)
        return Cell(issue, given.kind, given.share, given.level, rung=given.points, rungs=given.possible, broken=broken)

    def change(self, iso2: str) -> Change | None:
        """Return how a country changed between the last two cycles; None with one."""
        if len(self.view.issues) < 2:
            return None
        then, now = self.view.issues[-2:]
        if self.item.is_area:
            return area_change(self.world.given(now, iso2), self.world.given(then, iso2), self.same)
        first, last = self.cells(iso2)[-2:]
        if self.broken[-1]:
            return Change(None, is_broken=True)
        if first.level is None or last.level is None:
            return Change(None)
        return Change(Fraction(last.level - first.level), 1)


class _World:
    """The rows of the read model that a view needs, read at once."""

    def __init__(self, view: View, reader: Person, places: Sequence[Sequence[Place]]):
        issues = list(view.issues)
        countries = PublishedCountry.objects.visible_to(reader).filter(issue__in=issues, reported=True)
        self.reported: dict[int, set[str]] = {one.pk: set() for one in issues}
        for issue, iso2 in countries.values_list("issue", "iso2"):
            self.reported[issue].add(iso2)
        self.results: dict[tuple[int, str, str], PublishedResult] = {}
        answers = PublishedAnswer.objects.visible_to(reader).filter(issue__in=issues)
        if any(item.is_area for item in view.items):
            codes = {place.code for each in places for place in each if place.code}
            results = PublishedResult.objects.visible_to(reader).filter(issue__in=issues, area__in=codes)
            self.results = {(one.issue_id, one.iso2, one.area): one for one in results}
            answers = answers.filter(issue__in=issues[-2:])  # for the change alone
        else:
            answers = answers.filter(indicator__in={place.code for each in places for place in each if place.code})
        self._given: dict[tuple[int, str], dict[str, Given]] = {}
        for issue, iso2, code, *row in answers.values_list("issue", "iso2", "indicator", *LEVEL):
            self._given.setdefault((issue, iso2), {})[code] = Given(*row)
        self.same: list[changes.Line] = []  # the indicators of the same wording in the last two cycles shown
        if len(issues) > 1 and self.results:
            lines = changes.lines(view.known.rounds, issues[-2], issues[-1])
            self.same = [one for one in lines if one.there and not one.relation]

    def given(self, issue: PublishedIssue, iso2: str) -> Answers:
        """Return the answers of a country by indicator."""
        return self._given.get((issue.pk, iso2), {})


def _tables(view: View, reader: Person) -> list[_Table]:
    rounds: Rounds = view.known.rounds
    places = [rounds.area(item.code) if item.is_area else rounds.indicator(item.code) for item in view.items]
    world = _World(view, reader, places)
    return [_Table(view, item, each, world) for item, each in zip(view.items, places, strict=True)]


def _belongs(country: PublishedCountry, view: View) -> bool:
    """Whether a country is in the sub-region and the group of a view, as of the latest cycle in which it reported."""
    if view.subregion and country.subregion != view.known.subregions[view.subregion]:
        return False
    groups: list[dict[str, Any]] = country.groups
    return not view.group or any(group["code"] == view.group for group in groups)


def _passes(row: Row, view: View) -> bool:
    """Whether a row passes the filters: by the answer of the last cycle shown, and by change."""
    last = row.cells[-1]
    if view.level and view.level != (str(last.level) if last.kind == "level" else last.kind):
        return False
    return not view.change or (row.change is not None and row.change.way == view.change)
