"""The submission as a spreadsheet: `write` makes the file to pass around, `compare` lists what it would change."""

from scoreboard.workbook.cells import options
from scoreboard.workbook.differences import Difference, Found, compare, signed_answers
from scoreboard.workbook.reading import MAX_SIZE, read_workbook
from scoreboard.workbook.writing import blank, languages, write

__all__ = [
    "MAX_SIZE",
    "Difference",
    "Found",
    "blank",
    "compare",
    "languages",
    "options",
    "read_workbook",
    "signed_answers",
    "write",
]
