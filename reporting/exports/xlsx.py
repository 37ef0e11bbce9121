"""Tables as an XLSX workbook: the only module of this side that knows xlsxwriter.

Text is stored as text and marked so (`quote_prefix`): no spreadsheet takes it for a formula, not even when edited.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reporting.exports.tables import Table, Value, looks_like_formula

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
LONGEST_NAME = 31  # of a sheet, as Excel has it
WIDTHS = {"country": 24, "label": 60, "level_label": 60, "reason": 40, "comment": 60}


def written(tables: Sequence[Table], *, about: Sequence[tuple[str, str]], created: datetime) -> bytes:
    """Return a workbook: a first sheet with `about` and each sheet's number of rows, then a sheet per table."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    book.set_properties({"created": created.astimezone(UTC).replace(tzinfo=None)})
    head, quoted = book.add_format({"bold": True, "bottom": 1}), book.add_format({"quote_prefix": True})
    _about(book.add_worksheet("about"), about, tables, head, quoted)
    for table in tables:
        sheet = book.add_worksheet(table.name[:LONGEST_NAME])
        sheet.freeze_panes(1, 2)
        for column, code in enumerate(table.columns):
            sheet.set_column(column, column, WIDTHS.get(code, 12))
        _row(sheet, 0, table.columns, head, head)
        for n, row in enumerate(table.rows, start=1):
            _row(sheet, n, row, None, quoted)
    book.close()
    return content.getvalue()


def counted(content: bytes) -> list[int]:
    """Return how many rows, without the heading, each sheet after the first holds, as read from the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets.sort(key=lambda name: int(re.findall(r"\d+", name)[0]))
        return [archive.read(name).count(b"<row ") - 1 for name in sheets[1:]]


def _about(
    sheet: Worksheet, about: Sequence[tuple[str, str]], tables: Sequence[Table], head: Format, quoted: Format
) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 70)
    for n, (key, value) in enumerate(about):
        _row(sheet, n, [key, value], None, quoted)
    start = len(about) + 1
    _row(sheet, start, [_("Sheet"), _("Contents"), _("Rows")], head, head)
    for n, table in enumerate(tables, start=start + 1):
        _row(sheet, n, [table.name[:LONGEST_NAME], table.title, table.expected], None, quoted)


def _row(sheet: Worksheet, n: int, values: Sequence[Value], plain: Format | None, hostile: Format) -> None:
    for column, value in enumerate(values):
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            status = sheet.write_boolean(n, column, value, plain)
        elif isinstance(value, int | Decimal):
            status = sheet.write_number(n, column, float(value), plain)
        else:
            status = sheet.write_string(n, column, value, hostile if looks_like_formula(value) else plain)
        if status:
            raise ValueError(f"A cell of sheet {sheet.name} is too large: row {n + 1}, column {column + 1}")
