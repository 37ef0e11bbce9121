"""What is published as flat tables over all cycles, for programs: what a table is, and how it is written.

`open_tables` has the tables. Each names its columns once: the API, the CSV files and the data package are made of that.
"""

import csv
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from reporting.document import numbers
from reporting.exports.files import csv_cell
from reporting.models import PublishedArea, PublishedCountry, PublishedIndicator, PublishedIssue
from reporting.published.rounds import NEW
from scoreboard.models.people import Person

Row = list[Any]
ROWS_AT_ONCE = 500  # of a CSV file, between two pieces that are sent


@dataclass(frozen=True)
class Column:
    """A column: its name, its type as in Frictionless' Table Schema, whether it can be empty, and what it means."""

    name: str
    kind: str
    optional: bool
    meaning: str


@dataclass(frozen=True)
class OpenTable:
    """A table: what it is called and holds, the columns that name a row, and how its rows are found and written.

    `found` returns the rows of the database for issues; `objects` what each line is about, for most tables those rows.
    """

    name: str
    title: str
    description: str
    columns: list[Column]
    key: list[str]
    found: Callable[[Collection[int]], QuerySet[Any]]
    row: Callable[["Known", Any], Row]
    objects: Callable[[QuerySet[Any]], Any] = lambda found: found


class Known:
    """What rows are written with: the issues that a reader sees, and their texts in the active language.

    Invented example cycles are left out as soon as a real one is published, as on pages over all cycles.
    """

    def __init__(self, reader: Person):
        found = list(PublishedIssue.objects.visible_to(reader).order_by("opens", "cycle_code"))
        issues = [one for one in found if not one.is_example] or found
        self.issues = {one.pk: one for one in issues}
        asked = PublishedIndicator.objects.filter(issue__in=issues).defer("folded", "guidance", "changes", "measures")
        self.indicators = {(one.issue_id, one.code): one for one in asked.order_by("issue", "position")}
        self.titles = {key: text(one.title) for key, one in self.indicators.items()}
        areas = PublishedArea.objects.filter(issue__in=issues).values_list("issue", "code", "title")
        self.areas = {(issue, code): text(title) for issue, code, title in areas}
        names = PublishedCountry.objects.filter(issue__in=issues).values_list("issue", "iso2", "iso3", "name")
        self.countries = {(issue, iso2): [iso2, iso3, text(name)] for issue, iso2, iso3, name in names}
        self.series = self._series()

    def _series(self) -> dict[tuple[int, str], str]:
        """Name the series of each indicator, which goes on as long as its wording stays the same."""
        found: dict[tuple[int, str], str] = {}
        asked: dict[int, list[PublishedIndicator]] = {pk: [] for pk in self.issues}
        for (issue, _code), one in self.indicators.items():
            asked[issue].append(one)
        by_name = sorted(self.issues.values(), key=lambda one: one.instrument)
        for _name, some in groupby(by_name, key=lambda one: one.instrument):
            before: PublishedIssue | None = None
            for now in some:
                for one in asked[now.pk]:
                    series = f"{now.edition_code}:{one.label}"
                    if before:
                        series = found.get((before.pk, _same_before(one, now, before)), series)
                    found[now.pk, one.code] = series
                before = now
        return found


def _same_before(one: PublishedIndicator, now: PublishedIssue, before: PublishedIssue) -> str:
    """Return the code that an indicator had in the issue before with the same wording; nothing if it had none."""
    if now.edition_code == before.edition_code:
        return one.code
    trace = one.traces.get(before.edition_code, NEW)
    return trace["codes"][0] if len(trace["codes"]) == 1 and not trace["relation"] else ""


def size(objects: Any) -> int:
    """Return how many rows a table has."""
    return objects.count() if isinstance(objects, QuerySet) else len(objects)


def as_csv(table: OpenTable, known: Known, objects: Any) -> Iterator[str]:
    """Return a table as CSV, piece by piece; each row says which of how many it is, so that a cut file is noticed.

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    expected = size(objects)
    lines: list[str] = []
    writer = csv.writer(_Lines(lines))
    writer.writerow(["row", "rows", *(column.name for column in table.columns)])
    each = objects.iterator(chunk_size=2000) if isinstance(objects, QuerySet) else objects
    for n, one in enumerate(each, start=1):
        writer.writerow([n, expected, *map(csv_cell, table.row(known, one))])
        if len(lines) >= ROWS_AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def text(words: Any) -> str:
    """Return a text of the questionnaire in the active language."""
    return str(numbers.text(words))


class _Lines:
    """A file that appends what is written to a list."""

    def __init__(self, lines: list[str]):
        self.write = lines.append


def columns(text: str) -> list[Column]:
    """Return the columns that a text describes, a line each; a kind with a question mark can be empty."""
    lines = (line.split(maxsplit=2) for line in text.splitlines() if line)
    return [Column(name, kind.rstrip("?"), kind.endswith("?"), meaning) for name, kind, meaning in lines]
