"""Reminds countries twice a year of what is open: steps that they promised, and overdue actions of their plans."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse

from scoreboard import clock, locking
from scoreboard.mail import notifications
from scoreboard.models import ActionPlan, Commitment, Country, Mail, PlanAction, Role
from scoreboard.plans import commitments

DAYS = ((3, 1), (9, 1))  # month and day from which a reminder is due
MADE_UP_FOR = timedelta(days=30)  # how long a missed day is made up for
FRESH = timedelta(days=90)  # for so long after a step was accepted or reported on nobody is reminded of it


def send() -> int:
    """Write the reminders that are due and were not written yet; return to how many countries.

    Of steps, those countries are not reminded that can write answers now, which are asked there, nor of a cycle that
    they left. A country gets one mail, which has both its steps and its actions.
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
    asked, actions = commitments.asked_now(), _overdue_actions(today)
    to_both = {country: steps for country, steps in by_country.items() if country not in asked}
    reminded = sum(_remind(steps, actions.pop(country, 0), due) for country, steps in to_both.items())
    return reminded + sum(_remind_of_actions(country, n, due) for country, n in actions.items())


def _overdue_actions(today: date) -> dict[int, int]:
    """Return how many actions of their plans are overdue, by country."""
    found = PlanAction.objects.overdue(today).filter(plan__in=ActionPlan.objects.in_hand())
    return dict(found.order_by().values_list("plan__country").annotate(Count("pk")))


def _due(today: date) -> date | None:
    """Return the day of the reminder that is due, None where none is or a missed one is too long ago."""
    days = [date(year, month, day) for year in (today.year - 1, today.year) for month, day in DAYS]
    latest = max(one for one in days if one <= today)
    return latest if today - latest <= MADE_UP_FOR else None


@transaction.atomic
def _remind(steps: list[Commitment], actions: int, due: date) -> bool:
    """Remind a country of these steps and of so many overdue actions, once for the day that is due."""
    submission = steps[-1].submission
    locking.lock(submission)  # so that a second process sees the mail of the first
    if _is_reminded(submission.country, due):
        return False
    country, log = submission.country.iso2.lower(), f"steps_open {due}"
    overdue = sum(one.due is not None and one.due < clock.today() for one in steps)
    link = settings.SITE_URL + reverse("commitment_country", args=[country])
    facts: dict[str, Any] = {"steps": len(steps), "overdue": overdue, "link": link}
    facts |= {"actions": actions, "actions_link": _actions_link()}
    return bool(notifications.notify("steps_open", submission, by=None, log=log, once=log, **facts))


@transaction.atomic
def _remind_of_actions(country: int, n: int, due: date) -> bool:
    """Remind a country of so many overdue actions, once for the day that is due."""
    of = Country.objects.select_for_update(no_key=True).get(pk=country)  # as above
    if _is_reminded(of, due):
        return False
    facts: dict[str, Any] = {"country": of, "n": n, "link": _actions_link(), "once": _once(of, due)}
    people = notifications.holders(role=Role.FOCAL, country=of)
    return bool([notifications.notify_account(person, "plan_overdue", **facts) for person in people])


def _is_reminded(country: Country, due: date) -> bool:
    """Return whether the country got its mail for the day that is due, of steps or of actions alone."""
    steps = Q(submission__country=country, event=f"steps_open {due}")
    return Mail.objects.filter(steps | Q(once=_once(country, due))).exists()


def _once(country: Country, due: date) -> str:
    return f"plan_overdue {country.iso2} {due}"


def _actions_link() -> str:
    return f"{settings.SITE_URL}{reverse('plan_overdue')}"
