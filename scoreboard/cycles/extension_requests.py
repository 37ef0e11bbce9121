"""Requests for more time: a focal point asks with a day and a reason, an officer extends or refuses with a reason."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import clock, locking, rules
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import ExtensionRequest, State, Submission, User
from scoreboard.submissions import workflow
from scoreboard.text import required


def waiting() -> QuerySet[ExtensionRequest]:
    """Return the requests that nobody has answered, the oldest first."""
    return ExtensionRequest.objects.filter(granted=None, submission__left_at=None)


def open_request(submission: Submission) -> ExtensionRequest | None:
    """Return the submission's request that waits for an answer; None if there is none."""
    return submission.extension_requests.filter(granted=None).select_related("by").first()


def require_open(submission: Submission) -> ExtensionRequest:
    """Return the request that waits for an answer. Raises NotNow if there is none."""
    request = open_request(submission)
    if request is None:
        raise NotNow(_("No request for more time waits for an answer."))
    return request


def require(submission: Submission, *, by: User) -> None:
    """Raise PermissionDenied or NotNow if the person cannot ask for more time now."""
    rules.require(by, "ask_for_extension", submission)
    locking.require_part(submission)
    if not submission.is_asked:
        raise NotNow(locking.nobody_is_asked())
    if not submission.is_with_country or not submission.cycle.has_begun:
        raise NotNow(_("More time can be asked for while your country can write its answers."))
    if submission.extension_requests.filter(granted=None).exists():
        raise NotNow(_("Your country has asked already; the Secretariat decides."))


@transaction.atomic
def ask(submission: Submission, *, until: date, reason: str, by: User) -> ExtensionRequest:
    """Ask the Secretariat for time until the end of a day; its officers get a mail.

    Raises PermissionDenied, NotNow once it is submitted or if somebody has asked already, Invalid without a reason or
    for a day until which the country has time anyway.
    """
    submission = locking.lock(submission)
    require(submission, by=by)
    reason = required(reason, _("Give the reason: the Secretariat reads it."))
    last = submission.due if submission.state == State.DRAFT else submission.last_day
    if until <= max(last, submission.cycle.day()):
        raise Invalid(_("Choose a day after %s.") % date_format(max(last, submission.cycle.day())))
    if not submission.cycle.reaches(until):
        raise Invalid(_("Choose a day within ten years of the day on which the cycle opens."))
    request = ExtensionRequest.objects.create(submission=submission, until=until, reason=reason, by=by, at=clock.now())
    workflow.record(submission, "ask_for_extension", by=by, comment=f"{until}: {request.reason}")
    notifications.notify("ask_for_extension", submission, by=by, comment=request.reason, until=until)
    return request


@transaction.atomic
def refuse(submission: Submission, *, reason: str, by: User) -> ExtensionRequest:
    """Refuse the request for more time and notify the country of the reason.

    Raises PermissionDenied, NotNow if nothing waits for an answer, Invalid without a reason.
    """
    submission = locking.lock(submission)
    rules.require(by, "extend", submission)
    request = require_open(submission)
    request.granted, request.answer = False, required(reason, _("Give the reason: the country reads it."))
    request.answered_by, request.answered_at = by, clock.now()
    request.save()
    workflow.record(submission, "refuse_extension", by=by, comment=request.answer)
    notifications.notify("refuse_extension", submission, by=by, comment=request.answer, until=request.until)
    return request
