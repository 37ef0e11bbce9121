"""Reads an uploaded table, CSV or Excel workbook, as rows of cells; what must not be in such a file is refused."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from scoreboard import spreadsheets
from scoreboard.errors import Invalid

MAX_COLUMNS = 400


class Formula(str):
    """The formula of a cell, whose result only a spreadsheet program knows."""


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet; a CSV file is one without a name."""

    name: str
    rows: list[list[Any]]


def read(content: bytes, name: str, *, most_rows: int, advice: str, sheets: int = 1) -> list[Sheet]:
    """Return the first `sheets` of a file, read as a workbook if its name or content says so, else as CSV.

    Of a sheet of a workbook one row more is read than the heading and `most_rows`, so that who asks sees that there are
    more. Raises Invalid with a sentence, which `advice` ends for a file of another kind.
    """
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or name.casefold().endswith((".xlsx", ".xls", ".xlsm")):
        return _book(content, most_rows + 2, advice, sheets)
    return [Sheet("", list(_csv(content)))]


def _csv(content: bytes) -> Iterator[list[Any]]:
    """Yield the rows of a CSV file in UTF-8 or UTF-16, with commas, semicolons or tabs."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise Invalid(
            _("Row %(row)s: the file is not in UTF-8. Save it as “CSV UTF-8” or as an Excel workbook (.xlsx).")
            % {"row": row}
        ) from None
    if "\x00" in text:
        raise Invalid(_("The file is no text. Save it as “CSV UTF-8” or as an Excel workbook (.xlsx)."))
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        raise Invalid(
            _("The file cannot be read as CSV: a quotation mark is not closed, or stands in a text.")
        ) from None


def _book(content: bytes, most: int, advice: str, sheets: int) -> list[Sheet]:
    """Return the first sheets of a workbook."""
    book = spreadsheets.open_workbook(io.BytesIO(content), headings=0, advice=advice)
    try:
        return [
            Sheet(
                sheet.title,
                [[_value(cell) for cell in row] for row in sheet.iter_rows(max_row=most, max_col=MAX_COLUMNS)],
            )
            for sheet in book.worksheets[:sheets]
        ]
    except Invalid:
        raise
    except Exception as error:  # a damaged file can break the library anywhere
        raise Invalid(spreadsheets.damaged()) from error
    finally:
        book.close()


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula(cell.value)
    if isinstance(cell.value, str):
        return cell.value.replace("_x005F_", "_")  # as spreadsheets write a "_" that would begin an escape
    return cell.value
