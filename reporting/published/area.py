"""The page of an area: all countries in it over the published cycles, and its indicators in the latest one."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from reporting.charts import small
from reporting.models import PublishedAnswer, PublishedArea, PublishedIssue, PublishedResult
from reporting.published import changes, names
from reporting.published.changes import Change
from reporting.published.glyphs import LEVEL, Given
from reporting.published.indicator import Distribution
from reporting.published.names import Named, by_name
from reporting.published.rounds import Place, Rounds
from reporting.results.compute import read_spread
from reporting.results.scoring import Spread

Data = dict[str, Any]


@dataclass(frozen=True)
class AreaCycle:
    """An area in a cycle: the figures of all countries that count, None where it was not there as one area."""

    place: Place
    spread: Spread | None

    @property
    def issue(self) -> PublishedIssue:
        """The issue of the cycle."""
        return self.place.issue


@dataclass(frozen=True)
class Matched:
    """What changed since an earlier cycle over the matched set, as the issue published it.

    `indicators` of `of` are the same; `then` and `now` are of the countries with a percentage in both cycles.
    """

    cycle: str
    indicators: int
    of: int
    then: Spread
    now: Spread

    @property
    def n(self) -> int:
        """How many countries have a percentage in both cycles."""
        return self.now.n

    @property
    def by(self) -> Fraction:
        """By how many percentage points their mean changed."""
        return self.now.mean - self.then.mean


@dataclass(frozen=True)
class CountryRow:
    """A country's percentage in each cycle, and its change since the cycle before, where it reported in both."""

    country: Named
    percents: list[tuple[Place, Fraction | None]]
    change: Change | None


def matched(area: PublishedArea, basis: str, cycles: set[str]) -> Matched | None:
    """Return the change since the latest of the earlier `cycles` with which the issue compared the area."""
    for one in area.changes:
        then, now = (read_spread(one[basis][key]) for key in ("then", "now"))
        if one["cycle"] in cycles:
            return Matched(one["cycle"], one["matched"], one["of"], then, now) if then and now else None
    return None


class AreaPage:
    """An area of the latest issue of `rounds`."""

    def __init__(self, rounds: Rounds, code: str):
        self.rounds, self.code = rounds, code
        self.area: PublishedArea = rounds.areas[code]

    @property
    def latest(self) -> PublishedIssue:
        """The issue of the latest cycle."""
        return self.rounds.latest

    @cached_property
    def places(self) -> list[Place]:
        """The area in each cycle, the earliest first."""
        return self.rounds.area(self.code)

    @cached_property
    def cycles(self) -> list[AreaCycle]:
        """The figures of all countries in each cycle, on the basis of the latest one."""
        return [AreaCycle(one, read_spread(self.rounds.spreads.get((one.issue.pk, one.code)))) for one in self.places]

    @property
    def now(self) -> Spread | None:
        """The figures of all countries in the latest cycle."""
        return self.cycles[-1].spread

    @property
    def chart(self) -> str:
        """The median of all countries over the cycles."""
        medians = [one.spread.median if one.spread else None for one in self.cycles]
        return small.series(medians, [None] * len(medians), [bool(one.place.broken) for one in self.cycles])

    @property
    def strip(self) -> str:
        """The countries that are named, from 0 to 100, in the latest cycle; the band and the line are of all."""
        percents = [row.percents[-1][1] for row in self.rows]
        spread = self.now
        return small.strip(
            [one for one in percents if one is not None],
            (spread.lower_quartile, spread.upper_quartile) if spread else None,
            spread.median if spread else None,
        )

    @property
    def matched(self) -> Matched | None:
        """The change of all countries since the cycle before, over the matched set."""
        return matched(self.area, self.rounds.basis, {one.cycle_code for one in self.rounds.issues})

    @cached_property
    def previous(self) -> PublishedIssue | None:
        """The cycle before the latest one."""
        return self.rounds.issues[-2] if len(self.rounds.issues) > 1 else None

    @cached_property
    def rows(self) -> list[CountryRow]:
        """The countries that reported in any of the cycles, in alphabetical order."""
        codes = {one.issue.pk: one.code for one in self.places}
        results = PublishedResult.objects.filter(issue__in=codes, area__in={code for code in codes.values() if code})
        by_country = {(one.issue_id, one.iso2): one for one in results if codes[one.issue_id] == one.area}
        reported = names.reported(self.rounds.issues)
        latest = {iso2: one for issue in self.rounds.issues for iso2, one in reported[issue.pk].items()}
        found = []
        for country in sorted(latest.values(), key=by_name):
            iso2, percents = country.iso2, []
            for place in self.places:
                result = by_country.get((place.issue.pk, iso2))
                percents.append((place, result.percent(self.rounds.basis) if result else None))
            change = None
            if self.previous and iso2 in reported[self.previous.pk] and iso2 in reported[self.latest.pk]:
                answers = self._answers.get(iso2, {})
                change = changes.between(self._lines, self.previous, self.latest, answers)
            found.append(CountryRow(country, percents, change))
        return found

    @cached_property
    def _lines(self) -> list[changes.Line]:
        assert self.previous  # noqa: S101 - asked for only where there is one
        every = changes.lines(self.rounds, self.previous, self.latest)
        return [one for one in every if one.indicator.area == self.code]

    @cached_property
    def _answers(self) -> Mapping[str, dict[tuple[int, str], Given]]:
        """The levels of the last two cycles by country."""
        both = [one for one in (self.previous, self.latest) if one]
        codes = {code for line in self._lines for code in (line.indicator.code, line.there) if code}
        found: dict[str, dict[tuple[int, str], Given]] = {}
        rows = PublishedAnswer.objects.filter(issue__in=both, indicator__in=codes).order_by("pk")
        for iso2, issue, code, *row in rows.values_list("iso2", "issue", "indicator", *LEVEL):
            found.setdefault(iso2, {})[issue, code] = Given(*row)
        return found

    @property
    def rose(self) -> list[CountryRow]:
        """The countries whose compared indicators rose together since the cycle before."""
        return [one for one in self.rows if one.change and (one.change.by or 0) > 0]

    @property
    def fell(self) -> list[CountryRow]:
        """The countries whose compared indicators fell together since the cycle before."""
        return [one for one in self.rows if one.change and (one.change.by or 0) < 0]

    @property
    def level(self) -> list[CountryRow]:
        """The countries whose compared indicators changed by nothing together."""
        return [one for one in self.rows if one.change and one.change.by == 0]

    @property
    def indicators(self) -> list[Distribution]:
        """Its indicators as all countries answered them in the latest cycle."""
        every = self.rounds.indicators.values()
        return [Distribution(Place(self.latest, one.code), one) for one in every if one.area == self.code]

    @property
    def neighbours(self) -> tuple[PublishedArea | None, PublishedArea | None]:
        """The areas before and after it in the questionnaire."""
        every = list(self.rounds.areas.values())
        at = every.index(self.area)
        return (every[at - 1] if at else None), (every[at + 1] if at + 1 < len(every) else None)
