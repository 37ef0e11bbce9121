"""The page of a country: its areas, indicators, words and figures over all published cycles of a questionnaire."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from reporting.charts import small
from reporting.document import numbers
from reporting.models import (
    Product,
    PublishedAnswer,
    PublishedArea,
    PublishedCountry,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
)
from reporting.published import changes, figures, objectives
from reporting.published.changes import Change, Compared
from reporting.published.glyphs import GIVEN, Given, Glyph, glyph
from reporting.published.rounds import Place, Rounds, questionnaires
from reporting.results.scoring import rounded
from scoreboard.models import Commitment
from scoreboard.models.people import Person


@dataclass(frozen=True)
class AreaPoint:
    """An area in one cycle: the country's percentage, and the median of all countries; None where there is none."""

    issue: PublishedIssue
    percent: Fraction | None
    scored: int
    of: int
    median: Fraction | None
    n: int
    broken: str

    @property
    def counted(self) -> str:
        """How many of its indicators have a level; empty where the country did not report."""
        return _("%(scored)d of %(of)d") % {"scored": self.scored, "of": self.of} if self.of else ""

    @property
    def counted_in_full(self) -> str:
        """The same as a table says it."""
        return _("%(scored)d of %(of)d scored") % {"scored": self.scored, "of": self.of} if self.of else ""

    @property
    def others(self) -> str:
        """The median of all countries, and their number."""
        median = numbers.number(self.median) or _("no value")
        return _("median %(median)s, n = %(n)d") % {"median": median, "n": self.n}


