"""The overview of a cycle: who took part, the areas, the chapters, and every answer in a matrix."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from reporting.charts import small
from reporting.document import numbers
from reporting.models import (
    NOT_LISTED,
    Product,
    PublishedAnswer,
    PublishedArea,
    PublishedCountry,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
    PublishedText,
)
from reporting.published.area import Matched, matched
from reporting.published.glyphs import Glyph, glyph
from reporting.published.rounds import Rounds
from reporting.results.compute import read_spread
from reporting.results.scoring import Spread
from scoreboard.text import alphabetical


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

    country: PublishedCountry
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
    def countries(self) -> list[PublishedCountry]:
        """The countries that take part, by name, in alphabetical order."""
        found = PublishedCountry.objects.filter(issue=self.issue)
        return sorted(found, key=lambda one: alphabetical(numbers.text(one.name)))

    @property
    def late(self) -> int:
        """How many of the named countries that count submitted after the deadline."""
        return sum(one.late for one in self.countries if one.reported)

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
        return list(self.rounds.indicators[self.issue.pk].values())

    @property
    def area_rows(self) -> dict[str, PublishedArea]:
        """The areas by code, in the order of the questionnaire."""
        return self.rounds.areas[self.issue.pk]

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
        for one in PublishedResult.objects.filter(issue=self.issue):
            if (percent := one.percent(self.issue.basis)) is not None:
                percents.setdefault(one.area, []).append(percent)
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
    def participation(self) -> list[Participation]:
        """Each country that took part in any of the cycles so far, in alphabetical order."""
        found: dict[str, dict[int, bool]] = {}
        names: dict[str, PublishedCountry] = {}
        rows = PublishedCountry.objects.filter(issue__in=self.rounds.issues).order_by("issue__opens")
        for one in rows.only("issue_id", "iso2", "name", "reported"):
            found.setdefault(one.iso2, {})[one.issue_id] = one.reported
            names[one.iso2] = one
        ordered = sorted(names.items(), key=lambda pair: alphabetical(numbers.text(pair[1].name)))
        return [
            Participation(country, [found[iso2].get(one.pk) for one in self.rounds.issues]) for iso2, country in ordered
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
    def matrix(self) -> list[tuple[PublishedCountry, list[Glyph]]]:
        """Each named country that counts with its answers, in the order of the questionnaire."""
        rows = PublishedAnswer.objects.filter(issue=self.issue)
        answers = {
            (one.iso2, one.indicator): one
            for one in rows.only("iso2", "indicator", "kind", "level", "points", "possible")
        }
        return [
            (country, [glyph(self.issue, answers.get((country.iso2, one.code))) for one in self.indicators])
            for country in self.countries
            if country.reported
        ]

    @cached_property
    def texts(self) -> dict[str, PublishedText]:
        """The written chapters, without their texts, by key."""
        return {one.key: one for one in PublishedText.objects.filter(issue=self.issue).defer("source")}

    @cached_property
    def files(self) -> list[Product]:
        """The files of the issue, the PDF first, then the package."""
        order = [Product.Kind.PDF, Product.Kind.PACKAGE, *Product.Kind]
        kinds = {Product.Kind.PDF, *(set(Product.Kind) - set(NOT_LISTED))}
        found = Product.objects.filter(assessment=self.issue.assessment_id, kind__in=kinds)
        return sorted(found, key=lambda one: order.index(Product.Kind(one.kind)))
