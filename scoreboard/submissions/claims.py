"""Claims: which officer reviews a submission, a notice to colleagues and to the country, not a lock."""

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import clock, locking, rules
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Origin, State, Submission, User
from scoreboard.submissions import workflow


@transaction.atomic
def claim(submission: Submission, *, by: User, origin: Origin = Origin.PAGE) -> Submission:
    """Note that an officer reviews it, taking over from a colleague if need be: a notice, not a lock."""
    submission = locking.lock(submission)
    rules.require(by, "claim", submission)
    locking.require_part(submission)
    if submission.state != State.SUBMITTED:
        raise NotNow(_("Only what is submitted can be claimed. This one is: %s.") % submission.get_state_display())
    submission.claimed_by, submission.claimed_at = by, clock.now()
    submission.save(update_fields=["claimed_by", "claimed_at"])
    workflow.record(submission, "claim", by=by, origin=origin)
    return submission


@transaction.atomic
def release(submission: Submission, *, by: User, origin: Origin = Origin.PAGE) -> Submission:
    """Withdraw the notice that somebody reviews it."""
    submission = locking.lock(submission)
    rules.require(by, "release", submission)
    locking.require_part(submission)
    if submission.claimed_by is None:
        return submission
    submission.claimed_by, submission.claimed_at = None, None
    submission.save(update_fields=["claimed_by", "claimed_at"])
    workflow.record(submission, "release", by=by, origin=origin)
    return submission


@transaction.atomic
def pass_on(submission: Submission, *, by: User, to: User) -> Submission:
    """Pass one's own claim on to a colleague, who gets a mail.

    Raises PermissionDenied; NotNow unless the submission is submitted and claimed by the person; Invalid if the
    colleague is not an officer.
    """
    submission = locking.lock(submission)
    require_claimed(submission, by=by)
    if not to.is_active or not rules.may(to, "claim", submission):
        raise Invalid(_("%s is not an officer today. Choose somebody of the list.") % to)
    if to == by:
        raise Invalid(_("Choose a colleague: you have claimed it already."))
    submission.claimed_by, submission.claimed_at = to, clock.now()
    submission.save(update_fields=["claimed_by", "claimed_at"])
    workflow.record(submission, "pass_on", by=by)
    notifications.notify("pass_on", submission, by=by)
    return submission


def require_claimed(submission: Submission, *, by: User) -> None:
    """Raise PermissionDenied or NotNow unless the person may pass it on: it is submitted, and the claim is theirs."""
    rules.require(by, "pass_on", submission)
    locking.require_part(submission)
    if submission.state != State.SUBMITTED:
        raise NotNow(workflow.already(submission))
    if submission.claimed_by != by:
        raise NotNow(_("You have not claimed this submission, so you cannot pass it on."))
