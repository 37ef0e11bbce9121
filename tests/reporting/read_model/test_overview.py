"""The home page, the summary for the press and the search say what is published, and nothing else."""

import re
from fractions import Fraction
from statistics import mean, median

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.models import Assessment
from reporting.published import overview, searching, summary
from scoreboard.models import Country, Role
from scoreboard.questionnaire import importing
from tests import factories
from tests.factories import HARBOUR, HARBOUR_NEXT
from tests.pages import Page
from tests.reporting.published import NAMES, publish, random_answers, seeded

pytestmark = pytest.mark.django_db
READER = AnonymousUser()
CYCLES = {"2018": HARBOUR, "2022": HARBOUR, "2026": HARBOUR_NEXT}


@pytest.fixture
def countries():
    """The countries of the answers, all but one with a square."""
    for n, iso2 in enumerate(NAMES):
        country = factories.a_country(iso2)
        if iso2 != "ZA":
            Country.objects.filter(pk=country.pk).update(map_row=1 + n // 3, map_column=1 + n % 3)


@pytest.fixture
def world(countries):
    """Three published cycles of two editions with random answers: by cycle, the edition's document and the answers."""
    random, found = seeded(41), {}
    for code, path in CYCLES.items():
        document = importing.export(factories.an_edition(path))
        members = [iso2 for iso2 in NAMES if random.random() < 0.8]
        found[code] = document, {iso2: random_answers(random, document) for iso2 in members}
        publish(path, code, found[code][1], missing=[iso2 for iso2 in NAMES if iso2 not in members])
    return found


def share(indicators, answers):
    """The percentage of a country over some indicators, worked out again; None if none has a level."""
    points = possible = 0
    for one in indicators:
        rungs = sorted(level["value"] for level in one["levels"])
        answer = answers.get(one["code"], {})
        if answer.get("kind") == "level":
            points, possible = points + answer["level"] - rungs[0], possible + rungs[-1] - rungs[0]
    return Fraction(100 * points, possible) if possible else None


def percents(area, answers, codes=None):
    indicators = [one for one in area["indicators"] if codes is None or one["code"] in codes]
    each = {iso2: share(indicators, given) for iso2, given in answers.items()}
    return {iso2: percent for iso2, percent in each.items() if percent is not None}


def test_the_areas_are_those_of_the_answers_and_the_change_that_of_the_matched_set(world):
    document, answers = world["2026"]
    before, given_before = world["2022"]
    old = {one["code"]: one for area in before["areas"] for one in area["indicators"]}
    lines = overview.read(READER, "", lambda one: "").areas
    assert [line.area.code for line in lines] == [area["code"] for area in document["areas"]]
    compared = 0
    for line, area in zip(lines, document["areas"], strict=True):
        all_now = percents(area, answers).values()
        assert (line.now.median, line.now.mean, line.now.n) == (median(all_now), mean(all_now), len(all_now))
        same = {one["code"]: one["from"][0] for one in area["indicators"] if one.get("relation", "new") == "same"}
        now = percents(area, answers, same)
        then = percents({"indicators": [old[code] for code in same.values()]}, given_before)
        both = now.keys() & then.keys()
        assert line.n == len(both), area["code"]
        if both:
            assert line.by == median(now[one] for one in both) - median(then[one] for one in both)
            compared += 1
    assert compared


def test_the_map_shows_who_took_part_and_each_area(world):
    text = Page(Client().get("/")).text
    for iso2, name in NAMES.items():
        now = iso2 in world["2026"][1]
        ever = any(iso2 in answers for _document, answers in world.values())
        words = "reported in 2026" if now else "reported in an earlier cycle" if ever else "not yet"
        assert iso2 == "ZA" or f"{name}: {words}" in text.replace(f"Country {iso2}", name), (iso2, words)
    area = world["2026"][0]["areas"][1]
    drawn = overview.read(READER, area["code"].lower(), lambda one: "").map
    found = percents(area, world["2026"][1])
    assert {row.country.iso2 for row in drawn.rows} == world["2026"][1].keys()
    assert {row.country.iso2: row.sign.rung for row in drawn.rows if row.sign.rung is not None} == {
        iso2: min(3, int(percent // 25)) for iso2, percent in found.items()
    }
    assert [row.country.iso2 for row in drawn.without_square] == (["ZA"] if "ZA" in world["2026"][1] else [])


@pytest.mark.parametrize("cycles", [[], ["2018"]])
def test_the_home_page_is_right_with_no_cycle_and_with_one(countries, cycles):
    random, document = seeded(1), importing.export(factories.an_edition(HARBOUR))
    for code in cycles:
        publish(HARBOUR, code, {"MT": random_answers(random, document)})
    page = Page(Client().get("/"))
    assert page.h1.startswith("Αυτοαξιολόγηση" if cycles else "Scoreboard portal")
    assert ("Here is what they reported in 2018." in page.text) == bool(cycles)
    assert "since" not in page.text.split("The areas")[-1].split("Find a country")[0] or not cycles
    assert ("No assessment is published yet." in page.text) == (not cycles)
    assert "No cycle is open at present." in page.text


def test_the_home_page_costs_the_same_for_few_as_for_many(countries):
    random, document = seeded(2), importing.export(factories.an_edition(HARBOUR))

    def spent(url):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(url).status_code == 200
        return len(queries)

    publish(HARBOUR, "2018", {"MT": random_answers(random, document)})
    publish(HARBOUR, "2020", {"MT": random_answers(random, document)})
    urls = ("/", "/?map=P", "/reports/press/2020/", "/search/?q=said")
    few = [spent(url) for url in urls]
    for code in ("2022", "2024"):
        publish(HARBOUR, code, {iso2: random_answers(random, document) for iso2 in NAMES})
    assert [spent(url) for url in urls] == few


def test_the_summary_for_the_press_is_that_of_its_cycle(world):
    document, answers = world["2022"]
    found = summary.read(READER, "2022")
    page = Page(Client().get("/reports/press/2022/"))
    assert f"{len(answers)} of the {len(NAMES)} countries that take part" in page.text
    names = sorted((NAMES[iso2] for iso2 in answers), key=lambda name: name.replace("Å", "A"))
    assert f"Reported: {', '.join(names)}" in page.text
    means = {}
    for indicator in [one for area in document["areas"] for one in area["indicators"]]:
        each = [share([indicator], given) for given in answers.values()]
        if each := [one for one in each if one is not None]:
            means[indicator["code"]] = mean(each), len(each)
    assert [(spread.mean, spread.n) for one, spread in found.highest] == [means[one.code] for one, _s in found.highest]
    top = sorted((value for value, _n in means.values()), reverse=True)
    assert [spread.mean for _one, spread in found.highest] == top[:3]
    assert [spread.mean for _one, spread in found.lowest] == top[::-1][:3]
    assert found.since == "2018"
    assert Client().get("/reports/press/1999/").status_code == 404


def test_an_issue_for_observers_is_on_their_pages_alone(world, sign_in):
    publish(HARBOUR_NEXT, "2029", world["2026"][1], audience="observers", texts={"summary": "Secretly better."})
    member = sign_in(factories.a_person(Role.OBSERVER))
    assert "2029" not in Page(Client().get("/")).text
    assert "Country by country, 2029" in Page(member.get("/")).text
    assert [client.get("/reports/press/2029/").status_code for client in (Client(), member)] == [404, 200]
    asked = "/search/?q=secretly"
    assert ["Secretly better" in Page(client.get(asked)).text for client in (Client(), member)] == [False, True]


def test_a_withdrawal_takes_everything_from_the_pages_at_once(world):
    assessment = Assessment.objects.get(cycle__code="2026")
    factories.an_officer()
    from reporting.assessments import lifecycle

    assert "2026" in Page(Client().get("/")).text
    lifecycle.withdraw(assessment, reason="A figure was wrong.", by=factories.an_officer())
    assert "Country by country, 2022" in Page(Client().get("/")).text
    assert Client().get("/reports/press/2026/").status_code == 410
    assert "2026" not in Page(Client().get("/explore/")).text.split("Address of this view")[-1]


# --- search ----------------------------------------------------------------------------------------------------

SAID = {
    "MT": "Η ΑΣΤΥΝΟΜΊΑ ελέγχει τα λιμάνια.",
    "GR": "L’Été, la police contrôle les îles. 100% certain_ly",
    "AL": "Straße und Weg. Il-ħelsien, kod Đurđevca, Łódź, Smørum, Diyarbakır, cæsar.",
    "CY": "The <b>boarder</b> patrol\u00ad counts.",
    "ZA": "La policía vigila.",
}


@pytest.fixture
def said(countries):
    document = importing.export(factories.an_edition(HARBOUR))
    first = document["areas"][0]["indicators"][0]
    level = first["levels"][0]["value"]
    answer = {"kind": "level", "level": level, "reason": "", "withheld": False, "confirmed": False}
    answer |= {"figures": [], "figures_withheld": False}
    answers = {iso2: {first["code"]: answer | {"comment": text}} for iso2, text in SAID.items()}
    publish(HARBOUR, "2018", answers, texts={"summary": "Les ports de l’ÎLE.", "area-P": "Nothing."})


@pytest.mark.parametrize(
    ("words", "comments", "chapters"),
    [
        ("αστυνομια", ["MT"], 0),
        ("ΑΣΤΥΝΟΜΊΑ λιμανια", ["MT"], 0),
        ("ete", ["GR"], 0),
        ("ÉTÉ police", ["GR"], 0),
        ("ile", ["GR"], 1),
        ("STRASSE", ["AL"], 0),
        ("helsien DURDEVCA lodz smorum Diyarbakir CAESAR", ["AL"], 0),
        ("ĦELSIEN đurđevca łódź smørum DİYARBAKIR CÆSAR", ["AL"], 0),
        ("patrol counts", ["CY"], 0),
        ("100%", ["GR"], 0),
        ("certain_", ["GR"], 0),
        ("1_0", [], 0),
        ("%", ["GR"], 0),
        ("police patrol", [], 0),
        ("polic", ["ZA", "GR"], 0),  # by their names, whatever their codes
        ("", None, None),
        (" \u00ad ", None, None),
    ],
)
def test_the_search_folds_accents_and_case_and_takes_no_letter_for_another(said, words, comments, chapters):
    found = searching.search(READER, words)
    if comments is None:
        assert found is None
        return
    assert [one.iso2 for one in found.found["comments"]] == comments
    assert len(found.found["chapters"]) == chapters
    page = Client().get("/search/", {"q": words})
    assert page.status_code == 200
    for iso2 in comments:
        assert f"/countries/{iso2}/#answer-P1" in page.content.decode()


def test_a_name_opens_its_page_at_once(said):
    for query, path in (
        ("q=malta&in=countries", "/countries/mt/"),
        ("q=mt&in=countries", "/countries/mt/"),
        ("q=p1&in=indicators", "/indicators/P1/"),
    ):
        response = Client().get(f"/search/?{query}")
        assert (response.status_code, response["Location"]) == (302, path), query
        assert Client().get(path).status_code == 200
    [chapter] = [path for path in Page(Client().get("/search/?q=ports")).links.values() if "/chapters/" in path]
    assert chapter == "/cycles/2018/chapters/summary/"
    assert "Les ports" in Page(Client().get(chapter)).text
    assert Client().get("/search/?q=malta").status_code == 200
    assert "0 found for “zzz”" in Page(Client().get("/search/?q=zzz&in=countries")).text
    assert Client().get("/search/?q=x&page=-1&in=nothing").status_code == 200


def test_what_is_withheld_is_not_found(countries):
    document = importing.export(factories.an_edition(HARBOUR))
    answers = random_answers(seeded(1), document)
    for answer in answers.values():
        answer.update(comment="", withheld=True)
    publish(HARBOUR, "2018", {"MT": answers})
    assert not searching.search(READER, "said").found["comments"]


def test_the_catalogue_leads_to_the_summary(world):
    links = re.findall(r"/reports/press/(\d+)/", Client().get(reverse("report_list")).content.decode())
    assert links == ["2026", "2022", "2018"]
