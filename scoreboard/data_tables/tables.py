"""The rows of a data form: typed text to cells of each kind and back, faults and doubts as sentences, sums.

A row maps column codes to values, without empty cells. Years and whole numbers are int, numbers their digits as text
(exact), choices their code, yes and no bool, species their scientific name where the list has it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from scoreboard import clock
from scoreboard.data_tables import numbers, yes_no
from scoreboard.errors import Invalid
from scoreboard.models import Cycle, DataForm, DataFormColumn
from scoreboard.questionnaire import species
from scoreboard.text import is_blank, localised, one_line, require_storable

MAX_ROWS = 500
MAX_TEXT = 300  # characters of a cell
MAX_NUMBER = 1_000_000_000
FIRST_YEAR = 1900
YEARS_BACK = 15  # a doubt for figures that are older, counted from the cycle's opening

Kind = DataFormColumn.Kind
Row = dict[str, Any]
Cells = Mapping[str, str]  # column code → text as typed

NUMERIC = (Kind.INTEGER, Kind.DECIMAL)
DIGITS = (Kind.YEAR, *NUMERIC)  # parsed with their line breaks: two lines are not one number


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


def cell_as_typed(column: DataFormColumn, value: Any) -> str:
    """Return a cell's value as a person would type it: the inverse of `parse_cell`."""
    if value is None:
        return ""
    if column.kind == Kind.YES_NO and isinstance(value, bool):
        return "yes" if value else "no"
    return numbers.unambiguous(value) if column.kind == Kind.DECIMAL else str(value)


def cell_to_copy(column: DataFormColumn, value: Any) -> str:
    """Return a value as people read it, so that `parse_cell` reads it back from a pasted cell."""
    text = cell_text(column, value)
    if value is None or column.kind != Kind.DECIMAL:
        return text
    if "." not in value:
        return str(value)  # grouped, 3125 could also be a number with three decimals
    return text if numbers.unambiguous(value) == value else f"{text}0"  # otherwise it could also be thousands


def cell_text(column: DataFormColumn, value: Any) -> str:
    """Return a stored value as people read it; empty for None."""
    if value is None:
        return ""
    if column.kind == Kind.YES_NO:
        return _("Yes") if value else _("No")
    if column.kind in NUMERIC:
        return number_format(Decimal(str(value)), use_l10n=True, force_grouping=True)
    if column.kind == Kind.CHOICE:
        titles = {choice["code"]: choice["title"] for choice in column.choices}
        return str(localised(titles.get(value, value)))
    if column.kind == Kind.SPECIES and (common := species.common_name(value)):
        return f"{value} ({common})"
    return str(value)


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


def parse_cell(column: DataFormColumn, text: str) -> Any:
    """Return the value of a cell's text, None if it is blank; raise Invalid with a sentence."""
    kind = Kind(column.kind)
    if is_blank(text):
        if column.required:
            raise Invalid(_("This cell cannot be empty."))
        return None
    if kind not in DIGITS:
        text = one_line(text, keep_joiners=kind == Kind.TEXT)
    if len(text) > MAX_TEXT:
        raise Invalid(_("Shorten the text to %s characters.") % MAX_TEXT)
    require_storable(text)
    try:
        return PARSERS[kind](column, text)
    except Invalid as problem:
        if column.required:
            raise
        raise Invalid(f"{problem.sentence} {_('Or leave the cell empty.')}") from problem


def _parse_year(_column: DataFormColumn, text: str) -> int:
    latest = clock.now().year
    try:
        year = numbers.parse_whole(text)
    except numbers.Unclear:
        year = 0
    if not FIRST_YEAR <= year <= latest:
        raise Invalid(_("Give one year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": latest})
    return year


def _parse_integer(_column: DataFormColumn, text: str) -> int:
    try:
        return int(_bounded(numbers.parse_whole(text)))
    except numbers.Unclear as problem:
        raise Invalid(_("Give one whole number in digits, such as 1250.")) from problem


def _parse_decimal(_column: DataFormColumn, text: str) -> str:
    try:
        return f"{_bounded(numbers.parse_exact(text)).normalize():f}"
    except numbers.Unclear as problem:
        if not problem.readings:
            raise Invalid(_("Give one number in digits, such as 12.5.")) from problem
        words = {"text": one_line(text), "whole": problem.readings[0], "decimal": problem.readings[1]}
        raise Invalid(
            _("“%(text)s” can mean two numbers. Write %(whole)s or %(decimal)s, whichever is meant.") % words
        ) from problem


def _bounded(number: int | Decimal) -> Decimal:
    if number < 0:
        raise Invalid(_("Give a number that is not less than 0."))
    if number > MAX_NUMBER:
        raise Invalid(_("Give a number that is not more than %s.") % number_format(MAX_NUMBER, force_grouping=True))
    return abs(Decimal(number))  # no negative zero


def _parse_choice(column: DataFormColumn, text: str) -> str:
    for choice in column.choices:
        names = (choice["code"], *choice["title"].values())
        if text.casefold() in (one_line(name).casefold() for name in names):
            return str(choice["code"])
    offered = ", ".join(str(localised(choice["title"])) for choice in column.choices)
    raise Invalid(_("Choose one of: %s.") % offered)


def _parse_yes_no(_column: DataFormColumn, text: str) -> bool:
    answer = yes_no.parse_yes_no(text)
    if answer is None:
        raise Invalid(_("Answer yes or no."))
    return answer


# The parser of each kind of cell; each raises Invalid with a sentence.
PARSERS: dict[Kind, Callable[[DataFormColumn, str], Any]] = {
    Kind.YEAR: _parse_year,
    Kind.INTEGER: _parse_integer,
    Kind.DECIMAL: _parse_decimal,
    Kind.TEXT: lambda _column, text: text,
    Kind.CHOICE: _parse_choice,
    Kind.SPECIES: lambda _column, text: species.scientific_name(text),
    Kind.YES_NO: _parse_yes_no,
}


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
