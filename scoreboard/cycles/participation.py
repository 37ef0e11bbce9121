"""What everybody may know of open cycles: their dates and, if the opening mail said so, who has submitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from scoreboard import clock
from scoreboard.models import Country, Cycle, Submission, Version
from scoreboard.text import alphabetical


@dataclass(frozen=True)
class Participation:
    """An open cycle with its countries by name, each with whether it has submitted: no more is said of it."""

    cycle: Cycle
    countries: list[tuple[Country, bool]]


def running() -> list[Cycle]:
    """Return the cycles in which countries report today, the latest first."""
    yesterday = clock.now().date() - timedelta(days=1)  # somewhere it is still that day
    found = Cycle.objects.filter(opened_at__isnull=False, closes__gte=yesterday).order_by("-opens", "code")
    return [cycle for cycle in found if cycle.has_begun and cycle.day() <= cycle.closes]


def published(open_cycles: Iterable[Cycle]) -> list[Participation]:
    """Return those of the cycles that are `running` that show it, in one query.

    A country that was returned has submitted; one that recalled its only submission, or will not report, has not yet.
    """
    cycles = [cycle for cycle in open_cycles if cycle.shows_submitted]
    if not cycles:
        return []
    handed_in = Version.objects.handed_in().filter(submission=OuterRef("pk"))
    taking_part = Submission.objects.taking_part().filter(cycle__in=cycles).select_related("country")
    submissions: QuerySet[Any] = taking_part.annotate(has_submitted=Exists(handed_in))
    rows = [(one.cycle_id, one.country, bool(one.has_submitted)) for one in submissions]
    return [
        Participation(
            cycle,
            sorted(
                ((country, has_submitted) for pk, country, has_submitted in rows if pk == cycle.pk),
                key=lambda row: alphabetical(row[0]),
            ),
        )
        for cycle in cycles
    ]
