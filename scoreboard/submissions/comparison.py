"""Two states of a submission side by side: which answers differ, in which parts, word by word."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from scoreboard.models import AnswerVersion, Evidence, Indicator, Submission, User
from scoreboard.submissions import answering, previous_cycle
from scoreboard.submissions.versions import snapshot

Piece = tuple[Literal["same", "gone", "new"], str]
Says = Mapping[str, Any]  # an answer as a version keeps it

# The parts in which two answers can differ, with the fields that each is made of.
PARTS: dict[str, tuple[str, ...]] = {
    "rating": ("kind", "level", "reason"),
    "comment": ("comment", "comment_withheld"),
    "figures": ("figures", "figures_withheld"),
    "evidence": ("evidence",),
    "next_step": ("next_step",),
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

SITTING = timedelta(minutes=10)


@dataclass(frozen=True)
class Pair:
    """An answer in two states, and the parts in which they differ."""

    indicator: Indicator
    before: Says
    after: Says
    parts: set[str]


@dataclass(frozen=True)
class Stand:
    """A state of a country's answers in one cycle: a version, or without a number the answers of now."""

    title: str
    submission: Submission
    number: int | None = None

    @property
    def answers(self) -> list[Says]:
        """What it says, row by row."""
        if self.number is None:
            return list(snapshot(self.submission))
        return list(self.submission.versions.get(number=self.number).answers)


@dataclass(frozen=True)
class Comparison:
    """The answers that differ, how many are the same, and how many were asked otherwise and are left out."""

    pairs: list[Pair]
    same: int
    left_out: int


@dataclass
class Sitting:
    """What one person did to an answer in one go, folded: from `before` to what the last of its versions says."""

    versions: list[AnswerVersion]
    before: Says

    @property
    def last(self) -> AnswerVersion:
        """The version that it left."""
        return self.versions[-1]

    @property
    def after(self) -> Says:
        """What the answer said afterwards."""
        return said(self.last)

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

    def goes_on(self, version: AnswerVersion) -> bool:
        """Tell whether `version` belongs to the same sitting: same person, channel and side, soon after."""
        last = self.last
        same = (last.by_id, last.origin, last.on_behalf) == (version.by_id, version.origin, version.on_behalf)
        return same and version.at - last.at <= SITTING


@dataclass(frozen=True)
class Laid:
    """Evidence that came to stand beside an answer, or was taken away from it: by whom, and when."""

    piece: Evidence
    at: datetime
    by: User
    is_gone: bool = False


def pairs(indicators: Iterable[Indicator], before: Iterable[Says], after: Iterable[Says]) -> list[Pair]:
    """Return the answers of two states that differ, in the order of the questionnaire."""
    old, new = ({row["code"]: row for row in rows} for rows in (before, after))
    found = [
        Pair(one, old.get(one.code, {}), new.get(one.code, {}), differing(old.get(one.code, {}), new.get(one.code, {})))
        for one in indicators
    ]
    return [pair for pair in found if pair.parts]


def compared(before: Stand, after: Stand) -> Comparison:
    """Lay two states of a country side by side, be they of two cycles: then as far as the questions are the same."""
    older, newer = sorted((before, after), key=lambda stand: stand.submission.cycle.opens)
    edition = newer.submission.cycle.edition
    traces = previous_cycle.traced(edition, older.submission.cycle.edition_id)
    codes = {code: found.codes[0] for code, found in traces.items() if found.loosest == Indicator.Relation.SAME}
    rows = {row["code"]: row for row in older.answers}
    recoded: list[Says] = [{**rows[then], "code": code} for code, then in codes.items() if then in rows]
    told: dict[Stand, list[Says]] = {newer: newer.answers, older: recoded}
    if older.submission != newer.submission:
        told = {stand: [_without_ids(row) for row in answers] for stand, answers in told.items()}
    asked = [indicator for indicator in edition.all_indicators if indicator.code in codes]
    found = pairs(asked, told[before], told[after])
    return Comparison(found, len(asked) - len(found), len(edition.all_indicators) - len(asked))


def _without_ids(row: Says) -> Says:
    """Evidence carried over to another cycle is the same evidence, kept as another row."""
    pieces = [{name: value for name, value in piece.items() if name != "id"} for piece in row.get("evidence", [])]
    return {**row, "evidence": pieces}


def differing(before: Says, after: Says) -> set[str]:
    """Return the names of the parts in which two answers differ; what is empty is the same as what is missing."""
    return {
        part
        for part, names in PARTS.items()
        if any((before.get(name) or None) != (after.get(name) or None) for name in names)
    }


def sittings(versions: Iterable[AnswerVersion]) -> list[Sitting]:
    """Return the history of an answer, given from its first version on, as sittings from the latest back."""
    found: list[Sitting] = []
    for version in versions:
        if found and found[-1].goes_on(version):
            found[-1].versions.append(version)
        else:
            found.append(Sitting([version], found[-1].after if found else {}))
    return found[::-1]


def laid(pieces: Iterable[Evidence]) -> list[Laid]:
    """Return what happened to the evidence of an answer; what was suggested came with the decision on it."""
    found = []
    for piece in pieces:
        suggested = piece.suggestion
        if suggested and suggested.decided_by and suggested.decided_at:
            found.append(Laid(piece, suggested.decided_at, suggested.decided_by))
        else:
            found.append(Laid(piece, piece.added_at, piece.added_by))
        if piece.removed_at and piece.removed_by:
            found.append(Laid(piece, piece.removed_at, piece.removed_by, is_gone=True))
    return found


def timeline(versions: Iterable[AnswerVersion], pieces: Iterable[Evidence]) -> list[tuple[Sitting | None, Laid | None]]:
    """Return the history of an answer and its evidence from the latest back, each entry one of the two."""
    said = [(sitting.last.at, (sitting, None)) for sitting in sittings(versions)]
    came = [(one.at, (None, one)) for one in laid(pieces)]
    return [entry for _at, entry in sorted([*said, *came], key=lambda dated: dated[0], reverse=True)]


def said(version: AnswerVersion) -> Says:
    """Return what a version of an answer says, as versions of a submission keep it."""
    return vars(answering.as_input(version))


def pieces(before: str, after: str) -> Iterator[Piece]:
    """Yield a text's way from `before` to `after` in runs of words that stayed, went or came."""
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
