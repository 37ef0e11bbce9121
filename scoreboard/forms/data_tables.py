"""A data form as a page: posted fields to typed rows, rows to fields, and tables pasted from a spreadsheet.

The cell of row 3 and column "year" is the field r3-year; a ticked r3-remove removes the row; rows without text are
left out. These forms only translate; `data_tables.tables` parses the cells and `answering` saves them.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard.data_tables import pasting, tables
from scoreboard.data_tables.cells import DIGITS, NUMERIC, Kind, cell_as_typed, cell_text, parse_cell
from scoreboard.data_tables.tables import Fault
from scoreboard.errors import Invalid
from scoreboard.models import Answer, Cycle, DataForm, DataFormColumn
from scoreboard.submissions.answering import AnswerInput, as_input
from scoreboard.text import is_blank, one_line

SPARE = 3  # empty rows offered at a time
HEADING_LINES = 5  # first lines of a sheet that can be its headings

CellText = dict[str, str]


@dataclass(frozen=True)
class Cell:
    """A field of the page."""

    column: DataFormColumn
    name: str
    text: str
    fault: str = ""

    @property
    def is_number(self) -> bool:
        """Whether digits are typed into it."""
        return self.column.kind in (Kind.YEAR, *NUMERIC)

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """The options of a cell with fixed answers: value, text, whether chosen; none for other cells."""
        if self.column.kind == Kind.YES_NO:
            offered = [("yes", _("Yes")), ("no", _("No"))]
        else:
            offered = [(choice["code"], cell_text(self.column, choice["code"])) for choice in self.column.choices]
        try:
            value = cell_as_typed(self.column, parse_cell(self.column, self.text))
        except Invalid:
            value = self.text
            if value:  # shown as an extra option, to be corrected
                offered.append((value, value))
        return [(code, text, code == value) for code, text in offered]


@dataclass(frozen=True)
class Line:
    """A row of fields, counted from 1, and what is wrong or doubtful in it."""

    number: int
    cells: list[Cell]
    notes: list[str]


def posted_rows(data: Mapping[str, str]) -> list[CellText]:
    """Return the posted rows, in order, without those that were ticked for removal."""
    return list(_posted(data).values())


def _posted(data: Mapping[str, str]) -> dict[int, CellText]:
    """Return the posted rows that stay, by their number on the page."""
    rows: dict[int, CellText] = defaultdict(dict)
    for name, text in data.items():
        if match := re.fullmatch(r"r([0-9]{1,5})-([a-z0-9_-]{1,40})", name):
            rows[int(match[1])][match[2]] = text
    return {number: rows[number] for number in sorted(rows) if "remove" not in rows[number]}


def checked(form: DataForm, data: Mapping[str, str], cycle: Cycle) -> dict[str, Any]:
    """Return the sums of the columns and the notes of the rows of a table that somebody is filling in.

    An empty cell is no fault as long as the row is being typed.
    """
    posted = _posted(data)
    read = tables.read_rows(form, list(posted.values()), list(posted))
    faults = [one for one in read.faults if one.row and not is_blank(posted[one.row].get(one.column, ""))]
    sums = tables.totals(form.all_columns, read.rows, form.checks)
    return {
        "sums": {column.code: cell_text(column, sums.get(column.code)) for column in form.all_columns},
        "notes": _notes(faults, tables.doubts_by_row(form, read.rows, read.numbers, cycle)),
    }


def _notes(faults: Sequence[Fault], doubts: Sequence[tuple[int, str]]) -> dict[int, list[str]]:
    """Return the sentences on each row."""
    notes: dict[int, list[str]] = defaultdict(list)
    for number, sentence in (*((fault.row, fault.sentence) for fault in faults), *doubts):
        notes[number].append(sentence)
    return notes


def without_empty(rows: Sequence[CellText]) -> list[CellText]:
    """Return the rows that hold any text."""
    return [row for row in rows if not all(is_blank(text) for text in row.values())]


def lines(
    form: DataForm,
    rows: Sequence[CellText],
    faults: Sequence[Fault] = (),
    spare: int = SPARE,
    doubts: Sequence[tuple[int, str]] = (),
) -> list[Line]:
    """Return rows of fields for typed rows, with what is wrong or doubtful, and some empty ones after them."""
    sentences = {(fault.row, fault.column): fault.sentence for fault in faults}
    notes = _notes(faults, doubts)
    return [
        Line(
            number,
            [
                Cell(
                    column,
                    f"r{number}-{column.code}",
                    _in_a_field(column, row.get(column.code, "")),
                    sentences.get((number, column.code), ""),
                )
                for column in form.all_columns
            ],
            notes.get(number, []),
        )
        for number, row in enumerate([*rows, *[{} for _spare in range(spare)]], start=1)
    ]


def _in_a_field(column: DataFormColumn, text: str) -> str:
    """Return a cell's text for a field of one line, from which browsers remove line ends: "1" above "2" is not 12."""
    return (" / " if column.kind in DIGITS else " ").join(text.strip().splitlines())


