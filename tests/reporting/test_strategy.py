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
from reporting.exports import files
from reporting.exports.files import SCHEMA
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from reporting.published import objectives, writing
from reporting.published.rounds import questionnaires
from reporting.results import strategic_plan as computing
from reporting.results import strategy
from scoreboard import clock
from scoreboard.models import ActionPlan, ActivityEntry, State, StrategicPlan
from scoreboard.plans import register
from scoreboard.plans.register import PlanFacts
from scoreboard.questionnaire import importing, strategic_plan
from scoreboard.text import alphabetical
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
from tests.reporting.published import NAMES, publish, random_answers, seeded
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


def public_bytes(assessment: Assessment) -> list[bytes]:
    """What everybody can get of an issue once it is published: pages, the API, the files, the PDF's sections."""
    stamps = {"published_at": clock.now(), "published_by": an_officer()}
    Assessment.objects.filter(pk=assessment.pk).update(status="published", audience="everyone", **stamps)
    issue = Assessment.objects.select_related("cycle__edition").get(pk=assessment.pk)
    writing.write(issue)
    addresses = [
        *(reverse(name) for name in ("objective_list", "explore", "feed", "report_list")),
        reverse("country_page", args=["mt"]),
        *(reverse("country_answers", args=["mt", kind]) for kind in ("csv", "json")),
        *(reverse("indicator_answers", args=["2", kind]) for kind in ("csv", "json")),
        *(reverse("indicator_page", args=["2"]), reverse("area_page", args=["A"])),
        reverse("cycle_overview", args=["2023"]),
        *(reverse(name, args=[issue.pk]) for name in ("report", "assessment-detail", "assessment-results")),
        *(reverse(name, args=[issue.pk, of]) for name, of in (("report_country", "MT"), ("report_indicator", "2"))),
        *(reverse("report_part", args=[issue.pk, part]) for part in ("area-a", "objectives")),
    ]
    found = [Client().get(one) for one in addresses]
    assert {
        address: one.status_code for address, one in zip(addresses, found, strict=True) if one.status_code != 200
    } == {}
    made = [one.content for one in files.data_files(issue)]
    made += [pdf.section_html(issue, anchor).encode() for anchor in ("objectives", "area-A", "country-MT")]
    return [*(re.sub(rb'nonce="[^"]+"', b"", one.content) for one in found), *made]


def test_withheld_figures_change_no_public_byte(malta):
    """Of figures that a country withholds, only that it does is in a snapshot, and in what everybody can get."""
    a_plan()
    publish(SCOREBOARD, "2020", {iso2: {} for iso2 in WHO}, is_example=False)
    submission = submission_at(State.ACCEPTED, malta, a_cycle([malta], edition=an_edition(SCOREBOARD), code="2023"))
    random, version = seeded(1), submission.accepted_version
    answer = next(one for one in version.answers if one["code"] == "2")
    got = []
    with clock.at(clock.now()):  # pages and files say when they were made
        for withheld in (True, True, False):
            answer |= {"figures": rows_of(random), "figures_withheld": withheld}
            version.save()
            assessment = lifecycle.consolidate(submission.cycle, by=an_officer())
            left_out = assessment.snapshot["strategy"]["index"]["withheld"]
            assert left_out == ([{"cycle": "2023", "n": 1}] if withheld else [])
            with transaction.atomic():
                got.append(public_bytes(assessment))
                transaction.set_rollback(True)
    first, second, shown = got
    assert first == second
    assert sum(one != other for one, other in zip(second, shown, strict=True)) > 10  # what is not withheld changes them


def test_a_questionnaire_without_objectives_has_no_chapter_on_them():
    """Its plan is shown with who has an action plan; nothing compares, on its page, a country's, or in the PDF."""
    a_plan(instrument=an_edition(HARBOUR).code, baseline={"year": 2020, "cycle": "2020"})
    random, document = seeded(3), importing.export(an_edition(HARBOUR))
    for cycle in ("2020", "2023"):
        issue = publish(HARBOUR, cycle, {iso2: random_answers(random, document) for iso2 in WHO}, is_example=False)
    shown = page()
    assert "Mean percent of the possible points, by objective" not in page_tables(shown)
    assert page_words(shown).count("No indicator of ") == 1
    assert "of 7 countries that take part" in page_words(shown)
    assert "Percent of the possible points, by objective" not in page_tables(Client().get("/countries/mt/"))
    assert Client().get(reverse("report_part", args=[issue.pk, "objectives"])).status_code == 404
    with pytest.raises(KeyError):
        pdf.section_html(issue, "objectives")


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


FIRST = ["implementation", "adopted", "evaluated", "development", "expired", "none"]  # of several plans, which counts


def draw_plans(random) -> list[tuple[str, str, str, bool]]:
    """Let countries enter plans, some invented, and show some of them; return (country, status, audience, invented)."""
    found = []
    for iso2 in [*WHO, *random.sample(WHO, 4), "FR"]:
        status, is_example = random.choice(FIRST), random.random() < 0.3
        country = a_country(iso2)
        facts = PlanFacts(title="" if status == "none" else f"Plan of {iso2}", status=status)
        entered = register.enter(country, facts, by=a_focal(country), is_example=is_example)
        for audience in random.sample(["country", "secretariat", "everybody", "everybody"], 2):  # the last one counts
            register.show(entered, audience, by=a_focal(country))
        found.append((iso2, status, audience, is_example))
    return found


def register_of(plans: list[tuple[str, str, str, bool]], *, invented: bool) -> dict[str, list[str]]:
    """The countries of the cycle by the status of the plan that counts, without those that show none to everybody."""
    shown = {iso2: [plan[1] for plan in plans if (plan[0], *plan[2:]) == (iso2, "everybody", invented)] for iso2 in WHO}
    counting = {iso2: min(statuses, key=FIRST.index) for iso2, statuses in shown.items() if statuses}
    by_status = {status: sorted(iso2 for iso2, one in counting.items() if one == status) for status in FIRST}
    return {status: some for status, some in by_status.items() if some}


@pytest.mark.parametrize("seed", range(3))
def test_process_objective_counts_published_plans(seed):
    """Private, shared, published and withdrawn plans; invented ones count with invented results and with no others."""
    a_plan()
    cycle = publish(SCOREBOARD, "2020", {iso2: {} for iso2 in WHO}, is_example=False).cycle
    plans = draw_plans(seeded(seed))
    real, invented = (register_of(plans, invented=one) for one in (False, True))
    assert real != invented
    said = page_words(page())
    have = sum(len(real.get(status, [])) for status in FIRST[:3])
    assert f"evaluated is published by {have} of 7 countries that take part." in said
    unknown = 7 - sum(map(len, real.values()))
    assert (f"{unknown} countr" in said) == bool(unknown)
    for status in FIRST:
        names = sorted((NAMES.get(iso2, f"Country {iso2}") for iso2 in real.get(status, [])), key=alphabetical)
        words = "No action plan" if status == "none" else ActionPlan.Status(status).label
        line = f"{words}: {' , '.join(names)}"
        assert (line in said) if names else (f"{words}: " not in said)
    for is_example, by_status in ((False, real), (True, invented)):
        cycle.is_example = is_example
        assert computing.read(cycle, Assessment.objects.get().snapshot)["strategy"]["register"] == {
            "of": 7,
            "have": sum(len(by_status.get(status, [])) for status in FIRST[:3]),
            "statuses": {status: len(some) for status, some in by_status.items()},
        }


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
