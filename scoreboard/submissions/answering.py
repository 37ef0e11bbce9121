"""The only door through which answers are written, one by one or many at once."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import access, clock, evidence_limits, locking
from scoreboard.data_tables import tables
from scoreboard.errors import DomainError, Invalid, Stale
from scoreboard.models import (
    TEXT_FIELDS,
    Answer,
    AnswerVersion,
    Evidence,
    Indicator,
    Level,
    Origin,
    Submission,
    Suggestion,
    User,
)
from scoreboard.models.answers import MAX_LEAD, is_complete
from scoreboard.submissions import returns
from scoreboard.text import one_line, require_storable, stripped

Kind = Answer.Kind

Content = dict[str, Any]  # field of an answer → value

# The fields of free text; who leads a step is one line.
WORDS = ("reason", "comment", "next_step", "next_step_by", "change_reason", "why")

# The fields that answer the question itself: whoever changes one has looked at the question again.
SUBSTANCE = {"kind", "level_id", "reason", "comment", "figures"}


@dataclass(frozen=True)
class AnswerInput:
    """What a person enters for one indicator; `level` is a level's value, `why` the reason for an unasked change.

    The parts that are None are not shown by the page or file that sends them, and do not change.
    """

    kind: str = ""
    level: int | None = None
    reason: str = ""
    comment: str = ""
    comment_withheld: bool = False
    figures: list[dict[str, Any]] | None = None
    figures_withheld: bool | None = None
    next_step: str | None = None
    next_step_by: str | None = None  # a day such as 2027-06-30
    next_step_lead: str | None = None
    next_step_public: bool | None = None
    change_reason: str | None = None
    confirmed: bool | None = None
    why: str = ""
    suggestion: Suggestion | None = None  # the colleague's suggestion that is adopted with it
    carried: tuple[int, ...] = ()  # last time's evidence, by primary key, to attach again

    def tidied(self) -> "AnswerInput":
        """Return it with texts as they are stored: a text without visible characters is empty."""
        texts: Content = {name: stripped(text) for name in WORDS if (text := getattr(self, name))}
        if self.next_step_lead:
            texts["next_step_lead"] = one_line(self.next_step_lead)
        return replace(self, **texts)

    def completes(self, indicator: Indicator) -> bool:
        """Return whether this is a complete answer while the country can write."""
        return is_complete(self.kind, self.reason, indicator)


@dataclass(frozen=True)
class SavedState:
    """The revision that holds what was entered, and when it was saved (None if there was nothing to save)."""

    revision: int
    at: datetime | None


@dataclass
class Outcome:
    """What a save did, by indicator code: written, unchanged, or refused with the error that says why."""

    saved: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    states: dict[str, SavedState] = field(default_factory=dict)  # of the saved and the unchanged
    problems: dict[str, DomainError] = field(default_factory=dict)


@transaction.atomic
def save_answers(
    submission: Submission,
    values: Mapping[str, AnswerInput],
    *,
    by: User,
    seen: Mapping[str, int],
    origin: Origin = Origin.PAGE,
) -> Outcome:
    """Write the answers in `values` (by indicator code) that are valid and not stale; return what became of each.

    `seen` maps each code to the revision of the answer that the person saw, 0 for none. What equals the stored
    answer, or the revision that was seen, is left alone, so that a repeated or partly filled form harms nothing.
    Raises PermissionDenied for a wrong role, Locked if the other side has write access, NotNow outside the
    cycle's dates and for an officer who has not opened the submission on the country's behalf. The submission's
    lock only serialises: colleagues in different answers never collide.
    """
    return save_locked(locking.lock(submission), values, by=by, seen=seen, origin=origin)


def save_locked(
    submission: Submission, values: Mapping[str, AnswerInput], *, by: User, seen: Mapping[str, int], origin: Origin
) -> Outcome:
    """Do as `save_answers` in a submission that this transaction has locked when it read it."""
    on_behalf = access.require_writing(submission, by=by)
    current = _current(submission, values)
    outcome, writes = Outcome(), list[_Pending]()
    bytes_reused = 0
    for code, given in values.items():
        try:
            decision = _decide(current, code, given.tidied(), seen.get(code, 0))
            if isinstance(decision, _Pending):
                bytes_reused += _require_room(submission, decision, bytes_reused)
        except DomainError as problem:
            outcome.problems[code] = problem
            continue
        if isinstance(decision, SavedState):
            outcome.unchanged.append(code)
            outcome.states[code] = decision
            continue
        writes.append(decision)
        outcome.saved.append(code)
        outcome.states[code] = decision.apply(by)
    _store(writes, by=by, on_behalf=on_behalf, origin=origin)
    return outcome


@dataclass(frozen=True)
class _Current:
    """What is stored when a save begins, of the indicators that it is about."""

    submission: Submission
    indicators: dict[str, Indicator]  # by code
    answers: dict[int, Answer]  # by the indicator's primary key
    needing_reason: set[int]  # indicators whose change needs a reason


@dataclass(frozen=True)
class _Pending:
    """An answer to be written: its fields afterwards, and the input that they come from."""

    answer: Answer
    level: Level | None
    content: Content
    changed: list[str]  # the fields that differ from what is stored
    given: AnswerInput

    def apply(self, by: User) -> SavedState:
        """Set the fields as the answer's next revision, by this person and now."""
        self.answer.level = self.level
        for name, value in self.content.items():
            setattr(self.answer, name, value)
        self.answer.revision += 1
        self.answer.changed_at, self.answer.changed_by = clock.now(), by
        return SavedState(self.answer.revision, self.answer.changed_at)


