"""Countries side by side: what each person sees of them, the gaps that they share, and saved selections."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock
from scoreboard.models import ActionPlan, CountryGroup, CountrySelection, GroupMembership, PlanAction, State
from scoreboard.questionnaire import importing
from tests.factories import SCOREBOARD, a_country, a_cycle, a_focal, an_edition, an_officer, submission_at
from tests.reporting.published import publish, random_answers, seeded
from tests.reporting.reading import page_tables, page_words
from tests.reporting.snapshots import an_answer

pytestmark = pytest.mark.django_db

WHO = ["MT", "GR", "CY", "TN"]
NAMES = {"CY": "Cyprus", "GR": "Greece", "MT": "Malta", "TN": "Tunisia"}


def a_plan(iso2, audience, *actions, status="adopted", **fields) -> ActionPlan:
    """Enter a plan with actions, each a text and the indicators that it should lift."""
    country = a_country(iso2)
    shown = {} if audience == "country" else {"shared_at": clock.now()}
    if audience == "everybody":
        shown |= {"published_at": clock.now(), "published_by": an_officer()}
    plan = ActionPlan.objects.create(
        country=country,
        title=f"Plan of {iso2}",
        status=status,
        audience=audience,
        changed_by=a_focal(country),
        edition=an_edition(SCOREBOARD),
        **shown | fields,
    )
    for n, (text, codes) in enumerate(actions, start=1):
        PlanAction.objects.create(plan=plan, number=n, text=text, indicators=codes, changed_by=a_focal(country))
    return plan


def shown(client, *iso2s, **query):
    response = client.get(reverse("side_by_side"), {"country": iso2s, **query})
    assert response.status_code == 200
    return response


def levels(response) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in page_tables(response)["Levels by country and indicator"][1:]}


@pytest.fixture
def drawn():
    """Published answers of four countries, by country."""
    random = seeded(3)
    edition = importing.export(an_edition(SCOREBOARD))
    answers = {iso2: random_answers(random, edition) for iso2 in WHO}
    for iso2 in WHO:
        a_country(iso2)
    publish(SCOREBOARD, "2023", answers)
    return answers


def test_gaps_and_levels_are_those_of_the_published_answers(drawn, sign_in, observer):
    response = shown(sign_in(observer), *WHO)
    edition = an_edition(SCOREBOARD)
    signs = {"unknown": "?", "not_applicable": "n/a", "": "–"}
    table = levels(response)
    below = {}
    for iso2, answers in drawn.items():
        mine = []
        for one in edition.all_indicators:
            answer = answers.get(one.code, {"kind": "", "level": None})
            mine.append(str(answer["level"]) if answer["kind"] == "level" else signs[answer["kind"]])
            if answer["kind"] == "level":
                below.setdefault(one.label, []).append((iso2, answer["level"] < one.ladder[-1].value))
        assert table[NAMES[iso2]] == mine
    rows = page_tables(response)["Indicators below the highest level, most countries first"][1:]
    gaps = {row[0].split()[0]: row[1:3] for row in rows}
    assert gaps == {
        label: [
            f"{sum(is_gap for _iso2, is_gap in some)} of {len(some)}",
            ", ".join(sorted(NAMES[iso2] for iso2, is_gap in some if is_gap)),
        ]
        for label, some in below.items()
        if sum(is_gap for _iso2, is_gap in some) > 1
    }
    counts = [int(row[0].split()[0]) for row in gaps.values()]
    assert counts == sorted(counts, reverse=True)


def test_each_sees_what_they_may(sign_in, officer, analyst, observer):
    """Malta and Greece are accepted and nothing is published: officers and analysts see both, Malta its own."""
    countries = [a_country(iso2) for iso2 in WHO]
    cycle = a_cycle(countries, edition=an_edition(SCOREBOARD), code="2026")
    for country in countries[:2]:
        submission_at(State.ACCEPTED, country, cycle)
    submission_at(State.SUBMITTED, countries[2], cycle)  # not accepted: nobody's
    a_plan("MT", "country", ("Only ours.", ["1"]))
    a_plan("GR", "secretariat", ("For the Secretariat.", ["1"]))
    a_plan("CY", "everybody", ("For everybody.", ["1"]))
    seen = {
        "officer": ({"Malta", "Greece"}, {"Plan of GR", "Plan of CY"}),
        "analyst": ({"Malta", "Greece"}, {"Plan of GR", "Plan of CY"}),
        "focal": ({"Malta"}, {"Plan of MT", "Plan of CY"}),
        "observer": (set(), {"Plan of CY"}),
    }
    people = {"officer": officer, "analyst": analyst, "observer": observer, "focal": a_focal(countries[0])}
    for role, (answers, plans) in seen.items():
        response = shown(sign_in(people[role]), *WHO)
        tables, said = page_tables(response), response.content.decode()
        if answers:
            table = levels(response)
            assert {name for name, row in table.items() if len(row) > 1} == answers, role
        else:
            assert "no accepted or published answers that you may see" in page_words(response)
        rows = tables["The action plans that you see, by country"][1:]
        assert {row[2].removesuffix(" Action plan") for row in rows if len(row) > 2} == plans, role
        links = re.findall(r'<a href="([^"]+)"><bdi>Plan of ..</bdi>', said)
        assert [sign_in(people[role]).get(one).status_code for one in links] == [200] * len(plans), role
        for audience, text in (("MT", "Only ours."), ("GR", "For the Secretariat.")):
            # Actions are listed where two countries that are seen have one on the same indicator.
            assert (text in said) == (bool(answers) and f"Plan of {audience}" in plans), (role, text)


def test_actions_on_the_same_indicator_are_side_by_side(drawn, sign_in, observer):
    a_plan("MT", "everybody", ("Train judges.", ["1", "3"]), ("Count birds.", ["2"]))
    a_plan("GR", "everybody", ("Train police.", ["3"]))
    dropped = a_plan("CY", "everybody", ("Dropped.", ["2"]))
    dropped.actions.update(status="dropped")
    said = page_words(shown(sign_in(observer), *WHO))
    label = {one.code: one.label for one in an_edition(SCOREBOARD).all_indicators}
    shared = said[said.index("Actions on the same indicators") : said.index("All levels")]
    assert label["3"] in shared
    assert "Malta : Train judges." in shared
    assert "Greece : Train police." in shared
    assert "Count birds." not in said
    assert "Dropped." not in said


def test_groups_and_subregions_select_their_countries_of_today(drawn, sign_in, observer):
    group = CountryGroup.objects.create(code="coast", name="Coast")
    for iso2, until in (("MT", None), ("GR", "2020-01-01")):
        GroupMembership.objects.create(group=group, country=a_country(iso2), until=until)
    tunisia = a_country("TN")
    tunisia.subregion = "South Shore"
    tunisia.save()
    client = sign_in(observer)
    assert set(levels(shown(client, group="coast"))) == {"Malta"}
    assert set(levels(shown(client, group="coast", subregion="South Shore"))) == {"Malta", "Tunisia"}
    assert set(levels(shown(client, "CY", "XX", group="none"))) == {"Cyprus"}
    assert "Choose at least one group" in page_words(shown(client))
    assert set(levels(shown(sign_in(a_focal(tunisia))))) == {"Tunisia"}  # of one's own sub-region, unless one chooses


def test_a_selection_is_saved_found_and_deleted(sign_in, observer, officer):
    for iso2 in ("MT", "GR"):
        a_country(iso2)
    client, address = sign_in(observer), reverse("country_selections")
    query = "country=GR&country=MT"
    refused = [(address, "x", "Choose countries first")]
    refused += [(f"{address}?{query}", "", "Give the selection a name")]
    for where, name, sentence in refused:
        assert sentence in client.post(where, {"save": "yes", "name": name}).content.decode()
    for _twice in range(2):  # one of the same name is replaced
        response = client.post(f"{address}?{query}", {"save": "yes", "name": "Islands"})
        assert response["Location"] == f"{reverse('side_by_side')}?{query}"
    saved = CountrySelection.objects.get()
    assert (saved.owner, saved.query) == (observer, query)
    assert "Islands" in client.get(reverse("side_by_side")).content.decode()
    other = sign_in(officer)
    assert "Islands" not in other.get(reverse("side_by_side")).content.decode()
    assert other.post(address, {"delete": str(saved.pk)}).status_code == 404
    assert client.post(address, {"delete": str(saved.pk)}).status_code == 302
    assert not CountrySelection.objects.exists()


def test_costs_the_same_for_few_and_many_countries(sign_in, officer):
    client, costs = sign_in(officer), {}
    for size in (2, 8):
        codes = [f"A{n}" for n in range(size)]
        publish(SCOREBOARD, "2026", {iso2: {"1": an_answer(1)} for iso2 in codes})
        for iso2 in codes[len(costs) and 2 :]:
            a_plan(iso2, "everybody", ("Count.", ["1"]))
        shown(client, *codes)  # the questionnaire is read once in each process
        with CaptureQueriesContext(connection) as queries:
            assert len(levels(shown(client, *codes))) == size
        costs[size] = len(queries)
    assert costs[8] == costs[2]
