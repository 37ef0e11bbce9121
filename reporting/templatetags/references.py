"""What a narrative can name, as its writers read it."""

from django import template

from reporting.document.references import Item, worded

register = template.Library()


@register.filter
def now(item: Item) -> str:
    """Return the value of something that has a name in words; nothing for tables and charts."""
    return worded(item.kind, item.value)
