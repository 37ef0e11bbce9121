"""The figures of an assessment reckoned once more by plain arithmetic from what a test drew; no code is shared.

Results and changes come in the shape of the JSON file, so that they can be compared whole.
"""

import statistics
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reporting.drawing import NAMES, Drawn

STATISTICS = ("mean", "median", "lower_quartile", "upper_quartile", "lowest", "highest")
BASES = ("answered", "strict")
WITHOUT = ("not_applicable", "unknown", None)  # a level

Numbers = dict[str, Any]


def half_up(value: Fraction | None, none: str = "–") -> str:
    """Return one decimal, half up (away from zero), by whole numbers only."""
    if value is None:
        return none
    size = abs(value)
    tenths = (20 * size.numerator + size.denominator) // (2 * size.denominator)
    return f"{'−' if value < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


def signed(value: Fraction | None, none: str = "–") -> str:
    """Return a change with its sign."""
    said = half_up(value, none)
    return f"+{said}" if value and value > 0 and said != "0.0" else said


def points(drawn: Drawn, iso2: str, codes: Iterable[str], strict: bool) -> tuple[int, int]:
    """Return a country's points and its possible points over some indicators."""
    got = possible = 0
    for code in codes:
        said, ladder = drawn.sheets[iso2][code], drawn.ladder(code)
        if isinstance(said, int):
            got += ladder.index(said)
        if isinstance(said, int) or (strict and said != "not_applicable"):
            possible += len(ladder) - 1
    return got, possible


def percent(drawn: Drawn, iso2: str, codes: Iterable[str], strict: bool) -> Fraction | None:
    """Return points as a percentage of the possible ones; None where nothing counts."""
    got, possible = points(drawn, iso2, codes, strict)
    return Fraction(got, possible) * 100 if possible else None


def lies(values: Iterable[Fraction | None]) -> Numbers | None:
    """Return n, mean, median, inclusive quartiles and extremes of the values that are there."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    quartiles = statistics.quantiles(known, n=4, method="inclusive") if len(known) > 1 else known * 3
    found = (statistics.mean(known), statistics.median(known), quartiles[0], quartiles[2], known[0], known[-1])
    return {"n": len(known)} | dict(zip(STATISTICS, map(Fraction, found), strict=True))


def shares(drawn: Drawn, code: str) -> dict[str, Fraction]:
    """Return, by country that chose a level, how high it stands on its ladder in percent."""
    ladder = drawn.ladder(code)
    said = {iso2: sheet[code] for iso2, sheet in drawn.sheets.items()}
    return {
        iso2: Fraction(100 * ladder.index(level), len(ladder) - 1)
        for iso2, level in said.items()
        if isinstance(level, int)
    }


def results(drawn: Drawn) -> Numbers:
    """Return the results of a cycle."""
    areas = {area["code"]: drawn.codes(area["code"]) for area in drawn.edition["areas"]}
    return {
        "countries": {
            iso2: {area: _score(drawn, iso2, codes) for area, codes in areas.items()} for iso2 in drawn.sheets
        },
        "areas": {
            area: {
                basis: exact(lies(percent(drawn, iso2, codes, basis == "strict") for iso2 in drawn.sheets))
                for basis in BASES
            }
            for area, codes in areas.items()
        },
        "indicators": {code: _tally(drawn, code) for code in drawn.indicators},
    }


def change(now: Drawn, then: Drawn, *, successive: bool) -> Numbers:
    """Return what changed between two cycles, on the matched set and on all."""
    lines = followed(now, then)
    both = [iso2 for iso2 in NAMES if iso2 in now.sheets and iso2 in then.sheets]
    return {
        "countries": sorted(both),
        "areas": {area["code"]: _area(now, then, area["code"], lines, both) for area in now.edition["areas"]},
        "indicators": {code: _indicator(now, then, code, lines[code], successive) for code in lines},
        "breaks": {code: one["relation"] for code, one in now.indicators.items() if code not in lines},
    }


def followed(now: Drawn, then: Drawn) -> dict[str, str]:
    """Return the indicators that are the same as before, with what they were called then."""
    if now.edition["code"] == then.edition["code"]:
        return {code: code for code in now.indicators}
    return {code: one["from"][0] for code, one in now.indicators.items() if one["relation"] == "same"}


def came_from(now: Drawn, then: Drawn, area: str) -> str | None:
    """Return the area of the earlier edition that an area comes from; None if it is new or put together."""
    if now.edition["code"] == then.edition["code"]:
        return area
    [here] = [one for one in now.edition["areas"] if one["code"] == area]
    if "from" in here:
        return here["from"][0] if len(here["from"]) == 1 else None
    stood = {one["code"]: old["code"] for old in then.edition["areas"] for one in old["indicators"]}
    origins = {stood[source] for one in here["indicators"] for source in one.get("from", [])}
    return area if origins == {area} else None


def everyone(now: Drawn, cycle: Drawn, area: str, strict: bool) -> Numbers | None:
    """Return the overall figures of all countries in a cycle, in what an area of now was called there."""
    there = came_from(now, cycle, area)
    if there is None:
        return None
    return lies(percent(cycle, iso2, cycle.codes(there), strict) for iso2 in cycle.sheets)


def series(cycles: list[Drawn]) -> Numbers:
    """Return the overall figures over the cycles as the JSON has them."""
    now, areas = cycles[-1], {}
    lines = [followed(now, one) for one in cycles]
    for area in (one["code"] for one in now.edition["areas"]):
        codes = now.codes(area)
        areas[area] = {"matched": sum(all(code in line for line in lines) for code in codes), "of": len(codes)}
        areas[area] |= {basis: [exact(one) for one in over_cycles(cycles, area, basis == "strict")] for basis in BASES}
    return {"cycles": [one.code for one in cycles], "areas": areas}


def over_cycles(cycles: list[Drawn], area: str, strict: bool) -> list[Numbers | None]:
    """Return the overall figures of each cycle, the last being now, for the countries and indicators of all."""
    now = cycles[-1]
    lines = [followed(now, one) for one in cycles]
    codes = [code for code in now.codes(area) if all(code in line for line in lines)]
    found = []
    for one, line in zip(cycles, lines, strict=True):
        shares = {iso2: percent(one, iso2, [line[code] for code in codes], strict) for iso2 in one.sheets}
        found.append({iso2: share for iso2, share in shares.items() if share is not None})
    of_all = [iso2 for iso2 in NAMES if all(iso2 in shares for shares in found)]
    return [lies(shares[iso2] for iso2 in of_all) for shares in found]


def pairs(now: Drawn, then: Drawn, area: str, strict: bool) -> dict[str, tuple[Fraction, Fraction]]:
    """Return the matched countries' percentages in an area, then and now."""
    lines = followed(now, then)
    here = [code for code in now.codes(area) if code in lines]
    found = {}
    for iso2 in set(now.sheets) & set(then.sheets):
        before = percent(then, iso2, [lines[code] for code in here], strict)
        after = percent(now, iso2, here, strict)
        if before is not None and after is not None:
            found[iso2] = (before, after)
    return found


