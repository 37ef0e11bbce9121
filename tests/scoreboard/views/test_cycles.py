"""The cycles' pages: list, board, setting up, editing and opening."""

import html
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import outbox
from scoreboard.models import Cycle, Mail, State
from tests.factories import HARBOUR, a_country, a_cycle, a_focal, an_edition, submission_at


def page(name, cycle=None):
    return reverse(name, args=[cycle.code] if cycle else [])


def words(response):
    """The page's text as one line, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def heading(response):
    return html.unescape(re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.S)[1])


def day(days):
    return (clock.now().date() + timedelta(days=days)).isoformat()


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer)


@pytest.fixture
def typed(db, malta, greece):
    """What an officer types to set up a cycle."""
    return {
        "title_0": "Scoreboard 2029",
        "code": "2029",
        "edition": an_edition().pk,
        "opens": day(1),
        "deadline": day(30),
        "closes": day(60),
        "time_zone": "Africa/Tunis",
        "basis": "answered",
        "statement_days": "21",
        "countries": [malta.pk, greece.pk],
    }


# --- who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("cycle_board", [200, 200, 403, 404, 404]),
        ("cycle_edit", [200, 403, 403, 404, 404]),
        ("cycle_open", [200, 403, 403, 404, 404]),
    ],
)
def test_a_page_about_a_cycle_opens_by_role_and_scope(
    name, statuses, cycle, officer, analyst, focal, observer, sign_in
):
    stranger = a_focal(a_country("CY"))  # whose country takes no part
    people = [officer, analyst, focal, stranger, observer]
    assert [sign_in(person).get(page(name, cycle)).status_code for person in people] == statuses
    assert Client().get(page(name, cycle)).status_code == 302


def test_only_officers_set_up_cycles(officer, analyst, focal, observer, sign_in):
    people = [officer, analyst, focal, observer]
    assert [sign_in(person).get(page("cycle_new")).status_code for person in people] == [200, 403, 403, 403]
    assert Client().get(page("cycle_new")).status_code == 302


def test_a_planned_cycle_is_the_officers_alone(malta, officer, analyst, focal, sign_in):
    planned = a_cycle([malta], opened=False)
    people = [officer, analyst, focal]
    assert [sign_in(person).get(page("cycle_board", planned)).status_code for person in people] == [200, 404, 404]


# --- the list ------------------------------------------------------------------------------------------------


def test_the_list_shows_each_cycle_with_its_standing_and_counts(malta, greece, officer, desk):
    edition = an_edition()
    running = a_cycle([malta, greece], edition=edition, is_example=True)
    submission_at(State.SUBMITTED, malta, running)
    a_cycle([malta], code="2029", edition=edition, opened=False)
    future = a_cycle([malta], code="2028", edition=edition, opens=clock.now().date() + timedelta(days=9))
    past = a_cycle([malta], code="2023", edition=edition)
    early = clock.now().date() - timedelta(days=99)
    Cycle.objects.filter(pk=past.pk).update(opens=early, deadline=early, closes=early)

    response = desk.get(page("cycle_list"))
    shown = words(response)
    assert heading(response) == "Cycles"
    assert f"Scoreboard 2026 invented example data Open since {running.day().day}" in shown
    assert "Scoreboard 2029 Planned" in shown
    assert f"Scoreboard 2028 Opens on {future.opens.day}" in shown
    assert "Scoreboard 2023 Closed since" in shown
    counts = {
        cycle.code: (cycle.draft, cycle.submitted, cycle.returned, cycle.accepted) for cycle in response.context["page"]
    }
    assert counts["2026"] == (1, 1, 0, 0)
    assert list(counts) == ["2028", "2026", "2029", "2023"]  # the latest first
    assert page("cycle_new") in response.content.decode()


def test_a_focal_point_sees_the_own_part_and_no_other_countries(cycle, greece, focal, sign_in):
    submission_at(State.SUBMITTED, greece, cycle)
    response = sign_in(focal).get(page("cycle_list"))
    assert "Malta Draft" in words(response)
    assert "Greece" not in words(response)
    assert page("cycle_board", cycle) not in response.content.decode()


def test_an_empty_list_says_what_will_appear(officer, observer, sign_in):
    assert "Set up the first one" in words(sign_in(officer).get(page("cycle_list")))
    assert "as soon as the Secretariat opens them" in words(sign_in(observer).get(page("cycle_list")))


@pytest.mark.parametrize("role", ["officer", "focal"])
def test_the_list_costs_the_same_for_one_row_and_for_three(role, cycle, malta, request, sign_in):
    client = sign_in(request.getfixturevalue(role))
    client.get(page("cycle_list"))
    with CaptureQueriesContext(connection) as one:
        client.get(page("cycle_list"))
    for code in ("2029", "2032"):
        a_cycle([malta], code=code, edition=cycle.edition)
    with CaptureQueriesContext(connection) as three:
        response = client.get(page("cycle_list"))
    assert len(response.context["page"]) == 3
    assert len(three) == len(one)


# --- setting up and editing ----------------------------------------------------------------------------------


def test_a_cycle_is_set_up_with_its_countries(typed, desk):
    response = desk.post(page("cycle_new"), typed, follow=True)
    assert heading(response) == "Scoreboard 2029"
    assert "The cycle is set up." in words(response)
    cycle = Cycle.objects.get(code="2029")
    assert (str(cycle.title), cycle.time_zone, cycle.opened_at) == ("Scoreboard 2029", "Africa/Tunis", None)
    assert sorted(str(country) for country in cycle.countries.all()) == ["Greece", "Malta"]
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"deadline": day(0)}, "Deadline: The deadline is before the day on which the cycle opens."),
        ({"closes": day(29)}, "Closes: The cycle closes before its deadline."),
        ({"opens": "soon"}, "Opens: Type a date such as 2026-09-30."),
        ({"time_zone": "Europe/Atlantis"}, "Time zone: There is no time zone of this name."),
        ({"title_0": ""}, "Title: Give the cycle a title"),
        ({"code": "new"}, "Code: Choose another code"),
        ({"code": "two words"}, "Code: Enter a valid"),
        ({"edition": "999"}, "Edition of the questionnaire: Select a valid choice."),
        ({"countries": ["999"]}, "Participating countries: Select a valid choice."),
    ],
)
def test_a_cycle_that_makes_no_sense_is_asked_again_by_field(change, sentence, typed, desk):
    response = desk.post(page("cycle_new"), typed | change)
    assert response.status_code == 200
    assert words(response).startswith("Error: Set up a cycle")
    assert sentence in words(response)
    assert not Cycle.objects.exists()


def test_a_taken_code_is_refused(typed, cycle, desk):
    response = desk.post(page("cycle_new"), typed | {"code": cycle.code})
    assert "Code: Another cycle has this code. Choose a different one." in words(response)
    assert Cycle.objects.count() == 1


def test_the_form_says_which_edition_is_provisional_and_groups_the_countries(typed, malta, greece, desk):
    malta.subregion = "Southern Europe"
    malta.save()
    shown = words(desk.get(page("cycle_new")))
    assert "Scoreboard 2017 (provisional wording)" in shown
    assert "Southern Europe Malta Without a sub-region Greece" in shown


def test_before_opening_everything_can_change(typed, malta, greece, desk):
    planned = a_cycle([malta], code="2028", opened=False)
    other = an_edition(HARBOUR)
    desk.post(
        page("cycle_edit", planned), typed | {"edition": other.pk, "countries": [greece.pk], "before": [malta.pk]}
    )
    planned.refresh_from_db()
    assert (planned.code, planned.edition) == ("2029", other)
    assert [str(country) for country in planned.countries.all()] == ["Greece"]


def test_after_opening_edition_and_code_stay_and_dates_can_change(typed, cycle, desk):
    shown = words(desk.get(page("cycle_edit", cycle)))
    assert shown.count("Fixed since the cycle was opened.") == 4
    other = an_edition(HARBOUR)
    response = desk.post(page("cycle_edit", cycle), typed | {"edition": other.pk, "reason": "Elections."})
    assert response["Location"] == page("cycle_board", cycle)
    edited = Cycle.objects.get()
    assert (edited.code, edited.edition_id, edited.opened_at) == (cycle.code, cycle.edition_id, cycle.opened_at)
    assert edited.deadline.isoformat() == day(30)


def test_a_country_stays_in_an_open_cycle(typed, cycle, malta, greece, desk):
    changes = {"title_0": "Renamed", "reason": "Elections.", "countries": [malta.pk], "before": [malta.pk, greece.pk]}
    response = desk.post(page("cycle_edit", cycle), typed | changes)
    assert "stay in the cycle: Greece." in words(response)
    assert heading(response) == "Edit Scoreboard 2026"
    cycle.refresh_from_db()
    assert str(cycle.title) == "Scoreboard 2026"
    assert cycle.countries.count() == 2


def test_the_verb_guards_itself(cycle, focal, officer):
    with pytest.raises(PermissionDenied):
        calendar.save_cycle(cycle, seen=0, by=focal)
    cycle.code = "2027"
    with pytest.raises(NotNow, match="its edition, its code and its time zone stay"):
        calendar.save_cycle(cycle, seen=0, by=officer)
    cycle.refresh_from_db()
    cycle.deadline = cycle.opens - timedelta(days=1)
    with pytest.raises(Invalid, match="deadline is before"):
        calendar.save_cycle(cycle, seen=0, by=officer)
    cycle.refresh_from_db()
    assert (cycle.code, cycle.countries.count()) == ("2026", 2)


# --- opening -------------------------------------------------------------------------------------------------


def test_opening_says_first_who_gets_a_mail(malta, greece, desk):
    a_focal(malta)
    planned = a_cycle([malta, greece], opened=False)
    response = desk.get(page("cycle_open", planned))
    assert heading(response) == "Open Scoreboard 2026"
    assert "1 focal point in 1 of 2 participating countries." in words(response)
    assert "1 country has no focal point" in words(response)
    assert "<li>Greece</li>" in response.content.decode()


def test_opening_shows_the_cycle_and_writes_to_its_focal_points(malta, desk):
    planned, reached = a_cycle([malta], opened=False), a_focal(malta)
    response = desk.post(page("cycle_open", planned), follow=True)
    outbox.send_due()
    assert "Scoreboard 2026 is open." in words(response)
    planned.refresh_from_db()
    assert planned.opened_at is not None
    assert [message.to for message in mail.outbox] == [[reached.email]]


def test_opening_twice_or_without_countries_is_told(cycle, desk):
    again = desk.post(page("cycle_open", cycle))
    assert again.status_code == 409
    assert "This cycle was opened already on" in words(again)
    assert "This cycle was opened already on" in words(desk.get(page("cycle_open", cycle)))
    empty = a_cycle(code="2029", edition=cycle.edition)
    asking = desk.get(page("cycle_open", empty))
    assert "Choose the participating countries first." in words(asking)
    assert page("cycle_edit", empty) in asking.content.decode()
    assert desk.post(page("cycle_open", empty)).status_code == 409
    empty.refresh_from_db()
    assert empty.opened_at is None


@pytest.mark.parametrize(
    ("old", "status", "new"),
    [
        ("/cycles/", 302, "/review/cycles/"),  # not for good: these two will be public pages
        ("/cycles/2026/?show=late&order=-due", 302, "/review/cycles/2026/?show=late&order=-due"),
        ("/cycles/2026/reminders/", 301, "/review/cycles/2026/reminders/"),
        ("/cycles/2026/countries/mt/", 301, "/review/cycles/2026/countries/mt/"),
        ("/cycles/2026/board.xlsx?show=late&q=%C3%89ire", 301, "/review/cycles/2026/board.xlsx?show=late&q=%C3%89ire"),
    ],
)
def test_addresses_of_before_lead_to_the_pages(officer, cycle, sign_in, old, status, new):
    desk = sign_in(officer)
    moved = desk.get(old)
    assert (moved.status_code, moved["Location"]) == (status, new)
    assert desk.get(new).status_code == 200


def test_cycles_are_a_place_of_their_own_below_review(officer, cycle, sign_in):
    nav = sign_in(officer).get("/review/cycles/2026/").context["nav"]
    assert [place["label"] for place in nav if place["current"]] == ["Cycles"]
