"""Tables of figures: what cells take, what does not add up, pasting, and the page that saves them."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given as for_all
from hypothesis import settings, strategies
from openpyxl import load_workbook

from scoreboard import clock, workbook
from scoreboard.data_tables import cells, pasting
from scoreboard.data_tables import tables as figures
from scoreboard.errors import Invalid
from scoreboard.forms import data_tables
from scoreboard.models import Answer, AnswerVersion, DataForm, DataFormColumn, State
from scoreboard.submissions import answering, completeness, workflow
from scoreboard.text import is_blank, one_line
from tests.factories import (
    DECLARATION,
    SCOREBOARD,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db

Kind = DataFormColumn.Kind


def a_form(*columns, checks=()):
    """A data form that no database holds."""
    form = DataForm(code="figures", title="Figures", checks=list(checks))
    form.all_columns = [
        DataFormColumn(form=form, position=n, **{"title": column["code"].title()} | column)
        for n, column in enumerate(columns)
    ]
    for column in form.all_columns:
        column.title = DataFormColumn._meta.get_field("title").to_python({"en": column.title})
    return form


def a_column(kind, **fields):
    choices = [{"code": "cash", "title": {"en": "In cash", "el": "Μετρητά"}}] if kind == Kind.CHOICE else []
    return {"code": "cell", "kind": kind, "choices": choices} | fields


def read_cell(kind, text):
    """The value of one cell, or the sentence of its fault."""
    reading = figures.read_rows(
        a_form(a_column(kind), {"code": "other", "kind": Kind.TEXT}), [{"cell": text, "other": "x"}]
    )
    return reading.faults[0].sentence if reading.faults else reading.rows[0].get("cell")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.YEAR, "2023", 2023),
        (Kind.YEAR, " ٢٠٢٣ ", 2023),
        (Kind.INTEGER, "0", 0),
        (Kind.INTEGER, "-0", 0),
        (Kind.INTEGER, "12.0", 12),
        (Kind.INTEGER, "1 234 567", 1234567),
        (Kind.INTEGER, "1\u202f234", 1234),
        (Kind.INTEGER, "1,234,567", 1234567),
        (Kind.INTEGER, "1.234.567", 1234567),
        (Kind.INTEGER, "1'234", 1234),
        (Kind.INTEGER, "١٬٢٣٤", 1234),
        (Kind.DECIMAL, "12,50", "12.5"),
        (Kind.DECIMAL, "1000", "1000"),
        (Kind.DECIMAL, "0.000000001", "0.000000001"),
        (Kind.DECIMAL, "١٢٫٥", "12.5"),
        (Kind.TEXT, "=1+1", "=1+1"),
        (Kind.TEXT, " two\r\nlines\t", "two lines"),
        (Kind.TEXT, "Κυνήγι 🐦", "Κυνήγι 🐦"),
        (Kind.CHOICE, "cash", "cash"),
        (Kind.CHOICE, "IN CASH", "cash"),
        (Kind.CHOICE, "Μετρητά", "cash"),
        (Kind.CHOICE, "\ufeffIn\u00a0ca\u00adsh\u200e", "cash"),
        (Kind.SPECIES, "Streptopelia turtur (European Turtle-dove)", "Streptopelia turtur"),
        (Kind.SPECIES, "european turtle-dove (STREPTOPELIA turtur)", "Streptopelia turtur"),
        (Kind.SPECIES, "Strepto\u200bpelia\u202fturtur\u200f", "Streptopelia turtur"),
        (Kind.SPECIES, "Streptopelia turtur (a subspecies)", "Streptopelia turtur (a subspecies)"),
        (Kind.TEXT, "\u200bمی\u200cخواهیم\ufeff", "می\u200cخواهیم"),
        (Kind.TEXT, "\u200b\u2060", None),
        (Kind.YEAR, "\u200e2023\u200e", 2023),
        (Kind.SPECIES, "european turtle-dove", "Streptopelia turtur"),
        (Kind.SPECIES, "STREPTOPELIA TURTUR", "Streptopelia turtur"),
        (Kind.SPECIES, "some finch", "some finch"),
        (Kind.YES_NO, "Yes", True),
        (Kind.YES_NO, "no", False),
        (Kind.YES_NO, "", None),
    ],
)
def test_a_cell_takes(kind, text, value):
    found = read_cell(kind, text)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (Kind.YEAR, "23", "Give one year from 1900 to"),
        (Kind.YEAR, "1899", "Give one year from 1900 to"),
        (Kind.YEAR, "9999", "Give one year from 1900 to"),
        (Kind.INTEGER, "-3", "Give a number that is not less than 0."),
        (Kind.INTEGER, "1e9", "Give one whole number in digits, such as 1250."),
        (Kind.INTEGER, "²", "Give one whole number in digits, such as 1250."),
        (Kind.INTEGER, "12.5", "Give one whole number in digits, such as 1250."),
        (Kind.INTEGER, "=2+2", "Give one whole number in digits, such as 1250."),
        (Kind.INTEGER, "about 40", "Give one whole number in digits, such as 1250."),
        (Kind.INTEGER, "NaN", "Give one whole number in digits, such as 1250."),
        (Kind.INTEGER, "9" * 299, "Give a number that is not more than 1,000,000,000."),
        (Kind.DECIMAL, "1,234", "“1,234” can mean two numbers."),
        (Kind.DECIMAL, "inf", "Give one number in digits, such as 12.5."),
        (Kind.TEXT, "a\x00b", "The text holds a character that cannot be stored; type it again."),
        (Kind.TEXT, "a\ud800", "The text holds a character that cannot be stored; type it again."),
        (Kind.TEXT, "x" * 301, "Shorten the text to 300 characters."),
        (Kind.CHOICE, "gold", "Choose one of: In cash."),
        (Kind.YES_NO, "perhaps", "Answer yes or no."),
    ],
)
def test_a_cell_refuses(kind, text, sentence):
    assert read_cell(kind, text).startswith(f"Row 1, Cell: {sentence}")


def test_a_required_cell_and_an_empty_row():
    form = a_form(a_column(Kind.YEAR, required=True), {"code": "other", "kind": Kind.TEXT})
    reading = figures.read_rows(form, [{"cell": " "}, {"other": "x"}, {}])
    assert reading.rows == []
    assert [(fault.row, fault.column) for fault in reading.faults] == [(2, "cell")]


def test_too_many_rows_are_refused_with_a_sentence():
    form = a_form(a_column(Kind.INTEGER))
    told = "The table has more than 500 rows. Add up rows of the same kind until it has fewer."
    assert [fault.sentence for fault in figures.read_rows(form, [{"cell": "1"}] * 5_000).faults] == [told]
    with pytest.raises(Invalid, match="more than 500 rows"):
        data_tables.pasted_rows(form, "1\n" * 5_000)
    assert len(figures.read_rows(form, [{"cell": "1"}] * 500).rows) == 500


class TestDoubts:
    """What does not add up is told in a sentence and not refused."""

    @pytest.fixture
    def cycle(self, malta):
        an_edition(SCOREBOARD)
        return a_cycle([malta])

    def test_numbers_must_rise_along_the_columns_of_a_check(self, cycle):
        columns = [{"code": code, "kind": Kind.INTEGER} for code in ("low", "best", "high")]
        form = a_form(*columns, checks=[{"rule": "rising", "columns": ["low", "best", "high"]}])
        rows = [{"low": 1, "best": 1, "high": 2}, {"low": 5000, "high": 2}, {"best": 3}]
        assert figures.doubts(form, rows, cycle) == ["Row 2: “Low” is 5,000, which is more than “High”, 2."]
        both = [{"low": 3, "best": 2, "high": 1}]  # the best is below the lowest, and above the highest
        assert figures.doubts(form, both, cycle) == [
            "Row 1: “Low” is 3, which is more than “Best”, 2.",
            "Row 1: “Best” is 2, which is more than “High”, 1.",
        ]

    def test_years_long_ago_and_rows_twice(self, cycle):
        form = a_form(a_column(Kind.YEAR))
        early = cycle.opens.year - 16
        assert figures.doubts(form, [{"cell": early}, {"cell": early + 1}, {"cell": early + 1}], cycle) == [
            f"Row 1: is the year {early} right? It is more than 15 years before this cycle.",
            "Rows 2 and 3 are the same. Remove one, or the same is counted twice.",
        ]


def test_sums_are_exact_and_of_numbers_only():
    form = a_form(*({"code": kind, "kind": kind} for kind in (Kind.YEAR, Kind.INTEGER, Kind.DECIMAL, Kind.TEXT)))
    rows = [{"year": 2020, "integer": 1, "decimal": "0.1", "text": "5"}, {"decimal": "0.2"}]
    sums = figures.totals(form.all_columns, rows)
    assert {code: str(value) for code, value in sums.items()} == {"integer": "1", "decimal": "0.3"}
    assert figures.totals(form.all_columns, rows[:1]) == {}


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


class TestPage:
    """The page of the table of indicator 4, whose figures are cases, prosecutions and convictions."""

    ROW = {"r1-year": "2020", "r1-cases_recorded": "10", "r1-cases_prosecuted": "4", "r1-convictions": "2"}
    KEPT = {"year": 2020, "cases_recorded": 10, "cases_prosecuted": 4, "convictions": 2}

    @pytest.fixture(autouse=True)
    def edition(self, db):
        return an_edition(SCOREBOARD)

    @pytest.fixture
    def draft(self, focal):
        return submission_at(State.DRAFT)

    def url(self, submission, code="4"):
        return f"/submissions/{submission.pk}/figures/{code}/"

    def test_saves_rows_beside_the_answer_that_stands(self, sign_in, focal, draft):
        answering.save_answers(draft, {"4": given(level=2, comment="Kept.")}, by=focal, seen={})
        client = sign_in(focal)
        fields = Page(client.get(self.url(draft))).fields
        assert fields["seen"] == "1"
        page = Page(client.post(self.url(draft), fields | self.ROW | {"withheld": "on"}, follow=True))
        assert "The table is saved with 1 row." in page.text
        answer = draft.answers.get()
        assert (answer.level.value, answer.comment, answer.revision) == (2, "Kept.", 2)
        assert (answer.figures, answer.figures_withheld) == ([self.KEPT], True)
        assert answer.versions.first().figures == [self.KEPT]
        area = client.get(f"/submissions/{draft.pk}/areas/A/")
        assert "figures not for publication" in Page(area).text
        assert "Change the figures" in Page(area).text

    def test_what_is_saved_comes_back_in_every_field(self, sign_in, focal, draft):
        """A page that is opened and saved again changes nothing, whatever kind its cells are of."""
        columns = DataForm.objects.get(indicator__code="2", indicator__edition=draft.cycle.edition).all_columns
        samples = {Kind.YEAR: 2024, Kind.YES_NO: False, Kind.DECIMAL: "1.5", Kind.INTEGER: 7}
        row = {c.code: c.choices[0]["code"] if c.choices else samples.get(c.kind, "Otus scops") for c in columns}
        assert False in row.values()
        answering.save_answers(draft, {"2": given(level=1, figures=[row])}, by=focal, seen={})
        client, address = sign_in(focal), f"/submissions/{draft.pk}/figures/2/"
        fields = Page(client.get(address)).fields
        assert client.post(address, fields).status_code == 302
        assert draft.answers.get().figures == [row]

    def test_the_portals_own_workbook_pastes_back_as_it_was(self, sign_in, focal, draft):
        form = DataForm.objects.get(indicator__code="2", indicator__edition=draft.cycle.edition)
        samples = {Kind.YEAR: 2024, Kind.YES_NO: True, Kind.DECIMAL: "1.234", Kind.INTEGER: 12345}
        samples |= {Kind.SPECIES: "Streptopelia turtur", Kind.TEXT: 'A "note"'}
        row = {c.code: c.choices[0]["code"] if c.choices else samples[c.kind] for c in form.all_columns}
        answering.save_answers(draft, {"2": given(level=1, figures=[row, row | {"year": 2023}])}, by=focal, seen={})
        book = load_workbook(BytesIO(workbook.write(draft, "en")))
        [sheet] = [one for one in book if one.title.startswith("A2 ")]
        copied = "\n".join("\t".join(cell.value or "" for cell in cells) for cells in sheet.iter_rows())
        assert "Streptopelia turtur (European Turtle-dove)" in copied
        page = Page(sign_in(focal).post(self.url(draft, "2"), {"paste": "on", "pasted": copied}))
        assert "2 rows are read but not saved yet." in page.text
        assert sign_in(focal).post(self.url(draft, "2"), page.fields | {"seen": "1"}).status_code == 302
        assert draft.answers.get().figures == [row, row | {"year": 2023}]

    def test_last_time_stands_folded_above_the_table(self, sign_in, focal, malta):
        before = a_cycle([malta], code="2023", opens=clock.now().date() - timedelta(days=9)).submissions.get()
        fill(before, i4=given(level=2, figures=[{"year": 2022, "cases_recorded": 12}]))
        workflow.submit(before, by=focal, **DECLARATION)
        workflow.accept(before, by=an_officer(), version=before.versions.count())
        now = a_cycle([malta]).submissions.get()
        page = sign_in(focal).get(self.url(now)).content.decode()
        folded = page.index("The figures of A4 in Scoreboard 2023")
        assert page.rindex("<summary>", 0, folded) > page.rindex("<details>", 0, folded)
        assert folded < page.index(">12<") < page.index("</details>", folded) < page.index("data-figures")

    def test_figures_can_precede_the_answer(self, sign_in, focal, draft):
        sign_in(focal).post(self.url(draft), self.ROW | {"seen": "0"})
        answer = draft.answers.get()
        assert (answer.kind, answer.figures, answer.revision) == ("", [self.KEPT], 1)
        assert len(completeness.gaps(draft)) == len(draft.cycle.edition.all_indicators)

    def test_a_fault_costs_nothing_typed_and_writes_nothing(self, sign_in, focal, draft):
        page = Page(sign_in(focal).post(self.url(draft), self.ROW | {"r2-year": "20", "r2-convictions": "many"}))
        latest = draft.cycle.day().year
        assert page.links[f"Row 2, Year: Give one year from 1900 to {latest}."] == "#r2-year"
        assert (
            page.links["Row 2, Convictions: Give one whole number in digits, such as 1250. Or leave the cell empty."]
            == "#r2-convictions"
        )
        assert (page.fields["r1-year"], page.fields["r2-convictions"]) == ("2020", "many")
        assert not Answer.objects.exists()

    def test_rows_are_added_removed_and_pasted_without_saving(self, sign_in, focal, draft):
        client = sign_in(focal)
        page = Page(client.post(self.url(draft), self.ROW | {"add": "3"}))
        assert page.fields["r1-year"] == "2020"
        assert "r4-year" in page.fields
        typed = self.ROW | {"r2-year": "2021", "r1-remove": "on", "paste": "on", "pasted": "2022\t7\n"}
        page = Page(client.post(self.url(draft), typed))
        assert "1 row is read but not saved yet." in page.text
        assert (page.fields["r1-year"], page.fields["r2-year"]) == ("2021", "2022")
        assert page.fields["r2-cases_recorded"] == "7"
        assert not Answer.objects.exists()

    def test_doubts_are_told_and_kept(self, sign_in, focal, draft):
        response = sign_in(focal).post(self.url(draft), self.ROW | {"r1-convictions": "5"}, follow=True)
        assert "Row 1: “Convictions” is 5, which is more than “Cases prosecuted”, 4." in Page(response).text
        assert draft.answers.get().figures == [self.KEPT | {"convictions": 5}]

    def test_a_page_that_is_filled_in_asks_for_sums_and_notes(self, sign_in, focal, draft):
        typed = self.ROW | {"check": "on", "r2-year": "", "r2-remove": "on", "r3-year": "2021", "r3-convictions": "5"}
        typed |= {"r3-cases_recorded": "10", "r3-cases_prosecuted": "4", "r4-year": "20", "r5-convictions": "1"}
        checked = sign_in(focal).post(self.url(draft), typed).json()
        assert checked["notes"] == {
            "3": ["Row 3: “Convictions” is 5, which is more than “Cases prosecuted”, 4."],
            "4": [f"Row 4, Year: Give one year from 1900 to {draft.cycle.day().year}."],
        }  # row 5 is being typed: that its year is empty is no fault yet
        assert (checked["sums"]["year"], checked["sums"]["convictions"]) == ("", "7")
        assert not Answer.objects.exists()

    def test_a_colleague_in_the_comment_does_not_collide(self, sign_in, focal, draft, malta):
        client = sign_in(focal)
        client.post(self.url(draft), self.ROW)
        fields = Page(client.get(self.url(draft))).fields
        colleague = a_person("focal", malta, name="Colleague")
        answering.save_answers(draft, {"4": given(level=1)}, by=colleague, seen={"4": 1})
        assert client.post(self.url(draft), fields | {"r1-convictions": "3"}).status_code == 302
        answer = draft.answers.get()
        assert (answer.level.value, answer.figures[0]["convictions"], answer.revision) == (1, 3, 3)

    def test_nor_do_figures_collide_with_a_colleague_in_the_comment(self, sign_in, focal, draft):
        answering.save_answers(draft, {"4": given(level=1)}, by=focal, seen={})
        sign_in(focal).post(self.url(draft), self.ROW | {"seen": "1"})
        outcome = answering.save_answers(draft, {"4": given(level=1, comment="New.")}, by=focal, seen={"4": 1})
        assert outcome.saved == ["4"]
        answer = draft.answers.get()
        assert (answer.comment, answer.figures, answer.revision) == ("New.", [self.KEPT], 3)

    def test_a_colleague_in_the_figures_stands_against_them(self, sign_in, focal, draft, malta):
        client = sign_in(focal)
        fields = Page(client.get(self.url(draft))).fields
        colleague = a_person("focal", malta, name="Colleague")
        sign_in(colleague).post(self.url(draft), self.ROW)
        page = Page(client.post(self.url(draft), fields | {"r1-year": "2019"}))
        assert "Stored now: the figures of Colleague" in page.text
        assert (page.fields["r1-year"], page.fields["seen"]) == ("2019", "1")
        assert draft.answers.get().figures == [self.KEPT]
        assert client.post(self.url(draft), page.fields).status_code == 302
        assert draft.answers.get().figures == [{"year": 2019}]

    def test_the_reviewer_sees_the_figures_and_those_before(self, sign_in, focal, officer, draft):
        fill(draft, i4=given(figures=[self.KEPT]))
        workflow.submit(draft, by=focal, **DECLARATION)
        workflow.return_for_changes(draft, by=officer, comment="Which year?", version=1)
        sign_in(focal).post(self.url(draft), self.ROW | {"seen": "1", "r1-year": "2019", "why": "A slip."})
        workflow.submit(draft, by=focal, **DECLARATION)
        page = Page(sign_in(officer).get(f"/review/{draft.pk}/", follow=True))
        assert "Changed since the version before 1" in page.text
        table = "Year Cases recorded Cases prosecuted Convictions {} 10 4 2"
        assert "prosecutions " + table.format(2019) in page.text
        assert "The figures were:" in page.text
        assert "prosecutions " + table.format(2020) in page.text
        version = Page(sign_in(officer).get(f"/submissions/{draft.pk}/versions/1/"))
        assert table.format(2020) in version.text

    def test_after_a_return_an_unasked_table_needs_a_reason(self, sign_in, focal):
        returned = submission_at(State.RETURNED)
        client = sign_in(focal)
        page = Page(client.post(self.url(returned), Page(client.get(self.url(returned))).fields | self.ROW))
        assert "A4: the Secretariat did not ask to change this answer. Say why you change it." in page.text
        assert client.post(self.url(returned), page.fields | {"why": "New cases."}).status_code == 302
        assert AnswerVersion.objects.get(answer__indicator__code="4", revision=2).why == "New cases."

    def test_closed_pages_show_the_figures_and_give_typed_ones_back(self, sign_in, focal):
        submitted = submission_at(State.SUBMITTED)
        client = sign_in(focal)
        page = Page(client.get(self.url(submitted)))
        assert "These figures cannot be changed now This submission is with the Secretariat." in page.text
        assert page.fields == {}
        response = client.post(self.url(submitted), self.ROW)
        assert response.status_code == 409
        assert Page(response).fields["r1-convictions"] == "2"

    def test_who_reads_and_who_writes(self, sign_in, greece, draft, observer, analyst):
        for stranger in (a_focal(greece), observer, analyst, a_person("contributor", draft.country)):
            assert sign_in(stranger).get(self.url(draft)).status_code == 404
            assert sign_in(stranger).post(self.url(draft), self.ROW).status_code == 404
        submitted = submission_at(State.SUBMITTED, draft.country, draft.cycle)
        assert sign_in(analyst).get(self.url(submitted)).status_code == 200
        assert sign_in(analyst).post(self.url(submitted), self.ROW).status_code == 403

    @pytest.mark.parametrize("code", ["1", "999"])
    def test_an_indicator_without_a_table_has_no_page(self, sign_in, focal, draft, code):
        assert sign_in(focal).get(self.url(draft, code)).status_code == 404


@pytest.mark.parametrize(
    "rows",
    [
        "rows",
        ["row"],
        [{"colour": "red"}],
        [{"year": True}],
        [{"year": "2020"}],
        [{"year": 2020}, {}],
        [{"year": 2020, "convictions": 1.5}],
        [{"year": 2020, "penalty_amount": {"a": 1}}],
        [{"year": 2020, "penalty_amount": "a\x00"}],
        [{"convictions": 1}],
    ],
)
def test_the_door_refuses_rows_that_no_page_would_send(rows, focal, malta):
    an_edition(SCOREBOARD)
    draft = submission_at(State.DRAFT, malta)
    outcome = answering.save_answers(draft, {"4": given(figures=rows)}, by=focal, seen={})
    assert isinstance(outcome.problems["4"], Invalid)
    assert not Answer.objects.exists()
