"""A chart with a panel for each area, drawn like `bars`: every country's dot and the overall median."""

from collections.abc import Sequence
from typing import NamedTuple

from reporting.charts.bars import axis
from reporting.charts.svg import ACCENT, INK, LETTER, PAPER, WIDTH, Canvas, Chart, clipped, width_of

GAP, PITCH, TOP = 14, 11, 18  # between panels, between rows, above the first
TICKS = (0, 50, 100)


class Column(NamedTuple):
    """A panel: its label, and the percentage at which a line is drawn (None: no line)."""

    label: str
    line: float | None


def dots(
    rows: Sequence[tuple[str, Sequence[float | None]]],
    columns: Sequence[Column],
    *,
    title: str,
    description: str,
    rtl: bool = False,
) -> Chart:
    """Return a row per label with a dot from 0 to 100 in each panel, none where the value is None."""
    start = 10 + max((width_of(clipped(label, 24), 8) for label, _values in rows), default=0)
    wide = (WIDTH - start - 6 - GAP * (len(columns) - 1)) / max(1, len(columns))
    bottom = TOP + PITCH * len(rows)
    canvas = Canvas(bottom + 16, rtl)
    for row, (label, _values) in enumerate(rows):
        canvas.text(start - 6, TOP + PITCH * (row + 0.5) + 2.8, clipped(label, 24), anchor="end", size=8)
    for n, column in enumerate(columns):
        left = start + (wide + GAP) * n
        canvas.text(left + wide / 2, 9, clipped(column.label, wide / 8.5 / LETTER), anchor="middle", size=8.5)
        axis(canvas, left, wide / 100, TOP, bottom, TICKS, size=6.5)
        if column.line is not None:
            at = left + wide * column.line / 100
            canvas.line(at, TOP - 3, at, bottom, css="chart-mark", stroke=INK, width=1, dash="3 2")
        for row, (_label, values) in enumerate(rows):
            value = values[n]
            if value is not None:
                x, y = left + wide * value / 100, TOP + PITCH * (row + 0.5)
                canvas.circle(x, y, 2.8, css="chart-point", fill=ACCENT, stroke=PAPER, width=0.8)
    return canvas.svg("chart-panels", title, description)
