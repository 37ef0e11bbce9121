"""The explore page and its files: each figure is that of the answers, each address has one form, nothing is ranked."""

import csv
import html
import io
import json
import re
from fractions import Fraction
from statistics import median

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from PIL import Image

from reporting.pdf import single
from reporting.published import exploring
from reporting.results.scoring import rounded
from scoreboard.models import Role
from scoreboard.questionnaire import importing
from tests import factories
from tests.factories import HARBOUR, HARBOUR_NEXT
from tests.pages import Page
from tests.reporting.published import GROUPS, NAMES, SUBREGIONS, publish, random_answers, seeded
from tests.requested_pdfs import made

pytestmark = pytest.mark.django_db
CYCLES = {"2018": HARBOUR, "2022": HARBOUR, "2026": HARBOUR_NEXT}


@pytest.fixture
def world():
    """Three published cycles of two editions with random answers: by cycle, the edition's document and the answers."""
    random, found = seeded(14), {}
    for code, path in CYCLES.items():
        document = importing.export(factories.an_edition(path))
        members = [iso2 for iso2 in NAMES if random.random() < 0.85]
        found[code] = document, {iso2: random_answers(random, document) for iso2 in members}
        publish(path, code, found[code][1])
    return found


def asked(client: Client, query: str) -> dict:
    """Return the rows of a view as its JSON has them, by country, code and cycle."""
    response = client.get(f"/explore/?{query}{'&' if query else ''}format=json", follow=True)
    assert response.status_code == 200, (query, response.status_code)
    rows = json.loads(response.content)["rows"]
    return {(row["country_iso2"], row["code"], row["cycle"]): row for row in rows}


def indicators(document, area=None):
    return [one for each in document["areas"] if area in (None, each["code"]) for one in each["indicators"]]


def rungs(indicator):
    return sorted(level["value"] for level in indicator["levels"])


def points(indicator, answer):
    ladder = rungs(indicator)
    return answer["level"] - ladder[0], ladder[-1] - ladder[0]


def tenth(value):
    return None if value is None else float(rounded(value))


def of_area(document, area, answers):
    """The percentage of an area and how many of its indicators have a level, worked out again."""
    given = [(one, answers[one["code"]]) for one in indicators(document, area) if one["code"] in answers]
    each = [points(one, answer) for one, answer in given if answer["kind"] == "level"]
    percent = Fraction(100 * sum(a for a, _b in each), sum(b for _a, b in each)) if each else None
    return percent, len(each), len(indicators(document, area))


def change_of_area(world, area, iso2, then="2022", now="2026"):
    """The change over indicators of the same wording with a level in both cycles, worked out again."""
    pairs = []
    before = {one["code"]: one for one in indicators(world[then][0])}
    for one in indicators(world[now][0], area):
        source = one["from"][0] if one.get("relation") == "same" else None
        first = world[then][1].get(iso2, {}).get(source, {})
        last = world[now][1].get(iso2, {}).get(one["code"], {})
        if first.get("kind") == last.get("kind") == "level":
            pairs.append((points(before[source], first), points(one, last)))
    if not pairs:
        return None, 0
    first, last = (Fraction(100 * sum(p[n][0] for p in pairs), sum(p[n][1] for p in pairs)) for n in (0, 1))
    return last - first, len(pairs)


def test_every_figure_of_an_area_is_that_of_the_answers(world):
    found = asked(Client(), "area=all")
    rounds = exploring.known(AnonymousUser()).rounds
    expected = {}
    for area in world["2026"][0]["areas"]:
        for place in rounds.area(area["code"]):
            code = place.issue.cycle_code
            document, answers = world[code]
            for iso2 in NAMES:
                if place.code is None:
                    row = ("not_asked", None, None, None)
                elif iso2 not in answers:
                    row = ("no_report", None, None, None)
                else:
                    percent, scored, of = of_area(document, place.code, answers[iso2])
                    row = ("unanswered" if percent is None else "percent", tenth(percent), scored, of)
                by, n = change_of_area(world, area["code"], iso2) if code == "2026" else (None, 0)
                expected[iso2, area["code"], code] = (*row, tenth(by), n or None)
    silent = {
        key[:2]
        for key in expected
        if all(expected[(*key[:2], code)][0] in ("no_report", "not_asked") for code in CYCLES)
    }
    shown = {
        key: tuple(row[name] for name in ("answer", "percent", "scored", "of", "change", "change_over_indicators"))
        for key, row in found.items()
    }
    assert shown == {key: row for key, row in expected.items() if key[:2] not in silent}
    assert len([row for row in shown.values() if row[4]]) > 3  # there is something to compare


