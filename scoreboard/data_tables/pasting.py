"""Parses a table from a spreadsheet's clipboard into rows of cells, without losing a row to a quotation mark.

Spreadsheets separate cells by tabs and rows by line ends. A cell with several lines is in quotation marks, those within
it doubled; but any other cell may begin with one too.
"""

import re

from scoreboard.text import is_blank

# A quoted cell that ends before the next cell or row; a tab within it means that the mark was never closed.
_QUOTED = re.compile(r'"([^"\t]*(?:""[^"\t]*)*)"(?=\t|\n|\Z)')
_PLAIN = re.compile(r"[^\t\n]*")


def parse_rows(text: str, columns: int) -> tuple[list[list[str]], int]:
    """Return the rows that are not blank, and the number of lines that are not.

    The two differ if a cell has several lines. A copied table has the same number of cells in every row: the first way
    to read the quotation marks that gives such rows is used. `columns` is the width of the table to fill.
    """
    text = re.sub(r"\r\n?", "\n", text)
    lines = [line for line in text.split("\n") if _has_text(re.sub(r'(?<![^\t])""(?![^\t])', "", line).split("\t"))]
    widest = max((line.count("\t") + 1 for line in lines), default=0)
    ways = [_read(text, most) for most in (max(columns, widest), widest, 0)]
    even = (way for way in ways if len({len(row) for row in way}) <= 1)
    return next(even, ways[0]), len(lines)


def _read(text: str, most: int) -> list[list[str]]:
    """Return the rows; a quoted cell may have several lines only if its row has at most `most` cells."""
    table: list[list[str]] = [[]]
    at = 0
    while at <= len(text):
        cell = _QUOTED.match(text, at)
        if cell and ("\n" not in cell[1] or len(table[-1]) + 1 + _cells_after(text, cell.end()) <= most):
            table[-1].append(cell[1].replace('""', '"'))
        else:
            cell = _PLAIN.match(text, at)
            table[-1].append(cell[0] if cell else "")
        at = cell.end() if cell else at
        if text[at : at + 1] == "\n":
            table.append([])
        at += 1
    return [row for row in table if _has_text(row)]


def _cells_after(text: str, at: int) -> int:
    """How many cells follow in the same line."""
    end = text.find("\n", at)
    return text.count("\t", at, end if end >= 0 else len(text))


def _has_text(cells: list[str]) -> bool:
    return not all(is_blank(cell) for cell in cells)
