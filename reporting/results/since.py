"""Comparisons in a snapshot, computed once when it is taken and read by pages, PDF and files.

Two kinds: change since an earlier cycle, and what an issue changed since the issue before it. Plain data, exact
fractions as text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from reporting.results import change
from reporting.results.change import AreaChange, Break, CycleChange, Editions, IndicatorChange
from reporting.results.compute import exact_text, read_spread, spread_data
from reporting.results.scoring import Basis, spread

Data = dict[str, Any]
TEXTS = {  # what of an answer can differ other than its level: by name, the fields of the snapshot
    "reason": ("reason",),
    "comment": ("comment", "withheld"),
    "figures": ("figures", "figures_withheld"),
    "confirmed": ("confirmed",),
}


def since_cycle(then: Data, now: Data, editions: Editions, *, successive: bool) -> Data:
    """Return what changed since an earlier cycle, as `change.compare_cycles` computes it, on both bases."""
    by_basis = {basis: change.compare_cycles(then, now, editions, basis, successive=successive) for basis in Basis}
    either = by_basis[Basis.ANSWERED]
    return {
        "cycle": {key: then["cycle"][key] for key in ("code", "title", "opens")},
        "edition": then["edition"]["code"],
        "countries": either.countries,
        "areas": {
            area.code: {
                "matched": area.matched,
                "of": area.of,
                **{basis.value: _area(found.areas[n]) for basis, found in by_basis.items()},
            }
            for n, area in enumerate(either.areas)
        },
        "indicators": {
            one.code: {
                **{key: getattr(one, key) for key in ("n", "up", "down", "confirmed")},
                "then": exact_text(one.then),
                "now": exact_text(one.now),
            }
            for one in either.indicators
        },
        "breaks": {one.code: one.relation for one in either.breaks},
    }


def read_change(data: Data, edition: Data, basis: Basis) -> CycleChange:
    """Return a change that a snapshot holds, areas and indicators in the order of its edition."""
    codes = [(area["code"], one["code"]) for area in edition["areas"] for one in area["indicators"]]
    return CycleChange(
        cycle=data["cycle"],
        countries=data["countries"],
        areas=[_read_area(area["code"], data["areas"][area["code"]], basis) for area in edition["areas"]],
        indicators=[
            _read_indicator(area, code, data["indicators"][code]) for area, code in codes if code in data["indicators"]
        ],
        breaks=[Break(area, code, data["breaks"][code]) for area, code in codes if code in data["breaks"]],
    )


Codes = dict[str, list[str]]  # of indicators, by area
Percents = dict[str, dict[str, dict[str, Fraction]]]  # by basis and area, then by country


def shared_indicators(edition: Data, lines: Iterable[Mapping[str, str]]) -> Codes:
    """Return by area the indicators that are in each of `lines`, as `change.trace_indicators` returns them."""
    asked = [set(line) for line in lines]
    return {
        area["code"]: [one["code"] for one in area["indicators"] if all(one["code"] in codes for codes in asked)]
        for area in edition["areas"]
    }


def percents(snapshot: Data, codes: Codes) -> Percents:
    """Return the countries' percentages over the indicators in `codes`, as the snapshot's own edition calls them."""
    return {basis.value: change.matched_percents(snapshot, codes, basis) for basis in Basis}


def over_cycles(edition: Data, codes: Codes, cycles: Sequence[tuple[str, Percents]]) -> Data:
    """Return the overall means over cycles, the earliest first, for one set of countries and indicators in all.

    Countries count in an area if they have a percentage there in each cycle; where none has, there is no line.
    """
    areas: Data = {}
    for area in edition["areas"]:
        code = area["code"]
        areas[code] = {"matched": len(codes[code]), "of": len(area["indicators"])}
        for basis in Basis:
            each = [found[basis.value][code] for _cycle, found in cycles]
            everywhere = set.intersection(*(set(found) for found in each))
            areas[code][basis.value] = [spread_data(spread(found[iso2] for iso2 in everywhere)) for found in each]
    return {"cycles": [cycle for cycle, _found in cycles], "areas": areas}


def since_issue(then: Data, now: Data) -> Data:
    """Return what changed between two snapshots of the same cycle; of texts only that they changed, never what."""
    before = {country["iso2"]: country for country in then["countries"]}
    after = {country["iso2"]: country for country in now["countries"]}
    both = [iso2 for iso2 in after if iso2 in before]
    areas = [area["code"] for area in now["edition"]["areas"]]
    return {
        "basis": [then["basis"], now["basis"]] if then["basis"] != now["basis"] else None,
        "added": [iso2 for iso2 in after if iso2 not in before],
        "gone": [iso2 for iso2 in before if iso2 not in after],
        "versions": {
            iso2: [before[iso2]["version"], after[iso2]["version"]]
            for iso2 in both
            if before[iso2]["version"] != after[iso2]["version"]
        },
        "answers": [
            {"iso2": iso2, **answer}
            for iso2 in both
            for answer in _changed_answers(now["edition"], before[iso2]["answers"], after[iso2]["answers"])
        ],
        "percents": [
            {"iso2": iso2, "area": area, **percents}
            for iso2 in both
            for area, percents in _changed_percents(areas, then["results"], now["results"], iso2)
        ],
        "areas": [
            {"area": area, **spreads} for area, spreads in _changed_spreads(areas, then["results"], now["results"])
        ],
    }


def _area(area: AreaChange) -> Data:
    return {
        "countries": {iso2: [exact_text(then), exact_text(now)] for iso2, (then, now) in area.countries.items()},
        "then": spread_data(area.then),
        "now": spread_data(area.now),
        "all_then": spread_data(area.all_then),
        "all_now": spread_data(area.all_now),
    }


def _read_area(code: str, data: Data, basis: Basis) -> AreaChange:
    on = data[basis]
    return AreaChange(
        code=code,
        matched=data["matched"],
        of=data["of"],
        countries={iso2: (Fraction(then), Fraction(now)) for iso2, (then, now) in on["countries"].items()},
        all_then=read_spread(on["all_then"]),
        all_now=read_spread(on["all_now"]),
    )


def _read_indicator(area: str, code: str, data: Data) -> IndicatorChange:
    exact = {key: None if data[key] is None else Fraction(data[key]) for key in ("then", "now")}
    return IndicatorChange(area, code, **{**data, **exact})


def _changed_answers(edition: Data, then: Data, now: Data) -> Iterator[Data]:
    """The answers that differ, in the edition's order: kind and level before and after, and which texts differ."""
    for area in edition["areas"]:
        for indicator in area["indicators"]:
            first, last = then.get(indicator["code"], {}), now.get(indicator["code"], {})
            texts = [name for name, fields in TEXTS.items() if any(first.get(f) != last.get(f) for f in fields)]
            if not (first and last):  # an answer that is new or gone has no text to compare
                texts = []
            if texts or _chosen(first) != _chosen(last):
                yield {"indicator": indicator["code"], "then": _chosen(first), "now": _chosen(last), "texts": texts}


def _chosen(answer: Data) -> Data | None:
    return {"kind": answer["kind"], "level": answer["level"]} if answer else None


def _changed_percents(areas: list[str], then: Data, now: Data, iso2: str) -> Iterator[tuple[str, Data]]:
    """A country's areas whose percentage differs on either basis, with both percentages on both bases."""
    before, after = then["countries"][iso2], now["countries"][iso2]
    for area in areas:
        if area in before:
            percents = {basis.value: [before[area][basis]["percent"], after[area][basis]["percent"]] for basis in Basis}
            if _differ(percents):
                yield area, percents


def _changed_spreads(areas: list[str], then: Data, now: Data) -> Iterator[tuple[str, Data]]:
    """The areas whose spread over all countries differs on either basis, with both spreads on both bases."""
    for area in areas:
        before, after = then["areas"].get(area, {}), now["areas"][area]
        spreads = {basis.value: [before.get(basis), after[basis]] for basis in Basis}
        if _differ(spreads):
            yield area, spreads


def _differ(pairs: Data) -> bool:
    return any(first != last for first, last in pairs.values())
