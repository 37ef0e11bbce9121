"""An index over the years, drawn as the other charts: a line of one set of countries, rings, and the target."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from reporting.charts.svg import ACCENT, INK, INK_SOFT, LINE, LINE_STRONG, PAPER, WIDTH, Canvas, Chart, width_of

TOP, PLOT, LEFT = 22, 150, 28
STEP = 50  # between two lines of the grid


class Mark(NamedTuple):
    """A year: the index of one set of countries (None: it has no line), of all countries, and how many these are."""

    year: int
    line: float | None
    all: float | None
    words: str
    n: str


def index(
    marks: Sequence[Mark],
    *,
    start: int,
    end: int,
    target: float,
    target_words: str,
    title: str,
    description: str,
    source: str = "",
    rtl: bool = False,
) -> Chart:
    """Return the index from 100 in the year `start`, with a dashed line to `target` in the year `end`.

    Only values of one set of countries are joined; rings are all countries of a year.
    """
    values = [value for mark in marks for value in (mark.line, mark.all) if value is not None]
    highest = STEP * max(2, -(-int(max(values, default=100) + 1) // STEP))
    last = max([end, *(mark.year for mark in marks)])
    canvas = Canvas(TOP + PLOT + 34, rtl)
    scale = (WIDTH - LEFT - 34) / (last - start)
    bottom = TOP + PLOT

    def place(year: int, value: float) -> tuple[float, float]:
        return LEFT + 14 + (year - start) * scale, bottom - PLOT * value / highest

    every = STEP * max(1, highest // STEP // 6)
    for tick in range(0, highest + 1, every):
        y = place(start, tick)[1]
        canvas.line(LEFT, y, WIDTH, y, css="chart-grid", stroke=LINE_STRONG if tick in (0, 100) else LINE)
        canvas.text(LEFT - 4, y + 2.6, str(tick), anchor="end", css="chart-soft", fill=INK_SOFT, size=7)
    (x1, y1), (x2, y2) = place(start, 100), place(end, target)
    canvas.line(x1, y1, x2, y2, css="chart-target", stroke=INK_SOFT, width=1, dash="4 3")
    canvas.text(x2, y2 + 12, target_words, anchor="end", css="chart-soft", fill=INK_SOFT, size=7.5)
    for mark in marks:
        if mark.all is not None:
            x, y = place(mark.year, mark.all)
            canvas.circle(x, y, 3.6, css="chart-dot", fill=PAPER, stroke=INK_SOFT)
    joined = [(start, 100.0), *((mark.year, mark.line) for mark in marks if mark.line is not None)]
    if len(joined) > 1:
        for before, after in pairwise(joined):
            canvas.line(*place(*before), *place(*after), css="chart-arrow", stroke=ACCENT, width=1.6)
    for year, value in joined:
        canvas.circle(*place(year, value), 3, css="chart-point", fill=ACCENT, stroke=PAPER)
    for mark in marks:
        shown = mark.all if mark.line is None else mark.line
        if shown is not None:
            x, y = place(mark.year, shown)
            wide, top = width_of(mark.words, 7.5), y - 14
            if mark.line is not None and mark.all is not None and mark.all > mark.line and y + 18 < bottom:
                top = y + 6  # the ring is above the point: the number does not cover it
            canvas.rect(x - wide / 2, top, wide, 9, css="chart-halo", fill=PAPER)
            canvas.text(x, top + 7, mark.words, anchor="middle", size=7.5, fill=INK)
    said = {mark.year: mark.n for mark in marks}
    for year in sorted({start, end, *said}):
        x = place(year, 0)[0]
        canvas.text(x, bottom + 11, str(year), anchor="middle", css="chart-soft", fill=INK_SOFT, size=7.5)
        if said.get(year):
            canvas.text(x, bottom + 21, said[year], anchor="middle", css="chart-soft", fill=INK_SOFT, size=7)
    return canvas.svg("chart-index", title, description, source)
