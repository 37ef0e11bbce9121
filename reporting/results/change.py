"""What changed between the snapshots of two cycles, pure and exact.

A change is computed over the matched set: countries that count in both cycles, and indicators that are the same in both
questionnaires. The figures of all countries with all indicators come with it, where the questionnaire may have changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from reporting.results.breakdowns import indicators_of, percent
from reporting.results.compute import ladder, read_spread
from reporting.results.scoring import Basis, Spread, spread
from scoreboard.questionnaire.tracing import Step, trace

Data = dict[str, Any]
Editions = Mapping[str, Data]  # edition code → edition document


@dataclass(frozen=True)
class Break:
    """An indicator whose series begins anew, and the relation that broke it: revised, split or new."""

    area: str
    code: str
    relation: str


@dataclass(frozen=True)
class IndicatorChange:
    """The same indicator in two cycles, over the `n` matched countries that chose a level in both."""

    area: str
    code: str
    n: int
    then: Fraction | None
    now: Fraction | None
    up: int
    down: int
    confirmed: int | None  # of the n, those that confirmed the earlier answer unchanged; None: it was not asked

    @property
    def by(self) -> Fraction | None:
        """By how many percentage points the mean changed."""
        return None if self.then is None or self.now is None else self.now - self.then

    @property
    def level(self) -> int:
        """How many chose the same level again."""
        return self.n - self.up - self.down


@dataclass(frozen=True)
class AreaChange:
    """An area in two cycles: the matched set by country, and all countries with all indicators."""

    code: str
    matched: int  # indicators that are the same
    of: int
    countries: dict[str, tuple[Fraction, Fraction]]  # ISO code → percent then and now, on the matched indicators
    all_then: Spread | None  # of the area that this one comes from; None if it does not come from one
    all_now: Spread | None

    @property
    def n(self) -> int:
        """How many countries have a percentage in both cycles."""
        return len(self.countries)

    @cached_property
    def then(self) -> Spread | None:
        """The matched countries then."""
        return spread(then for then, _now in self.countries.values())

    @cached_property
    def now(self) -> Spread | None:
        """The matched countries now."""
        return spread(now for _then, now in self.countries.values())

    @property
    def by(self) -> Fraction | None:
        """By how many percentage points the matched mean changed."""
        return _gain(self.then, self.now)


@dataclass(frozen=True)
class CycleChange:
    """What changed since an earlier cycle."""

    cycle: Data
    countries: list[str]  # ISO codes of those that count in both
    areas: list[AreaChange]
    indicators: list[IndicatorChange]
    breaks: list[Break]


def compare_cycles(then: Data, now: Data, editions: Editions, basis: Basis, *, successive: bool = True) -> CycleChange:
    """Return what changed between two snapshots; `editions` holds those in between, if there are any.

    A country confirms its answers of the cycle before: between cycles that are not `successive` nothing is confirmed.
    """
    lines, breaks = trace_indicators(now["edition"], then["edition"], editions)
    areas = trace_areas(now["edition"], then["edition"], editions)
    earlier = {country["iso2"]: country for country in then["countries"]}
    both = [(country, earlier[country["iso2"]]) for country in now["countries"] if country["iso2"] in earlier]
    return CycleChange(
        cycle=then["cycle"],
        countries=[country["iso2"] for country, _before in both],
        areas=[_area(area, then, now, lines, areas.get(area["code"]), both, basis) for area in now["edition"]["areas"]],
        indicators=[
            _indicator(area["code"], one, indicators_of(then["edition"])[lines[one["code"]]], both, successive)
            for area in now["edition"]["areas"]
            for one in area["indicators"]
            if one["code"] in lines
        ],
        breaks=breaks,
    )


def trace_indicators(now: Data, then: Data, editions: Editions) -> tuple[dict[str, str], list[Break]]:
    """Return the code of each indicator in an earlier edition if it stayed the same all along, else a break.

    Every indicator is a break, as new, if no chain of editions leads there.
    """
    traces = trace(indicators_of(now), _steps(now, then, editions))
    lines = {code: found.codes[0] for code, found in traces.items() if not found.first_change}
    breaks = [
        Break(area["code"], one["code"], traces[one["code"]].first_change)
        for area in now["areas"]
        for one in area["indicators"]
        if one["code"] not in lines
    ]
    return lines, breaks


def _steps(now: Data, then: Data, editions: Editions) -> Iterator[Step]:
    """Yield what each edition says of the one before, until `then`; at last nothing if that is never reached."""
    edition: Data | None = now
    while edition is not None and edition["code"] != then["code"]:
        known = indicators_of(edition)
        yield {code: (one.get("relation", "new"), one.get("from", [])) for code, one in known.items()}
        previous = edition.get("previous")
        edition = then if previous == then["code"] else editions.get(previous or "")
    if edition is None:
        yield {}


def trace_areas(now: Data, then: Data, editions: Editions) -> dict[str, str]:
    """Return the code of each area in an earlier edition, as far as its indicators come from one area there.

    An area's `from` decides if the edition has it; else the area is the one of the same code, if all of its indicators
    that are not new come from there. An area that is merged from several or is new is left out.
    """
    lines = {area["code"]: area["code"] for area in now["areas"]}
    edition: Data | None = now
    while edition is not None and edition["code"] != then["code"]:
        previous = edition.get("previous")
        before = then if previous == then["code"] else editions.get(previous or "")
        if before is None:
            return {}
        of = {one["code"]: area["code"] for area in before["areas"] for one in area["indicators"]}
        known = {area["code"]: area for area in edition["areas"]}
        origins = {code: _origin(known[here], of) for code, here in lines.items()}
        lines = {code: origin for code, origin in origins.items() if origin}
        edition = before
    return lines


def _origin(area: Data, of: Mapping[str, str]) -> str | None:
    """The one area of the edition before that an area comes from; `of` gives the area of each indicator there."""
    came = {of.get(source) for one in area["indicators"] for source in one.get("from", [])}
    if named := area.get("from"):
        return str(named[0]) if len(named) == 1 and named[0] in came else None
    return str(area["code"]) if came == {area["code"]} else None


def matched_percents(
    snapshot: Data, codes: Mapping[str, Sequence[str]], basis: Basis
) -> dict[str, dict[str, Fraction]]:
    """Return by area each country's percentage over the indicators that `codes` names for it, where it has one."""
    known = indicators_of(snapshot["edition"])
    found = {
        area: {
            country["iso2"]: percent(country, [known[code] for code in some], basis)
            for country in snapshot["countries"]
        }
        for area, some in codes.items()
    }
    return {
        area: {iso2: percent for iso2, percent in percents.items() if percent is not None}
        for area, percents in found.items()
    }


