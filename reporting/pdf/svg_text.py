"""Text in SVG, set by WeasyPrint as a line at once.

WeasyPrint by itself sets it letter by letter, each label that is not aligned to the left within a form of its own:
that costs more than the rest of a chart, and joins no Arabic letters. This stands in for it as far as `canvas` goes:
one place, one font and size, no nested spans.
"""

from math import inf
from typing import Any, NamedTuple

SHIFT = {"start": 0.0, "middle": 0.5, "end": 1.0}


class _Style(dict):
    """What a line's style is asked for."""

    font_config: Any


class _Line(NamedTuple):
    """What WeasyPrint draws as a line of text."""

    text: str
    pango_layout: Any
    style: _Style


def install() -> None:
    """Let WeasyPrint draw the text of SVG so."""
    from weasyprint import svg

    svg.TAGS["text"] = _draw


def _draw(svg: Any, node: Any, font_size: float) -> None:
    from weasyprint.draw.text import draw_first_line
    from weasyprint.matrix import Matrix
    from weasyprint.text.line_break import split_first_line

    if not node.text:
        return
    style = _style(svg, node, font_size)
    layout, _length, _resume, width, _height, _baseline = split_first_line(node.text, style, svg.context, inf, 0)
    x, y = (svg.length(node.get(name), font_size) for name in ("x", "y"))
    x -= width * SHIFT[node.get("text-anchor", "start")]
    svg.stream.push_state()
    fill, stroke = svg.set_graphical_state(node, font_size)
    svg.stream.begin_text()
    layout.reactivate(style)
    svg.fill_stroke(fill, stroke, text=True)
    draw_first_line(svg.stream, _Line(node.text, layout, style), "none", "none", Matrix(d=-1, e=x, f=y))
    svg.stream.end_text()
    svg.stream.pop_state()


def _style(svg: Any, node: Any, font_size: float) -> _Style:
    from weasyprint.css.properties import INITIAL_VALUES

    style = _Style(INITIAL_VALUES)
    style.font_config = svg.font_config
    style["font_family"] = tuple(name.strip("\"'") for name in node.get("font-family", "sans-serif").split(","))
    style["font_weight"] = {"normal": 400, "bold": 700}.get(node.get("font-weight", "normal"), 400)
    style["font_size"] = font_size
    return style
