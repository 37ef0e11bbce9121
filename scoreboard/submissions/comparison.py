"""Compare two states of a submission, answer by answer and word by word, and list the history of one answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from operator import attrgetter
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from scoreboard.models import AnswerVersion, Evidence, Indicator, Submission, User
from scoreboard.models.answers import STEP_FIELDS
from scoreboard.submissions import answering, previous_cycle
from scoreboard.submissions.editing_sessions import editing_sessions
from scoreboard.submissions.versions import AnswerData, snapshot

Run = tuple[Literal["same", "gone", "new"], str]  # of words that stayed, went or came

# The parts in which two answers can differ, with the fields that each is made of.
PARTS: dict[str, tuple[str, ...]] = {
    "rating": ("kind", "level", "reason"),
    "comment": ("comment", "comment_withheld"),
    "figures": ("figures", "figures_withheld"),
    "evidence": ("evidence",),
    "next_step": ("next_step", *STEP_FIELDS),
    "change_reason": ("change_reason",),
    "confirmed": ("confirmed",),
}

# What a list of differences calls them.
NAMES: dict[str, str | Promise] = {
    "rating": gettext_lazy("level"),
    "comment": gettext_lazy("comment"),
    "figures": gettext_lazy("figures"),
    "evidence": gettext_lazy("evidence"),
    "next_step": gettext_lazy("intended step"),
    "change_reason": gettext_lazy("why the level changed"),
    "confirmed": gettext_lazy("confirmation without change"),
}


@dataclass(frozen=True)
class Pair:
    """An answer in two states, and the parts in which they differ."""

    indicator: Indicator
    before: AnswerData
    after: AnswerData
    parts: set[str]


@dataclass(frozen=True)
class AnswerSet:
    """A state of a country's answers in one cycle: a version, or without a number the current answers."""

    title: str
    submission: Submission
    number: int | None = None

    @property
    def answers(self) -> list[AnswerData]:
        """The answers, in the order of the questionnaire."""
        if self.number is None:
            return list(snapshot(self.submission))
        return list(self.submission.versions.get(number=self.number).answers)


@dataclass(frozen=True)
class Comparison:
    """The answers that differ, how many are the same, and how many are left out since the question is another one."""

    pairs: list[Pair]
    same: int
    left_out: int


@dataclass(frozen=True)
class EditingSession:
    """What one person did to an answer in one go: from `before` to what the last of its versions says."""

    versions: list[AnswerVersion]
    before: AnswerData

    @property
    def last(self) -> AnswerVersion:
        """The version with which it ended."""
        return self.versions[-1]

    @property
    def at(self) -> datetime:
        """When it ended."""
        return self.last.at

    @property
    def after(self) -> AnswerData:
        """The answer afterwards."""
        return version_data(self.last)

    @property
    def parts(self) -> set[str]:
        """The parts that it changed."""
        return differing(self.before, self.after)

    @property
    def reasons(self) -> list[str]:
        """The reasons given for changing it."""
        return list(dict.fromkeys(version.why for version in self.versions if version.why))

    @property
    def suggested_by(self) -> list[str]:
        """The colleagues whose suggestions were adopted."""
        return list(dict.fromkeys(str(v.suggestion.author) for v in self.versions if v.suggestion))


@dataclass(frozen=True)
class EvidenceEvent:
    """Evidence that was attached to an answer, or removed from it: by whom, and when."""

    piece: Evidence
    at: datetime
    by: User
    is_removal: bool = False


def pairs(indicators: Iterable[Indicator], before: Iterable[AnswerData], after: Iterable[AnswerData]) -> list[Pair]:
    """Return the answers of two states that differ, in the order of the questionnaire."""
    old, new = ({row["code"]: row for row in rows} for rows in (before, after))
    found = [
        Pair(one, old.get(one.code, {}), new.get(one.code, {}), differing(old.get(one.code, {}), new.get(one.code, {})))
        for one in indicators
    ]
    return [pair for pair in found if pair.parts]