def sums(drawn: Drawn, column: str, **holds: Any) -> tuple[Decimal, int, int]:
    """Return the sum of a column of the data form, over how many rows and countries; public ones that hold this."""
    given = [
        (iso2, Decimal(str(row[column])))
        for iso2, rows in drawn.rows.items()
        for row in rows
        if iso2 not in drawn.withheld and column in row and all(row.get(key) == value for key, value in holds.items())
    ]
    return sum((value for _iso2, value in given), Decimal()), len(given), len({iso2 for iso2, _value in given})


def exact(found: Numbers | None) -> Numbers | None:
    """Return fractions as the JSON has them: as text."""
    return found and {key: value if key == "n" else str(value) for key, value in found.items()}


def _score(drawn: Drawn, iso2: str, codes: list[str]) -> Numbers:
    scored = sum(isinstance(drawn.sheets[iso2][code], int) for code in codes)
    found: Numbers = {"scored": scored, "of": len(codes)}
    for basis in BASES:
        got, possible = points(drawn, iso2, codes, basis == "strict")
        share = percent(drawn, iso2, codes, basis == "strict")
        found[basis] = {"points": got, "possible": possible, "percent": None if share is None else str(share)}
    return found


def _tally(drawn: Drawn, code: str) -> Numbers:
    said = [sheet[code] for sheet in drawn.sheets.values()]
    return {
        "distribution": {
            str(level): sum(type(one) is int and one == level for one in said) for level in drawn.ladder(code)
        },
        "not_applicable": said.count("not_applicable"),
        "unknown": said.count("unknown"),
        "unanswered": said.count(None),
        "percent": exact(lies(shares(drawn, code).values())),
    }


def _area(now: Drawn, then: Drawn, area: str, lines: dict[str, str], both: list[str]) -> Numbers:
    found: Numbers = {"matched": sum(code in lines for code in now.codes(area)), "of": len(now.codes(area))}
    for basis in BASES:
        strict = basis == "strict"
        matched = pairs(now, then, area, strict)
        found[basis] = {
            "countries": {iso2: [str(before), str(after)] for iso2, (before, after) in matched.items()},
            "then": exact(lies(before for before, _after in matched.values())),
            "now": exact(lies(after for _before, after in matched.values())),
            "all_then": exact(everyone(now, then, area, strict)),
            "all_now": exact(lies(percent(now, iso2, now.codes(area), strict) for iso2 in now.sheets)),
        }
    return found


def _indicator(now: Drawn, then: Drawn, code: str, before: str, successive: bool) -> Numbers:
    after, first = shares(now, code), shares(then, before)
    chose = sorted(set(after) & set(first))
    means = [lies(those[iso2] for iso2 in chose) for those in (first, after)]
    return {
        "n": len(chose),
        "up": sum(after[iso2] > first[iso2] for iso2 in chose),
        "down": sum(after[iso2] < first[iso2] for iso2 in chose),
        "confirmed": sum((iso2, code) in now.confirmed and after[iso2] == first[iso2] for iso2 in chose)
        if successive
        else None,
        "then": means[0] and str(means[0]["mean"]),
        "now": means[1] and str(means[1]["mean"]),
    }
