"""An invented instrument of another shape, filed by 40 countries and published twice, each score computed once more."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest

from reporting.assessments import lifecycle
from reporting.document.document import Document
from reporting.results import breakdowns
from reporting.results.scoring import Basis
from scoreboard import clock
from scoreboard.models import CountryGroup, GroupMembership
from scoreboard.questionnaire import file, importing
from scoreboard.submissions import answering, workflow
from scoreboard.submissions.answering import AnswerInput
from tests import factories

pytestmark = pytest.mark.django_db

SIZES = {f"C{n}": size for n, size in enumerate((3, 1, 1, 2, 3, 2, 2, 3, 1, 2, 1, 2, 1), start=1)}
RUNGS = range(6)
YEARS = (2018, 2019)


def an_instrument():
    """Thirteen areas of one to three indicators, each on a ladder from 0 to 5."""
    ladder = [{"value": rung, "text": {"en": f"Step {rung} is done."}} for rung in RUNGS]
    return {
        "format": 1,
        "code": "lighthouse-1",
        "year": 2018,
        "title": {"en": "Self-check of the Keepers of Lighthouses (invented)"},
        "short_title": {"en": "Self-check"},
        "languages": ["en"],
        "areas": [
            {
                "code": area,
                "title": {"en": f"Capacity {area}"},
                "indicators": [
                    {
                        "code": f"{area}.{n}",
                        "title": {"en": f"Indicator {area}.{n}"},
                        "measures": {"en": "How far this is in place."},
                        "levels": ladder,
                    }
                    for n in range(1, size + 1)
                ],
            }
            for area, size in SIZES.items()
        ],
    }


def draw(random, countries):
    """A level for each country and indicator; some are unknown."""
    codes = [f"{area}.{n}" for area, size in SIZES.items() for n in range(1, size + 1)]
    return {
        iso2: {code: None if random.random() < 0.06 else random.choice(RUNGS) for code in codes} for iso2 in countries
    }


def by_hand(sheet, area):
    """The mean of level times twenty over the indicators that have one: no code of ours."""
    levels = [sheet[f"{area}.{n}"] for n in range(1, SIZES[area] + 1)]
    known = [level * 20 for level in levels if level is not None]
    return Fraction(sum(known), len(known)) if known else None


def whole(value):
    return int(Decimal(value.numerator / Decimal(value.denominator)).quantize(Decimal(1), ROUND_HALF_UP))


def filed(edition, year, sheets, countries):
    """File, accept and publish a cycle by the product's own verbs, each on a day of its own."""
    opens, officer = date(year, 9, 1), factories.an_officer()
    dates = {"opens": opens, "deadline": opens + timedelta(days=90), "closes": opens + timedelta(days=120)}
    with at(opens - timedelta(days=5)):
        cycle = factories.a_cycle(countries, edition=edition, code=str(year), **dates)
    for submission in cycle.submissions.select_related("country"):
        focal = factories.a_focal(submission.country)
        values = {
            code: AnswerInput("unknown") if level is None else AnswerInput("level", level)
            for code, level in sheets[submission.country.iso2].items()
        }
        with at(opens + timedelta(days=20)):
            assert not answering.save_answers(submission, values, by=focal, seen={}).problems
            workflow.submit(submission, by=focal, **factories.DECLARATION)
        with at(opens + timedelta(days=40)):
            workflow.accept(submission, by=officer, version=1)
    with at(opens + timedelta(days=130)):
        issue = lifecycle.consolidate(cycle, by=officer)
        lifecycle.perform(lifecycle.request_build(issue, by=officer))
        read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
        return lifecycle.publish(issue, audience="everyone", by=officer, **read)


def at(day):
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("UTC")))


def test_every_score_of_two_cycles_equals_the_one_by_hand(small_pdf):
    random = Random("lighthouses")  # noqa: S311 - a drawing, not a secret
    edition, _changes = importing.import_edition(file.read_edition(file.write(an_instrument(), "json").encode()))
    codes = [f"{first}{second}" for first in "QX" for second in "ABCDEFGHIJKLMNOPQRST"]
    countries = {iso2: factories.a_country(iso2) for iso2 in codes}
    groups = {name: codes[n::3] for n, name in enumerate(("north", "east", "west"))}
    for name, members in groups.items():
        group = CountryGroup.objects.create(code=name, name={"en": name})
        GroupMembership.objects.bulk_create(GroupMembership(country=countries[one], group=group) for one in members)
    shares = {}
    for year in YEARS:
        taking_part = codes if year == YEARS[0] else codes[3:]
        sheets = draw(random, taking_part)
        issue = filed(edition, year, sheets, [countries[iso2] for iso2 in taking_part])
        results = issue.snapshot["results"]
        shares[year] = {iso2: {area: by_hand(sheet, area) for area in SIZES} for iso2, sheet in sheets.items()}
        found = {
            iso2: {area: one["answered"]["percent"] for area, one in areas.items()}
            for iso2, areas in results["countries"].items()
        }
        assert found == {
            iso2: {area: None if share is None else str(share) for area, share in areas.items()}
            for iso2, areas in shares[year].items()
        }
        lies = breakdowns.spreads_by_group(issue.snapshot, Basis.ANSWERED)
        for area in SIZES:
            for members, mean in (
                (taking_part, Fraction(results["areas"][area]["answered"]["mean"])),
                *((set(some) & set(taking_part), lies["group", name][area].mean) for name, some in groups.items()),
            ):
                known = [share for iso2 in members if (share := shares[year][iso2][area]) is not None]
                assert mean == sum(known) / len(known), (year, area)
        printed = {
            one.iso2: one.percent for chapter in Document(issue.snapshot).chapters[:1] for one in chapter.results
        }
        assert {iso2: share and whole(share) for iso2, share in printed.items()} == {
            iso2: areas["C1"] and whole(areas["C1"]) for iso2, areas in shares[year].items()
        }
    [change] = issue.snapshot["changes"]
    for area in SIZES:
        pairs = {
            iso2: [shares[year][iso2][area] for year in YEARS]
            for iso2 in codes[3:]
            if None not in [shares[year][iso2][area] for year in YEARS]
        }
        assert change["areas"][area]["answered"]["countries"].keys() == pairs.keys()
