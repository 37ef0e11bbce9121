"""Figures as SVG, drawn by hand for page and PDF alike.

Colours stand as presentation attributes, so that a chart is whole wherever it is put; on a page, style sheets
override them by class (`chart-*`, and `rung-k of-n` as everywhere). Lightness alone tells the shades apart.
A chart names itself and says what it shows; its numbers belong into a table beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString

from reporting.scoring import Spread

# The tokens of static/css/tokens.css, for where no style sheet reaches; a test compares them.
INK, INK_SOFT, LINE, LINE_STRONG = "#221f1b", "#5a544a", "#ddd7cb", "#857d70"
ACCENT, PAPER = "#0b5a68", "#fff"
SHADES = ("#f6f3ec", "#dfeceb", "#bddadb", "#8ec1c5", "#569fa8", "#217480", "#094b58")
BAR, BOX = SHADES[4], SHADES[2]
FONTS = "Noto Sans,DejaVu Sans,system-ui,sans-serif"

WIDTH = 520
TICKS = (0, 25, 50, 75, 100)
MANY = 16  # rows from which on they stand closer, so that thirty still leave room on a page
LONGEST, LONGEST_ALONE = 34, 108  # characters of a label beside a bar, or on a line of its own; tables have all


class Bar(NamedTuple):
    """A row of percentages: its label, its value (None: nothing to show), and a mark to compare it with."""

    label: str
    value: float | None
    mark: float | None = None


class Range(NamedTuple):
    """A row of spreads: its label and how the values lie (None: there are none)."""

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


class Chart(SafeString):
    """A chart as SVG, ready to stand in a page; `spoken` is its text alternative for where it is put as an image."""

    spoken: str


def shade(rung: int, of: int) -> int:
    """Return which of the seven shades a rung has, 0 for the lowest rung of its ladder and 6 for the highest."""
    return (12 * rung + of) // (2 * of) if of else 0


def percentages(
    bars: Sequence[Bar], *, title: str, description: str, none: str, line: float | None = None, line_label="", rtl=False
) -> Chart:
    """Return bars from 0 to 100, one per row in the order given, with an optional line through all of them."""
    start = 12 + max((_width(_clipped(bar.label), 9) for bar in bars), default=0)
    scale = (WIDTH - 14 - start) / 100
    top, pitch = (18 if line is not None else 6), (15 if len(bars) <= MANY else 12)
    bottom = top + pitch * len(bars)
    canvas = _Canvas(bottom + 18, rtl)
    _axis(canvas, start, scale, top, bottom)
    for row, bar in enumerate(bars):
        middle = top + pitch * (row + 0.5)
        canvas.text(start - 6, middle + 3, _clipped(bar.label), anchor="end")
        if bar.value is None:
            canvas.text(start + 4, middle + 3, none, css="chart-soft", fill=INK_SOFT, size=8)
        else:  # a sliver even at zero: a result of nothing is a result
            canvas.rect(start, middle - pitch / 4, max(1.2, bar.value * scale), pitch / 2, css="chart-bar", fill=BAR)
        if bar.mark is not None:
            at = start + bar.mark * scale
            canvas.line(at, middle - 6.5, at, middle + 6.5, css="chart-halo", stroke=PAPER, width=4)
            canvas.line(at, middle - 6.5, at, middle + 6.5, css="chart-mark", stroke=INK, width=1.8)
    if line is not None:
        at = start + line * scale
        canvas.line(at, top - 4, at, bottom, css="chart-mark", stroke=INK, width=1, dash="3 2")
        canvas.text(at, top - 8, line_label, anchor=_anchor(line), size=8)
    return canvas.svg("chart-percentages", title, description)


def spreads(ranges: Sequence[Range], *, title: str, description: str, none: str, rtl=False) -> Chart:
    """Return one row per range: from lowest to highest, a box from quartile to quartile, median and mean."""
    start, scale, top, pitch = 8, (WIDTH - 22) / 100, 4, 36
    bottom = top + pitch * len(ranges)
    canvas = _Canvas(bottom + 18, rtl)
    _axis(canvas, start, scale, top, bottom)
    for row, (label, lies) in enumerate(ranges):
        middle = top + pitch * row + 24
        canvas.rect(start, middle - 20, _width(_clipped(label, LONGEST_ALONE), 8.5), 11, css="chart-halo", fill=PAPER)
        canvas.text(start, middle - 11, _clipped(label, LONGEST_ALONE), size=8.5)
        if lies is None:
            canvas.text(start + 4, middle + 3, none, css="chart-soft", fill=INK_SOFT, size=8)
        else:
            _spread(canvas, start, scale, middle, lies)
    return canvas.svg("chart-spreads", title, description)


def distributions(stacks: Sequence[Stack], *, title: str, description: str, legend: Sequence[Part], rtl=False) -> Chart:
    """Return one stacked bar per row under its label, each as long as the others, with a legend below."""
    top, pitch, height = 2, 31, 13
    bottom = top + pitch * len(stacks)
    places = list(_flow(legend))
    canvas = _Canvas(bottom + 20 + 13 * places[-1][1], rtl)
    for row, stack in enumerate(stacks):
        y = top + pitch * row
        canvas.text(1, y + 9, _clipped(stack.label, LONGEST_ALONE), size=8.5)
        whole = sum(part.n for part in stack.parts)
        x = 1.0
        for part in stack.parts:
            width = (WIDTH - 2) * part.n / whole if whole else 0
            if part.n:
                _part(canvas, x, y + 13, width, height, part, str(part.n))
            x += width
    for x, line, part in places:
        y = bottom + 6 + 13 * line
        _part(canvas, x, y, 14, 9, part, "")
        canvas.text(x + 18, y + 8, part.label, size=8)
    return canvas.svg("chart-distributions", title, description)


def _axis(canvas: "_Canvas", start: float, scale: float, top: float, bottom: float) -> None:
    for tick in TICKS:
        at = start + tick * scale
        canvas.line(at, top, at, bottom, css="chart-grid", stroke=LINE_STRONG if tick == 0 else LINE)
        canvas.text(at, bottom + 12, str(tick), anchor="middle", css="chart-soft", fill=INK_SOFT, size=8)


def _spread(canvas: "_Canvas", start: float, scale: float, middle: float, lies: Spread) -> None:
    low, first, median, mean, third, high = (
        start + float(value) * scale
        for value in (lies.lowest, lies.lower_quartile, lies.median, lies.mean, lies.upper_quartile, lies.highest)
    )
    canvas.line(low, middle, high, middle, css="chart-range", stroke=LINE_STRONG, width=1.2)
    for end in (low, high):
        canvas.line(end, middle - 3.5, end, middle + 3.5, css="chart-range", stroke=LINE_STRONG, width=1.2)
    canvas.rect(first, middle - 6, max(1.2, third - first), 12, css="chart-box", fill=BOX, stroke=LINE_STRONG)
    canvas.line(median, middle - 7.5, median, middle + 7.5, css="chart-mark", stroke=INK, width=2)
    canvas.dot(mean, middle, 3.4)


def _part(canvas: "_Canvas", x: float, y: float, width: float, height: float, part: Part, words: str) -> None:
    step = shade(part.rung, part.of)
    css = f"chart-part rung-{part.rung} of-{part.of}" if part.look == "level" else f"chart-part chart-{part.look}"
    fill = SHADES[step] if part.look == "level" else PAPER
    dash = "1.5 1.5" if part.look == "dotted" else ""
    canvas.rect(x, y, width, height, css=css, fill=fill, stroke=LINE_STRONG, dash=dash)
    if part.look == "hatched":
        for n in range(int(width // 5)):
            foot = x + 5 * n
            canvas.line(foot, y + height, min(foot + 5, x + width), y, css="chart-hatch", stroke=LINE_STRONG, width=0.4)
    if words and _width(words, 8) + 3 <= width:
        high = part.look == "level" and step > 4
        css = f"chart-count rung-{part.rung} of-{part.of}" if part.look == "level" else "chart-count"
        middle, foot = x + width / 2, y + height / 2 + 2.8
        if part.look == "hatched":
            half = _width(words, 8) / 2 + 1
            canvas.rect(middle - half, y + 2, 2 * half, height - 4, css="chart-halo", fill=PAPER)
        canvas.text(middle, foot, words, anchor="middle", css=css, fill=PAPER if high else INK, size=8)


def _flow(legend: Iterable[Part]) -> Iterator[tuple[float, int, Part]]:
    """Yield where each part of a legend stands: from where on, and on which line."""
    x, line = 1.0, 0
    for part in legend:
        wide = 30 + _width(part.label, 8)
        if x > 1 and x + wide > WIDTH:
            x, line = 1.0, line + 1
        yield x, line, part
        x += wide


def _clipped(label: str, longest: int = LONGEST) -> str:
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def _width(text: str, size: float) -> float:
    """Estimate how wide a text is: no font is at hand, and a little too much does no harm."""
    return 0.56 * size * len(text)


def _anchor(percent: float) -> str:
    """Keep the label of a line inside the plot."""
    return "start" if percent < 12 else "end" if percent > 88 else "middle"


class _Canvas:
    """SVG marks in the order drawn, mirrored for languages that are read from right to left."""

    def __init__(self, height: float, rtl: bool):
        self.height, self.rtl = height, rtl
        self.marks: list[str] = []

    def rect(self, x, y, width, height, *, css: str, fill: str, stroke: str = "", dash: str = "") -> None:
        edge = f' stroke="{stroke}" stroke-width=".5"' if stroke else ""
        edge += f' stroke-dasharray="{dash}"' if dash else ""
        x = WIDTH - x - width if self.rtl else x
        self.marks.append(
            f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{fill}"{edge}/>'
        )

    def line(self, x1, y1, x2, y2, *, css: str, stroke: str, width: float = 0.5, dash: str = "") -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        x1, x2 = (WIDTH - x1, WIDTH - x2) if self.rtl else (x1, x2)
        self.marks.append(
            f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{stroke}" stroke-width="{width}"{dashes}/>'
        )

    def dot(self, x, y, radius: float) -> None:
        x = WIDTH - x if self.rtl else x
        self.marks.append(
            f'<circle class="chart-dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{PAPER}" stroke="{ACCENT}" '
            'stroke-width="1.6"/>'
        )

    def text(self, x, y, words: str, *, anchor="start", css="chart-text", fill=INK, size=9) -> None:
        if self.rtl:
            x, anchor = WIDTH - x, {"start": "end", "end": "start"}.get(anchor, anchor)
        self.marks.append(
            f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{fill}">'
            f"{escape(words)}</text>"
        )

    def svg(self, css: str, title: str, description: str) -> Chart:
        """Return the whole; the direction is fixed because the marks are already on their sides."""
        chart = Chart(  # every text was escaped on its way in
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {css}" role="img" direction="ltr" '
            f'viewBox="0 0 {WIDTH} {self.height:g}" width="{WIDTH}" height="{self.height:g}" font-family="{FONTS}">'
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(self.marks)}</svg>"
        )
        chart.spoken = f"{title}. {description}"
        return chart
