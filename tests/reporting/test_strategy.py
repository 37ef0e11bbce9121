"""A strategic plan against plain arithmetic from random answers: on its page, in snapshots; no code is shared."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import mean

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from reporting.assessments import lifecycle
from reporting.document import ministers_page
from reporting.document import strategy as words
from reporting.document.document import Document
from reporting.exports.files import SCHEMA
from reporting.models import Assessment
from reporting.published import objectives, writing
from reporting.published.rounds import questionnaires
from reporting.results import strategic_plan as computing
from reporting.results import strategy
from scoreboard import clock
from scoreboard.models import ActionPlan, ActivityEntry, Country, State, StrategicPlan
from scoreboard.questionnaire import importing, strategic_plan
from tests.factories import (
    HARBOUR,
    HARBOUR_NEXT,
    SCOREBOARD,
    a_country,
    a_cycle,
    a_focal,
    an_edition,
    an_officer,
    submission_at,
)
from tests.reporting.published import publish, random_answers, seeded
from tests.reporting.reading import page_tables, page_words
from tests.reporting.recomputation import half_up, signed
from tests.reporting.snapshots import an_answer

pytestmark = pytest.mark.django_db

WHO = ["AL", "CY", "GR", "MT", "TN", "ZA", "ES"]
CYCLES = ["2020", "2023", "2026"]
YEARS = range(2019, 2026)


def a_plan(**changes) -> StrategicPlan:
    """Load the plan of the fixtures, with other values where they are given."""
    document = yaml.safe_load(strategic_plan.FILE.read_text()) | changes
    return strategic_plan.load(yaml.safe_dump(document, allow_unicode=True).encode())[0]


def rows_of(random) -> list[dict]:
    """Rows of the table of birds: of a year none, one or two, most of them comparable, some without a number."""
    found = []
    for year in random.sample(YEARS, 6):
        for species in random.sample(["Turdus merula", "Sylvia atricapilla"], random.choice([1, 1, 2])):
            row = {"year": year, "species": species, "offence": "killed"}
            if random.random() < 0.95:
                row["number_best"] = random.randint(0, 900)
            if random.random() < 0.9:
                row["comparable_2020"] = random.random() < 0.9
            found.append(row)
    return found


def draw(seed: int) -> dict[str, dict]:
    """Publish three cycles of random answers with figures; return the answers by cycle and country."""
    random, truth = seeded(seed), {}
    edition = importing.export(an_edition(SCOREBOARD))
    for code in CYCLES:
        answers = {iso2: random_answers(random, edition) for iso2 in sorted(random.sample(WHO, 6))}
        for given in answers.values():
            given["2"] = an_answer(random.randint(0, 3))
            given["2"] |= {"figures": [], "figures_withheld": random.random() < 0.15}
            if not given["2"]["figures_withheld"]:
                given["2"]["figures"] = rows_of(random)
        publish(SCOREBOARD, code, answers, missing=["IT"], is_example=False)
        truth[code] = answers
    return truth


def index_of(truth: dict[str, dict]) -> tuple[list[list[str]], int]:
    """The rows of the table of the index, and how many countries its line is of."""
    said: dict[str, dict[int, list[dict]]] = {}
    for answers in truth.values():
        for iso2, given in answers.items():
            mine = said.setdefault(iso2, {})
            for year in {row["year"] for row in given["2"]["figures"]}:
                mine[year] = [row for row in given["2"]["figures"] if row["year"] == year]
    base, later = {}, {}
    for iso2, years in said.items():
        for year, rows in years.items():
            if all("number_best" in row for row in rows):
                number = sum(row["number_best"] for row in rows)
                if year == 2020 and not any(row.get("comparable_2020") is False for row in rows):
                    base[iso2] = number
                if year > 2020 and all(row.get("comparable_2020") for row in rows):
                    later.setdefault(year, {})[iso2] = number
    later = {year: {iso2: n for iso2, n in found.items() if iso2 in base} for year, found in later.items()}
    enough = {year: found for year, found in later.items() if len(found) >= 3}
    line = [iso2 for iso2 in base if enough and all(iso2 in found for found in enough.values())]
    line = line if len(line) >= 3 else []
    # A year is in the table if any country marked figures of it as comparable, in the baseline year or not.
    table = []
    for year in sorted(later):
        found = later[year]
        row = [str(year), "–no value", "–no value", "–no value", str(len(found)), "–no value"]
        if len(found) >= 3:
            then, now = sum(base[iso2] for iso2 in found), sum(found.values())
            row[1:4] = [f"{then:,}", f"{now:,}", half_up(Fraction(100 * now, then)) if then else "–no value"]
            first, last = (sum(some[iso2] for iso2 in line) for some in (base, found))
            row[5] = half_up(Fraction(100 * last, first)) if first else "–no value"
        table.append([*row, half_up(100 - 50 * Fraction(min(year, 2030) - 2020, 10))])
    return table, len(line)


def percents(answers: dict[str, dict], codes: list[str], ladders: dict[str, list[int]]) -> dict[str, Fraction]:
    """The countries' percentages over some indicators, on the answered basis."""
    shares = {}
    for iso2, given in answers.items():
        points = [
            (given[code]["level"] - ladders[code][0], ladders[code][-1] - ladders[code][0])
            for code in codes
            if code in given and given[code]["kind"] == "level"
        ]
        if points:
            shares[iso2] = Fraction(100 * sum(got for got, _of in points), sum(of for _got, of in points))
    return shares


