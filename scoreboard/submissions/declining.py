"""A country that will not report this time: its focal point says so, and can take it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import clock, locking, rules
from scoreboard.errors import NotNow
from scoreboard.mail import notifications
from scoreboard.models import State, Submission, User
from scoreboard.submissions import workflow
from scoreboard.text import require_storable, stripped

DECLINED = ["declined_at", "declined_by", "declined_reason"]


def require(submission: Submission, *, by: User) -> None:
    """Raise PermissionDenied or NotNow if the person cannot say that the country will not report, or take it back."""
    rules.require(by, "decline_report", submission)
    locking.require_part(submission)
    if submission.state != State.DRAFT:
        raise NotNow(_("Your country has submitted its answers already."))
    if not submission.cycle.has_begun or not submission.is_open:
        raise NotNow(_("This can be said and taken back while the cycle is open for your country."))


@transaction.atomic
def decline(submission: Submission, *, by: User, reason: str = "") -> Submission:
    """Say that the country will not report this time; reminders stop, and nobody writes until it is taken back.

    The figures count it as no report, and the public sees no more than that. An officer's entry is recorded as on the
    country's behalf. Twice is harmless. Raises PermissionDenied, NotNow once it is submitted or the cycle is closed.
    """
    submission = locking.lock(submission)
    require(submission, by=by)
    if submission.declined_at:
        return submission
    reason = stripped(reason)
    require_storable(reason)
    submission.declined_at, submission.declined_by, submission.declined_reason = clock.now(), by, reason
    return _record(submission, "decline_report", by, reason)


@transaction.atomic
def take_back(submission: Submission, *, by: User) -> Submission:
    """Say that the country will report after all. Twice is harmless. Raises as `decline` does."""
    submission = locking.lock(submission)
    require(submission, by=by)
    if not submission.declined_at:
        return submission
    submission.declined_at, submission.declined_by, submission.declined_reason = None, None, ""
    return _record(submission, "report_after_all", by, "")


def _record(submission: Submission, act: str, by: User, comment: str) -> Submission:
    submission.save(update_fields=DECLINED)
    on_behalf = rules.is_on_behalf(rules.roles_towards(by, submission))
    workflow.record(submission, act, by=by, on_behalf=on_behalf, comment=comment)
    notifications.notify(act, submission, by=by, comment=comment)
    return submission
