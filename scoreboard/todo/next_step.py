"""A submission's next step as a sentence with a link, for the home page and the submission's own page."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import phrases
from scoreboard.models import Answer, Indicator, Remark, State, Submission, Transition
from scoreboard.models.submissions import SubmissionQuerySet
from scoreboard.submissions.completeness import Progress
from scoreboard.todo.items import Item


class NextStepFields(TypedDict):
    """Columns that the query adds to a submission."""

    answered: int
    asked: int
    gap: int | None  # the first indicator without a complete answer
    why: str | None  # what the Secretariat wrote with the last return
    returned_at: datetime | None


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    InHand = WithAnnotations[Submission, NextStepFields]


def next_steps(submissions: SubmissionQuerySet) -> list[Item]:
    """Return each submission's next step, as those who write for its country read it."""
    found = cast("list[InHand]", list(_with_next_step(submissions)))
    gaps = Indicator.objects.select_related("area").in_bulk({s.gap for s in found if s.gap})
    asked = _asked(found)
    return [_item(submission, gaps.get(submission.gap), asked[submission.pk]) for submission in found]


def unanswered(asked: Iterable[Remark]) -> list[Remark]:
    """Return the reasons whose answer has not changed since it was returned with them."""
    return [r for r in asked if r.transition is not None and r.answer.changed_at <= r.transition.at]


def _with_next_step(submissions: SubmissionQuerySet) -> SubmissionQuerySet:
    """Add the columns that the next step depends on."""
    complete = Answer.objects.complete().filter(submission=OuterRef(OuterRef("pk")), indicator=OuterRef("pk"))
    gaps = Indicator.objects.filter(~Exists(complete), edition=OuterRef("cycle__edition")).order_by("position")
    returns = Transition.objects.giving_back().filter(submission=OuterRef("pk"))
    return submissions.with_facts().annotate(
        gap=Subquery(gaps.values("pk")[:1]),
        why=Subquery(returns.values("comment")[:1]),
        returned_at=Subquery(returns.values("at")[:1]),
    )


def _asked(submissions: Iterable[Submission]) -> dict[int, list[Remark]]:
    """Return by submission the reasons of its last return, in questionnaire order."""
    remarks = Remark.objects.of_last_return().filter(answer__submission__in=submissions)
    asked = defaultdict(list)
    for remark in remarks.select_related("answer__indicator__area", "transition").order_by(
        "answer__indicator__position"
    ):
        asked[remark.answer.submission_id].append(remark)
    return asked


def _item(submission: "InHand", gap: Indicator | None, asked: list[Remark]) -> Item:
    sentence, url, action, tone = _step(submission, gap, asked)
    begun = submission.returned_at if submission.state == State.RETURNED else submission.cycle.opened_at
    return Item(
        phrases.READINGS[State(submission.state)][0].text,
        title=str(submission),
        sentence=sentence,
        url=url,
        action=action,
        tone=tone,
        since=submission.accepted_at or submission.submitted_at or begun,
        cycle=submission.cycle,
        progress=Progress(submission.answered, submission.asked),
    )


def _step(submission: "InHand", gap: Indicator | None, asked: list[Remark]) -> tuple[str, str, str, str]:
    """Return the sentence, where its link goes, what the link says, and the tone."""
    read_url = reverse("submission_read", args=[submission.pk])
    if submission.left_at:
        when = phrases.moment(submission.left_at, submission.cycle)
        sentence = _("Left the cycle on %(when)s: “%(why)s”") % {"when": when, "why": submission.left_reason}
        return sentence, read_url, _("Read the answers"), "neutral"
    if submission.declined_at:
        when = phrases.moment(submission.declined_at, submission.cycle)
        sentence = _("%(who)s said on %(when)s that the country will not report this time.") % {
            "who": submission.declined_by,
            "when": when,
        }
        return sentence, reverse("submission_decline", args=[submission.pk]), _("Report after all"), "neutral"
    if submission.submitted_at and submission.state == State.SUBMITTED:
        when = phrases.moment(submission.submitted_at, submission.cycle)
        sentence = _("Submitted on %s. The Secretariat reviews it, and mails you what comes of it.") % when
        return sentence, read_url, _("Read what was submitted"), "waiting"
    if submission.is_as_imported:
        return _("Entered by the Secretariat from a file."), read_url, _("Read the accepted answers"), "done"
    if submission.accepted_at:
        when = phrases.moment(submission.accepted_at, submission.cycle)
        return _("Accepted on %s.") % when, read_url, _("Read the accepted answers"), "done"
    if not submission.is_open:
        return phrases.time_left(submission), read_url, _("Read the questions and answers"), "neutral"
    return *_writing(submission, gap, asked), "action"


def _writing(submission: "InHand", gap: Indicator | None, asked: list[Remark]) -> tuple[str, str, str]:
    """Return the next step of a country that can write: returned answers first, then missing ones, then submit."""
    time_left = phrases.time_left(submission)
    submit_url = reverse("submission_submit", args=[submission.pk])
    if submission.state == State.RETURNED:
        why = _("Returned by the Secretariat: “%s”") % Truncator(submission.why or "").words(30)
        if left := unanswered(asked):
            marked = ngettext(
                "%(n)d answer was returned and waits for you.",
                "%(n)d answers were returned and wait for you.",
                len(left),
            ) % {"n": len(left)}
            indicator = left[0].answer.indicator
            return (
                f"{why} {marked} {time_left}",
                _question(submission, indicator),
                _("Look at %s again") % indicator.label,
            )
        if gap is None:
            return f"{why} {time_left}", submit_url, _("Review and submit again")
        return f"{why} {time_left}", _question(submission, gap), _("Continue with %s") % gap.label
    if gap is None:
        return _("Every indicator is answered.") + " " + time_left, submit_url, _("Review and submit")
    begun = _("Continue with %s") if submission.answered else _("Start with %s")
    return time_left, _question(submission, gap), begun % gap.label


def _question(submission: Submission, indicator: Indicator) -> str:
    """Return the address of the indicator on the page of its area."""
    return reverse("submission_area", args=[submission.pk, indicator.area.code]) + f"#i{indicator.code}"