@dataclass(frozen=True)
class AreaLine:
    """An area over the cycles, and the change between the last two cycles in which the country reported."""

    area: PublishedArea
    points: list[AreaPoint]
    change: Change | None

    @property
    def chart(self) -> str:
        """The country's line, with the median of all countries behind it."""
        return small.series(
            [one.percent for one in self.points],
            [one.median for one in self.points],
            [bool(one.broken) for one in self.points],
        )

    @property
    def moves_otherwise(self) -> bool:
        """Whether the line between the two cycles moves by another number than the indicators that are compared."""
        if self.change is None or self.change.by is None:
            return False
        ends = {one.issue: one.percent for one in self.points}
        then, now = ends[self.change.then], ends[self.change.now]
        return then is not None and now is not None and rounded(now - then) != rounded(self.change.by)

    @property
    def line_by(self) -> Fraction | None:
        """By how much the line moves between the two cycles."""
        ends = {one.issue: one.percent for one in self.points}
        then, now = (ends[self.change.then], ends[self.change.now]) if self.change else (None, None)
        return None if then is None or now is None else now - then


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with a sign for each cycle, and its change between the last two in which the country reported."""

    indicator: PublishedIndicator
    glyphs: list[Glyph]
    change: Compared | None


@dataclass(frozen=True)
class Said:
    """What the country wrote on an indicator in a cycle, as it was published."""

    issue: PublishedIssue
    answer: Given


@dataclass(frozen=True)
class Round:
    """A cycle as the country took part in it: None if it did not; and its PDF, where there is one."""

    issue: PublishedIssue
    country: PublishedCountry | None
    pdf: Product | None


class CountryPage:
    """A country in one questionnaire."""

    def __init__(self, rounds: Rounds, iso2: str, found: dict[int, PublishedCountry]):
        self.rounds, self.iso2, self._found = rounds, iso2, found

    @property
    def country(self) -> PublishedCountry:
        """The country as the latest cycle has it in which it takes part."""
        return next(self._found[one.pk] for one in reversed(self.rounds.issues) if one.pk in self._found)

    @cached_property
    def reported(self) -> list[PublishedIssue]:
        """The issues that count answers of the country, the earliest first."""
        return [one for one in self.rounds.issues if one.pk in self._found and self._found[one.pk].reported]

    @cached_property
    def change(self) -> Change | None:
        """The change between the last two cycles in which it reported; None if there is only one."""
        if len(self.reported) < 2:
            return None
        then, now = self.reported[-2:]
        return changes.between(changes.lines(self.rounds, then, now), then, now, self.answers)

    @cached_property
    def answers(self) -> dict[tuple[int, str], Given]:
        """The country's answers by issue and indicator."""
        found = PublishedAnswer.objects.filter(issue__in=self.rounds.issues, iso2=self.iso2).order_by("pk")
        rows = found.values_list("issue", "indicator", *GIVEN)
        return {(issue, code): Given(*row) for issue, code, *row in rows}

    @cached_property
    def areas(self) -> list[AreaLine]:
        """The areas of the latest questionnaire over the cycles, all on the basis of the latest one."""
        results = PublishedResult.objects.filter(issue__in=self.rounds.issues, iso2=self.iso2)
        by_area = {(one.issue_id, one.area): one for one in results}
        return [
            AreaLine(area, list(self._points(area.code, by_area)), self.change and self._change_of(area.code))
            for area in self.rounds.areas.values()
        ]

    def _points(self, code: str, results: dict[tuple[int, str], PublishedResult]) -> Iterator[AreaPoint]:
        for place in self.rounds.area(code):
            key = (place.issue.pk, place.code or "")
            own, every = results.get(key), self.rounds.spreads.get(key)
            yield AreaPoint(
                issue=place.issue,
                percent=own.percent(self.rounds.basis) if own else None,
                scored=own.scored if own else 0,
                of=own.of if own else 0,
                median=Fraction(every["median"]) if every else None,
                n=every["n"] if every else 0,
                broken=place.broken,
            )

    def _change_of(self, code: str) -> Change | None:
        """The change in an area of the latest questionnaire, where the country answered it in the later cycle."""
        if self.change is None or self.change.now.edition_code != self.rounds.latest.edition_code:
            return None
        return self.change.of_area(code)

    @cached_property
    def rows(self) -> list[tuple[PublishedArea, list[IndicatorRow]]]:
        """Every indicator of the latest questionnaire with its signs, by area."""
        latest = self.rounds.latest
        compared = {one.indicator.code: one for one in self.change.indicators} if self.change else {}
        known = compared if self.change and self.change.now.edition_code == latest.edition_code else {}
        rows: dict[str, list[IndicatorRow]] = {}
        for one in self.rounds.indicators.values():
            rows.setdefault(one.area, []).append(IndicatorRow(one, self._glyphs(one.code), known.get(one.code)))
        return [(area, rows.get(code, [])) for code, area in self.rounds.areas.items()]

    def _glyphs(self, code: str) -> list[Glyph]:
        return [
            glyph(
                place.issue,
                self.answers.get((place.issue.pk, place.code or "")),
                asked=place.code is not None,
                reported=place.issue in self.reported,
                broken=place.broken,
            )
            for place in self._places[code]
        ]

    @cached_property
    def _places(self) -> dict[str, list[Place]]:
        """Every indicator of the latest questionnaire in each of the cycles."""
        return {code: self.rounds.indicator(code) for code in self.rounds.indicators}

    @cached_property
    def words(self) -> list[tuple[PublishedArea, list[tuple[PublishedIndicator, list[Said]]], int]]:
        """What it wrote, by area and indicator of the latest questionnaire, the latest cycle first; and how many."""
        found = []
        for area, rows in self.rows:
            said = [(row.indicator, some) for row in rows if (some := list(self._said(row.indicator)))]
            if said:
                found.append((area, said, sum(len(some) for _indicator, some in said)))
        return found

    def _said(self, indicator: PublishedIndicator) -> Iterator[Said]:
        for place in reversed(self._places[indicator.code]):
            answer = self.answers.get((place.issue.pk, place.code or ""))
            if answer and answer.has_words:
                yield Said(place.issue, answer)

    @cached_property
    def figures(self) -> list[figures.Figures]:
        """Its figures in the tables that indicators ask for, year by year."""
        asked = {one: self._places[one.code] for one in self.rounds.indicators.values() if one.data_form}
        if not asked:
            return []
        codes = {place.code for places in asked.values() for place in places if place.code}
        rows = PublishedAnswer.objects.filter(issue__in=self.rounds.issues, iso2=self.iso2, indicator__in=codes)
        given = {
            (issue, code): (table, withheld)
            for issue, code, table, withheld in rows.values_list("issue", "indicator", "figures", "figures_withheld")
        }
        found = [
            figures.read(
                one,
                [
                    (place.issue, *given[place.issue.pk, place.code])
                    for place in places
                    if place.code and (place.issue.pk, place.code) in given
                ],
            )
            for one, places in asked.items()
        ]
        return [one for one in found if one.charts or one.withheld]

    @cached_property
    def objectives(self) -> objectives.CountryObjectives | None:
        """It in the objectives of the questionnaire's strategic plan."""
        return objectives.of_country(self.rounds, self.iso2, self.reported)

    @cached_property
    def steps(self) -> list[Commitment]:
        """The steps that it publishes now, of the cycles in which it is counted by name; the latest cycle first."""
        found = Commitment.objects.public().filter(
            submission__country__iso2=self.iso2, submission__cycle__in=[one.cycle_id for one in self.reported]
        )
        related = found.select_related("submission__cycle", "indicator__area")
        return list(related.order_by("-submission__cycle__opens", "indicator__position"))

    @property
    def steps_done(self) -> int:
        """How many of these are done."""
        return sum(one.status == Commitment.Status.DONE for one in self.steps)

    @cached_property
    def cycles(self) -> list[Round]:
        """The cycles, the latest first, as the country took part in them."""
        products = Product.objects.filter(
            kind=Product.Kind.COUNTRY_PDF, subject=self.iso2, assessment__published__in=self.rounds.issues
        )
        pdfs = {one.assessment_id: one for one in products}
        return [
            Round(one, self._found.get(one.pk), pdfs.get(one.assessment_id)) for one in reversed(self.rounds.issues)
        ]


def pages(iso2: str, reader: Person) -> list[CountryPage]:
    """Return the country in each questionnaire in which the reader sees it by name, that of the latest cycle first."""
    every = questionnaires(reader)
    issues = [issue for rounds in every for issue in rounds.issues]
    found = {one.issue_id: one for one in PublishedCountry.objects.filter(issue__in=issues, iso2=iso2)}
    return [CountryPage(rounds, iso2, found) for rounds in every if any(one.pk in found for one in rounds.issues)]


def page_in(every: list[CountryPage], instrument: str) -> CountryPage | None:
    """Return the page in a questionnaire as addresses call it, which is nothing for that of the latest cycle."""
    return next((one for one in every if one.rounds.address == instrument), None)
