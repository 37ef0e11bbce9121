"""Tags that print the rows of an issue's large tables: as nodes of a template they would take most of the time."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reporting.document.parts import Cell, Result, Tally
from reporting.templatetags.figures import percent

register = template.Library()


@register.simple_tag
def answer_cells(page: str, cells: Iterable[tuple[Tally, Cell]]) -> SafeString:
    """Print a country's answers as the cells of a row, each with a link to where the country's page has it."""
    signs = {
        "not_applicable": ("cell-na", _abbreviated(pgettext("symbol", "n/a"), _("not applicable"))),
        "unknown": ("cell-unknown", _abbreviated("?", _("unknown"))),
    }
    missing = ("cell-missing", _abbreviated("–", _("not answered")))
    found = []
    for tally, one in cells:
        is_level = one.kind == "level"
        css, mark = (f"rung-{one.rung} of-{one.of}", one.level) if is_level else signs.get(one.kind, missing)
        start = " area-start" if one.begins_area else ""
        link = f'<a href="{escape(page)}#answer-{escape(tally.label)}">{mark}</a>'
        found.append(f'<td class="cell {css}{start}">{link}</td>')
    return mark_safe("".join(found))  # noqa: S308 - every text is escaped


def _abbreviated(sign: str, words: str) -> SafeString:
    return format_html('<abbr title="{}">{}</abbr>', words, sign)


@register.simple_tag
def result_cells(page: str, results: Iterable[Result]) -> SafeString:
    """Print a country's results in the areas as the cells of a row, with links to where its page has the answers."""
    words = _("%(scored)s of %(of)s scored")
    found = [(page, one.area, percent(one.percent), words % {"scored": one.scored, "of": one.of}) for one in results]
    return format_html_join("", '<td class="num"><a href="{}#area-{}">{}</a> <span class="of">{}</span></td>', found)
