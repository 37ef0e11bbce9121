"""Small charts for narrow screens: marks only, no text. The page has every word and number next to them in HTML.

They are drawn from left to right and mirrored by the style sheet where a language is read from right to left. Colours
come from classes, so that the charts follow the scheme of the page.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe

Percent = Fraction | None
WIDE, HIGH, EDGE = 240, 140, 10  # of a series, and the room above 100 and below 0
STRIP, RADIUS = 500, 6.5  # of a strip: its width, and how large a dot is
BARS, BAR_HIGH, STEP = 540, 160, 60  # of columns: at least so wide, how high, and the width of a step
STACK, STACK_HIGH, GAP = 500, 24, 2  # of a stacked bar, and between its parts


def series(own: Sequence[Percent], middle: Sequence[Percent], broken: Sequence[bool]) -> SafeString:
    """Return a line from 0 to 100 with a dot per cycle, and a dashed one behind it; neither goes over a break."""
    step = WIDE / max(1, len(own))
    marks = [f'<path class="sc-grid" d="M0 {_y(tick):.0f}H{WIDE}"/>' for tick in (0, 50, 100)]
    marks += [f'<path class="sc-break" d="M{n * step:.1f} 0V{HIGH}"/>' for n, one in enumerate(broken) if one]
    for values, line, dot, radius in ((middle, "sc-middle", "sc-ring", 3.5), (own, "sc-line", "sc-dot", 5.5)):
        places = [None if one is None else (step * (n + 0.5), _y(one)) for n, one in enumerate(values)]
        for n, (first, second) in enumerate(pairwise(places), start=1):
            if first and second and not broken[n]:
                marks.append(
                    f'<path class="{line}" d="M{first[0]:.1f} {first[1]:.1f}L{second[0]:.1f} {second[1]:.1f}"/>'
                )
        marks += [f'<circle class="{dot}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>' for x, y in filter(None, places)]
    return _svg("small-series", WIDE, HIGH, marks)


def strip(values: Sequence[Fraction], quartiles: tuple[Fraction, Fraction] | None, median: Percent) -> SafeString:
    """Return a dot per value from 0 to 100, stacked where they would overlap, the middle half as a band, the median."""
    rows: list[list[float]] = []
    places = []
    for x in sorted(_x(value) for value in values):
        row = next((n for n, taken in enumerate(rows) if x - taken[-1] >= 2 * RADIUS), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(x)
        places.append((x, row))
    high = max(40, 4 + 2 * RADIUS * (len(rows) + 1 - len(rows) % 2))  # as many above the middle as below
    marks = []
    if quartiles:
        first, third = map(_x, quartiles)
        marks.append(f'<rect class="sc-band" x="{first:.1f}" y="0" width="{third - first:.1f}" height="{high:g}"/>')
    marks += [f'<path class="sc-grid" d="M{_x(Fraction(tick)):.1f} 0V{high:g}"/>' for tick in (0, 25, 50, 75, 100)]
    dots = "".join(
        # Rows fill from the middle outwards: 0, 1 above, 1 below, 2 above …
        f"M{_short(x)} {_short(high / 2 - (row + 1) // 2 * (1 if row % 2 else -1) * 2 * RADIUS)}h0"
        for x, row in places
    )
    marks.append(f'<path class="sc-dots" d="{dots}"/>')
    if median is not None:
        marks.append(f'<path class="sc-median" d="M{_x(median):.1f} 0V{high:g}"/>')
    return _svg("small-strip", STRIP, high, marks)


def columns(groups: Sequence[Sequence[Fraction | None]]) -> SafeString:
    """Return a column per step, each with its values one before the other, the first behind and widest; from zero."""
    wide = max(BARS, STEP * len(groups))
    step = wide / max(1, len(groups))
    most = max((value for group in groups for value in group if value is not None), default=Fraction(0))
    marks = []
    for n, group in enumerate(groups):
        for place, value in enumerate(group):
            if value is None or not most:
                continue
            high = float(value / most) * (BAR_HIGH - 4)
            size = step * (0.6 - 0.15 * place) if place < 3 else step * 0.15
            marks.append(
                f'<rect class="sc-part sc-part-{min(place, 2)}" x="{step * (n + 0.5) - size / 2:.1f}" '
                f'y="{BAR_HIGH - high:.1f}" width="{size:.1f}" height="{high:.1f}"/>'
            )
    marks.append(f'<path class="sc-base" d="M0 {BAR_HIGH}H{wide:g}"/>')
    return _svg("small-columns", wide, BAR_HIGH + 1, marks)


def stacked(parts: Sequence[tuple[int, str]]) -> SafeString:
    """Return a bar of parts as wide as their counts, each with its classes; parts of nothing are left out."""
    some = [(n, css) for n, css in parts if n]
    scale = (STACK - GAP * (len(some) - 1)) / max(1, sum(n for n, _css in some))
    x, marks = 0.0, []
    for n, css in some:
        marks.append(
            f'<rect class="sc-share {css}" x="{x:.1f}" y="1" width="{n * scale:.1f}" height="{STACK_HIGH - 2}"/>'
        )
        x += n * scale + GAP
    return _svg("small-stack", STACK, STACK_HIGH, marks, ' preserveAspectRatio="none"')


def _y(percent: Fraction | int) -> float:
    return HIGH - EDGE - (HIGH - 2 * EDGE) * float(percent) / 100


def _x(percent: Fraction) -> float:
    return STRIP * (0.02 + 0.96 * float(percent) / 100)


def _short(number: float) -> str:
    """Return a number with a decimal only if it has one: there are hundreds of dots on a page."""
    return f"{round(number, 1):g}"


def _svg(css: str, wide: float, high: float, marks: Sequence[str], more: str = "") -> SafeString:
    return mark_safe(  # noqa: S308 numbers and fixed words only
        f'<svg class="small-chart {css}" viewBox="0 0 {wide:g} {high:g}"{more} aria-hidden="true" focusable="false">'
        f"{''.join(marks)}</svg>"
    )
