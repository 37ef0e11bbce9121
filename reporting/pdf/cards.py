"""Cards: the pictures with which links to a country or an indicator are shown elsewhere, drawn from one PDF."""

from collections.abc import Sequence
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import translation

from reporting.pdf import processes
from reporting.pdf.pictures import of_pages
from reporting.pdf.typesetting import PDFError


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
    found = of_pages(content)  # of 900 by 472.5 points: 1200 by 630 pixels
    if len(found) != len(cards):
        raise PDFError("A card does not fit on its page.")
    return found
