"""The rows of a data form: typed text into cells of each kind and back, faults and doubts as sentences, sums.

A row maps column codes to values and leaves empty cells out. A year and a whole number are an int, a number is its
digits as text (exact), a choice its code, yes or no a bool, a species its scientific name where the list has it.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from scoreboard import clock
from scoreboard.data_tables import numbers, yes_no
from scoreboard.errors import Invalid
from scoreboard.models import Cycle, DataForm, DataFormColumn
from scoreboard.questionnaire import species
from scoreboard.text import is_blank, one_line

MAX_ROWS = 500
MAX_TEXT = 300  # characters of a cell
MAX_NUMBER = 1_000_000_000
FIRST_YEAR = 1900
YEARS_BACK = 15  # figures older than this before a cycle are worth a question

Kind = DataFormColumn.Kind
Row = dict[str, Any]
Cells = Mapping[str, str]  # column code → text as typed

NUMERIC = (Kind.INTEGER, Kind.DECIMAL)
DIGITS = (Kind.YEAR, *NUMERIC)  # read as they were typed: two lines are not one number


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be kept: the row counted from 1, the column's code, and a sentence."""

    row: int
    column: str
    sentence: str


@dataclass
class Reading:
    """What typed rows say, empty ones left out, and the faults that were met."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(form: DataForm, typed: Sequence[Cells]) -> Reading:
    """Return the rows that typed cells stand for, without empty ones and those that have a fault."""
    reading = Reading()
    if sum(any(cells.values()) for cells in typed) > MAX_ROWS:
        reading.faults.append(Fault(0, "", too_many()))
        return reading
    for number, cells in enumerate(typed, start=1):
        row, faults = _read_row(form, number, cells)
        reading.faults += faults
        if row and not faults:
            reading.rows.append(row)
    return reading


def _read_row(form: DataForm, number: int, cells: Cells) -> tuple[Row, list[Fault]]:
    row: Row = {}
    faults: list[Fault] = []
    if all(is_blank(cells.get(column.code, "")) for column in form.all_columns):
        return row, faults
    for column in form.all_columns:
        try:
            value = typed_cell(column, cells.get(column.code, ""))
        except Invalid as problem:
            words = {"row": number, "column": column.title, "problem": problem.sentence}
            faults.append(Fault(number, column.code, _("Row %(row)s, %(column)s: %(problem)s") % words))
        else:
            if value is not None:
                row[column.code] = value
    return row, faults


def require_sound(form: DataForm | None, rows: Any) -> None:
    """Raise Invalid unless `rows` are rows of the form just as `read` returns them."""
    if form is None:
        raise Invalid(_("No table of figures is asked here."))
    known = {column.code for column in form.all_columns}
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() <= known for row in rows):
        raise Invalid(_("The figures are not rows of the table that is asked."))
    reading = read(form, [typed(form, row) for row in rows])
    if reading.faults:
        raise Invalid(reading.faults[0].sentence)
    if [list(_exactly(row)) for row in reading.rows] != [list(_exactly(row)) for row in rows]:
        raise Invalid(_("The figures are not written as the table keeps them."))


def reread(form: DataForm, rows: list[Row]) -> list[Row]:
    """Return stored rows as they would be stored today, as the rules of reading may have changed since."""
    reading = read(form, [typed(form, row) for row in rows])
    return rows if reading.faults else reading.rows


def _exactly(row: Row) -> Iterator[tuple[str, type, Any]]:
    """A row so that 1 and True differ."""
    return ((code, type(row[code]), row[code]) for code in sorted(row))


def typed(form: DataForm, row: Row) -> dict[str, str]:
    """Return a row as it would be typed: `read` gives it back."""
    return {column.code: written(column, row[column.code]) for column in form.all_columns if column.code in row}


def written(column: DataFormColumn, value: Any) -> str:
    """Return a cell's value as it would be typed: `typed_cell` gives it back."""
    if value is None:
        return ""
    if column.kind == Kind.YES_NO and isinstance(value, bool):
        return "yes" if value else "no"
    return numbers.clear(value) if column.kind == Kind.DECIMAL else str(value)


def copied(column: DataFormColumn, value: Any) -> str:
    """Return a value as people read it, for a cell that may be pasted back: `typed_cell` gives it back."""
    text = shown(column, value)
    if value is None or column.kind != Kind.DECIMAL or numbers.clear(value) == value:
        return text
    return f"{text}0"  # else it could be thousands as well


def shown(column: DataFormColumn, value: Any) -> str:
    """Return a stored value as people read it; nothing for an empty cell."""
    if value is None:
        return ""
    if column.kind == Kind.YES_NO:
        return _("Yes") if value else _("No")
    if column.kind in NUMERIC:
        return number_format(Decimal(str(value)), use_l10n=True, force_grouping=True)
    if column.kind == Kind.CHOICE:
        titles = {choice["code"]: choice["title"] for choice in column.choices}
        return str(LazyI18nString(titles.get(value, value)))
    if column.kind == Kind.SPECIES and (common := species.common_name(value)):
        return f"{value} ({common})"
    return str(value)


