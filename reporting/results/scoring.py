"""The arithmetic of results: exact fractions from marks, rounded once, at the edge; standard library only.

Source of the rules: points are a level's rungs above the lowest of its ladder, possible points the highest minus
the lowest. There is no total over areas: a result is per area, and never a ranking.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Basis(StrEnum):
    """What counts as possible: only answers with a level, or (strict) every applicable indicator."""

    ANSWERED = "answered"
    STRICT = "strict"


@dataclass(frozen=True)
class Mark:
    """One answer as scoring sees it: points out of possible; `points` is None unless the answer has a level."""

    points: int | None
    possible: int
    applicable: bool = True


@dataclass(frozen=True)
class Score:
    """Points of a country in an area; `scored` of `of` indicators have a level."""

    points: int
    possible: int
    scored: int
    of: int

    @property
    def percent(self) -> Fraction | None:
        """Points as a percentage of the possible ones; None where nothing counts."""
        return Fraction(100 * self.points, self.possible) if self.possible else None


@dataclass(frozen=True)
class Spread:
    """How values are distributed: count, mean, median, inclusive quartiles, extremes."""

    n: int
    mean: Fraction
    median: Fraction
    lower_quartile: Fraction
    upper_quartile: Fraction
    lowest: Fraction
    highest: Fraction


def mark(kind: str, level: int | None, ladder: Sequence[int]) -> Mark:
    """Return the mark of an answer of `kind` (level, not_applicable, unknown, or empty) on a ladder of values."""
    lowest, highest = min(ladder), max(ladder)
    points = level - lowest if kind == "level" and level is not None else None
    return Mark(points, highest - lowest, applicable=kind != "not_applicable")


def score(marks: Sequence[Mark], basis: Basis) -> Score:
    """Return the score of an area's marks. Not applicable leaves both sides on either basis.

    On the answered basis, unknown and unanswered leave both sides too; on the strict one they count as no points.
    """
    levels = [one for one in marks if one.points is not None]
    counted = levels if basis == Basis.ANSWERED else [one for one in marks if one.applicable]
    return Score(
        points=sum(one.points for one in levels if one.points is not None),
        possible=sum(one.possible for one in counted),
        scored=len(levels),
        of=len(marks),
    )


def spread(values: Iterable[Fraction]) -> Spread | None:
    """Return the spread of `values`, or None if there are none."""
    ordered = sorted(values)
    if not ordered:
        return None
    return Spread(
        n=len(ordered),
        mean=sum(ordered, Fraction()) / len(ordered),
        median=_quantile(ordered, Fraction(1, 2)),
        lower_quartile=_quantile(ordered, Fraction(1, 4)),
        upper_quartile=_quantile(ordered, Fraction(3, 4)),
        lowest=ordered[0],
        highest=ordered[-1],
    )


def _quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """Interpolate at `share` of the way from the first to the last value (the inclusive method)."""
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def rounded(value: Fraction, places: int = 1) -> Decimal:
    """Return `value` rounded half up (away from zero) to `places` decimals: the one place where rounding happens."""
    n, d = abs(value.numerator), value.denominator  # in whole numbers: pages round thousands of values
    whole = (2 * n * 10**places + d) // (2 * d)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)
