"""Narratives as pages and the PDF show them: rich text with the figures, tables, charts and quotations it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reporting.charts.svg import Chart
from reporting.document import captions
from reporting.document.document import Document
from reporting.document.references import Item, Names, Unknown, in_words
from reporting.document.richtext import Live, Narrative


@dataclass(frozen=True)
class Medium:
    """Where a narrative is shown: the level of its highest heading, and the templates of its blocks."""

    level: int
    figure: str
    quotation: str
    practice: str
    areas: str
    tallies: str


PAGE = Medium(
    3,
    "reporting/chapters/_figure.html",
    "reporting/chapters/_quotation.html",
    "reporting/chapters/_practice.html",
    "reporting/public/_spreads.html",
    "reporting/public/_tallies.html",
)
PDF = Medium(
    2,
    "pdf/_figure.html",
    "pdf/_quotation.html",
    "pdf/_practice.html",
    "pdf/_spreads.html",
    "pdf/_tallies.html",
)


def html(names: Names, text: str, *, anchor: str, medium: Medium, **context: Any) -> SafeString:
    """Return a text as safe HTML for a medium; ids in it begin with `anchor`, `context` is for the blocks' templates.

    A name that shows nothing stays as it was typed, marked.
    """

    def show(live: Live) -> str:
        try:
            item = _found(names, live)
        except Unknown:
            name = format_html('<strong class="unknown-name">[[{}]]</strong>', live.name)
            return format_html("<p>{}</p>", name) if live.alone else name
        if item.is_block:
            return _block(names, item, medium, context)
        words = in_words(item.kind, item.value)
        return format_html("<p>{}</p>" if live.alone else "{}", words)

    return Narrative(text).html(show, level=medium.level, anchor=anchor)


def pages(document: Document, texts: Mapping[str, str], text_language: str) -> dict[str, dict[str, str]]:
    """Return the texts of a document by their anchor as a page shows them, each with its source."""
    names = Names(document)

    def shown(anchor: str, text: str) -> SafeString:
        return html(names, text, anchor=anchor, medium=PAGE, text_language=text_language)

    return {anchor: {"shown": shown(anchor, text), "source": text} for anchor, text in texts.items()}


def problems(names: Names, text: str) -> list[str]:
    """Return what is wrong with the names in a text, each in a sentence that says on which line."""
    found = []
    for live in Narrative(text).live:
        try:
            _found(names, live)
        except Unknown as problem:
            found.append(_("Line %(line)d: %(sentence)s") % {"line": live.line, "sentence": problem})
    return found


def values(names: Names, text: str) -> dict[str, str]:
    """Return the value of everything that a text names, by name, as far as there is one."""
    found = {}
    for live in Narrative(text).live:
        try:
            item = _found(names, live)
        except Unknown:
            continue
        found[item.name] = item.value
    return found


def _found(names: Names, live: Live) -> Item:
    item = names.find(live.name)
    if item.is_block and not live.alone:
        raise Unknown(
            _("“%(name)s” needs a paragraph of its own, with an empty line before and after it.") % {"name": live.name}
        )
    return item


def _block(names: Names, item: Item, medium: Medium, context: dict[str, Any]) -> str:
    context = {**context, "document": names.document, "chapter": item.of, "caption": item.title, "words": item.title}
    if item.kind == "quotation":
        return render_to_string(medium.quotation, {**context, "quoted": item.value})
    if item.kind == "practice":
        return render_to_string(medium.practice, {**context, "text": item.value})
    if item.kind == "table":
        return render_to_string(medium.tallies if item.of else medium.areas, context)
    return render_to_string(medium.figure, {**context, "charts": _charts(names, item)})


def _charts(names: Names, item: Item) -> list[Chart]:
    if item.of is None:
        return captions.spreads_by_page(names.document)
    if item.name.startswith("levels"):
        return captions.distributions_by_page(item.of)
    return captions.percentages_by_page(item.of)
