"""Rich text: whatever is typed, it shows the figures that it names and no other, and keeps its numbers."""

import re
import subprocess

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from reporting.document import narrative
from reporting.document.document import Document
from reporting.document.references import Names
from reporting.document.richtext import Narrative, html
from reporting.pdf import typesetting
from tests.reporting.snapshots import a_snapshot

SECRET = "⟦figure⟧"  # what the portal shows for a name, and nobody draws

# What might pass for a mark of the portal's: private characters and elements, typed and as entities, in any place.
PIECES = st.sampled_from(
    [
        *(
            "\ue000",
            "\ue001",
            "\ufdd0",
            "\uffff",
            "\x00",
            "\u200b",
            "&#xE000;",
            "&#57345;",
            "&#xFDD0;",
            "&#0;",
            "&amp;",
        ),
        *('<data value="0"></data>', '&lt;data value="0"&gt;&lt;/data&gt;', "<data", 'value="1">', "</data>", "&quot;"),
        *("0", "1", "9" * 5_000, "-1", "²", "٣", "[[", "]]", "x", "[[x]]", "^[", "^[note]", "](", "[a](https://x.org/"),
        *("\n", "\n\n", "# ", "- ", "1. ", "2018. ", "> ", "**", "*", "\\", "&nbsp;", " ", ")"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join)


@given(TEXTS)
@example("&#xE000;0&#xE001;")
@example(f"&#xE000;{'9' * 5_000}&#xE001; [[x]]")
@example('<data value="0"></data> &lt;data value="0"&gt;&lt;/data&gt; [[x]]')
@example('[a](https://x.org/<data value="0"></data>) [[x]]')
@drawn(max_examples=120, deadline=None)
def test_a_text_shows_the_figures_that_it_names_and_no_other(text):
    read = Narrative(text)
    shown = read.html(lambda live: f"<b>{SECRET}</b>", level=2, anchor="a")
    assert shown.count(SECRET) == len(read.live) <= text.count("[[")
    assert "<data" not in shown
    assert shown.count('<sup><a id="a-note-') == shown.count('<li id="a-note-') <= text.count("^[")
    assert "<data" not in html(text)


@pytest.fixture(scope="module")
def names():
    return Names(Document(a_snapshot({"MT": {"P1": 1, "P2": 2}, "GR": {"P1": 3, "Q1": "unknown"}})))


WORDS = st.sampled_from(
    [
        *("mean", "median", "n", "percent", "level", "countries", "comment", "sum", "table", "figure", "levels"),
        *("P", "P1", "Q1", "MT", "GR", "1", "3", "²", "٣", "9" * 290, "areas", ":", "total", "\u00a0", "&#xE000;"),
    ]
)


@given(st.lists(st.lists(WORDS, max_size=4).map(" ".join), max_size=3))
@example(["countries P1 ²"])
@drawn(max_examples=60, deadline=None)
def test_any_name_is_shown_or_marked_and_never_an_error(names, typed):
    text = "\n\n".join(f"[[{name}]] and [[{name}]]" for name in typed)
    shown = narrative.html(names, text, anchor="a", medium=narrative.PAGE)
    assert shown.count("unknown-name") == len(narrative.problems(names, text))


@pytest.mark.parametrize("text", ["2018. The first round\n2019. The second", "2018. The first round"])
def test_a_list_keeps_the_number_it_begins_with(text):
    for made in (html(text), Narrative(text).html(lambda live: "", level=2, anchor="a")):
        assert re.findall(r"<ol[^>]*>", made) == ['<ol start="2018">']


def test_a_list_keeps_its_number_in_print():
    page = f'<html lang="en"><title>x</title><body>{html("2018. The first round")}</body></html>'
    content = typesetting.render(page, settings.BASE_DIR / "static").write_pdf()
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    assert " ".join(told.stdout.decode().split()) == "2018. The first round"
