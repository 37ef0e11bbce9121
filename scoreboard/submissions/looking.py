"""Looking: which answers of a submission under review each officer has looked at."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import LookedAt, State, Submission, User
from scoreboard.submissions import versions, workflow
from scoreboard.submissions.versions import AnswerData


@transaction.atomic
def look(submission: Submission, code: str, *, by: User, version: int, looked: bool = True) -> None:
    """Note that the officer has looked at the answer to `code` in the version with this number, or take that back.

    Repeating it is harmless. Raises PermissionDenied, NotNow unless the submission waits for a review, Invalid for an
    unknown indicator or version.
    """
    submission = locking.lock(submission)
    rules.require(by, "look", submission)
    locking.require_part(submission)
    if submission.state != State.SUBMITTED:
        raise NotNow(workflow.already(submission))
    answer = submission.answers.filter(indicator__code=code).first()
    read = submission.versions.visible_to(by).filter(number=version).first()
    if answer is None or read is None:
        raise Invalid(_("There is no answer to indicator %(code)s here.") % {"code": code})
    activity.record(Verb.LOOK if looked else Verb.UNLOOK, by=by, submission=submission, detail=code)
    if not looked:
        LookedAt.objects.filter(answer=answer, officer=by).delete()
        return
    content = next(row for row in read.answers if row["code"] == code)
    LookedAt.objects.update_or_create(
        answer=answer,
        officer=by,
        defaults={"version": read, "digest": versions.digest(content), "at": clock.now()},
    )


def lookers(submission: Submission, contents: Mapping[str, AnswerData]) -> dict[str, list[User]]:
    """Return by indicator code the officers who have looked at the answer as it is in `contents`, in one query."""
    found: dict[str, list[User]] = defaultdict(list)
    marks = LookedAt.objects.filter(answer__submission=submission).select_related("answer__indicator", "officer")
    digests: dict[str, str] = {}
    for mark in marks.order_by("at", "pk"):
        code = mark.answer.indicator.code
        if code not in contents:
            continue
        if digests.setdefault(code, versions.digest(contents[code])) == mark.digest:
            found[code].append(mark.officer)
    return found
