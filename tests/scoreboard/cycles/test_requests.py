"""Requests: a country asks for more time, an officer extends or refuses; the inbox lists what waits."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from scoreboard import clock
from scoreboard.cycles import calendar, extension_requests
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import AccessRequest, ExtensionRequest, Mail, Role, State
from scoreboard.people import requests
from scoreboard.submissions import reopening
from tests.factories import a_cycle, a_focal, submission_at
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def until(draft):
    return draft.cycle.deadline + timedelta(days=10)


def test_a_country_asks_and_is_extended(draft, focal, officer, until, sign_in):
    page = reverse("submission_ask_for_extension", args=[draft.pk])
    sign_in(focal).post(page, {"until": until.isoformat(), "reason": "A ministry moves."})
    request = ExtensionRequest.objects.get()
    assert (request.by, request.until, request.reason, request.granted) == (focal, until, "A ministry moves.", None)
    assert [mail.to for mail in Mail.objects.filter(event="ask_for_extension")] == [officer]
    desk = sign_in(officer)
    inbox = Page(desk.get(reverse("request_list")))
    assert f"More time: Malta, {draft.cycle} asks for time until" in inbox.text
    answer = Page(desk.get(inbox.links["Grant: More time, Malta"]))
    assert answer.fields["to"] == until.isoformat()
    answered = desk.post(reverse("review_extend", args=[draft.pk]), {"to": until.isoformat(), "reason": "Granted."})
    assert answered["Location"] == reverse("request_list")
    request.refresh_from_db()
    assert (request.granted, request.answer, request.answered_by) == (True, "Granted.", officer)
    assert "No request waits" in Page(desk.get(reverse("request_list"))).text


def test_a_country_asks_and_is_refused(draft, focal, officer, until, sign_in):
    extension_requests.ask(draft, until=until, reason="A ministry moves.", by=focal)
    with pytest.raises(NotNow, match="has asked already"):
        extension_requests.ask(draft, until=until, reason="Again.", by=focal)
    sign_in(officer).post(reverse("review_refuse_extension", args=[draft.pk]), {"reason": "The report is due."})
    request = ExtensionRequest.objects.get()
    assert (request.granted, request.answer, request.answered_by) == (False, "The report is due.", officer)
    mail = Mail.objects.get(event="refuse_extension")
    assert (mail.to, "The report is due." in mail.body) == (focal, True)
    with pytest.raises(NotNow, match="No request for more time waits"):
        extension_requests.refuse(draft, reason="Twice.", by=officer)


def test_what_cannot_be_asked(draft, focal, officer, until, greece):
    with pytest.raises(Invalid, match="Choose a day after"):
        extension_requests.ask(draft, until=draft.cycle.deadline, reason="Late.", by=focal)
    with pytest.raises(Invalid, match="Give the reason"):
        extension_requests.ask(draft, until=until, reason=" ", by=focal)
    for person in (officer, a_focal(greece)):
        with pytest.raises(PermissionDenied):
            extension_requests.ask(draft, until=until, reason="Late.", by=person)
    submission_at(State.ACCEPTED, draft.country, draft.cycle)
    with pytest.raises(NotNow, match="while your country can write"):
        extension_requests.ask(draft, until=until, reason="Late.", by=focal)


def test_an_extension_of_another_day_answers_the_request_too(draft, focal, officer, until):
    extension_requests.ask(draft, until=until, reason="A ministry moves.", by=focal)
    calendar.extend(draft, to=until + timedelta(days=1), reason="For all.", by=officer)
    assert ExtensionRequest.objects.get().granted is True


def test_a_wish_to_reopen_is_in_the_inbox(focal, officer, harbour, sign_in):
    accepted = submission_at(State.ACCEPTED)
    reopening.ask(accepted, by=focal, reason="One figure is wrong.")
    inbox = Page(sign_in(officer).get(reverse("request_list")))
    assert "Reopening: Malta, Scoreboard 2026 asks to reopen its accepted answers" in inbox.text
    assert inbox.links["Refuse: Reopening, Malta"] == reverse("review_refuse_reopen", args=[accepted.pk])


def test_all_requests_are_on_one_page_the_oldest_first(draft, focal, officer, until, greece, sign_in):
    def newcomer(name, days):
        with clock.at(clock.now() - timedelta(days=days)):
            requests.ask(
                email=f"{name}@example.org", name=name, role=Role.OBSERVER, reason="To follow it.", organisation="Birds"
            )
            AccessRequest.objects.filter(name=name).update(proven_at=clock.now())

    newcomer("Ines", 9)
    with clock.at(clock.now() - timedelta(days=5)):
        accepted = submission_at(State.ACCEPTED, greece, a_cycle([greece], code="before"))
        reopening.ask(accepted, by=a_focal(greece), reason="One figure is wrong.")
    extension_requests.ask(draft, until=until, reason="A ministry moves.", by=focal)
    newcomer("Omar", 2)
    desk = sign_in(officer)
    page = Page(desk.get("/review/requests/"))
    order = ["Ines asks for access as Observer", "Reopening: Greece", "Omar asks for access", "More time: Malta"]
    assert sorted(order, key=page.text.index) == order
    first = AccessRequest.objects.get(name="Ines")
    assert page.links["Answer: Access, Birds, ines@example.org"] == f"/people/requests/{first.pk}/"
    answered = desk.post(f"/people/requests/{first.pk}/", {"answer": "refuse", "reason": "We do not know you."})
    assert answered["Location"] == "/review/requests/"
    page = Page(desk.get("/review/requests/"))
    assert "Ines asks for access" not in page.text
    assert "Requests for access answered in the last twelve months" in page.text
    assert "We do not know you." in page.text


def test_the_old_address_leads_to_the_inbox(officer, sign_in):
    moved = sign_in(officer).get("/people/requests/?page=2")
    assert (moved.status_code, moved["Location"]) == (301, "/review/requests/?page=2")
