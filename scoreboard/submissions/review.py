"""A submission for review: each answer as handed in, what was before, what was asked, and who has looked at it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoreboard.models import (
    Answer,
    Area,
    Assignment,
    DataForm,
    Indicator,
    Membership,
    Remark,
    Role,
    Statement,
    Submission,
    User,
)
from scoreboard.submissions import looking, previous_cycle
from scoreboard.submissions.completeness import Progress, progress
from scoreboard.submissions.doubts import JUMP
from scoreboard.submissions.previous_cycle import Last
from scoreboard.threads import discussion
from scoreboard.threads.discussion import ThreadView

Kind = Answer.Kind


@dataclass
class Before:
    """An answer in the version before, and which parts have changed since."""

    answer: dict[str, Any]
    rating_changed: bool
    comment_changed: bool
    figures_changed: bool
    evidence_changed: bool


@dataclass
class Row:
    """An indicator under review: `mark` is the reason noted for the next return, `asked` are those given earlier."""

    indicator: Indicator
    content: dict[str, Any]  # the answer in the version, empty where none was handed in
    before: Before | None  # only where something changed
    mark: Remark | None
    asked: list[Remark]
    talks: list[ThreadView] = field(default_factory=list)  # questions that both sides discuss
    last: Last | None = None  # what was accepted in the cycle before
    last_figures: list[tuple[DataForm, dict[str, Any]]] = field(default_factory=list)  # its tables, with the answers
    doubts: list[dict[str, str]] = field(default_factory=list)  # confirmed by the country, each in all languages
    looked: bool = False  # by the person who reviews
    lookers: list[User] = field(default_factory=list)  # colleagues who have looked at it
    statements: list[Statement] = field(default_factory=list)  # what organisations filed about the indicator
    steps: list[dict[str, Any]] = field(default_factory=list)  # promised in earlier cycles, with the version's replies

    @property
    def jump(self) -> int:
        """By how many levels the answer differs from the one accepted last, to the same question."""
        then, now = self.last.level if self.last else None, self.content.get("level")
        return 0 if then is None or now is None else now - then

    @property
    def distance(self) -> int:
        """How far it jumped, up or down."""
        return abs(self.jump)

    @property
    def has_jumped(self) -> bool:
        """Whether it moved so far that this is worth a question."""
        return self.distance >= JUMP

    @property
    def as_before(self) -> bool:
        """Whether it says what was accepted in the cycle before."""
        return bool(self.content and self.last and self.last.row) and not self.has_changed

    @property
    def has_changed(self) -> bool:
        """Whether it says something else than what was accepted in the cycle before, to the same question."""
        then = self.last.row if self.last else None
        parts = (_rating, _comment, _figures)
        return bool(self.content and then) and any(part(self.content) != part(then) for part in parts if then)

    @property
    def open_talks(self) -> list[ThreadView]:
        """The questions on it that are not closed."""
        return [talk for talk in self.talks if talk.thread.closed_at is None]

    @property
    def is_open(self) -> bool:
        """Whether it is worth reading first: it jumped, or has a question, a mark, a confirmed doubt or a statement."""
        return self.has_jumped or bool(self.open_talks or self.mark or self.doubts or self.statements)


@dataclass
class Chapter:
    """An area with its rows."""

    area: Area
    rows: list[Row]

    @property
    def marked(self) -> int:
        """How many of its indicators are marked for return."""
        return sum(row.mark is not None for row in self.rows)

    @property
    def looked(self) -> int:
        """At how many of its answers the person has looked."""
        return sum(row.looked for row in self.rows)


@dataclass(frozen=True)
class Filter:
    """A choice of rows: its label, and which rows it takes; `officers` says that only they have it."""

    label: str | Promise
    takes: Callable[[Row], bool]
    officers: bool = False


# By the word of the address, in the order in which the page offers them.
FILTERS: dict[str, Filter] = {
    "unseen": Filter(_("Not looked at"), lambda row: not row.looked, officers=True),
    "changed": Filter(_("Changed since last cycle"), lambda row: row.has_changed),
    "since-return": Filter(_("Changed since the version before"), lambda row: row.before is not None),
    "jumped": Filter(_("Jumped"), lambda row: row.has_jumped),
    "doubtful": Filter(_("Confirmed doubts"), lambda row: bool(row.doubts)),
    "questions": Filter(_("Questions"), lambda row: bool(row.open_talks)),
    "statements": Filter(_("Statements"), lambda row: bool(row.statements), officers=True),
    "unscored": Filter(
        _("Not applicable or unknown"), lambda row: row.content.get("kind") in (Kind.NOT_APPLICABLE, Kind.UNKNOWN)
    ),
    "no-evidence": Filter(_("No evidence"), lambda row: bool(row.content) and not row.content.get("evidence")),
    "marked": Filter(_("Marked"), lambda row: row.mark is not None, officers=True),
}


@dataclass(frozen=True)
class Tab:
    """A choice of rows that the page offers: the word of its address, its label, how many rows it has in the area."""

    name: str
    label: str | Promise
    count: int
    current: bool


@dataclass(frozen=True)
class Choice:
    """Which rows of an area the person has chosen to see; a word that is no filter chooses all."""

    found: list[Chapter]
    chapter: Chapter | None
    word: str
    is_officer: bool
    may_look: bool

    @property
    def name(self) -> str:
        """The word of the filter, empty for all rows."""
        return self.word if self.word in self._offered else ""

    @property
    def _offered(self) -> dict[str, Filter]:
        """The filters that this person has; *not looked at* only while marks can be set."""
        hidden = {name for name, one in FILTERS.items() if one.officers and not self.is_officer}
        return {
            name: one for name, one in FILTERS.items() if name not in hidden and (self.may_look or name != "unseen")
        }

    @property
    def tabs(self) -> list[Tab]:
        """All rows, then each filter."""
        rows = self.chapter.rows if self.chapter else []
        counted = [
            Tab(name, one.label, sum(map(one.takes, rows)), name == self.name) for name, one in self._offered.items()
        ]
        return [Tab("", _("All"), len(rows), not self.name), *counted]

    @property
    def areas(self) -> list[tuple[Chapter, int]]:
        """Each area with the number of its rows that the filter takes."""
        return [(chapter, sum(map(self._takes, chapter.rows))) for chapter in self.found]

    def rows(self, acted_on: str = "") -> list[Row]:
        """Return the chosen rows of the area, and the one just acted on, which would leave the list otherwise."""
        rows = self.chapter.rows if self.chapter else []
        return [row for row in rows if self._takes(row) or row.indicator.code == acted_on]

    def _takes(self, row: Row) -> bool:
        return FILTERS[self.name].takes(row) if self.name else True


@dataclass(frozen=True)
class Writing:
    """What officers may know while the country writes: counts, dates and people, no texts."""

    areas: list[tuple[Area, Progress]]
    changed_at: datetime | None
    focal_points: list[User]
    contributors: list[Assignment]


def writing(submission: Submission) -> Writing:
    """Return how far the country is with its answers, when it last saved one, and who works on them."""
    holders = Membership.objects.in_force().filter(
        role=Role.FOCAL, country=submission.country_id, person__is_active=True
    )
    return Writing(
        areas=progress(submission)[1],
        changed_at=submission.answers.aggregate(at=Max("changed_at"))["at"],
        focal_points=[holder.person for holder in holders.select_related("person").order_by("person__name")],
        contributors=list(submission.assignments.in_force().select_related("person").order_by("person__name", "pk")),
    )


def chapters(submission: Submission, user: User) -> list[Chapter]:
    """Return the last version that `user` may read area by area, in queries that do not grow with its answers.

    Reviewers read what was handed in, never what the country is writing.
    """
    talks = discussion.thread_views(submission, user)
    for talk in (talk for of_one in talks.values() for talk in of_one):
        talk.said = [remark for remark in talk.said if remark.transition_id is None]  # reasons are in `asked`
    answers = dict(submission.answers.values_list("indicator_id", "pk"))
    contents, before, doubts = _versions(submission, user)
    last = previous_cycle.of(submission)
    figures, lookers = previous_cycle.figures(last), looking.lookers(submission, contents)
    marks: dict[int, Remark] = {}
    asked: dict[int, list[Remark]] = defaultdict(list)
    remarks = Remark.objects.filter(answer__submission=submission, flags=True).select_related("author")
    for remark in remarks.order_by("at", "pk"):
        if remark.transition_id is None:
            marks[remark.answer_id] = remark
        else:
            asked[remark.answer_id].append(remark)

    def row(indicator: Indicator) -> Row:
        code, key = indicator.code, answers.get(indicator.pk, 0)
        return Row(
            indicator,
            contents.get(code, {}),
            before.get(code),
            marks.get(key),
            asked[key],
            talks[indicator.pk],
            last.get(code),
            figures.get(code, []),
            doubts[code],
            looked=user in lookers[code],
            lookers=[person for person in lookers[code] if person != user],
        )

    return [Chapter(area, [row(i) for i in area.indicators.all()]) for area in submission.cycle.edition.whole]


def statements(submission: Submission, user: User) -> list[Statement]:
    """Return what organisations filed on the country in this cycle, as far as `user` may read it, the oldest first."""
    found = Statement.objects.visible_to(user).filter(submission=submission).exclude(state=Statement.State.DRAFT)
    return list(found.with_content().order_by("filed_at", "pk"))


def _versions(
    submission: Submission, user: User
) -> tuple[dict[str, dict[str, Any]], dict[str, Before], dict[str, list[dict[str, str]]]]:
    """Return by indicator code what the last version says, what the one before says where they differ, and doubts.

    The doubts are those about the last version.
    """
    found = list(submission.versions.visible_to(user).order_by("-number").values_list("answers", "doubts")[:2])
    answers = [{row["code"]: row for row in rows} for rows, _doubts in found]
    last, earlier = [*answers, {}, {}][:2]
    changes = {}
    for code, then in earlier.items():
        changed = [part(last[code]) != part(then) for part in (_rating, _comment, _figures, _evidence)]
        if any(changed):
            changes[code] = Before(then, *changed)
    doubts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for doubt in found[0][1] if found else []:
        doubts[doubt["code"]].append(doubt["sentence"])
    return last, changes, doubts


def _rating(answer: dict[str, Any]) -> tuple[str, int | None, str]:
    """What is answered; a reason counts only where one is asked for."""
    return answer["kind"], answer["level"], answer.get("reason", "") if answer["kind"] == Kind.NOT_APPLICABLE else ""


def _comment(answer: dict[str, Any]) -> tuple[str, bool]:
    text = answer.get("comment", "")
    return text, bool(text) and answer["comment_withheld"]


def _figures(answer: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    rows = answer.get("figures", [])
    return rows, bool(rows) and answer["figures_withheld"]


def _evidence(answer: dict[str, Any]) -> list[int]:
    return [record["id"] for record in answer.get("evidence", [])]
