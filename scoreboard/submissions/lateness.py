"""Lateness: decided from the log, by the first submission not recalled to draft and the most generous date since.

A country is in time if its first submission, unless that was recalled to draft, came no later than a last day (the
cycle's deadline or the country's own extension) that was in force when it was filed or at any time since. So a date
that is shortened makes nothing late that is filed already, and an extension granted afterwards counts. What came in by
a file of earlier results is never late: it was not filed here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from scoreboard.models import Cycle, DateChange, State, Submission, Transition


@dataclass(frozen=True)
class Moved:
    """A last day that was in force until a moment: the deadline, or an extension (None where there was none)."""

    at: datetime
    old: date | None


def filed_at(steps: Iterable[tuple[str, str, datetime]]) -> datetime | None:
    """Return when the first submission that was not recalled to draft was filed; None if there is none.

    `steps` are the log's, oldest first: name, the state it led to, and when.
    """
    filed: list[datetime] = []
    for name, target, at in steps:
        if name == "submit":
            filed.append(at)
        elif name == "recall" and target == State.DRAFT and filed:
            filed.pop()
    return filed[0] if filed else None


def is_late(filed: datetime, day: date, current: Iterable[date | None], moved: Iterable[Moved]) -> bool:
    """Return whether what was filed at a moment, on that `day` of the cycle, is late.

    `current` are the last days in force now, `moved` those that were in force before.
    """
    in_force = [*current, *(one.old for one in moved if one.at >= filed)]
    return day > max(last for last in in_force if last is not None)


def late(cycle: Cycle, submissions: Collection[Submission]) -> set[int]:
    """Return the keys of those `submissions` of the cycle that came late, in two queries."""
    deadlines = [Moved(*pair) for pair in cycle.date_changes.filter(name="deadline").values_list("at", "old")]
    entries = Transition.objects.filter(submission__in=submissions).order_by("at", "pk")
    steps: dict[int, list[tuple[str, str, datetime]]] = defaultdict(list)
    extensions: dict[int, list[Moved]] = defaultdict(list)
    for pk, name, target, at, old in entries.values_list("submission", "step", "target", "at", "old_date"):
        steps[pk].append((name, target, at))
        if name in ("extend", "correct_extension"):
            extensions[pk].append(Moved(at, old))
    return {
        one.pk
        for one in submissions
        if one.imported_id is None
        and (filed := filed_at(steps[one.pk]))
        and is_late(filed, cycle.day(filed), [cycle.deadline, one.extended_to], [*deadlines, *extensions[one.pk]])
    }


def refresh(cycle: Cycle, submissions: Collection[Submission]) -> None:
    """Store which of the submissions are late, for lists, after a date has moved."""
    found = late(cycle, submissions)
    for one in submissions:
        one.late = one.pk in found
    Submission.objects.bulk_update(submissions, ["late"])


def moves(submission: Submission) -> list[DateChange]:
    """Return the changes of the cycle's dates since it was opened, the latest first."""
    cycle = submission.cycle
    found = cycle.date_changes.filter(at__gte=cycle.opened_at) if cycle.opened_at else cycle.date_changes.none()
    return list(found.select_related("by").order_by("-at", "-pk"))
