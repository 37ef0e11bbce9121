"""Who reads the flat tables of the API, what they cost, and what their files do not say."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reporting.assessments import lifecycle
from reporting.published.open_tables import TABLES
from scoreboard.models import Role
from scoreboard.questionnaire import importing
from tests.factories import HARBOUR, a_person, an_edition, an_officer
from tests.reporting.open_data import file, get, pages
from tests.reporting.published import publish, random_answers, seeded
from tests.reporting.snapshots import an_answer

pytestmark = pytest.mark.django_db


def a_cycle(code="2024", path=HARBOUR, seed=1, **more):
    edition = importing.export(an_edition(path))
    countries = ["MT", *more.pop("more", ())]
    answers = {iso2: random_answers(seeded(seed + n), edition) for n, iso2 in enumerate(countries)}
    return publish(path, code, answers, **more)


def test_each_reads_what_pages_show_and_nothing_withdrawn(db, sign_in):
    a_cycle("2021")
    hidden = a_cycle("2024", audience="observers")
    observer, nobody = sign_in(a_person(Role.OBSERVER)), sign_in(a_person(name="Noel Nobody"))

    def seen(client) -> list[list[str]]:
        names = ("levels", "results", "distributions", "indicators", "cycles", "participation")
        found = [list(dict.fromkeys(row["cycle"] for row in file(name, client))) for name in names]
        assert all(one == found[0] for one in found)
        return found[0]

    assert [seen(client) for client in (Client(), nobody, observer)] == [["2021"], ["2021"], ["2021", "2024"]]
    assert len(get("datapackage.json", observer).json()["sources"]) == 2
    lifecycle.withdraw(hidden, reason="A figure was wrong.", by=an_officer())
    assert [seen(client) for client in (Client(), observer)] == [["2021"], ["2021"]]
    a_cycle("2023", is_example=False)
    assert [seen(client) for client in (Client(), observer)] == [["2023"], ["2023"]], "nothing invented among the real"


def test_no_cell_is_a_formula(db):
    edition = importing.export(an_edition(HARBOUR))
    answers = random_answers(seeded(1), edition)
    answers["P1"] = an_answer(2, comment="=cmd|' /C calc'!A1")
    publish(HARBOUR, "2024", {"MT": answers})
    [row] = [one for one in file("comments") if one["indicator"] == "P1"]
    assert row["comment"] == "'=cmd|' /C calc'!A1"
    assert pages("comments")[0]["comment"] == "=cmd|' /C calc'!A1"


def test_tables_cost_the_same_for_one_country_and_cycle_and_for_several(db):
    costs = []
    for codes, more in ((["2016"], ()), (["2017", "2018"], ("GR", "TN", "AL"))):
        for code in codes:
            a_cycle(code, more=more)
        costs.append({})
        for path in ("datapackage.json", *(f"{one.name}{end}" for one in TABLES for end in ("/", ".csv"))):
            with CaptureQueriesContext(connection) as queries:
                get(path).getvalue()
            costs[-1][path] = len(queries)
    assert costs[0] == costs[1]
