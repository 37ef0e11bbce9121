"""Where the countries are now, for the home page: the areas since last time, a map, and the latest issue."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from reporting.charts import tiles
from reporting.document import numbers
from reporting.models import (
    Assessment,
    PublishedArea,
    PublishedCountry,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
)
from reporting.published.rounds import Rounds, questionnaires
from reporting.results.compute import read_spread
from reporting.results.scoring import Spread, rounded
from scoreboard.models import Country
from scoreboard.models.people import Person


@dataclass(frozen=True)
class AreaLine:
    """An area of the latest cycle: all countries now, and the matched set since the cycle before, if there is one."""

    area: PublishedArea
    now: Spread | None
    since: str  # the code of the cycle before; empty if nothing is matched
    by: Fraction | None
    n: int

    @property
    def bar(self) -> str:
        """The median as a length out of 100, for a drawing."""
        return f"{float(self.now.median):.1f}" if self.now else "0"

    @property
    def way(self) -> str:
        """Whether the matched median rose, fell, or is the same to the decimal shown; empty if it cannot be said."""
        if self.by is None:
            return ""
        return "same" if not rounded(abs(self.by)) else "rose" if self.by > 0 else "fell"


@dataclass(frozen=True)
class Overview:
    """What the home page shows of the questionnaire of the latest cycle."""

    rounds: Rounds
    assessment: Assessment  # of the latest cycle, with its files
    areas: Sequence[AreaLine]
    shown: str  # the area that the map is about; empty for who took part
    map: tiles.TileMap
    indicators: int

    @property
    def latest(self) -> PublishedIssue:
        """The issue of the latest cycle."""
        return self.rounds.latest

    @property
    def since(self) -> str:
        """The code of the cycle that the areas are compared with; empty if there is none."""
        return next((line.since for line in self.areas if line.since), "")

    @property
    def cycles(self) -> list[str]:
        """The codes of the published cycles, the earliest first."""
        return [one.cycle_code for one in self.rounds.issues]


def read(reader: Person, shown: str, url: Callable[[Country], str]) -> Overview | None:
    """Return the overview with the map of an area, or of who took part; None while nothing is published."""
    every = questionnaires(reader)
    if not every:
        return None
    rounds = every[0]
    latest, areas = rounds.latest, rounds.areas
    by_word = {code.casefold(): code for code in areas}
    area = areas.get(by_word.get(shown.casefold(), ""))
    return Overview(
        rounds=rounds,
        assessment=Assessment.objects.with_files().get(pk=latest.assessment_id),
        areas=lines(rounds),
        shown=area.code if area else "",
        map=_of_area(area, rounds, url) if area else _of_participation(rounds, url),
        indicators=PublishedIndicator.objects.filter(issue=latest).count(),
    )


def lines(rounds: Rounds) -> list[AreaLine]:
    """Return the areas of the latest of some rounds, against the cycle before."""
    return [_line(area, rounds) for area in rounds.areas.values()]


def _line(area: PublishedArea, rounds: Rounds) -> AreaLine:
    basis = rounds.basis
    readable = {one.cycle_code for one in rounds.issues}
    change = next((one for one in area.changes if one["cycle"] in readable), None)
    then, now = (read_spread(change[basis][key]) if change else None for key in ("then", "now"))
    matched = then is not None and now is not None
    return AreaLine(
        area=area,
        now=read_spread(area.spread[basis]),
        since=change["cycle"] if change and matched else "",
        by=now.median - then.median if then is not None and now is not None else None,
        n=now.n if matched and now is not None else 0,
    )


def _of_participation(rounds: Rounds, url: Callable[[Country], str]) -> tiles.TileMap:
    reported = PublishedCountry.objects.filter(issue__in=rounds.issues, reported=True)
    now: set[str] = set()
    before: set[str] = set()
    for issue, iso2 in reported.values_list("issue", "iso2"):
        (now if issue == rounds.latest.pk else before).add(iso2)
    code = rounds.latest.cycle_code
    here = tiles.took_part(_("reported in %s") % code)
    earlier = tiles.took_part_before(_("reported in an earlier cycle"))
    signs = dict.fromkeys(before, earlier) | dict.fromkeys(now, here)
    key = [(here, _("reported in %(cycle)s (%(n)d)") % {"cycle": code, "n": len(now)})]
    if len(rounds.issues) > 1:
        key.append((earlier, _("in an earlier cycle (%d)") % len(before - now)))
    title = _("Who took part in %s") % code
    return tiles.draw(title, Country.objects.all(), signs, key=key, url=_of(signs, url), none=_("not yet"))


def _of_area(area: PublishedArea, rounds: Rounds, url: Callable[[Country], str]) -> tiles.TileMap:
    results = PublishedResult.objects.filter(issue=rounds.latest, area=area.code)
    signs = {
        one.iso2: tiles.share(
            percent,
            _("%(percent)s percent, %(scored)d of %(of)d scored")
            % {"percent": numbers.number(percent), "scored": one.scored, "of": one.of},
            str(rounded(percent, 0)),
        )
        if (percent := one.percent(rounds.basis)) is not None
        else tiles.unanswered()
        for one in results
    }
    words = {"code": area.code, "title": numbers.text(area.short_title), "cycle": rounds.latest.cycle_code}
    title = _("%(code)s. %(title)s, percent in %(cycle)s") % words
    key = [*tiles.quarters(), (tiles.unanswered(), _("nothing scored"))]
    return tiles.draw(title, Country.objects.all(), signs, key=key, url=_of(signs, url))


def _of(signs: Mapping[str, tiles.Sign], url: Callable[[Country], str]) -> Callable[[Country], str]:
    """The addresses of countries that have a sign; the others have no page."""
    return lambda one: url(one) if one.iso2 in signs else ""
