"""Cycles drawn at random and entered by the verbs that people use: levels, unknown, gaps, late countries, editions."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import yaml

from reporting.assessments import lifecycle
from reporting.models import Assessment
from scoreboard import clock
from scoreboard.models import Country, CountryGroup, Cycle
from scoreboard.submissions import answering, completeness, workflow
from scoreboard.submissions.answering import AnswerInput
from tests import factories

Sheet = dict[str, int | str | None]  # indicator code → level, "unknown", "not_applicable", or None for a gap

NAMES = {"CY": "Cyprus", "GR": "Greece", "MT": "Malta", "TN": "Tunisia", "ZA": "Country ZA", "ZB": "Country ZB"}
GROUPS = {"Coast": ("CY", "GR", "MT", "ZA"), "Islands": ("CY", "MT")}
SUBREGIONS = {"GR": "North", "MT": "North", "TN": "South", "ZA": "South"}
FORM = "Q2"  # the indicator of the edition that has a data form


@dataclass
class Drawn:
    """What a test drew for one cycle, before any of it was entered; `edition` is the file as YAML reads it."""

    code: str
    edition: dict[str, Any]
    sheets: dict[str, Sheet]  # by ISO code, of those that report; the other countries stay in draft
    late: set[str]
    confirmed: set[tuple[str, str]]  # ISO code, indicator
    rows: dict[str, list[dict[str, Any]]]  # of the data form, by ISO code
    withheld: set[str]  # whose rows are not for publication
    anew: dict[str, int] = field(default_factory=dict)  # ISO code → version, of those submitted after the first issue

    def codes(self, area: str) -> list[str]:
        """The indicators of an area."""
        [found] = [one for one in self.edition["areas"] if one["code"] == area]
        return [indicator["code"] for indicator in found["indicators"]]

    def ladder(self, code: str) -> list[int]:
        """The levels of an indicator, lowest first."""
        return sorted(level["value"] for level in self.indicators[code]["levels"])

    @property
    def indicators(self) -> dict[str, dict[str, Any]]:
        """All indicators by code, in the order of the questionnaire."""
        return {one["code"]: one for area in self.edition["areas"] for one in area["indicators"]}


def draw(random: Random, code: str, path: Path, before: Drawn | None = None) -> Drawn:
    """Return a cycle of five countries' answers; where `before` is given, some confirm what they said then."""
    drawn = Drawn(code, yaml.safe_load(path.read_text()), {}, set(), set(), {}, set())
    for iso2 in random.sample(list(NAMES), 5):
        _draw_country(random, drawn, iso2, before)
    first, second, *_others = drawn.sheets
    drawn.late, drawn.withheld = {first}, {second} & set(drawn.rows)
    return drawn


def redrawn(random: Random, first: Drawn) -> Drawn:
    """Return a cycle as its next issue has it: the sixth country reports too, and two others answer some anew."""
    drawn = deepcopy(first)
    [added] = set(NAMES) - set(first.sheets)
    _draw_country(random, drawn, added, None)
    drawn.anew[added] = 1
    drawn.late.add(added)
    for iso2 in random.sample(sorted(first.sheets), 2):
        drawn.anew[iso2] = 2
        for code in random.sample(list(drawn.indicators), 4):
            others = {*drawn.ladder(code), "unknown", "not_applicable"} - {first.sheets[iso2][code]}
            drawn.sheets[iso2][code] = random.choice(sorted(others, key=str))
            drawn.confirmed.discard((iso2, code))
            if code == FORM:
                drawn.rows[iso2] = [_row(random)]
    return drawn


def _draw_country(random: Random, drawn: Drawn, iso2: str, before: Drawn | None) -> None:
    sheet: Sheet = {}
    for indicator in drawn.indicators:
        ladder = drawn.ladder(indicator)
        sheet[indicator] = random.choice([*ladder, *ladder, "unknown", "not_applicable", None])
        then = before.sheets.get(iso2, {}).get(indicator) if before else None
        if isinstance(then, int) and random.random() < 0.4:
            sheet[indicator] = then
            drawn.confirmed.add((iso2, indicator))
    drawn.sheets[iso2] = sheet
    if sheet.get(FORM):
        drawn.rows[iso2] = [_row(random) for _ in range(random.randint(1, 3))]


