"""The pages of an issue and of its changes, and the exports, with 60 countries in ten cycles: seconds, and queries.

A page that asks once for each country or cycle would ask more often here than with three countries in two cycles.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import clock, scene
from bench.figure import Figure
from reporting.exports import files
from reporting.models import Assessment
from reporting.results import earlier
from scoreboard.clock import now

CYCLES, COUNTRIES = 10, 60


def measure(_folder: Path) -> Iterator[Figure]:
    """Yield the seconds of the page and of the exports, and how many more queries they take than a small scene."""
    edition = scene.edition()
    small = published(edition, cycles=2, countries=3, year=1990)
    asked = {name: queries(work) for name, work in works(small).items()}
    large = published(edition, cycles=CYCLES, countries=COUNTRIES, year=2010)
    for name, work in works(large).items():
        count = queries(work)
        print(f"  {name}: {count} queries, {asked[name]} with 3 countries in 2 cycles")
        yield Figure(f"{name}_more_queries", count - asked[name], 0)
        yield Figure(f"{name}_seconds", clock.cost(work)[1], 60 if "exports" in name else 3)


def works(issues: list[Assessment]) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    latest, changes = (
        reverse("report", args=[issues[-1].pk]),
        reverse("report_part", args=[issues[-1].pk, "change"]),
    )
    return {
        "results_page": lambda: page(latest),
        "changes_page": lambda: page(changes),
        "exports": lambda: written(issues),
    }


def page(address: str) -> None:
    """Open a page as anybody."""
    response = Client(SERVER_NAME="localhost").get(address)
    assert response.status_code == 200, response.content[:500]  # noqa: S101 - nothing else is to be measured


def written(issues: list[Assessment]) -> None:
    """Write the files of all issues, fetched one by one as a build does."""
    chosen = Assessment.objects.filter(pk__in=[one.pk for one in issues])
    for one in chosen.select_related("cycle__edition").iterator(1):
        files.data_files(one)


def queries(work: Callable[[], object]) -> int:
    """Return how many queries a piece of work takes; the first time fills the caches of the process."""
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def published(edition, *, cycles: int, countries: int, year: int) -> list[Assessment]:
    """Return published issues, a cycle after the other, each compared with those before it."""
    issues, given = [], scene.assessment(countries).snapshot
    for n in range(cycles):
        opens = now().date() - timedelta(days=365 * (cycles - n))
        dates = {"opens": opens, "deadline": opens + timedelta(days=30), "closes": opens + timedelta(days=60)}
        cycle = scene.cycle(str(year + n), 0, edition, is_example=year < 2000, **dates)
        snapshot = given | {"cycle": given["cycle"] | {"code": cycle.code, "title": cycle.title.data}}
        one = Assessment(
            cycle=cycle,
            issue=1,
            status=Assessment.Status.PUBLISHED,
            audience=Assessment.Audience.EVERYONE,
            snapshot=snapshot | earlier.comparisons(cycle, snapshot),
            snapshot_sha256=f"{year + n:064}",
            consolidated_at=now(),
            consolidated_by=scene.officer(),
            published_at=now(),
        )
        one.save()
        issues.append(one)
    return issues
