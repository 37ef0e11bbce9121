"""The home page says what this person should do next; navigation, help, privacy and languages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Membership, Role, State, User
from scoreboard.submissions import claims, reopening, returns, workflow
from tests.factories import (
    a_country,
    a_cycle,
    a_part,
    a_person,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


def home(client) -> Page:
    return Page(client.get("/"))


class TestFocalPoint:
    """What waits for the country stands first, with one button."""

    def test_goes_on_where_the_draft_stands(self, sign_in, focal):
        submission = submission_at(State.DRAFT)
        fill(submission, iQ1=given(""))
        page = home(sign_in(focal))
        assert page.h1 == "Welcome, focal MT"
        assert "Malta · Scoreboard 2026 6 of 7 answered Deadline in 30 days" in page.text
        assert page.links["Continue with Q1"] == f"/submissions/{submission.pk}/areas/Q/#iQ1"

    def test_is_told_what_was_returned(self, sign_in, focal, officer):
        submission = submission_at(State.SUBMITTED)
        for code in ("P2", "R1"):
            returns.flag(submission, code, "Which year?", by=officer)
        workflow.return_for_changes(
            submission, by=officer, comment="Two questions.", version=submission.versions.count()
        )
        page = home(sign_in(focal))
        assert "Returned by the Secretariat: “Two questions.” 2 answers were returned and wait for you." in page.text
        assert page.links["Look at P2 again"] == f"/submissions/{submission.pk}/areas/P/#iP2"

    def test_has_nothing_to_do_while_the_secretariat_reviews(self, sign_in, focal):
        submission_at(State.SUBMITTED)
        response = sign_in(focal).get("/")
        assert "The Secretariat reviews it, and mails you what comes of it." in Page(response).text
        assert "panel-next" not in response.content.decode()

    def test_is_told_when_no_cycle_is_open(self, sign_in, focal):
        page = home(sign_in(focal))
        assert "No cycle is open for your country" in page.text
        assert page.links["See earlier submissions: No cycle is open for your country"] == "/submissions/"

    def test_an_example_cycle_carries_its_mark(self, sign_in, focal, malta):
        a_cycle([malta], is_example=True)
        assert "invented example data" in home(sign_in(focal)).text

    def test_costs_the_same_for_one_country_as_for_three(self, sign_in, officer):
        costs = []
        for codes in (["MT"], ["GR", "TN", "CY"]):
            person = a_person(Role.FOCAL, a_country(codes[0]), name="-".join(codes))
            for code in codes[1:]:
                Membership.objects.create(person=person, role=Role.FOCAL, country=a_country(code))
            countries = [a_country(code) for code in codes]
            cycle = a_cycle(countries, code="-".join(codes).lower())
            for country in countries:
                submission = submission_at(State.RETURNED, country, cycle)
                assert submission.state == State.RETURNED
            client = sign_in(person)
            with CaptureQueriesContext(connection) as queries:
                page = home(client)
            costs.append(len(queries))
            assert page.text.count("1 answer was returned and waits for you.") == len(codes)
        assert costs[0] == costs[1]


class TestOfficer:
    """What waits for review, and how the cycles stand."""

    def test_is_told_what_waits_and_how_long(self, sign_in, officer, malta, greece):
        cycle = a_cycle([malta, greece, a_country("TN")])
        with clock.at(timezone.now() - timedelta(days=9, hours=1)):
            cycle.opens -= timedelta(days=20)
            cycle.save()
            submission_at(State.SUBMITTED, malta, cycle)
        claims.claim(submission_at(State.SUBMITTED, greece, cycle), by=officer)
        page = home(sign_in(officer))
        assert "2 submissions to review, the oldest waits 9 days." in page.text
        assert page.links["Open the queue"] == "/review/"
        assert "You have claimed 1 submission." in page.text
        assert "Deadline in 30 days" in page.text
        assert "Being drafted: 1 · To review: 2" in page.text
        assert page.links["Open the board: Scoreboard 2026"] == "/cycles/2026/"

    def test_does_not_count_days_that_have_not_passed(self, sign_in, officer):
        submission_at(State.SUBMITTED)
        assert "1 submission to review, the oldest waits less than a day." in home(sign_in(officer)).text

    def test_is_told_when_nothing_waits(self, sign_in, officer):
        page = home(sign_in(officer))
        assert "Nothing waits for review" in page.text
        assert "No cycle is running" in page.text

    def test_costs_the_same_for_one_submission_as_for_three(self, sign_in, officer, malta):
        costs = set()
        for codes in (["MT"], ["GR", "TN"]):
            for code in codes:
                country = a_country(code)
                submission_at(State.SUBMITTED, country, a_cycle([country], code=code.lower()))
            client = sign_in(officer)
            with CaptureQueriesContext(connection) as queries:
                home(client)
            costs.add(len(queries))
        assert len(costs) == 1


class TestOthers:
    """Analysts, observers, contributors, administrators, and people without a role."""

    def test_an_analyst_sees_the_cycles(self, sign_in, analyst, malta):
        a_cycle([malta])
        assert home(sign_in(analyst)).links["Open the board: Scoreboard 2026"] == "/cycles/2026/"

    def test_a_contributor_is_told_to_wait(self, sign_in, malta):
        page = home(sign_in(a_person(Role.CONTRIBUTOR, malta)))
        assert "You contribute to the answers of Malta." in page.text

    def test_an_administrator_finds_the_administration(self, sign_in):
        page = home(sign_in(a_person(is_staff=True)))
        assert page.links["Open the administration"] == "/admin/"

    def test_an_administrator_is_not_told_to_have_no_role(self, sign_in):
        assert "no role" not in home(sign_in(a_person(is_staff=True))).text

    def test_a_person_without_a_role_is_told_whom_to_ask(self, sign_in):
        page = home(sign_in(a_person()))
        assert "Your account has no role at present" in page.text
        assert "Reply to the e-mail with which you were invited, or ask for access." in page.text

    def test_a_person_whose_access_ended_is_told_when(self, sign_in, focal):
        day = clock.now().date() - timedelta(days=3)
        focal.memberships.update(until=day)
        page = home(sign_in(focal))
        assert f"Your access (Focal point · Malta) ended after {day.day} {day:%B %Y}." in page.text
        assert "Submissions" not in page.links

    def test_a_visitor_reads_what_this_is(self):
        a_cycle([a_country("MT")])  # which makes its edition public
        page = home(Client())
        assert page.h1.startswith("Αυτοαξιολόγηση βιοασφάλειας λιμένων")
        assert page.links["Sign in"].startswith("/accounts/login/")
        assert page.links["Published assessments"] == "/reports/"
        assert "No assessment is published yet." in page.text


NAVIGATION = {
    Role.FOCAL: ["Home", "Submissions", "Assessments"],
    Role.SECRETARIAT: ["Home", "Review", "Cycles", "People", "Assessments"],
    Role.ANALYST: ["Home", "Cycles", "Assessments"],
    Role.OBSERVER: ["Home", "Statements", "Assessments"],
    Role.CONTRIBUTOR: ["Home", "Your part", "Assessments"],
    None: ["Home", "Assessments"],
}


@pytest.mark.parametrize("role", NAVIGATION)
def test_navigation_shows_where_the_role_may_go(sign_in, malta, role):
    country = malta if role and role.is_national else None
    response = sign_in(a_person(role, country)).get("/")
    assert [(entry["label"], entry["current"]) for entry in response.context["nav"]] == [
        (label, label == "Home") for label in NAVIGATION[role]
    ]


def test_navigation_marks_the_part_of_the_page(sign_in, focal):
    submission = submission_at(State.DRAFT)
    response = sign_in(focal).get(f"/submissions/{submission.pk}/gaps/")
    assert [entry["label"] for entry in response.context["nav"] if entry["current"]] == ["Submissions"]


def test_opening_what_a_button_posts_to_says_what_to_do(sign_in, focal):
    """Whoever presses a button after being signed out is led there by signing in again."""
    submission = submission_at(State.DRAFT)
    response = sign_in(focal).get(f"/submissions/{submission.pk}/workbook/upload/")
    page = Page(response)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "If you were signed out meanwhile, press the button again." in page.text
    assert page.links["Go to the submission"] == f"/submissions/{submission.pk}/"


@pytest.mark.parametrize(("url", "h1"), [("/accounts/help/", "Help"), ("/accounts/privacy/", "Privacy notice")])
def test_help_and_privacy_are_public(url, h1):
    assert Page(Client().get(url)).h1 == h1


def test_the_language_is_chosen_by_post_without_an_account(settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    client = Client()
    assert client.get("/accounts/language/").status_code == 405
    response = client.post("/accounts/language/", {"language": "fr", "next": "/accounts/help/"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/help/")
    assert b'<html lang="fr"' in client.get("/").content


@pytest.mark.parametrize("state", State.values)
def test_every_link_of_every_home_leads_somewhere(state, sign_in, malta, focal, officer, analyst, observer):
    """Each link is answered, and what it adds to the address of a page changes what that page shows."""
    submission = submission_at(state, malta)
    if state == State.SUBMITTED:
        claims.claim(submission, by=officer)
    if state == State.ACCEPTED:
        reopening.ask(submission, by=focal, reason="A new law.")
    if state in (State.DRAFT, State.RETURNED):
        a_part(submission, by=focal)
    contributors = [User.objects.get(pk=part.person_id) for part in submission.assignments.all() if part.person_id]
    people = [focal, officer, analyst, observer, a_person(), a_person(is_staff=True), *contributors]
    seen = set()
    for person in people:
        client = sign_in(person)
        for words, address in home(client).links.items():
            if not address.startswith("/"):
                continue
            page = client.get(address, follow=True)
            assert page.status_code == 200, (words, address)
            seen.add(address.split("#")[0])
            plain, _mark, query = address.partition("?")
            if query:
                assert Page(page).text != Page(client.get(plain, follow=True)).text, (words, address)
    asked = {State.SUBMITTED: "/review/?show=mine", State.ACCEPTED: "/review/?show=reopen"}
    assert asked.get(state, "/") in seen


def test_countries_are_listed_by_their_names(sign_in, officer, analyst):
    """Whatever their codes and accents, and in the language of the reader."""
    names = {"ZA": "Albania", "ZB": "\u00c9ire", "ZC": "zanzibar", "AZ": "Malta"}
    countries = [a_country(code) for code in names]
    for country in countries:
        country.name = LazyI18nString({"en": names[country.iso2]})
        country.save()
    cycle = a_cycle(countries)
    everywhere = a_person(Role.FOCAL, countries[0])
    for country in countries[1:]:
        Membership.objects.create(person=everywhere, role=Role.FOCAL, country=country)
    pages = {
        f"/cycles/{cycle.code}/": officer,
        f"/cycles/{cycle.code}/edit/": officer,
        "/submissions/": everywhere,
    }
    order = ["Albania", "\u00c9ire", "Malta", "zanzibar"]
    for address, person in pages.items():
        text = Page(sign_in(person).get(address)).text
        assert sorted(names.values(), key=text.rindex) == order, address
    Membership.objects.filter(role=Role.FOCAL).delete()
    assert [str(country) for country in calendar.audience(cycle)[1]] == order
