"""Texts with their changes marked."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scoreboard import comparing

register = template.Library()

MARKS = {"same": "{}", "gone": "<del>{}</del>", "new": "<ins>{}</ins>"}


@register.simple_tag
def marked(before: str, after: str) -> SafeString:
    """Print a text with what went from `before` struck out and what came underlined."""
    found = comparing.pieces(before or "", after or "")
    return format_html_join("", "{}", ((format_html(MARKS[kind], text),) for kind, text in found))
