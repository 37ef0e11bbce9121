"""A table as spreadsheets put it on the clipboard: text into rows of cells, so that no row is lost to a quotation mark.

Spreadsheets divide cells by tabs and rows by line ends. A cell with several lines stands in quotation marks, those
within doubled; but any other cell may begin with one too.
"""

import re

from scoreboard.text import is_blank

# A cell in quotation marks that closes before the next cell or row; a tab within one is a mark that was never closed.
_QUOTED = re.compile(r'"([^"\t]*(?:""[^"\t]*)*)"(?=\t|\n|\Z)')
_PLAIN = re.compile(r"[^\t\n]*")


def rows(text: str, columns: int) -> tuple[list[list[str]], int]:
    """Return the rows that hold anything, and how many lines of the text do.

    They differ where a cell has several lines. What spreadsheets copy has as many cells in every row: of the ways to
    read the marks the first that leads there is taken. A row is no wider than a table of so many `columns`.
    """
    text = re.sub(r"\r\n?", "\n", text)
    lines = [line for line in text.split("\n") if _holds(re.sub(r'(?<![^\t])""(?![^\t])', "", line).split("\t"))]
    widest = max((line.count("\t") + 1 for line in lines), default=0)
    ways = [_read(text, most) for most in (max(columns, widest), widest, 0)]
    even = (way for way in ways if len({len(row) for row in way}) <= 1)
    return next(even, ways[0]), len(lines)


def _read(text: str, most: int) -> list[list[str]]:
    """Return the rows; a cell of several lines is taken for one only if its row gets no wider than `most`."""
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
    return [row for row in table if _holds(row)]


def _cells_after(text: str, at: int) -> int:
    """How many cells follow in the same line."""
    end = text.find("\n", at)
    return text.count("\t", at, end if end >= 0 else len(text))


def _holds(cells: list[str]) -> bool:
    return not all(is_blank(cell) for cell in cells)
