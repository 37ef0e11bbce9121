"""The life of a submission: the table of its steps, and the verbs that take them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoreboard import clock, completeness, freezing, notifications, pen, rules, threads
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Origin, Remark, Role, State, Submission, Transition, User, Version
from scoreboard.text import is_blank, one_line, stripped


@dataclass(frozen=True)
class Step:
    """A move between states: from where, to where, what must hold (a check raises NotNow), and whom it is told."""

    sources: frozenset[State]
    target: State
    check: Callable[[Submission], None]
    needs_reason: bool
    done: str | Promise  # what the log says, "Returned"


def _ready(submission: Submission) -> None:
    pen.require(submission)
    if missing := len(completeness.gaps(submission)):
        raise NotNow(
            ngettext(
                "%(n)s indicator is not answered yet. Answer it, then submit.",
                "%(n)s indicators are not answered yet. Answer them, then submit.",
                missing,
            )
            % {"n": missing}
        )


def _unclaimed(submission: Submission) -> None:
    if submission.claimed_by:
        raise NotNow(
            _("%(officer)s has begun the review. Ask the Secretariat to return the Scoreboard.")
            % {"officer": submission.claimed_by}
        )


def _writable_afterwards(submission: Submission) -> None:
    if not submission.is_open:
        raise NotNow(
            _("The cycle closed on %(date)s, so the country could not answer. Extend its dates first.")
            % {"date": date_format(submission.last_day)}
        )


def _always(submission: Submission) -> None:
    return None


STEPS: dict[str, Step] = {
    "submit": Step(frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED, _ready, False, gettext_lazy("Submitted")),
    "recall": Step(frozenset({State.SUBMITTED}), State.DRAFT, _unclaimed, False, gettext_lazy("Recalled")),
    "return_for_changes": Step(
        frozenset({State.SUBMITTED}), State.RETURNED, _writable_afterwards, True, gettext_lazy("Returned")
    ),
    "accept": Step(frozenset({State.SUBMITTED}), State.ACCEPTED, _always, False, gettext_lazy("Accepted")),
    "reopen": Step(frozenset({State.ACCEPTED}), State.RETURNED, _writable_afterwards, True, gettext_lazy("Reopened")),
}

# Facts beside the state, which stand in the same log.
FACTS = {
    "claim": gettext_lazy("Claimed for review"),
    "release": gettext_lazy("Claim released"),
    "extend": gettext_lazy("Extended"),
    "ask_to_reopen": gettext_lazy("Reopening asked for"),
    "refuse_reopen": gettext_lazy("Reopening refused"),
}


@transaction.atomic
def submit(
    submission: Submission, *, by: User, declared_by: str, capacity: str, origin: Origin = Origin.PAGE
) -> Transition:
    """File the submission with the declaration of who files it and in what capacity; keep all answers as a Version.

    An officer may file on the country's behalf, recorded as such. Raises PermissionDenied, NotNow for gaps, the
    calendar or the state, Invalid for a missing declaration.
    """
    submission, on_behalf = _begin(submission, "submit", by)
    declared_by, capacity = one_line(declared_by), one_line(capacity)
    if not declared_by or not capacity:
        raise Invalid(_("Say who submits and in what capacity."))
    answers = freezing.snapshot(submission)
    first = submission.state == State.DRAFT
    if first:
        submission.late = submission.cycle.day() > submission.due
    version = Version.objects.create(
        submission=submission,
        number=(submission.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        answers=answers,
        digest=freezing.digest(answers),
        at=clock.now(),
        late=submission.late,
        declared_by=declared_by,
        capacity=capacity,
    )
    submission.submitted_at = version.at
    threads.hand_in(submission)
    return _finish(submission, "submit", by, on_behalf, origin, version=version)


@transaction.atomic
def recall(submission: Submission, *, by: User, origin: Origin = Origin.PAGE) -> Transition:
    """Take the country's own submission back to draft, until an officer has claimed it."""
    submission, on_behalf = _begin(submission, "recall", by)
    submission.submitted_at = None
    submission.late = False
    return _finish(submission, "recall", by, on_behalf, origin)


@transaction.atomic
def return_for_changes(submission: Submission, *, by: User, comment: str, origin: Origin = Origin.PAGE) -> Transition:
    """Give the pen back to the country, with a reason for the whole and the noted reasons on single answers.

    Every pending flag becomes a shared remark of this return. Raises PermissionDenied, NotNow, and Invalid
    without a comment.
    """
    submission, on_behalf = _begin(submission, "return_for_changes", by, comment)
    submission.submitted_at = None
    return _give_back(submission, "return_for_changes", by, on_behalf, origin, comment)


