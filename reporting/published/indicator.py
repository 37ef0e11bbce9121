"""The page of an indicator: its wording, and how all countries answered it, over all published cycles."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from reporting.charts import small, tiles
from reporting.models import PublishedAnswer, PublishedArea, PublishedIndicator, PublishedIssue
from reporting.published import names
from reporting.published.glyphs import GIVEN, Given, Glyph, glyph
from reporting.published.names import Named
from reporting.published.rounds import Place, Rounds
from reporting.results.compute import read_spread
from reporting.results.scoring import Spread
from scoreboard.models import Country

Data = dict[str, Any]
WITHOUT_LEVEL = ("unknown", "not_applicable", "unanswered")


@dataclass(frozen=True)
class Share:
    """Countries that gave the same answer: its sign, and how many."""

    glyph: Glyph
    n: int


@dataclass(frozen=True)
class Distribution:
    """The answers of all countries in a cycle; without an indicator where the question was not there as one."""

    place: Place
    indicator: PublishedIndicator | None

    @cached_property
    def shares(self) -> list[Share]:
        """How many gave each answer, levels first; answers that nobody gave are left out."""
        return [one for one in self.every if one.n]

    @cached_property
    def every(self) -> list[Share]:
        """How many gave each answer, levels first, also those that nobody gave."""
        if self.indicator is None:
            return []
        issue, rungs, tally = self.place.issue, self.indicator.ladder, self.indicator.tally
        levels = [
            Share(Glyph(issue, "level", level, rung, len(rungs) - 1), tally["distribution"][str(level)])
            for rung, level in enumerate(rungs)
        ]
        return levels + [Share(Glyph(issue, state), tally[state]) for state in WITHOUT_LEVEL]

    @property
    def bar(self) -> str:
        """The shares as a stacked bar."""
        return small.stacked([(one.n, one.glyph.css) for one in self.shares])

    @property
    def spread(self) -> Spread | None:
        """The spread of the levels in percent of the ladder; its n is how many countries chose a level."""
        return read_spread(self.indicator.tally["percent"]) if self.indicator else None


@dataclass(frozen=True)
class Moved:
    """A country that has a level in both of two cycles."""

    country: Named
    then: Glyph
    now: Glyph

    @property
    def by(self) -> int:
        """By how many rungs it rose."""
        return (self.now.rung or 0) - (self.then.rung or 0)


@dataclass(frozen=True)
class Movement:
    """The countries with a level in both the last cycle and the one before, where the wording is the same."""

    then: PublishedIssue
    now: PublishedIssue
    countries: list[Moved]

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.countries)

    @property
    def rose(self) -> list[Moved]:
        """Those with a higher level than before."""
        return [one for one in self.countries if one.by > 0]

    @property
    def fell(self) -> list[Moved]:
        """Those with a lower level than before."""
        return [one for one in self.countries if one.by < 0]

    @property
    def same(self) -> list[Moved]:
        """Those with the same level as before."""
        return [one for one in self.countries if one.by == 0]


@dataclass(frozen=True)
class Quote:
    """What a country wrote in a cycle, as it was published."""

    country: Named
    answer: Given
    glyph: Glyph


@dataclass(frozen=True)
class Rewording:
    """A cycle before which the wording changed: the texts that differ, each as it was and as it is."""

    place: Place
    before: PublishedIssue
    texts: list[tuple[str, Data, Data]]  # what it is, then, now


class IndicatorPage:
    """An indicator of the latest issue of `rounds`; the caller leaves out later cycles that no longer have it."""

    def __init__(self, rounds: Rounds, code: str):
        self.rounds, self.code = rounds, code
        self.indicator: PublishedIndicator = rounds.indicators[code]
        self.area: PublishedArea = rounds.areas[self.indicator.area]

    @property
    def latest(self) -> PublishedIssue:
        """The issue whose wording the page shows."""
        return self.rounds.latest

    @cached_property
    def places(self) -> list[Place]:
        """The indicator in each cycle, the earliest first."""
        return self.rounds.indicator(self.code)

    @cached_property
    def _asked(self) -> dict[int, PublishedIndicator]:
        """The indicator as it was in each issue that has it, by issue."""
        codes = {one.issue.pk: one.code for one in self.places if one.code}
        rows = PublishedIndicator.objects.filter(issue__in=codes, code__in=set(codes.values()))
        return {one.issue_id: one for one in rows if codes[one.issue_id] == one.code}

    def asked(self, issue: PublishedIssue) -> PublishedIndicator | None:
        """Return the indicator as it was in an issue; None if the issue has not got it as one."""
        return self._asked.get(issue.pk)

    @cached_property
    def distributions(self) -> list[Distribution]:
        """The answers of all countries, cycle by cycle."""
        return [Distribution(one, self.asked(one.issue)) for one in self.places]

    @property
    def now(self) -> Distribution:
        """The answers in the latest cycle."""
        return self.distributions[-1]

    @property
    def counts(self) -> list[tuple[str, list[int | None]]]:
        """How many gave each answer, cycle by cycle, under its words; None where it could not be given."""
        heads: dict[tuple[str, int | None], str] = {}
        for one in reversed(self.distributions):
            for share in one.every:
                heads.setdefault((share.glyph.state, share.glyph.level), share.glyph.words)
        known = [{(share.glyph.state, share.glyph.level): share.n for share in one.every} for one in self.distributions]
        return [(words, [some.get(key) for some in known]) for key, words in heads.items()]

    @property
    def ladder(self) -> list[tuple[Share, Data]]:
        """The levels from the lowest, each with how many chose it in the latest cycle, and its text by language."""
        return [(share, level["text"]) for share, level in zip(self.now.every, self.indicator.levels, strict=False)]

    @cached_property
    def _answers(self) -> dict[tuple[int, str], Given]:
        """The answers by issue and country."""
        codes = {one.issue.pk: one.code for one in self.places if one.code}
        found = PublishedAnswer.objects.filter(issue__in=codes, indicator__in=set(codes.values())).order_by("pk")
        rows = found.values_list("issue", "iso2", "indicator", *GIVEN)
        return {(issue, iso2): Given(*row) for issue, iso2, code, *row in rows if codes[issue] == code}

    @cached_property
    def _countries(self) -> dict[int, dict[str, Named]]:
        """The countries that reported, by issue, in alphabetical order."""
        return names.reported(self.rounds.issues)

    def countries(self, issue: PublishedIssue) -> list[Named]:
        """Return the named countries that reported in a cycle, in alphabetical order."""
        return list(self._countries[issue.pk].values())

    def answer(self, issue: PublishedIssue, iso2: str) -> Given | None:
        """Return the answer of a country in a cycle, if it gave one."""
        return self._answers.get((issue.pk, iso2))

    def _glyph(self, issue: PublishedIssue, iso2: str) -> Glyph:
        return glyph(issue, self._answers.get((issue.pk, iso2)), reported=iso2 in self._countries[issue.pk])

    @cached_property
    def choices(self) -> list[tuple[Share, list[Named]]]:
        """Who gave which answer in the latest cycle, levels first; only named countries are in the lists."""
        given: dict[tuple[str, int | None], list[Named]] = {}
        for iso2, country in self._countries[self.latest.pk].items():
            one = self._glyph(self.latest, iso2)
            given.setdefault((one.state, one.level), []).append(country)
        return [(share, given.get((share.glyph.state, share.glyph.level), [])) for share in self.now.shares]

    @cached_property
    def map(self) -> tiles.TileMap:
        """The tile map of the answers in the latest cycle."""
        signs = {}
        for iso2 in self._countries[self.latest.pk]:
            one = self._glyph(self.latest, iso2)
            signs[iso2] = tiles.Sign(one.css, one.mark, one.words, one.rung, one.of)
        key = [
            (tiles.Sign(one.glyph.css, one.glyph.mark, one.glyph.words, one.glyph.rung, one.glyph.of), one.glyph.words)
            for one in self.now.every
            if one.glyph.is_level or one.n
        ]
        title = _("%(label)s in %(cycle)s") % {"label": self.indicator.label, "cycle": self.latest.cycle_code}
        addresses = {iso2: one.address for some in self._countries.values() for iso2, one in some.items()}

        def page_of(country: Country) -> str:
            return addresses.get(country.iso2, "")

        return tiles.draw(title, Country.objects.all(), signs, key=key, url=page_of)

    @cached_property
    def movement(self) -> Movement | None:
        """Who rose and who fell since the cycle before; None without one, or where the wording is not the same."""
        if len(self.places) < 2 or self.places[-1].broken or not self.places[-2].code:
            return None
        then, now = self.places[-2].issue, self.latest
        moved = [
            Moved(country, self._glyph(then, iso2), self._glyph(now, iso2))
            for iso2, country in self._countries[now.pk].items()
        ]
        return Movement(then, now, [one for one in moved if one.then.is_level and one.now.is_level])

    @cached_property
    def quotes(self) -> list[tuple[PublishedIssue, list[Quote]]]:
        """What countries wrote, by cycle, the latest first."""
        found = []
        for place in reversed(self.places):
            issue = place.issue
            quotes = [
                Quote(country, answer, glyph(issue, answer))
                for iso2, country in self._countries[issue.pk].items()
                if (answer := self._answers.get((issue.pk, iso2))) and answer.has_words
            ]
            if quotes:
                found.append((issue, quotes))
        return found

    @cached_property
    def rewordings(self) -> list[Rewording]:
        """The cycles before which its wording changed, the latest first."""
        found = []
        for before, after in zip(self.places, self.places[1:], strict=False):
            then, now = self.asked(before.issue), self.asked(after.issue)
            texts = list(_differences(then, now)) if then and now else []
            if after.broken or texts:
                found.append(Rewording(after, before.issue, texts))
        return found[::-1]

    @property
    def neighbours(self) -> tuple[PublishedIndicator | None, PublishedIndicator | None]:
        """The indicators before and after it in the questionnaire."""
        every = list(self.rounds.indicators.values())
        at = every.index(self.indicator)
        return (every[at - 1] if at else None), (every[at + 1] if at + 1 < len(every) else None)


def _differences(then: PublishedIndicator, now: PublishedIndicator) -> Iterator[tuple[str, Data, Data]]:
    if then.title != now.title:
        yield _("Title"), then.title, now.title
    if then.measures != now.measures:
        yield _("What it measures"), then.measures, now.measures
    before = {level["value"]: level["text"] for level in then.levels}
    after = {level["value"]: level["text"] for level in now.levels}
    for value in sorted({*before, *after}):
        if before.get(value) != after.get(value):
            yield _("Level %s") % value, before.get(value, {}), after.get(value, {})