def test_every_answer_to_an_indicator_is_the_one_given(world):
    found = asked(Client(), "area=all&indicator=all")
    known = {code: {one["code"]: one for one in indicators(document)} for code, (document, _a) in world.items()}
    shown = {one.label: one for one in exploring.known(AnonymousUser()).indicators.values()}
    compared = 0
    for (iso2, label, cycle), row in found.items():
        now = shown[label]
        source = now.code
        broken = False
        if cycle != "2026":
            wording = known["2026"][now.code]
            sources = wording.get("from", [])
            broken, source = wording.get("relation", "new") != "same", sources[0] if len(sources) == 1 else None
        if source is None:
            assert row["answer"] == "not_asked"
            continue
        answers = world[cycle][1]
        answer = answers.get(iso2, {}).get(source, {})
        assert row["answer"] == (answer.get("kind", "unanswered") if iso2 in answers else "no_report"), row
        assert row["level"] == answer.get("level")
        if answer.get("level") is not None:
            mine, possible = points(known[cycle][source], answer)
            assert row["percent"] == tenth(Fraction(100 * mine, possible))
        if row["change"] is not None:
            before = found[iso2, label, "2022"]
            assert (row["change"], broken) == (row["level"] - before["level"], False)
            compared += 1
    assert compared > 1
    revised = [one for one in indicators(world["2026"][0]) if one.get("relation", "new") != "same"]
    assert revised
    codes = {one["code"] for one in revised}
    labels = {label for label, one in shown.items() if one.code in codes}
    assert not [row for key, row in found.items() if key[1] in labels and row["change"] is not None]


def test_filters_keep_exactly_what_they_say(world):
    client = Client()
    area = world["2026"][0]["areas"][0]["code"]
    every = asked(client, f"area={area}")
    moved = {key[0]: row["change"] for key, row in every.items() if key[2] == "2026"}
    for word, keeps in (("rose", lambda by: by > 0), ("fell", lambda by: by < 0)):
        left = {key[0] for key in asked(client, f"area={area}&change={word}")}
        assert left == {iso2 for iso2, by in moved.items() if by is not None and keeps(by)}, word
    for iso2s, query in ((GROUPS["islands"], "group=islands"), (GROUPS["coast"], "group=coast")):
        assert {key[0] for key in asked(client, f"area={area}&{query}")} == {one for one in iso2s if one in moved}
    shore = {iso2 for iso2, name in SUBREGIONS.items() if name == "North Shore"}
    assert {key[0] for key in asked(client, f"area={area}&subregion=north-shore")} == shore & moved.keys()
    one = indicators(world["2026"][0])[0]
    for level in (str(rungs(one)[-1]), "unknown", "unanswered"):
        left = {key[0] for key in asked(client, f"indicator={one['code']}&level={level}")}
        given = {iso2: answers.get(one["code"], {"kind": "unanswered"}) for iso2, answers in world["2026"][1].items()}
        assert left == {
            iso2 for iso2, answer in given.items() if level in (str(answer.get("level")), answer["kind"])
        }, level


def test_rows_are_by_name_and_the_medians_are_those_of_the_rows(world):
    area = world["2026"][0]["areas"][0]["code"]
    page = Client().get(f"/explore/?area={area}&group=coast" if area != "P" else "/explore/?group=coast")
    names = re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a></th>', page.content.decode())
    assert names == [name for name in ("Åland", "Cyprus", "Greece", "Malta") if name in names]
    assert len(names) > 1
    for place, shown in zip(exploring.known(AnonymousUser()).rounds.area(area), page.context["medians"], strict=True):
        document, answers = world[place.issue.cycle_code]
        mine = [of_area(document, place.code, answers[one])[0] for one in GROUPS["coast"] if one in answers]
        mine = [one for one in mine if one is not None]
        assert (shown.median, shown.n) == (median(mine), len(mine))