def _row(random: Random) -> dict[str, Any]:
    row: dict[str, Any] = {"year": random.randint(2010, 2017), "species": "Some mussel", "place": "quay"}
    row |= {"individuals": random.randint(0, 4000)} if random.random() < 0.8 else {}
    row |= {"surface": str(random.randint(1, 999) / 10)} if random.random() < 0.5 else {}
    return row | ({"confirmed": random.random() < 0.5} if random.random() < 0.7 else {})


def entered(drawn: Drawn, path: Path, basis: str) -> Assessment:
    """Enter, submit and accept what was drawn, on days of its year, and publish the assessment of it."""
    countries = {iso2: _country(iso2) for iso2 in NAMES}
    opens, deadline = date(int(drawn.code), 2, 1), date(int(drawn.code), 3, 31)
    with clock.at(_noon(opens)):
        edition = factories.an_edition(path)
        dates = {"opens": opens, "deadline": deadline, "closes": deadline + timedelta(days=60)}
        cycle = factories.a_cycle(countries.values(), edition=edition, code=drawn.code, basis=basis, **dates)
    for iso2, sheet in drawn.sheets.items():
        with clock.at(_noon(deadline + timedelta(days=3 if iso2 in drawn.late else -3))):
            _accepted(cycle, countries[iso2], drawn, sheet)
    with clock.at(_noon(deadline + timedelta(days=10))):
        return _published(cycle)


def reentered(drawn: Drawn, first: Drawn, cycle: Cycle) -> Assessment:
    """Enter what was drawn anew, on a day after the first issue was published, and publish the next issue."""
    with clock.at(_noon(cycle.deadline + timedelta(days=20))):
        for iso2 in drawn.anew:
            before = first.sheets.get(iso2, {})
            changed = {code: said for code, said in drawn.sheets[iso2].items() if said != before.get(code)}
            submission = cycle.submissions.get(country__iso2=iso2)
            if before:
                workflow.reopen(submission, by=factories.an_officer(), comment="Please look again.")
            _accepted(cycle, submission.country, drawn, changed)
    with clock.at(_noon(cycle.deadline + timedelta(days=30))):
        return _published(cycle)


def _published(cycle: Cycle) -> Assessment:
    officer = factories.an_officer()
    issue = lifecycle.consolidate(cycle, by=officer)
    lifecycle.perform(lifecycle.request_build(issue, by=officer))
    return lifecycle.publish(
        issue, audience="everyone", by=officer, snapshot=issue.snapshot_sha256, early="The meeting is near."
    )


def _accepted(cycle: Cycle, country: Country, drawn: Drawn, sheet: Sheet) -> None:
    submission, focal = cycle.submissions.get(country=country), factories.a_focal(country)
    values = {code: _given(drawn, country.iso2, code, said) for code, said in sheet.items() if said is not None}
    seen = dict(submission.answers.values_list("indicator__code", "revision"))
    outcome = answering.save_answers(submission, values, by=focal, seen=seen)
    assert not outcome.problems
    with patch.object(completeness, "gaps", lambda submission: []):  # the gate keeps gaps out; reckoning must bear them
        workflow.submit(submission, by=focal, **factories.DECLARATION)
    workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())


def _given(drawn: Drawn, iso2: str, code: str, said: int | str | None) -> AnswerInput:
    fields: dict[str, Any] = {"confirmed": (iso2, code) in drawn.confirmed}
    fields |= {"why": "A slip."} if drawn.anew.get(iso2, 1) > 1 else {}
    if code == FORM and iso2 in drawn.rows:
        fields |= {"figures": drawn.rows[iso2], "figures_withheld": iso2 in drawn.withheld}
    if isinstance(said, int):
        return AnswerInput("level", said, **fields)
    return AnswerInput(str(said), reason="No such trade." if said == "not_applicable" else "", **fields)


def _country(iso2: str) -> Country:
    country = factories.a_country(iso2)
    Country.objects.filter(pk=country.pk).update(subregion=SUBREGIONS.get(iso2, ""))
    for name, members in GROUPS.items():
        if iso2 in members:
            group = CountryGroup.objects.get_or_create(code=name.lower(), defaults={"name": {"en": name}})[0]
            country.group_memberships.get_or_create(group=group)
    return country


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
