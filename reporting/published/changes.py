"""Change of one country between two cycles: over the indicators of the same wording that have a level in both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from reporting.models import PublishedIndicator, PublishedIssue
from reporting.published.glyphs import Given, Glyph, glyph
from reporting.published.rounds import Rounds
from scoreboard.models import Indicator

Answers = Mapping[tuple[int, str], Given]  # of one country, by issue and indicator


Points = tuple[int | None, int]  # the rung of a level, and how many its ladder has


def together(compared: Iterable[tuple[Points, Points]]) -> Fraction | None:
    """Return by how many percentage points levels changed together, each as it was then and is now; None without any.

    The caller gives those of the same wording with a level in both cycles.
    """
    levels = list(compared)
    if not levels:
        return None
    then, now = (
        Fraction(100 * sum(level[n][0] or 0 for level in levels), sum(level[n][1] for level in levels)) for n in (0, 1)
    )
    return now - then


@dataclass(frozen=True)
class Compared:
    """An indicator in two cycles; `relation` is the change of its wording between them, empty if there is none."""

    indicator: PublishedIndicator
    then: Glyph
    now: Glyph
    relation: str

    @property
    def counts(self) -> bool:
        """Whether it is compared: the same wording, and a level in both cycles."""
        return not self.relation and self.then.is_level and self.now.is_level

    @property
    def by(self) -> int:
        """By how many rungs it rose, less than none where it fell; only where it is compared."""
        return (self.now.rung or 0) - (self.then.rung or 0)

    @property
    def why(self) -> str:
        """Why it is not compared."""
        if self.relation:
            return _("wording: %(relation)s") % {"relation": Indicator.Relation(self.relation).label}
        words = {"then": self.then.words, "now": self.now.words}
        words |= {"before": self.then.issue.cycle_code, "after": self.now.issue.cycle_code}
        return _("%(then)s in %(before)s, %(now)s in %(after)s") % words


@dataclass(frozen=True)
class Change:
    """What changed for a country between two cycles, over all of its indicators or those of an area."""

    then: PublishedIssue
    now: PublishedIssue
    indicators: Sequence[Compared]

    @cached_property
    def compared(self) -> list[Compared]:
        """The indicators that are compared."""
        return [one for one in self.indicators if one.counts]

    @property
    def n(self) -> int:
        """How many indicators are compared."""
        return len(self.compared)

    @cached_property
    def by(self) -> Fraction | None:
        """By how many percentage points the compared indicators changed together; None where there is none."""
        return together(((one.then.rung, one.then.of), (one.now.rung, one.now.of)) for one in self.compared)

    @cached_property
    def rose(self) -> list[Compared]:
        """The indicators with a higher level than before."""
        return [one for one in self.compared if one.by > 0]

    @cached_property
    def fell(self) -> list[Compared]:
        """The indicators with a lower level than before."""
        return [one for one in self.compared if one.by < 0]

    @property
    def same(self) -> list[Compared]:
        """The indicators with the same level as before."""
        return [one for one in self.compared if one.by == 0]

    @cached_property
    def others(self) -> list[Compared]:
        """The indicators that cannot be compared and have a level in one of the cycles."""
        return [one for one in self.indicators if not one.counts and (one.then.is_level or one.now.is_level)]

    def of_area(self, code: str) -> "Change":
        """Return the part of an area of the later cycle."""
        return Change(self.then, self.now, [one for one in self.indicators if one.indicator.area == code])


@dataclass(frozen=True)
class Line:
    """An indicator of the later of two cycles: its code in the earlier one, and the change of its wording since."""

    indicator: PublishedIndicator
    there: str | None
    relation: str


def lines(rounds: Rounds, then: PublishedIssue, now: PublishedIssue) -> list[Line]:
    """Return the indicators of the later cycle, each with what it was in the earlier one."""
    some = rounds.until(now)
    first = some.issues.index(then)
    found = []
    for indicator in some.indicators.values():
        places = some.indicator(indicator.code)
        relation = next((place.broken for place in reversed(places[first + 1 :]) if place.broken), "")
        found.append(Line(indicator, places[first].code, relation))
    return found


def between(some: Sequence[Line], then: PublishedIssue, now: PublishedIssue, answers: Answers) -> Change:
    """Return the change of a country that reported in both cycles; `answers` has what it said in them."""
    return Change(
        then,
        now,
        [
            Compared(
                line.indicator,
                glyph(then, answers.get((then.pk, line.there or "")), asked=line.there is not None),
                glyph(now, answers.get((now.pk, line.indicator.code))),
                line.relation,
            )
            for line in some
        ],
    )
