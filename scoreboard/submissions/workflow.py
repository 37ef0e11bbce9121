"""The life of a submission: the verbs that take the steps of the table in `steps`, and write its log."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import access, activity, clock, locking, public_pages, rules, second_officer
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import notifications
from scoreboard.models import LookedAt, Origin, Role, State, Submission, Transition, User, Version
from scoreboard.submissions import commitments, doubts, returns, versions
from scoreboard.submissions.steps import INTERNAL, STEPS, label
from scoreboard.text import is_blank, one_line, stripped
from scoreboard.threads import discussion
from scoreboard.webhooks import writing as webhooks


@transaction.atomic
def submit(
    submission: Submission,
    *,
    by: User,
    declared_by: str,
    capacity: str,
    confirmed: Collection[str] = (),
    origin: Origin = Origin.PAGE,
) -> Transition:
    """File the submission with the declaration of who files it and in what capacity; keep all answers as a Version.

    `confirmed` are the keys of the doubts that the person confirmed; the version keeps those that still apply.
    An officer who has opened it may file on the country's behalf, recorded as such. Raises PermissionDenied, NotNow
    for gaps, the calendar or the state, Invalid for a missing declaration.
    """
    submission, on_behalf = _begin(submission, "submit", by)
    if on_behalf:
        access.require_entered(submission, by=by)
    declared_by, capacity = one_line(declared_by), one_line(capacity)
    if not declared_by or not capacity:
        raise Invalid(_("Say who submits and in what capacity."))
    answers, asked = versions.snapshot(submission), commitments.snapshot(submission)
    first = submission.state == State.DRAFT
    if first:
        submission.late = submission.cycle.day() > submission.due
    version = Version.objects.create(
        submission=submission,
        number=(submission.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        answers=answers,
        commitments=asked,
        digest=versions.digest_of(answers, asked),
        at=clock.now(),
        late=submission.late,
        doubts=doubts.confirmed(submission, confirmed) if confirmed else [],
        declared_by=declared_by,
        capacity=capacity,
    )
    submission.submitted_at = version.at
    discussion.pass_to_secretariat(submission, version.at)
    return _finish(submission, "submit", by, on_behalf, origin, version=version)


@transaction.atomic
def recall(submission: Submission, *, by: User, origin: Origin = Origin.PAGE) -> Transition:
    """Take the country's own submission back to the state it was submitted from, until an officer has claimed it.

    What was returned is returned again: the reasons of the last return count again, and its questions wait for the
    country. The log names the version that is taken back; from then on only the country may read it.
    Raises PermissionDenied, and NotNow once it is claimed or could not be submitted again today.
    """
    submission, on_behalf = _begin(submission, "recall", by)
    came_from = recalled_to(submission)
    if came_from == State.RETURNED:
        discussion.pass_back_to_country(submission)
    else:
        submission.late = False
    submission.submitted_at = None
    taken_back = submission.versions.latest("number")
    return _finish(submission, "recall", by, on_behalf, origin, version=taken_back, target=came_from)


def recalled_to(submission: Submission) -> State:
    """Return the state that a recall leads to: the one that the last submission came from."""
    return State(submission.transitions.filter(step="submit").latest("at", "pk").source)


def obstacle(submission: Submission, name: str) -> str:
    """Return as a sentence what, apart from role and state, prevents the step `name` now; empty if nothing does."""
    try:
        STEPS[name].check(submission)
    except NotNow as reason:
        return reason.sentence
    return ""


@transaction.atomic
def return_for_changes(
    submission: Submission, *, by: User, comment: str, version: int, origin: Origin = Origin.PAGE
) -> Transition:
    """Return the submission to the country, with a reason for the whole and the noted reasons on single answers.

    `version` is the number of the version that was read. Every pending flag becomes a shared remark of this return.
    Raises PermissionDenied, NotNow, Stale if another version was submitted meanwhile, Invalid without a comment.
    """
    submission, on_behalf = _begin(submission, "return_for_changes", by, comment, version)
    submission.submitted_at = None
    return _give_back(submission, "return_for_changes", by, on_behalf, origin, comment)


@transaction.atomic
def accept(submission: Submission, *, by: User, version: int, origin: Origin = Origin.PAGE) -> Transition:
    """Accept the version with the number `version`, the one that was read.

    Reasons noted but never sent are dropped, questions closed. Raises PermissionDenied, NotNow (also in a cycle where
    two officers accept), and Stale if another version was submitted meanwhile.
    """
    submission, on_behalf = _begin(submission, "accept", by, version=version)
    return _accept(submission, "accept", by, on_behalf, origin, version)


@transaction.atomic
def approve(submission: Submission, *, by: User, version: int, origin: Origin = Origin.PAGE) -> Transition:
    """Give the first of two officers' yes to the version that was read; it stays submitted, and cannot be recalled.

    Those who can confirm it get a mail, the country does not. Raises as `accept`, and NotNow once it is approved.
    """
    submission, on_behalf = _begin(submission, "approve", by, version=version)
    submission.approved_by, submission.approved_at = by, clock.now()
    submission.approved_version = submission.versions.get(number=version)
    return _finish(submission, "approve", by, on_behalf, origin, version=submission.approved_version)


@transaction.atomic
def confirm(
    submission: Submission, *, by: User, version: int, alone: str = "", origin: Origin = Origin.PAGE
) -> Transition:
    """Accept, as the second officer, the version that a first one approved.

    With `alone`, the reason why no second officer can, anybody may for this one country; the log says so, and the
    other officers get a mail. Raises as `accept`, and NotNow for a person who cannot be the second.
    """
    submission, on_behalf = _begin(submission, "confirm", by, version=version)
    alone = stripped(alone)
    if sentence := second_officer.obstacle(submission, by):
        if is_blank(alone):
            raise NotNow(sentence)
        record(submission, "accept_alone", by=by, comment=alone, version=submission.approved_version)
        notifications.notify("accept_alone", submission, by=by, comment=alone)
    return _accept(submission, "confirm", by, on_behalf, origin, version)


@transaction.atomic
def disapprove(submission: Submission, *, by: User) -> Submission:
    """Withdraw one's own approval: the submission waits for a review as before. Without an approval nothing happens."""
    submission = locking.lock(submission)
    rules.require(by, "disapprove", submission)
    locking.require_part(submission)
    if submission.approved_by is None:
        return submission
    if submission.approved_by != by:
        raise NotNow(
            _("%(officer)s approved it and can withdraw that. You can return the submission.")
            % {"officer": submission.approved_by}
        )
    record(submission, "disapprove", by=by, version=submission.approved_version)
    _forget_approval(submission)
    submission.save(update_fields=["approved_by", "approved_at", "approved_version"])
    return submission


