"""Reads a CSV file or a workbook of invitations: what must not be in one is refused, with the number of its row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from scoreboard import table_reading
from scoreboard.errors import Invalid
from scoreboard.text import is_blank, one_line

COLUMNS = ("email", "name", "role", "country", "organisation", "networks", "until")
REQUIRED = ("email", "name", "role")
MAX_SIZE = 2**20  # bytes
MAX_ROWS = 500
MAX_CELL = 300  # characters
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet program begins a formula

Cells = dict[str, str]  # column → text, in a row of the file


@dataclass(frozen=True)
class Fault:
    """Why a row is refused; the row's number counts the heading as 1."""

    row: int
    sentence: str


def read(content: bytes, name: str) -> tuple[list[tuple[int, Cells]], list[Fault]]:
    """Return the rows with their numbers, and why others are refused.

    The file is read as a workbook if its name or content says so, else as CSV. Raises Invalid with a sentence for a
    file that cannot be read at all.
    """
    if len(content) > MAX_SIZE:
        raise Invalid(_("The file is larger than 1 MB. Divide it, and upload the parts one after the other."))
    advice = _("Save the list as “Excel workbook (.xlsx)” or as “CSV UTF-8”.")
    table = table_reading.read(content, name, most_rows=MAX_ROWS, advice=advice)[0].rows
    faults: list[Fault] = []
    rows: list[tuple[int, Cells]] = []
    for number, values in _named(table):
        try:
            rows.append((number, {column: _text(column, value) for column, value in values.items()}))
        except Invalid as problem:
            faults.append(Fault(number, problem.sentence))
    return rows, faults


def _named(table: Sequence[Sequence[Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row's number and its values by column; raise Invalid for other columns, and for too many rows."""
    if not table or not any(_filled(value) for value in table[0]):
        raise Invalid(_("The first row is empty. It names the columns: %s.") % ", ".join(COLUMNS))
    heading = [str(value or "").strip().casefold() for value in table[0]]
    if missing := [column for column in REQUIRED if column not in heading]:
        raise Invalid(_("Row 1: these columns are missing: %s. Their names are English.") % ", ".join(missing))
    if doubled := [column for column in COLUMNS if heading.count(column) > 1]:
        raise Invalid(_("Row 1: these columns are there twice: %s.") % ", ".join(doubled))
    if unknown := [column for column in heading if column and column not in COLUMNS]:
        raise Invalid(
            _("Row 1: “%(column)s” is none of the columns: %(columns)s.")
            % {"column": unknown[0][:40], "columns": ", ".join(COLUMNS)}
        )
    filled = [(n, row) for n, row in enumerate(table[1:], start=2) if any(_filled(value) for value in row)]
    if not filled:
        raise Invalid(_("The file has no row below its heading."))
    if len(filled) > MAX_ROWS:
        raise Invalid(_("The file has more than %s rows. Divide it.") % MAX_ROWS)
    for number, row in filled:
        values = dict.fromkeys(COLUMNS, None) | {c: v for c, v in zip(heading, row, strict=False) if c}
        if any(_filled(value) for value in row[len(heading) :]):
            raise Invalid(
                _("Row %s has more cells than the heading has columns. Put a text with commas between quotation marks.")
                % number
            )
        yield number, values


def _filled(value: Any) -> bool:
    return value is not None and not is_blank(str(value))


def _text(column: str, value: Any) -> str:
    """Return a cell as text; raise Invalid for a formula, or for what no such cell holds."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if not isinstance(value, str | int | float):
        raise Invalid(_("The cell “%s” holds no text. Type its content.") % column)
    text = str(value)
    if text.lstrip(" ").startswith(FORMULA) and not isinstance(value, int | float):
        raise Invalid(
            _("“%(column)s” begins with “%(sign)s”, as a formula does. Type the text itself.")
            % {"column": column, "sign": text.lstrip(" ")[0]}
        )
    if len(text) > MAX_CELL:
        raise Invalid(_("“%(column)s” is longer than %(most)s characters.") % {"column": column, "most": MAX_CELL})
    return one_line(text)
