"""The only door through which answers are written, one by one or many at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import IntegerField, QuerySet
from django.utils.translation import gettext as _

from scoreboard import access, clock, evidence_limits, finding, locking
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
    Remark,
    State,
    Submission,
    Suggestion,
    User,
)
from scoreboard.prepared import Prepared
from scoreboard.text import require_storable, stripped

Kind = Answer.Kind

Content = dict[str, Any]  # field of an answer → value

WORDS = ("reason", "comment", "next_step", "change_reason", "why")  # what is written in words

# What an answer says of the question itself; a change of any of it means that somebody looked again.
SUBSTANCE = {"kind", "level_id", "reason", "comment", "figures"}


@dataclass(frozen=True)
class AnswerInput:
    """What a person gives for one indicator; `level` is a rung's value, `why` the reason for an unasked change.

    The parts that are None were not asked for by the page or file that gives them, and stay as they are.
    """

    kind: str = ""
    level: int | None = None
    reason: str = ""
    comment: str = ""
    comment_withheld: bool = False
    figures: list[dict[str, Any]] | None = None
    figures_withheld: bool | None = None
    next_step: str | None = None
    change_reason: str | None = None
    confirmed: bool | None = None
    why: str = ""
    suggestion: Suggestion | None = None  # the colleague's suggestion that is adopted with it
    carried: tuple[int, ...] = ()  # evidence of last time, by primary key, that is laid beside it again

    def tidied(self) -> "AnswerInput":
        """Return it with texts as they are stored: one in which nothing is to be seen is empty."""
        texts: Content = {name: stripped(text) for name in WORDS if (text := getattr(self, name))}
        return replace(self, **texts)

    def completes(self, indicator: Indicator) -> bool:
        """Whether this passes the gate as an answer of a draft, as `AnswerQuerySet.complete` finds it."""
        if self.kind == Kind.NOT_APPLICABLE:
            return bool(self.reason) and indicator.not_applicable
        return self.kind in (Kind.LEVEL, Kind.UNKNOWN)


@dataclass(frozen=True)
class SavedState:
    """The revision of an answer that says what was given, and when it was saved (None: it was never asked to)."""

    revision: int
    at: datetime | None


@dataclass
class Outcome:
    """What a save did, by indicator code: written, already so, or refused with the error that says why."""

    saved: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    standing: dict[str, SavedState] = field(default_factory=dict)  # of both
    problems: dict[str, DomainError] = field(default_factory=dict)


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
    Raises PermissionDenied for a wrong role, Locked if the country does not hold the pen, NotNow outside the
    cycle's dates and for an officer who has not opened the submission on the country's behalf. The submission's
    lock only serialises: colleagues in different answers never collide.
    """
    with transaction.atomic():
        return _save(locking.lock(submission), values, by, seen, origin)


def save_in(
    pk: int, values: Mapping[str, AnswerInput], *, by: User, seen: Mapping[str, int]
) -> tuple[Submission, Outcome]:
    """Do as `save_answers` for a page that saves by itself, finding and locking the submission in one query.

    Raises Submission.DoesNotExist if `pk` is none that the person may see.
    """
    with transaction.atomic():
        submission = finding.find_locked(by, pk)
        return submission, _save(submission, values, by, seen, Origin.PAGE)


def _save(
    submission: Submission, values: Mapping[str, AnswerInput], by: User, seen: Mapping[str, int], origin: Origin
) -> Outcome:
    """Write into the submission, which is locked."""
    on_behalf = access.require_writing(submission, by=by)
    desk = _Desk(submission, values, by=by, on_behalf=on_behalf, origin=origin)
    for code, given in values.items():
        desk.place(code, given, seen.get(code, 0))
    return desk.write()


