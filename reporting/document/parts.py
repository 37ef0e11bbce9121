"""The parts of a document, as `document` reads them from a snapshot and templates show them."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from reporting.charts import svg
from reporting.results.scoring import Basis, Spread
from scoreboard.data_tables.tables import Table

STATISTICS: dict[str, Promise] = {
    "mean": gettext_lazy("Mean"),
    "median": gettext_lazy("Median"),
    "lower_quartile": gettext_lazy("Lower quartile"),
    "upper_quartile": gettext_lazy("Upper quartile"),
    "lowest": gettext_lazy("Lowest"),
    "highest": gettext_lazy("Highest"),
}
KINDS: dict[str, Promise] = {
    "not_applicable": gettext_lazy("Not applicable"),
    "unknown": gettext_lazy("Unknown"),
    "": gettext_lazy("Not answered"),
}

WIDEST_LEVELS = 8  # columns of levels that a printed page has room for, next to those without a level

BASES: dict[Basis, tuple[Promise, Promise]] = {
    Basis.ANSWERED: (
        gettext_lazy("Answered basis"),
        gettext_lazy("only the indicators that have a level count as possible points."),
    ),
    Basis.STRICT: (
        gettext_lazy("Strict basis"),
        gettext_lazy(
            "every indicator counts as possible points unless it is not applicable; "
            "unknown and not answered bring no points."
        ),
    ),
}


@dataclass(frozen=True)
class BasisText:
    """A scoring basis in words, and whether the percentages shown follow it."""

    name: str
    meaning: str
    is_shown: bool


@dataclass(frozen=True)
class Result:
    """A country's result in an area: None as percentage where nothing counts, and how many indicators have a level."""

    iso2: str
    country: str
    area: str
    percent: Fraction | None
    scored: int
    of: int


@dataclass(frozen=True)
class Statistic:
    """A figure over the countries, with how many countries it is a figure of."""

    code: str
    label: str
    percent: Fraction | None
    n: int


@dataclass(frozen=True)
class Cell:
    """An answer as a matrix shows it; for a level, `rung` of `of` is its place on its ladder."""

    kind: str
    level: int | None = None
    rung: int = 0
    of: int = 0
    begins_area: bool = False

    @property
    def shade(self) -> int:
        """Which of the seven shades it has."""
        return svg.shade(self.rung, self.of)

    @property
    def word(self) -> str:
        """The words for an answer that is no level."""
        return str(KINDS.get(self.kind, ""))


@dataclass(frozen=True)
class Reply:
    """A country's answer to one indicator, as it may become public."""

    label: str
    title: str
    cell: Cell
    lowest: int
    highest: int
    level_text: str
    reason: str
    comment: str
    withheld: bool
    figures: Table | None = None
    figures_withheld: bool = False
    not_offered: bool = False  # an answer that the questionnaire has stopped offering here


@dataclass(frozen=True)
class Tally:
    """How the countries' answers to one indicator are distributed; None for a level that its ladder does not have."""

    code: str
    label: str
    title: str
    ladder: list[int]
    counts: list[int | None]
    not_applicable: int
    unknown: int
    unanswered: int
    spread: Spread | None

    @property
    def columns(self) -> list[tuple[str, int | None]]:
        """The counts, each with the anchor of those who are counted."""
        values = iter(self.ladder)
        return [("" if count is None else f"level-{next(values)}", count) for count in self.counts]

    @property
    def n(self) -> int:
        """How many countries chose a level."""
        return self.spread.n if self.spread else 0

    @property
    def mean(self) -> Fraction | None:
        """The mean of their levels in percent."""
        return self.spread.mean if self.spread else None


@dataclass(frozen=True)
class Levels:
    """Some columns of an area's table: their levels, each indicator's counts, and whether they are the last."""

    values: list[int]
    rows: list[tuple[Tally, list[int | None]]]
    is_last: bool


@dataclass(frozen=True)
class Group:
    """How many countries of a group reported, of those that take part."""

    name: str
    reported: int
    of: int

    @property
    def percent(self) -> Fraction:
        """The response rate."""
        return Fraction(100 * self.reported, self.of)


@dataclass(frozen=True)
class Participant:
    """A country that takes part; `reported` if a version of its answers counts.

    `imported` if that came in by a file of earlier results: then a day that is None is not recorded.
    """

    iso2: str
    iso3: str
    name: str
    groups: list[str]
    reported: bool
    version: int | None = None
    submitted_on: date | None = None
    accepted_on: date | None = None
    imported: bool = False
    late: bool = False
    extended_to: date | None = None
    reopened: bool = False


@dataclass(frozen=True)
class Taken:
    """The day on which answers were taken, and which of the cycle's dates were still to come."""

    day: date
    deadline_ahead: bool
    closing_ahead: bool


@dataclass(frozen=True)
class Chapter:
    """An area's results: per country in alphabetical order, over the countries, and per indicator."""

    code: str
    title: str
    lead: str
    results: list[Result]
    spread: Spread | None
    tallies: list[Tally]
    values: list[int] = field(default_factory=list)

    @property
    def by_level(self) -> list[Levels]:
        """The table of levels in as few parts as fit a printed page, each with about as many levels."""
        parts = -(-len(self.values) // WIDEST_LEVELS)
        size = -(-len(self.values) // parts)
        return [
            Levels(
                self.values[at : at + size],
                [(tally, tally.counts[at : at + size]) for tally in self.tallies],
                at + size >= len(self.values),
            )
            for at in range(0, len(self.values), size)
        ]

    @property
    def n(self) -> int:
        """How many countries have a percentage."""
        return self.spread.n if self.spread else 0

    @property
    def mean(self) -> Fraction | None:
        """The overall mean."""
        return self.spread.mean if self.spread else None

    @property
    def median(self) -> Fraction | None:
        """The overall median."""
        return self.spread.median if self.spread else None

    @property
    def statistics(self) -> list[Statistic]:
        """The overall figures as rows of a table."""
        return statistics(self.spread)

    @cached_property
    def highest(self) -> list[Tally]:
        """The indicators with the highest overall mean."""
        means = [tally.mean for tally in self.tallies if tally.mean is not None]
        return [tally for tally in self.tallies if means and tally.mean == max(means)]

    @cached_property
    def lowest(self) -> list[Tally]:
        """The indicators with the lowest overall mean."""
        means = [tally.mean for tally in self.tallies if tally.mean is not None]
        return [tally for tally in self.tallies if means and tally.mean == min(means)]


def statistics(spread: Spread | None) -> list[Statistic]:
    """Return a spread as rows of a table, each with its n; a missing spread has n = 0 and no values."""
    return [
        Statistic(code, str(label), getattr(spread, code) if spread else None, spread.n if spread else 0)
        for code, label in STATISTICS.items()
    ]
