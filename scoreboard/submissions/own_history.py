"""A country over all its cycles: the answers side by side, the levels over time, who answered, and every receipt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from scoreboard import access
from scoreboard.models import AnswerVersion, Area, Country, Edition, Indicator, Role, State, Submission, Version
from scoreboard.models.people import Person, countries_of, roles_of
from scoreboard.questionnaire.tracing import Trace
from scoreboard.submissions import previous_cycle, versions
from scoreboard.submissions.versions import AnswerData

SAME = Indicator.Relation.SAME


@dataclass(frozen=True)
class Given:
    """An answer of a cycle, with the indicator of its own edition and the save that it comes from."""

    indicator: Indicator
    content: AnswerData
    saved: AnswerVersion | None

    @property
    def height(self) -> int:
        """How many rungs the level is above the lowest."""
        return int(self.content["level"]) - self.indicator.ladder[0].value

    @property
    def of(self) -> int:
        """The height of the ladder."""
        return self.indicator.ladder[-1].value - self.indicator.ladder[0].value


@dataclass(frozen=True)
class Column:
    """A cycle of the country: what of its answers the reader may read, and the receipts.

    `version` is the one that is shown; without one it is the current answers, or nothing if there are no `answers`.
    """

    submission: Submission
    version: Version | None
    receipts: list[Version]
    answers: dict[str, Given] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """What an indicator of the latest edition was answered with in a cycle.

    `relation` is that of its wording to the latest, `change` by how many rungs it moved since the cycle before where
    the question was the same.
    """

    column: Column
    relation: str
    given: list[Given]
    change: int | None


@dataclass(frozen=True)
class Row:
    """An indicator of the latest edition over the cycles, the earliest first."""

    indicator: Indicator
    cells: list[Cell]


@dataclass(frozen=True)
class Series:
    """The cycles of one questionnaire and the editions before it, the earliest first; invented ones are apart."""

    edition: Edition
    is_example: bool
    columns: list[Column]
    areas: list[tuple[Area, list[Row]]]
    no_longer_asked: list[tuple[Column, list[Given]]]


def may_see(user: Person, country: Country) -> bool:
    """Return whether the person may open the page of a country: its focal points, officers and analysts."""
    return country in countries_of(user) or bool(roles_of(user) & {Role.SECRETARIAT, Role.ANALYST})


def of(country: Country, user: Person) -> list[Series]:
    """Return what the person may read of the country's cycles, the latest questionnaire first.

    The number of queries does not grow with the cycles.
    """
    found = Submission.objects.visible_to(user).filter(country=country)
    submissions = list(found.select_related("cycle__edition", "country", "imported__by").order_by("cycle__opens", "pk"))
    _join(submissions)
    together: dict[tuple[int, bool], list[Column]] = defaultdict(list)
    for column in _columns(submissions, user):
        cycle = column.submission.cycle
        together[_root(cycle.edition).pk, cycle.is_example].append(column)
    series = [_series(columns) for columns in together.values()]
    return sorted(series, key=lambda one: one.columns[-1].submission.cycle.opens, reverse=True)


def _join(submissions: Iterable[Submission]) -> None:
    """Give each edition the one before it, all read in one query, and the same edition to all its cycles."""
    editions = Edition.objects.in_bulk() if submissions else {}
    for edition in editions.values():
        if edition.previous_id:
            edition.previous = editions[edition.previous_id]
    for submission in submissions:
        submission.cycle.edition = editions[submission.cycle.edition_id]


def _root(edition: Edition) -> Edition:
    while edition.previous:
        edition = edition.previous
    return edition


def _columns(submissions: list[Submission], user: Person) -> list[Column]:
    """Return each cycle with the answers that the person may read: the current ones, else what was handed in last."""
    receipts: dict[int, list[Version]] = defaultdict(list)
    seen = Version.objects.visible_to(user).filter(submission__in=submissions)
    for version in seen.defer("answers").order_by("number"):
        receipts[version.submission_id].append(version)
    readable = access.readable(user, submissions)
    current = [one for one in submissions if one.is_with_country and one.pk in readable]
    shown = {one.pk: _shown(one, receipts[one.pk]) for one in submissions if one not in current}
    stored = dict(Version.objects.filter(pk__in=filter(None, shown.values())).values_list("pk", "answers"))
    rows = versions.snapshots(current) | {pk: stored[version] for pk, version in shown.items() if version}
    saves = _saves(submissions, rows)
    columns = []
    for submission in submissions:
        indicators = {one.code: one for one in submission.cycle.edition.all_indicators}
        answers = {
            row["code"]: Given(
                indicators[row["code"]], row, saves.get((submission.pk, row["code"], row.get("revision", 0)))
            )
            for row in rows.get(submission.pk, [])
            if row["code"] in indicators
        }
        found = next((one for one in receipts[submission.pk] if one.pk == shown.get(submission.pk)), None)
        columns.append(Column(submission, found, receipts[submission.pk], answers))
    return columns


def _shown(submission: Submission, receipts: list[Version]) -> int | None:
    """Return the primary key of the version to show of a submission whose current answers are not read."""
    if submission.state == State.ACCEPTED:
        return submission.accepted_version_id
    return receipts[-1].pk if receipts else None


def _saves(
    submissions: list[Submission], rows: dict[int, list[AnswerData]]
) -> dict[tuple[int, str, int], AnswerVersion]:
    """Return the saves that the answers come from, by submission, code and revision: who, when, on whose suggestion."""
    revisions = {row["revision"] for answers in rows.values() for row in answers if row.get("revision")}
    found = AnswerVersion.objects.filter(answer__submission__in=submissions, revision__in=revisions)
    people = found.select_related("by", "suggestion__author", "answer__indicator").order_by()
    return {(one.answer.submission_id, one.answer.indicator.code, one.revision): one for one in people}


def _series(columns: list[Column]) -> Series:
    """Return the cycles of one questionnaire as rows of the latest edition."""
    last = columns[-1].submission.cycle
    edition = last.edition
    back = {pk: previous_cycle.traced(edition, pk) for pk in {one.submission.cycle.edition_id for one in columns}}
    steps = [None, *(_between(before, after) for before, after in pairwise(columns))]

    def cells(indicator: Indicator) -> Iterator[Cell]:
        before: list[Given] = []
        for column, step in zip(columns, steps, strict=True):
            found = back[column.submission.cycle.edition_id][indicator.code]
            given = [column.answers[code] for code in found.codes if code in column.answers]
            yield Cell(column, found.loosest, given, _change(before, given, step))
            before = given

    areas = [(area, [Row(one, list(cells(one))) for one in area.indicators.all()]) for area in edition.whole]
    gone = [(column, _others(column, back[column.submission.cycle.edition_id])) for column in columns]
    return Series(edition, last.is_example, columns, areas, [(column, given) for column, given in gone if given])


def _others(column: Column, back: dict[str, Trace]) -> list[Given]:
    """Return the answers of a cycle to which no indicator of the latest edition leads back."""
    asked = {code for found in back.values() for code in found.codes}
    return [given for code, given in column.answers.items() if code not in asked]


def _between(before: Column, after: Column) -> dict[str, Trace]:
    """Return how the indicators of a cycle relate to those of the one before, by code."""
    return previous_cycle.traced(after.submission.cycle.edition, before.submission.cycle.edition_id)


def _change(before: list[Given], given: list[Given], step: dict[str, Trace] | None) -> int | None:
    """Return by how many rungs the level moved, None where the question or the kind of answer was another."""
    if step is None or len(before) != 1 or len(given) != 1:
        return None
    (then,), (now,) = before, given
    found = step.get(now.indicator.code)
    same = found is not None and found.loosest == SAME and found.codes == (then.indicator.code,)
    if not same or then.content["kind"] != "level" or now.content["kind"] != "level":
        return None
    return int(now.content["level"]) - int(then.content["level"])
