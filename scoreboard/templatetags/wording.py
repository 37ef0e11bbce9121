"""What pages say of states, days, moments and levels; `scoreboard.wording` has the words."""

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from i18nfield.strings import LazyI18nString

from scoreboard import wording, zones
from scoreboard.models import Cycle, Indicator, Submission

register = template.Library()


@register.inclusion_tag("includes/state_tag.html", takes_context=True)
def state_tag(context: dict[str, Any], submission: Submission) -> dict[str, Any]:
    """Print the submission's state as the reader's side calls it."""
    reading = wording.reading(submission, context["user"])
    return {"text": reading.text, "tone": reading.tone}


@register.inclusion_tag("includes/state_tag.html")
def standing_tag(cycle: Cycle) -> dict[str, Any]:
    """Print where the cycle stands."""
    standing = wording.standing(cycle)
    return {"text": standing.text, "tone": standing.tone}


@register.inclusion_tag("includes/level.html")
def level(indicator: Indicator, value: int) -> dict[str, int]:
    """Print the level `value` of the indicator's ladder as glyph and words."""
    lowest, highest = indicator.ladder[0].value, indicator.ladder[-1].value
    return {"level": value, "rung": value - lowest, "of": highest - lowest}


@register.simple_tag
def moment(value: datetime, cycle: Cycle) -> SafeString:
    """Print a moment in the cycle's time zone, which it names."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), wording.moment(value, cycle))


@register.simple_tag
def day(value: date, cycle: Cycle) -> SafeString:
    """Print a day of the cycle's calendar, with the time zone in which it ends."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), wording.day(value, cycle))


@register.simple_tag
def zone_of_page() -> str:
    """Print the time zone of the page's days and times; to be asked below all of them."""
    return zones.of_page()


@register.simple_tag
def time_left(submission: Submission) -> str:
    """Print in one sentence how much time the country has."""
    return wording.time_left(submission)


@register.simple_tag
def portal_name() -> str:
    """Print what this portal is called, also on pages and in mails that are written outside of a request."""
    return str(settings.PORTAL_NAME)


@register.simple_tag
def level_text(indicator: Indicator, value: int) -> LazyI18nString | str:
    """Print the text of a level; nothing for a value that is not on the ladder."""
    return next((level.text for level in indicator.ladder if level.value == value), "")


@register.simple_tag
def waited(since: datetime, cycle: Cycle) -> str:
    """Print for how many days something has waited."""
    return wording.waited(since, cycle)


@register.filter
def localised(data: Any) -> LazyI18nString:
    """Return a text that a version kept in all its languages, to be printed in the reader's."""
    return LazyI18nString(data)