def test_the_files_have_the_rows_of_the_page(world):
    client = Client()
    query = "area=all&cycles=2022,2026&compare=MT,ZA&sort=area"
    rows = json.loads(client.get(f"/explore/?{query}&format=json").content)["rows"]
    table = list(csv.DictReader(io.StringIO(client.get(f"/explore/?{query}&format=csv").content.decode("utf-8-sig"))))
    assert [(one["country"], one["code"], one["cycle"]) for one in table] == [
        (one["country"], one["code"], one["cycle"]) for one in rows
    ]
    assert {one["rows"] for one in table} == {str(len(rows))}
    assert {row["country_iso2"] for row in rows if row["compared"]} <= {"MT", "ZA"}
    book = load_workbook(io.BytesIO(client.get(f"/explore/?{query}&format=xlsx").content))
    heads, *lines = list(book["explore"].values)
    assert [dict(zip(heads, line, strict=True))["percent"] for line in lines] == [row["percent"] for row in rows]


def test_a_formula_in_a_name_stays_text(world, monkeypatch):
    from reporting.models import PublishedCountry

    PublishedCountry.objects.filter(iso2="MT").update(name={"en": "=HYPERLINK(1)"})
    content = Client().get("/explore/?format=csv").content.decode("utf-8-sig")
    assert {row["country"] for row in csv.DictReader(io.StringIO(content)) if row["country_iso2"] == "MT"} == {
        "'=HYPERLINK(1)"
    }


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("area=p", ""),  # the first area is the usual one
        ("show=area-R&cycles=&subregion=&group=&change=&sort=country", "area=R"),
        ("indicator=p1&area=P", "indicator=P1"),
        ("show=all-R", "area=R&indicator=all"),
        ("compare=za&compare=mt", "compare=MT,ZA"),
        ("cycles=2026,2018,2022", ""),
        ("sort=cycle&change=rose&area=R", "area=R&change=rose&sort=cycle"),
        ("group=Coast&page=1", "group=coast"),
        ("page=99", ""),
        ("cycles=2022%2C2026", "cycles=2022,2026"),
        ("format=csv&area=R", "area=R&format=csv"),
    ],
)
def test_other_ways_to_write_an_address_lead_to_one(world, asked, leads_to):
    response = Client().get(f"/explore/?{asked}")
    assert (response.status_code, response.get("Location")) == (
        302,
        f"/explore/?{leads_to}" if leads_to else "/explore/",
    )
    assert Client().get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("area=Nine", "There is no area “Nine”."),
        ("indicator=99", "There is no indicator “99”."),
        ("indicator=P1&area=R", "Indicator P1 is not in area R."),
        ("cycles=2026,1999", "There is no published cycle “1999”."),
        ("subregion=moon", "There is no sub-region “moon”."),
        ("group=moon", "There is no group “moon”."),
        ("level=3", "Only answers to indicators have a level"),
        ("indicator=P1&level=9", "No level is called “9”."),
        ("change=sideways", "Countries can have risen or fallen, not “sideways”."),
        ("compare=XX,MT", "No country “XX” has reported."),
        ("compare=AL,CY,GR,MT,TN,ZA", "Five countries are compared at most; left out:"),
        ("sort=percent", "Rows are not sorted by “percent”."),
        ("format=doc", "There is no format “doc”."),
        ("page=two", "There is no page “two”."),
        ("colour=red", "“colour” is nothing that this page can be asked for."),
        ("instrument=weather", "There is no questionnaire “weather”."),
        ("area=<b>", "There is no area “<b>”."),
    ],
)
def test_what_is_unknown_is_named(world, query, sentence):
    if query.startswith("compare=AL"):
        everybody = {iso2 for _document, answers in world.values() for iso2 in answers}
        assert everybody == set(NAMES)
    response = Client().get(f"/explore/?{query}")
    assert response.status_code == 200
    assert sentence in Page(response).text


