"""Notices of a publication or a withdrawal, to focal points, observers and subscribers: one mail a person."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from reporting.models import Assessment
from scoreboard.mail import notifications
from scoreboard.models import Membership, Role, Subscriber, Subscription, User


def published(assessment: Assessment, *, by: User) -> None:
    """Write a mail to everybody who gets a notice of an assessment that was just published."""
    link = settings.SITE_URL + reverse("report", args=[assessment.pk])
    _write("published", "publish", assessment, by=by, link=link)


def withdrawn(assessment: Assessment, *, by: User) -> None:
    """Write a mail, with the reason, to everybody who gets a notice of an assessment that was just withdrawn."""
    link = settings.SITE_URL + reverse("report_list")
    _write("withdrawn", "withdraw", assessment, by=by, link=link, comment=assessment.withdrawal_reason)


def _write(what: str, event: str, assessment: Assessment, *, by: User, comment: str = "", **facts: Any) -> None:
    facts |= {"issue": assessment.issue}
    mailed: set[str] = set()
    for submission in assessment.cycle.submissions.taking_part().select_related("country"):
        submission.cycle = assessment.cycle
        mailed |= {mail.to_address for mail in notifications.notify(event, submission, by=by, comment=comment, **facts)}
    facts |= {"cycle": assessment.cycle, "comment": comment, "example": assessment.cycle.is_example}
    for person in _people():
        if person.email not in mailed and notifications.notify_reader(person, f"assessment_{what}", **facts):
            mailed.add(person.email)
    if assessment.audience == Assessment.Audience.EVERYONE:
        for subscriber in _subscribers(assessment):
            if subscriber.email not in mailed:
                notifications.notify_subscriber(subscriber, f"subscribers_{what}", **facts)


def _people() -> Iterable[User]:
    """Return the observers, and the focal points of the countries, those included that do not take part."""
    held = Membership.objects.in_force().filter(role__in=[Role.OBSERVER, Role.FOCAL]).values("person")
    return User.objects.filter(pk__in=held, is_active=True).order_by("pk")


def _subscribers(assessment: Assessment) -> Iterable[Subscriber]:
    """Return those who subscribe to everything, to the cycle, or to a country whose answers the assessment counts."""
    counted = [country["iso2"] for country in assessment.snapshot["countries"]]
    about = Q(country=None, cycle=None) | Q(cycle=assessment.cycle) | Q(country__iso2__in=counted)
    found = Subscription.objects.filter(about, confirmed_at__isnull=False).order_by().values("subscriber")
    return Subscriber.objects.filter(pk__in=found).order_by("pk")
