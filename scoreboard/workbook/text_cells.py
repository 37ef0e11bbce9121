"""Text in a cell of a spreadsheet: stored as it was typed, never as a formula, an error or a date."""

import re

from openpyxl.cell import Cell

LONGEST = 32_767  # characters in a cell, as Excel has it; the library cuts what is longer without a word
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # spreadsheets read _x0041_ as "A", unless its first "_" is escaped


def put(cell: Cell, text: str) -> None:
    """Store a text in a cell as text. Raises ValueError if it is longer than a cell holds."""
    cell.value = encoded(text)
    cell.data_type = "s"


def encoded(text: str) -> str:
    """Return a text as the file holds it. Raises ValueError if it is longer than a cell holds."""
    text = NOT_XML.sub("", text)
    if len(text) > LONGEST:
        raise ValueError("The text is longer than a cell holds.")
    escaped = ESCAPE.sub("_x005F_", text)
    return escaped if len(escaped) <= LONGEST else text


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula."""
    return bool(FORMULA.match(text))


def csv_text(text: str) -> str:
    """Return a text for a CSV file, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if looks_like_formula(text) else text
