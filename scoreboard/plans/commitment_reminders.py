"""Reminds countries twice a year, between the cycles, of the steps that they promised and that are still open."""

from collections import defaultdict
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from scoreboard import clock, locking
from scoreboard.mail import notifications
from scoreboard.models import Commitment, Mail, State, Submission

DAYS = ((3, 1), (9, 1))  # month and day from which a reminder is due
MADE_UP_FOR = timedelta(days=30)  # how long a missed day is made up for
FRESH = timedelta(days=90)  # for so long after a step was accepted or reported on nobody is reminded of it


def send() -> int:
    """Write the reminders that are due and were not written yet; return to how many countries.

    Not reminded are countries that can write answers now, which are asked there, and of a cycle that they left.
    """
    today = clock.today()
    due = _due(today)
    if due is None:
        return 0
    by_country: dict[int, list[Commitment]] = defaultdict(list)
    found = Commitment.objects.open().filter(submission__left_at=None, made_at__lt=clock.now() - FRESH)
    found = found.exclude(reports__at__gte=clock.now() - FRESH).select_related("submission__cycle")
    for one in found.order_by("submission__cycle__opens", "pk"):
        by_country[one.submission.country_id].append(one)
    asked = _asked_now()
    return sum(_remind(steps, due) for country, steps in by_country.items() if country not in asked)


def _due(today: date) -> date | None:
    """Return the day of the reminder that is due, None where none is or a missed one is too long ago."""
    days = [date(year, month, day) for year in (today.year - 1, today.year) for month, day in DAYS]
    latest = max(one for one in days if one <= today)
    return latest if today - latest <= MADE_UP_FOR else None


def _asked_now() -> set[int]:
    """Return the countries that can write answers now."""
    writing = Submission.objects.taking_part().filter(
        state__in=[State.DRAFT, State.RETURNED], cycle__opened_at__isnull=False, declined_at__isnull=True
    )
    return {one.country_id for one in writing.select_related("cycle") if one.is_open and one.is_asked}


@transaction.atomic
def _remind(steps: list[Commitment], due: date) -> bool:
    """Remind a country of these steps, once for the day that is due."""
    submission, log = steps[-1].submission, f"steps_open {due}"
    locking.lock(submission)  # so that a second process sees the mail of the first
    if Mail.objects.filter(submission__country=submission.country_id, event=log).exists():
        return False
    country = submission.country.iso2.lower()
    overdue = sum(one.due is not None and one.due < clock.today() for one in steps)
    link = settings.SITE_URL + reverse("commitment_country", args=[country])
    facts = {"steps": len(steps), "overdue": overdue, "link": link}
    return bool(notifications.notify("steps_open", submission, by=None, log=log, once=log, **facts))
