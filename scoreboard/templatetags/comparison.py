"""Texts with their changes marked."""

from typing import Literal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scoreboard.submissions import comparison

register = template.Library()

MARKS = {"same": "{}", "gone": "<del>{}</del>", "new": "<ins>{}</ins>"}


@register.simple_tag
def marked(before: str | None, after: str | None, side: Literal["", "before", "after"] = "") -> SafeString:
    """Print a text with what went from `before` struck out and what came underlined; of one `side` only its own."""
    hidden = {"before": "new", "after": "gone"}.get(side)
    found = [(kind, text) for kind, text in comparison.runs(before or "", after or "") if kind != hidden]
    return format_html_join("", "{}", ((format_html(MARKS[kind], text),) for kind, text in found))


@register.simple_tag
def parts_named(parts: set[str]) -> str:
    """Print which parts of an answer differ: "level, comment"."""
    return ", ".join(str(name) for part, name in comparison.NAMES.items() if part in parts)