def compare(before: AnswerSet, after: AnswerSet) -> Comparison:
    """Compare two states of a country; of two cycles, only the indicators that are the same in both editions."""
    older, newer = sorted((before, after), key=lambda state: state.submission.cycle.opens)
    edition = newer.submission.cycle.edition
    traces = previous_cycle.traced(edition, older.submission.cycle.edition_id)
    codes = {code: found.codes[0] for code, found in traces.items() if found.loosest == Indicator.Relation.SAME}
    rows = {row["code"]: row for row in older.answers}
    recoded: list[AnswerData] = [{**rows[then], "code": code} for code, then in codes.items() if then in rows]
    answers = {newer: newer.answers, older: recoded}
    if older.submission != newer.submission:
        answers = {state: [_without_ids(row) for row in rows] for state, rows in answers.items()}
    asked = [indicator for indicator in edition.all_indicators if indicator.code in codes]
    found = pairs(asked, answers[before], answers[after])
    return Comparison(found, len(asked) - len(found), len(edition.all_indicators) - len(asked))


def _without_ids(row: AnswerData) -> AnswerData:
    """Return an answer without the keys of its evidence: carried over to another cycle it is the same evidence."""
    evidence = [{name: value for name, value in piece.items() if name != "id"} for piece in row.get("evidence", [])]
    return {**row, "evidence": evidence}


def differing(before: AnswerData, after: AnswerData) -> set[str]:
    """Return the names of the parts in which two answers differ; an empty part is the same as a missing one."""
    return {
        part
        for part, names in PARTS.items()
        if any((before.get(name) or None) != (after.get(name) or None) for name in names)
    }


def sessions(versions: Iterable[AnswerVersion]) -> list[EditingSession]:
    """Return the history of an answer, given from its first version on, as editing sessions, the latest first."""
    groups = editing_sessions(versions, attrgetter("by_id", "origin", "on_behalf"))
    before = [{}, *(version_data(group[-1]) for group in groups)]
    return [EditingSession(group, then) for group, then in zip(groups, before, strict=False)][::-1]


def evidence_events(pieces: Iterable[Evidence]) -> list[EvidenceEvent]:
    """Return what happened to the evidence of an answer; what was suggested came with the decision on it."""
    found = []
    for piece in pieces:
        suggested = piece.suggestion
        if suggested and suggested.decided_by and suggested.decided_at:
            found.append(EvidenceEvent(piece, suggested.decided_at, suggested.decided_by))
        else:
            found.append(EvidenceEvent(piece, piece.added_at, piece.added_by))
        if piece.removed_at and piece.removed_by:
            found.append(EvidenceEvent(piece, piece.removed_at, piece.removed_by, is_removal=True))
    return found


def timeline(
    versions: Iterable[AnswerVersion], pieces: Iterable[Evidence]
) -> list[tuple[EditingSession | None, EvidenceEvent | None]]:
    """Return the history of an answer and its evidence, the latest first, each entry one of the two."""
    edits = [(session.at, (session, None)) for session in sessions(versions)]
    events = [(event.at, (None, event)) for event in evidence_events(pieces)]
    return [entry for _at, entry in sorted([*edits, *events], key=lambda dated: dated[0], reverse=True)]


def version_data(version: AnswerVersion) -> AnswerData:
    """Return a version of an answer as versions of a submission store it."""
    return vars(answering.as_input(version))


def runs(before: str, after: str) -> Iterator[Run]:
    """Yield what turns `before` into `after`, in runs of words that stayed, went or came."""
    old, new = _words(before), _words(after)
    quick = len(old) + len(new) > 2_000  # exact matching grows with the square of the length
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=quick).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[i:j])
            continue
        if i < j:
            yield "gone", "".join(old[i:j])
        if k < m:
            yield "new", "".join(new[k:m])


def _words(text: str) -> list[str]:
    """Return the words, each with the white space after it."""
    return re.findall(r"\s+|\S+\s*", text)
