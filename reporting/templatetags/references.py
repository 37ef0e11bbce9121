"""Chapters and what they can name, as their writers read them."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reporting.assessments.chapters import WrittenChapter
from reporting.document.references import Item, in_words
from scoreboard.templatetags.phrases import tag

register = template.Library()

STATES = {
    "empty": ("neutral", _("Empty")),
    "draft": ("action", _("Draft")),
    "changed": ("late", _("Figures changed")),
    "approved": ("done", _("Approved")),
}


@register.simple_tag
def chapter_tag(written: WrittenChapter) -> SafeString:
    """Print how far a chapter is, as a tag."""
    return tag(*STATES[written.state])


@register.filter
def now(item: Item) -> str:
    """Return the value of something that has a name in words; nothing for tables and charts."""
    return in_words(item.kind, item.value)
