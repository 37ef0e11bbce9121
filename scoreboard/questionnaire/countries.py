"""Loads countries with their groups, and organisations, from files that can be loaded repeatedly.

A file overwrites what is stored, except a membership that the Secretariat has confirmed. Nothing is ever deleted. An
organisation is identified by its name.
"""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from scoreboard.errors import Invalid
from scoreboard.models import Country, CountryGroup, GroupMembership, Organisation
from scoreboard.questionnaire.file import Refused, parse, schema_faults

SCHEMA = Path(__file__).with_name("countries.schema.json")
FILES = tuple(settings.BASE_DIR / "fixtures" / name for name in ("countries.yaml", "organisations.yaml"))

Entry = dict[str, Any]


@transaction.atomic
def load(content: bytes) -> Counter[str]:
    """Load a file of groups, countries and organisations, all or nothing.

    Return how many rows were "created", "updated" or "unchanged". Raises Invalid with the place of each fault.
    """
    try:
        document = parse(content)
    except Refused as refused:
        raise Invalid(str(refused)) from refused
    if faults := schema_faults(document, SCHEMA):
        raise Invalid("\n".join(f"{place}: {sentence}" for place, sentence in faults))
    done: Counter[str] = Counter()
    _clear_tiles(document.get("countries", []))
    for kind, write in (("groups", _group), ("countries", _country), ("organisations", _organisation)):
        for n, entry in enumerate(document.get(kind, [])):
            try:
                done.update(write(entry))
            except (ValueError, ValidationError) as error:
                sentences = error.messages if isinstance(error, ValidationError) else [str(error)]
                raise Invalid(f"{kind}[{n}]: {' '.join(sentences)}") from error
    return done


def _group(entry: Entry) -> list[str]:
    group = CountryGroup.objects.filter(code=entry["code"]).first() or CountryGroup(code=entry["code"])
    return [_write(group, name=LazyI18nString(entry["name"]))]


def _clear_tiles(entries: list[Entry]) -> None:
    """Take the countries that move on the tile map off it, so that two can change places."""
    places = {entry["iso2"]: tuple(entry["map"] or (None, None)) for entry in entries if "map" in entry}
    for country in Country.objects.filter(iso2__in=places, map_row__isnull=False):
        if places[country.iso2] != (country.map_row, country.map_column):
            Country.objects.filter(pk=country.pk).update(map_row=None, map_column=None)


def _country(entry: Entry) -> list[str]:
    country = Country.objects.filter(iso2=entry["iso2"]).first() or Country(iso2=entry["iso2"])
    name = LazyI18nString(entry["name"])
    place: dict[str, int | None] = {}
    if "map" in entry:
        row, column = entry["map"] or (None, None)
        place = {"map_row": row, "map_column": column}
    done = [_write(country, iso3=entry["iso3"], name=name, subregion=entry.get("subregion", ""), **place)]
    return done + [_membership(country, part) for part in entry.get("groups", [])]


def _membership(member: Country | Organisation, entry: Entry) -> str:
    group = _known_group(entry["code"])
    own = {"country": member} if isinstance(member, Country) else {"organisation": member}
    stored = list(GroupMembership.objects.filter(**own, group=group).order_by("pk"))
    if any(membership.confirmed for membership in stored):
        return "unchanged"
    membership = stored[0] if stored else GroupMembership(**own, group=group)
    days = {key: date.fromisoformat(entry[key]) if entry.get(key) else None for key in ("since", "until")}
    kind = entry.get("kind", GroupMembership.Kind.MEMBER.value)
    return _write(membership, confirmed=entry.get("confirmed", False), kind=kind, **days)


def _known_group(code: str) -> CountryGroup:
    group = CountryGroup.objects.filter(code=code).first()
    if group is None:
        raise ValueError(_("There is no group “%s”.") % code)
    return group


def _organisation(entry: Entry) -> list[str]:
    name = LazyI18nString(entry["name"]).localize(settings.LANGUAGE_CODE)
    organisation = Organisation.objects.filter(name=name).first() or Organisation(name=name)
    done = [_write(organisation, kind=entry["kind"])]
    for code in entry.get("runs", []):
        if organisation.kind != Organisation.Kind.SECRETARIAT:
            raise ValueError(_("Only a Secretariat runs a network, and %s is none.") % name)
        done.append(_write(_known_group(code), secretariat=organisation))
    return done + [_membership(organisation, part) for part in entry.get("groups", [])]


def _write(row: models.Model, **values: Any) -> str:
    known = row.pk is not None
    if known and all(getattr(row, key) == value for key, value in values.items()):
        return "unchanged"
    for key, value in values.items():
        setattr(row, key, value)
    row.full_clean()
    row.save()
    return "updated" if known else "created"