@transaction.atomic
def accept(submission: Submission, *, by: User, origin: Origin = Origin.PAGE) -> Transition:
    """Accept the last submitted version; reasons noted but never sent are dropped with it."""
    submission, on_behalf = _begin(submission, "accept", by)
    version = submission.versions.latest("number")
    submission.accepted_version = version
    submission.accepted_at = clock.now()
    Remark.objects.pending().filter(answer__submission=submission).delete()
    threads.settle(submission, by=by)
    return _finish(submission, "accept", by, on_behalf, origin, version=version)


@transaction.atomic
def reopen(submission: Submission, *, by: User, comment: str, origin: Origin = Origin.PAGE) -> Transition:
    """Give an accepted submission back to the country, with a reason; published assessments stay as they are."""
    submission, on_behalf = _begin(submission, "reopen", by, comment)
    submission.accepted_at = None
    submission.submitted_at = None
    submission.reopen_asked_at, submission.reopen_asked_by, submission.reopen_request = None, None, ""
    return _give_back(submission, "reopen", by, on_behalf, origin, comment)


@transaction.atomic
def claim(submission: Submission, *, by: User) -> Submission:
    """Note that an officer reviews it, taking over from a colleague if need be: a notice, not a lock."""
    submission = pen.lock(submission)
    rules.require(by, "claim", submission)
    if submission.state != State.SUBMITTED:
        raise NotNow(_("Only a submitted Scoreboard can be claimed. This one is: %s.") % submission.get_state_display())
    submission.claimed_by, submission.claimed_at = by, clock.now()
    submission.save(update_fields=["claimed_by", "claimed_at"])
    record(submission, "claim", by=by)
    return submission


@transaction.atomic
def release(submission: Submission, *, by: User) -> Submission:
    """Withdraw the notice that somebody reviews it."""
    submission = pen.lock(submission)
    rules.require(by, "release", submission)
    if submission.claimed_by is None:
        return submission
    submission.claimed_by, submission.claimed_at = None, None
    submission.save(update_fields=["claimed_by", "claimed_at"])
    record(submission, "release", by=by)
    return submission


def available(submission: Submission, user: User) -> list[str]:
    """Return the steps whose state and role fit now; the page offers these and no others."""
    return [
        name for name, step in STEPS.items() if submission.state in step.sources and rules.may(user, name, submission)
    ]


def require_available(submission: Submission, name: str, *, by: User) -> frozenset[Role]:
    """Return the person's roles; raise PermissionDenied or NotNow where role or state forbid the step `name`."""
    roles = rules.require(by, name, submission)
    if submission.state not in STEPS[name].sources:
        raise NotNow(already(submission))
    return roles


def label(name: str) -> str:
    """Return what the log says of a step or fact."""
    return str(STEPS[name].done if name in STEPS else FACTS[name])


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
) -> Transition:
    """Write an entry of the submission's log; without `source` it is a fact that moved nothing."""
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
    )


def _begin(submission: Submission, name: str, by: User, comment: str | None = None) -> tuple[Submission, bool]:
    """Lock, then ask in this order: role, state, the step's own check, the compulsory reason."""
    submission = pen.lock(submission)
    roles = require_available(submission, name, by=by)
    step = STEPS[name]
    step.check(submission)
    if step.needs_reason and is_blank(comment or ""):
        raise Invalid(_("Give a reason: the country needs to know what to change and why."))
    return submission, name == "submit" and rules.is_on_behalf(roles)


def already(submission: Submission) -> str:
    """Return the sentence that says which step came last, for somebody who comes too late."""
    last = submission.transitions.select_related("by").last()
    if last is None:
        return _("This Scoreboard is still a draft.")
    moment = last.at.astimezone(submission.cycle.zone)
    return _("This is not possible now. Last step: %(step)s by %(who)s on %(date)s at %(time)s.") % {
        "step": label(last.step),
        "who": last.by,
        "date": date_format(moment.date()),
        "time": f"{moment:%H:%M}",
    }


def _give_back(
    submission: Submission, name: str, by: User, on_behalf: bool, origin: Origin, comment: str
) -> Transition:
    submission.claimed_by, submission.claimed_at = None, None
    step = _finish(submission, name, by, on_behalf, origin, comment=stripped(comment))
    threads.give(submission, step)
    return step


def _finish(
    submission: Submission,
    name: str,
    by: User,
    on_behalf: bool,
    origin: Origin,
    *,
    comment: str = "",
    version: Version | None = None,
) -> Transition:
    """Move the state, log the step, and write the mails that go out after commit."""
    source, submission.state = submission.state, STEPS[name].target
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
    notifications.tell(name, submission, by=by, comment=comment, version=version)
    return step
