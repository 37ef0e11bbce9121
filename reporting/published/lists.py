"""The lists from which a reader goes on: countries with their participation, groups and sub-regions."""

from collections.abc import Sequence

from django.utils.text import slugify

from reporting.document import numbers
from reporting.models import PublishedCountry
from reporting.published.cycle import CyclePage, Participation
from reporting.published.rounds import Rounds
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
