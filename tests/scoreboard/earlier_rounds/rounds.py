"""What the tests of earlier rounds share: a cycle that is over, and files as people make them."""

import io
from datetime import date

from openpyxl import Workbook

from scoreboard.models import Cycle, Edition
from tests import factories


def a_past_cycle(edition: Edition, code: str = "2018", year: int = 2018, **fields) -> Cycle:
    """Return a cycle of a year that is over, which no country takes part in yet."""
    dates = {"opens": date(year, 1, 1), "deadline": date(year, 3, 31), "closes": date(year, 4, 30)}
    return factories.a_cycle(code=code, edition=edition, **dates, **fields)


def csv(*lines: str, heading: str = "country,indicator,level") -> bytes:
    """Return a CSV file of lines under a heading."""
    return "\r\n".join([heading, *lines, ""]).encode()


def xlsx(**sheets: list[list[object]]) -> bytes:
    """Return a workbook of rows by the names of its sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
