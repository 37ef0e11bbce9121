"""Comparisons as a snapshot holds them, written once when it is taken and read by page, PDF and files alike.

Two kinds: change since an earlier cycle, and what an issue changed since the issue before it. Plain data, exact
fractions as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from reporting.results import change as computed
from reporting.results.change import AreaChange, Break, Change, Editions, IndicatorChange
from reporting.results.compute import read_spread, written, written_spread
from reporting.results.scoring import Basis, spread

Data = dict[str, Any]
TEXTS = {  # what of an answer can differ beside its level: by name, the fields of the snapshot
    "reason": ("reason",),
    "comment": ("comment", "withheld"),
    "figures": ("figures", "figures_withheld"),
    "confirmed": ("confirmed",),
}


def since_cycle(then: Data, now: Data, editions: Editions, *, neighbours: bool) -> Data:
    """Return what changed since an earlier cycle, as `computed.change` computes it, on both bases."""
    changes = {basis: computed.change(then, now, editions, basis, neighbours=neighbours) for basis in Basis}
    either = changes[Basis.ANSWERED]
    return {
        "cycle": {key: then["cycle"][key] for key in ("code", "title", "opens")},
        "edition": then["edition"]["code"],
        "countries": either.countries,
        "areas": {
            area.code: {
                "matched": area.matched,
                "of": area.of,
                **{basis.value: _area(change.areas[n]) for basis, change in changes.items()},
            }
            for n, area in enumerate(either.areas)
        },
        "indicators": {
            one.code: {
                **{key: getattr(one, key) for key in ("n", "up", "down", "confirmed")},
                "then": written(one.then),
                "now": written(one.now),
            }
            for one in either.indicators
        },
        "breaks": {one.code: one.relation for one in either.breaks},
    }


def read(data: Data, edition: Data, basis: Basis) -> Change:
    """Return a change that a snapshot holds, areas and indicators in the order of its edition."""
    codes = [(area["code"], one["code"]) for area in edition["areas"] for one in area["indicators"]]
    return Change(
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


def throughout(edition: Data, lines: Iterable[Mapping[str, str]]) -> Codes:
    """Return by area the indicators that each of `lines` follows back, as `computed.series` gives them."""
    asked = [set(line) for line in lines]
    return {
        area["code"]: [one["code"] for one in area["indicators"] if all(one["code"] in codes for codes in asked)]
        for area in edition["areas"]
    }


def percents(snapshot: Data, codes: Codes) -> Percents:
    """Return the countries' percentages over the indicators in `codes`, as the snapshot's own edition calls them."""
    return {basis.value: computed.matched(snapshot, codes, basis) for basis in Basis}


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
            lies = [spread(found[iso2] for iso2 in everywhere) for found in each]
            areas[code][basis.value] = [written_spread(one) for one in lies]
    return {"cycles": [cycle for cycle, _found in cycles], "areas": areas}


def since_issue(then: Data, now: Data) -> Data:
    """Return what changed between two snapshots of the same cycle; of texts only that they changed, never what."""
    before = {country["iso2"]: country for country in then["countries"]}
    after = {country["iso2"]: country for country in now["countries"]}
    both = [(before[iso2], country) for iso2, country in after.items() if iso2 in before]
    return {
        "basis": [then["basis"], now["basis"]] if then["basis"] != now["basis"] else None,
        "added": [country["iso2"] for iso2, country in after.items() if iso2 not in before],
        "gone": [country["iso2"] for iso2, country in before.items() if iso2 not in after],
        "versions": {
            last["iso2"]: [first["version"], last["version"]]
            for first, last in both
            if first["version"] != last["version"]
        },
        "answers": [
            {"iso2": last["iso2"], **one}
            for first, last in both
            for one in _answers(now["edition"], first["answers"], last["answers"])
        ],
        "percents": [
            {"iso2": last["iso2"], "area": area, **moved}
            for _first, last in both
            for area, moved in _moved(
                then["results"]["countries"][last["iso2"]], now["results"]["countries"][last["iso2"]]
            )
        ],
        "areas": [
            {"area": area["code"], **moved}
            for area in now["edition"]["areas"]
            if (
                moved := _differing(
                    then["results"]["areas"].get(area["code"], {}), now["results"]["areas"][area["code"]]
                )
            )
        ],
    }


def _area(change: AreaChange) -> Data:
    return {
        "countries": {iso2: [written(then), written(now)] for iso2, (then, now) in change.countries.items()},
        "then": written_spread(change.then),
        "now": written_spread(change.now),
        "all_then": written_spread(change.all_then),
        "all_now": written_spread(change.all_now),
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


def _answers(edition: Data, then: Data, now: Data) -> list[Data]:
    """The answers that differ: kind and level before and after, and which of their texts are others."""
    found = []
    for area in edition["areas"]:
        for one in area["indicators"]:
            first, last = then.get(one["code"], {}), now.get(one["code"], {})
            texts = [name for name, fields in TEXTS.items() if any(first.get(f) != last.get(f) for f in fields)]
            if _chosen(first) != _chosen(last) or (first and last and texts):
                changed = texts if first and last else []
                found.append({"indicator": one["code"], "then": _chosen(first), "now": _chosen(last), "texts": changed})
    return found


def _chosen(answer: Data) -> Data | None:
    return {"kind": answer["kind"], "level": answer["level"]} if answer else None


def _moved(then: Data, now: Data) -> list[tuple[str, Data]]:
    """Areas whose percentage differs on either basis, with both percentages on both bases."""
    return [
        (code, {basis.value: [then[code][basis]["percent"], last[basis]["percent"]] for basis in Basis})
        for code, last in now.items()
        if code in then and any(then[code][basis]["percent"] != last[basis]["percent"] for basis in Basis)
    ]


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> Data:
    """The spreads of an area then and now on both bases, if they differ on either."""
    pairs: Data = {basis.value: [then.get(basis), now[basis]] for basis in Basis}
    return pairs if any(first != last for first, last in pairs.values()) else {}
