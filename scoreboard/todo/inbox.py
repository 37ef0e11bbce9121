"""What countries and newcomers ask of the Secretariat, in one list: more time, reopening, access."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import rules
from scoreboard.cycles import extension_requests
from scoreboard.models import AccessRequest, Cycle, ExtensionRequest, Submission, User
from scoreboard.people import requests


@dataclass(frozen=True)
class Request:
    """A request that waits for an answer: what is asked, for whom, by whom, why, and where it is answered."""

    key: str  # of its place on the page
    kind: str
    title: str  # the country or organisation
    asks: str
    by: str
    reason: str
    at: datetime
    yes_url: str
    no_url: str  # empty where one page takes both answers
    cycle: Cycle | None = None
    brief: str = ""  # what has to be known next to the reason, in a few words

    @property
    def url(self) -> str:
        """The address of its place in the inbox."""
        return f"{reverse('request_list')}#{self.key}"


def waiting(user: User) -> list[Request]:
    """Return what waits for an officer's answer, the oldest first; nothing for others."""
    if not (rules.may(user, "extend") and rules.may(user, "answer_requests")):
        return []
    related = ("submission__country", "submission__cycle", "by")
    extensions = extension_requests.waiting().filter(submission__in=Submission.objects.visible_to(user))
    reopenings = Submission.objects.visible_to(user).taking_part().filter(reopen_asked_at__isnull=False)
    found = [
        *map(_extension, extensions.select_related(*related)),
        *map(_reopening, reopenings.select_related("country", "cycle", "reopen_asked_by")),
        *map(_access, requests.waiting()),
    ]
    return sorted(found, key=lambda request: (request.at, request.key))


def _extension(asked: ExtensionRequest) -> Request:
    submission, until = asked.submission, asked.until
    return Request(
        key=f"time-{asked.pk}",
        kind=_("More time"),
        title=str(submission.country),
        asks=_("asks for time until %s") % date_format(until),
        by=str(asked.by),
        reason=asked.reason,
        at=asked.at,
        yes_url=f"{reverse('review_extend', args=[submission.pk])}?to={until.isoformat()}",
        no_url=reverse("review_refuse_extension", args=[submission.pk]),
        cycle=submission.cycle,
        brief=_("Until %s") % date_format(until),
    )


def _reopening(submission: Submission) -> Request:
    return Request(
        key=f"reopening-{submission.pk}",
        kind=_("Reopening"),
        title=str(submission.country),
        asks=_("asks to reopen its accepted answers"),
        by=str(submission.reopen_asked_by),
        reason=submission.reopen_request,
        at=cast(datetime, submission.reopen_asked_at),
        yes_url=reverse("review_reopen", args=[submission.pk]),
        no_url=reverse("review_refuse_reopen", args=[submission.pk]),
        cycle=submission.cycle,
    )


def _access(asked: AccessRequest) -> Request:
    return Request(
        key=f"access-{asked.pk}",
        kind=_("Access"),
        title=str(asked.country) if asked.country else asked.organisation,
        asks=_("%(who)s asks for access as %(role)s") % {"who": asked.name, "role": asked.get_role_display()},
        by=asked.email,
        reason=asked.reason,
        at=cast(datetime, asked.proven_at),
        yes_url=reverse("access_request", args=[asked.pk]),
        no_url="",
        brief=f"{asked.name}, {asked.get_role_display()}",
    )
