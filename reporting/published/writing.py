"""Write the read model of an assessment when it is published, delete it when it is withdrawn, and make it anew."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet

from reporting.models import (
    Assessment,
    PublishedAnswer,
    PublishedArea,
    PublishedCountry,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
    PublishedText,
)
from reporting.results import change
from reporting.results.compute import ladder
from reporting.results.scoring import Basis
from scoreboard import public_pages
from scoreboard.models import Edition
from scoreboard.models.questionnaire import indicator_label
from scoreboard.questionnaire import importing
from scoreboard.questionnaire.tracing import Trace, trace
from scoreboard.submissions import previous_cycle
from scoreboard.text import folded

Data = dict[str, Any]


@transaction.atomic
def write(assessment: Assessment) -> PublishedIssue:
    """Write the rows of a published assessment, in place of those that it has already; return its issue."""
    delete(assessment)
    snapshot = assessment.snapshot
    edition, results = snapshot["edition"], snapshot["results"]
    before = _before(assessment.cycle.edition)
    issue = PublishedIssue.objects.create(**_issue(assessment, before))
    row = {"issue": issue, "audience": issue.audience}
    _create(PublishedCountry, row, _countries(snapshot))
    _create(PublishedArea, row, _areas(snapshot, before))
    _create(PublishedIndicator, row, _indicators(snapshot, before))
    _create(PublishedAnswer, row, _answers(snapshot))
    _create(PublishedResult, row, _results(edition, results["countries"]))
    texts = [
        {"key": key, "position": n, "source": text, "folded": folded(text)}
        for n, (key, text) in enumerate(_texts(assessment))
    ]
    _create(PublishedText, row, texts)
    return issue


def delete(assessment: Assessment) -> None:
    """Delete the rows of an assessment, if it has any."""
    PublishedIssue.objects.filter(assessment=assessment).delete()
    public_pages.change()


def complete() -> int:
    """Write the rows of published assessments that have none, as after an update or a restored backup; return how many.

    Rows of assessments that are not published any more are deleted.
    """
    published = Assessment.objects.filter(status=Assessment.Status.PUBLISHED)
    gone = PublishedIssue.objects.exclude(assessment__in=published.order_by().values("pk"))
    if gone.delete()[0]:
        public_pages.change()
    return _write_all(published.filter(published__isnull=True))


@transaction.atomic
def rebuild() -> int:
    """Write the rows of all published assessments anew and delete all others; return how many assessments there are."""
    PublishedIssue.objects.all().delete()
    public_pages.change()
    return complete()


def _write_all(assessments: QuerySet[Assessment]) -> int:
    keys = list(assessments.order_by("pk").values_list("pk", flat=True))
    for pk in keys:  # a snapshot is large: one at a time
        write(Assessment.objects.select_related("cycle__edition").get(pk=pk))
    return len(keys)


def _create(model: type[models.Model], row: Data, found: Iterable[Data]) -> None:
    model._default_manager.bulk_create(model(**row, **fields) for fields in found)


def _before(edition: Edition) -> list[Data]:
    """Return the documents of the editions before one, the latest first."""
    chain = previous_cycle.chain(edition)[1:]
    editions = Edition.objects.select_related("previous").in_bulk(chain)
    return [importing.export(editions[pk]) for pk in chain]


def _issue(assessment: Assessment, before: list[Data]) -> Data:
    snapshot = assessment.snapshot
    cycle, edition = snapshot["cycle"], snapshot["edition"]
    unnamed = snapshot.get("unnamed", {})  # how many reported, and how many did not
    first = before[-1] if before else importing.export(assessment.cycle.edition)
    return {
        "assessment": assessment,
        "cycle": assessment.cycle,
        "number": assessment.issue,
        "audience": assessment.audience,
        "published_at": assessment.published_at,
        "consolidated_at": assessment.consolidated_at,
        "cycle_code": cycle["code"],
        "cycle_title": cycle["title"],
        **{key: date.fromisoformat(cycle[key]) for key in ("opens", "deadline", "closes")},
        "time_zone": cycle["time_zone"],
        "is_example": bool(cycle["example"]),
        "basis": snapshot["basis"],
        "commitments": {key: one for key, one in snapshot.get("commitments", {}).items() if key != "countries"},
        "instrument": first.get("instrument") or first["code"],
        "edition_code": edition["code"],
        "edition": {key: part for key, part in edition.items() if key != "areas"},
        "reported": len(snapshot["countries"]) + unnamed.get("reported", 0),
        "unnamed": unnamed.get("reported", 0),
        "invited": len(snapshot["countries"]) + len(snapshot["not_reported"]) + sum(unnamed.values()),
    }


def _countries(snapshot: Data) -> Iterator[Data]:
    for reported, countries in ((True, snapshot["countries"]), (False, snapshot["not_reported"])):
        for country in countries:
            yield {
                **{key: country[key] for key in ("iso2", "iso3", "name", "subregion", "groups")},
                "folded": folded(country["iso2"], country["iso3"], country["name"]),
                "reported": reported,
                "version": country.get("version"),
                **{key: _day(country.get(key)) for key in ("submitted_on", "accepted_on", "extended_to")},
                **{key: country.get(key, False) for key in ("late", "reopened", "imported")},
            }


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _areas(snapshot: Data, before: list[Data]) -> Iterator[Data]:
    edition = snapshot["edition"]
    between = {one["code"]: one for one in before}
    origins = {one["code"]: change.trace_areas(edition, one, between) for one in before}
    for position, area in enumerate(edition["areas"]):
        code = area["code"]
        yield {
            "code": code,
            "position": position,
            "title": area["title"],
            "short_title": area.get("short_title") or area["title"],
            "lead": area.get("report_lead") or {},
            "origins": {there: codes[code] for there, codes in origins.items() if code in codes},
            "spread": snapshot["results"]["areas"][code],
            "changes": [
                {"cycle": one["cycle"]["code"], **_matched(one["areas"][code])} for one in snapshot.get("changes", [])
            ],
        }


def _matched(found: Data) -> Data:
    """The figures of the matched set, without those of its countries."""
    spreads = {basis.value: {key: found[basis][key] for key in ("then", "now")} for basis in Basis}
    return {"matched": found["matched"], "of": found["of"], **spreads}


def _indicators(snapshot: Data, before: list[Data]) -> Iterator[Data]:
    edition, position = snapshot["edition"], 0
    traces = _traces(edition, before)
    for area in edition["areas"]:
        for one in area["indicators"]:
            code = one["code"]
            yield {
                "area": area["code"],
                "code": code,
                "label": indicator_label(area["code"], code),
                "position": position,
                "title": one["title"],
                "short_title": one.get("short_title") or one["title"],
                "measures": one["measures"],
                "folded": folded(
                    indicator_label(area["code"], code),
                    *(part.get("short_title") for part in (one, area)),
                    *(one["title"], area["title"], one["measures"]),
                ),
                "guidance": one.get("guidance") or {},
                "levels": one["levels"],
                "relation": one.get("relation", "new"),
                "not_applicable": one.get("not_applicable", True),
                "data_form": one.get("data_form"),
                "traces": {
                    there: {"codes": list(found[code].codes), "relation": found[code].first_change}
                    for there, found in traces.items()
                },
                "tally": snapshot["results"]["indicators"][code],
                "changes": [
                    {"cycle": since["cycle"]["code"], **since["indicators"][code]}
                    for since in snapshot.get("changes", [])
                    if code in since["indicators"]
                ],
            }
            position += 1


def _traces(edition: Data, before: list[Data]) -> dict[str, dict[str, Trace]]:
    """Trace the indicators back to each edition before, by its code and then by the indicator's."""
    known = [{one["code"]: one for area in each["areas"] for one in area["indicators"]} for each in (edition, *before)]
    steps = [
        {code: (one.get("relation", "new"), one.get("from", [])) for code, one in indicators.items()}
        for indicators in known
    ]
    return {there["code"]: trace(known[0], steps[: n + 1]) for n, there in enumerate(before)}


