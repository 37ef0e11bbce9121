"""Tags of what others take from a page: data for search engines, and the snippet of a chart."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reporting.document.citation import as_script

register = template.Library()


@register.simple_tag
def as_data(data: dict[str, Any]) -> SafeString:
    """Print data of schema.org; browsers run nothing of such an element, and its text has no signs of HTML."""
    return mark_safe(f'<script type="application/ld+json">{as_script(data)}</script>')  # noqa: S308 - escaped above


@register.simple_tag
def snippet(name: str, pk: int, code: str, title: str) -> str:
    """Print, as text, what somebody copies into a page of theirs to show the chart at the address with this name."""
    address = settings.SITE_URL + reverse(name, args=[translation.get_language(), pk, code.lower()])
    shown = escape(title)  # once for the attribute; the page escapes the whole again, to print it
    return f'<iframe src="{address}" title="{shown}" width="100%" height="480" loading="lazy"></iframe>'
