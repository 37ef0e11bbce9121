"""Tables as an XLSX workbook, the same bytes for the same tables once it is packed by `files.zipped`.

Text is stored as text and marked so (`quotePrefix`): no spreadsheet takes it for a formula, not even when edited.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from reporting.exports.tables import Table, Value
from scoreboard.workbook import text_cells

LONGEST_NAME = 31  # of a sheet, as Excel has it
WIDTHS = {"country": 24, "label": 60, "level_label": 60, "reason": 40, "comment": 60}
BOLD, UNDERLINE = Font(bold=True), Border(bottom=Side("thin"))


def write_workbook(tables: Sequence[Table], *, about: Sequence[tuple[str, str]], created: datetime) -> bytes:
    """Return a workbook: a first sheet with `about` and each sheet's number of rows, then a sheet per table.

    Raises ValueError, naming the place, for a text that is longer than a cell holds.
    """
    book = Workbook(write_only=True)
    _about(book.create_sheet("about"), about, tables)
    for table in tables:
        sheet = book.create_sheet(table.name[:LONGEST_NAME])
        sheet.freeze_panes = "C2"
        for column, code in enumerate(table.columns, start=1):
            _width(sheet, column, WIDTHS.get(code, 12))
        sheet.append([_heading(sheet, code) for code in table.columns])
        for n, row in enumerate(table.rows, start=2):
            _append(sheet, n, row)
    book.properties.creator = None
    book.properties.created = book.properties.modified = created.astimezone(UTC).replace(tzinfo=None)
    content = io.BytesIO()
    # Workbook.save would date the file by the computer's clock.
    ExcelWriter(book, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED)).save()
    return content.getvalue()


def count_rows(content: bytes) -> list[int]:
    """Return how many rows, without the heading, each sheet after the first holds, as read from the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets.sort(key=lambda name: int(re.findall(r"\d+", name)[0]))
        return [archive.read(name).count(b"<row ") - 1 for name in sheets[1:]]


def _about(sheet: Worksheet, about: Sequence[tuple[str, str]], tables: Sequence[Table]) -> None:
    _width(sheet, 1, 26)
    _width(sheet, 2, 70)
    for n, pair in enumerate(about, start=1):
        _append(sheet, n, pair)
    sheet.append([])
    sheet.append([_heading(sheet, title) for title in (_("Sheet"), _("Contents"), _("Rows"))])
    for n, table in enumerate(tables, start=len(about) + 3):
        _append(sheet, n, [table.name[:LONGEST_NAME], table.title, table.expected])


def _width(sheet: Worksheet, column: int, characters: int) -> None:
    sheet.column_dimensions[get_column_letter(column)].width = characters


def _heading(sheet: Worksheet, title: str) -> Cell:
    cell = _text(sheet, title)
    cell.font, cell.border = BOLD, UNDERLINE
    return cell


def _append(sheet: Worksheet, n: int, values: Sequence[Value]) -> None:
    """Write values into row `n`, which is the next one."""
    try:
        sheet.append([_cell(sheet, value) for value in values])
    except ValueError as problem:
        raise ValueError(f"Sheet {sheet.title}, row {n}: {problem}") from problem


def _cell(sheet: Worksheet, value: Value) -> bool | float | str | Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return float(value)
    if not (
        text_cells.looks_like_formula(value) or value.startswith("#")
    ):  # which the library stores as formulas and errors
        return text_cells.encoded(value)  # without a cell object: half the time
    cell = _text(sheet, value)
    cell.quotePrefix = text_cells.looks_like_formula(value)
    return cell


def _text(sheet: Worksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    text_cells.put(cell, text)
    return cell
