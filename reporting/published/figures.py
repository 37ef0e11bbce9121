"""A country's figures in the table of an indicator, summed by year over all cycles, as charts and as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reporting.charts import small
from reporting.models import PublishedIndicator, PublishedIssue

Data = dict[str, Any]
Given = Sequence[tuple[PublishedIssue, list[Data], bool]]  # the rows of each issue, and whether they are withheld
NUMBERS = ("integer", "decimal")


@dataclass(frozen=True)
class Chart:
    """Columns of numbers in one chart: by step (a year, or a cycle) a sum of each, None where nothing is given."""

    columns: list[Data]
    steps: list[str]
    sums: list[list[Decimal | None]]

    @property
    def drawing(self) -> str:
        """The chart, the largest value of a step behind the others."""
        return small.columns([[None if one is None else Fraction(one) for one in some] for some in self.sums])

    @property
    def rows(self) -> list[tuple[str, list[Decimal | None]]]:
        """The sums under their steps."""
        return list(zip(self.steps, self.sums, strict=True))


@dataclass(frozen=True)
class Figures:
    """The table of an indicator: its charts, and the cycles whose figures are withheld."""

    indicator: PublishedIndicator
    charts: list[Chart]
    withheld: list[PublishedIssue]

    @property
    def title(self) -> Data:
        """The title of the table, by language."""
        form: Data = self.indicator.data_form or {}
        title: Data = form["title"]
        return title


def read(indicator: PublishedIndicator, given: Given) -> Figures:
    """Return the figures that a country gave in the cycles, the earliest first.

    A year that several cycles report has the rows of the latest of them. Without a column of years, each cycle is a
    step of its own. Columns that a check compares are drawn together if every row fills all of them or none.
    """
    form: Data = indicator.data_form or {}
    year = next((one["code"] for one in form["columns"] if one["kind"] == "year"), None)
    rows: dict[str, list[Data]] = {}
    for issue, table, _withheld in given:
        mine: dict[str, list[Data]] = {}
        for row in table:
            step = issue.cycle_code if year is None else str(row[year]) if year in row else ""
            if step:
                mine.setdefault(step, []).append(row)
        rows |= mine
    steps = sorted(rows)
    known = {one["code"]: one for one in form["columns"] if one["kind"] in NUMBERS}
    groups = [_filled(group, known, rows) for group in _groups(form, known)]
    charts = [
        Chart(
            [known[code] for code in group],
            steps,
            [[_sum(rows[step], code) for code in group] for step in steps],
        )
        for some in groups
        for group in some
    ]
    withheld = [issue for issue, _table, is_withheld in given if is_withheld]
    return Figures(indicator, [one for one in charts if _has_numbers(one)], withheld)


def _groups(form: Data, known: Mapping[str, Data]) -> list[list[str]]:
    """The columns of numbers, those of a check together, the largest first."""
    found, taken = [], set()
    for check in form.get("checks", []):
        together = [code for code in reversed(check["columns"]) if code in known and code not in taken]
        found.append(together)
        taken |= set(together)
    return [*found, *([code] for code in known if code not in taken)]


def _filled(group: list[str], known: Mapping[str, Data], rows: Mapping[str, list[Data]]) -> list[list[str]]:
    """The group as one if every row fills all of its columns or none, else each column alone."""
    every = [{code for code in group if code in row} for some in rows.values() for row in some]
    if all(filled in (set(), set(group)) for filled in every):
        return [group] if group else []
    return [[code] for code in known if code in group]


def _sum(rows: list[Data], code: str) -> Decimal | None:
    values = [Decimal(str(row[code])) for row in rows if code in row]
    return sum(values, Decimal()) if values else None


def _has_numbers(chart: Chart) -> bool:
    return any(value is not None for some in chart.sums for value in some)