def asked_by(edition: dict) -> tuple[dict[str, list[str]], dict[str, list[int]]]:
    """The indicators of each objective, and the ladder of each indicator."""
    asked = [(area["code"], one) for area in edition["areas"] for one in area["indicators"]]
    return {
        objective["code"]: [
            one["code"] for area, one in asked if area in objective["areas"] or one["code"] in objective["indicators"]
        ]
        for objective in edition["objectives"]
    }, {one["code"]: [level["value"] for level in one["levels"]] for _area, one in asked}


def objective_rows(truth: dict[str, dict], edition: dict, now: str, then: str | None) -> list[list[str]]:
    """The rows of the table of objectives: the answered basis, all now, and the same countries then and now."""
    by_objective, ladders = asked_by(edition)
    found = []
    titles = {one["code"]: one["title"]["en"] for one in yaml.safe_load(strategic_plan.FILE.read_text())["objectives"]}
    for code, codes in by_objective.items():
        last = percents(truth[now], codes, ladders)
        row = [f"{code}. {titles[code]}"]
        row.append(f"{half_up(mean(last.values()))} n = {len(last)}" if last else "–no value n = 0")
        if then:
            first = percents(truth[then], codes, ladders)
            both = [iso2 for iso2 in last if iso2 in first]
            means = [Fraction(sum(some[iso2] for iso2 in both), len(both)) for some in (first, last)]
            row += [half_up(means[0]), half_up(means[1]), signed(means[1] - means[0]), str(len(both))]
        found.append(row)
    return found


def page():
    response = Client().get(reverse("objective_list"))
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("seed", range(4))
def test_page_and_snapshot_equal_plain_arithmetic(seed):
    a_plan()
    truth = draw(seed)
    edition = yaml.safe_load(SCOREBOARD.read_text())
    shown = page()
    tables = page_tables(shown)
    assert tables["Mean percent of the possible points, by objective"][1:] == objective_rows(
        truth, edition, "2026", "2020"
    )
    index, in_line = index_of(truth)
    assert tables["Reported numbers of countries that compare, 2020 = 100"][1:] == index
    said = page_words(shown)
    for cycle, answers in truth.items():
        n = sum(given["2"]["figures_withheld"] for given in answers.values())
        assert (f"{cycle}: {n} countr" in said) == bool(n)
    assert (f"over the {in_line} countries" in said) == bool(in_line)
    assert ("There is no line" in said) == (not in_line)

    assert "/objectives/" in Client().get(reverse("sitemap")).content.decode()

    # A country's page has its own percentages.
    iso2 = next(one for one in truth["2026"] if one in truth["2020"])
    own = page_tables(Client().get(reverse("country_page", args=[iso2.lower()])))
    by_objective, ladders = asked_by(edition)
    now, then = (
        [half_up(percents(truth[cycle], codes, ladders)[iso2]) for codes in by_objective.values()]
        for cycle in ("2026", "2020")
    )
    counts = [f"{len(codes)} of {len(codes)}" for codes in by_objective.values()]
    assert [row[1:] for row in own["Percent of the possible points, by objective"][1:]] == [
        list(row) for row in zip(now, then, now, counts, strict=True)
    ]

    # A snapshot of the latest cycle says the same, as the JSON schema has it, and the PDF reads it.
    rounds = questionnaires(AnonymousUser())[0]
    snapshot = rounds.latest.assessment.snapshot
    taken = computing.read(rounds.latest.cycle, snapshot)["strategy"]
    assert taken == objectives.computed(strategic_plan.document(StrategicPlan.objects.get()), rounds)
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator({"$ref": "#/$defs/strategy", "$defs": schema["$defs"]}).validate(taken)
    read = words.of(Document(snapshot | {"strategy": taken}))
    assert [one.then.n for one in read.objectives] == [
        int(row[-1]) for row in objective_rows(truth, edition, "2026", "2020")
    ]

    # Withdrawn: the baseline is gone, and its figures with it.
    with transaction.atomic():
        first = questionnaires(AnonymousUser())[0].issues[0].assessment
        lifecycle.withdraw(first, by=an_officer(), reason="A figure was wrong.")
        rest = {code: truth[code] for code in CYCLES[1:]}
        tables, said = page_tables(page()), page_words(page())
        assert tables["Mean percent of the possible points, by objective"][1:] == objective_rows(
            rest, edition, "2026", None
        )
        assert "The cycle of the baseline is not published" in said
        again, _line = index_of(rest)
        assert tables.get("Reported numbers of countries that compare, 2020 = 100", [[]])[1:] == again
        transaction.set_rollback(True)


