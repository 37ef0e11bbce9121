"""Entry on a country's behalf: an officer opens its draft with a reason, and its focal points are notified."""

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import access, locking, rules
from scoreboard.errors import Invalid
from scoreboard.mail import notifications
from scoreboard.models import Submission, User
from scoreboard.submissions import workflow
from scoreboard.text import require_storable, stripped


@transaction.atomic
def enter(submission: Submission, *, by: User, reason: str) -> Submission:
    """Let the officer read and write what the country is writing, until the submission's next step.

    The log and a mail to the focal points say who did it and why. Twice is harmless. Raises PermissionDenied, Locked
    or NotNow while the country itself cannot write, Invalid without a reason.
    """
    submission = locking.lock(submission)
    require(submission, by=by)
    if access.may_write(by, submission):
        return submission
    reason = stripped(reason)
    if not reason:
        raise Invalid(_("Say why you open the draft: the country’s focal points read it."))
    require_storable(reason)
    workflow.record(submission, "enter_on_behalf", by=by, on_behalf=True, comment=reason)
    notifications.notify("enter_on_behalf", submission, by=by, comment=reason)
    return submission


def require(submission: Submission, *, by: User) -> None:
    """Raise PermissionDenied, Locked or NotNow if the person cannot open the submission on the country's behalf."""
    rules.require(by, "enter_on_behalf", submission)
    locking.require(submission)
