"""Reading back what was made: tables by row and column, charts, and all the words, of pages and tagged PDFs."""

import base64
import io
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from reporting.models import Assessment
from reporting.templatetags import figures

Rows = list[list[str]]
LABEL = re.compile(
    r'<span class="([^"]+) (\w+)" style="(left|right):(\S+)%;top:(\S+)%;font-size:(\S+)mm;color:[^"]+">(.*?)</span>'
)


def every_part(client: Client, issue: Assessment, page: str = "report") -> HttpResponse:
    """Return the page of an issue and those of its parts as one, for who opens each link to a part."""
    address = reverse(page, args=[issue.pk])
    read: dict[str, str] = {}
    waiting = [address]
    while waiting:
        at = waiting.pop(0)
        response = client.get(at)
        assert response.status_code == 200, at
        read[at] = response.content.decode()
        links = re.findall(rf'href="({address}results/[^"#]+)', read[at])
        waiting += [link for link in dict.fromkeys(links) if link not in read and link not in waiting]
    return HttpResponse("".join(read.values()))


def page_tables(response: HttpResponse) -> dict[str, Rows]:
    """Return the tables of a page by caption: each row as the words of its cells, hidden ones included."""
    return _Tables(response.content.decode()).found


def page_words(response: HttpResponse) -> str:
    """Return what the main part of a page says outside of tables."""
    return " ".join(_Tables(response.content.decode()).rest)


def pdf_tables(content: bytes) -> dict[str, Rows]:
    """Return the tables of a tagged PDF, as its structure tells them to somebody who cannot see the page.

    What goes on after the end of a page without a caption, under the same heads, belongs to the table before.
    """
    tables: list[tuple[list[str], Rows]] = []
    into: list[str] = []
    inside = -1
    for depth, tag, words in _structure(content):
        if tag == "Table":
            tables.append(([""], []))
        elif tag == "Caption":
            into, inside = tables[-1][0], depth
        elif tag == "TR":
            tables[-1][1].append([])
        elif tag in ("TH", "TD"):
            tables[-1][1][-1].append("")
            into, inside = tables[-1][1][-1], depth
        elif tag or depth <= inside:
            inside = inside if depth > inside else -1
        if words and into and inside >= 0:
            into[-1] += f" {words}"
    found: dict[str, Rows] = {}
    for [caption], rows in tables:
        read = [[_squeezed(cell) for cell in row] for row in rows]
        if caption:
            found[_squeezed(caption)] = last = read
        else:
            assert read[0] == last[0]
            last += read[1:]
    return found


def pdf_words(content: bytes) -> str:
    """Return all that a tagged PDF says, in the order of its structure."""
    return _squeezed(" ".join(words for _depth, _tag, words in _structure(content)))


def pdf_alternatives(content: bytes) -> list[str]:
    """Return the text alternatives of a tagged PDF's figures, in the order of its structure."""
    return list(_alternatives(PdfReader(io.BytesIO(content)).root_object["/StructTreeRoot"]))


def pictures(html: str) -> list[str]:
    """Return the charts that are in the HTML of a section, their labels put back into the image where they are."""
    charts = re.findall(r'<div class="chart"><img src="data:image/svg\+xml;base64,([^"]+)"[^>]*>(.*?)</div>', html)
    return [_with_labels(base64.b64decode(image).decode(), labels) for image, labels in charts]


def _with_labels(svg: str, labels: str) -> str:
    width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    texts = []
    for css, anchor, side, place, top, size, words in LABEL.findall(labels):
        share = {"start": float(place), "middle": float(place) + 50, "end": 100 - float(place)}[anchor]
        assert side == ("right" if anchor == "end" else "left")
        y = float(top) * height / 100 + figures.BASELINE * float(size) / figures.UNIT
        texts.append(
            f'<text class="{css}" x="{share * width / 100:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
        )
    assert len(texts) == labels.count("<span")
    return svg.replace("</svg>", f"{''.join(texts)}</svg>")


def _alternatives(element: Any) -> Iterator[str]:
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, dict):
        if element.get("/S") == "/Figure":
            yield str(element["/Alt"])
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            yield from _alternatives(kid)


def _structure(content: bytes) -> list[tuple[int, str, str]]:
    """The structure tree line by line: how deep, and either which tag begins or which words stand there."""
    done = subprocess.run(["pdfinfo", "-struct-text", "-"], input=content, capture_output=True, check=True)
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in done.stdout.decode().splitlines()]
    return [
        (depth, "", line[1:-1]) if line.startswith('"') else (depth, re.split(r"[ :]", line)[0], "")
        for depth, line in lines
        if line and not line.startswith(("/", "Object "))
    ]


def _squeezed(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


class _Tables(HTMLParser):
    """The tables of a page as they are `found`, and the `rest` of what its main part says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, Rows] = {}
        self.rest: list[str] = []
        self._rows: Rows | None = None
        self._caption = ""
        self._into: list[str] | None = None
        self._in_main = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in ("details", "summary") and self._into is not None:
            self._into.append(" ")
        if tag == "main":
            self._in_main = True
        elif tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in ("th", "td", "caption"):
            self._into = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("details", "summary") and self._into is not None:
            self._into.append(" ")
        if tag == "main":
            self._in_main = False
        elif tag == "table" and self._rows is not None:
            assert self._caption not in self.found, f"two tables are named {self._caption}"
            self.found[self._caption], self._rows = self._rows, None
        elif tag in ("th", "td", "caption") and self._into is not None and self._rows is not None:
            words, self._into = _squeezed("".join(self._into)), None
            if tag == "caption":
                self._caption = words
            else:
                self._rows[-1].append(words)

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)
        elif self._in_main and self._rows is None and data.strip():
            self.rest.append(_squeezed(data))
