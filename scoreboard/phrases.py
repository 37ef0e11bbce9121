"""States, days and moments as text: how each side reads a state, and how much time a country has."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoreboard import rules, zones
from scoreboard.models import Cycle, Edition, Role, State, Submission
from scoreboard.models.people import Person


@dataclass(frozen=True)
class Reading:
    """A state as one side reads it, and the tone of its tag: "action" for the side that can write, else "waiting"."""

    text: str | Promise
    tone: str


# Each state as its country reads it, and as the Secretariat does.
READINGS: dict[State, tuple[Reading, Reading]] = {
    State.DRAFT: (
        Reading(gettext_lazy("Draft"), "action"),
        Reading(gettext_lazy("Being drafted"), "neutral"),
    ),
    State.SUBMITTED: (
        Reading(gettext_lazy("With the Secretariat"), "waiting"),
        Reading(gettext_lazy("To review"), "action"),
    ),
    State.RETURNED: (
        Reading(gettext_lazy("Returned to you"), "action"),
        Reading(gettext_lazy("Waits for the country"), "waiting"),
    ),
    State.ACCEPTED: (
        Reading(gettext_lazy("Accepted"), "done"),
        Reading(gettext_lazy("Accepted"), "done"),
    ),
}


def reading(submission: Submission, user: Person) -> Reading:
    """Return the submission's state as `user` reads it: focal points from the country's side, others from the other."""
    for_country, for_secretariat = READINGS[State(submission.state)]
    return for_country if Role.FOCAL in rules.roles_towards(user, submission) else for_secretariat


def day(value: date, cycle: Cycle) -> str:
    """Return a day of the cycle's calendar with the time zone in which it ends: "30 June 2026 (Europe/Berlin)".

    On a page, here and in the two functions below, the page's footer names its first zone instead.
    """
    return f"{date_format(value)}{zones.suffix(cycle.time_zone)}"


def moment(value: datetime, cycle: Cycle) -> str:
    """Return a moment in the cycle's time zone: "14 June 2026, 14:03 (Europe/Berlin)"."""
    return f"{date_format(value.astimezone(cycle.zone), 'DATETIME_FORMAT')}{zones.suffix(cycle.time_zone)}"


def clock_time(value: datetime, cycle: Cycle) -> str:
    """Return the time of day in the cycle's time zone: "14:03 (Europe/Berlin)"."""
    return f"{time_format(value.astimezone(cycle.zone))}{zones.suffix(cycle.time_zone)}"


def time_left(submission: Submission) -> str:
    """Return in one sentence how much time the country has, counted in days of the cycle's calendar."""
    cycle, due, last = submission.cycle, submission.due, submission.last_day
    if not cycle.has_begun:
        return _("Opens on %s.") % day(cycle.opens, cycle)
    if not submission.is_open:
        return _("Closed since the end of %s.") % day(last, cycle)
    if submission.state == State.RETURNED:
        return _("You can change answers and submit again until the end of %s.") % day(last, cycle)
    if cycle.day() > due:
        passed = _("The deadline has passed: %s.") % day(due, cycle)
        return passed + " " + _("You can still submit until the end of %s, marked as late.") % day(last, cycle)
    return _until(due, cycle)


def waited(since: datetime, cycle: Cycle) -> str:
    """Return for how many days of the cycle's calendar something has waited: "9 days"."""
    days = (cycle.day() - cycle.day(since)).days
    if days == 0:
        return _("since today")
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def cycle_state(cycle: Cycle) -> Reading:
    """Return the state of the cycle: planned, opened but not begun, open, or closed."""
    if cycle.opened_at is None:
        return Reading(_("Planned"), "neutral")
    if not cycle.has_begun:
        return Reading(_("Opens on %s") % date_format(cycle.opens), "waiting")
    if cycle.day() > cycle.closes:
        return Reading(_("Closed since %s") % date_format(cycle.closes), "done")
    return Reading(_("Open since %s") % date_format(max(cycle.opens, cycle.day(cycle.opened_at))), "action")


def deadline(cycle: Cycle) -> str:
    """Return in one sentence how much time is left until the cycle's deadline, or that it is an earlier round."""
    if cycle.opened_at is None:
        return _("Not open to the countries yet.")
    if cycle.is_earlier_round:
        return _("An earlier round, from %(opens)s to %(closes)s. Its answers come from a file.") % {
            "opens": date_format(cycle.opens),
            "closes": day(cycle.closes, cycle),
        }
    if cycle.day() > cycle.deadline:
        return _("The deadline has passed: %s.") % day(cycle.deadline, cycle)
    return _until(cycle.deadline, cycle)


def _until(due: date, cycle: Cycle) -> str:
    left = (due - cycle.day()).days
    if left == 0:
        return _("The deadline is today, at the end of %s.") % day(due, cycle)
    return ngettext(
        "Deadline in %(n)d day: the end of %(day)s.", "Deadline in %(n)d days: the end of %(day)s.", left
    ) % {"n": left, "day": day(due, cycle)}


def languages(edition: Edition) -> list[tuple[str, str]]:
    """Return the languages in which a file with texts of the edition can be had, its own first, with their names."""
    names = {code: _(str(name)) for code, name in settings.LANGUAGES}
    return [(code, names.get(code, code)) for code in dict.fromkeys([*edition.languages, *names])]


def text_language(edition: Edition) -> SafeString:
    """Return the HTML attributes of the edition's texts if their language is not the page's, else empty."""
    return language_attributes(edition.languages)


def language_attributes(languages: Collection[str]) -> SafeString:
    """Return the HTML attributes of texts that are in some languages: none if the page's is one of them."""
    page = translation.get_language() or ""
    if page in languages or page.split("-")[0] in languages:
        return SafeString("")
    # i18nfield falls back to the default language, else to the first one in alphabetical order.
    shown = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in languages else min(languages)
    bidi = LANG_INFO.get(shown, {}).get("bidi", False)
    return format_html(' lang="{}" dir="{}"', shown, "rtl" if bidi else "ltr")
