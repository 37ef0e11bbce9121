"""Pasted tables: cells with line breaks and quotation marks, and what a spreadsheet copies."""

import re

import pytest
from hypothesis import given as for_all
from hypothesis import settings, strategies

from scoreboard.data_tables import cells, pasting
from scoreboard.data_tables import tables as figures
from scoreboard.errors import Invalid
from scoreboard.forms import data_tables
from scoreboard.text import is_blank, one_line
from tests.scoreboard.data_tables.test_tables import Kind, a_column, a_form

pytestmark = pytest.mark.django_db


class TestPaste:
    """Cells copied from a spreadsheet become rows."""

    form = a_form(a_column(Kind.YEAR), {"code": "number", "kind": Kind.INTEGER}, {"code": "note", "kind": Kind.TEXT})

    def test_by_position(self):
        rows, notes = data_tables.pasted_rows(self.form, '2020\t5\t"two\nlines"\r\n\r\n2021\t6\n')
        assert rows == [{"cell": "2020", "number": "5", "note": "two\nlines"}, {"cell": "2021", "number": "6"}]
        assert notes == [
            "Lines pasted: 3. Rows read: 2, headings counted. Some cells have several lines; "
            "compare the table with your spreadsheet."
        ]

    def test_by_headings_in_any_order(self):
        rows, notes = data_tables.pasted_rows(self.form, "NUMBER\tColour\tCell\n5\tred\t2020\n")
        assert rows == [{"number": "5", "cell": "2020"}]
        assert notes == ["The column “Colour” is not one of this table; it was left out."]

    def test_too_many_columns(self):
        with pytest.raises(Invalid, match=r"This table has 3 columns. What you pasted has more"):
            data_tables.pasted_rows(self.form, "2020\t5\tnote\textra\n")

    @pytest.mark.parametrize(
        ("text", "notes"),
        [
            ('2020\t5\t"Falcon\n2021\t6\tb\n2022\t7\tc"\n', ['"Falcon', "b", 'c"']),
            ('"Falcon\t5\ta\n2021\t6\tb\n', ["a", "b"]),
            ('2020\t5\t"Falcon\n"Eagle"\t6\tb\n', ['"Falcon', "b"]),
            ('2020\t5\t"an ""odd"" word"\n2021\t6\t"the "other" word"\n', ['an "odd" word', '"the "other" word"']),
            ('2020\t5\t"\n2021\t6\t"\n', ['"', '"']),
        ],
    )
    def test_a_quotation_mark_swallows_no_rows(self, text, notes):
        rows, told = data_tables.pasted_rows(self.form, text)
        assert [row["note"] for row in rows] == notes
        assert told == []

    def test_a_cell_of_several_lines_is_one_cell_wherever_it_stands(self):
        rows, _told = data_tables.pasted_rows(self.form, '2020\t"1\n2"\tnote\n')
        assert rows == [{"cell": "2020", "number": "1\n2", "note": "note"}]
        faults = figures.read_rows(self.form, rows).faults
        assert [(fault.row, fault.column) for fault in faults] == [(1, "number")]
        # A browser drops line ends from a field; the figures stay apart there, and are asked back again.
        [line] = data_tables.lines(self.form, rows, faults, spare=0)
        assert line.cells[1].text == "1 / 2"

    def test_lines_above_the_headings_are_left_out_and_said(self):
        rows, told = data_tables.pasted_rows(
            self.form, "4 · Cases\t\t\nTo be read only\t\t\nCell\tNumber\tNote\n2020\t5\tx\n"
        )
        assert rows == [{"cell": "2020", "number": "5", "note": "x"}]
        assert told == [
            "The line “4 · Cases” is above the headings; it was left out.",
            "The line “To be read only” is above the headings; it was left out.",
        ]


# Cells as people fill them, with what goes wrong on a clipboard: quotation marks, and several lines.
LETTERS = strategies.text('"ab1 ,\u200b', max_size=6)
CELLS = LETTERS | strategies.lists(LETTERS, min_size=2, max_size=3).map("\n".join)


def tables(cell):
    def of_width(width):
        row = strategies.lists(cell, min_size=width, max_size=width)
        row = row.filter(lambda cells: not is_blank("".join(cells).replace('"', "")))
        return strategies.lists(row, min_size=1, max_size=5)

    return strategies.integers(2, 4).flatmap(of_width)


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


@settings(deadline=None)
@for_all(table=tables(CELLS), marks=strategies.booleans(), end=strategies.sampled_from(["\n", "\r\n", "\r"]))
def test_rows_in_are_rows_out(table, marks, end):
    """Programs quote cells of several lines, some of them those with quotation marks too; no row is lost or joined."""
    lines = [[quoted(c) if "\n" in c or ('"' in c and marks) else c for c in row] for row in table]
    text = end.join("\t".join(line).replace("\n", end) for line in lines) + end
    rows, lines_in = pasting.parse_rows(text, len(table[0]))
    if marks:
        assert rows == table
    elif not any("\n" in cell for row in table for cell in row):
        assert len(rows) == len(table) == lines_in
        assert all(len(row) == len(table[0]) for row in rows)


@settings(deadline=None)
@for_all(text=strategies.text('"ab\t\n', max_size=40), columns=strategies.integers(1, 4))
def test_every_line_is_read_or_said(text, columns):
    """Whatever is pasted, no letter of it is lost, and rows are fewer than lines only where a mark joins them."""
    rows, lines = pasting.parse_rows(text, columns)
    assert re.sub(r'["\s]', "", text) == re.sub(r'["\s]', "", "".join(cell for row in rows for cell in row))
    assert len(rows) <= lines
    if '"' not in text:
        assert len(rows) == lines


WORDS = strategies.text(strategies.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
ROWS = strategies.lists(
    strategies.fixed_dictionaries(
        {"year": strategies.integers(1900, 2020)},
        optional={
            "integer": strategies.integers(0, cells.MAX_NUMBER),
            "decimal": strategies.decimals(0, 1000, places=3).map(lambda number: f"{abs(number).normalize():f}"),
            "text": WORDS.map(lambda text: one_line(text, keep_joiners=True)).filter(bool),
            "yes_no": strategies.booleans(),
        },
    ),
    max_size=6,
)


@settings(deadline=None)
@for_all(rows=ROWS)
def test_what_a_spreadsheet_copies_comes_back_the_same(rows):
    form = a_form(*({"code": kind, "kind": kind} for kind in ("year", "integer", "decimal", "text", "yes_no")))

    lines = [[column.code for column in form.all_columns]]
    rows_typed = [[figures.row_as_typed(form, row).get(column.code, "") for column in form.all_columns] for row in rows]
    lines += [[quoted(cell) if '"' in cell else cell for cell in row] for row in rows_typed]
    typed, notes = data_tables.pasted_rows(form, "\r\n".join("\t".join(line) for line in lines))
    reading = figures.read_rows(form, typed)
    assert (reading.rows, reading.faults, notes) == (rows, [], [])
    figures.require_valid(form, rows)