class _Desk:
    """One save on its way: what is stored, what was given, and what is to be written in bulk."""

    def __init__(self, submission: Submission, codes: Iterable[str], *, by: User, on_behalf: bool, origin: Origin):
        self.submission, self.by, self.on_behalf, self.origin = submission, by, on_behalf, origin
        codes = set(codes)
        self.indicators = {one.code: one for one in submission.cycle.edition.all_indicators if one.code in codes}
        indicators = [indicator.pk for indicator in self.indicators.values()]
        self.answers = {a.indicator_id: a for a in _stored(len(indicators))(submission.pk, *indicators)}
        self.flagged = flagged_indicators(submission) if submission.state == State.RETURNED else None
        self.outcome = Outcome()
        self.new: list[Answer] = []
        self.changed: list[Answer] = []
        self.given: dict[int, AnswerInput] = {}
        self.carried = 0  # bytes of evidence of last time

    def place(self, code: str, given: AnswerInput, seen: int) -> None:
        """Put one answer where it belongs: to be written, left alone, or among the problems."""
        try:
            indicator = self.indicators.get(code)
            if indicator is None:
                raise Invalid(_("There is no indicator %(code)s in this questionnaire.") % {"code": code})
            given = given.tidied()
            level = _sound(indicator, given)
            answer = self.answers.get(indicator.pk)
            wanted = _wanted(given, level)
            if _says(answer, wanted):
                self._leave(code, SavedState(answer.revision, answer.changed_at) if answer else SavedState(0, None))
                return
            if answer is not None and seen != answer.revision:
                base = answer.versions.select_related("level").filter(revision=seen).first() if seen else None
                if seen < answer.revision and _says(base, wanted):
                    # Given back just as it was seen while a colleague moved on: nothing to write or refuse.
                    self._leave(code, SavedState(seen, None))
                    return
                if (seen and base is None) or not _says(answer, _same_parts(base, wanted)):
                    raise _stale(indicator, answer, base)
                # What changed since is only what this page or file does not show, such as the figures.
            _require_offered(indicator, given)
            self._require_asked(indicator, given)
            if given.carried:
                present = answer.evidence.present() if answer else Evidence.objects.none()
                self.carried += evidence_limits.require_carried(
                    self.submission, indicator.label, present, given.carried, besides=self.carried
                )
            if given.confirmed is None and not _says(
                answer, {name: wanted[name] for name in SUBSTANCE & wanted.keys()}
            ):
                wanted["confirmed"] = False  # looked at again
        except DomainError as problem:
            self.outcome.problems[code] = problem
            return
        if answer is None:
            answer = Answer(submission=self.submission, indicator=indicator, revision=0)
            self.new.append(answer)
        else:
            self.changed.append(answer)
        answer.level = level
        for name, value in wanted.items():
            setattr(answer, name, value)
        answer.revision += 1
        answer.changed_at, answer.changed_by = clock.now(), self.by
        self.given[indicator.pk] = given
        self.outcome.saved.append(code)
        self.outcome.standing[code] = SavedState(answer.revision, answer.changed_at)

    def write(self) -> Outcome:
        """Write what was placed, each answer with its version, in a number of queries that does not grow."""
        written = ["kind", "level", *TEXT_FIELDS, "revision", "changed_at", "changed_by"]
        if len(self.changed) == 1:  # as a page that saves by itself does: half the work of an update in bulk
            self.changed[0].save(update_fields=written)
        elif self.changed:
            Answer.objects.bulk_update(self.changed, written)
        if self.new:
            Answer.objects.bulk_create(self.new)
        AnswerVersion.objects.bulk_create(
            AnswerVersion(
                answer=answer,
                kind=answer.kind,
                level=answer.level,
                **{name: getattr(answer, name) for name in TEXT_FIELDS},
                revision=answer.revision,
                why=self.given[answer.indicator_id].why,
                suggestion=self.given[answer.indicator_id].suggestion,
                at=answer.changed_at,
                by=self.by,
                on_behalf=self.on_behalf,
                origin=self.origin,
            )
            for answer in [*self.changed, *self.new]
        )
        laid = {"added_by": self.by, "on_behalf": self.on_behalf, "origin": self.origin}
        for answer in [*self.changed, *self.new]:
            if carried := self.given[answer.indicator_id].carried:
                Evidence.objects.carry(answer, carried, **laid)
        return self.outcome

    def _leave(self, code: str, standing: SavedState) -> None:
        self.outcome.unchanged.append(code)
        self.outcome.standing[code] = standing

    def _require_asked(self, indicator: Indicator, given: AnswerInput) -> None:
        """After a return, an answer that was not asked about changes only with a reason."""
        if self.flagged is not None and indicator.pk not in self.flagged and not given.why:
            raise Invalid(
                _("%(label)s: the Secretariat did not ask to change this answer. Say why you change it.")
                % {"label": indicator.label}
            )


