"""Narratives: what the notation makes, what names show, and how both stand in the PDF."""

import re
import subprocess

import page
import pytest

from reporting.document import narrative
from reporting.document.document import Document
from reporting.document.references import Names
from reporting.document.richtext import Narrative
from reporting.pdf import assessment as pdf
from tests.reporting.pdf.test_assessment import an_assessment
from tests.reporting.snapshots import a_snapshot, an_answer

COMMENT = 'A survey\nof 2025 <script>"x"</script>.'
ANSWERS = {
    "MT": {
        "P1": an_answer(3, comment=COMMENT),
        "P2": an_answer("not_applicable", reason="There is no staff."),
        "P3": an_answer(1, withheld=True),
        "Q2": "unknown",
    },
    "GR": {"P1": 1, "P2": 2, "P3": 0, "Q1": "unknown"},
}
TEXT = """\
The mean is [[mean P]] percent^[With n = [[n P]], see [the law](https://example.org/law).].

## Deep at once

> [[percent MT P]] and [[percent MT Q]]

# Then a **bold** one

[[figure P]]

[[table areas]]

[[comment MT P1: of 2025]]

<img src="http://evil.example/a.png"> ![x](file:///etc/passwd) [f](file:///etc/passwd)
"""


@pytest.fixture(scope="module")
def names():
    return Names(Document(a_snapshot(ANSWERS)))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# A\n## B\n### C", "<h3>A</h3><h4>B</h4><h5>C</h5>"),
        ("## B\n# A\n### C", "<h3>B</h3><h3>A</h3><h4>C</h4>"),  # none is left out
        ("- a\n- b\n\n1. c", "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"),
        ("**a** *b*\nc", "<p><strong>a</strong> <em>b</em>c</p>"),
        ("a | b\n--|--\n1 | 2", "<p>a | b--|--1 | 2</p>"),
        ("[a](https://x.org/b) c", '<p><a href="https://x.org/b">a</a> c</p>'),
        ("[a](mailto:a@x.org)", '<p><a href="mailto:a@x.org">a</a></p>'),
        ("[a](/admin/) [b](file:///x)", "<p>[a](/admin/) [b](file:///x)</p>"),
        ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>"),
        ('<data value="0"></data>', '<p>&lt;data value="0"&gt;&lt;/data&gt;</p>'),  # nobody writes the portal's marks
        ("[[x]] y", "<p>{x} y</p>"),
        ("\n[[ x  y ]]\n", "{x y!}"),
        ("- [[x]]", "<ul><li>{x}</li></ul>"),
    ],
)
def test_the_notation(source, html):
    made = Narrative(source).html(lambda live: f"{{{live.name}{'!' * live.alone}}}", level=3, anchor="a")
    assert re.sub(r"\n", "", made) == html


def test_footnotes_are_numbered_and_lead_back():
    text = Narrative("One^[First [[x]], ^[one\nwithin [[y]]].] and^[*Third*] two.\n[[z]] [^1]\n\n[^1]: No note.")
    made = text.html(lambda live: "7", level=2, anchor="area-P")
    assert [(live.name, live.line) for live in text.live] == [("x", 1), ("y", 2), ("z", 3)]
    numbers = re.findall(r'id="area-P-note-(\d)-from" href="#area-P-note-\1" aria-label="Footnote \1">\1</a>', made)
    assert numbers == ["1", "3", "2"]
    assert '<li id="area-P-note-1">First 7, <sup><a id="area-P-note-2-from"' in made
    assert '<li id="area-P-note-2">one\nwithin 7 <a href="#area-P-note-2-from"' in made
    assert '<li id="area-P-note-3"><em>Third</em> <a href="#area-P-note-3-from"' in made
    assert "<p>[^1]: No note.</p>" in made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("countries", "2"),
        ("participants", "3"),
        ("mean P", "35.6"),
        ("MEDIAN p", "35.6"),
        ("lower_quartile P", "23.3"),
        ("n Q", "0"),
        ("mean Q", "–"),
        ("mean P1", "25"),
        ("percent MT P", "60"),
        ("percent GR Q", "–"),
        ("level MT P1", "3"),
        ("level MT P2", "not_applicable"),
        ("countries P1 3", "1"),
        ("comment MT P1: survey of 2025", "survey of 2025"),
        ("comment MT P1", COMMENT),
    ],
)
def test_what_has_a_name(names, name, value):
    assert names.find(name).value.removesuffix(".0") == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[cats]]", "There is nothing named “cats”."),
        ("[[mean P: x]]", "There is nothing named “mean P: x”."),
        ("[[mean Z]]", "There is no area or indicator Z in this questionnaire."),
        ("[[percent IT P]]", "No country with the code IT is counted in this assessment."),
        ("[[countries P1 9]]", "P1 has no level 9."),
        ("[[comment GR P1]]", "Greece made no comment on P1."),
        ("[[comment MT P3]]", "The comment of Malta on P3 is withheld and cannot be quoted."),
        ("[[comment MT P1: of 2026]]", "The comment of Malta on P1 does not have the words that are quoted."),
        ("See [[table P]].", "“table P” needs a paragraph of its own, with an empty line before and after it."),
    ],
)
def test_a_name_that_shows_nothing_is_told_by_its_line(names, text, told):
    (sentence,) = narrative.problems(names, f"First.\n\nSecond\n{text}")
    assert sentence.startswith(f"Line 4: {told}")
    assert "unknown-name" in narrative.html(names, text, anchor="a", medium=narrative.PAGE)


def test_all_names_that_are_offered_show_something(names):
    groups = [("", names.everywhere()), *names.of_area("P")]
    offered = [item.name for _heading, items in groups for item in items]
    assert [names.find(name).name for name in offered] == offered
    assert narrative.problems(names, "\n\n".join(f"[[{name}]]" for name in offered)) == []
    assert len(set(offered)) > 25


def test_a_chapter_in_the_pdf():
    """Set by itself: tagged as it must be, headings in order, live parts in their places, nothing fetched."""
    content = pdf.section_pdf(an_assessment(a_snapshot(ANSWERS)), "introduction", {"introduction": TEXT})
    assert page.validate_pdf_bytes(content, profile="ua1").rules.failed == 0
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    text = " ".join(told.stdout.decode().split())
    assert "1 Introduction" in text
    for said in ("The mean is 35.6 percent1.", "60.0 and –", "of 2025 Malta on P1"):
        assert said in text
    assert "With n = 2, see the law." in text
    assert '<img src="http://evil.example/a.png"> !' in text
    assert b"evil.example/a.png" not in content