def pasted_rows(form: DataForm, text: str) -> tuple[list[CellText], list[str]]:
    """Return the rows of a table copied from a spreadsheet, and sentences about what was left out.

    Columns are found by a line of headings if there is one, else by their order; lines above the headings are left
    out. Raises Invalid if it cannot be read as a table or is far too long.
    """
    if len(text) > tables.MAX_ROWS * 2_000:
        raise Invalid(_("What you pasted is far too long for this table."))
    rows, lines = pasting.parse_rows(text, len(form.all_columns))
    notes = _joined_lines(lines, len(rows))
    codes: list[str | None] = [column.code for column in form.all_columns]
    at = _heading_line(form, rows)
    if at is not None:
        codes = _codes_of_headings(form, rows[at])
        notes += _left_out(rows[:at], rows[at], codes)
        rows = rows[at + 1 :]
    if len(rows) > tables.MAX_ROWS:
        raise Invalid(tables.too_many_rows())
    _require_columns(rows, len(codes))
    return [{code: cell.strip() for code, cell in zip(codes, row, strict=False) if code} for row in rows], notes


def _joined_lines(lines: int, rows: int) -> list[str]:
    if lines == rows:
        return []
    sentence = _(
        "Lines pasted: %(lines)s. Rows read: %(rows)s, headings counted. Some cells have several lines; "
        "compare the table with your spreadsheet."
    )
    return [sentence % {"lines": lines, "rows": rows}]


def _heading_line(form: DataForm, rows: Sequence[Sequence[str]]) -> int | None:
    """Return the first line that holds at least two headings (or the only one) and so no figures, if there is one."""
    columns, headings = len(form.all_columns), _codes_by_heading(form)
    for n, row in enumerate(rows[: HEADING_LINES if columns > 1 else 1]):
        if sum(_heading(cell) in headings for cell in row) >= min(2, columns):
            return n
    return None


def _codes_of_headings(form: DataForm, row: Sequence[str]) -> list[str | None]:
    headings = _codes_by_heading(form)
    return [headings.get(_heading(cell)) for cell in row]


def _codes_by_heading(form: DataForm) -> dict[str, str]:
    titles = {_heading(title): column.code for column in form.all_columns for title in column.title.data.values()}
    return titles | {column.code: column.code for column in form.all_columns}


def _heading(cell: str) -> str:
    return one_line(cell).casefold()


def _left_out(above: Sequence[Sequence[str]], headings: Sequence[str], codes: Sequence[str | None]) -> list[str]:
    return [_("The line “%s” is above the headings; it was left out.") % one_line(" ".join(row)) for row in above] + [
        _("The column “%s” is not one of this table; it was left out.") % one_line(cell)
        for cell, code in zip(headings, codes, strict=True)
        if code is None and not is_blank(cell)
    ]


def _require_columns(rows: Sequence[Sequence[str]], most: int) -> None:
    """Raise Invalid for rows with text beyond the columns."""
    if any(not is_blank(cell) for row in rows for cell in row[most:]):
        sentence = ngettext("This table has %(n)s column.", "This table has %(n)s columns.", most)
        raise Invalid(sentence % {"n": most} + " " + _("What you pasted has more; copy only these, in order."))


def with_figures(answer: Answer | None, rows: list[tables.Row], *, withheld: bool, why: str) -> AnswerInput:
    """Return the stored answer with other figures, as input for `answering`."""
    return replace(as_input(answer), figures=rows, figures_withheld=withheld, why=why)


def seen_revision(answer: Answer | None, seen: int) -> int:
    """Return the revision to compare with when figures are saved.

    It is the current one if colleagues changed other parts of the answer since `seen`, but not its figures.
    """
    if answer is None or seen >= answer.revision:
        return seen
    version = answer.versions.filter(revision=seen).first()
    before = (version.figures, version.figures_withheld) if version else ([], False)
    return answer.revision if before == (answer.figures, answer.figures_withheld) else seen
