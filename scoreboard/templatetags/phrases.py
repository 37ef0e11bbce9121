"""Tags for states, days, moments and levels; `scoreboard.phrases` has the words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from i18nfield.strings import LazyI18nString

from scoreboard import phrases, zones
from scoreboard.models import Commitment, Cycle, Indicator, Submission, Suggestion
from scoreboard.text import localised

register = template.Library()
register.filter(is_safe=False)(localised)


# The shape repeats the tone of a tag without colour.
SHAPES = {
    "neutral": SafeString('<circle cx="8" cy="8" r="5.5"/>'),
    "waiting": SafeString('<circle cx="8" cy="8" r="6.5"/><path d="M8 4.5V8l2.5 2"/>'),
    "action": SafeString('<path d="M2 8h11M8.5 3.5 13 8l-4.5 4.5"/>'),
    "done": SafeString('<path d="m2 8.5 4 4 8-9"/>'),
    "late": SafeString('<path d="M8 1.5v8M8 14v.2"/>'),
}


@register.simple_tag
def tag(tone: str, text: str | Promise) -> SafeString:
    """Print a tag with a shape and a colour for its tone (neutral, waiting, action, done, late)."""
    return format_html(
        '<span class="tag tag-{}"><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false" fill="none" '
        'stroke="currentColor" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round">{}</svg>{}</span>',
        tone,
        SHAPES[tone],
        text,
    )


MARKS = {
    "empty": SafeString('<circle cx="8" cy="8" r="6.2" stroke-dasharray="2.6 2.6"/>'),
    "neutral": SafeString('<circle cx="8" cy="8" r="6.2"/><path class="solid" d="M8 1.8a6.2 6.2 0 0 1 0 12.4z"/>'),
    "action": SafeString('<path class="solid" d="M8 1.5 14.5 8 8 14.5 1.5 8z"/>'),
    "waiting": SafeString('<path d="M6.5 3 2.5 7l4 4M2.5 7H10a3.5 3.5 0 0 1 0 7H8"/>'),
    "done": SafeString('<circle cx="8" cy="8" r="6.2"/><path d="m4.8 8.3 2.2 2.2 4.3-4.8"/>'),
    "late": SafeString('<path d="M8 2 15 14H1z"/><path d="M8 6.6v3.2M8 11.9v.1"/>'),
}


@register.simple_tag
def mark(tone: str, text: str | Promise) -> SafeString:
    """Print a shape and a text in the colour of a tone, as dense tables show a state: without a box."""
    return format_html(
        '<span class="tone tone-{}"><svg viewBox="0 0 16 16" aria-hidden="true">{}</svg>{}</span>',
        tone,
        MARKS[tone],
        text,
    )


@register.simple_tag
def deadline_of(cycle: Cycle) -> str:
    """Print in one sentence how much time is left until the cycle's deadline."""
    return phrases.deadline(cycle)


@register.simple_tag(takes_context=True)
def state_tag(context: dict[str, Any], submission: Submission) -> SafeString:
    """Print the submission's state in the words of the reader's side."""
    reading = phrases.reading(submission, context["user"])
    return tag(reading.tone, reading.text)


@register.simple_tag
def cycle_tag(cycle: Cycle) -> SafeString:
    """Print the state of the cycle."""
    state = phrases.cycle_state(cycle)
    return tag(state.tone, state.text)


@register.simple_tag
def suggestion_tag(suggestion: Suggestion | None) -> SafeString:
    """Print the decision on a contributor's suggestion; None is one that they have not made yet."""
    if not suggestion:
        return tag("action", _("Waits for you"))
    if not suggestion.decision:
        return tag("waiting", _("Suggested"))
    if suggestion.decision == Suggestion.Decision.DECLINED:
        return tag("neutral", _("Declined"))
    return tag("done", suggestion.get_decision_display())


@register.simple_tag
def answer_in_short(content: Mapping[str, Any]) -> str:
    """Print an answer of a version in a word or two, with the number of its pieces of evidence."""
    words = {
        "level": _("Level %(value)s") % {"value": content.get("level")},
        "not_applicable": _("Not applicable"),
        "unknown": _("Unknown"),
    }.get(content["kind"], _("Not answered"))
    if not content.get("evidence"):
        return words
    n = len(content["evidence"])
    return words + ", " + ngettext("%(n)s piece of evidence", "%(n)s pieces of evidence", n) % {"n": n}


@register.simple_tag
def rung(level: int, height: int, of: int) -> SafeString:
    """Print a level as glyph and words, by its height above the lowest and the height of the ladder."""
    return format_html(
        '<span class="rung"><span class="feather rung-{} of-{}" aria-hidden="true"></span>{}</span>',
        height,
        of,
        _("Level %(level)s") % {"level": level},
    )


@register.simple_tag
def level(indicator: Indicator, value: int) -> SafeString:
    """Print the level `value` of the indicator's ladder as glyph and words."""
    lowest, highest = indicator.ladder[0].value, indicator.ladder[-1].value
    return rung(value, value - lowest, highest - lowest)


@register.simple_tag
def moment(value: datetime, cycle: Cycle) -> SafeString:
    """Print a moment in the cycle's time zone, which it names."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), phrases.moment(value, cycle))


@register.simple_tag
def day(value: date, cycle: Cycle) -> SafeString:
    """Print a day of the cycle's calendar, with the time zone in which it ends."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), phrases.day(value, cycle))


@register.simple_tag
def commitment_status(status: str) -> str:
    """Print what became of a step that was promised."""
    return str(Commitment.Status(status).label) if status else _("Not answered")


@register.filter
def written_day(text: str) -> str:
    """Print a day that is stored as text, such as 2027-06-30; nothing for an empty text."""
    return date_format(date.fromisoformat(text)) if text else ""


@register.simple_tag
def zone_of_page() -> str:
    """Print the time zone of the page's days and times; to be asked below all of them."""
    return zones.of_page()


@register.simple_tag
def time_left(submission: Submission) -> str:
    """Print in one sentence how much time the country has."""
    return phrases.time_left(submission)


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
    return phrases.waited(since, cycle)
