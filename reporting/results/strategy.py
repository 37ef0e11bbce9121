"""A strategic plan read against results: objectives since the baseline, and an index of reported figures.

Pure and exact. The results are plain data for a snapshot, and for pages that are made from published rows; exact
fractions are text, sums are text too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reporting.results.breakdowns import indicators_of, of_objective, percent
from reporting.results.compute import exact_text, spread_data
from reporting.results.scoring import Basis, spread

Data = dict[str, Any]
Figures = Mapping[str, Sequence[Data]]  # ISO code → rows of the table of figures
FEWEST = 3  # countries that a point of the index has at least

# By country and year: the number, and whether it compares with the baseline.
Years = dict[str, dict[int, tuple[Decimal, bool]]]


@dataclass(frozen=True)
class Baseline:
    """What answers are compared with: an earlier cycle's edition and countries, and what is the same there."""

    cycle: Data
    edition: Data
    countries: Sequence[Data]
    lines: Mapping[str, str]  # code now → code then, of the indicators that are the same


@dataclass(frozen=True)
class Given:
    """What countries gave in the table of figures in a cycle; `withheld` are those whose figures must not be seen."""

    cycle: str
    figures: Figures
    withheld: Sequence[str] = ()


def objectives(plan: Data, edition: Data, countries: Sequence[Data], baseline: Baseline | None) -> list[Data]:
    """Return each objective of the plan with its indicators, all countries now, and the matched set then and now."""
    return [_objective(one, edition, countries, baseline) for one in plan["objectives"]]


def _objective(objective: Data, edition: Data, countries: Sequence[Data], baseline: Baseline | None) -> Data:
    asked = of_objective(edition, objective["code"])
    same = [one for one in asked if baseline and one["code"] in baseline.lines]
    return {
        **objective,
        "indicators": [one["code"] for one in asked],
        "same": [one["code"] for one in same],
        **{
            basis.value: {
                "all": spread_data(spread(_percents(countries, asked, basis).values())),
                **_matched(same, countries, baseline, basis),
            }
            for basis in Basis
        },
        "each": {one["code"]: _each(one, countries, baseline) for one in same} if baseline else {},
    }


def _percents(countries: Iterable[Data], indicators: Sequence[Data], basis: Basis) -> dict[str, Fraction]:
    """The countries' percentages over some indicators, of those that have one."""
    found = {country["iso2"]: percent(country, indicators, basis) for country in countries}
    return {iso2: one for iso2, one in found.items() if one is not None}


def _matched(same: Sequence[Data], countries: Sequence[Data], baseline: Baseline | None, basis: Basis) -> Data:
    """The countries that have a percentage over the same indicators in both cycles; None without a baseline."""
    if baseline is None:
        return {"countries": {}, "then": None, "now": None}
    known = indicators_of(baseline.edition)
    then = _percents(baseline.countries, [known[baseline.lines[one["code"]]] for one in same], basis)
    now = _percents(countries, same, basis)
    both = [iso2 for iso2 in now if iso2 in then]
    return {
        "countries": {iso2: [exact_text(then[iso2]), exact_text(now[iso2])] for iso2 in both},
        "then": spread_data(spread(then[iso2] for iso2 in both)),
        "now": spread_data(spread(now[iso2] for iso2 in both)),
    }


def _each(indicator: Data, countries: Sequence[Data], baseline: Baseline) -> Data:
    """The mean of one indicator then and now, over the countries that chose a level in both cycles."""
    before = indicators_of(baseline.edition)[baseline.lines[indicator["code"]]]
    then = _percents(baseline.countries, [before], Basis.ANSWERED)
    now = _percents(countries, [indicator], Basis.ANSWERED)
    both = [iso2 for iso2 in now if iso2 in then]
    first, last = spread(then[iso2] for iso2 in both), spread(now[iso2] for iso2 in both)
    return {
        "n": len(both),
        "then": exact_text(first.mean if first else None),
        "now": exact_text(last.mean if last else None),
    }


def index(plan: Data, given: Sequence[Given]) -> Data | None:
    """Return the index of the figures that countries gave in the cycles, the earliest first; None if the plan has none.

    A year that several cycles report has the rows of the latest of them. A country is in a year if each row of that
    year has a number and is said to be comparable, and each row of the baseline year has a number and is not said to be
    otherwise. `points` has each later year over all such countries, `line` one set of countries in all these years.
    """
    spec = plan["index"]
    if not spec:
        return None
    base = plan["baseline"]["year"]
    years = _years(spec, base, given)
    at_base = {iso2: some[base][0] for iso2, some in years.items() if base in some and some[base][1]}
    each = {
        year: {iso2: years[iso2][year][0] for iso2 in at_base if year in years[iso2] and years[iso2][year][1]}
        for year in sorted({year for some in years.values() for year in some if year > base})
    }
    enough = {year: found for year, found in each.items() if len(found) >= FEWEST}
    everywhere = set.intersection(*(set(found) for found in enough.values())) if enough else set()
    in_line = enough if len(everywhere) >= FEWEST else {}
    return {
        "baseline": {"year": base, "n": len(at_base)},
        "points": [_point(plan, year, found, at_base) for year, found in each.items()],
        "line": [
            _point(plan, year, {iso2: found[iso2] for iso2 in everywhere}, at_base) for year, found in in_line.items()
        ],
        "withheld": [{"cycle": one.cycle, "n": len(one.withheld)} for one in given if one.withheld],
    }


def target_in(plan: Data, year: int) -> Fraction:
    """Return where the straight line from 100 in the baseline year to the target is in a year; it ends there."""
    start, end = plan["baseline"]["year"], plan["target"]["year"]
    gone = Fraction(min(year, end) - start, end - start)
    return 100 - gone * (100 - Fraction(plan["target"]["percent"]))


def _years(spec: Data, base: int, given: Sequence[Given]) -> Years:
    rows: dict[str, dict[int, list[Data]]] = {}
    for one in given:
        for iso2, some in one.figures.items():
            mine: dict[int, list[Data]] = {}
            for row in some:
                if (year := row.get(spec["year"])) is not None:
                    mine.setdefault(int(year), []).append(row)
            rows.setdefault(iso2, {}).update(mine)
    return {
        iso2: {year: counted for year, some in by_year.items() if (counted := _counted(spec, some, year == base))}
        for iso2, by_year in rows.items()
    }


def _counted(spec: Data, rows: Sequence[Data], is_base: bool) -> tuple[Decimal, bool] | None:
    """The sum of the rows of a year, and whether all of them compare with the baseline; None if a number is missing."""
    if any(row.get(spec["number"]) is None for row in rows):
        return None
    column = spec["comparable"]
    said = [row.get(column) for row in rows]
    comparable = column is None or (
        all(one is not False for one in said) if is_base else all(one is True for one in said)
    )
    return sum((Decimal(str(row[spec["number"]])) for row in rows), Decimal()), comparable


def _point(plan: Data, year: int, found: Mapping[str, Decimal], at_base: Mapping[str, Decimal]) -> Data:
    """A year against the baseline over the same countries; without a value under `FEWEST` or from nothing."""
    then, now = sum((at_base[iso2] for iso2 in found), Decimal()), sum(found.values(), Decimal())
    shown = len(found) >= FEWEST
    return {
        "year": year,
        "n": len(found),
        "then": str(then) if shown else None,
        "now": str(now) if shown else None,
        "index": exact_text(100 * Fraction(now) / Fraction(then)) if shown and then else None,
        "target": exact_text(target_in(plan, year)),
    }
