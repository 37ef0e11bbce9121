"""The questionnaire as a form: text of a page into what `answering` takes, and answers into what a page prints.

The fields of indicator 7 are named so (a code is unique in its edition):

    i7-answer    one group of radios: "level:2" (the rung's value), "not_applicable", "unknown"; none for no answer yet
    i7-reason    why it is not applicable
    i7-comment   the comment
    i7-withheld  ticked: the comment is not for publication
    i7-next      the intended step towards the next level
    i7-next-by   the day by which it is intended
    i7-next-lead who leads it
    i7-next-public ticked: the step is for publication
    i7-changed   why the level differs from last time
    i7-confirmed a button: the answer of last time is confirmed, nothing changed
    i7-cleared   a button: what was chosen is taken back
    i7-why       after a return, why an answer changes that nobody asked about
    i7-seen      hidden: the revision of the answer that the person saw; without it the indicator is not read
                 (where a contributor suggests, the stamp of the suggestion)
    i7-theirs    ticked: of two conflicting answers the stored one stays, what was typed is dropped

These forms only translate; `answering` decides what can be kept.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from scoreboard.errors import DomainError, Stale
from scoreboard.models import (
    Answer,
    Area,
    Evidence,
    Indicator,
    Level,
    Remark,
    State,
    Submission,
    Suggestion,
    User,
)
from scoreboard.network.reading import Helps
from scoreboard.submissions import previous_cycle
from scoreboard.submissions.answering import AnswerInput, Kind, as_input
from scoreboard.submissions.commitments import Asked
from scoreboard.submissions.completeness import Gap
from scoreboard.submissions.previous_cycle import Last
from scoreboard.text import stripped
from scoreboard.threads.discussion import ThreadView


def read(data: Mapping[str, str]) -> tuple[dict[str, AnswerInput], dict[str, int]]:
    """Return what a page gave and the revisions that it had seen, by indicator code, whichever codes it sent."""
    codes = [match[1] for match in map(re.compile(r"i([A-Za-z0-9.]{1,10})-seen").fullmatch, data) if match]
    values = {code: _given(data, f"i{code}") for code in codes if f"i{code}-theirs" not in data}
    return values, {code: _number(data.get(f"i{code}-seen", "")) or 0 for code in values}


def _given(data: Mapping[str, str], prefix: str) -> AnswerInput:
    chosen = "" if f"{prefix}-cleared" in data else data.get(f"{prefix}-answer", "")
    kind, _colon, level = chosen.partition(":")
    reason, comment = _text(data, f"{prefix}-reason"), _text(data, f"{prefix}-comment")
    return AnswerInput(
        kind=kind,
        level=_number(level),
        # The field hides while another answer is chosen; with none chosen it is kept: nothing typed is lost.
        reason=reason if kind in (Kind.NOT_APPLICABLE, "") else "",
        comment=comment,
        comment_withheld=bool(comment) and f"{prefix}-withheld" in data,
        next_step=_asked_text(data, f"{prefix}-next"),
        next_step_by=_asked_text(data, f"{prefix}-next-by"),
        next_step_lead=_asked_text(data, f"{prefix}-next-lead"),
        next_step_public=_is_public(data, prefix),
        change_reason=_asked_text(data, f"{prefix}-changed"),
        confirmed=True if f"{prefix}-confirmed" in data else None,
        why=_text(data, f"{prefix}-why"),
    )


def _asked_text(data: Mapping[str, str], name: str) -> str | None:
    """Return a text, None if the page did not ask for it."""
    return _text(data, name) if name in data else None


def _is_public(data: Mapping[str, str], prefix: str) -> bool | None:
    """Return whether the step is for publication, None if the page did not ask; without a step there is nothing."""
    if f"{prefix}-next" not in data:
        return None
    return bool(_text(data, f"{prefix}-next")) and f"{prefix}-next-public" in data


def _text(data: Mapping[str, str], name: str) -> str:
    return stripped(data.get(name, ""))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def fields(indicator: Indicator, given: AnswerInput) -> dict[str, str]:
    """Return the fields of a page by name, as they would send `given`."""
    answer = f"level:{given.level}" if given.kind == Kind.LEVEL else given.kind
    texts = {"reason": given.reason, "comment": given.comment, "next": given.next_step, "changed": given.change_reason}
    texts |= {"next-by": given.next_step_by, "next-lead": given.next_step_lead}
    values = {"answer": answer} | {name: text or "" for name, text in texts.items()}
    if given.comment_withheld:
        values["withheld"] = "on"
    if given.next_step_public:
        values["next-public"] = "on"
    return {f"i{indicator.code}-{name}": value for name, value in values.items()}


# What an answer's line and its place in the strip above say of it, the most urgent first; only the last one folds.
STATES = {
    "conflict": _("conflict"),
    "problem": _("not saved"),
    "returned": _("returned"),
    "suggestion": _("suggestion"),
    "question": _("question"),
    "incomplete": _("incomplete"),
    "open": _("not answered"),
    "saved": _("saved"),
}


@dataclass(frozen=True)
class Rung:
    """A level on a page: its radio, whether it was chosen last time, and which colleagues suggest it."""

    level: Level
    id: str  # of its radio
    radio: SafeString
    was: bool
    suggested_by: list[User]


@dataclass
class Question:
    """One indicator on a page: what is stored, what is in its fields, what is wrong, and what was asked.

    Its properties are read once all of it is given, and then keep their value: a page prints some of them five times.
    """

    indicator: Indicator
    answer: Answer | None
    given: AnswerInput
    problem: DomainError | None = None
    gap: str = ""  # what is still missing, as a sentence
    asked: list[Remark] = field(default_factory=list)  # the reasons of the last return
    folded: bool = False  # after a return, an answer that nobody asked about
    suggestions: list[Suggestion] = field(default_factory=list)  # what colleagues would answer, not decided yet
    evidence: list[Evidence] | None = None  # what is attached to the answer, None where nobody looked
    talks: list[ThreadView] = field(default_factory=list)  # questions that both sides discuss
    helps: Helps | None = None  # good practice and resources on the indicator, None where nobody looked
    last: Last | None = None  # what was answered the time before
    earlier_steps: list[Asked] = field(default_factory=list)  # promised in earlier cycles, to say what became of them
    page: tuple[object, ...] = ()  # whose answers its page shows, in which wording and language
    stamp: str | None = None  # of a suggestion: what the page says that it has seen, in the place of a revision

    @property
    def version(self) -> str:
        """A text that differs whenever its card on the page of an area must, empty for cards that are always new.

        Always new are those with a colleague's name or words, a refusal, evidence or an earlier step: none of these is
        ever stored.
        """
        new = self.problem or self.asked or self.suggestions or self.talks or self.evidence or self.earlier_steps
        if new or self.is_unsaved:
            return ""
        last = self.last
        before = (last.submission_id, last.version_id, str(last.cycle), last.relation) if last else ()
        helps = self.helps.versions if self.helps else []
        return repr((self.page, self.indicator.pk, self.seen, self.gap, self.folded, before, helps))

    @cached_property
    def prefix(self) -> SafeString:
        """What the names of its fields begin with; its anchor on the page."""
        return format_html("i{}", self.indicator.code)

    @property
    def seen(self) -> int | str:
        """The revision that the page shows, be it next to the person's own."""
        if self.stamp is not None:
            return self.stamp
        return self.answer.revision if self.answer else 0

    @property
    def is_conflict(self) -> bool:
        """Whether a colleague's answer conflicts with what the person typed."""
        return isinstance(self.problem, Stale)

    @property
    def before(self) -> AnswerInput | None:
        """In a conflict, the answer that both began from, None if there was none."""
        base = self.problem.base if isinstance(self.problem, Stale) else None
        return as_input(base) if base else None

    @cached_property
    def state(self) -> str:
        """Which of the STATES it is in: the first that holds."""
        states = {
            "conflict": self.is_conflict,
            "problem": self.problem,
            "returned": self.asked,
            "suggestion": self.suggestions,
            "question": any(talk.thread.closed_at is None for talk in self.talks),
            "incomplete": self.gap and self.content.kind,
            "open": self.gap or not self.content.kind,
        }
        return next((state for state, holds in states.items() if holds), "saved")

    @cached_property
    def state_text(self) -> str:
        """The word for its state."""
        return str(STATES[self.state])

    @cached_property
    def rungs(self) -> list[Rung]:
        """The levels from the lowest."""
        then = self.last.level if self.last else None
        suggested = defaultdict(list)
        for suggestion in self.suggestions:
            suggested[suggestion.level_id].append(suggestion.author)
        return [
            Rung(level, *self._level_radio(level.value), level.value == then, suggested[level.pk])
            for level in self.indicator.ladder
        ]

    def _level_radio(self, value: int) -> tuple[str, SafeString]:
        """Return the id and the radio of a level."""
        name, chosen = f"{self.prefix}-level-{value}", self.given.kind == Kind.LEVEL and self.given.level == value
        radio = '<input type="radio" name="{}-answer" id="{}" value="level:{}"{}>'
        return name, format_html(radio, self.prefix, name, value, SafeString(" checked") if chosen else "")

    @property
    def offers_not_applicable(self) -> bool:
        """Whether "not applicable" is among the choices: the indicator allows it, or it was chosen when it did."""
        return self.indicator.not_applicable or self.given.kind == Kind.NOT_APPLICABLE

    @cached_property
    def next_rung(self) -> Level | None:
        """The level above the chosen one, None where none is chosen or it is the highest."""
        above = [
            level for level in self.indicator.ladder if self.given.level is not None and level.value > self.given.level
        ]
        return above[0] if above and self.given.kind == Kind.LEVEL else None

    @property
    def fields_of_last(self) -> str:
        """Last time's answer as JSON of this page's fields, for the script behind "No change"."""
        then = self.last.given if self.last else None
        return json.dumps(fields(self.indicator, then)) if then else ""

    @property
    def differs(self) -> bool:
        """Whether the level differs from last time's."""
        return previous_cycle.differs(self.last, self.given)

    @cached_property
    def content(self) -> AnswerInput:
        """The stored answer."""
        return as_input(self.answer)

    @property
    def is_unsaved(self) -> bool:
        """Whether what was typed differs from what is stored."""
        asked = {name: value for name, value in vars(self.given).items() if value is not None and name != "why"}
        return any(getattr(self.content, name) != value for name, value in asked.items())


