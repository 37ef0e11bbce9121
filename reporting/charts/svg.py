"""What charts are drawn on: SVG marks in the order drawn, with the colours of the tokens, mirrored where need be."""

import unicodedata
from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString

# The tokens of static/css/tokens.css, for where no style sheet reaches; a test compares them.
INK, INK_SOFT, LINE, LINE_STRONG = "#221f1b", "#5a544a", "#ddd7cb", "#857d70"
ACCENT, PAPER = "#0b5a68", "#fff"
SHADES = ("#f6f3ec", "#dfeceb", "#bddadb", "#8ec1c5", "#569fa8", "#217480", "#094b58")
BAR, BOX = SHADES[4], SHADES[2]
FONTS = "Noto Sans,DejaVu Sans,system-ui,sans-serif"

WIDTH = 520
NARROW_WIDTH = 280  # of a chart in a frame on a phone, where nothing scrolls
LONGEST, LONGEST_ALONE = 34, 106  # usual letters of a label next to a bar, or on a line of its own; tables have all
LETTER = 0.56  # the width of a usual letter, in ems
NARROW, BROAD = frozenset("iljtfrI.,:;'|!()[]· "), frozenset("MWmw@%…—")


class Label(NamedTuple):
    """A text of a chart: where its baseline starts, is in the middle or ends (`anchor`), in the chart's units."""

    x: float
    y: float
    words: str
    anchor: str
    css: str
    fill: str
    size: float


class Chart(SafeString):
    """A chart as SVG, ready for a page; print takes its `marks`, as SVG too, `labels` and text alternative apart."""

    marks: str
    labels: list[Label]
    height: float
    spoken: str


def shade(rung: int, of: int) -> int:
    """Return which of the seven shades a rung has, 0 for the lowest rung of its ladder and 6 for the highest."""
    return (12 * rung + of) // (2 * of) if of else 0


def clipped(label: str, longest: float = LONGEST) -> str:
    """Return a label no wider than `longest` usual letters, cut with an ellipsis where it would be."""
    room = LETTER * longest
    if width_of(label, 1) <= room:
        return label
    while label and width_of(label, 1) > room - _width("…"):
        label = label[:-1]
    return label.rstrip() + "…"


def lines(label: str, longest: float, most: int) -> list[str]:
    """Return a label on at most so many lines, none wider than `longest` usual letters; the last is cut if need be."""
    done: list[str] = []
    words = label.split()
    while words:
        taken = 1
        while taken < len(words) and width_of(" ".join(words[: taken + 1]), 1) <= LETTER * longest:
            taken += 1
        if len(done) == most - 1:
            taken = len(words)
        done.append(clipped(" ".join(words[:taken]), longest))
        words = words[taken:]
    return done


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is: no font is at hand, and a little too much does no harm."""
    return size * sum(map(_width, text))


def _width(letter: str) -> float:
    """About how wide a letter is in Noto Sans, in ems."""
    if unicodedata.combining(letter):
        return 0
    if letter in BROAD or unicodedata.east_asian_width(letter) in "WF":
        return 1
    if letter in NARROW:
        return 0.38
    return 0.72 if letter.isupper() else LETTER + 0.02


class Canvas:
    """SVG marks in the order drawn, labels above them, mirrored for languages that are read from right to left."""

    def __init__(self, height: float, rtl: bool, width: float = WIDTH):
        self.height, self.rtl, self.width = height, rtl, width
        self.marks: list[str] = []
        self.labels: list[Label] = []

    def rect(
        self, x: float, y: float, width: float, height: float, *, css: str, fill: str, stroke: str = "", dash: str = ""
    ) -> None:
        edge = f' stroke="{stroke}" stroke-width=".5"' if stroke else ""
        edge += f' stroke-dasharray="{dash}"' if dash else ""
        x = self.width - x - width if self.rtl else x
        self.marks.append(
            f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{fill}"{edge}/>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, css: str, stroke: str, width: float = 0.5, dash: str = ""
    ) -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        x1, x2 = (self.width - x1, self.width - x2) if self.rtl else (x1, x2)
        self.marks.append(
            f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{stroke}" stroke-width="{width}"{dashes}/>'
        )

    def circle(
        self, x: float, y: float, radius: float, *, css: str, fill: str, stroke: str, width: float = 1.2
    ) -> None:
        x = self.width - x if self.rtl else x
        self.marks.append(
            f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}" '
            f'stroke-width="{width}"/>'
        )

    def polygon(self, points: Iterable[tuple[float, float]], *, css: str, fill: str) -> None:
        places = " ".join(f"{self.width - x if self.rtl else x:.1f},{y:.1f}" for x, y in points)
        self.marks.append(f'<polygon class="{css}" points="{places}" fill="{fill}"/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        css: str = "chart-text",
        fill: str = INK,
        size: float = 9,
    ) -> None:
        if self.rtl:
            x, anchor = self.width - x, {"start": "end", "end": "start"}.get(anchor, anchor)
        self.labels.append(Label(x, y, words, anchor, css, fill, size))

    def svg(self, css: str, title: str, description: str, source: str = "") -> Chart:
        """Return the whole, with a line for its source below where a chart leaves its page.

        The direction is fixed because the marks are already on their sides.
        """
        for line in lines(source, (self.width - 4) / 8 / LETTER, 6):
            self.height += 12
            self.text(0, self.height - 3, line, css="chart-soft", fill=INK_SOFT, size=8)
        begin = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {css}" role="img" direction="ltr" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}" '
            f'font-family="{FONTS}">'
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(self.marks)}"
        )
        chart = Chart(f"{begin}{''.join(map(_text, self.labels))}</svg>")
        chart.marks, chart.labels, chart.height = f"{begin}</svg>", self.labels, self.height
        chart.spoken = f"{title}. {description}"
        return chart


def _text(label: Label) -> str:
    return (
        f'<text class="{label.css}" x="{label.x:.1f}" y="{label.y:.1f}" text-anchor="{label.anchor}" '
        f'font-size="{label.size}" fill="{label.fill}">{escape(label.words)}</text>'
    )
