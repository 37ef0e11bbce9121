"""The review desk's pages: queue, review, marks, return, accept, reopen, extend, claim."""

import html
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.mail import outbox
from scoreboard.models import Cycle, Mail, Remark, Role, State
from scoreboard.submissions import claims, returns, workflow
from tests.factories import (
    DECLARATION,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    afresh,
    fill,
    given,
    offer_not_applicable,
    submission_at,
)

STEPS = ["review_return", "review_accept", "review_extend"]


def page(name, submission=None, *more):
    return reverse(name, args=[*([submission.pk] if submission else []), *more])


def first_area(submission):
    return page("review_area", submission, submission.cycle.edition.whole[0].code)


def words(response):
    """The page's text as one line, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def heading(response):
    return html.unescape(re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.S)[1])


def tabs(response):
    return [(str(tab.label), tab.count) for tab in response.context["tabs"]]


@pytest.fixture(scope="module")
def module_cycle(module_db):
    return a_cycle([a_country("MT"), a_country("GR")])


@pytest.fixture
def cycle(module_cycle, db):
    return afresh(module_cycle)


@pytest.fixture
def submitted(malta, cycle):
    return submission_at(State.SUBMITTED, malta, cycle)


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer)


@pytest.fixture
def first(submitted):
    return submitted.cycle.edition.all_indicators[0]


# --- who -----------------------------------------------------------------------------------------------------


def test_the_queue_is_for_officers_and_analysts(submitted, officer, analyst, focal, observer, sign_in):
    url = page("review_queue")
    people = [officer, analyst, focal, observer]
    assert [sign_in(person).get(url).status_code for person in people] == [200, 200, 403, 403]
    assert Client().get(url)["Location"] == f"/accounts/login/?next={url}"


@pytest.mark.parametrize("name", ["review", "review_area", *STEPS])
def test_a_page_about_a_submission_opens_by_role_and_scope(
    name, submitted, officer, analyst, focal, greece, observer, sign_in
):
    people = [officer, analyst, focal, a_focal(greece), observer]
    url = first_area(submitted) if name == "review_area" else page(name, submitted)
    opens = 302 if name == "review" else 200  # it leads to the first area
    statuses = [sign_in(person).get(url).status_code for person in people]
    assert statuses == [opens, 403 if name in STEPS else opens, 403, 404, 404]
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("name", ["review_claim", "review_release"])
def test_claims_are_posted_by_officers(name, submitted, analyst, focal, greece, observer, desk, sign_in):
    people = [analyst, focal, a_focal(greece), observer]
    assert [sign_in(person).post(page(name, submitted)).status_code for person in people] == [403, 403, 404, 404]
    assert desk.get(page(name, submitted)).status_code == 405
    assert desk.post(page(name, submitted)).status_code == 302


def test_a_post_without_the_csrf_token_changes_nothing(submitted, officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer, backend="mikt.authentication.Backend")
    assert client.post(page("review_accept", submitted)).status_code == 403
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


# --- the queue -----------------------------------------------------------------------------------------------


def test_the_queue_counts_its_parts_and_lists_the_longest_waiting_first(malta, greece, cycle, officer, desk):
    tunisia, cyprus = a_country("TN"), a_country("CY")
    calendar.change_participants(cycle, add=[malta, greece, tunisia, cyprus], by=officer)
    old, new = clock.now() - timedelta(days=9), clock.now() - timedelta(days=2)
    Cycle.objects.filter(pk=cycle.pk).update(opens=cycle.opens - timedelta(days=30))
    cycle.refresh_from_db()
    with clock.at(new):
        submission_at(State.SUBMITTED, malta, cycle)
    with clock.at(old):
        claims.claim(submission_at(State.SUBMITTED, greece, cycle), by=officer)
    submission_at(State.RETURNED, tunisia, cycle)
    submission_at(State.ACCEPTED, cyprus, cycle)

    response = desk.get(page("review_queue"))
    assert heading(response) == "Review"
    assert tabs(response) == [
        ("To review", 2),
        ("Claimed by me", 1),
        ("Waits for the country", 1),
        ("Late", 0),
        ("Asks to reopen", 0),
    ]
    assert [str(s.country) for s in response.context["page"]] == ["Greece", "Malta"]
    assert "9 days Officer 28 of 28" in words(response)
    assert "2 days – 28 of 28" in words(response)
    returned = desk.get(page("review_queue"), {"show": "returned"})
    assert [str(s.country) for s in returned.context["page"]] == ["Tunisia"]
    mine = desk.get(page("review_queue"), {"show": "mine"})
    assert [str(s.country) for s in mine.context["page"]] == ["Greece"]


def test_a_late_submission_stands_among_the_late(malta, cycle, desk):
    with clock.at(clock.now() + timedelta(days=40)):
        submission_at(State.SUBMITTED, malta, cycle)
    response = desk.get(page("review_queue"), {"show": "late"})
    assert [str(s.country) for s in response.context["page"]] == ["Malta"]
    assert "Malta Late" in words(response)


def test_the_queue_is_narrowed_to_a_cycle(submitted, malta, desk):
    other = a_cycle([malta], code="2029", edition=submitted.cycle.edition)
    submission_at(State.SUBMITTED, malta, other)
    response = desk.get(page("review_queue"), {"cycle": other.pk})
    assert tabs(response)[0] == ("To review", 1)
    assert [s.cycle for s in response.context["page"]] == [other]
    assert tabs(desk.get(page("review_queue"), {"cycle": "nonsense", "show": "nonsense"}))[0] == ("To review", 2)


def test_an_analyst_reads_the_queue_without_what_only_officers_see(malta, greece, cycle, analyst, sign_in):
    submission_at(State.SUBMITTED, malta, cycle)
    submission_at(State.RETURNED, greece, cycle)
    response = sign_in(analyst).get(page("review_queue"), {"show": "returned"})
    assert tabs(response) == [("To review", 1), ("Late", 0)]
    assert [str(s.country) for s in response.context["page"]] == ["Malta"]


def test_an_empty_queue_says_what_will_appear(cycle, desk):
    assert "A submission appears here as soon as a country submits it." in words(desk.get(page("review_queue")))


def test_the_queue_costs_the_same_for_one_row_and_for_three(cycle, malta, greece, officer, desk):
    submission_at(State.SUBMITTED, malta, cycle)
    desk.get(page("review_queue"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.get(page("review_queue"))
    tunisia = a_country("TN")
    calendar.change_participants(cycle, add=[malta, greece, tunisia], by=officer)
    for country in (greece, tunisia):
        submission_at(State.SUBMITTED, country, cycle)
    with CaptureQueriesContext(connection) as three:
        response = desk.get(page("review_queue"))
    assert len(response.context["page"]) == 3
    assert len(three) == len(one)


# --- one submission ------------------------------------------------------------------------------------------


def test_the_review_shows_each_answer_with_what_changed_and_what_was_asked(malta, cycle, officer, desk):
    offer_not_applicable(cycle)
    submission = submission_at(State.RETURNED, malta, cycle)
    asked, second, third, fourth = cycle.edition.all_indicators[:4]
    mended = {
        f"i{asked.code}": given(level=3, comment="The national report."),
        f"i{second.code}": given("not_applicable", reason="No such hunting.", why="Checked again."),
        f"i{third.code}": given("unknown", why="Checked again."),
        f"i{fourth.code}": given(comment="Not for all eyes.", comment_withheld=True, why="Checked again."),
    }
    fill(submission, **mended)
    workflow.submit(submission, by=a_focal(malta), **DECLARATION)

    response = desk.get(first_area(submission))
    shown = words(response)
    assert str(cycle.edition.whole[0].title) in heading(response)
    assert f"Now, version 2 Level 3 {asked.ladder[3].text} The national report." in shown
    assert f"changed since the version before Was: Level 2 {asked.ladder[2].text} There was no comment." in shown
    assert "Please name the source." in shown  # the reason of the earlier return
    assert "Now, version 2 Not applicable No such hunting." in shown
    assert "Now, version 2 Unknown" in shown
    assert "Not for all eyes. comment not for publication No evidence changed since the version before" in shown
    assert "Changed since the version before 4" in shown
    assert shown.count("changed since the version before") == 4
    assert "Two things are missing." in shown
    assert "Version 2, submitted on" in shown


def test_the_first_version_is_compared_with_nothing(submitted, desk):
    assert "changed since the version" not in words(desk.get(first_area(submitted)))


def test_an_analyst_reads_a_submission_without_forms_and_without_open_marks(
    submitted, first, officer, analyst, sign_in
):
    returns.flag(submitted, first.code, "Which year?", by=officer)
    response = sign_in(analyst).get(first_area(submitted))
    shown = words(response)
    assert str(first.title) in shown
    for hidden in ("Which year?", "marked", "Mark ", "Claim", "Accept", "Return", "Extend"):
        assert hidden not in shown


def test_a_draft_is_closed_and_leads_to_entering_on_behalf(malta, cycle, desk):
    draft = cycle.submissions.get(country=malta)
    response = desk.get(page("review", draft))
    shown = words(response)
    assert "Malta is writing." in shown
    assert f'href="{page("submission_enter_on_behalf", draft)}"' in response.content.decode()
    for absent in ("Not answered", "Mark ", "Accept", "Return", "Claim"):
        assert absent not in shown


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (State.DRAFT, ["extend"]),
        (State.SUBMITTED, ["claim", "extend", "accept", "return"]),
        (State.RETURNED, ["extend"]),
        (State.ACCEPTED, ["extend", "reopen"]),
    ],
)
def test_the_review_offers_what_the_state_allows(state, offered, malta, cycle, desk):
    submission = submission_at(state, malta, cycle)
    content = desk.get(page("review", submission), follow=True).content.decode()
    steps = "claim|release|accept|return|reopen|extend"
    links = rf'(?:href|action)="/review/{submission.pk}/({steps})/(?:\?version=1)?"'
    assert re.findall(links, content) == offered


def test_the_review_costs_the_same_with_marks_and_without(submitted, officer, desk):
    desk.get(first_area(submitted))
    with CaptureQueriesContext(connection) as none:
        desk.get(first_area(submitted))
    for indicator in submitted.cycle.edition.all_indicators[:3]:
        returns.flag(submitted, indicator.code, "Why?", by=officer)
    with CaptureQueriesContext(connection) as three:
        response = desk.get(first_area(submitted))
    assert len(response.context["marks"]) == 3
    assert len(three) == len(none)


# --- marks ---------------------------------------------------------------------------------------------------


def test_a_mark_is_saved_shown_changed_and_removed(submitted, first, desk):
    url = page("review_flag", submitted, first.code)
    assert (
        desk.post(url, {"text": "Which year?"})["Location"]
        == f"{first_area(submitted)}?version=1&at={first.code}#reading-{first.code}"
    )
    response = desk.get(first_area(submitted))
    assert "1 marked: A1" in words(response)
    assert [chapter.marked for chapter in response.context["chapters"]] == [1, 0, 0, 0, 0]
    desk.post(url, {"text": "Which year, please?"})
    assert Remark.objects.get().text == "Which year, please?"
    desk.post(url, {"text": "Which year, please?", "remove": "yes"})
    assert not Remark.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  ", "Say what should change, or remove the mark."), ("x" * 20_001, "Shorten the text to 20000 characters")],
)
def test_a_mark_that_cannot_be_kept_is_given_back_with_the_reason(text, sentence, submitted, first, desk):
    response = desk.post(page("review_flag", submitted, first.code), {"text": text})
    assert response.status_code == 200
    assert words(response).startswith("Error: A · ")
    assert f"There is a problem A1: {sentence}" in words(response)
    assert f'href="#mark-{first.code}"' in response.content.decode()
    assert text in response.content.decode()
    assert not Remark.objects.exists()


def test_an_indicator_of_another_edition_is_not_found(submitted, desk):
    assert desk.post(page("review_flag", submitted, "Z99"), {"text": "Why?"}).status_code == 404
    assert not Remark.objects.exists()


def test_a_draft_cannot_be_marked(malta, cycle, desk):
    draft = cycle.submissions.get(country=malta)
    code = cycle.edition.all_indicators[0].code
    assert desk.post(page("review_flag", draft, code), {"text": "Why?"}).status_code == 409


def test_an_analyst_cannot_mark_not_even_badly(submitted, first, analyst, sign_in):
    for text in ("Why?", ""):
        assert sign_in(analyst).post(page("review_flag", submitted, first.code), {"text": text}).status_code == 403
    assert not Remark.objects.exists()


# --- the steps -----------------------------------------------------------------------------------------------


def test_a_return_gives_the_marks_and_the_reason(submitted, first, officer, desk):
    Mail.objects.all().delete()
    returns.flag(submitted, first.code, "Which year?", by=officer)
    asking = desk.get(page("review_return", submitted))
    assert heading(asking) == "Return the submission of Malta"
    assert f"{first.label} {first.title} Which year?" in words(asking)
    response = desk.post(page("review_return", submitted), {"comment": "See the marks.", "version": 1}, follow=True)
    outbox.send_due()
    assert heading(response) == "Review"
    assert "The submission of Malta is returned." in words(response)
    submitted.refresh_from_db()
    assert submitted.state == State.RETURNED
    assert [(remark.text, remark.shared) for remark in returns.reasons(submitted)] == [("Which year?", True)]
    assert [message.to for message in mail.outbox] == [[a_focal(submitted.country).email]]
    assert "See the marks." in mail.outbox[0].body


@pytest.mark.parametrize("comment", ["", "   "])
def test_a_return_without_a_reason_is_asked_again_and_changes_nothing(comment, submitted, desk):
    before = submitted.transitions.count()
    response = desk.post(page("review_return", submitted), {"comment": comment})
    assert response.status_code == 200
    assert words(response).startswith("Error: Return the submission of Malta")
    assert "Give a reason: the country needs to know what to change and why." in words(response)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.transitions.count()) == (State.SUBMITTED, before)


def test_accepting_warns_of_what_deserves_a_second_look(malta, cycle, officer, desk):
    offer_not_applicable(cycle)
    submission = cycle.submissions.get(country=malta)
    one, two, three = cycle.edition.all_indicators[:3]
    fill(submission, **{f"i{one.code}": given("unknown"), f"i{two.code}": given("not_applicable", reason="None.")})
    workflow.submit(submission, by=a_focal(malta), **DECLARATION)
    returns.flag(submission, three.code, "Which year?", by=officer)
    response = desk.get(page("review_accept", submission))
    assert heading(response) == "Accept the submission of Malta"
    for warning in ("1 mark would be dropped", "1 indicator is unknown A1", "1 indicator is not applicable A2"):
        assert warning in words(response)


def test_accepting_twice_is_told_apart(submitted, desk):
    url = page("review_accept", submitted)
    assert desk.post(url, {"version": 1})["Location"] == page("review_queue")
    submitted.refresh_from_db()
    assert (submitted.state, submitted.accepted_version.number) == (State.ACCEPTED, 1)
    again = desk.post(url, {"version": 1})
    assert again.status_code == 409
    assert "Last step: Accepted by Officer on" in words(again)
    assert submitted.transitions.filter(step="accept").count() == 1
    assert desk.get(url).status_code == 409
    assert desk.post(page("review_return", submitted), {"comment": "Too late.", "version": 1}).status_code == 409


def test_an_accepted_scoreboard_is_reopened_with_a_reason(malta, cycle, desk):
    submission = submission_at(State.ACCEPTED, malta, cycle)
    url = page("review_reopen", submission)
    assert heading(desk.get(url)) == "Reopen the submission of Malta"
    assert "Give a reason" in words(desk.post(url, {"comment": ""}))
    assert desk.post(url, {"comment": "New figures arrived."})["Location"] == page("review", submission)
    submission.refresh_from_db()
    assert submission.state == State.RETURNED
    assert submission.transitions.last().comment == "New figures arrived."


@pytest.mark.parametrize(("state", "name"), [(State.ACCEPTED, "review_reopen"), (State.SUBMITTED, "review_return")])
def test_after_closing_the_country_needs_an_extension_first(state, name, malta, cycle, desk):
    submission = submission_at(state, malta, cycle)
    Cycle.objects.filter(pk=cycle.pk).update(
        opens=cycle.opens - timedelta(days=99), deadline=cycle.opens, closes=cycle.opens
    )
    asking = desk.get(page(name, submission))
    assert f'href="{page("review_extend", submission)}"' in asking.content.decode()
    assert "<textarea" not in asking.content.decode()
    refused = desk.post(page(name, submission), {"comment": "Please correct it.", "version": 1})
    assert refused.status_code == 409
    assert "Extend its dates first." in words(refused)
    submission.refresh_from_db()
    assert submission.state == state


def test_an_extension_moves_the_country_s_dates(submitted, desk):
    to = submitted.cycle.closes + timedelta(days=10)
    response = desk.post(page("review_extend", submitted), {"to": to.isoformat(), "reason": "Elections."}, follow=True)
    submitted.refresh_from_db()
    assert (submitted.due, submitted.last_day, submitted.extension_reason) == (to, to, "Elections.")
    assert "Malta can write until the end of" in words(response)


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [
        (-3, "Elections.", "Choose a day after"),
        (30, "Elections.", "Choose a day after"),
        (90, "", "Give the reason for the extension."),
        (None, "Elections.", "Choose the new last day."),
    ],
)
def test_an_extension_that_makes_no_sense_is_asked_again(days, reason, sentence, submitted, desk):
    to = "" if days is None else (clock.now().date() + timedelta(days=days)).isoformat()
    response = desk.post(page("review_extend", submitted), {"to": to, "reason": reason})
    assert response.status_code == 200
    assert sentence in words(response)
    assert words(response).startswith("Error: Extend the dates of Malta")
    submitted.refresh_from_db()
    assert submitted.extended_to is None


def test_an_extension_into_the_past_is_refused_after_the_deadline(submitted, desk):
    cycle = submitted.cycle
    Cycle.objects.filter(pk=cycle.pk).update(
        opens=cycle.opens - timedelta(days=50), deadline=cycle.opens - timedelta(days=20)
    )
    day = (clock.now().date() - timedelta(days=10)).isoformat()
    assert "Choose today or a later day." in words(
        desk.post(page("review_extend", submitted), {"to": day, "reason": "Why."})
    )


def test_a_claim_is_noted_taken_over_and_released(submitted, officer, desk, sign_in):
    colleague = a_person(Role.SECRETARIAT, name="Colleague")
    desk.post(page("review_claim", submitted))
    submitted.refresh_from_db()
    assert submitted.claimed_by == officer
    theirs = sign_in(colleague)
    assert "Take over from Officer" in words(theirs.get(first_area(submitted)))
    theirs.post(page("review_claim", submitted))
    submitted.refresh_from_db()
    assert submitted.claimed_by == colleague
    theirs.post(page("review_release", submitted))
    submitted.refresh_from_db()
    assert submitted.claimed_by is None


def test_a_draft_cannot_be_claimed(malta, cycle, desk):
    response = desk.post(page("review_claim", cycle.submissions.get(country=malta)))
    assert response.status_code == 409
    assert "Only what is submitted can be claimed." in words(response)
