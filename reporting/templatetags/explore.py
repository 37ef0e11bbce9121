"""Tags of the explore page: what a cell says, how a country changed, and addresses of views next to this one."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.document import numbers
from reporting.published import downloads
from reporting.published.exploring import Item, View
from reporting.published.rows import Cell, Change
from reporting.results.scoring import rounded
from reporting.templatetags.published import public_url

register = template.Library()
register.filter("cell_words", downloads.words)


@register.simple_tag
def view_address(view: View, **others: Any) -> str:
    """Return the query string of a view that differs from this one, on its first page."""
    return f"?{view.query(page=1, **others)}"


@register.simple_tag
def view_query(view: View) -> str:
    """Return the query of the view's first page, without its question mark."""
    return view.query(page=1)


@register.simple_tag
def without_country(view: View, iso2: str) -> str:
    """Return the query string of the view without one of the countries compared."""
    return f"?{view.query(page=1, compare=tuple(one for one in view.compare if one != iso2))}"


@register.simple_tag
def chart_of(view: View, item: Item, kind: str) -> str:
    """Return the query string of the chart of one of the view's items as a file."""
    alone = {"area": item.code, "indicator": ""} if item.is_area else {"area": "", "indicator": item.code}
    return f"?{view.query(page=1, sort='country', format=kind, **alone)}"


@register.simple_tag
def page_of(view: View, item: Item) -> str:
    """Return the address of the page about an area or an indicator over all cycles."""
    return public_url("area_page" if item.is_area else "indicator_page", item.code, view.known.rounds)


@register.filter
def changed(change: Change, is_area: bool) -> SafeString | str:
    """Return how a country changed, with a shape, a signed number and over how many indicators; or why not."""
    if change.by is None:
        return _("wording changed") if change.is_broken else _("not in both")
    shape = {"rose": "▲", "fell": "▼", "same": "–"}[change.way]
    said = {"rose": _("rose by"), "fell": _("fell by"), "same": _("unchanged:")}[change.way]
    size = numbers.number(abs(change.by)) if is_area else str(abs(rounded(change.by, 0)))
    sign = {"rose": "+", "fell": "−", "same": ""}[change.way]
    over = ngettext("%(n)d comparable", "%(n)d comparable", change.n) % {"n": change.n} if is_area else ""
    return format_html(
        '<span aria-hidden="true">{}</span> <span class="visually-hidden">{}</span> '
        '<bdi dir="ltr"><strong>{}{}</strong></bdi> <span class="of">{}</span>',
        *(shape, said, sign, size, over),
    )


@register.filter
def has_value(cell: Cell) -> bool:
    """Whether a cell has a number to show."""
    return cell.percent is not None