def _area(
    area: Data,
    then: Data,
    now: Data,
    lines: dict[str, str],
    origin: str | None,
    both: Sequence[tuple[Data, Data]],
    basis: Basis,
) -> AreaChange:
    known = indicators_of(then["edition"])
    same = [one for one in area["indicators"] if one["code"] in lines]
    before = [known[lines[one["code"]]] for one in same]
    pairs = {
        country["iso2"]: (percent(earlier, before, basis), percent(country, same, basis)) for country, earlier in both
    }
    return AreaChange(
        code=area["code"],
        matched=len(same),
        of=len(area["indicators"]),
        countries={
            iso2: (first, last) for iso2, (first, last) in pairs.items() if first is not None and last is not None
        },
        all_then=_all(then, origin, basis) if origin else None,
        all_now=_all(now, area["code"], basis),
    )


def _indicator(
    area: str, now: Data, then: Data, both: Iterable[tuple[Data, Data]], successive: bool
) -> IndicatorChange:
    pairs = [
        (_share(before, then), _share(answer, now), bool(answer.get("confirmed")))
        for country, earlier in both
        if (answer := country["answers"].get(now["code"], {})).get("kind") == "level"
        and (before := earlier["answers"].get(then["code"], {})).get("kind") == "level"
    ]
    first, last = spread(before for before, _after, _c in pairs), spread(after for _before, after, _c in pairs)
    return IndicatorChange(
        area=area,
        code=now["code"],
        n=len(pairs),
        then=first.mean if first else None,
        now=last.mean if last else None,
        up=sum(after > before for before, after, _confirmed in pairs),
        down=sum(after < before for before, after, _confirmed in pairs),
        # A country can have been reopened since the issue of then, and confirm what that issue does not hold.
        confirmed=sum(confirmed and after == before for before, after, confirmed in pairs) if successive else None,
    )


def _share(answer: Data, indicator: Data) -> Fraction:
    rungs = ladder(indicator)
    return Fraction(100 * (answer["level"] - rungs[0]), rungs[-1] - rungs[0])


def _all(snapshot: Data, area: str, basis: Basis) -> Spread | None:
    return read_spread(snapshot["results"]["areas"].get(area, {}).get(basis))


def _gain(then: Spread | None, now: Spread | None) -> Fraction | None:
    return None if then is None or now is None else now.mean - then.mean
