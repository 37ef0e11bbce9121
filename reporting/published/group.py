"""The page of a group or a sub-region: its countries in the areas, over the published cycles."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.text import slugify

from reporting.charts import small
from reporting.models import PublishedArea, PublishedCountry, PublishedIssue, PublishedResult
from reporting.published.cycle import Participation
from reporting.published.names import by_name, named
from reporting.published.rounds import Place, Rounds, questionnaires
from reporting.results.scoring import Spread, spread
from scoreboard.models.people import Person

Data = dict[str, Any]


@dataclass(frozen=True)
class GroupCycle:
    """An area in a cycle: the figures of the group's countries, and the median of all countries."""

    place: Place
    members: Spread | None
    median: Fraction | None


@dataclass(frozen=True)
class GroupLine:
    """An area over the cycles."""

    area: PublishedArea
    cycles: list[GroupCycle]

    @property
    def chart(self) -> str:
        """The median of the group's countries, that of all countries behind it."""
        return small.series(
            [one.members.median if one.members else None for one in self.cycles],
            [one.median for one in self.cycles],
            [bool(one.place.broken) for one in self.cycles],
        )


class GroupPage:
    """A group in one questionnaire: in each cycle the countries that belonged to it then."""

    def __init__(self, rounds: Rounds, word: str, name: Data | str, members: dict[int, dict[str, PublishedCountry]]):
        self.rounds, self.name, self._members = rounds, name, members
        self.word = word  # what the explore page calls it: a group or a sub-region

    @property
    def latest(self) -> PublishedIssue:
        """The issue of the latest cycle."""
        return self.rounds.latest

    @cached_property
    def countries(self) -> list[Participation]:
        """The countries that belonged to it in any of the cycles, in alphabetical order."""
        each = [self._members[issue.pk] for issue in self.rounds.issues]
        latest = {iso2: one for some in each for iso2, one in some.items()}
        return [
            Participation(country, [one.reported if (one := some.get(country.iso2)) else None for some in each])
            for country in sorted((named(iso2, one.name) for iso2, one in latest.items()), key=by_name)
        ]

    @cached_property
    def areas(self) -> list[GroupLine]:
        """The areas of the latest questionnaire over the cycles, on the basis of the latest one."""
        percents: dict[tuple[int, str], list[Fraction]] = {}
        for one in PublishedResult.objects.filter(issue__in=self.rounds.issues):
            percent = one.percent(self.rounds.basis) if one.iso2 in self._members[one.issue_id] else None
            if percent is not None:
                percents.setdefault((one.issue_id, one.area), []).append(percent)
        found = []
        for code, area in self.rounds.areas.items():
            cycles = []
            for place in self.rounds.area(code):
                every = self.rounds.spreads.get((place.issue.pk, place.code))
                mine = spread(percents.get((place.issue.pk, place.code or ""), []))
                cycles.append(GroupCycle(place, mine, Fraction(every["median"]) if every else None))
            found.append(GroupLine(area, cycles))
        return found


def page(reader: Person, slug: str, instrument: str) -> GroupPage | None:
    """Return the group in a questionnaire as addresses call it, which is nothing for that of the latest cycle."""
    rounds = next((one for one in questionnaires(reader) if one.address == instrument), None)
    return read(rounds, slug) if rounds else None


def read(rounds: Rounds, slug: str) -> GroupPage | None:
    """Return the group with this code, else the sub-region whose name gives this slug; None if there is neither."""
    by_code: dict[int, dict[str, PublishedCountry]] = {one.pk: {} for one in rounds.issues}
    by_region: dict[int, dict[str, PublishedCountry]] = {one.pk: {} for one in rounds.issues}
    group: Data | None = None
    region = ""
    for one in PublishedCountry.objects.filter(issue__in=rounds.issues).order_by("issue__opens"):
        for belongs in one.groups:
            if belongs["code"] == slug:
                group = belongs["name"]
                by_code[one.issue_id][one.iso2] = one
        if one.subregion and slugify(one.subregion) == slug:
            region = one.subregion
            by_region[one.issue_id][one.iso2] = one
    if group is not None:
        return GroupPage(rounds, "group", group, by_code)
    return GroupPage(rounds, "subregion", region, by_region) if region else None
