"""Who finds which page over all cycles: nothing withdrawn, nothing for others, nothing invented among real results."""

import html
import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve, reverse

from reporting.assessments import lifecycle
from reporting.models import NOT_LISTED, Assessment
from reporting.published import writing
from scoreboard.models import CountryGroup, Role
from scoreboard.questionnaire import importing
from tests.factories import HARBOUR, HARBOUR_NEXT, SCOREBOARD, a_country, a_person, an_edition, an_officer
from tests.reporting.published import publish, random_answers, seeded
from tests.reporting.reading import page_tables, page_words

pytestmark = pytest.mark.django_db

PAGES = ("/countries/mt/", "/indicators/P1/", "/areas/P/", "/groups/coast/", "/cycles/2024/")
PAGES += ("/cycles/2024/chapters/area-p/",)
FILES = (
    "/countries/mt/answers.csv",
    "/indicators/P1/answers.csv",
    "/countries/mt/areas.svg",
    "/indicators/P1/levels.svg",
)


def published(code="2024", path=HARBOUR, seed=1, **more):
    edition = importing.export(an_edition(path))
    a_country("MT")
    CountryGroup.objects.get_or_create(code="coast", defaults={"name": {"en": "Coast"}})
    answers = {iso2: random_answers(seeded(seed + n), edition) for n, iso2 in enumerate(("MT", "GR"))}
    return publish(path, code, answers, **more)


def statuses(client=None):
    return {(client or Client()).get(address).status_code for address in (*PAGES, *FILES)}


def test_a_withdrawn_assessment_leaves_a_sentence_and_410(db):
    assert statuses() == {404}
    issue = published()
    assert statuses() == {200}
    lifecycle.withdraw(issue, reason="A figure was wrong.", by=an_officer())
    assert statuses() == {410}
    said = Client().get("/countries/mt/").content.decode()
    assert "was withdrawn by the Secretariat" in said
    assert "A figure was wrong." not in said
    # What it never had stays unknown, also to somebody who tries.
    for address in ("/countries/al/", "/indicators/14/", "/areas/no/", "/groups/nothing/", "/cycles/2025/"):
        assert Client().get(address).status_code == 404


def test_what_is_for_observers_is_not_there_for_others(db, sign_in):
    issue = published(audience="observers")
    observer, nobody = sign_in(a_person(Role.OBSERVER)), sign_in(a_person(name="Noel Nobody"))
    assert (statuses(), statuses(nobody), statuses(observer)) == ({404}, {404}, {200})
    lifecycle.withdraw(issue, reason="A figure was wrong.", by=an_officer())
    assert (statuses(), statuses(nobody), statuses(observer)) == ({404}, {404}, {410})


def test_invented_cycles_are_left_out_where_real_ones_are_published(db):
    published("2021")
    assert "Invented example data." in Client().get("/countries/mt/").content.decode()
    published("2024", is_example=False, seed=5)
    page = Client().get("/countries/mt/").content.decode()
    assert "Invented example data." not in page
    assert "2021" not in page
    assert "Invented example data." in Client().get("/cycles/2021/").content.decode()
    assert "2024" not in Client().get("/cycles/2021/").content.decode()


@pytest.mark.parametrize(
    ("old", "status", "new"),
    [
        ("/countries/MT/?x=1", 301, "/countries/mt/?x=1"),
        ("/indicators/p1/", 302, "/indicators/P1/"),
        ("/indicators/harbour-1/P1/", 302, "/indicators/P1/"),
        ("/indicators/scoreboard-2017/C14/?x=1", 302, "/indicators/scoreboard-2017/14/?x=1"),
        ("/areas/harbour-1/p/", 302, "/areas/P/"),
        ("/cycles/2024/chapters/area-P/", 301, "/cycles/2024/chapters/area-p/"),
    ],
)
def test_each_page_has_one_address(db, old, status, new):
    published("2023", SCOREBOARD)
    published("2024", HARBOUR)
    response = Client().get(old)
    assert (response.status_code, response["Location"]) == (status, new)
    assert Client().get(new).status_code == 200


def paths(address: str) -> list[str]:
    """Return where a page leads to within the portal, and what it lets others embed."""
    page = html.unescape(Client().get(address).content.decode())
    return [
        one for one in re.findall(r'(?:href|src)="(?:http://localhost:8000)?(/[^"#]*)', page) if "/static/" not in one
    ]


