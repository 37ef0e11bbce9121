"""Published answers as tables for files: of a country, or to an indicator, cycle by cycle."""

from collections.abc import Iterator
from typing import Any

from reporting.document import numbers
from reporting.exports.tables import Table, Value
from reporting.models import PublishedIndicator, PublishedIssue
from reporting.published import names
from reporting.published.country import CountryPage
from reporting.published.glyphs import Given
from reporting.published.indicator import IndicatorPage
from reporting.published.names import Named
from reporting.published.rounds import Place
from reporting.results.scoring import rounded

COLUMNS = ["questionnaire", "cycle", "issue", "country_iso2", "country", "area", "indicator", "indicator_title"]
COLUMNS += ["series", "kind", "level", "lowest_level", "highest_level", "percent"]
COLUMNS += ["reason", "comment", "comment_withheld"]


def of_country(pages: list[CountryPage]) -> Table:
    """Return all answers of a country to the questions of now; `series` counts up where the wording changed."""
    rows = [row for page in pages for row in _of_country(page)]
    return Table("answers", str(numbers.text(pages[0].country.name)), COLUMNS, rows, len(rows))


def of_indicator(page: IndicatorPage) -> Table:
    """Return the answers of all named countries to an indicator; `series` counts up where the wording changed."""
    rows = list(_of_indicator(page))
    return Table("answers", page.indicator.label, COLUMNS, rows, len(rows))


def _of_country(page: CountryPage) -> Iterator[list[Value]]:
    reported = {one.pk for one in page.reported}
    country = names.named(page.iso2, page.country.name)
    rows = PublishedIndicator.objects.filter(issue__in=page.rounds.issues)
    asked = {(one.issue_id, one.code): one for one in rows}
    for code in page.rounds.indicators:
        for n, place in _numbered(page.rounds.indicator(code)):
            if place.issue.pk in reported and place.code:
                key = (place.issue.pk, place.code)
                yield _row(place.issue, country, asked[key], n, page.answers.get(key))


def _of_indicator(page: IndicatorPage) -> Iterator[list[Value]]:
    for n, place in _numbered(page.places):
        if there := page.asked(place.issue):
            for country in page.countries(place.issue):
                yield _row(place.issue, country, there, n, page.answer(place.issue, country.iso2))


def _numbered(places: list[Place]) -> Iterator[tuple[int, Place]]:
    """Each place with the number of its series, which begins anew where the wording changed."""
    n = 1
    for place in places:
        n += bool(place.broken)
        yield n, place


def _row(
    issue: PublishedIssue,
    country: Named,
    indicator: PublishedIndicator,
    series: int,
    answer: Given | None,
) -> list[Value]:
    share = answer.share if answer else None
    return [
        *(issue.instrument, issue.cycle_code, issue.number),
        *(country.iso2, country.name, indicator.area, indicator.label, _text(indicator.title), series),
        answer.kind if answer else "unanswered",
        answer.level if answer else None,
        *(indicator.ladder[0], indicator.ladder[-1]),
        None if share is None else rounded(share),
        *((answer.reason, answer.comment, answer.withheld) if answer else ("", "", False)),
    ]


def _text(words: Any) -> str:
    return str(numbers.text(words))
