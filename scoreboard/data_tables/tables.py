"""The rows of a data form: typed text to rows and back, faults and doubts as sentences, sums; `cells` has the cells.

A row maps column codes to values, without empty cells. Years and whole numbers are int, numbers their digits as text
(exact), choices their code, yes and no bool, species their scientific name where the list has it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from scoreboard.data_tables.cells import NUMERIC, Kind, cell_as_typed, cell_text, parse_cell
from scoreboard.errors import Invalid
from scoreboard.models import Cycle, DataForm, DataFormColumn
from scoreboard.text import is_blank

MAX_ROWS = 500
YEARS_BACK = 15  # a doubt for figures that are older, counted from the cycle's opening

Row = dict[str, Any]
Cells = Mapping[str, str]  # column code → text as typed


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be stored: the row counted from 1, the column's code, and a sentence."""

    row: int
    column: str
    sentence: str


@dataclass
class ParsedRows:
    """The rows parsed from typed text, without empty ones, with their numbers among those typed, and the faults."""

    rows: list[Row] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_rows(form: DataForm, typed: Sequence[Cells], numbers: Sequence[int] = ()) -> ParsedRows:
    """Parse typed rows; rows with a fault are left out of the result, and a table that is too long is not parsed.

    The rows are counted from 1, unless their `numbers` on the page are others.
    """
    parsed = ParsedRows()
    if sum(any(cells.values()) for cells in typed) > MAX_ROWS:
        parsed.faults.append(Fault(0, "", too_many_rows()))
        return parsed
    for number, cells in zip(numbers or range(1, len(typed) + 1), typed, strict=True):
        row, faults = _read_row(form, number, cells)
        parsed.faults += faults
        if row and not faults:
            parsed.rows.append(row)
            parsed.numbers.append(number)
    return parsed


def _read_row(form: DataForm, number: int, cells: Cells) -> tuple[Row, list[Fault]]:
    row: Row = {}
    faults: list[Fault] = []
    if all(is_blank(cells.get(column.code, "")) for column in form.all_columns):
        return row, faults
    for column in form.all_columns:
        try:
            value = parse_cell(column, cells.get(column.code, ""))
        except Invalid as problem:
            words = {"row": number, "column": column.title, "problem": problem.sentence}
            faults.append(Fault(number, column.code, _("Row %(row)s, %(column)s: %(problem)s") % words))
        else:
            if value is not None:
                row[column.code] = value
    return row, faults


def require_valid(form: DataForm | None, rows: Any) -> None:
    """Raise Invalid unless `rows` are rows of the form exactly as `read_rows` returns them."""
    if form is None:
        raise Invalid(_("No table of figures is asked here."))
    known = {column.code for column in form.all_columns}
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() <= known for row in rows):
        raise Invalid(_("The figures are not rows of the table that is asked."))
    parsed = read_rows(form, [row_as_typed(form, row) for row in rows])
    if parsed.faults:
        raise Invalid(parsed.faults[0].sentence)
    if [_with_types(row) for row in parsed.rows] != [_with_types(row) for row in rows]:
        raise Invalid(_("The figures are not written as the table keeps them."))


def normalized(form: DataForm, rows: list[Row]) -> list[Row]:
    """Return stored rows as they would be stored today: the rules of parsing may have changed since."""
    parsed = read_rows(form, [row_as_typed(form, row) for row in rows])
    return rows if parsed.faults else parsed.rows


def _with_types(row: Row) -> dict[str, tuple[type, Any]]:
    """A row in which 1 and True differ."""
    return {code: (type(value), value) for code, value in row.items()}


def row_as_typed(form: DataForm, row: Row) -> dict[str, str]:
    """Return a row as a person would type it: the inverse of `read_rows`."""
    return {column.code: cell_as_typed(column, row[column.code]) for column in form.all_columns if column.code in row}


def compared_columns(checks: Iterable[Mapping[str, Any]]) -> Callable[[str], set[str]]:
    """Return a function from a column's code to the columns that the form's checks compare it with, itself included.

    Their sums can be compared only over the same rows.
    """
    groups: list[set[str]] = []
    for check in checks:
        joined = set(check["columns"])
        for group in [group for group in groups if group & joined]:
            groups.remove(group)
            joined |= group
        groups.append(joined)
    return lambda code: next((group for group in groups if code in group), {code})


