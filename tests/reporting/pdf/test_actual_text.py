"""Letters with marks: their words stand beside the glyphs in reading order, and the file stays PDF/UA."""

from io import BytesIO

import page
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, Pdf, parse_content_stream

from reporting.pdf import actual_text, typesetting
from reporting.pdf import assessment as pdf

VOCALISED = "اِعْتُمِدَتِ الخُطَّةُ الوَطَنِيَّةُ عامَ ٢٠٢٤ لِمُكافَحَةِ الصَّيْدِ."
POINTED = "הַתּוֹכְנִית אֻשְּׁרָה"
PLAIN = "اعتمدت الخطة عام 2024."
FRAME = '<html lang="ar" dir="rtl"><head><title>x</title></head><body>{}</body></html>'


def words_in(content: bytes) -> list[str]:
    """The words that stand beside the glyphs, page by page."""
    with Pdf.open(BytesIO(content)) as pdf_file:
        return [
            text
            for one in pdf_file.pages
            for step in parse_content_stream(one)
            if str(step.operator) == "BDC" and "/ActualText" in step.operands[1]
            if (text := str(step.operands[1].ActualText))
        ]


def letterless(content: bytes) -> int:
    """How many glyphs say that they show no letter."""
    with Pdf.open(BytesIO(content)) as pdf_file:
        maps = [
            one.ToUnicode.read_bytes()
            for one in pdf_file.objects
            if isinstance(one, Dictionary) and "/ToUnicode" in one
        ]
    return sum(table.count(b" <>") for table in maps)


def structure(content: bytes) -> list[str]:
    """The kinds of all elements of the structure."""
    with Pdf.open(BytesIO(content)) as pdf_file:
        return [
            str(one.S)
            for one in pdf_file.objects
            if isinstance(one, Dictionary) and one.get("/Type") == Name.StructElem
        ]


@pytest.mark.parametrize("text", [VOCALISED, POINTED, "أُعدّت هذه الإجابة", "x̂y̌z̃ and ẋ̂"])
def test_marks_keep_their_words(text):
    long = " ".join([text] * 30)  # several lines
    html = FRAME.format(f"<p>{text}</p><p><b>{text}</b> and <i>{PLAIN}</i></p><p>{long}</p><p>No marks.</p>")
    content = typesetting.section(html, pdf.STATIC)
    assert [one for one in words_in(content) if one != PLAIN] == [text, text, long]
    assert letterless(content) == 0
    assert "/Link" not in structure(content)
    assert page.validate_pdf_bytes(content, profile="ua1").rules.failed == 0


def test_a_text_over_pages_is_said_once():
    text = " ".join([VOCALISED] * 100)
    small = "<style>@page { size: A6 }</style>"  # more pages than four times the text on A4
    content = typesetting.section(FRAME.format(f"{small}<p>{text}</p><p>{POINTED}</p>"), pdf.STATIC)
    with Pdf.open(BytesIO(content)) as pdf_file:
        assert len(pdf_file.pages) > 5
    assert words_in(content) == [text, POINTED]


def test_links_and_heads_of_tables_stay_as_they_are():
    row = f"<tr><td>{VOCALISED}</td></tr>"
    table = f"<table><thead><tr><th>{VOCALISED}</th></tr></thead><tbody>{row * 60}</tbody></table>"
    html = FRAME.format(f'<p id="here">{PLAIN}</p>{table}<p><a href="#here">{POINTED}</a></p>')
    content = typesetting.section(html, pdf.STATIC)
    assert words_in(content) == [PLAIN] + [VOCALISED] * 60
    assert structure(content).count("/Link") == 1
    assert page.validate_pdf_bytes(content, profile="ua1").rules.failed == 0


@given(st.text(alphabet="abc <>&\"' اَلّשּׁée\u0301"))
@settings(max_examples=60)
def test_marking_changes_no_word(text):
    """What is marked, with the marks taken off, is the text composed; plain text is left alone."""
    from html import escape
    from unicodedata import combining, normalize

    html = f"<p>{escape(text)}</p>"
    marked, words = actual_text.marked(html)
    assert marked.replace("<a><span>", "").replace("</span></a>", "").replace("<a>", "").replace("</a>", "") == (
        normalize("NFC", html)
    )
    composed = normalize("NFC", text)
    assert words in ([], [" ".join(composed.split())])
    if any(map(combining, composed)):
        assert words
