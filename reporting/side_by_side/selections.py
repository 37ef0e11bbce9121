"""Which countries are side by side, and of which cycle: what an address says, and what a person has saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from reporting.models import PublishedIssue
from scoreboard.errors import Invalid
from scoreboard.models import Country, CountryGroup, CountrySelection, Cycle, GroupMembership, Submission, User
from scoreboard.text import alphabetical, one_line

MOST_COUNTRIES = 30  # side by side
MOST_SELECTIONS = 30  # of one person


@dataclass(frozen=True)
class Choices:
    """What can be chosen: the latest cycle first, the others in alphabetical order."""

    cycles: list[Cycle]
    latest: Cycle | None  # that is published, else that is accepted of a country
    groups: list[CountryGroup]
    subregions: list[str]
    countries: list[Country]


@dataclass(frozen=True)
class Selection:
    """The cycle (None: there is none to see), what was chosen, and the countries that these are."""

    cycle: Cycle | None
    groups: list[CountryGroup]
    subregions: list[str]
    chosen: list[Country]
    countries: list[Country]
    of: int  # countries, of which `countries` are the first

    @property
    def names(self) -> list[str]:
        """What was chosen, by name."""
        return [str(one) for one in (*self.groups, *self.subregions, *self.chosen)]

    @property
    def query(self) -> str:
        """The selection as an address says it, without the cycle: a saved one shows the latest."""
        said = [("group", one.code) for one in self.groups] + [("subregion", one) for one in self.subregions]
        return urlencode(said + [("country", one.iso2) for one in self.chosen])


def choices(user: User) -> Choices:
    """Return what the person can choose; of cycles those of which they see accepted or published answers."""
    accepted = Submission.objects.visible_to(user).filter(accepted_version__isnull=False).order_by()
    published = set(PublishedIssue.objects.visible_to(user).order_by().values_list("cycle", flat=True))
    seen = published | set(accepted.values_list("cycle", flat=True).distinct())
    cycles = list(Cycle.objects.filter(pk__in=seen).select_related("edition").order_by("-opens", "-code"))
    countries = sorted(Country.objects.all(), key=lambda one: alphabetical(one.name))
    return Choices(
        cycles,
        next((one for one in cycles if one.pk in published), next(iter(cycles), None)),
        sorted(CountryGroup.objects.filter(countries__isnull=False).distinct(), key=lambda one: alphabetical(one.name)),
        sorted({one.subregion for one in countries if one.subregion}, key=alphabetical),
        countries,
    )


def read(asked: Mapping[str, Sequence[str]], known: Choices) -> Selection:
    """Return the selection that an address asks for; what is not known is left out."""
    cycles, groups, subregions, codes = (set(asked.get(key, [])) for key in ("cycle", "group", "subregion", "country"))
    chosen_groups = [one for one in known.groups if one.code in groups]
    chosen_regions = [one for one in known.subregions if one in subregions]
    chosen = [one for one in known.countries if one.iso2 in codes]
    held = GroupMembership.objects.in_force().filter(group__in=chosen_groups, country__isnull=False)
    members = set(held.values_list("country", flat=True)) if chosen_groups else set()
    found = [one for one in known.countries if one.pk in members or one in chosen or one.subregion in chosen_regions]
    cycle = next((one for one in known.cycles if one.code in cycles), known.latest)
    return Selection(cycle, chosen_groups, chosen_regions, chosen, found[:MOST_COUNTRIES], len(found))


@transaction.atomic
def save(owner: User, *, name: str, query: str) -> CountrySelection:
    """Save a selection under a name; one of the same name is replaced.

    Raises Invalid for no or a long name, too long a selection, or more of them than anybody finds their way in.
    """
    name = one_line(name)
    known = CountrySelection.objects.filter(owner=owner)
    found = known.filter(name=name).first() or CountrySelection(owner=owner, name=name)
    if found.pk is None and known.count() >= MOST_SELECTIONS:
        raise Invalid(_("You have %d selections. Delete one first.") % MOST_SELECTIONS)
    found.query = query
    try:
        found.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    found.save()
    return found


def delete(owner: User, selection: CountrySelection) -> None:
    """Delete a selection of the person's own; nothing happens to another's."""
    CountrySelection.objects.filter(owner=owner, pk=selection.pk).delete()
