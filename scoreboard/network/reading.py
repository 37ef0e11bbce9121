"""What is published next to an indicator, an area's questions or a country: good practice and resources."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from scoreboard.models import GoodPractice, Indicator, Resource
from scoreboard.network.subjects import related_areas, related_indicators


@dataclass
class Helps:
    """The good practice and the resources of one indicator."""

    practice: list[GoodPractice] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.practice or self.resources)

    @property
    def versions(self) -> list[tuple[int, int]]:
        """Which they are, and in which revision: another list means that they show otherwise."""
        practice = [(one.pk, one.revision) for one in self.practice]
        return practice + [(one.pk, one.revision) for one in self.resources]


def on_indicator(indicator: Indicator) -> Helps:
    """Return what is published on an indicator, its area, and their kin in other editions."""
    return on_indicators(indicator.edition_id, [indicator])[indicator.pk]


def on_code(edition: str, code: str) -> Helps:
    """Return what is published on an indicator, given by the code of its edition and its own."""
    found = Indicator.objects.filter(edition__code=edition, code=code).select_related("edition").first()
    return on_indicator(found) if found else Helps()


def of_country(iso2: str) -> list[GoodPractice]:
    """Return the published good practice that a country signed, the latest first."""
    found = GoodPractice.objects.published().filter(country__iso2=iso2).order_by("-published_at", "-pk")
    return list(found.select_related("country").defer("folded"))


def on_indicators(edition: int, indicators: Sequence[Indicator]) -> dict[int, Helps]:
    """Return what is published on each of these indicators of an edition, both by primary key, in a few queries."""
    found: dict[int, Helps] = defaultdict(Helps)
    if not (GoodPractice.objects.published().exists() or Resource.objects.published().exists()):
        return found
    tags, areas = related_indicators(edition), related_areas(edition)
    kin = {one.pk: tags[one.pk] for one in indicators}
    places = {one.area_id: areas[one.area_id] for one in indicators}
    practice = practice_on(frozenset().union(*kin.values()))
    resources = resources_on(frozenset().union(*kin.values()), frozenset().union(*places.values()))
    for one in indicators:
        found[one.pk] = Helps(
            [each for each in practice if kin[one.pk] & {tag.pk for tag in each.indicators.all()}],
            [
                each
                for each in resources
                if kin[one.pk] & {tag.pk for tag in each.indicators.all()}
                or places[one.area_id] & {tag.pk for tag in each.areas.all()}
            ],
        )
    return found


def practice_on(indicators: frozenset[int]) -> list[GoodPractice]:
    """Return the published good practice on one of these indicators, the latest first."""
    tagged = GoodPractice.indicators.through.objects.filter(indicator__in=indicators).values("goodpractice")
    found = GoodPractice.objects.published().filter(pk__in=tagged).order_by("-published_at", "-pk")
    return list(found.defer("folded").select_related("country", "organisation").prefetch_related("indicators"))


def resources_on(indicators: frozenset[int], areas: frozenset[int]) -> list[Resource]:
    """Return the published resources on one of these indicators or areas, by title."""
    found = Resource.objects.published().on(indicators, areas).defer("folded")
    return list(found.prefetch_related("indicators", "areas"))
