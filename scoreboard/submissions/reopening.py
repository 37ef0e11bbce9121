"""Requests to reopen an accepted submission: a focal point asks with a reason, an officer reopens or refuses."""

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import clock, locking, rules
from scoreboard.errors import NotNow
from scoreboard.mail import notifications
from scoreboard.models import State, Submission, User
from scoreboard.submissions import workflow
from scoreboard.text import required

REQUEST = ["reopen_asked_at", "reopen_asked_by", "reopen_request"]


@transaction.atomic
def ask(submission: Submission, *, by: User, reason: str) -> Submission:
    """Ask the Secretariat to reopen an accepted submission; an officer then reopens it or refuses.

    Raises PermissionDenied, NotNow unless it is accepted or if somebody has asked already, Invalid without a reason.
    """
    submission = locking.lock(submission)
    require(submission, "ask_to_reopen", by=by)
    submission.reopen_request = required(reason, _("Say what has to change, and why."))
    submission.reopen_asked_at, submission.reopen_asked_by = clock.now(), by
    submission.save(update_fields=REQUEST)
    workflow.record(submission, "ask_to_reopen", by=by, comment=submission.reopen_request)
    notifications.notify("ask_to_reopen", submission, by=by, comment=submission.reopen_request)
    return submission


@transaction.atomic
def refuse(submission: Submission, *, by: User, reason: str) -> Submission:
    """Refuse to reopen the submission and notify the country of the reason. Raises as `ask_to_reopen`."""
    submission = locking.lock(submission)
    require(submission, "refuse_reopen", by=by)
    reason = required(reason, _("Give the reason: the country reads it."))
    submission.reopen_asked_at, submission.reopen_asked_by, submission.reopen_request = None, None, ""
    submission.save(update_fields=REQUEST)
    workflow.record(submission, "refuse_reopen", by=by, comment=reason)
    notifications.notify("refuse_reopen", submission, by=by, comment=reason)
    return submission


def require(submission: Submission, act: str, *, by: User) -> None:
    """Raise PermissionDenied or NotNow where role or state forbid to ask for a reopening, or to refuse it."""
    rules.require(by, act, submission)
    locking.require_part(submission)
    if submission.state != State.ACCEPTED:
        raise NotNow(workflow.already(submission))
    asked = submission.reopen_asked_at is not None
    if act == "ask_to_reopen" and asked:
        raise NotNow(_("%s has asked already. The Secretariat decides.") % submission.reopen_asked_by)
    if act == "refuse_reopen" and not asked:
        raise NotNow(_("Nobody asks to reopen this submission now."))
