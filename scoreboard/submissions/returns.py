"""What officers note on single answers: the reasons that the next return will give to the country."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard import clock, locking, rules
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Remark, State, Submission, User
from scoreboard.text import require_storable, stripped


@transaction.atomic
def flag(submission: Submission, code: str, text: str, *, by: User) -> Remark | None:
    """Note why the indicator `code` should change; an empty text takes the note away and returns None.

    The country sees the note when the submission is returned (or reopened), not before. Raises PermissionDenied,
    NotNow unless the submission is submitted or accepted, Invalid for an unknown indicator or too long a text.
    """
    submission = locking.lock(submission)
    rules.require(by, "flag", submission)
    locking.require_part(submission)
    if submission.state not in (State.SUBMITTED, State.ACCEPTED):
        raise NotNow(_("Answers can be marked while the submission is with the Secretariat or accepted."))
    answer = submission.answers.filter(indicator__code=code).first()
    if answer is None:
        raise Invalid(_("There is no answer to indicator %(code)s here.") % {"code": code})
    text = stripped(text)
    require_storable(text)
    pending = Remark.objects.pending().filter(answer=answer)
    if not text:
        pending.delete()
        return None
    remark, _created = pending.update_or_create(
        answer=answer, flags=True, transition=None, defaults={"author": by, "text": text, "at": clock.now()}
    )
    return remark


def pending(submission: Submission) -> QuerySet[Remark]:
    """Return the reasons noted for the next return, in questionnaire order."""
    remarks = Remark.objects.pending().filter(answer__submission=submission)
    return remarks.select_related("answer__indicator__area", "author").order_by("answer__indicator__position")


def waiting(submission: Submission) -> list[Remark]:
    """Return the reasons that wait for the country, none in another state than returned."""
    return list(reasons(submission).select_related("transition")) if submission.state == State.RETURNED else []


def reasons(submission: Submission) -> QuerySet[Remark]:
    """Return the reasons of the submission's last return, in questionnaire order."""
    last = submission.transitions.giving_back()[:1]
    remarks = Remark.objects.filter(transition__in=last.values("pk"), flags=True)
    return remarks.select_related("answer__indicator__area", "author").order_by("answer__indicator__position")