def test_a_chart_has_its_source_and_the_numbers_of_the_view(world):
    client = Client()
    drawn = client.get("/explore/?compare=CY,MT&format=svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    text = drawn.content.decode()
    said = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text))
    assert "Invented example data. Source: Scoreboard portal, 2018 issue 1, 2022 issue 1, 2026 issue 1" in said
    rows = asked(client, "compare=CY,MT")
    shown = [row["percent"] for key, row in rows.items() if key[0] in ("CY", "MT") and row["percent"] is not None]
    assert shown
    assert all(f">{percent:.1f}</text>" in text for percent in shown)
    assert "chart-tiles" in client.get("/explore/?area=R&format=svg").content.decode()
    assert client.get("/explore/?area=all&format=svg").status_code == 404
    for query in ("area=all&compare=CY,MT&sort=area", "area=all&indicator=all&compare=CY,MT"):
        page = client.get(f"/explore/?{query}")
        charts = re.findall(r'href="([^"]+format=svg)"', page.content.decode())
        assert len(charts) == len(page.context["comparison"]) > 1
        for one, address in zip(page.context["comparison"][:3], charts, strict=False):
            found = client.get(f"/explore/{html.unescape(address)}")
            assert (found.status_code, found.content.decode()) == (200, str(one["chart"]))


def test_a_country_is_compared_with_a_group_that_it_is_not_in(world):
    """The median is that of the group; the country compared is next to it, and in the files after the rows."""
    members = [iso2 for iso2 in GROUPS["islands"] if iso2 in world["2026"][1]]
    query = "group=islands&compare=GR"
    page = Client().get(f"/explore/?{query}")
    [shown] = page.context["comparison"]
    assert [row.iso2 for row in shown["rows"]] == ["GR"]
    assert "GR" not in {row.iso2 for row in page.context["page"]}
    document, answers = world["2026"]
    mine = [one for iso2 in members if (one := of_area(document, "P", answers[iso2])[0]) is not None]
    middle = shown["medians"][-1]
    assert (middle.median, middle.lowest, middle.highest, middle.n) == (median(mine), min(mine), max(mine), len(mine))
    low, high = (str(rounded(one)) for one in (min(mine), max(mine)))
    assert f"{low} to {high} n = {len(mine)}" in Page(page).text
    assert [key[0] for key in asked(Client(), query)][-1] == "GR"


def test_a_picture_is_made_once_by_the_worker_and_bounded(world, monkeypatch):
    for address in ("/explore/?compare=CY,MT&format=png", "/countries/mt/areas.png", "/indicators/P1/levels.png"):
        picture = Image.open(io.BytesIO(made(Client(), address).content))
        assert (picture.format, picture.width) == ("PNG", 2 * 544), address
        assert len(picture.convert("RGB").getcolors(1_000_000)) > 10
        edges = [(0, 0, picture.width, 20), (picture.width - 20, 0, picture.width, picture.height)]
        edges.append((0, picture.height - 20, picture.width, picture.height))
        assert {len(picture.convert("RGB").crop(edge).getcolors()) for edge in edges} == {1}  # nothing is cut off
    again = Client().get("/explore/?compare=CY,MT&format=png&again=1")
    assert (again.status_code, again["Content-Type"]) == (200, "image/png")
    monkeypatch.setattr(single, "PICTURES", 3)
    assert Client().get("/explore/?compare=CY,MT&format=png").status_code == 200
    refused = Client().get("/explore/?compare=GR&format=png")
    assert refused.status_code == 409
    assert "Many pictures were asked for within the last hour." in Page(refused).text


def test_only_what_a_reader_may_read_is_there(world, sign_in):
    publish(HARBOUR_NEXT, "2029", world["2026"][1], audience="observers")
    member = sign_in(factories.a_person(Role.OBSERVER))
    assert "2029" not in Page(Client().get("/explore/")).text
    assert "There is no published cycle “2029”" in Page(Client().get("/explore/?cycles=2029")).text
    assert "2029" in Page(member.get("/explore/")).text


def test_before_anything_is_published_the_page_says_so(db):
    assert "Nothing is published yet" in Page(Client().get("/explore/")).text
    assert "Nothing is published yet" in Page(Client().get("/explore/?format=csv")).text


def test_the_page_costs_the_same_for_few_as_for_many(db):
    random = seeded(3)
    document = importing.export(factories.an_edition(HARBOUR))

    def spent(query):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(f"/explore/?{query}").status_code == 200
        return len(queries)

    publish(HARBOUR, "2018", {"MT": random_answers(random, document)})
    publish(HARBOUR, "2022", {"MT": random_answers(random, document)})
    queries = ("", "area=all&compare=MT", "area=all&indicator=all")
    few = [spent(query) for query in queries]
    for code in ("2024", "2026"):
        publish(HARBOUR, code, {f"A{letter}": random_answers(random, document) for letter in "ABCDEFGH"} | {"MT": {}})
    assert [spent(query) for query in queries] == few
