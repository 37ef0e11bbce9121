"""Published cycles with random answers, stored as their snapshots hold them: for tests of what is read from them."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from reporting.models import Assessment
from reporting.published import writing
from reporting.results import compute, earlier
from scoreboard.models import Cycle
from scoreboard.questionnaire import importing
from tests import factories
from tests.reporting.snapshots import an_answer

Data = dict[str, Any]
NAMES = {"AL": "Albania", "CY": "Cyprus", "GR": "Greece", "MT": "Malta", "TN": "Tunisia", "ZA": "Åland"}
GROUPS = {"coast": ("CY", "GR", "MT", "ZA"), "islands": ("CY", "MT")}
SUBREGIONS = {"GR": "North Shore", "MT": "North Shore", "TN": "South Shore", "ZA": "South Shore"}


def seeded(seed: int) -> Random:
    """Return a source of the same numbers each time."""
    return Random(seed)  # noqa: S311 - numbers to compute with, not secrets


def a_country(iso2: str) -> Data:
    """Return a country as a snapshot names it."""
    groups = [{"code": code, "name": {"en": code.title()}} for code, members in GROUPS.items() if iso2 in members]
    name = {"en": NAMES.get(iso2, f"Country {iso2}")}
    return {"iso2": iso2, "iso3": f"{iso2}X", "name": name, "subregion": SUBREGIONS.get(iso2, ""), "groups": groups}


def random_answers(random: Random, edition: Data) -> Data:
    """Return a country’s answers: levels, others, gaps; comments and figures, some of them withheld."""
    found = {}
    for area in edition["areas"]:
        for indicator in area["indicators"]:
            rungs = compute.ladder(indicator)
            given = random.choice([*rungs, *rungs, *rungs, "unknown", "not_applicable", None])
            if given is None:
                continue
            fields: Data = {"withheld": random.random() < 0.2, "confirmed": random.random() < 0.3}
            if not fields["withheld"] and random.random() < 0.5:
                fields["comment"] = f"Said of {indicator['code']}: {random.randint(0, 10**6)}."
            if given == "not_applicable":
                fields["reason"] = "There is no such trade."
            fields |= {"figures": [], "figures_withheld": False}
            if indicator.get("data_form"):
                fields["figures_withheld"] = random.random() < 0.3
                if not fields["figures_withheld"]:
                    fields["figures"] = [
                        {"year": year, "species": "Some mussel", "individuals": random.randint(0, 4000)}
                        for year in random.sample(range(2010, 2026), random.randint(0, 4))
                    ]
            found[indicator["code"]] = an_answer(given, **fields)
    return found


def publish(
    path: Path,
    code: str,
    answers: dict[str, Data],
    *,
    missing: Iterable[str] = (),
    basis: str = "answered",
    audience: str = "everyone",
    texts: dict[str, str] | None = None,
    is_example: bool = True,
    imported: bool = False,
) -> Assessment:
    """Store a published assessment of a cycle of the year `code` in which these countries gave these answers.

    Its snapshot is made as that of a consolidation, with the comparisons; the rows are written as when it is published.
    With `imported`, the answers came in by a file.
    """
    edition = factories.an_edition(path)
    opens = date(int(code), 2, 1)
    cycle = Cycle.objects.filter(code=code).first() or Cycle.objects.create(
        code=code,
        title={"en": f"Round {code}"},
        edition=edition,
        opens=opens,
        deadline=opens + timedelta(days=60),
        closes=opens + timedelta(days=90),
        basis=basis,
        is_example=is_example,
        opened_at=datetime(int(code), 2, 1, tzinfo=UTC),
    )
    document = importing.export(edition)
    countries = [
        a_country(iso2)
        | {"version": 1, **({"imported": True} if imported else {})}
        | {"submitted_on": None if imported else f"{code}-03-31", "accepted_on": None if imported else f"{code}-04-15"}
        | {"late": False, "reopened": False, "extended_to": None, "answers": given}
        for iso2, given in answers.items()
    ]
    snapshot: Data = {
        "format": 1,
        "cycle": {
            "code": code,
            "title": {"en": f"Round {code}"},
            "time_zone": cycle.time_zone,
            "example": cycle.is_example,
        }
        | {key: getattr(cycle, key).isoformat() for key in ("opens", "deadline", "closes")},
        "basis": basis,
        "edition": document,
        "countries": countries,
        "not_reported": [a_country(iso2) | {"extended_to": None} for iso2 in missing],
        "results": compute.compute(document, countries),
    }
    snapshot |= earlier.comparisons(cycle, snapshot)
    officer = factories.an_officer()
    issue = cycle.assessments.count() + 1
    at = datetime(int(code), 12, issue, tzinfo=UTC)
    assessment = Assessment.objects.create(
        cycle=cycle,
        issue=issue,
        status=Assessment.Status.PUBLISHED,
        audience=audience,
        snapshot=snapshot,
        snapshot_sha256=hashlib.sha256(f"{code}-{issue}".encode()).hexdigest(),
        consolidated_at=at,
        consolidated_by=officer,
        texts=texts or {},
        published_at=at,
        published_by=officer,
    )
    writing.write(assessment)
    return assessment