def test_two_questionnaires_have_their_own_addresses(db):
    """No edition names its questionnaire: the first one's code does. That of the latest cycle needs no name."""
    published("2020", SCOREBOARD, is_example=False)
    published("2023", SCOREBOARD, is_example=False, seed=2)
    published("2024", HARBOUR, is_example=False)
    own = "/indicators/scoreboard-2017/14/"
    links = paths(own)
    around = re.findall(r'rel="(?:prev|next)" href="([^"]+)"', Client().get(own).content.decode())
    assert around == ["/indicators/scoreboard-2017/13/", "/indicators/scoreboard-2017/15/"]
    assert {"/areas/scoreboard-2017/C/", f"{own}answers.json", f"{own}levels.svg"} <= set(links)
    assert "/explore/?instrument=scoreboard-2017&indicator=14" in links
    assert f"/embed/en{own}" in links
    country = set(paths("/countries/mt/"))
    assert {"/countries/mt/areas.svg", "/countries/mt/scoreboard-2017/areas.svg", own, "/indicators/P1/"} <= country
    assert {"/embed/en/countries/mt/", "/embed/en/countries/mt/scoreboard-2017/"} <= country
    assert own in paths("/explore/?instrument=scoreboard-2017&indicator=14")
    assert "/indicators/P1/" in paths("/explore/?indicator=P1")
    assert own in paths("/indicators/")
    assert Client().get("/search/?q=c14&in=indicators")["Location"] == own
    assert Client().get("/search/?q=p1&in=indicators")["Location"] == "/indicators/P1/"
    sitemap = Client().get("/sitemap.xml").content.decode()
    assert {f"<loc>http://localhost:8000{one}</loc>" in sitemap for one in (own, "/indicators/P1/")} == {True}
    pages = ("/", own, "/areas/scoreboard-2017/C/", "/countries/mt/", "/cycles/2023/", "/groups/coast/", "/indicators/")
    pages += ("/explore/?instrument=scoreboard-2017&area=all", "/search/?q=said", "/indicators/P1/", "/areas/P/")
    kinds = {}
    for page in pages:  # one link of each kind and questionnaire
        for link in paths(page):
            name = resolve(urlsplit(link).path).url_name
            kinds.setdefault((name, "scoreboard-2017" in link, "png" in link, page in pages[:5]), link)
    found = {link: Client().get(link).status_code for (_name, _own, is_png, _page), link in kinds.items() if not is_png}
    assert {link: status for link, status in found.items() if status not in (200, 302)} == {}


def test_an_indicator_that_is_no_longer_asked_is_as_it_was_last(db):
    published("2021", HARBOUR)
    published("2024", HARBOUR_NEXT)
    page = Client().get("/indicators/Q1/")
    assert page.context["page"].latest.cycle_code == "2021"
    assert "/explore/?indicator" not in page.content.decode()  # which knows only what is asked now
    assert Client().get("/indicators/R3/").context["page"].latest.cycle_code == "2024"


def test_a_country_that_has_not_reported_is_not_said_to_have(db):
    published(missing=["TN"])
    page = Client().get("/countries/tn/").content.decode()
    assert "No published assessment counts answers of Tunisia yet." in page
    assert reverse("cycle_overview", args=["2024"]) in page


def test_the_figures_of_a_country(db):
    """Sums by year; a year that two cycles report is as the later one has it; a withheld table is named."""
    edition = importing.export(an_edition(HARBOUR))
    for code, rows, withheld in (
        ("2018", [(2016, 5, "1.5"), (2017, 7, None), (2017, 1, "2.5")], False),
        ("2021", [(2017, 40, "0.5"), (2019, 2, None)], False),
        ("2024", [], True),
    ):
        answers = random_answers(seeded(1), edition)
        figures = [
            {"year": year, "species": "Some mussel", "individuals": n} | ({"surface": surface} if surface else {})
            for year, n, surface in rows
        ]
        answers["Q2"] |= {"figures": figures, "figures_withheld": withheld}
        publish(HARBOUR, code, {"MT": answers})
    response = Client().get("/countries/mt/")
    found = {caption: rows for caption, rows in page_tables(response).items() if ":" in caption}
    assert [[row[1:] for row in rows[1:]] for rows in found.values()] == [
        [["5"], ["40"], ["2"]],
        [["1.5"], ["0.5"], ["–no value"]],
    ]
    assert [row[0] for row in next(iter(found.values()))[1:]] == ["2016", "2017", "2019"]
    assert "Figures are withheld at the country’s wish in: 2024" in page_words(response)


def test_countries_without_a_name_are_in_the_figures_and_nowhere_else(db):
    """A snapshot that leaves countries unnamed has them in the results of areas and indicators alone."""
    issue = published()
    issue.snapshot["countries"] = [one for one in issue.snapshot["countries"] if one["iso2"] != "GR"]
    del issue.snapshot["results"]["countries"]["GR"]
    issue.snapshot["unnamed"] = {"reported": 1, "not_reported": 2}
    issue.save()
    writing.write(issue)
    assert Client().get("/countries/gr/").status_code == 404
    for address in (*PAGES[1:5], FILES[1], "/countries/"):
        assert "Greece" not in Client().get(address).content.decode(), address
    overview = Client().get("/cycles/2024/").content.decode()
    assert "What 2 of 4 participating countries reported" in overview
    assert "1 country counts in 2024 without a name" in overview
    counts = page_tables(Client().get("/indicators/P1/"))["How many countries gave each answer"]
    assert sum(int(row[1]) for row in counts[1:]) == 2


def test_the_overview_lists_the_files_and_each_can_be_had(assessment_at):
    """Files for machines only, such as the pictures of links, are not in the list."""
    issue = assessment_at(Assessment.Status.PUBLISHED)
    page = Client().get(reverse("cycle_overview", args=[issue.cycle.code]))
    links = re.findall(rf'href="(/reports/{issue.pk}/(?:pdf|files/[a-z_]+)/)"', page.content.decode())
    kinds = set(issue.products.values_list("kind", flat=True)) - set(NOT_LISTED) | {"pdf"}
    assert len(links) == len(kinds)
    assert {Client().get(link).status_code for link in links} == {200}