def linked(checks: Iterable[Mapping[str, Any]]) -> Callable[[str], set[str]]:
    """Return a function that gives, with a column, the columns that the form's checks compare it with, itself too.

    A sum of one of them says something beside the sums of the others only over the same rows.
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
    """Return the sums by code of the columns of numbers that have any; none for a single row.

    A column has no sum where rows fill different ones of the columns that `checks` compare with it.
    """
    compared = linked(checks)
    found = {
        column.code: [Decimal(str(row[column.code])) for row in rows if column.code in row]
        for column in columns
        if column.kind in NUMERIC
        and len({frozenset(compared(column.code) & row.keys()) for row in rows if column.code in row}) == 1
    }
    return {code: sum(values, Decimal()) for code, values in found.items() if values} if len(rows) > 1 else {}


def doubts(form: DataForm, rows: Sequence[Row], cycle: Cycle) -> list[str]:
    """Return what does not add up, a sentence each: the form's own checks, rows twice, years long ago."""
    told = []
    titles = {column.code: column for column in form.all_columns}
    years = [column for column in form.all_columns if column.kind == Kind.YEAR]
    earliest = cycle.opens.year - YEARS_BACK
    for number, row in enumerate(rows, start=1):
        for check in form.checks:
            filled = [titles[code] for code in check["columns"] if code in row]
            told += [
                _("Row %(row)s: “%(low)s” is %(more)s, which is more than “%(high)s”, %(less)s.")
                % {
                    "row": number,
                    "low": low.title,
                    "more": shown(low, row[low.code]),
                    "high": high.title,
                    "less": shown(high, row[high.code]),
                }
                for low, high in pairwise(filled)
                if Decimal(row[low.code]) > Decimal(row[high.code])
            ]
        told += [
            _("Row %(row)s: is the year %(year)s right? It lies more than %(n)s years before this cycle.")
            % {"row": number, "year": row[column.code], "n": YEARS_BACK}
            for column in years
            if row.get(column.code, earliest) < earliest
        ]
        if row in rows[: number - 1]:
            told.append(
                _("Rows %(first)s and %(row)s are the same. Remove one, or the same is counted twice.")
                % {"first": rows.index(row) + 1, "row": number}
            )
    return told


def too_many() -> str:
    """Return the sentence for a table that is too long."""
    return _("The table has more than %s rows. Add up rows of the same kind until it has fewer.") % MAX_ROWS


def typed_cell(column: DataFormColumn, text: str) -> Any:
    """Return the value that a cell's text stands for, None for an empty one; raise Invalid with a sentence."""
    kind = Kind(column.kind)
    if is_blank(text):
        if column.required:
            raise Invalid(_("This cell cannot be empty."))
        return None
    if kind not in DIGITS:
        text = one_line(text, keep_joiners=kind == Kind.TEXT)
    if len(text) > MAX_TEXT:
        raise Invalid(_("Shorten the text to %s characters.") % MAX_TEXT)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in one_line(text)):
        raise Invalid(_("The text holds a character that cannot be stored; type it again."))
    try:
        return READERS[kind](column, text)
    except Invalid as problem:
        if column.required:
            raise
        raise Invalid(f"{problem.sentence} {_('Or leave the cell empty.')}") from problem


def _year(_column: DataFormColumn, text: str) -> int:
    latest = clock.now().year
    try:
        year = numbers.whole(text)
    except numbers.Unclear:
        year = 0
    if not FIRST_YEAR <= year <= latest:
        raise Invalid(_("Give one year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": latest})
    return year


def _integer(_column: DataFormColumn, text: str) -> int:
    try:
        return int(_bounded(numbers.whole(text)))
    except numbers.Unclear as problem:
        raise Invalid(_("Give one whole number in digits, such as 1250.")) from problem


def _decimal(_column: DataFormColumn, text: str) -> str:
    try:
        return f"{_bounded(numbers.exact(text)).normalize():f}"
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
    return abs(Decimal(number))  # no negative nought


def _choice(column: DataFormColumn, text: str) -> str:
    for choice in column.choices:
        names = (choice["code"], *choice["title"].values())
        if text.casefold() in (one_line(name).casefold() for name in names):
            return str(choice["code"])
    offered = ", ".join(str(LazyI18nString(choice["title"])) for choice in column.choices)
    raise Invalid(_("Choose one of: %s.") % offered)


def _yes_no(_column: DataFormColumn, text: str) -> bool:
    said = yes_no.read(text)
    if said is None:
        raise Invalid(_("Answer yes or no."))
    return said


# What a cell of each kind makes of its text; each raises Invalid with a sentence.
READERS: dict[Kind, Callable[[DataFormColumn, str], Any]] = {
    Kind.YEAR: _year,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.TEXT: lambda _column, text: text,
    Kind.CHOICE: _choice,
    Kind.SPECIES: lambda _column, text: species.named(text),
    Kind.YES_NO: _yes_no,
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
        """The columns that hold anything."""
        return [column for column in self.columns if any(column.code in row for row in self.stored)]

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """The columns' titles, each with whether it holds numbers."""
        return [(str(column.title), column.kind in NUMERIC) for column in self.filled]

    @property
    def rows(self) -> list[list[tuple[str, bool]]]:
        """The cells in words, each with whether it is a number."""
        return [
            [(shown(column, row.get(column.code)), column.kind in NUMERIC) for column in self.filled]
            for row in self.stored
        ]

    @property
    def totals(self) -> list[str]:
        """The sums in words below their columns, nothing below the others; empty if there are none at all."""
        sums = totals(self.filled, self.stored, self.checks)
        return [shown(column, sums.get(column.code)) for column in self.filled] if sums else []