def test_withheld_figures_change_no_public_byte(malta):
    """Of answers that a country withholds, only that it does is in a snapshot, and so in what is made from one."""
    a_plan()
    publish(SCOREBOARD, "2020", {iso2: {} for iso2 in WHO}, is_example=False)
    submission = submission_at(State.ACCEPTED, malta, a_cycle([malta], edition=an_edition(SCOREBOARD), code="2023"))
    random, version = seeded(1), submission.accepted_version
    answer = next(one for one in version.answers if one["code"] == "2")
    seen = set()
    for _time in range(3):
        answer |= {"figures": rows_of(random), "figures_withheld": True}
        version.save()
        with transaction.atomic():
            assessment = lifecycle.consolidate(submission.cycle, by=an_officer())
            assert assessment.snapshot["strategy"]["index"]["withheld"] == [{"cycle": "2023", "n": 1}]
            Assessment.objects.filter(pk=assessment.pk).update(
                status="published", audience="everyone", published_at=clock.now(), published_by=an_officer()
            )
            writing.write(Assessment.objects.get(pk=assessment.pk))
            addresses = [reverse("objective_list"), reverse("country_page", args=["mt"])]
            # PostgreSQL gives each issue another number, though none of them stays.
            numbers = rf'nonce="[^"]+"|/reports/{assessment.pk}/'.encode()
            pages = tuple(re.sub(numbers, b"", Client().get(one).content) for one in addresses)
            seen.add((assessment.snapshot_sha256, *pages))
            transaction.set_rollback(True)
    assert len(seen) == 1
    answer["figures_withheld"] = False  # what is not withheld changes it
    version.save()
    assert lifecycle.consolidate(submission.cycle, by=an_officer()).snapshot_sha256 not in {one[0] for one in seen}


def test_indicators_that_are_not_the_same_are_not_compared():
    """P1 stayed the same, P2 was revised, P3 split, R3 is new: of the objective, one indicator of five is compared."""
    a_plan(
        instrument=an_edition(HARBOUR).code,
        baseline={"year": 2020, "cycle": "2020"},
        objectives=[{"code": code, "kind": "result", "title": {"en": f"Objective {code}"}} for code in "19"],
    )
    random = seeded(7)
    before, after = (importing.export(an_edition(path)) for path in (HARBOUR, HARBOUR_NEXT))
    then = {iso2: random_answers(random, before) for iso2 in WHO}
    now = {iso2: random_answers(random, after) for iso2 in WHO}
    for n, iso2 in enumerate(WHO):
        then[iso2]["P1"] = an_answer(1 + n % 3)
        now[iso2]["P1"] = an_answer(2 + n % 3)
    publish(HARBOUR, "2020", then)
    publish(HARBOUR_NEXT, "2024", now)
    shown = page()
    row = page_tables(shown)["Mean percent of the possible points, by objective"][1]
    first = Fraction(sum(25 * (n % 3) for n in range(7)), 7)
    assert row[2:] == [half_up(first), half_up(first + 25), "+25.0", "7"]
    said = page_words(shown)
    assert "1 of 5 indicators are the same" in said
    assert "No indicator of the questionnaire speaks to it." in said


