"""Requests: a country asks for more time, an officer extends or refuses; the inbox lists what waits."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from scoreboard.cycles import calendar, extension_requests
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ExtensionRequest, Mail, State
from scoreboard.submissions import reopening
from tests.factories import a_focal, submission_at
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
    assert "Malta asks for time until" in inbox.text
    answer = Page(desk.get(inbox.links["Extend"]))
    assert answer.fields["to"] == until.isoformat()
    desk.post(reverse("review_extend", args=[draft.pk]), {"to": until.isoformat(), "reason": "Granted."})
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
    assert "Malta asks to reopen its answers: Scoreboard 2026" in inbox.text
    assert inbox.links["Refuse"] == reverse("review_refuse_reopen", args=[accepted.pk])