def totals(
    columns: Iterable[DataFormColumn], rows: Sequence[Row], checks: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Decimal]:
    """Return the sums of the columns of numbers by code; none for a single row.

    A column has no sum if its rows fill different ones of the columns that `checks` compare it with.
    """
    compared = compared_columns(checks)
    found = {
        column.code: [Decimal(str(row[column.code])) for row in rows if column.code in row]
        for column in columns
        if column.kind in NUMERIC
        and len({frozenset(compared(column.code) & row.keys()) for row in rows if column.code in row}) == 1
    }
    return {code: sum(values, Decimal()) for code, values in found.items() if values} if len(rows) > 1 else {}


def doubts(form: DataForm, rows: Sequence[Row], cycle: Cycle) -> list[str]:
    """Return what may be wrong, a sentence each: the form's own checks, years long ago, duplicate rows."""
    return [sentence for _number, sentence in doubts_by_row(form, rows, range(1, len(rows) + 1), cycle)]


def doubts_by_row(form: DataForm, rows: Sequence[Row], numbers: Sequence[int], cycle: Cycle) -> list[tuple[int, str]]:
    """Return the doubts, each with the number of its row."""
    return [
        (number, sentence)
        for number, row in zip(numbers, rows, strict=True)
        for sentence in (
            *_falling_numbers(form, number, row),
            *_early_years(form, number, row, cycle.opens.year - YEARS_BACK),
            *_duplicate(number, numbers[rows.index(row)]),
        )
    ]


def _falling_numbers(form: DataForm, number: int, row: Row) -> Iterator[str]:
    """The numbers that must not fall along the columns of a check; empty cells are skipped."""
    columns = {column.code: column for column in form.all_columns}
    for check in form.checks:
        for low, high in pairwise(columns[code] for code in check["columns"] if code in row):
            if Decimal(row[low.code]) > Decimal(row[high.code]):
                more, less = cell_text(low, row[low.code]), cell_text(high, row[high.code])
                words = {"row": number, "low": low.title, "more": more, "high": high.title, "less": less}
                yield _("Row %(row)s: “%(low)s” is %(more)s, which is more than “%(high)s”, %(less)s.") % words


def _early_years(form: DataForm, number: int, row: Row, earliest: int) -> Iterator[str]:
    sentence = _("Row %(row)s: is the year %(year)s right? It is more than %(n)s years before this cycle.")
    for column in form.all_columns:
        if column.kind == Kind.YEAR and row.get(column.code, earliest) < earliest:
            yield sentence % {"row": number, "year": row[column.code], "n": YEARS_BACK}


def _duplicate(number: int, first: int) -> Iterator[str]:
    if first < number:
        sentence = _("Rows %(first)s and %(row)s are the same. Remove one, or the same is counted twice.")
        yield sentence % {"first": first, "row": number}


def too_many_rows() -> str:
    """Return the sentence for a table that is too long."""
    return _("The table has more than %s rows. Add up rows of the same kind until it has fewer.") % MAX_ROWS


@dataclass(frozen=True)
class Table:
    """Rows of figures as people read them; columns without any value are left out."""

    title: str
    columns: Sequence[DataFormColumn]
    stored: Sequence[Row]
    checks: Sequence[Mapping[str, Any]] = ()

    @property
    def filled(self) -> list[DataFormColumn]:
        """The columns that have a value in any row."""
        return [column for column in self.columns if any(column.code in row for row in self.stored)]

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """The columns' titles, each with whether it holds numbers."""
        return [(str(column.title), column.kind in NUMERIC) for column in self.filled]

    @property
    def rows(self) -> list[list[tuple[str, bool]]]:
        """The cells as text, each with whether it is a number."""
        return [
            [(cell_text(column, row.get(column.code)), column.kind in NUMERIC) for column in self.filled]
            for row in self.stored
        ]

    @property
    def totals(self) -> list[str]:
        """The sums as text, one for each column and empty where it has none; an empty list without any sum."""
        sums = totals(self.filled, self.stored, self.checks)
        return [cell_text(column, sums.get(column.code)) for column in self.filled] if sums else []
