"""Decisions on suggestions: the focal point adopts, edits or declines each, and its author gets a mail."""

from collections.abc import Collection
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.data_tables import tables
from scoreboard.errors import NotNow
from scoreboard.evidence import attaching
from scoreboard.mail import notifications
from scoreboard.models import Answer, Assignment, Submission, Suggestion, User
from scoreboard.submissions import answering
from scoreboard.submissions.answering import AnswerInput
from scoreboard.text import require_storable, required

Decision = Suggestion.Decision


@transaction.atomic
def adopt(
    suggestion: Suggestion,
    *,
    by: User,
    seen: int,
    given: AnswerInput | None = None,
    pieces: Collection[int] | None = None,
    why: str = "",
) -> Suggestion:
    """Save a suggestion as the answer, unchanged or as edited in `given`; the answer's version names the suggestion.

    Its evidence is attached to the answer, all of it unless `pieces` names some by primary key. `seen` is the
    revision of the answer that the person saw. Raises PermissionDenied, NotNow if it was decided meanwhile, and
    the problem found by `save_answers`: Stale with the current answer, Invalid, Locked. Its author gets a mail.
    """
    suggestion = _undecided(suggestion, by)
    submission, indicator = suggestion.submission, suggestion.indicator
    answer = submission.answers.filter(indicator=indicator).select_related("level").first()
    offered = merged_input(suggestion, answer)
    wanted = replace(given or offered, why=why, suggestion=suggestion)
    if wanted.figures and hasattr(indicator, "data_form"):
        wanted = replace(wanted, figures=tables.normalized(indicator.data_form, wanted.figures))
    outcome = answering.save_answers(submission, {indicator.code: wanted}, by=by, seen={indicator.code: seen})
    for problem in outcome.problems.values():
        raise problem
    present = list(suggestion.evidence.present())
    taken = [piece for piece in present if pieces is None or piece.pk in pieces]
    if taken:
        attaching.attach_suggested(submission, indicator, taken, by=by)
    edited = len(taken) < len(present) or (given is not None and _differs(given, offered))
    return _decide(suggestion, Decision.EDITED if edited else Decision.ADOPTED, by)


@transaction.atomic
def decline(suggestion: Suggestion, *, note: str, by: User) -> Suggestion:
    """Decline a suggestion with a note that the contributor reads. Raises as `adopt`, and Invalid without a note."""
    suggestion = _undecided(suggestion, by)
    suggestion.note = required(note, _("Say why, in a word: your colleague reads it."))
    require_storable(note)
    return _decide(suggestion, Decision.DECLINED, by)


def input_of(suggestion: Suggestion) -> AnswerInput:
    """Return a suggestion as the input for an answer; a part is None where the suggestion leaves it open."""
    return AnswerInput(
        kind=suggestion.kind,
        level=suggestion.level.value if suggestion.level else None,
        reason=suggestion.reason,
        comment=suggestion.comment,
        comment_withheld=suggestion.comment_withheld,
        figures=suggestion.figures or None,
        figures_withheld=suggestion.figures_withheld if suggestion.figures else None,
        next_step=suggestion.next_step or None,
        change_reason=suggestion.change_reason or None,
    )


def merged_input(suggestion: Suggestion, answer: Answer | None) -> AnswerInput:
    """Return what adopting would save: the suggestion, with the answer's values where it leaves a part open."""
    offered = input_of(suggestion)
    if answer is None:
        return offered
    if not offered.kind:
        level = answer.level.value if answer.level else None
        offered = replace(offered, kind=answer.kind, level=level, reason=offered.reason or answer.reason)
    if not offered.comment:
        offered = replace(offered, comment=answer.comment, comment_withheld=answer.comment_withheld)
    return offered


def open_suggestions(submission: Submission) -> QuerySet[Suggestion]:
    """Return the suggestions that nobody has decided on, in questionnaire order, with their evidence."""
    found = submission.suggestions.filter(decision="").order_by("indicator__position", "at")
    return found.prefetch_related("indicator__area", "indicator__data_form__columns", "author", "level", "evidence")


def _differs(given: AnswerInput, offered: AnswerInput) -> bool:
    """Whether the input differs from the suggestion; leaving out its figures counts as a difference."""
    left_out = bool(offered.figures) and given.figures is None
    return left_out or any(
        (value or None) != (getattr(offered, name) or None)
        for name, value in vars(given).items()
        if value is not None and name != "why"
    )


def _undecided(suggestion: Suggestion, by: User) -> Suggestion:
    """Lock the submission, check the role, and return the suggestion from the database if it is still open."""
    submission = locking.lock(suggestion.submission)
    rules.require(by, "decide", submission)
    locking.require_part(submission)
    fresh = Suggestion.objects.select_related("indicator__area", "author", "level", "decided_by")
    found = fresh.filter(pk=suggestion.pk).first()
    if found is None:
        raise NotNow(_("%s has taken this suggestion back.") % suggestion.author)
    suggestion, suggestion.submission = found, submission
    if suggestion.decision:
        raise NotNow(
            _("%(who)s has decided on this suggestion already: %(decision)s.")
            % {"who": suggestion.decided_by, "decision": suggestion.get_decision_display()}
        )
    return suggestion


def _decide(suggestion: Suggestion, decision: str, by: User) -> Suggestion:
    """Save the decision, and mail it to the author, with a link while they have access."""
    suggestion.decision, suggestion.decided_by, suggestion.decided_at = decision, by, clock.now()
    suggestion.save(update_fields=["decision", "decided_by", "decided_at", "note"])
    author, submission, indicator = suggestion.author, suggestion.submission, suggestion.indicator
    verb = Verb.DECLINE if decision == Decision.DECLINED else Verb.ADOPT
    activity.record(verb, by=by, submission=submission, person=author, detail=indicator.code)
    part = Assignment.objects.in_force().filter(submission=submission, person=author, indicators=indicator).first()
    link = settings.SITE_URL + reverse("contribution_indicator", args=[part.pk, indicator.code]) if part else ""
    if author.is_active:
        notifications.notify_person(author, "decided", submission, by=by, suggestion=suggestion, link=link)
    return suggestion
