"""Filters for results: percentages, texts and days of a snapshot, rich text, charts as images."""

import base64
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.charts.svg import WIDTH, Chart, Label
from reporting.document import captions, changes, missing_glyphs, numbers, richtext
from reporting.document.document import Document
from reporting.document.parts import Cell, Chapter, Taken, Tally
from reporting.results.scoring import rounded
from scoreboard.data_tables.tables import Table
from scoreboard.models import DataFormColumn, Indicator

UNIT = 162 / WIDTH  # millimetres of a unit of a chart, which is as wide as the text of an upright page
BASELINE = 0.89  # how far below the top of a line the baseline is, in ems
WIDEST_TABLE = 12  # columns that an upright page holds
LONGEST_WORD = 16  # letters that a column of ten on an upright page holds

register = template.Library()
register.filter(is_safe=False)(numbers.text)
register.filter(is_safe=False)(numbers.day)
register.filter(is_safe=False)(numbers.amount)
register.filter(is_safe=False)(numbers.direction)
register.filter("spoken", numbers.language, is_safe=False)
register.filter("richtext", richtext.html, is_safe=True)


@register.filter
def percent(value: Fraction | str | None) -> str | SafeString:
    """Return an exact percentage with one decimal; a dash that can be heard where there is none."""
    if value is None or value == "":
        return dash(_("no value"))
    return numbers.number(value)


@register.filter
def points(value: Fraction | str | None) -> str | SafeString:
    """Return a difference of percentages with its sign and one decimal; a dash where there is none."""
    if value is None or isinstance(value, str):
        return dash(_("no value"))
    number = numbers.number(abs(value))
    if not rounded(abs(value)):
        return number
    return f"{'+' if value > 0 else '−'}{number}"


@register.simple_tag
def calendar_then(document: Document, taken: Taken) -> str:
    """Print how the calendar of the cycle was on the day on which the answers were taken."""
    if taken.deadline_ahead:
        sentence = _(
            "The answers were taken on %(day)s; the deadline is %(deadline)s, and reporting will close on %(closes)s. "
            "What comes later is not in it."
        )
    elif taken.closing_ahead:
        sentence = _(
            "The deadline was %(deadline)s; what came after it is marked late. The answers were taken on %(day)s; "
            "reporting will close on %(closes)s, and what comes later is not in it."
        )
    else:
        sentence = _(
            "The deadline was %(deadline)s; what came after it is marked late. Reporting closed on %(closes)s. "
            "The answers were taken on %(day)s."
        )
    deadline, closes = numbers.day(document.cycle["deadline"]), numbers.day(document.cycle["closes"])
    return sentence % {"day": date_format(taken.day), "deadline": deadline, "closes": closes}


@register.filter
def dash(word: str) -> SafeString:
    """Return an en dash for the eye and `word` for the ear."""
    return format_html('<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>', word)


@register.filter
def in_print(chart: Chart) -> SafeString:
    """Return a chart for print: its marks as an image, and its labels as HTML, which WeasyPrint shapes as all text."""
    image = base64.b64encode(chart.marks.encode()).decode()
    spoken = escape(chart.spoken)
    labels = "".join(_label(label, chart.height) for label in chart.labels)
    return mark_safe(  # noqa: S308 - every text is escaped here
        f'<div class="chart"><img src="data:image/svg+xml;base64,{image}" alt="{spoken}">{labels}</div>'
    )


def _label(label: Label, height: float) -> str:
    """A label over the image of a chart, whose units it has as shares of the width and height."""
    x = 100 * label.x / WIDTH
    place = {"start": f"left:{x:.3f}%", "middle": f"left:{x - 50:.3f}%", "end": f"right:{100 - x:.3f}%"}[label.anchor]
    top = 100 * (label.y - BASELINE * label.size) / height
    return (
        f'<span class="{label.css} {label.anchor}" style="{place};top:{top:.3f}%;'
        f'font-size:{label.size * UNIT:.3f}mm;color:{label.fill}">{escape(missing_glyphs.drawn(label.words))}</span>'
    )


@register.filter
def alone(chart: Chart) -> list[Chart]:
    """Return a chart as the only one of a figure."""
    return [chart]


@register.filter
def at(pages: Mapping[str, int], anchor: str) -> int:
    """Return the page of an anchor; while it is not known, a number as wide as most."""
    return pages.get(anchor, 100)


@register.filter
def labels(tallies: list[Tally]) -> str:
    """Return the labels of indicators, one after the other."""
    return ", ".join(tally.label for tally in tallies)


@register.filter
def kind(code: str) -> str:
    """Return the words for what a column of a data form holds."""
    return str(DataFormColumn.Kind(code).label)


@register.filter
def relation(code: str) -> str:
    """Return the words for how an indicator relates to those of the edition before."""
    return str(Indicator.Relation(code).label)


@register.filter
def figures(document: Document, chapter: Chapter) -> list[changes.Figures]:
    """Return the sums of the tables of figures for the indicators of an area."""
    return [one for one in changes.figures(document) if one[0] in chapter.tallies]


@register.filter
def parts(table: Table) -> list[dict[str, Any]]:
    """Return a country's table of figures in parts that fit a page: columns, and rows that begin with their number.

    A table that fits is one part, whose rows have no number.
    """
    headings, rows, totals = table.headings, table.rows, table.totals
    places = captions.split(range(len(headings)), WIDEST_TABLE)
    number = [(_("Row"), True)] if len(places) > 1 else []
    return [
        {
            "headings": number + [headings[n] for n in some],
            "rows": [
                ([(str(at), True)] if number else []) + [row[n] for n in some] for at, row in enumerate(rows, start=1)
            ],
            "totals": [""] * len(number) + [totals[n] for n in some] if totals else [],
        }
        for some in places
    ]


@register.filter
def packages(not_shown: list[tuple[str, list[str]]]) -> list[str]:
    """Return the packages of fonts that would show what an assessment's PDF does not."""
    return missing_glyphs.packages(text for _section, texts in not_shown for text in texts)


@register.filter
def unbroken(text: str) -> bool:
    """Return whether a word of the text is too long for a column of many."""
    return any(len(word) > LONGEST_WORD for word in text.split())


@register.filter
def rungs(cell: Cell) -> str:
    """Return the classes that shade a level of a matrix."""
    return f"rung-{cell.rung} of-{cell.of}"
