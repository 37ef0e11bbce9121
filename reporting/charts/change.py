"""Charts of change, drawn as those of `charts`: arrows from then to now, and small multiples over cycles."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from reporting.charts.bars import MANY, axis
from reporting.charts.svg import (
    ACCENT,
    INK,
    INK_SOFT,
    LETTER,
    LINE,
    LINE_STRONG,
    LONGEST_ALONE,
    PAPER,
    WIDTH,
    Canvas,
    Chart,
    clipped,
    lines,
    width_of,
)

HEAD = 6  # length of an arrow's head
ACROSS = 2  # panels in a row, while their points have room
POINTS = 4  # of a panel that is half as wide as the chart
GAP, PLOT, PANEL = 28, 74, 136  # between panels; height of their plots, and of the whole with title and labels


class Arrow(NamedTuple):
    """A row: its label, and a percentage then and now (None: nothing to compare)."""

    label: str
    then: float | None
    now: float | None


class Point(NamedTuple):
    """A cycle in a panel: its label, the percentage on the line, its words and its n; and another off the line.

    The line joins values of one set in all cycles; a `mark` is the value of all that each cycle had, and is not joined.
    Where the line `begins_anew`, nothing is joined over the place before the cycle.
    """

    label: str
    value: float | None
    words: str
    n: str = ""
    mark: float | None = None
    mark_words: str = ""
    begins_anew: bool = False


class Panel(NamedTuple):
    """One of several small charts on the same scale."""

    label: str
    points: Sequence[Point]


def arrows(
    rows: Sequence[Arrow],
    *,
    title: str,
    description: str,
    none: str,
    legend: tuple[str, str, str],
    above: bool = False,
    rtl: bool = False,
) -> Chart:
    """Return an arrow from then to now per row; `legend` names where it begins, where it ends, and no change.

    Labels are before their arrows, or `above` them.
    """
    start = 8 if above else 12 + max((width_of(clipped(row.label), 9) for row in rows), default=0)
    pitch = 30 if above else 18 if len(rows) <= MANY else 12
    scale, top = (WIDTH - 14 - start) / 100, 6
    bottom = top + pitch * len(rows)
    canvas = Canvas(bottom + 36, rtl)
    axis(canvas, start, scale, top, bottom)
    for n, row in enumerate(rows):
        middle = top + pitch * (n + (0.75 if above else 0.5))
        if above:
            words = clipped(row.label, LONGEST_ALONE)
            canvas.rect(start, middle - 19, width_of(words, 8.5), 11, css="chart-halo", fill=PAPER)
            canvas.text(start, middle - 10, words, size=8.5)
        else:
            canvas.text(start - 6, middle + 3, clipped(row.label), anchor="end", size=9 if len(rows) <= MANY else 8)
        if row.then is None or row.now is None:
            canvas.text(start + 4, middle + 3, none, css="chart-soft", fill=INK_SOFT, size=8)
        else:
            _arrow(canvas, start + row.then * scale, start + row.now * scale, middle)
    foot, left = bottom + 26, start
    _arrow(canvas, left + 4, left + 34, foot)
    then, now, same = legend
    room = (WIDTH - left - 100 - width_of(now + same, 8)) / 8 / LETTER
    words = f"{now} ← {clipped(then, room)}" if rtl else f"{clipped(then, room)} → {now}"
    canvas.text(left + 40, foot + 3, words, size=8)
    left += 60 + width_of(words, 8)
    _arrow(canvas, left, left, foot)
    canvas.text(left + 8, foot + 3, same, size=8)
    return canvas.svg("chart-arrows", title, description)


def multiples(
    panels: Sequence[Panel], *, title: str, description: str, none: str, source: str = "", rtl: bool = False
) -> Chart:
    """Return a small chart per panel, all from 0 to 100: a dot per cycle on a line, and a mark."""
    across = ACROSS if all(len(panel.points) <= POINTS for panel in panels) else 1
    canvas = Canvas(PANEL * -(-len(panels) // across), rtl)
    wide = (WIDTH - GAP * (across - 1)) / across
    for n, panel in enumerate(panels):
        _panel(canvas, (wide + GAP) * (n % across), PANEL * (n // across), wide, panel, none)
    return canvas.svg("chart-multiples", title, description, source)


def _arrow(canvas: Canvas, then: float, now: float, middle: float) -> None:
    """A ring where it was and a head where it is; a filled dot where both are the same."""
    if abs(now - then) < 0.5:
        canvas.circle(now, middle, 3.6, css="chart-point", fill=ACCENT, stroke=PAPER)
        return
    way = 1 if now > then else -1
    head = min(HEAD, abs(now - then))
    if abs(now - then) > head:
        canvas.line(then, middle, now - way * head, middle, css="chart-arrow", stroke=ACCENT, width=2)
    canvas.circle(then, middle, 2.6, css="chart-dot", fill=PAPER, stroke=ACCENT)
    back = now - way * head
    canvas.polygon([(now, middle), (back, middle - 4), (back, middle + 4)], css="chart-head", fill=ACCENT)


def _panel(canvas: Canvas, left: float, above: float, wide: float, panel: Panel, none: str) -> None:
    top, start = above + 30, left + 22
    bottom = top + PLOT
    for n, line in enumerate(lines(panel.label, wide / 8 / LETTER, 2)):
        canvas.text(left + 1, above + 9 + 10 * n, line, css="chart-more" if n else "chart-text", size=8)
    for tick in (0, 50, 100):
        y = bottom - PLOT * tick / 100
        canvas.line(start, y, left + wide, y, css="chart-grid", stroke=LINE_STRONG if tick == 0 else LINE)
        canvas.text(start - 4, y + 2.6, str(tick), anchor="end", css="chart-soft", fill=INK_SOFT, size=7)
    step = (left + wide - start) / len(panel.points)
    places = [
        (start + step * (n + 0.5), bottom - PLOT * (point.value or 0) / 100, point)
        for n, point in enumerate(panel.points)
    ]
    shown = [(x, y, point, n) for n, (x, y, point) in enumerate(places) if point.value is not None]
    for x, _y, point in places:
        if point.mark is not None:
            y = bottom - PLOT * point.mark / 100
            canvas.circle(x, y, 3.4, css="chart-dot", fill=PAPER, stroke=INK_SOFT)
    for n, point in enumerate(panel.points):
        if n and point.begins_anew:
            x = start + step * n
            canvas.line(x, top, x, bottom, css="chart-range", stroke=INK_SOFT, width=1, dash="3 3")
    for (x1, y1, _before, first), (x2, y2, _point, last) in pairwise(shown):
        if not any(point.begins_anew for point in panel.points[first + 1 : last + 1]):
            canvas.line(x1, y1, x2, y2, css="chart-arrow", stroke=ACCENT, width=1.4)
    for x, y, point, _n in shown:
        canvas.circle(x, y, 3, css="chart-point", fill=ACCENT, stroke=PAPER)
        canvas.text(x, y - 6 if y > top + 8 else y + 12, point.words, anchor="middle", size=7.5, fill=INK)
    room = step / 7 / LETTER
    for x, _y, point in places:
        words = f"{point.label}: {none}" if point.value is None and point.mark is None else point.label
        for place, label in enumerate((words, point.n, point.mark_words)):
            if label:
                where = bottom + 11 + 9 * place
                canvas.text(x, where, clipped(label, room), anchor="middle", css="chart-soft", fill=INK_SOFT, size=7)
