"""The rows of the tables over all cycles, each in the order of its columns (see `open_tables`)."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from reporting.exports.tables import UNANSWERED
from reporting.models import (
    Product,
    PublishedAnswer,
    PublishedCountry,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
)
from reporting.published.open_data import Known, Row, text
from reporting.results.scoring import rounded
from scoreboard.models import Answer


def _percent(points: int | None, possible: int) -> Any:
    return None if points is None or not possible else rounded(Fraction(100 * points, possible))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _issue(one: PublishedIssue) -> Row:
    return [one.cycle_code, one.number, one.instrument, one.edition_code, one.is_example]


def _indicator(known: Known, one: PublishedIndicator) -> Row:
    key = (one.issue_id, one.code)
    return [one.area, one.code, one.label, known.titles[key], known.series[key]]


def _answer(known: Known, one: PublishedAnswer) -> Row:
    """The part that all tables of answers begin with."""
    indicator = known.indicators[one.issue_id, one.indicator]
    return [
        *_issue(known.issues[one.issue_id]),
        *known.countries[one.issue_id, one.iso2],
        *_indicator(known, indicator),
        *(one.kind, one.level),
    ]


def level(known: Known, one: PublishedAnswer) -> Row:
    """Return the row of an answer with the ladder it is on."""
    ladder = known.indicators[one.issue_id, one.indicator].ladder
    return [*_answer(known, one), ladder[0], ladder[-1], _percent(one.points, one.possible)]


def comment(known: Known, one: PublishedAnswer) -> Row:
    """Return the row of an answer with its words."""
    return [*_answer(known, one), one.reason, one.comment, one.withheld]


def result(known: Known, one: PublishedResult) -> Row:
    """Return the row of a country's result in an area."""
    return [
        *_issue(known.issues[one.issue_id]),
        *known.countries[one.issue_id, one.iso2],
        *(one.area, known.areas[one.issue_id, one.area], one.scored, one.of, one.points),
        *(one.possible_answered, _percent(one.points, one.possible_answered)),
        *(one.possible_strict, _percent(one.points, one.possible_strict)),
    ]


def tallies(found: QuerySet[PublishedIndicator]) -> list[tuple[PublishedIndicator, str, int]]:
    """Return each answer that an indicator can have, with how many countries gave it."""
    kinds = (Answer.Kind.NOT_APPLICABLE, Answer.Kind.UNKNOWN, UNANSWERED)
    return [
        (one, answer, count)
        for one in found
        for answer, count in [
            *((str(value), one.tally["distribution"].get(str(value), 0)) for value in one.ladder),
            *((str(kind), one.tally[kind]) for kind in kinds),
        ]
    ]


def distribution(known: Known, line: tuple[PublishedIndicator, str, int]) -> Row:
    """Return the row of how many countries gave an answer."""
    one, answer, count = line
    return [*_issue(known.issues[one.issue_id]), *_indicator(known, one), answer, count]


def question(known: Known, one: PublishedIndicator) -> Row:
    """Return the row of an indicator."""
    area = known.areas[one.issue_id, one.area]
    return [*_issue(known.issues[one.issue_id]), *_indicator(known, one), area, one.ladder[0], one.ladder[-1]]


def cycle(_known: Known, one: PublishedIssue) -> Row:
    """Return the row of an issue of a cycle."""
    address = settings.SITE_URL + reverse("report", args=[one.assessment_id])
    return [
        *(*_issue(one), text(one.cycle_title), *map(str, (one.opens, one.deadline, one.closes)), one.basis),
        *(_moment(one.published_at), one.invited, one.reported, one.unnamed, address),
    ]


def participant(known: Known, one: PublishedCountry) -> Row:
    """Return the row of a country that takes part in a cycle."""
    groups = "; ".join(group["code"] for group in one.groups)
    return [
        *(*_issue(known.issues[one.issue_id]), *known.countries[one.issue_id, one.iso2], one.subregion, groups),
        *(one.reported, _day(one.submitted_on), one.late, one.imported),
    ]


def product(known: Known, one: Product) -> Row:
    """Return the row of a file of an assessment."""
    names = {Product.Kind.PDF: "report_pdf", Product.Kind.COUNTRY_PDF: "report_country_pdf"}
    args = {Product.Kind.PDF: [], Product.Kind.COUNTRY_PDF: [one.subject]}.get(Product.Kind(one.kind), [one.kind])
    path = reverse(names.get(Product.Kind(one.kind), "report_product"), args=[one.assessment_id, *args])
    issue = known.issues[one.issue_id]  # type: ignore[attr-defined]  # annotated in PRODUCTS
    media_type = one.content_type.split(";")[0]
    return [
        *(*_issue(issue), one.kind, one.subject, one.name, media_type, one.size, one.sha256, _moment(one.built_at)),
        settings.SITE_URL + path,
    ]
