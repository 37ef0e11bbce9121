"""The calendar's verbs: setting up a cycle and its countries, opening it, and a country's own extension."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import clock, notifications, pen, rules, workflow
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Country, Cycle, Membership, Role, Submission, User
from scoreboard.text import is_blank, stripped


@transaction.atomic
def save_cycle(cycle: Cycle, countries: Collection[Country], *, by: User) -> Cycle:
    """Write a new or changed cycle together with its participating `countries`, all or nothing.

    Raises PermissionDenied, Invalid for what a field cannot hold, and NotNow for a change that comes too late:
    another edition or code after opening, leaving out a country that has begun.
    """
    rules.require(by, "manage_cycles")
    if cycle.pk:
        stored = Cycle.objects.select_for_update().get(pk=cycle.pk)
        if stored.opened_at and (stored.edition_id, stored.code) != (cycle.edition_id, cycle.code):
            raise NotNow(_("This cycle is open: its edition and its code stay as they are."))
        cycle.opened_at = stored.opened_at
    try:
        cycle.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    cycle.save()
    set_participants(cycle, countries, by=by)
    return cycle


@transaction.atomic
def set_participants(cycle: Cycle, countries: Collection[Country], *, by: User) -> None:
    """Make `countries` the cycle's participants; each has one submission.

    Raises NotNow if a country that has begun would be left out: nothing that somebody wrote is dropped.
    """
    rules.require(by, "manage_cycles")
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    wanted = {country.pk for country in countries}
    left_out = cycle.submissions.exclude(country__in=wanted)
    begun = left_out.filter(answers__isnull=False) | left_out.filter(transitions__isnull=False)
    if names := sorted({str(submission.country) for submission in begun.select_related("country")}):
        raise NotNow(_("These countries have begun and stay in the cycle: %s.") % ", ".join(names))
    left_out.delete()
    present = set(cycle.submissions.values_list("country_id", flat=True))
    added = Submission.objects.bulk_create(
        Submission(cycle=cycle, country=country) for country in countries if country.pk not in present
    )
    if cycle.opened_at:
        for submission in added:
            notifications.tell("open_cycle", submission, by=by)


def obstacle_to_opening(cycle: Cycle) -> str:
    """Return the sentence that says why the cycle cannot be opened now, empty if it can."""
    if cycle.opened_at:
        return _("This cycle was opened already on %s.") % date_format(cycle.day(cycle.opened_at))
    if cycle.day() > cycle.closes:
        return _("This cycle closed on %s. Change its dates first.") % date_format(cycle.closes)
    if not cycle.submissions.exists():
        return _("Choose the participating countries first.")
    return ""


def audience(cycle: Cycle) -> tuple[int, list[Country]]:
    """Return how many focal points opening the cycle writes to, and the countries that have none."""
    focal_points = Membership.objects.in_force().filter(role=Role.FOCAL, person__is_active=True)
    reached = focal_points.filter(country__in=cycle.submissions.values("country"))
    mails = set(reached.values_list("country", "person"))
    return len(mails), list(cycle.countries.exclude(pk__in={country for country, _person in mails}))


@transaction.atomic
def open_cycle(cycle: Cycle, *, by: User) -> Cycle:
    """Show the cycle to its countries and write to their focal points.

    From its first day they can answer. Raises NotNow if it is open already, has no country, or is over.
    """
    rules.require(by, "manage_cycles")
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if obstacle := obstacle_to_opening(cycle):
        raise NotNow(obstacle)
    cycle.opened_at = clock.now()
    cycle.save(update_fields=["opened_at"])
    for submission in cycle.submissions.select_related("country"):
        submission.cycle = cycle
        notifications.tell("open_cycle", submission, by=by)
    return cycle


@transaction.atomic
def extend(submission: Submission, *, to: date, reason: str, by: User) -> Submission:
    """Give one country until the end of the day `to`, with a reason; it moves both its deadline and its closing.

    Raises Invalid without a reason or if `to` gives no more time than the country has or is past.
    """
    submission = pen.lock(submission)
    rules.require(by, "extend", submission)
    if submission.cycle.opened_at is None:
        raise NotNow(_("The cycle is not open yet. Change its dates instead."))
    if is_blank(reason):
        raise Invalid(_("Give the reason for the extension; it stands in the log."))
    if to <= submission.due:
        due = date_format(submission.due)
        raise Invalid(_("Choose a day after %s, until which the country has time already.") % due)
    if to < submission.cycle.day():
        raise Invalid(_("Choose today or a later day."))
    submission.extended_to, submission.extension_reason = to, stripped(reason)
    submission.save(update_fields=["extended_to", "extension_reason"])
    workflow.record(submission, "extend", by=by, comment=submission.extension_reason)
    notifications.tell("extend", submission, by=by, comment=submission.extension_reason)
    return submission
