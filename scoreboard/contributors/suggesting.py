"""Suggestions of contributors for their part: an answer, rows of figures, files and links; and withdrawing them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, evidence_limits, locking, rules
from scoreboard.activity import Verb
from scoreboard.contributors.inviting import waiting_for
from scoreboard.data_tables import tables
from scoreboard.errors import NotNow, Stale
from scoreboard.evidence import attaching
from scoreboard.mail import notifications
from scoreboard.models import TEXT_FIELDS, Assignment, Evidence, Indicator, Origin, Submission, Suggestion, User
from scoreboard.submissions import answering
from scoreboard.submissions.answering import AnswerInput


@transaction.atomic
def suggest(
    assignment: Assignment,
    code: str,
    given: AnswerInput,
    *,
    by: User,
    seen: str | None = None,
    origin: Origin = Origin.PAGE,
) -> Suggestion | None:
    """Save the answer that `by` suggests to the indicator `code` of their part, replacing their open suggestion.

    Suggested figures and evidence are unchanged. `seen` is the `stamp` of what the person saw, None for no check.
    Returns the suggestion, None if it is empty. Raises PermissionDenied if it is not their part (any more), Locked and
    NotNow as answers do, Invalid for what no answer can hold, Stale if they saved another one in another window.
    """
    context = _lock(assignment, code, by, origin)
    given = given.tidied()
    parts = {"kind": given.kind, "level": answering.require_answerable(context.indicator, given)}
    parts |= {name: value for name in TEXT_FIELDS if (value := getattr(given, name)) is not None}
    if context.current and seen not in (None, stamp(context.current)) and _differs(context.current, parts):
        raise Stale(_changed_elsewhere() % {"label": context.indicator.label}, current=context.current)
    return _write(context, parts)


def stamp(suggestion: Suggestion | None) -> str:
    """Return a hash of the typed part of a suggestion."""
    if suggestion is None:
        return ""
    texts = [suggestion.kind, suggestion.level_id, *(getattr(suggestion, name) for name in TEXT_FIELDS)]
    return sha256(json.dumps(texts).encode()).hexdigest()[:16]


def _differs(suggestion: Suggestion, parts: dict[str, Any]) -> bool:
    return any(getattr(suggestion, name) != value for name, value in parts.items())


@transaction.atomic
def suggest_figures(
    assignment: Assignment, code: str, rows: list[tables.Row], *, withheld: bool, by: User
) -> Suggestion | None:
    """Save the rows that `by` suggests for the indicator's table. Returns and raises as `suggest`."""
    context = _lock(assignment, code, by)
    if rows:
        tables.require_valid(getattr(context.indicator, "data_form", None), rows)
    return _write(context, {"figures": rows, "figures_withheld": withheld and bool(rows)})


def suggest_file(
    assignment: Assignment, code: str, file: "File[bytes]", *, by: User, origin: Origin = Origin.PAGE
) -> Evidence:
    """Save a file that `by` suggests as evidence; it is checked as any evidence. Raises as `suggest`."""
    with transaction.atomic():
        context = _lock(assignment, code, by, origin)  # checked before the file is read, and again with it
        evidence_limits.require_bytes(context.submission, attaching.clean_name(file.name or ""), file.size)
    return _attach(assignment, code, attaching.check_file(file), by, origin)


def suggest_link(
    assignment: Assignment, code: str, url: str, name: str = "", *, by: User, origin: Origin = Origin.PAGE
) -> Evidence:
    """Save a link that `by` suggests as evidence. Raises as `suggest`."""
    return _attach(assignment, code, attaching.check_link(url, name), by, origin)


@transaction.atomic
def take_back(assignment: Assignment, piece: Evidence, *, by: User) -> Suggestion | None:
    """Delete a file or link that `by` suggested, before the decision. Returns and raises as `suggest`."""
    suggestion = Suggestion.objects.select_related("indicator").get(evidence=piece)
    context = _lock(assignment, suggestion.indicator.code, by)
    if context.current != suggestion:
        raise NotNow(_nothing_to_take_back())
    attaching.delete_with_files([piece])
    return _write(context, {})


