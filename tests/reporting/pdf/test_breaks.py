"""Where pages and lines of the PDF end: no row of a table alone, sums once, words of a wide table whole."""

from io import BytesIO

import pytest
from django.template.loader import render_to_string
from i18nfield.strings import LazyI18nString
from pypdf import PdfReader

from reporting.pdf import assessment as pdf
from reporting.pdf import typesetting
from scoreboard.data_tables.tables import Table
from scoreboard.models import DataFormColumn

COLUMNS = [("year", "Year"), ("species", "Species"), ("text", "What happened to the birds")]
COLUMNS += [("integer", f"Number of birds: {which} estimate") for which in ("lowest", "best", "highest")]
COLUMNS += [("text", "Method of estimate"), ("text", "Region"), ("text", "Season"), ("text", "Comparable with 2020")]
ROW = [2024, "Streptopelia turtur", "Not separated", 1, 2, 3, "Monitoring scheme", "Highlands", "Summer", "Yes"]


def pages(body: str) -> list[str]:
    content = typesetting.section(f'<html lang="en"><title>x</title><body>{body}', pdf.STATIC)
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_no_row_of_a_table_stands_alone():
    row = "<tr><th scope='row'>row</th><td>1</td></tr>"
    section = '<section>{}<table class="numbers"><tbody>{}</tbody></table></section>'.format
    long = [section("", row * n) for n in (39, 40, 41)]  # 39 fill a page
    late = [section("<p>Line</p>" * n, row * 5) for n in (27, 28, 29, 30)]  # below 30 lines is room for one
    counts = [said.split().count("row") for said in pages("".join(long + late))]
    assert sum(counts) == 39 + 40 + 41 + 5 * len(late)
    assert 1 not in counts


@pytest.fixture(scope="module")
def birds() -> list[str]:
    """The pages of a wide table of figures that takes more than one."""
    columns = [
        DataFormColumn(code=f"c{n}", kind=kind, title=LazyI18nString(title)) for n, (kind, title) in enumerate(COLUMNS)
    ]
    rows = [{f"c{n}": value for n, value in enumerate(ROW)} for _row in range(16)]
    rows[0]["c7"] = "https://example.org/" + "x" * 60
    table = render_to_string("pdf/_data_table.html", {"table": Table("Birds", columns, rows)})
    return pages(f'<div class="reply">{table}</div>')


def test_sums_stand_once_below_the_last_row(birds):
    assert len(birds) > 1
    assert [said.count("Sum 16 32 48") for said in birds] == [0] * (len(birds) - 1) + [1]


def test_words_of_a_wide_table_are_whole(birds):
    words = " ".join(birds).split()
    for word in ("Streptopelia", "separated", "Monitoring", "Highlands", "Summer"):
        assert word in words
    assert not any("x" * 30 in word for word in words), "what fits no column is broken"


def test_a_written_heading_keeps_clear_of_the_introduction():
    body = '<div class="lead"><p>Introduction</p></div><div class="narrative"><h2>Heading</h2><p>Text</p></div>'
    content = typesetting.section(f'<html lang="en"><title>x</title><body>{body}', pdf.STATIC)
    down = {}
    PdfReader(BytesIO(content)).pages[0].extract_text(
        visitor_text=lambda text, _cm, matrix, *_font: down.setdefault(text.strip(), matrix[5])
    )
    assert down["Heading"] - down["Introduction"] > 1.5 * (down["Text"] - down["Heading"])
