"""The home page says what this person should do next; navigation, help, privacy and languages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from reporting.assessments import lifecycle
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Cycle, Membership, Role, Side, State, User
from scoreboard.submissions import claims, reopening, returns, workflow
from scoreboard.threads import discussion
from scoreboard.todo import officers
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
        assert "since today Draft Malta · Scoreboard 2026 6 of 7 answered · Deadline in 30 days" in page.text
        assert (
            page.links["Continue with Q1: Draft, Malta · Scoreboard 2026"]
            == f"/submissions/{submission.pk}/areas/Q/#iQ1"
        )

    def test_is_told_what_was_returned(self, sign_in, focal, officer):
        submission = submission_at(State.SUBMITTED)
        for code in ("P2", "R1"):
            returns.flag(submission, code, "Which year?", by=officer)
        workflow.return_for_changes(
            submission, by=officer, comment="Two questions.", version=submission.versions.count()
        )
        page = home(sign_in(focal))
        assert "Returned by the Secretariat: “Two questions.” 2 answers were returned and wait for you." in page.text
        assert (
            page.links["Look at P2 again: Returned to you, Malta · Scoreboard 2026"]
            == f"/submissions/{submission.pk}/areas/P/#iP2"
        )

    def test_has_nothing_to_do_while_the_secretariat_reviews(self, sign_in, focal):
        submission_at(State.SUBMITTED)
        page = home(sign_in(focal))
        assert "Nothing waits for you at present." in page.text
        assert "The Secretariat reviews it, and mails you what comes of it." in page.text

    def test_is_told_when_no_cycle_is_open(self, sign_in, focal):
        page = home(sign_in(focal))
        assert "No cycle is open for your country" in page.text
        assert page.links["See earlier submissions: Cycles, No cycle is open for your country"] == "/submissions/"

    def test_invented_data_carries_its_mark(self, sign_in, focal, malta):
        a_cycle([malta], is_example=True)
        client = sign_in(focal)
        assert "Invented example data. Nothing on this page is a country’s real answer." in home(client).text
        a_cycle([malta], code="2023")
        page = home(client)
        assert "Nothing on this page is a country’s real answer." not in page.text
        assert "Malta · Scoreboard 2026 invented example data 0 of 7 answered ·" in page.text

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

    def test_reads_what_waits_the_oldest_first(self, sign_in, officer, malta, greece):
        cycle = a_cycle([malta, greece, *map(a_country, ("TN", "CY", "EG"))])
        with clock.at(timezone.now() - timedelta(days=9, hours=1)):
            cycle.opens -= timedelta(days=20)
            cycle.save()
            first = submission_at(State.SUBMITTED, malta, cycle)
        second = claims.claim(submission_at(State.SUBMITTED, greece, cycle), by=officer)
        claims.claim(
            submission_at(State.SUBMITTED, a_country("TN"), cycle), by=a_person(Role.SECRETARIAT, name="Colleague")
        )
        submission_at(State.DRAFT, a_country("CY"), cycle)
        page = home(sign_in(officer))
        waits, known = page.text.split("What waits for you")[1].split("Good to know")
        assert waits.startswith(
            " 9 days To review Malta 7 of 7 answered, nobody has claimed it. Review: To review, Malta "
            "since today To review Greece Claimed by you. Review: To review, Greece "
        )
        assert waits.endswith(" Look at the e-mails: E-mails, E-mails and the worker ")  # nobody knows since when
        assert "To review Tunisia Claimed by Colleague. Look" in known
        assert page.links["Review: To review, Malta"] == f"/review/{first.pk}/"
        assert page.links["Review: To review, Greece"] == f"/review/{second.pk}/"
        assert "Deadline in 30 days" in page.text
        assert "To review 3 Not started 2 of 5 countries" in page.text
        assert page.links["To review 3"] == "/review/cycles/2026/?show=submitted"
        assert page.links["Open the board: Scoreboard 2026"] == "/review/cycles/2026/"

    def test_reads_how_many_more_wait_than_are_listed(self, sign_in, officer, monkeypatch, malta, greece):
        monkeypatch.setattr(officers, "ROWS", 1)
        cycle = a_cycle([malta, greece])
        submission_at(State.SUBMITTED, malta, cycle)
        assert "more They have waited" not in home(sign_in(officer)).text
        submission_at(State.SUBMITTED, greece, cycle)
        page = home(sign_in(officer))
        assert "To review 1 more They have waited less long than those above." in page.text
        assert page.links["Open the queue: To review, 1 more"] == "/review/"

    def test_reads_what_countries_ask_and_which_are_late(self, sign_in, officer, focal, malta, greece):
        cycle = a_cycle([malta, greece])
        accepted = submission_at(State.ACCEPTED, malta, cycle)
        thread = discussion.open_thread(
            submission_at(State.SUBMITTED, greece, cycle), "P1", "Who?", shared=True, by=officer
        )
        discussion.reply(thread, "The port authority.", by=a_person(Role.FOCAL, greece))
        reopening.ask(accepted, by=focal, reason="A new law.")
        late = a_cycle([malta], code="late", opens=clock.now().date() - timedelta(days=9))
        Cycle.objects.filter(pk=late.pk).update(deadline=clock.now().date() - timedelta(days=3))
        page = home(sign_in(officer))
        assert "Question Greece P1: “The port authority.” Read" in page.text
        assert page.links["Read: Question, Greece"] == discussion.anchor(thread, side=Side.SECRETARIAT)
        assert "Reopening Malta “A new law.” Decide" in page.text
        assert page.links["Decide: Reopening, Malta"] == f"/review/requests/#reopening-{accepted.pk}"
        assert "Late 1 country Scoreboard late: not submitted; the deadline was " in page.text
        assert page.links["See them: Late, 1 country"] == "/review/cycles/late/?show=late"

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
        links = home(sign_in(analyst)).links
        assert links["Open the board: Scoreboard 2026"] == "/review/cycles/2026/"
        assert links["Open the workbench: Scoreboard 2026"] == "/reports/workbench/2026/"

    def test_an_analyst_finds_workbench_and_texts_in_one_click(self, sign_in, analyst, officer, malta):
        issue = lifecycle.consolidate(submission_at(State.ACCEPTED, malta).cycle, by=officer)
        links = home(sign_in(analyst)).links
        assert links["Open the workbench: Assessment, Scoreboard 2026"] == "/reports/workbench/2026/"
        assert links["Open the texts: Texts, Scoreboard 2026"] == f"/reports/{issue.pk}/chapters/"

    def test_an_analyst_finds_the_workbench_of_a_closed_cycle(self, sign_in, analyst, malta):
        cycle = a_cycle([malta], opens=clock.now().date() - timedelta(days=30))
        yesterday = clock.now().date() - timedelta(days=2)
        Cycle.objects.filter(pk=cycle.pk).update(deadline=yesterday, closes=yesterday)
        page = home(sign_in(analyst))
        assert "Assessment Scoreboard 2026 Nothing is consolidated yet." in page.text
        assert page.links["Open the workbench: Assessment, Scoreboard 2026"] == "/reports/workbench/2026/"

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
        assert "Scoreboard 2026 Deadline in 30 days" in page.text  # what is open now


PUBLIC = ["Countries", "Indicators", "Assessments", "Explore", "Resources"]
NAVIGATION = {
    Role.FOCAL: ["Home", "Submissions", "Action plans", "Spaces", *PUBLIC],
    Role.SECRETARIAT: ["Home", "Review", "Cycles", "Action plans", "People", "Spaces", *PUBLIC],
    Role.ANALYST: ["Home", "Cycles", "Action plans", "Spaces", *PUBLIC],
    Role.OBSERVER: ["Home", "Statements", "Spaces", *PUBLIC],
    Role.CONTRIBUTOR: ["Home", "Your part", "Action plans", "Spaces", *PUBLIC],
    Role.GUEST: ["Home", "Spaces", *PUBLIC],
    None: ["Home", *PUBLIC],
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


def test_navigation_marks_nothing_for_what_is_no_part_of_it(sign_in, focal):
    """The address of the questionnaires is below that of the assessments, which they are not."""
    for name, current in {"questionnaire_list": [], "help": [], "report_list": ["Assessments"]}.items():
        response = sign_in(focal).get(reverse(name))
        assert [entry["label"] for entry in response.context["nav"] if entry["current"]] == current


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
    assert client.put("/accounts/language/").status_code == 405
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
    asked = {State.SUBMITTED: f"/review/{submission.pk}/", State.ACCEPTED: "/review/requests/"}
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
        f"/review/cycles/{cycle.code}/": officer,
        f"/review/cycles/{cycle.code}/edit/": officer,
        "/submissions/": everywhere,
    }
    order = ["Albania", "\u00c9ire", "Malta", "zanzibar"]
    for address, person in pages.items():
        text = Page(sign_in(person).get(address)).text
        assert sorted(names.values(), key=text.rindex) == order, address
    Membership.objects.filter(role=Role.FOCAL).delete()
    assert [str(country) for country in calendar.audience(cycle)[1]] == order
