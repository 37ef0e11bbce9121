"""Planning a cycle: one like the last, countries by network, dates in words, what a day would allow, deleting."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard.cycles import calendar, planning
from scoreboard.errors import NotNow
from scoreboard.models import Country, CountryGroup, Cycle, GroupMembership, Organisation, State, Submission
from scoreboard.people import networks
from tests.factories import a_country, a_cycle, submission_at
from tests.pages import Page


def test_the_dates_in_words():
    assert planning.effects(date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 31), "Europe/Berlin") == [
        "From the start of Thursday, 1 October 2026, countries can write, once the cycle is opened. "
        "Days begin and end in Europe/Berlin.",
        "Until the end of Thursday, 31 December 2026, what is submitted is in time: countries have 92 days.",
        "From Friday, 1 January 2027 to the end of Sunday, 31 January 2027, countries can still write and submit, "
        "which is marked late.",
        "From Monday, 1 February 2027, nobody can write, unless the Secretariat has given the country more time.",
    ]


def test_nothing_comes_late_where_the_cycle_closes_on_its_deadline():
    sentences = planning.effects(date(2026, 10, 1), date(2026, 10, 1), date(2026, 10, 1), "UTC")
    assert sentences[1:] == [
        "Until the end of Thursday, 1 October 2026, what is submitted is in time: countries have 1 day.",
        "From Friday, 2 October 2026, nobody can write, unless the Secretariat has given the country more time.",
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, True),
        ({"deadline": ""}, False),
        ({"deadline": "2027-02-01"}, False),  # after the closing
        ({"opens": "1999-01-01"}, False),  # more than ten years
        ({"closes": "soon"}, False),
        ({"time_zone": "Atlantis"}, False),
    ],
)
def test_the_form_of_a_cycle_asks_what_its_dates_mean(typed, said, officer, sign_in):
    dates = {"opens": "2026-10-01", "deadline": "2026-12-31", "closes": "2027-01-31", "time_zone": "UTC"}
    response = sign_in(officer).get(reverse("cycle_effects"), dates | typed)
    assert response.status_code == 200
    assert ("countries have 92 days" in response.content.decode()) is said


def test_a_cycle_like_another_has_its_countries_but_not_its_dates(cycle, officer, sign_in, malta, greece):
    gone = submission_at(State.DRAFT, cycle=cycle, country=greece)
    calendar.leave(gone, reason="Not this time.", by=officer)
    form = sign_in(officer).get(reverse("cycle_new"), {"like": cycle.code}).context["form"]
    values = {name: form[name].value() for name in form.fields}
    assert values["countries"] == [malta.pk]
    assert (values["edition"], values["time_zone"], values["basis"]) == (
        cycle.edition_id,
        cycle.time_zone,
        cycle.basis,
    )
    assert not any(values[name] for name in ("code", "opens", "deadline", "closes"))


def test_a_cycle_like_another_is_set_up(cycle, officer, sign_in, malta):
    typed = {
        "title_0": "Round 2031",
        "code": "2031",
        "edition": cycle.edition_id,
        "opens": "2031-01-01",
        "deadline": "2031-03-01",
        "closes": "2031-04-01",
        "time_zone": "UTC",
        "basis": "strict",
        "statement_days": "21",
        "countries": [malta.pk],
    }
    response = sign_in(officer).post(f"{reverse('cycle_new')}?like={cycle.code}", typed)
    assert response.status_code == 302
    assert [one.country for one in Cycle.objects.get(code="2031").submissions.all()] == [malta]


def test_no_cycle_is_like_one_that_does_not_exist(officer, sign_in):
    assert sign_in(officer).get(reverse("cycle_new"), {"like": "none"}).status_code == 404


def test_a_cycle_like_the_last_takes_six_clicks_from_home_and_its_dates(cycle, officer, sign_in, malta, greece):
    desk = sign_in(officer)
    home = Page(desk.get(reverse("home")))
    cycles = Page(desk.get(home.links["Cycles"]))  # one
    address = cycles.links["Set up a cycle like Scoreboard 2026"]
    form = Page(desk.get(address))  # two
    ticked = desk.get(address).context["form"]["countries"].value()
    typed = {"title_0": "Round 2031", "code": "2031"}
    dates = {"opens": "2031-01-01", "deadline": "2031-03-01", "closes": "2031-04-01"}
    board = Page(desk.post(address, form.fields | typed | dates | {"countries": ticked}, follow=True))  # three
    ready = board.links["Open the cycle"]
    desk.post(ready, Page(desk.get(ready)).fields)  # four, five
    made = Cycle.objects.get(code="2031")
    assert made.opened_at
    assert set(made.countries.all()) == {malta, greece}


# --- by network ----------------------------------------------------------------------------------------------


@pytest.fixture
def harbours(officer):
    """A network with members, an interested party, one that left, and one that joins on the first day of 2031."""
    secretariat = Organisation.objects.create(name="Harbour Secretariat", kind="secretariat")
    network = CountryGroup.objects.create(code="harbours", name="Harbours", secretariat=secretariat)
    for iso2, kind, since, until in [
        ("MT", "member", None, None),
        ("GR", "member", None, None),
        ("CY", "interested", None, None),
        ("TN", "member", None, date(2020, 12, 31)),
        ("ES", "interested", date(2031, 1, 1), None),
    ]:
        networks.join(a_country(iso2), network, kind=kind, since=since, until=until, by=officer)
    return network


PARTS = [
    (["harbours:member"], "", ["Greece", "Malta"]),
    (["harbours:interested"], "", ["Cyprus"]),
    (["harbours:interested"], "2030-12-31", ["Cyprus"]),
    (["harbours:interested"], "2031-01-01", ["Country ES", "Cyprus"]),
    (["harbours:member", "harbours:interested"], "2020-01-01", ["Cyprus", "Greece", "Malta"]),
    ([], "", []),
    (["harbours:knight"], "", []),
    (["elsewhere:member"], "", []),
]


@pytest.mark.parametrize(("chosen", "opens", "expected"), PARTS)
def test_the_countries_of_a_network_by_kind_on_the_first_day(chosen, opens, expected, harbours, officer, sign_in):
    response = sign_in(officer).get(reverse("cycle_by_network"), {"part": chosen, "opens": opens})
    assert [str(country) for country in response.context["countries"]] == expected
    assert ("appears here as soon as" in Page(response).text) is not bool(expected)


def test_the_preview_counts_and_names_the_countries_and_those_that_nobody_has_confirmed(harbours, officer, sign_in):
    GroupMembership.objects.filter(country__iso2__in=["GR", "CY"]).update(confirmed=False)
    chosen = {"part": ["harbours:member", "harbours:interested"]}
    said = Page(sign_in(officer).get(reverse("cycle_by_network"), chosen)).text
    assert said == (
        "3 countries Harbours · Member (2): Greece, Malta. Not confirmed yet: Greece. "
        "Harbours · Interested Party (1): Cyprus. None of them is confirmed yet."
    )


def test_ticking_the_countries_of_a_network_keeps_what_is_typed_and_stores_nothing(harbours, officer, sign_in):
    desk, spain = sign_in(officer), Country.objects.get(iso2="ES")
    typed = {"title_0": "Round", "code": "", "part": ["harbours:interested"], "countries": [spain.pk]}
    added = desk.post(reverse("cycle_new"), typed | {"tick": "add"}).context["form"]
    only = desk.post(reverse("cycle_new"), typed | {"tick": "only"})
    ticked = [
        {box.country.iso2 for _place, boxes in form.by_subregion() for box in boxes if box.ticked}
        for form in (added, only.context["form"])
    ]
    assert ticked == [{"ES", "CY"}, {"CY"}]
    assert Page(only).fields["title_0"] == "Round"
    assert "Error" not in Page(only).text
    assert not Cycle.objects.exists()


def test_a_cycle_planned_by_network_has_what_was_ticked_after_others_were_changed_by_hand(
    harbours, officer, sign_in, harbour, malta, greece
):
    desk = sign_in(officer)
    typed = {"title_0": "Round 2031", "code": "2031", "edition": harbour.pk, "time_zone": "UTC", "basis": "strict"}
    typed |= {"opens": "2031-01-01", "deadline": "2031-03-01", "closes": "2031-04-01", "statement_days": "21"}
    chosen = {"part": ["harbours:member", "harbours:interested"], "tick": "add"}
    ticked = desk.post(reverse("cycle_new"), typed | chosen).context["form"]["countries"].value()
    assert len(set(ticked)) == 4
    by_hand = [pk for pk in ticked if pk != str(greece.pk)] + [a_country("TN").pk]
    assert desk.post(reverse("cycle_new"), typed | {"countries": by_hand}).status_code == 302
    made = Cycle.objects.get(code="2031").countries
    assert set(made.values_list("iso2", flat=True)) == {"MT", "CY", "ES", "TN"}


def test_the_form_of_a_cycle_costs_the_same_for_few_members_and_for_many(
    harbours, officer, sign_in, django_assert_num_queries
):
    desk = sign_in(officer)
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("cycle_new"))
    for number in range(30):
        networks.join(a_country(f"Q{chr(65 + number)}"), harbours, kind="observer", since=None, by=officer)
    with django_assert_num_queries(len(few)):
        desk.get(reverse("cycle_new"))


DAYS = [
    # days after the opening, then what each country could do
    (-1, "The cycle opens on", "The cycle opens on", "The cycle opens on"),
    (0, "Can write and submit in time", "Has it back for changes", "Can write and submit in time"),
    (41, "Can write and submit until the end of", "Has it back for changes", "Can write and submit in time"),
    (200, "The cycle closed on", "The cycle closed on", "The cycle closed on"),
]


@pytest.mark.parametrize(("days", "draft", "returned", "extended"), DAYS)
def test_what_a_day_would_allow(days, draft, returned, extended, officer, malta, greece):
    cycle = a_cycle([malta, greece, *(a_country(code) for code in ("CY", "ES", "FR"))])
    cycle.deadline, cycle.closes = cycle.opens + timedelta(days=40), cycle.opens + timedelta(days=60)
    cycle.save()
    places = {
        "draft": submission_at(State.DRAFT, cycle=cycle, country=malta),
        "returned": submission_at(State.RETURNED, cycle=cycle, country=greece),
        "extended": submission_at(State.DRAFT, cycle=cycle, country=a_country("CY")),
        "submitted": submission_at(State.SUBMITTED, cycle=cycle, country=a_country("ES")),
        "accepted": submission_at(State.ACCEPTED, cycle=cycle, country=a_country("FR")),
    }
    calendar.extend(places["extended"], to=cycle.opens + timedelta(days=80), reason="Elections.", by=officer)
    said = {
        submission.pk: group.sentence
        for group in planning.on_a_day(Cycle.objects.get(pk=cycle.pk), cycle.opens + timedelta(days=days))
        for submission in group.submissions
    }
    expected = {
        "draft": draft,
        "returned": returned,
        "extended": extended,
        "submitted": "This submission is with the Secretariat.",
        "accepted": "This submission is accepted.",
    }
    assert {name: said[one.pk].startswith(expected[name]) for name, one in places.items()} == dict.fromkeys(
        places, True
    )


def test_the_page_of_a_day_asks_for_a_day_near_the_cycle(cycle, officer, sign_in):
    desk = sign_in(officer)
    address = reverse("cycle_on_a_day", args=[cycle.code])
    assert desk.get(address).context["day"] == cycle.day()
    refused = desk.get(address, {"day": "2199-01-01"})
    assert refused.context["form"].errors == {
        "day": ["Choose a day within ten years of the day on which the cycle opens."]
    }
    assert desk.get(address, {"day": "soon"}).context["form"].errors == {"day": ["Type a date such as 2026-09-30."]}


def test_a_trial_is_deleted_with_its_list_of_countries(officer, analyst, malta, greece, sign_in):
    trial = a_cycle([malta, greece], code="trial", opened=False)
    with pytest.raises(PermissionDenied):
        planning.delete_cycle(trial, by=analyst)
    assert sign_in(officer).post(reverse("cycle_delete", args=["trial"])).status_code == 302
    assert not Cycle.objects.filter(code="trial").exists()
    assert not Submission.objects.filter(country=malta).exists()


def test_an_open_cycle_stays(cycle, officer, sign_in):
    with pytest.raises(NotNow):
        planning.delete_cycle(cycle, by=officer)
    desk = sign_in(officer)
    assert (
        "Only a cycle that was never opened can be deleted."
        in desk.get(reverse("cycle_delete", args=[cycle.code])).content.decode()
    )
    assert desk.post(reverse("cycle_delete", args=[cycle.code])).status_code == 409
    assert Cycle.objects.filter(pk=cycle.pk).exists()
