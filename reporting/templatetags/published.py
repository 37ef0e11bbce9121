"""Tags of pages over all published cycles: signs of answers, changes, addresses."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.document import numbers
from reporting.models import PublishedArea, PublishedIssue
from reporting.published.glyphs import OTHERS, Glyph
from reporting.published.rounds import Rounds
from reporting.templatetags.figures import dash, points
from scoreboard.phrases import language_attributes

register = template.Library()


@register.filter
def words_of(issue: PublishedIssue) -> SafeString:
    """Return the HTML attributes of the texts of an issue's edition if their language is not the page's, else empty."""
    return language_attributes(issue.edition["languages"])


@register.filter
def language_of(text: dict[str, str]) -> SafeString:
    """Return the HTML attributes of a text by language if it is not in the page's, else empty."""
    return language_attributes(list(text))


@register.simple_tag
def public_url(name: str, code: str, rounds: Rounds, *more: str) -> str:
    """Return the address of a part of a questionnaire; that of the latest cycle is not named in it."""
    return reverse(name, args=[*filter(None, [rounds.address]), code, *more])


@register.simple_tag
def country_chart_url(iso2: str, rounds: Rounds, kind: str) -> str:
    """Return the address of the chart of a country in a questionnaire; that of the latest cycle is not named in it."""
    return reverse("country_chart", args=[iso2.lower(), *filter(None, [rounds.address]), kind])


@register.simple_tag
def group_chart_url(slug: str, rounds: Rounds, kind: str) -> str:
    """Return the address of the chart of a group in a questionnaire; that of the latest cycle is not named in it."""
    return reverse("group_chart", args=[slug, *filter(None, [rounds.address]), kind])


@register.simple_tag
def explore_url(rounds: Rounds, **words: str) -> str:
    """Return the address of the explore page with what it is asked for, such as `area="P"`; nothing empty is in it."""
    asked = {"instrument": rounds.address} | words
    return f"{reverse('explore')}?{urlencode({name: word for name, word in asked.items() if word})}"


@register.simple_tag
def glyph(one: Glyph) -> SafeString:
    """Print the sign of an answer; what is not a level also in words."""
    if one.is_level:
        return mark_safe(f'<span class="glyph {one.css}">{one.mark}</span>')  # noqa: S308 numbers
    hidden = format_html('<span class="visually-hidden">{}</span>', one.words)
    if not one.mark:
        return format_html('<span class="glyph {}">{}</span>', one.css, hidden)
    return format_html('<span class="glyph {}"><span aria-hidden="true">{}</span>{}</span>', one.css, one.mark, hidden)


@register.simple_tag
def glyph_sign(one: Glyph) -> SafeString:
    """Print the sign alone, next to its words."""
    return format_html('<span class="glyph {}" aria-hidden="true">{}</span>', one.css, one.mark)


@register.simple_tag
def other_glyphs() -> list[Glyph]:
    """Return the signs that are no level, each once, for a key; one of no cycle."""
    return [Glyph(PublishedIssue(), state) for state in OTHERS if state != "not_asked"]


@register.filter
def signed(value: Fraction | None) -> SafeString:
    """Return a change in percentage points, its sign before it in languages that are read from right to left too."""
    return format_html('<bdi dir="ltr">{}</bdi>', points(value))


@register.filter
def amount_or_dash(value: Decimal | None) -> str | SafeString:
    """Return a sum with its digits, a dash where nothing is given."""
    return dash(_("no value")) if value is None else numbers.amount(value)


@register.filter
def size_of(value: int) -> int:
    """Return a number without its sign."""
    return abs(value)


@register.simple_tag
def codes(issues: Iterable[PublishedIssue]) -> SafeString:
    """Print the cycles of issues, one after the other."""
    return format_html_join(", ", "{}", ((one.cycle_code,) for one in issues))


@register.filter
def chapter_slug(area: PublishedArea) -> str:
    """Return what the address of an area's chapter calls it."""
    return f"area-{area.code}".lower()
