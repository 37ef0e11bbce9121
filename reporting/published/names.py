"""The countries of issues as lists and tables name them, in alphabetical order."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse

from reporting.document import numbers
from reporting.models import PublishedCountry, PublishedIssue
from scoreboard.text import alphabetical


class Named(NamedTuple):
    """A country: its name in the reader's language, and the address of its page."""

    iso2: str
    name: str
    address: str


class Part(NamedTuple):
    """A country that takes part in a cycle: whether it reported, and whether after the deadline."""

    country: Named
    reported: bool
    late: bool


def named(iso2: str, name: dict[str, Any], below: str = "") -> Named:
    """Return a country by its code and its name by language; `below` is the address of the list of countries.

    Who names many countries asks for that once: the addresses of sixty took as long as two questions to the database.
    """
    return Named(iso2, str(numbers.text(name)), f"{below or reverse('country_list')}{iso2.lower()}/")


def of_issues(issues: Sequence[PublishedIssue]) -> dict[int, dict[str, Part]]:
    """Return the countries that take part, by issue and code."""
    rows = PublishedCountry.objects.filter(issue__in=issues).annotate(words=Cast("name", TextField())).order_by("pk")
    found: dict[int, dict[str, Part]] = {one.pk: {} for one in issues}
    below = reverse("country_list")
    known: dict[tuple[str, str], Named] = {}  # most countries have the same name in each issue: it is read once
    for issue, iso2, words, reported, late in rows.values_list("issue", "iso2", "words", "reported", "late"):
        if (iso2, words) not in known:
            known[iso2, words] = named(iso2, json.loads(words), below)
        found[issue][iso2] = Part(known[iso2, words], reported, late)
    order = {one: n for n, one in enumerate(sorted(known.values(), key=by_name))}
    return {pk: dict(sorted(some.items(), key=lambda pair: order[pair[1].country])) for pk, some in found.items()}


def reported(issues: Sequence[PublishedIssue]) -> dict[int, dict[str, Named]]:
    """Return the countries that reported, by issue and code."""
    return {
        pk: {iso2: part.country for iso2, part in some.items() if part.reported}
        for pk, some in of_issues(issues).items()
    }


def by_name(one: Named) -> str:
    """Return the key by which countries are sorted."""
    return alphabetical(one.name)
