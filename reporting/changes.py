"""Change since earlier cycles, objectives, groups and figures in words: what `analysis` reckons, as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from reporting import analysis, wording
from reporting.analysis import AreaChange, IndicatorChange, Total
from reporting.document import Document
from reporting.models import Assessment
from reporting.parts import Chapter, Participant, Tally
from reporting.scoring import Spread
from scoreboard import editions
from scoreboard.models import Edition

Data = dict[str, Any]
RELATIONS = {"revised": _("reworded"), "split": _("split"), "new": _("new"), "same": _("not continued")}


@dataclass(frozen=True)
class Told:
    """What changed since one earlier cycle, with the names that a page prints."""

    cycle: str
    countries: list[tuple[Participant, list[tuple[Fraction, Fraction] | None]]]
    areas: list[tuple[Chapter, AreaChange]]
    indicators: list[tuple[Tally, IndicatorChange]]
    breaks: list[tuple[Tally, str]]


def since_earlier(assessment: Assessment, document: Document, user) -> list[Told]:
    """Return what changed since each earlier cycle that the person may read of, the latest first."""
    chain = _chain(assessment)
    found = Assessment.objects.published_to(user).filter(
        cycle__edition__code__in=chain,
        cycle__opens__lt=assessment.cycle.opens,
        cycle__is_example=assessment.cycle.is_example,
    )
    latest = dict(found.order_by("issue").values_list("cycle", "pk"))
    if not latest:
        return []
    earlier = Assessment.objects.filter(pk__in=latest.values()).order_by("-cycle__opens")
    snapshots: list[Data] = list(earlier.values_list("snapshot", flat=True))
    known = {snapshot["edition"]["code"]: snapshot["edition"] for snapshot in [document.snapshot, *snapshots]}
    between = {code: known[code] if code in known else editions.export(edition) for code, edition in chain.items()}
    return [told(document, snapshot, between) for snapshot in snapshots]


def told(document: Document, then: Data, known: Mapping[str, Data]) -> Told:
    """Return what changed between an earlier snapshot and the document's."""
    change = analysis.change(then, document.snapshot, known, document.basis)
    tallies = {tally.code: tally for tally in _tallies(document)}
    matched = set(change.countries)
    return Told(
        cycle=str(wording.text(change.cycle["title"])),
        countries=[
            (one, [area.countries.get(one.iso2) for area in change.areas])
            for one in document.reported
            if one.iso2 in matched
        ],
        areas=list(zip(document.chapters, change.areas, strict=True)),
        indicators=[(tallies[one.code], one) for one in change.indicators],
        breaks=[(tallies[one.code], str(RELATIONS[one.relation])) for one in change.breaks],
    )


def objectives(document: Document) -> list[tuple[str, str, list[str], Spread | None]]:
    """Return the edition's objectives: code, title, labels of the indicators that speak to it, how countries stand."""
    labels = {tally.code: tally.label for tally in _tallies(document)}
    return [
        (one.code, str(wording.text(one.title)), [labels[code] for code in one.indicators], one.spread)
        for one in analysis.objectives(document.snapshot, document.basis)
    ]


def groups(document: Document) -> list[tuple[str, list[Spread | None]]]:
    """Return the membership groups and sub-regions by name, each with how its countries lie in every area."""
    names = {
        group["code"]: str(wording.text(group["name"]))
        for country in document.snapshot["countries"]
        for group in country["groups"]
    }
    return [
        (names[code] if kind == "group" else code, list(areas.values()))
        for (kind, code), areas in analysis.grouped(document.snapshot, document.basis).items()
    ]


def figures(document: Document) -> list[tuple[Tally, str, list[tuple[str, Total, list[tuple[str, Total]]]]]]:
    """Return each data form that holds numbers: its indicator and title, and per column of numbers the sum.

    With each sum stand those of the rows that say yes in a column of the form, such as whether they are comparable.
    """
    found = []
    for indicator, tally in zip(_asked(document), _tallies(document), strict=True):
        if form := indicator.get("data_form"):
            sums = _sums(document, indicator["code"], form)
            if sums:
                found.append((tally, str(wording.text(form["title"])), sums))
    return found


def _sums(document: Document, code: str, form: Data) -> list[tuple[str, Total, list[tuple[str, Total]]]]:
    yes = [column for column in form["columns"] if column["kind"] == "yes_no"]
    among = {column["code"]: analysis.totals(document.snapshot, code, only=column["code"]) for column in yes}
    return [
        (
            str(wording.text(one.column["title"])),
            one,
            [
                (str(wording.text(column["title"])), part)
                for column in yes
                for part in among[column["code"]]
                if part.column["code"] == one.column["code"]
            ],
        )
        for one in analysis.totals(document.snapshot, code)
    ]


def _asked(document: Document) -> list[Data]:
    return [indicator for area in document.edition["areas"] for indicator in area["indicators"]]


def _tallies(document: Document) -> list[Tally]:
    return [tally for chapter in document.chapters for tally in chapter.tallies]


def _chain(assessment: Assessment) -> dict[str, Edition]:
    """The edition of an assessment and those before it, by code."""
    everything = Edition.objects.in_bulk()
    chain: dict[str, Edition] = {}
    edition = everything.get(assessment.cycle.edition_id)
    while edition:
        chain[edition.code] = edition
        edition = everything.get(edition.previous_id or 0)
    return chain
