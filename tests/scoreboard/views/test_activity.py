"""The pages of the activity log: what they list, their filters, the files, and the check."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from scoreboard import activity, clock, rehearsal
from scoreboard.activity import Verb, checks, sealing
from scoreboard.models import ActivityEntry
from scoreboard.submissions import workflow
from tests import factories
from tests.factories import DECLARATION

pytestmark = pytest.mark.django_db


def listed(response) -> list[tuple[str, str]]:
    return [(entry.who, entry.what) for entry in response.context["page"]]


@pytest.fixture
def admin(db):
    return factories.a_person(name="Ada Admin", is_staff=True)


@pytest.fixture
def page(sign_in, officer):
    return lambda **filters: sign_in(officer).get(reverse("activity_list"), filters)


def test_a_step_is_listed_with_who_took_it(page, draft, focal):
    factories.fill(draft, by=focal)
    workflow.submit(draft, by=focal, **DECLARATION)
    response = page()
    assert listed(response)[0] == (str(focal), "Submitted")
    row = response.content.decode().split("<tbody>")[1].split("</tr>")[0]
    assert reverse("review", args=[draft.pk]) in row
    assert "Malta" in row
    assert "<bdi>1</bdi>" in row  # the version


@pytest.fixture
def some(draft, focal, officer, greece):
    """Entries of two people, about two countries, on three days."""
    ActivityEntry.objects.all().delete()
    for days, verb, by, about in (
        (0, Verb.CLAIM, officer, {"submission": draft}),
        (1, Verb.SIGN_IN, focal, {}),
        (2, Verb.CHANGE_ADDRESS, officer, {"person": focal}),
        (2, Verb.ADD_COUNTRY, officer, {"country": greece}),
    ):
        with clock.at(clock.now() - timedelta(days=days)):
            activity.record(verb, by=by, **about)


FILTERS = {
    "person": (lambda cast: cast["focal"].email[:8].upper(), ["Signed in", "Address changed"]),
    "country": (lambda cast: cast["draft"].country_id, ["Claimed for review"]),
    "cycle": (lambda cast: cast["draft"].cycle_id, ["Claimed for review"]),
    "verb": (lambda cast: "add_country", ["Country added to the cycle"]),
    "since": (lambda cast: clock.today() - timedelta(days=1), ["Claimed for review", "Signed in"]),
    "until": (
        lambda cast: clock.today() - timedelta(days=1),
        ["Signed in", "Country added to the cycle", "Address changed"],
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_narrows_the_list(page, some, draft, focal, name):
    value, expected = FILTERS[name]
    response = page(**{name: value({"draft": draft, "focal": focal})})
    assert [what for _who, what in listed(response)] == expected


def test_nothing_fits(page, some):
    assert "No entry fits these filters" in page(verb="withdraw").content.decode()


def test_what_was_rehearsed_is_not_listed(page, officer):
    with rehearsal.within():
        activity.record(Verb.ACCEPT, by=officer)
    assert listed(page()) == []


def test_an_account_that_is_gone_is_named_by_its_number(page, admin):
    activity.record(Verb.SIGN_IN, by=admin)
    number = admin.pk
    admin.delete()
    assert listed(page()) == [(f"Deleted account {number}", "Signed in")]


def test_administrators_read_it_without_links_to_reviews(sign_in, admin, some, draft):
    response = sign_in(admin).get(reverse("activity_list"))
    assert response.status_code == 200
    assert reverse("review", args=[draft.pk]) not in response.content.decode()


def _file(client, kind: str, **filters) -> bytes:
    response = client.get(reverse("activity_export", args=[kind]), filters)
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    return response.content


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_what_the_filters_leave_and_no_formula(sign_in, officer, some, focal, kind):
    focal.name = '=HYPERLINK("https://evil.example")'
    focal.save()
    activity.record(Verb.REPLY, by=focal, detail="@SUM(1+1)")
    content = _file(sign_in(officer), kind, person=focal.email)
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
        assert [row[4] for row in rows] == [f"'{focal.name}", f"'{focal.name}", str(officer)]
        assert rows[0][10] == "'@SUM(1+1)"
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        cells = list(sheet.iter_rows(min_row=2))
        assert [row[4].value for row in cells] == [focal.name, focal.name, str(officer)]
        assert [row[4].data_type for row in cells] == ["s", "s", "s"]
        assert cells[0][10].value == "@SUM(1+1)"
        assert cells[0][10].quotePrefix
    entry = ActivityEntry.objects.get(verb=Verb.EXPORT_ACTIVITY)
    assert (entry.by, entry.detail, entry.count) == (officer, kind, 3)


def test_a_file_that_would_be_cut_is_refused(sign_in, officer, some, monkeypatch):
    monkeypatch.setattr("scoreboard.table_files.MOST_ROWS", 3)
    response = sign_in(officer).get(reverse("activity_export", args=["csv"]))
    assert response.status_code == 409
    assert "The list has 4 rows, and a file takes 3." in response.content.decode()
    assert not ActivityEntry.objects.filter(verb=Verb.EXPORT_ACTIVITY).exists()


def test_a_kind_of_file_that_there_is_not(sign_in, officer):
    assert sign_in(officer).get(reverse("activity_export", args=["pdf"])).status_code == 404


def test_the_check_says_that_the_log_is_whole_or_what_is_not(sign_in, officer):
    client, address = sign_in(officer), reverse("activity_check")
    assert "The log was not checked yet" in client.get(address).content.decode()
    activity.record(Verb.SIGN_IN, by=officer)
    sealing.run()
    response = client.post(address, follow=True)
    assert "The log is as it was sealed" in response.content.decode()
    assert f"1:{response.context['head'].seal}" in response.content.decode()
    ActivityEntry.objects.update(detail="forged")
    client.post(address)
    said = client.get(address).content.decode()
    assert "Block 1: An entry was altered, or entries changed places." in " ".join(said.split())
    assert "The log is not as it was sealed" in client.get(reverse("activity_list")).content.decode()
    assert checks.last().entries == 1


@pytest.mark.parametrize("page", ["activity_list", "activity_export"])
def test_eight_entries_cost_as_many_queries_as_one(sign_in, officer, page):
    client, costs = sign_in(officer), []
    for iso2 in ("MT", "GR", "FR", "IT", "ES", "CY", "AL", "DE"):
        country = factories.a_country(iso2)
        activity.record(Verb.CLAIM, by=factories.a_focal(country), country=country)
        sealing.run()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(page, args=["csv"] if page == "activity_export" else [])).status_code == 200
        costs.append(len(queries))
    assert len(set(costs)) == 1
