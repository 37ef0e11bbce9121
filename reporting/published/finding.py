"""Find what an address names among what a reader sees, and whether it was published once and withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.text import slugify

from reporting.models import Assessment, AssessmentQuerySet, PublishedArea, PublishedIndicator
from reporting.models.assessments import audiences
from reporting.published.rounds import Rounds, questionnaires
from scoreboard.models import Area, Country, CountryGroup, Edition, Indicator
from scoreboard.models.people import Person

Data = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A part of a questionnaire: the rounds up to the last one that has it, and its code there."""

    rounds: Rounds
    code: str
    is_asked: bool  # whether the latest cycle has it


def indicator(reader: Person, name: str, instrument: str = "") -> Found | None:
    """Return the indicator with this code, or with this label in letters of either case; None if there is none."""

    def codes(rounds: Rounds) -> dict[tuple[int, str], str]:
        rows = PublishedIndicator.objects.filter(issue__in=rounds.issues).values_list("issue", "code", "label")
        labels = {(issue, label.casefold()): code for issue, code, label in rows}
        return labels | {(issue, code.casefold()): code for issue, code, _label in rows}

    return _found(reader, instrument, name, codes)


def area(reader: Person, name: str, instrument: str = "") -> Found | None:
    """Return the area with this code, in letters of either case; None if there is none."""

    def codes(rounds: Rounds) -> dict[tuple[int, str], str]:
        rows = PublishedArea.objects.filter(issue__in=rounds.issues).values_list("issue", "code")
        return {(issue, code.casefold()): code for issue, code in rows}

    return _found(reader, instrument, name, codes)


def _found(
    reader: Person, instrument: str, name: str, codes: Callable[[Rounds], dict[tuple[int, str], str]]
) -> Found | None:
    """Find a name by what `codes` has under an issue and a word in small letters."""
    for n, rounds in enumerate(questionnaires(reader)):
        if rounds.instrument != instrument and (instrument or n):
            continue
        known = codes(rounds)
        for issue in reversed(rounds.issues):
            if code := known.get((issue.pk, name.casefold())):
                return Found(rounds.until(issue), code, is_asked=issue == rounds.latest)
    return None


def withdrawn_country(reader: Person, iso2: str, instrument: str = "") -> bool:
    """Whether a withdrawn assessment that the reader could read named a country; of one questionnaire or of any."""
    if not Country.objects.filter(iso2=iso2).exists():
        return False
    return _any(
        reader,
        lambda one: any(each["iso2"] == iso2 for each in one["countries"] + one["not_reported"]),
        instrument,
    )


def withdrawn_indicator(reader: Person, name: str, instrument: str = "") -> bool:
    """Whether a withdrawn assessment that the reader could read had an indicator of this code."""
    if not Indicator.objects.filter(code__iexact=name).exists():
        return False
    return _any(
        reader,
        lambda one: any(
            each["code"].casefold() == name.casefold()
            for part in one["edition"]["areas"]
            for each in part["indicators"]
        ),
        instrument,
    )


def withdrawn_area(reader: Person, name: str, instrument: str = "") -> bool:
    """Whether a withdrawn assessment that the reader could read had an area of this code."""
    if not Area.objects.filter(code__iexact=name).exists():
        return False
    return _any(
        reader,
        lambda one: any(part["code"].casefold() == name.casefold() for part in one["edition"]["areas"]),
        instrument,
    )


def withdrawn_group(reader: Person, slug: str, instrument: str = "") -> bool:
    """Whether a withdrawn assessment that the reader could read had countries of a group or sub-region."""
    subregions = Country.objects.exclude(subregion="").values_list("subregion", flat=True).distinct()
    if not CountryGroup.objects.filter(code=slug).exists() and slug not in map(slugify, subregions):
        return False
    return _any(
        reader,
        lambda one: any(
            slugify(each["subregion"]) == slug or any(group["code"] == slug for group in each["groups"])
            for each in one["countries"] + one["not_reported"]
        ),
        instrument,
    )


def withdrawn_cycle(reader: Person, code: str) -> bool:
    """Whether a withdrawn assessment that the reader could read was of this cycle."""
    return _withdrawn(reader).filter(cycle__code=code).exists()


def withdrawn_any(reader: Person) -> bool:
    """Whether any assessment that the reader could read is withdrawn."""
    return _withdrawn(reader).exists()


def _withdrawn(reader: Person) -> AssessmentQuerySet:
    return Assessment.objects.filter(status=Assessment.Status.WITHDRAWN, audience__in=audiences(reader))


def _any(reader: Person, holds: Callable[[Data], bool], instrument: str = "") -> bool:
    withdrawn = _withdrawn(reader).order_by("pk")
    if instrument:
        withdrawn = withdrawn.filter(cycle__edition__in=_editions(instrument))
    snapshots = withdrawn.values_list("snapshot", flat=True)
    return any(holds(one) for one in snapshots.iterator(1))  # a snapshot is large: one at a time


def _editions(instrument: str) -> set[int]:
    """The editions of the questionnaire that addresses call so: its first one has the name, or else the code."""
    named = Q(instrument=instrument) | Q(instrument="", code=instrument)
    latest = set(Edition.objects.filter(named, previous=None).values_list("pk", flat=True))
    found: set[int] = set()
    while latest:
        found |= latest
        latest = set(Edition.objects.filter(previous__in=latest).values_list("pk", flat=True)) - found
    return found
