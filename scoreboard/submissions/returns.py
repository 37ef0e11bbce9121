"""Returns to the country: the reasons that officers note on answers, and what the last return asked to change."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Origin, Remark, State, Submission, Transition, User
from scoreboard.text import require_storable, stripped


@transaction.atomic
def flag(submission: Submission, code: str, text: str, *, by: User, origin: Origin = Origin.PAGE) -> Remark | None:
    """Note why the indicator `code` should change; an empty text removes the note and returns None.

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
    activity.record(Verb.FLAG if text else Verb.UNFLAG, by=by, submission=submission, detail=code, origin=origin)
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


def last(submission: Submission) -> Transition | None:
    """Return the step by which the submission was last given back to the country, with who took it."""
    return submission.transitions.giving_back().select_related("by").first()


def reasons(submission: Submission) -> QuerySet[Remark]:
    """Return the reasons of the submission's last return, in questionnaire order."""
    remarks = Remark.objects.of_last_return().filter(answer__submission=submission)
    return remarks.select_related("answer__indicator__area", "author").order_by("answer__indicator__position")


def waiting(submission: Submission) -> list[Remark]:
    """Return the reasons that wait for the country, none in another state than returned."""
    return list(reasons(submission).select_related("transition")) if submission.state == State.RETURNED else []


def needing_reason(submission: Submission) -> set[int]:
    """Return by primary key the indicators whose change needs a reason: after a return, those it did not ask about."""
    if submission.state != State.RETURNED:
        return set()
    asked = set(reasons(submission).values_list("answer__indicator", flat=True))
    return {indicator.pk for indicator in submission.cycle.edition.all_indicators} - asked
