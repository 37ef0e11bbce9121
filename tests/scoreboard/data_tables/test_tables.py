"""Tables of figures: what cells take, and what does not add up."""

import pytest

from scoreboard.data_tables import tables as figures
from scoreboard.errors import Invalid
from scoreboard.forms import data_tables
from scoreboard.models import DataForm, DataFormColumn
from tests.factories import (
    SCOREBOARD,
    a_cycle,
    an_edition,
)

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
