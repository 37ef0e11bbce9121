"""How results come about, read from the rules of an edition: its ladders, an area scored step by step, its breaks."""

from dataclasses import dataclass
from fractions import Fraction

from reporting.results.scoring import Basis, Mark, Score, Spread, mark, score, spread
from scoreboard.models import Area, Edition, Indicator

VALUES = (10, 40, 50, 70, 90, 100)  # percentages of six countries, to show median and quartiles with


@dataclass(frozen=True)
class Ladder:
    """A ladder with the points of each of its levels, and the indicators that have it."""

    points: list[tuple[int, int]]  # level, points
    indicators: list[Indicator]

    @property
    def possible(self) -> int:
        """The points of the highest level."""
        return self.points[-1][1]


@dataclass(frozen=True)
class Step:
    """An invented answer to an indicator, and what it counts on each basis; `kind` as answers have it."""

    indicator: Indicator
    kind: str
    level: int | None
    mark: Mark

    @property
    def possible_answered(self) -> int | None:
        """The possible points on the answered basis; None if the answer is left out."""
        return self.mark.possible if self.kind == "level" else None

    @property
    def possible_strict(self) -> int | None:
        """The possible points on the strict basis; None if the answer is left out."""
        return self.mark.possible if self.mark.applicable else None


@dataclass(frozen=True)
class Example:
    """An area that an invented country answered, scored on both bases."""

    area: Area
    steps: list[Step]
    answered: Score
    strict: Score


def ladders(edition: Edition) -> list[Ladder]:
    """Return the different ladders of an edition, each with its indicators, in the order of the questionnaire."""
    found: dict[tuple[int, ...], list[Indicator]] = {}
    for indicator in edition.all_indicators:
        found.setdefault(tuple(level.value for level in indicator.ladder), []).append(indicator)
    return [Ladder([(value, value - rungs[0]) for value in rungs], some) for rungs, some in found.items()]


def not_applicable(edition: Edition) -> list[Indicator]:
    """Return the indicators that can be answered with "not applicable"."""
    return [one for one in edition.all_indicators if one.not_applicable]


def example(edition: Edition) -> Example | None:
    """Return the area with the most indicators as an invented country might answer it; None if there is no area."""
    areas = [area for area in edition.whole if area.indicators.all()]
    if not areas:
        return None
    area = max(areas, key=lambda one: len(one.indicators.all()))  # the first of them
    steps, free = [], True
    for n, indicator in enumerate(area.indicators.all()):
        rungs = [level.value for level in indicator.ladder]
        kind: str = "level"
        level: int | None = rungs[(len(rungs) - 1 - n) % len(rungs)]
        if indicator.not_applicable and free and n:
            kind, level, free = "not_applicable", None, False
        elif n % 4 == 3:
            kind, level = "unknown", None
        steps.append(Step(indicator, kind, level, mark(kind, level, rungs)))
    marks = [step.mark for step in steps]
    return Example(area, steps, score(marks, Basis.ANSWERED), score(marks, Basis.STRICT))


def figures() -> tuple[list[Fraction], Spread]:
    """Return the percentages of six invented countries, and their figures."""
    values = [Fraction(value) for value in VALUES]
    found = spread(values)
    assert found is not None  # noqa: S101 - there are six
    return values, found


def relations(edition: Edition) -> list[tuple[str, list[Indicator]]]:
    """Return the indicators by how they relate to the edition before, in words; nothing for the first edition."""
    if edition.previous_id is None:
        return []
    by_kind = {kind: [one for one in edition.all_indicators if one.relation == kind] for kind in Indicator.Relation}
    return [(str(kind.label), some) for kind, some in by_kind.items() if some]