def test_what_is_not_known_says_so():
    assert "No strategic plan is on this portal yet." in page_words(page())
    a_plan()
    assert "No results of its questionnaire are published yet" in page_words(page())
    publish(SCOREBOARD, "2020", {iso2: {} for iso2 in WHO})
    said = page_words(page())
    assert "those of the baseline: nothing can be compared with them yet" in said
    assert "so the index is not known yet" in said
    publish(SCOREBOARD, "2023", {iso2: {} for iso2 in WHO}, audience="observers")
    assert "those of the baseline" in page_words(page())  # the visitor sees nothing of 2023


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ([], "0 publish an action plan or ranked list that is adopted, under implementation or evaluated. 7 countries"),
        (
            [("MT", "adopted", "everybody"), ("GR", "development", "everybody"), ("CY", "adopted", "secretariat")],
            "1 publish an action plan or ranked list that is adopted, under implementation or evaluated. 5 countries",
        ),
        (  # of two plans of a country the one that is in hand counts, and only countries of the cycle do
            [("MT", "expired", "everybody"), ("MT", "implementation", "everybody"), ("FR", "adopted", "everybody")],
            "1 publish an action plan or ranked list that is adopted, under implementation or evaluated. 6 countries",
        ),
    ],
)
def test_process_objective_counts_published_plans(shown, said):
    a_plan()
    publish(SCOREBOARD, "2020", {iso2: {} for iso2 in WHO})
    for iso2, status, audience in shown:
        published = {"published_at": clock.now(), "published_by": an_officer()} if audience == "everybody" else {}
        country = Country.objects.filter(iso2=iso2).first() or a_country(iso2)
        ActionPlan.objects.create(
            country=country,
            title="Plan",
            status=status,
            audience=audience,
            shared_at=clock.now(),
            changed_by=a_focal(country),
            **published,
        )
    shown_page = page_words(page())
    assert said in shown_page
    assert ("Malta" in shown_page) == any(iso2 == "MT" for iso2, _status, _audience in shown)
    assert "Cyprus" not in shown_page  # shows its plan to the Secretariat only


def test_ministers_page_says_where_the_country_is(malta, officer):
    edition = an_edition(SCOREBOARD)
    first = submission_at(State.ACCEPTED, malta, a_cycle([malta], edition=edition, code="2020"))
    assert ministers_page.of(first, officer).objectives == ""
    a_plan()
    assert "1 Knowledge 66.7; 2 Legislation 66.7;" in ministers_page.of(first, officer).objectives
    opens = first.cycle.opens + timedelta(days=1)
    second = submission_at(State.ACCEPTED, malta, a_cycle([malta], edition=edition, code="2023", opens=opens))
    said = ministers_page.of(second, officer).objectives
    assert said.startswith("Rome Strategic Plan 2020–2030, percent by objective: P A national action plan on IKB")
    assert "; 5 Prevention 66.7 (same questions: 2020 66.7, now 66.7)." in said


def test_plan_is_loaded_once_and_again():
    assert strategic_plan.load(strategic_plan.FILE.read_bytes())[1] is True
    assert strategic_plan.load(strategic_plan.FILE.read_bytes())[1] is False
    assert ActivityEntry.objects.filter(verb="load_strategic_plan").count() == 1
    plan = StrategicPlan.objects.get()
    stored = yaml.safe_load(strategic_plan.FILE.read_text())
    assert strategic_plan.document(plan)["objectives"] == [
        {"actions": [], "milestones": [], **one} for one in stored["objectives"]
    ]
    assert a_plan(target={"year": 2030, "percent": 40}).target_percent == 40


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"target": {"year": 2019, "percent": 50}}, "The target year comes after the baseline year"),
        ({"target": {"year": 2030, "percent": 150}}, "target.percent: Give a whole number from 0 to 100; found 150."),
        ({"objectives": [{"code": "1", "kind": "result", "title": {"en": "A"}}] * 2}, "The code “1” is used twice."),
        ({"objectives": [{"code": "1", "kind": "wish", "title": {"en": "A"}}]}, "Choose one of: process, result."),
        ({"baseline": {"year": 2020, "cycle": "Not A Slug"}}, "baseline.cycle: Give at most 40 small letters"),
    ],
)
def test_faults_of_a_file_are_named(tmp_path, changes, sentence):
    path = tmp_path / "plan.yaml"
    path.write_text(json.dumps(yaml.safe_load(strategic_plan.FILE.read_text()) | changes))
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("load_strategic_plan", str(path))
    assert not StrategicPlan.objects.exists()


def test_sums_of_decimals_stay_exact():
    plan = {"index": {"year": "y", "number": "n", "comparable": None}, "baseline": {"year": 1}, "target": {"year": 3}}
    plan["target"]["percent"] = 0
    rows = {iso2: [{"y": 1, "n": "0.1"}, {"y": 2, "n": "0.3"}] for iso2 in ("AA", "BB", "CC")}
    (point,) = strategy.index(plan, [strategy.Given("c", rows)])["points"]
    assert point == {"year": 2, "n": 3, "then": "0.3", "now": "0.9", "index": "300", "target": "50"}
    assert Decimal(point["now"]) == 3 * Decimal(point["then"])