@transaction.atomic
def withdraw(assignment: Assignment, code: str, *, by: User) -> None:
    """Delete all that `by` suggests to the indicator, before the decision.

    Raises PermissionDenied, Locked and NotNow as `suggest`, and NotNow once it is decided.
    """
    context = _lock(assignment, code, by)
    if context.current is None:
        raise NotNow(_nothing_to_take_back())
    attaching.delete_with_files(context.current.evidence.all())
    context.current.delete()
    context.record(Verb.WITHDRAW_SUGGESTION)


@dataclass(frozen=True)
class _Context:
    """A contributor's open suggestion to one indicator, with the submission locked."""

    assignment: Assignment
    submission: Submission
    indicator: Indicator
    by: User
    current: Suggestion | None  # not decided yet
    waiting: Collection[Indicator]  # of their part, before this change
    origin: Origin

    def current_or_new(self) -> Suggestion:
        return self.current or Suggestion(submission=self.submission, indicator=self.indicator, author=self.by)

    def record(self, verb: Verb) -> None:
        activity.record(verb, by=self.by, submission=self.submission, detail=self.indicator.code, origin=self.origin)


def _lock(assignment: Assignment, code: str, by: User, origin: Origin = Origin.PAGE) -> _Context:
    """Lock the submission, then check role, part, state and calendar."""
    submission = locking.lock(assignment.submission)
    rules.require(by, "suggest", submission)
    mine = Assignment.objects.in_force().filter(pk=assignment.pk, person=by)
    indicators = Indicator.objects.select_related("area", "data_form")
    indicator = indicators.filter(assignments__in=mine, code=code).first()
    if indicator is None:
        raise PermissionDenied(_("This is not your part of the questionnaire. Ask the focal point who invited you."))
    locking.require(submission)
    current = submission.suggestions.filter(indicator=indicator, author=by, decision="").first()
    return _Context(assignment, submission, indicator, by, current, waiting_for(assignment), origin)


def _write(context: _Context, parts: dict[str, Any]) -> Suggestion | None:
    """Save parts of the suggestion; delete an empty one."""
    suggestion = context.current_or_new()
    for name, value in parts.items():
        setattr(suggestion, name, value)
    texts = (suggestion.kind, suggestion.reason, suggestion.comment, suggestion.figures, suggestion.next_step)
    if not any((*texts, suggestion.change_reason)) and not (suggestion.pk and suggestion.evidence.exists()):
        if suggestion.pk:
            suggestion.delete()
            context.record(Verb.WITHDRAW_SUGGESTION)
        return None
    return _store(context, suggestion)


def _attach(assignment: Assignment, code: str, piece: Evidence, by: User, origin: Origin) -> Evidence:
    with transaction.atomic():
        context = _lock(assignment, code, by, origin)
        piece.suggestion = _store(context, context.current_or_new())
        attaching.require_room(context.submission, piece.suggestion.evidence.present(), piece)
        return attaching.save_piece(piece, by=by, origin=origin)


def _store(context: _Context, suggestion: Suggestion) -> Suggestion:
    """Save the suggestion, and notify the focal points once the part is complete."""
    revision = context.submission.answers.filter(indicator=context.indicator).values_list("revision", flat=True).first()
    suggestion.revision, suggestion.at = revision or 0, clock.now()
    suggestion.save()
    context.record(Verb.SUGGEST)
    if context.waiting and not waiting_for(context.assignment):
        link = settings.SITE_URL + reverse("submission_suggestions", args=[context.submission.pk])
        notifications.notify("suggested", context.submission, by=context.by, link=link)
    return suggestion


def _changed_elsewhere() -> str:
    return _("%(label)s: you suggested something else meanwhile, in another window. Compare the two and save again.")


def _nothing_to_take_back() -> str:
    return _("There is nothing to take back: it was decided meanwhile, or never suggested.")
