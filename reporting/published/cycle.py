"""The overview of a cycle: who took part, the areas, the chapters, and every answer in a matrix."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from reporting.charts import small
from reporting.document import commitments
from reporting.models import (
    Assessment,
    Product,
    PublishedAnswer,
    PublishedArea,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
    PublishedText,
)
from reporting.published import names
from reporting.published.area import Matched, matched
from reporting.published.glyphs import LEVEL, Given, Glyph, glyph
from reporting.published.names import Named, Part, by_name
from reporting.published.rounds import Rounds
from reporting.results.compute import read_spread
from reporting.results.scoring import Spread
from scoreboard.models import Cycle


@dataclass(frozen=True)
class AreaStrip:
    """An area of the cycle: the countries that are named as dots, and the figures of all."""

    area: PublishedArea
    percents: list[Fraction]
    spread: Spread | None
    since: Matched | None

    @property
    def chart(self) -> str:
        """The countries from 0 to 100."""
        return small.strip(
            self.percents,
            (self.spread.lower_quartile, self.spread.upper_quartile) if self.spread else None,
            self.spread.median if self.spread else None,
        )


@dataclass(frozen=True)
class Participation:
    """A country and the cycles up to this one: whether it reported in each; None where it did not take part."""

    country: Named
    reported: list[bool | None]


class CyclePage:
    """A cycle, the latest one of `rounds`."""

    def __init__(self, rounds: Rounds):
        self.rounds = rounds

    @property
    def issue(self) -> PublishedIssue:
        """The issue that is shown."""
        return self.rounds.latest

    @cached_property
    def _countries(self) -> dict[int, dict[str, Part]]:
        """The countries by issue and code."""
        return names.of_issues(self.rounds.issues)

    @property
    def reported(self) -> list[Named]:
        """The countries that are named and count."""
        return [part.country for part in self._countries[self.issue.pk].values() if part.reported]

    @property
    def late(self) -> int:
        """How many of the named countries that count submitted after the deadline."""
        return sum(part.reported and part.late for part in self._countries[self.issue.pk].values())

    @cached_property
    def kinds(self) -> Counter[str]:
        """How many answers of all countries that count are of each kind."""
        found: Counter[str] = Counter()
        for one in self.indicators:
            found["level"] += sum(one.tally["distribution"].values())
            found += Counter({kind: one.tally[kind] for kind in ("unknown", "not_applicable", "unanswered")})
        return found

    @property
    def asked(self) -> int:
        """How many questions the countries that count were asked together."""
        return self.issue.reported * len(self.indicators)

    @property
    def indicators(self) -> list[PublishedIndicator]:
        """The indicators in the order of the questionnaire."""
        return list(self.rounds.indicators.values())

    @property
    def area_rows(self) -> dict[str, PublishedArea]:
        """The areas by code, in the order of the questionnaire."""
        return self.rounds.areas

    @property
    def starts(self) -> list[int]:
        """The places in the order of the questionnaire at which an area begins, without the first."""
        codes = [one.area for one in self.indicators]
        return [n for n, code in enumerate(codes) if n and code != codes[n - 1]]

    @property
    def heads(self) -> list[tuple[PublishedArea, list[PublishedIndicator]]]:
        """The areas with their indicators."""
        return [(area, [one for one in self.indicators if one.area == code]) for code, area in self.area_rows.items()]

    @cached_property
    def areas(self) -> list[AreaStrip]:
        """The areas of the cycle, with the change over the matched set since the cycle before."""
        percents: dict[str, list[Fraction]] = {}
        possible = "possible_answered" if self.issue.basis == Cycle.Basis.ANSWERED else "possible_strict"
        rows = PublishedResult.objects.filter(issue=self.issue).exclude(**{possible: 0}).order_by("pk")
        for code, points, out_of in rows.values_list("area", "points", possible):
            percents.setdefault(code, []).append(Fraction(100 * points, out_of))
        cycles = {one.cycle_code for one in self.rounds.issues}
        return [
            AreaStrip(
                area,
                percents.get(code, []),
                read_spread(area.spread[self.issue.basis]),
                matched(area, self.issue.basis, cycles),
            )
            for code, area in self.area_rows.items()
        ]

    @cached_property
    def steps(self) -> commitments.Counts | None:
        """What became of the steps that countries promised in earlier cycles; None where there were none."""
        areas = [{"code": one.code, "title": one.title} for one in self.area_rows.values()]
        return commitments.counts(self.issue.commitments, areas)

    @cached_property
    def participation(self) -> list[Participation]:
        """Each country that took part in any of the cycles so far, in alphabetical order."""
        each = [self._countries[one.pk] for one in self.rounds.issues]
        latest = {iso2: part.country for some in each for iso2, part in some.items()}
        return [
            Participation(country, [part.reported if (part := some.get(country.iso2)) else None for some in each])
            for country in sorted(latest.values(), key=by_name)
        ]

    @property
    def before(self) -> PublishedIssue | None:
        """The issue of the cycle before."""
        return self.rounds.issues[-2] if len(self.rounds.issues) > 1 else None

    @property
    def again(self) -> int | None:
        """How many of the named countries that count also reported in the cycle before; None without one."""
        if self.before is None:
            return None
        return sum(one.reported[-1] is True and one.reported[-2] is True for one in self.participation)

    @cached_property
    def matrix(self) -> list[tuple[Named, list[Glyph]]]:
        """Each named country that counts with its answers, in the order of the questionnaire."""
        signs: dict[tuple[object, ...] | None, Glyph] = {None: glyph(self.issue, None)}  # each once for all its cells
        given: dict[str, dict[str, Glyph]] = {}
        rows = PublishedAnswer.objects.filter(issue=self.issue).order_by("pk")
        for iso2, code, *row in rows.values_list("iso2", "indicator", *LEVEL):
            level = tuple(row)
            if level not in signs:
                signs[level] = glyph(self.issue, Given(*row))
            given.setdefault(iso2, {})[code] = signs[level]
        codes = list(self.rounds.indicators)
        return [
            (country, [given.get(country.iso2, {}).get(code, signs[None]) for code in codes])
            for country in self.reported
        ]

    @cached_property
    def texts(self) -> dict[str, PublishedText]:
        """The written chapters, without their texts, by key."""
        return {one.key: one for one in PublishedText.objects.filter(issue=self.issue).defer("source")}

    @cached_property
    def assessment(self) -> Assessment:
        """The assessment that the issue is of, with the files that the page names."""
        return Assessment.objects.with_files().get(pk=self.issue.assessment_id)

    @property
    def files(self) -> list[Product]:
        """The files of the issue, the PDF first, then the package."""
        return [one for one in (self.assessment.pdf, *self.assessment.data_files) if one]
