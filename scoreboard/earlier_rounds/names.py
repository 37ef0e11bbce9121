"""Which country a name or code in a file means: by code, by name in any language, or as an officer once said."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid
from scoreboard.models import Country, RememberedName, User
from scoreboard.text import alphabetical, one_line

LONGEST = 200


def key(name: str) -> str:
    """Return the form in which names are compared: without case, accents and odd spaces."""
    return alphabetical(one_line(name))


class Known:
    """All that names of countries in a file can stand for, read once."""

    def __init__(self) -> None:
        remembered = RememberedName.objects.select_related("country")
        self.countries = {one.key: one.country for one in remembered}
        for country in Country.objects.all():
            names = country.name.data.values() if isinstance(country.name.data, dict) else [str(country)]
            self.countries |= {key(name): country for name in (*names, country.iso2, country.iso3)}

    def find(self, name: str) -> Country | None:
        """Return the country that a name means, None for an unknown one."""
        return self.countries.get(key(name))


@transaction.atomic
def remember(chosen: Mapping[str, Country], *, by: User) -> None:
    """Remember what names in files stand for, for this file and later ones.

    Raises PermissionDenied, and Invalid for a name that is too long, or that is that of another country.
    """
    rules.require(by, "bring_in_results")
    known = Known()
    for name, country in chosen.items():
        if len(name) > LONGEST or not key(name):
            raise Invalid(_("“%s…” is no name of a country. Correct it in the file.") % name[:40])
        found = known.find(name)
        if found is not None and found != country and not RememberedName.objects.filter(key=key(name)).exists():
            raise Invalid(
                _("“%(name)s” is %(found)s already.") % {"name": name, "found": found},
            )
        RememberedName.objects.update_or_create(
            key=key(name), defaults={"name": one_line(name), "country": country, "by": by, "at": clock.now()}
        )
        activity.record(Verb.REMEMBER_NAME, by=by, country=country)


@transaction.atomic
def forget(name: RememberedName, *, by: User) -> None:
    """Delete a remembered name; what came in by it stays. Raises PermissionDenied."""
    rules.require(by, "bring_in_results")
    activity.record(Verb.FORGET_NAME, by=by, country=name.country)
    name.delete()