@cache
def _stored(indicators: int) -> Prepared[Answer]:
    """Return the query for a submission's answers to so many indicators."""

    def shape(submission: Any, *indicators: Any) -> QuerySet[Answer]:
        answers = Answer.objects.filter(submission=submission, indicator__pk__in=indicators)
        return answers.select_related("level", "changed_by").order_by()

    return Prepared(shape, *[IntegerField()] * (1 + indicators))


def _wanted(given: AnswerInput, level: Level | None) -> Content:
    """What the answer should say afterwards, without the parts that were not given."""
    parts = {name: getattr(given, name) for name in TEXT_FIELDS}
    content = {"kind": given.kind, "level_id": level.pk if level else None, **parts}
    return {name: value for name, value in content.items() if value is not None or name == "level_id"}


def _says(answer: Answer | AnswerVersion | None, wanted: Content) -> bool:
    current = answer or Answer()
    return all(_is(getattr(current, name), value) for name, value in wanted.items())


def _is(stored: Any, wanted: Any) -> bool:
    """Whether a part is the same; texts stored before they were tidied are, if only tidying tells them apart."""
    return bool(stored == wanted or (isinstance(stored, str) and stripped(stored) == wanted))


def _same_parts(answer: AnswerVersion | None, wanted: Content) -> Content:
    """What the answer says of the parts in `wanted`."""
    stands = answer or Answer()
    return {name: getattr(stands, name) for name in wanted}


def checked(indicator: Indicator, given: AnswerInput) -> Level | None:
    """Return the level that was given, None for another kind of answer; raise Invalid for what cannot be kept."""
    level = _sound(indicator, given)
    _require_offered(indicator, given)
    return level


def _require_offered(indicator: Indicator, given: AnswerInput) -> None:
    """Raise Invalid for "not applicable" where the edition does not offer it."""
    if given.kind == Kind.NOT_APPLICABLE and not indicator.not_applicable:
        raise Invalid(
            _("%(label)s: “not applicable” is no answer to this indicator. Choose a level, or unknown.")
            % {"label": indicator.label}
        )


def _sound(indicator: Indicator, given: AnswerInput) -> Level | None:
    """Return the level as `checked` does, for an answer that may be stored already."""
    label = {"label": indicator.label}
    if given.kind not in ("", *Kind.values):
        raise Invalid(
            _("%(label)s: choose a level, not applicable or unknown.") % label
            if indicator.not_applicable
            else _("%(label)s: choose a level or unknown.") % label
        )
    for text in (given.reason, given.comment, given.why, given.next_step or "", given.change_reason or ""):
        try:
            require_storable(text)
        except Invalid as fault:
            raise Invalid(f"{indicator.label}: {fault}") from fault
    if given.figures:
        tables.require_sound(getattr(indicator, "data_form", None), given.figures)
    if given.kind != Kind.LEVEL:
        return None
    for level in indicator.ladder:
        if level.value == given.level:
            return level
    raise Invalid(_("%(label)s: choose one of the levels of its ladder.") % label)


def _stale(indicator: Indicator, answer: Answer, base: AnswerVersion | None) -> Stale:
    return Stale(
        _("%(label)s: %(who)s changed this answer after you opened the page. Compare the two and save again.")
        % {"label": indicator.label, "who": answer.changed_by},
        current=answer,
        base=base,
    )


def stored(answer: Answer | AnswerVersion | None) -> AnswerInput:
    """Return an answer as it would be given again."""
    if answer is None:
        return AnswerInput()
    level = answer.level.value if answer.level else None
    return AnswerInput(answer.kind, level, **{name: getattr(answer, name) for name in TEXT_FIELDS})


def flagged_indicators(submission: Submission) -> set[int]:
    """Return the primary keys of the indicators that the last return asked to change."""
    last = submission.transitions.giving_back()[:1]
    flags = Remark.objects.filter(transition__in=last.values("pk"), flags=True)
    return set(flags.values_list("answer__indicator_id", flat=True))