@transaction.atomic
def reopen(submission: Submission, *, by: User, comment: str, origin: Origin = Origin.PAGE) -> Transition:
    """Return an accepted submission to the country, with a reason; published assessments do not change."""
    submission, on_behalf = _begin(submission, "reopen", by, comment)
    submission.accepted_at = None
    submission.submitted_at = None
    submission.reopen_asked_at, submission.reopen_asked_by, submission.reopen_request = None, None, ""
    return _give_back(submission, "reopen", by, on_behalf, origin, comment)


def available(submission: Submission, user: User) -> list[str]:
    """Return the steps whose state and role fit now; the page offers these and no others."""
    if submission.left_at:
        return []
    two = {"approve", "confirm"} if submission.cycle.two_officers else {"accept"}
    apart = {"accept", "approve", "confirm"} - two
    return [
        name
        for name, step in STEPS.items()
        if name not in apart and submission.state in step.sources and rules.may(user, name, submission)
    ]


def require_available(submission: Submission, name: str, *, by: User) -> frozenset[Role]:
    """Return the person's roles; raise PermissionDenied or NotNow where role or state forbid the step `name`."""
    roles = rules.require(by, name, submission)
    locking.require_part(submission)
    if submission.state not in STEPS[name].sources:
        raise NotNow(already(submission))
    return roles


def accepting(submission: Submission) -> str:
    """Return the name of the step that accepts the submission now, or of the one that comes first."""
    if not submission.cycle.two_officers:
        return "accept"
    return "confirm" if submission.approved_by_id else "approve"