def questions(
    submission: Submission,
    area: Area,
    answers: Iterable[Answer],
    *,
    missing: Iterable[Gap],
    asked: Iterable[Remark] = (),
    typed: Mapping[str, AnswerInput] | None = None,
    problems: Mapping[str, DomainError] | None = None,
) -> list[Question]:
    """Return the area's indicators with their `answers` as a page shows them.

    After a return those `asked` about come first.

    The fields hold what is stored, or by code what a person has `typed`, with the `problems` that it met.
    """
    by_indicator = {answer.indicator_id: answer for answer in answers}
    last = previous_cycle.of(submission)
    gaps = {gap.indicator.pk: gap.sentence for gap in missing}
    reasons = defaultdict(list)
    for remark in asked:
        reasons[remark.answer.indicator_id].append(remark)
    page = (submission.pk, submission.cycle.edition.stamp, get_language())
    found = []
    for indicator in area.indicators.all():
        answer = by_indicator.get(indicator.pk)
        found.append(
            Question(
                indicator,
                answer,
                given=(typed or {}).get(indicator.code, as_input(answer)),
                problem=(problems or {}).get(indicator.code),
                gap=gaps.get(indicator.pk, ""),
                asked=reasons[indicator.pk],
                last=last.get(indicator.code),
                folded=submission.state == State.RETURNED and not reasons[indicator.pk],
                page=page,
            )
        )
    return sorted(found, key=lambda question: question.folded)
