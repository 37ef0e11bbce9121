"""Cards: the pictures with which links to a country or an indicator are shown elsewhere, drawn from one PDF."""

import io
from collections.abc import Sequence
from typing import NamedTuple

import pypdfium2
from django.template.loader import render_to_string
from django.utils import translation

from reporting.pdf import processes
from reporting.pdf.typesetting import PDFError

DOTS = 4 / 3  # a pixel for each unit of CSS: a page of 900 by 472.5 points is 1200 by 630 pixels


class Bar(NamedTuple):
    """A line of a card: what it is about, its value in words, and how far its bar goes, None for no bar."""

    label: str
    value: str
    percent: float | None


class Card(NamedTuple):
    """What a card says: the cycle, the heading, what its bars are, and these."""

    eyebrow: str
    heading: str
    caption: str
    bars: Sequence[Bar]
    example: bool


def pictures(cards: Sequence[Card], *, portal: str) -> list[bytes]:
    """Return each card as PNG. Raises PDFError if the cards cannot be typeset."""
    language = translation.get_language() or "en"
    context = {"cards": cards, "portal": portal, "language": language}
    context["bidi"] = translation.get_language_info(language)["bidi"]
    content = processes.alone(render_to_string("pdf/cards.html", context), lambda: None)
    found = []
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            file = io.BytesIO()
            page.render(scale=DOTS).to_pil().save(file, "PNG", optimize=True)
            found.append(file.getvalue())
    if len(found) != len(cards):
        raise PDFError("A card does not fit on its page.")
    return found
