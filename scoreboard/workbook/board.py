"""The board as a file: the rows that are shown, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from scoreboard.cycles.board import Row
from scoreboard.models import Cycle
from scoreboard.workbook import text_cells

Value = str | int
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet takes a text for a formula


def table(cycle: Cycle, rows: Iterable[Row], *, notes: bool) -> list[list[Value]]:
    """Return the head and a line for each row; the notes only where the reader may see them."""
    head: list[Value] = [_("Code"), _("Country"), _("Networks"), _("State"), _("Answered"), _("Of")]
    head += [_("Last day in time")]
    head += [
        _("Due"),
        _("With"),
        _("Since"),
        _("Last activity"),
        _("Open questions"),
        _("Claimed by"),
        _("Lead officer"),
    ]
    lines: list[list[Value]] = [head + ([_("Note"), _("Note by"), _("Note of")] if notes else [])]
    for row in rows:
        one = row.submission
        networks = ", ".join(map(str, row.networks))
        line: list[Value] = [row.iso2, row.name, networks, str(row.state.text)]
        line += [row.answered, row.asked, row.due_on.isoformat()]
        line += [row.due, row.holder, _day(row.since, cycle), _day(row.acted_at, cycle), row.questions]
        line += [_name(one.claimed_by), _name(one.country.lead)]
        if notes:
            line += [one.note, _name(one.note_by) if one.note else "", _day(one.note_at, cycle) if one.note else ""]
        lines.append(line)
    return lines


def _day(moment: datetime | None, cycle: Cycle) -> str:
    return cycle.day(moment).isoformat() if moment else ""


def _name(person: Any) -> str:
    return str(person) if person else ""


def as_csv(lines: Iterable[list[Value]]) -> bytes:
    """Return the lines as CSV in UTF-8 with a byte order mark, which spreadsheets need; no text is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([f"'{one}" if isinstance(one, str) and one.startswith(FORMULA) else one for one in line])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(lines: list[list[Value]], title: str) -> bytes:
    """Return the lines as a workbook of one sheet, whose head stays in sight; no text is a formula."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title[:31]
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(row=number, column=column)
            if isinstance(value, str):
                text_cells.put(cell, value)
            else:
                cell.value = value
            if number == 1:
                cell.font = Font(bold=True)
    for column in range(1, len(lines[0]) + 1):
        widest = max(len(str(line[column - 1])) for line in lines)
        sheet.column_dimensions[get_column_letter(column)].width = min(widest + 2, 60)
    sheet.freeze_panes = "C2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
