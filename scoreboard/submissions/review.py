"""A submission for review: each answer as handed in, what changed since the version before, and what was asked."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from scoreboard.models import Answer, Area, Assignment, Indicator, Membership, Remark, Role, Submission, User
from scoreboard.submissions.completeness import Progress, progress
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


@dataclass
class Chapter:
    """An area with its rows."""

    area: Area
    rows: list[Row]

    @property
    def marked(self) -> int:
        """How many of its indicators are marked for return."""
        return sum(row.mark is not None for row in self.rows)


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
    contents, before = _versions(submission, user)
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
        return Row(indicator, contents.get(code, {}), before.get(code), marks.get(key), asked[key], talks[indicator.pk])

    return [Chapter(area, [row(i) for i in area.indicators.all()]) for area in submission.cycle.edition.whole]


def _versions(submission: Submission, user: User) -> tuple[dict[str, dict[str, Any]], dict[str, Before]]:
    """Return by indicator code what the last version says, and what the one before it says where they differ."""
    found = submission.versions.visible_to(user).order_by("-number").values_list("answers", flat=True)[:2]
    last, earlier = ({row["code"]: row for row in answers} for answers in [*found, [], []][:2])
    changes = {}
    for code, then in earlier.items():
        changed = [part(last[code]) != part(then) for part in (_rating, _comment, _figures, _evidence)]
        if any(changed):
            changes[code] = Before(then, *changed)
    return last, changes


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
