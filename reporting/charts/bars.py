"""Figures as SVG, drawn by hand for page and PDF alike.

Colours are presentation attributes, so that a chart is complete wherever it is shown; on a page, style sheets
override them by class (`chart-*`, and `rung-k of-n` as everywhere). Shades differ by lightness alone.
A chart has a title and a description; its numbers belong into a table next to it.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import NamedTuple

from reporting.charts.svg import (
    ACCENT,
    BAR,
    BOX,
    INK,
    INK_SOFT,
    LINE,
    LINE_STRONG,
    LONGEST_ALONE,
    PAPER,
    SHADES,
    WIDTH,
    Canvas,
    Chart,
    clipped,
    lines,
    shade,
    width_of,
)
from reporting.results.scoring import Spread

TICKS = (0, 25, 50, 75, 100)
LINE_HIGH = 11  # of a label on several lines
MANY = 16  # rows from which on they are closer, so that thirty still leave room on a page


class Bar(NamedTuple):
    """A row of percentages: its label, its value (None: nothing to show), a mark to compare it with, and its words."""

    label: str
    value: float | None
    mark: float | None = None
    words: str = ""


class Range(NamedTuple):
    """A row of spreads: its label and the spread of the values (None: there are none)."""

    label: str
    spread: Spread | None


class Part(NamedTuple):
    """A share of a stacked bar: how many, the words for it, and how it looks (a rung of a ladder, or blank)."""

    n: int
    label: str
    rung: int = 0
    of: int = 0
    look: str = "level"  # or hatched, dotted, blank: not applicable, unknown, unanswered


class Stack(NamedTuple):
    """A row of stacked bars: its label and its parts in order."""

    label: str
    parts: Sequence[Part]


def percentages(
    bars: Sequence[Bar],
    *,
    title: str,
    description: str,
    none: str,
    line: float | None = None,
    line_label: str = "",
    rtl: bool = False,
    width: float = WIDTH,
) -> Chart:
    """Return bars from 0 to 100, one per row in the order given with its words at the end, and perhaps a line.

    Where the chart is narrow, labels and words are above the bars.
    """
    above = width < WIDTH
    start = 3 if above else 12 + max((width_of(clipped(bar.label), 9) for bar in bars), default=0)
    beside = 0 if above else max((width_of(bar.words, 8) for bar in bars), default=0)
    scale = (width - start - (8 if above else 20) - beside) / 100
    top, pitch = (18 if line is not None else 6), (24 if above else 15 if len(bars) <= MANY else 11)
    thick = 7 if above else pitch / 2
    bottom = top + pitch * len(bars)
    canvas = Canvas(bottom + 18, rtl, width)
    axis(canvas, start, scale, top, bottom)
    if above and line is not None:  # behind the words, which it would cross
        _median(canvas, start + line * scale, top, bottom)
    for row, bar in enumerate(bars):
        middle = top + pitch * (row + (0.8 if above else 0.5))
        words = middle - (6 if above else -3)
        if above:
            canvas.rect(start, words - 8, width_of(clipped(bar.label), 9), 10, css="chart-halo", fill=PAPER)
            canvas.text(start, words, clipped(bar.label))
        else:
            canvas.text(start - 6, words, clipped(bar.label), anchor="end")
        if bar.value is None:
            canvas.text(start + 4, middle + 3, none, css="chart-soft", fill=INK_SOFT, size=8)
            continue
        # a sliver even at zero: a result of nothing is a result
        canvas.rect(start, middle - thick / 2, max(1.2, bar.value * scale), thick, css="chart-bar", fill=BAR)
        if above:
            wide = width_of(bar.words, 8)
            canvas.rect(width - 2 - wide, words - 8, wide, 10, css="chart-halo", fill=PAPER)
        canvas.text(width - 2, words, bar.words, anchor="end", css="chart-value", size=8)
    if line is not None:
        if not above:
            _median(canvas, start + line * scale, top, bottom)
        canvas.text(start + line * scale, top - 8, line_label, anchor=_anchor(line), size=8)
    return canvas.svg("chart-percentages", title, description)


def spreads(ranges: Sequence[Range], *, title: str, description: str, none: str, rtl: bool = False) -> Chart:
    """Return one row per range: from lowest to highest, a box from quartile to quartile, median and mean."""
    start, scale, top, pitch = 8, (WIDTH - 22) / 100, 4, 36
    bottom = top + pitch * len(ranges)
    canvas = Canvas(bottom + 18, rtl)
    axis(canvas, start, scale, top, bottom)
    for row, (label, spread) in enumerate(ranges):
        middle = top + pitch * row + 24
        canvas.rect(start, middle - 20, width_of(clipped(label, LONGEST_ALONE), 8.5), 11, css="chart-halo", fill=PAPER)
        canvas.text(start, middle - 11, clipped(label, LONGEST_ALONE), size=8.5)
        if spread is None:
            canvas.text(start + 4, middle + 3, none, css="chart-soft", fill=INK_SOFT, size=8)
        else:
            _spread(canvas, start, scale, middle, spread)
    return canvas.svg("chart-spreads", title, description)


def distributions(
    stacks: Sequence[Stack],
    *,
    title: str,
    description: str,
    legend: Sequence[Part],
    source: str = "",
    rtl: bool = False,
    width: float = WIDTH,
) -> Chart:
    """Return one stacked bar per row under its label, each as long as the others, with a legend below.

    A label is on one line, and where the chart is narrow on as many as it takes to say as much.
    """
    pitch, height, most = 31, 13, ceil(WIDTH / width)
    labels = [lines(stack.label, LONGEST_ALONE * width / WIDTH, most) for stack in stacks]
    bottom = 2 + sum(pitch + LINE_HIGH * (len(label) - 1) for label in labels)
    places = list(_flow(legend, width))
    canvas = Canvas(bottom + 20 + 13 * places[-1][1], rtl, width)
    y = 2.0
    for stack, label in zip(stacks, labels, strict=True):
        for n, words in enumerate(label):
            canvas.text(1, y + 9 + LINE_HIGH * n, words, size=8.5)
        y += LINE_HIGH * (len(label) - 1)
        whole = sum(part.n for part in stack.parts)
        x = 1.0
        for part in stack.parts:
            long = (width - 2) * part.n / whole if whole else 0
            if part.n:
                _part(canvas, x, y + 13, long, height, part, str(part.n))
            x += long
        y += pitch
    _legend(canvas, places, bottom + 6)
    return canvas.svg("chart-distributions", title, description, source)


def dots(
    bars: Sequence[Bar],
    *,
    title: str,
    description: str,
    none: str,
    legend: tuple[str, str],
    rtl: bool = False,
    width: float = WIDTH,
) -> Chart:
    """Return a dot from 0 to 100 per row, and the mark to compare it with.

    `legend` names the dot and the mark; the second name is empty where no row has a mark.
    """
    start = 12 + max((width_of(clipped(bar.label), 9) for bar in bars), default=0)
    scale, top, pitch = (width - 14 - start) / 100, 6, 20
    bottom = top + pitch * len(bars)
    canvas = Canvas(bottom + 36, rtl, width)
    axis(canvas, start, scale, top, bottom)
    for row, bar in enumerate(bars):
        middle = top + pitch * (row + 0.5)
        canvas.text(start - 6, middle + 3, clipped(bar.label), anchor="end")
        if bar.value is None:
            canvas.text(start + 4, middle + 3, none, css="chart-soft", fill=INK_SOFT, size=8)
        elif bar.mark is not None:
            ends = (start + end * scale for end in (bar.value, bar.mark))
            canvas.line(next(ends), middle, next(ends), middle, css="chart-range", stroke=LINE_STRONG, width=1.2)
        if bar.mark is not None:
            _upright(canvas, start + bar.mark * scale, middle)
        if bar.value is not None:
            canvas.circle(start + bar.value * scale, middle, 4.2, css="chart-point", fill=ACCENT, stroke=PAPER)
    canvas.circle(start + 5, bottom + 26, 4.2, css="chart-point", fill=ACCENT, stroke=PAPER)
    canvas.text(start + 13, bottom + 29, legend[0], size=8)
    if legend[1]:
        second = start + 32 + width_of(legend[0], 8)
        _upright(canvas, second, bottom + 26)
        canvas.text(second + 6, bottom + 29, legend[1], size=8)
    return canvas.svg("chart-profile", title, description)


def heat(
    rows: Sequence[tuple[str, Sequence[Part]]],
    columns: Sequence[tuple[str, bool]],
    *,
    title: str,
    description: str,
    legend: Sequence[Part],
    rtl: bool = False,
) -> Chart:
    """Return a cell for each row and column, darker the higher its rung; a column is a label, and if a group begins."""
    groups = sum(begins for _label, begins in columns)
    start = 10 + max((width_of(clipped(label, 24), 7) for label, _cells in rows), default=0)
    wide = min(24.0, (WIDTH - start - 3 * groups) / max(1, len(columns)))
    top, pitch = 14, 13
    bottom = top + pitch * len(rows)
    places = list(_flow(legend))
    canvas = Canvas(bottom + 22 + 13 * places[-1][1], rtl)
    left, lefts = start, []
    for label, begins in columns:
        left += 3 if begins else 0
        lefts.append(left)
        canvas.text(left + wide / 2, top - 4, label, anchor="middle", size=min(7, wide / 1.9))
        left += wide
    for row, (label, cells) in enumerate(rows):
        y = top + pitch * row
        canvas.text(start - 5, y + 9, clipped(label, 24), anchor="end", size=7)
        for at, cell in zip(lefts, cells, strict=True):
            _part(canvas, at, y, wide - 0.8, pitch - 1.2, cell, cell.label, size=6.5)
    _legend(canvas, places, bottom + 8)
    return canvas.svg("chart-heat", title, description)


def axis(
    canvas: Canvas, start: float, scale: float, top: float, bottom: float, ticks: Sequence[int] = TICKS, size: float = 8
) -> None:
    """Draw the scale from 0 to 100 through all rows, with the number of each tick below them."""
    for tick in ticks:
        at = start + tick * scale
        canvas.line(at, top, at, bottom, css="chart-grid", stroke=LINE_STRONG if tick == 0 else LINE)
        canvas.text(at, bottom + 4 + size, str(tick), anchor="middle", css="chart-soft", fill=INK_SOFT, size=size)


def _median(canvas: Canvas, x: float, top: float, bottom: float) -> None:
    canvas.line(x, top - 4, x, bottom, css="chart-mark", stroke=INK, width=1, dash="3 2")


def _upright(canvas: Canvas, x: float, middle: float) -> None:
    canvas.line(x, middle - 6.5, x, middle + 6.5, css="chart-halo", stroke=PAPER, width=4)
    canvas.line(x, middle - 6.5, x, middle + 6.5, css="chart-mark", stroke=INK, width=1.8)


def _spread(canvas: Canvas, start: float, scale: float, middle: float, spread: Spread) -> None:
    low, first, median, mean, third, high = (
        start + float(value) * scale
        for value in (
            spread.lowest,
            spread.lower_quartile,
            spread.median,
            spread.mean,
            spread.upper_quartile,
            spread.highest,
        )
    )
    canvas.line(low, middle, high, middle, css="chart-range", stroke=LINE_STRONG, width=1.2)
    for end in (low, high):
        canvas.line(end, middle - 3.5, end, middle + 3.5, css="chart-range", stroke=LINE_STRONG, width=1.2)
    canvas.rect(first, middle - 6, max(1.2, third - first), 12, css="chart-box", fill=BOX, stroke=LINE_STRONG)
    canvas.line(median, middle - 7.5, median, middle + 7.5, css="chart-mark", stroke=INK, width=2)
    canvas.circle(mean, middle, 3.4, css="chart-dot", fill=PAPER, stroke=ACCENT, width=1.6)


def _part(
    canvas: Canvas, x: float, y: float, width: float, height: float, part: Part, words: str, size: float = 8
) -> None:
    step = shade(part.rung, part.of)
    css = f"chart-part rung-{part.rung} of-{part.of}" if part.look == "level" else f"chart-part chart-{part.look}"
    fill = SHADES[step] if part.look == "level" else PAPER
    dash = "1.5 1.5" if part.look == "dotted" else ""
    canvas.rect(x, y, width, height, css=css, fill=fill, stroke=LINE_STRONG, dash=dash)
    if part.look == "hatched":
        for n in range(int(width // 5)):
            foot = x + 5 * n
            canvas.line(foot, y + height, min(foot + 5, x + width), y, css="chart-hatch", stroke=LINE_STRONG, width=0.4)
    if words and width_of(words, size) + 3 <= width:
        high = part.look == "level" and step > 4
        css = f"chart-count rung-{part.rung} of-{part.of}" if part.look == "level" else "chart-count"
        middle, foot = x + width / 2, y + height / 2 + 0.35 * size
        if part.look == "hatched":
            half = width_of(words, size) / 2 + 1
            canvas.rect(middle - half, y + 2, 2 * half, height - 4, css="chart-halo", fill=PAPER)
        canvas.text(middle, foot, words, anchor="middle", css=css, fill=PAPER if high else INK, size=size)


def _legend(canvas: Canvas, places: Iterable[tuple[float, int, Part]], top: float) -> None:
    for x, line, part in places:
        y = top + 13 * line
        _part(canvas, x, y, 14, 9, part, "")
        canvas.text(x + 18, y + 8, part.label, size=8)


def _flow(legend: Iterable[Part], width: float = WIDTH) -> Iterator[tuple[float, int, Part]]:
    """Yield the place of each part of a legend: where it starts, and on which line."""
    x, line = 1.0, 0
    for part in legend:
        wide = 30 + width_of(part.label, 8)
        if x > 1 and x + wide > width:
            x, line = 1.0, line + 1
        yield x, line, part
        x += wide


def _anchor(percent: float) -> str:
    """Keep the label of a line inside the plot."""
    return "start" if percent < 12 else "end" if percent > 88 else "middle"
