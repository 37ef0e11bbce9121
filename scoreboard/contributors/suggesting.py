"""What contributors suggest for their part: an answer, rows of figures, files and links; and taking it back."""

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

from scoreboard import clock, evidence_limits, locking, rules
from scoreboard.contributors.inviting import waiting_for
from scoreboard.data_tables import tables
from scoreboard.errors import NotNow, Stale
from scoreboard.evidence import attaching
from scoreboard.mail import notifications
from scoreboard.models import TEXT_FIELDS, Assignment, Evidence, Indicator, Submission, Suggestion, User
from scoreboard.submissions import answering
from scoreboard.submissions.answering import AnswerInput


@transaction.atomic
def suggest(
    assignment: Assignment, code: str, given: AnswerInput, *, by: User, seen: str | None = None
) -> Suggestion | None:
    """Keep what `by` would answer to the indicator `code` of their part, instead of what they suggested before.

    Figures and evidence that they suggest stay. `seen` is the `stamp` of what the person saw, None if it is not asked.
    Returns the suggestion, None if nothing is left of it. Raises PermissionDenied for what is not their part or no
    longer, Locked and NotNow as answers do, Invalid for what could not become an answer, Stale if they suggested
    something else meanwhile, in another window.
    """
    desk = _begin(assignment, code, by)
    given = given.tidied()
    parts = {"kind": given.kind, "level": answering.require_answerable(desk.indicator, given)}
    parts |= {name: value for name in TEXT_FIELDS if (value := getattr(given, name)) is not None}
    if desk.stands and seen not in (None, stamp(desk.stands)) and _differs(desk.stands, parts):
        raise Stale(_elsewhere() % {"label": desk.indicator.label}, current=desk.stands)
    return _write(desk, parts)


def stamp(suggestion: Suggestion | None) -> str:
    """Return what changes with each change of what is typed in a suggestion, and with nothing else."""
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
    """Keep the rows that `by` would put into the table beside the indicator. Returns and raises as `suggest`."""
    desk = _begin(assignment, code, by)
    if rows:
        tables.require_sound(getattr(desk.indicator, "data_form", None), rows)
    return _write(desk, {"figures": rows, "figures_withheld": withheld and bool(rows)})


def suggest_file(assignment: Assignment, code: str, file: File, *, by: User) -> Evidence:
    """Keep a file that `by` would lay beside the answer; it is checked as any evidence. Raises as `suggest`."""
    with transaction.atomic():
        desk = _begin(assignment, code, by)  # before the file is looked at, and once more with it
        evidence_limits.require_bytes(desk.submission, attaching.clean_name(file.name or ""), file.size)
    return _lay(assignment, code, attaching.examined_file(file), by)


def suggest_link(assignment: Assignment, code: str, url: str, name: str = "", *, by: User) -> Evidence:
    """Keep a link that `by` would lay beside the answer. Raises as `suggest`."""
    return _lay(assignment, code, attaching.examined_link(url, name), by)


@transaction.atomic
def take_back(assignment: Assignment, piece: Evidence, *, by: User) -> Suggestion | None:
    """Drop a file or link that `by` suggested, while nobody has decided. Returns and raises as `suggest`."""
    suggestion = Suggestion.objects.select_related("indicator").get(evidence=piece)
    desk = _begin(assignment, suggestion.indicator.code, by)
    if desk.stands != suggestion:
        raise NotNow(_decided())
    attaching.forget([piece])
    return _write(desk, {})


@transaction.atomic
def withdraw(assignment: Assignment, code: str, *, by: User) -> None:
    """Take back all that `by` suggests to the indicator, while nobody has decided.

    Raises PermissionDenied, Locked and NotNow as `suggest`, NotNow too once it is decided.
    """
    desk = _begin(assignment, code, by)
    if desk.stands is None:
        raise NotNow(_decided())
    attaching.forget(desk.stands.evidence.all())
    desk.stands.delete()


@dataclass(frozen=True)
class _Desk:
    """What a contributor suggests to one indicator, with the submission locked."""

    assignment: Assignment
    submission: Submission
    indicator: Indicator
    by: User
    stands: Suggestion | None  # what nobody has decided on yet
    waiting: Collection[Indicator]  # of their part, before


def _begin(assignment: Assignment, code: str, by: User) -> _Desk:
    """Lock, then ask: role, part, pen and calendar."""
    submission = locking.lock(assignment.submission)
    rules.require(by, "suggest", submission)
    mine = Assignment.objects.in_force().filter(pk=assignment.pk, person=by)
    indicators = Indicator.objects.select_related("area", "data_form")
    indicator = indicators.filter(assignments__in=mine, code=code).first()
    if indicator is None:
        raise PermissionDenied(_("This is not your part of the questionnaire. Ask the focal point who invited you."))
    locking.require(submission)
    stands = submission.suggestions.filter(indicator=indicator, author=by, decision="").first()
    return _Desk(assignment, submission, indicator, by, stands, waiting_for(assignment))


def _write(desk: _Desk, parts: dict[str, Any]) -> Suggestion | None:
    """Put parts into the suggestion; drop one that says nothing. Tell the focal points once the part is complete."""
    suggestion = desk.stands or Suggestion(submission=desk.submission, indicator=desk.indicator, author=desk.by)
    for name, value in parts.items():
        setattr(suggestion, name, value)
    texts = (suggestion.kind, suggestion.reason, suggestion.comment, suggestion.figures, suggestion.next_step)
    if not any((*texts, suggestion.change_reason)) and not (suggestion.pk and suggestion.evidence.exists()):
        if suggestion.pk:
            suggestion.delete()
        return None
    return _store(desk, suggestion)


def _lay(assignment: Assignment, code: str, piece: Evidence, by: User) -> Evidence:
    with transaction.atomic():
        desk = _begin(assignment, code, by)
        suggestion = desk.stands or Suggestion(submission=desk.submission, indicator=desk.indicator, author=by)
        piece.suggestion = _store(desk, suggestion)
        attaching.require_room(desk.submission, piece.suggestion.evidence.present(), piece)
        return attaching.keep(piece, by=by)


def _store(desk: _Desk, suggestion: Suggestion) -> Suggestion:
    revision = desk.submission.answers.filter(indicator=desk.indicator).values_list("revision", flat=True).first()
    suggestion.revision, suggestion.at = revision or 0, clock.now()
    suggestion.save()
    if desk.waiting and not waiting_for(desk.assignment):
        link = settings.SITE_URL + reverse("submission_suggestions", args=[desk.submission.pk])
        notifications.tell("suggested", desk.submission, by=desk.by, link=link)
    return suggestion


def _elsewhere() -> str:
    return _("%(label)s: you suggested something else meanwhile, in another window. Compare the two and save again.")


def _decided() -> str:
    return _("There is nothing to take back: it was decided meanwhile, or never suggested.")
