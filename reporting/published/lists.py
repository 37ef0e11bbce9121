"""The lists from which a reader goes on: countries with their participation, groups and sub-regions."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.text import slugify

from reporting.document import numbers
from reporting.models import PublishedCountry
from reporting.published.cycle import CyclePage, Participation
from reporting.published.rounds import Rounds
from scoreboard.models import StrategicPlan
from scoreboard.text import alphabetical


def countries(every: Sequence[Rounds]) -> list[tuple[Rounds, list[Participation]]]:
    """Return the countries of each questionnaire, in alphabetical order."""
    return [(rounds, CyclePage(rounds).participation) for rounds in every]


def groups(every: Sequence[Rounds]) -> list[tuple[str, str]]:
    """Return the groups and sub-regions of the countries, by name, each after what its address calls it."""
    issues = [issue for rounds in every for issue in rounds.issues]
    found: dict[str, str] = {}
    for one in PublishedCountry.objects.filter(issue__in=issues).only("subregion", "groups"):
        if one.subregion:
            found.setdefault(slugify(one.subregion), one.subregion)
        for group in one.groups:
            found[group["code"]] = str(numbers.text(group["name"]))
    return sorted(found.items(), key=lambda pair: alphabetical(pair[1]))


def addresses(every: Sequence[Rounds]) -> Iterator[tuple[str, datetime]]:
    """Yield the path of each page of the questionnaires, and when the last issue that it is made from was published."""
    latest = {issue.pk: issue.published_at for rounds in every for issue in rounds.issues}
    named: dict[str, datetime] = {}
    for iso2, pk in PublishedCountry.objects.filter(issue__in=latest).values_list("iso2", "issue").order_by("iso2"):
        named[iso2] = max(named.get(iso2, latest[pk]), latest[pk])
    for iso2, changed in named.items():
        yield reverse("country_page", args=[iso2.lower()]), changed
    last = max(latest.values(), default=None)
    if last is not None:
        yield from ((reverse("group_page", args=[slug]), last) for slug, _name in groups(every))
    if last is not None and StrategicPlan.objects.filter(instrument__in=[one.instrument for one in every]).exists():
        yield reverse("objective_list"), last
    for rounds in every:
        changed = max(issue.published_at for issue in rounds.issues)
        own = [rounds.address] if rounds.address else []
        for code in rounds.areas:
            yield reverse("area_page", args=[*own, code]), changed
        for code in rounds.indicators:
            yield reverse("indicator_page", args=[*own, code]), changed
        for issue in rounds.issues:
            yield reverse("cycle_overview", args=[issue.cycle_code]), issue.published_at
