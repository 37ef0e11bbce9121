"""A list of a page as a file, CSV or Excel workbook, in which no text is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from scoreboard.errors import Invalid
from scoreboard.workbook import text_cells

Value = str | int | datetime | None

MOST_ROWS = 100_000  # so that no file keeps a web server busy for minutes
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def require_room(rows: int) -> None:
    """Raise Invalid for more rows than a file may have: a file that was cut would look like all of it."""
    if rows > MOST_ROWS:
        raise Invalid(
            _("The list has %(rows)s rows, and a file takes %(most)s. Narrow the list by its filters, then try again.")
            % {"rows": rows, "most": MOST_ROWS}
        )


def write(kind: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return rows under the names of their columns as a file of a kind, a key of KINDS."""
    return (_csv if kind == "csv" else _xlsx)(columns, rows)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([text_cells.csv_text(column) for column in columns])
    writer.writerows([text_cells.csv_text(_text(value)) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, column) for column in columns])
    for row in rows:
        sheet.append([value if isinstance(value, int) else _cell(sheet, _text(value)) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    text_cells.put(cell, text)
    cell.quotePrefix = text_cells.looks_like_formula(text)
    return cell


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(sep=" ", timespec="seconds")
    return "" if value is None else str(value)
