"""Asking to reopen what is accepted: the country asks with a reason, an officer grants or refuses with one."""

import pytest

from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Mail, State, Submission
from scoreboard.submissions import reopening, workflow
from tests.factories import submission_at
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def accepted(focal):
    return submission_at(State.ACCEPTED)


def log(submission):
    return [(t.step, t.comment) for t in submission.transitions.all()][-1]


def test_the_country_asks_on_its_page(sign_in, focal, officer, accepted):
    client = sign_in(focal)
    url = Page(client.get(f"/submissions/{accepted.pk}/")).links["Ask to reopen"]
    assert Page(client.get(url)).h1 == "Ask to reopen the answers"
    assert Page(client.post(url, {"reason": " "})).links["Say what has to change, and why."] == "#id_reason"
    page = Page(client.post(url, {"reason": "A new law."}, follow=True))
    assert "You asked to reopen these answers; the Secretariat decides." in page.text
    stored = Submission.objects.get()
    assert (stored.state, stored.reopen_asked_by, stored.reopen_request) == (State.ACCEPTED, focal, "A new law.")
    assert log(accepted) == ("ask_to_reopen", "A new law.")
    mail = Mail.objects.get(event="ask_to_reopen")
    assert mail.to == officer
    assert f"/review/{accepted.pk}/" in mail.body
    assert client.post(url, {"reason": "Again."}).status_code == 409


def test_officers_see_it_on_home_queue_board_and_review(sign_in, focal, officer, accepted):
    reopening.ask(accepted, by=focal, reason="A new law.")
    client = sign_in(officer)
    assert "Reopening Malta “A new law.” Decide" in Page(client.get("/")).text
    assert "Malta Asks to reopen" in Page(client.get("/review/?show=reopen")).text
    assert "Asks to reopen" in Page(client.get(f"/review/cycles/{accepted.cycle.code}/")).text
    page = Page(client.get(f"/review/{accepted.pk}/areas/P/"))
    assert "A new law." in page.text
    assert page.links["Refuse"] == f"/review/{accepted.pk}/reopen/refuse/"


def test_granting_is_reopening_with_a_reason(sign_in, focal, officer, accepted):
    reopening.ask(accepted, by=focal, reason="A new law.")
    response = sign_in(officer).post(f"/review/{accepted.pk}/reopen/", {"comment": "Please name the law."})
    assert response.status_code == 302
    stored = Submission.objects.get()
    assert (stored.state, stored.reopen_asked_at, stored.reopen_request) == (State.RETURNED, None, "")
    assert stored.accepted_version is not None


def test_refusing_needs_a_reason_that_the_country_gets(sign_in, focal, officer, accepted):
    reopening.ask(accepted, by=focal, reason="A new law.")
    client, url = sign_in(officer), f"/review/{accepted.pk}/reopen/refuse/"
    assert "Give the reason: the country reads it." in Page(client.post(url, {"reason": ""})).text
    client.post(url, {"reason": "The report is printed."})
    stored = Submission.objects.get()
    assert (stored.state, stored.reopen_asked_at) == (State.ACCEPTED, None)
    assert log(accepted) == ("refuse_reopen", "The report is printed.")
    mail = Mail.objects.get(event="refuse_reopen")
    assert mail.to == focal
    assert "The report is printed." in mail.body
    assert client.post(url, {"reason": "Again."}).status_code == 409


def test_only_what_is_accepted_can_be_asked_about(focal, officer):
    submission = submission_at(State.SUBMITTED)
    with pytest.raises(NotNow):
        reopening.ask(submission, by=focal, reason="A new law.")
    workflow.accept(submission, by=officer, version=submission.versions.count())
    with pytest.raises(Invalid):
        reopening.ask(submission, by=focal, reason="  ")
    with pytest.raises(NotNow):
        reopening.refuse(submission, by=officer, reason="No.")
