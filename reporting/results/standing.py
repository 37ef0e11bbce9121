"""The results of one country: its areas now and last time, its strengths and its gaps; pure and exact."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from reporting.results import change, compute
from reporting.results.change import Editions
from reporting.results.compute import ladder, read_spread
from reporting.results.scoring import Basis, Spread

Data = dict[str, Any]
MOST = 3  # strengths, and gaps


@dataclass(frozen=True)
class Round:
    """A cycle of the country: the edition's document, and the answers that have a kind by indicator code."""

    edition: Data
    answers: Mapping[str, Data]


@dataclass(frozen=True)
class AreaStanding:
    """An area: the country's percentage, `then` and `now` on the `matched` indicators that are the same, the group."""

    area: Data
    percent: Fraction | None
    scored: int
    of: int
    matched: int
    then: Fraction | None
    now: Fraction | None
    group: Spread | None


@dataclass(frozen=True)
class Point:
    """An indicator that was answered with a level; `rise` is against last time, None where that cannot be compared."""

    area: Data
    indicator: Data
    level: int
    rise: int | None

    @property
    def rungs(self) -> list[int]:
        """The values of its ladder, lowest first."""
        return ladder(self.indicator)

    @property
    def share(self) -> Fraction:
        """The share of its possible points, in percent."""
        return Fraction(100 * (self.level - self.rungs[0]), self.rungs[-1] - self.rungs[0])

    @property
    def is_highest(self) -> bool:
        """Whether no rung is above."""
        return self.level == self.rungs[-1]

    @property
    def has_risen(self) -> bool:
        """Whether the level is higher than last time."""
        return (self.rise or 0) > 0

    @property
    def code(self) -> list[tuple[int, str]]:
        """Its code as people count: 2 before 10."""
        parts = re.findall(r"\d+|\D+", self.indicator["code"])
        return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def areas(
    now: Round, then: Round | None, snapshot: Data | None, editions: Editions, basis: Basis
) -> list[AreaStanding]:
    """Return the areas of the edition; `snapshot` is that of the assessment that has the group’s figures.

    `editions` are the documents of the editions in between, by code.
    """
    own = compute.compute(now.edition, [{"iso2": "", "answers": now.answers}])["countries"][""]
    lines = change.trace_indicators(now.edition, then.edition, editions)[0] if then else {}
    same = {
        area["code"]: [one["code"] for one in area["indicators"] if one["code"] in lines]
        for area in now.edition["areas"]
    }
    last = {area: [lines[code] for code in codes] for area, codes in same.items()}
    percents_now, percents_then = _percents(now, same, basis), _percents(then, last, basis) if then else {}
    group = _group(now.edition, snapshot, editions, basis) if snapshot else {}
    found = []
    for area in now.edition["areas"]:
        code = area["code"]
        both = (percents_then.get(code), percents_now.get(code))
        before, after = both if None not in both else (None, None)
        percent = own[code][basis]["percent"]
        found.append(
            AreaStanding(
                area=area,
                percent=None if percent is None else Fraction(percent),
                scored=own[code]["scored"],
                of=own[code]["of"],
                matched=len(same[code]),
                then=before,
                now=after,
                group=group.get(code),
            )
        )
    return found


def points(now: Round, then: Round | None, editions: Editions) -> list[Point]:
    """Return the indicators that have a level, in the order of the questionnaire."""
    lines = change.trace_indicators(now.edition, then.edition, editions)[0] if then else {}
    found = []
    for area in now.edition["areas"]:
        for indicator in area["indicators"]:
            level = now.answers.get(indicator["code"], {}).get("level")
            if level is None:
                continue
            last = then.answers.get(lines.get(indicator["code"], ""), {}).get("level") if then else None
            found.append(Point(area, indicator, level, None if last is None else level - last))
    return found


def strengths(found: list[Point]) -> list[Point]:
    """Return at most three indicators at their highest level or risen: by rise, then level, then code."""
    strong = [one for one in found if one.is_highest or one.has_risen]
    return sorted(strong, key=lambda one: (-(one.rise or 0), -one.level, one.code))[:MOST]


def gaps(found: list[Point]) -> list[Point]:
    """Return at most three indicators below their highest level: by their share of points, then code.

    None of them is among the strengths.
    """
    strong = strengths(found)
    weak = [one for one in found if not one.is_highest and one not in strong]
    return sorted(weak, key=lambda one: (one.share, one.code))[:MOST]


def _percents(one: Round, codes: Mapping[str, list[str]], basis: Basis) -> dict[str, Fraction | None]:
    """Return the country's percentage by area, over the indicators named."""
    snapshot = {"edition": one.edition, "countries": [{"iso2": "", "answers": one.answers}]}
    return {area: found.get("") for area, found in change.matched_percents(snapshot, codes, basis).items()}


def _group(edition: Data, snapshot: Data, editions: Editions, basis: Basis) -> dict[str, Spread | None]:
    """Return the spread of all countries of an assessment by area of this edition, where it comes from one there."""
    there = snapshot["results"]["areas"]
    return {
        code: read_spread(there[origin][basis])
        for code, origin in change.trace_areas(edition, snapshot["edition"], editions).items()
    }