def _current(submission: Submission, codes: Collection[str]) -> _Current:
    indicators = {one.code: one for one in submission.cycle.edition.all_indicators if one.code in codes}
    stored = submission.answers.filter(indicator__in=indicators.values()).order_by()
    answers = {answer.indicator_id: answer for answer in stored}
    return _Current(submission, indicators, answers, returns.needing_reason(submission))


def _decide(current: _Current, code: str, given: AnswerInput, seen: int) -> _Pending | SavedState:
    """Return what to write for one indicator, or the state that its answer keeps because nothing changes.

    Raises Invalid for what cannot be stored and Stale if a colleague changed the answer after the revision `seen`.
    """
    if (indicator := current.indicators.get(code)) is None:
        raise Invalid(_("There is no indicator %(code)s in this questionnaire.") % {"code": code})
    level = _require_valid(indicator, given)
    answer = current.answers.get(indicator.pk)
    content = _content(given, level)
    if _says(answer, content):
        return SavedState(answer.revision, answer.changed_at) if answer else SavedState(0, None)
    if answer and seen != answer.revision:
        base = answer.versions.select_related("level").filter(revision=seen).first() if seen else None
        if seen < answer.revision and _says(base, content):
            return SavedState(seen, None)  # sent back as it was seen: nothing of the colleague's change is undone
        _require_fresh(indicator, answer, base, content, seen)
    _require_offered(indicator, given)
    if indicator.pk in current.needing_reason and not given.why:
        raise Invalid(
            _("%(label)s: the Secretariat did not ask to change this answer. Say why you change it.")
            % {"label": indicator.label}
        )
    if given.confirmed is None and not _says(answer, {name: content[name] for name in SUBSTANCE & content.keys()}):
        content["confirmed"] = False  # somebody looked at the question again
    answer = answer or Answer(submission=current.submission, indicator=indicator, revision=0)
    changed = [name for name, value in content.items() if getattr(answer, name) != value]
    return _Pending(answer, level, content, changed, given)


def _require_fresh(
    indicator: Indicator, answer: Answer, base: AnswerVersion | None, content: Content, seen: int
) -> None:
    """Raise Stale unless all that changed since `base` are parts that this page or file does not show."""
    seen_parts = {name: getattr(base or Answer(), name) for name in content}
    if (seen and base is None) or not _says(answer, seen_parts):
        raise Stale(
            _("%(label)s: %(who)s changed this answer after you opened the page. Compare the two and save again.")
            % {"label": indicator.label, "who": answer.changed_by},
            current=answer,
            base=base,
        )


def _require_room(submission: Submission, write: _Pending, bytes_before: int) -> int:
    """Return the bytes of last time's evidence that the answer reuses; raise Invalid if they do not fit."""
    if not write.given.carried:
        return 0
    answer = write.answer
    present = answer.evidence.present() if answer.pk else Evidence.objects.none()
    return evidence_limits.require_carried(
        submission, answer.indicator.label, present, write.given.carried, before=bytes_before
    )