def _answers(snapshot: Data) -> Iterator[Data]:
    asked = {one["code"]: (area["code"], one) for area in snapshot["edition"]["areas"] for one in area["indicators"]}
    for country in snapshot["countries"]:
        for code, answer in country["answers"].items():
            area, indicator = asked[code]
            rungs = ladder(indicator)
            yield {
                "iso2": country["iso2"],
                "area": area,
                "indicator": code,
                "kind": answer["kind"],
                "level": answer["level"],
                "points": None if answer["level"] is None else answer["level"] - rungs[0],
                "possible": rungs[-1] - rungs[0],
                "reason": answer["reason"],
                "comment": answer["comment"],
                "folded": folded(answer["comment"]),
                "withheld": answer["withheld"],
                "confirmed": answer.get("confirmed", False),
                "figures": answer.get("figures", []),
                "figures_withheld": answer.get("figures_withheld", False),
            }


def _results(edition: Data, countries: Data) -> Iterator[Data]:
    for iso2, areas in countries.items():
        for area in edition["areas"]:
            found = areas[area["code"]]
            yield {
                "iso2": iso2,
                "area": area["code"],
                "scored": found["scored"],
                "of": found["of"],
                "points": found[Basis.STRICT]["points"],
                "possible_answered": found[Basis.ANSWERED]["possible"],
                "possible_strict": found[Basis.STRICT]["possible"],
            }


def _texts(assessment: Assessment) -> list[tuple[str, str]]:
    """The chapters as they were built, in the order of the report."""
    areas = [f"area-{area['code']}" for area in assessment.snapshot["edition"]["areas"]]
    keys = ["introduction", "summary", *areas, "conclusions"]
    return [(key, assessment.texts[key]) for key in keys if key in assessment.texts]
