"""The words behind the glyphs: what a reader's program copies or reads aloud where letters carry marks.

WeasyPrint says of each glyph which letters it shows, which is not enough for letters with marks (vocalised Arabic,
pointed Hebrew): several glyphs show one letter with its marks, and extracting them loses the order. So the text is
added to the glyphs in the way that PDF has for it, in the property ActualText of the marked content.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from itertools import groupby
from typing import Any

from pikepdf import Array, Dictionary, Name, Operator, Pdf, String, parse_content_stream, unparse_content_stream

TAG = re.compile(r"(<[^>]*>)")
LEFT_OUT = {"a", "head", "thead"}  # links have a structure of their own, and heads of tables are repeated on each page
# Two ways to mark a text that PDF structure tells apart from everything else; neighbours take turns.
MARKS = [("<a>", "</a>"), ("<a><span>", "</span></a>")]
NO_LETTER = re.compile(rb"(<[0-9a-fA-F]+>) <>")
INVISIBLE = rb"\1 <200b>"  # a space without width


def marked(html: str) -> tuple[str, list[str]]:
    """Return the HTML with what needs its words attached marked, and these words in their order.

    Nothing is marked where no letter carries a mark of its own after Unicode's composition.
    """
    html = unicodedata.normalize("NFC", html)
    if not any(map(unicodedata.combining, unescape(html))):
        return html, []
    parts: list[str] = []
    words: list[str] = []
    within: list[str] = []
    for part in TAG.split(html):
        if part.startswith("<"):
            _follow(part, within)
        elif not within and _needs_words(said := " ".join(unescape(part).split())):
            before, after = MARKS[len(words) % len(MARKS)]
            words.append(said)
            part = f"{before}{part}{after}"
        parts.append(part)
    return "".join(parts), words


def given(content: bytes, words: list[str]) -> bytes:
    """Return the tagged PDF of HTML that `marked` returned with its words; each glyph shows a letter or says none."""
    with Pdf.open(BytesIO(content)) as pdf:
        texts = iter(words)
        said: dict[tuple[int, int], dict[int, str]] = {}
        for _nested, elements in groupby(_texts(pdf.Root.StructTreeRoot.K[0]), key=_is_nested):
            text = next(texts)
            for element in elements:
                element.S = Name.Span
                for page, number in _contents(element):
                    said.setdefault(page.objgen, {})[number] = text
                    text = ""  # the lines that follow are said by the first
        for page in pdf.pages:
            if found := said.get(page.obj.objgen):
                page.obj.Contents = pdf.make_stream(unparse_content_stream(list(_saying(page, found))))
        for one in pdf.objects:
            if isinstance(one, Dictionary) and "/ToUnicode" in one:
                one.ToUnicode.write(NO_LETTER.sub(INVISIBLE, one.ToUnicode.read_bytes()))
        output = BytesIO()
        pdf.save(output, deterministic_id=True)
        return output.getvalue()


def _follow(tag: str, within: list[str]) -> None:
    """Note whether what follows a tag is inside something that is left out."""
    name = tag.strip("</>").split()[0].lower() if tag.strip("</>") else ""
    if name in LEFT_OUT:
        if tag.startswith("</"):
            within.pop()
        else:
            within.append(name)


def _needs_words(text: str) -> bool:
    return any(unicodedata.combining(letter) or unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def _texts(element: Any) -> Iterator[Any]:
    """The elements of marked texts in reading order: links that lead nowhere."""
    for kid in _kids(element):
        if isinstance(kid, Dictionary) and kid.get("/Type") == Name.StructElem:
            if Name.Link == kid.S and not any(_leads(inner) for inner in _kids(kid)):
                yield kid
            else:
                yield from _texts(kid)


def _is_nested(element: Any) -> bool:
    return any(isinstance(kid, Dictionary) for kid in _kids(element))


def _leads(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR


def _contents(element: Any) -> Iterator[tuple[Any, int]]:
    """The page and number of each marked content below an element."""
    for kid in _kids(element):
        if isinstance(kid, Dictionary):
            yield from _contents(kid)
        else:
            yield element.Pg, int(kid)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, Array) else [kids]


def _saying(page: Any, said: dict[int, str]) -> Iterator[Any]:
    """The content of a page with the words of its marked contents, by their number."""
    for step in parse_content_stream(page):
        marks = step.operands[1] if str(step.operator) == "BDC" else Dictionary()
        number = int(marks.get("/MCID", -1))
        if number in said:
            properties = Dictionary(MCID=number, ActualText=String(said[number]))
            yield [step.operands[0], properties], Operator("BDC")
        else:
            yield step