def _store(writes: Sequence[_Pending], *, by: User, on_behalf: bool, origin: Origin) -> None:
    """Store the answers, each with its version, in a number of queries that does not grow with them."""
    stamps = ["revision", "changed_at", "changed_by"]
    new = [write.answer for write in writes if write.answer.pk is None]
    changed = [write for write in writes if write.answer.pk is not None]
    if len(changed) == 1:  # as a page that saves by itself does: half the work of an update in bulk
        changed[0].answer.save(update_fields=[*changed[0].changed, *stamps])
    elif changed:
        Answer.objects.bulk_update([write.answer for write in changed], ["kind", "level", *TEXT_FIELDS, *stamps])
    Answer.objects.bulk_create(new)
    source = {"on_behalf": on_behalf, "origin": origin}
    AnswerVersion.objects.bulk_create(
        AnswerVersion(
            answer=write.answer,
            kind=write.answer.kind,
            level=write.answer.level,
            **{name: getattr(write.answer, name) for name in TEXT_FIELDS},
            revision=write.answer.revision,
            why=write.given.why,
            suggestion=write.given.suggestion,
            at=write.answer.changed_at,
            by=by,
            **source,
        )
        for write in writes
    )
    for write in writes:
        if write.given.carried:
            Evidence.objects.carry(write.answer, write.given.carried, added_by=by, **source)


def _content(given: AnswerInput, level: Level | None) -> Content:
    """Return the fields of the answer that the input sets; what was not given is left out."""
    parts = {name: getattr(given, name) for name in TEXT_FIELDS}
    content = {"kind": given.kind, "level_id": level.pk if level else None, **parts}
    return {name: value for name, value in content.items() if value is not None or name == "level_id"}


def _says(answer: Answer | AnswerVersion | None, content: Content) -> bool:
    """Whether the answer has exactly these fields already; no answer is an empty one."""
    current = answer or Answer()
    return all(_equal(getattr(current, name), value) for name, value in content.items())


def _equal(stored: Any, wanted: Any) -> bool:
    """Whether a field is the same; a text stored before texts were tidied also counts as its tidied form."""
    return bool(stored == wanted or (isinstance(stored, str) and stripped(stored) == wanted))


def require_answerable(indicator: Indicator, given: AnswerInput) -> Level | None:
    """Return the level that was given, None for another kind of answer; raise Invalid for what cannot be stored."""
    level = _require_valid(indicator, given)
    _require_offered(indicator, given)
    return level


def _require_offered(indicator: Indicator, given: AnswerInput) -> None:
    """Raise Invalid for "not applicable" where the edition does not offer it."""
    if given.kind == Kind.NOT_APPLICABLE and not indicator.not_applicable:
        raise Invalid(
            _("%(label)s: “not applicable” is no answer to this indicator. Choose a level, or unknown.")
            % {"label": indicator.label}
        )


def _require_valid(indicator: Indicator, given: AnswerInput) -> Level | None:
    """Do as `require_answerable`, but accept "not applicable" anywhere: it may be stored already."""
    label = {"label": indicator.label}
    if given.kind not in ("", *Kind.values):
        raise Invalid(
            _("%(label)s: choose a level, not applicable or unknown.") % label
            if indicator.not_applicable
            else _("%(label)s: choose a level or unknown.") % label
        )
    written = (given.reason, given.comment, given.why, given.next_step, given.next_step_lead, given.change_reason)
    for text in written:
        try:
            require_storable(text or "")
        except Invalid as fault:
            raise Invalid(f"{indicator.label}: {fault}") from fault
    _require_step(indicator, given)
    if given.figures:
        tables.require_valid(getattr(indicator, "data_form", None), given.figures)
    if given.kind != Kind.LEVEL:
        return None
    for level in indicator.ladder:
        if level.value == given.level:
            return level
    raise Invalid(_("%(label)s: choose one of the levels of its ladder.") % label)


def _require_step(indicator: Indicator, given: AnswerInput) -> None:
    """Raise Invalid for a day that is none, and for too long a name of who leads the step."""
    if given.next_step_by and _day(given.next_step_by) is None:
        raise Invalid(
            _("%(label)s: give the day by which the step is intended as year, month and day, such as %(example)s.")
            % {"label": indicator.label, "example": "2027-06-30"}
        )
    if len(given.next_step_lead or "") > MAX_LEAD:
        raise Invalid(
            _("%(label)s: shorten who leads the step to %(most)s characters.")
            % {"label": indicator.label, "most": MAX_LEAD}
        )


def _day(text: str) -> date | None:
    """Return the day that a text such as 2027-06-30 names, None for any other text."""
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def as_input(answer: Answer | AnswerVersion | None) -> AnswerInput:
    """Return a stored answer as the input that would save it again."""
    if answer is None:
        return AnswerInput()
    level = answer.level.value if answer.level else None
    return AnswerInput(answer.kind, level, **{name: getattr(answer, name) for name in TEXT_FIELDS})