def record(
    submission: Submission,
    name: str,
    *,
    by: User,
    source: str = "",
    on_behalf: bool = False,
    origin: Origin = Origin.PAGE,
    comment: str = "",
    version: Version | None = None,
    dates: tuple[date | None, date | None] = (None, None),
) -> Transition:
    """Write an entry of the submission's log, and of the activity log; without `source` it did not change the state.

    `dates` are the country's own last day before and after, where that is what the entry is about.
    """
    old_date, new_date = dates
    detail = str(version.number) if version else str(new_date or "")
    activity.record(name, by=by, submission=submission, detail=detail, origin=origin)
    if submission.cycle.shows_submitted:  # to everybody
        public_pages.change()
    return Transition.objects.create(
        submission=submission,
        step=name,
        source=source or submission.state,
        target=submission.state,
        by=by,
        on_behalf=on_behalf,
        at=clock.now(),
        origin=origin,
        comment=comment,
        version=version,
        old_date=old_date,
        new_date=new_date,
    )


def _begin(
    submission: Submission, name: str, by: User, comment: str | None = None, version: int | None = None
) -> tuple[Submission, bool]:
    """Lock, then ask in this order: role, state, the version that was read, the step's check, the compulsory reason."""
    submission = locking.lock(submission)
    roles = require_available(submission, name, by=by)
    if version is not None:
        require_latest(submission, version)
    step = STEPS[name]
    step.check(submission)
    if step.needs_reason and is_blank(comment or ""):
        raise Invalid(_("Give a reason: the country needs to know what to change and why."))
    return submission, name == "submit" and rules.is_on_behalf(roles)


def require_latest(submission: Submission, version: int) -> None:
    """Raise Stale unless `version` is the number of the last version, the one that a decision is about."""
    latest = submission.versions.defer("answers").latest("number")
    if latest.number != version:
        raise Stale(
            _(
                "Nothing was decided: you read version %(read)s, and version %(latest)s was submitted since, "
                "on %(moment)s. See what differs, then decide on that version."
            )
            % {
                "read": version,
                "latest": latest.number,
                "moment": date_format(latest.at.astimezone(submission.cycle.zone), "DATETIME_FORMAT"),
            },
            current=latest.number,
            base=version,
        )


def already(submission: Submission) -> str:
    """Return the sentence that says which step came last, for somebody who comes too late."""
    last = submission.transitions.select_related("by").exclude(step__in=INTERNAL).last()
    if last is None:
        return _("This submission is still a draft.")
    moment = last.at.astimezone(submission.cycle.zone)
    return _("This is not possible now. Last step: %(step)s by %(who)s on %(date)s at %(time)s.") % {
        "step": label(last.step),
        "who": last.by,
        "date": date_format(moment.date()),
        "time": f"{moment:%H:%M}",
    }


def _accept(submission: Submission, name: str, by: User, on_behalf: bool, origin: Origin, version: int) -> Transition:
    accepted = submission.versions.get(number=version)
    commitments.enter(submission, accepted, submission.accepted_version)
    submission.accepted_version = accepted
    submission.accepted_at = clock.now()
    _forget_approval(submission)
    returns.pending(submission).delete()
    LookedAt.objects.filter(answer__submission=submission).delete()
    discussion.close_all(submission, by=by)
    return _finish(submission, name, by, on_behalf, origin, version=accepted)


def _give_back(
    submission: Submission, name: str, by: User, on_behalf: bool, origin: Origin, comment: str
) -> Transition:
    submission.claimed_by, submission.claimed_at = None, None
    _forget_approval(submission)
    marks = list(returns.pending(submission))  # the mail names them; they are shared with the step
    step = _finish(submission, name, by, on_behalf, origin, comment=stripped(comment), marks=marks)
    discussion.share_reasons(submission, step)
    return step


def _forget_approval(submission: Submission) -> None:
    submission.approved_by, submission.approved_at, submission.approved_version = None, None, None


def _finish(
    submission: Submission,
    name: str,
    by: User,
    on_behalf: bool,
    origin: Origin,
    *,
    comment: str = "",
    version: Version | None = None,
    target: State | None = None,
    **facts: Any,
) -> Transition:
    """Move the state (to `target` where the step has several), log the step, and write the mails with the `facts`.

    The webhooks get a message in the same transaction.
    """
    source, submission.state = submission.state, target or STEPS[name].targets[0]
    submission.save()
    step = record(
        submission,
        name,
        by=by,
        source=source,
        on_behalf=on_behalf,
        origin=origin,
        comment=comment,
        version=version,
    )
    notifications.notify(name, submission, by=by, comment=comment, version=version, **facts)
    webhooks.about_step(name, submission, version)
    return step
