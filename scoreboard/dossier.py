"""A submission as its reviewer reads it: each answer with its rung, what changed, and what was asked before."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from i18nfield.strings import LazyI18nString

from scoreboard.models import Answer, Area, Indicator, Remark, Submission


@dataclass(frozen=True)
class Saying:
    """What an answer says, free of where it is stored, so that two of them can be compared."""

    kind: str = ""
    level: int | None = None
    reason: str = ""
    comment: str = ""
    comment_withheld: bool = False

    @classmethod
    def now(cls, answer: Answer | None) -> "Saying":
        """Return what the answer as it stands says."""
        if answer is None:
            return cls()
        level = answer.level.value if answer.level else None
        return cls(answer.kind, level, answer.reason, answer.comment, answer.comment_withheld)

    @classmethod
    def then(cls, frozen: dict[str, Any]) -> "Saying":
        """Return what an answer of a kept version said."""
        return cls(**{name: frozen[name] for name in cls.__dataclass_fields__ if name in frozen})

    @property
    def rating(self) -> tuple[str, int | None, str]:
        """The answer proper; a reason counts only where it is asked for."""
        return self.kind, self.level, self.reason if self.kind == Answer.Kind.NOT_APPLICABLE else ""

    @property
    def note(self) -> tuple[str, bool]:
        """The comment and whether it is withheld."""
        return self.comment, self.comment_withheld and bool(self.comment)


@dataclass
class Before:
    """What the version before said, with the text of the level that it answered."""

    saying: Saying
    level_text: LazyI18nString
    rating_changed: bool
    note_changed: bool


@dataclass
class Row:
    """One indicator under review: `mark` is the reason noted for the next return, `asked` those given earlier."""

    indicator: Indicator
    answer: Answer | None
    before: Before | None  # only where something changed
    mark: Remark | None
    asked: list[Remark]
    refused: dict[str, str] | None = None  # a `text` that could not be kept, and the `sentence` that says why

    @property
    def rung(self) -> int:
        """How far the answer's level stands above the lowest of the ladder."""
        return self.answer.level.value - self.indicator.ladder[0].value if self.answer and self.answer.level else 0

    @property
    def height(self) -> int:
        """How far the highest level stands above the lowest."""
        return self.indicator.ladder[-1].value - self.indicator.ladder[0].value


@dataclass
class Chapter:
    """An area with its rows."""

    area: Area
    rows: list[Row]

    @property
    def marked(self) -> int:
        """How many of its indicators are marked for return."""
        return sum(row.mark is not None for row in self.rows)


def chapters(submission: Submission) -> list[Chapter]:
    """Return the submission area by area, in a number of queries that does not grow with its answers."""
    answers = {answer.indicator_id: answer for answer in submission.answers.select_related("level")}
    before = _version_before(submission)
    marks: dict[int, Remark] = {}
    asked: dict[int, list[Remark]] = defaultdict(list)
    remarks = Remark.objects.filter(answer__submission=submission, flags=True).select_related("author")
    for remark in remarks.order_by("at", "pk"):
        if remark.transition_id is None:
            marks[remark.answer_id] = remark
        else:
            asked[remark.answer_id].append(remark)

    def row(indicator: Indicator) -> Row:
        answer = answers.get(indicator.pk)
        key = answer.pk if answer else 0
        return Row(indicator, answer, _before(before.get(indicator.code), answer), marks.get(key), asked[key])

    return [Chapter(area, [row(i) for i in area.indicators.all()]) for area in submission.cycle.edition.whole]


def _version_before(submission: Submission) -> dict[str, dict[str, Any]]:
    """Return the answers of the last version that is not the present one, by indicator code."""
    versions = submission.versions.order_by("-number").values_list("answers", flat=True)
    skip = 0 if submission.pen_with_country else 1
    return {frozen["code"]: frozen for answers in versions[skip : skip + 1] for frozen in answers}


def _before(frozen: dict[str, Any] | None, answer: Answer | None) -> Before | None:
    if frozen is None:
        return None
    now, before = Saying.now(answer), Saying.then(frozen)
    rating_changed, note_changed = now.rating != before.rating, now.note != before.note
    if not rating_changed and not note_changed:
        return None
    return Before(before, LazyI18nString(frozen.get("level_text", "")), rating_changed, note_changed)
