"""Not this time: a focal point says that the country will not report, and can take it back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from scoreboard import clock
from scoreboard.cycles import reminders
from scoreboard.errors import NotNow
from scoreboard.models import Mail, State, Submission
from scoreboard.submissions import declining, workflow
from tests.factories import DECLARATION, a_focal, a_person, afresh, fill, submission_at
from tests.pages import Page

pytestmark = pytest.mark.django_db


def test_a_focal_point_says_so_and_takes_it_back(draft, focal, officer, sign_in):
    client, page = sign_in(focal), reverse("submission_decline", args=[draft.pk])
    home = Page(client.get(reverse("submission", args=[draft.pk])))
    assert home.links["We will not report this time"] == page
    client.post(page, {"reason": "Elections."}, follow=True)
    declined = afresh(draft)
    assert (declined.state, declined.declined_by, declined.declined_reason) == (State.DRAFT, focal, "Elections.")
    assert {mail.to for mail in Mail.objects.filter(event="decline_report")} == {focal, officer}
    shown = Page(client.get(reverse("submission", args=[draft.pk])))
    assert "said on" in shown.text
    assert shown.links["Report after all"] == page
    client.post(page, follow=True)
    assert afresh(draft).declined_at is None
    assert [step.step for step in draft.transitions.order_by("pk")] == ["decline_report", "report_after_all"]


def test_reminders_stop_and_it_is_not_overdue(draft, focal):
    declining.decline(draft, by=focal)
    last = clock.now() + timedelta(days=200)
    with clock.at(clock.now() + timedelta(days=31)):
        assert reminders.send() == 0
        assert not afresh(draft).is_overdue
        assert not Submission.objects.overdue().exists()
        declining.take_back(draft, by=focal)
        assert reminders.send() == 1
        assert afresh(draft).is_overdue
    with clock.at(last), pytest.raises(NotNow, match="while the cycle is open"):
        declining.decline(draft, by=focal)


def test_nobody_writes_or_submits_meanwhile(draft, focal):
    fill(draft)
    declining.decline(draft, by=focal)
    declining.decline(draft, by=focal, reason="Twice.")  # harmless
    assert afresh(draft).declined_reason == ""
    with pytest.raises(NotNow, match="will not report this time"):
        fill(draft)
    with pytest.raises(NotNow, match="will not report this time"):
        workflow.submit(draft, by=focal, **DECLARATION)
    declining.take_back(draft, by=focal)
    workflow.submit(draft, by=focal, **DECLARATION)


def test_who_and_when(submitted, focal, officer, analyst, greece):
    with pytest.raises(NotNow, match="has submitted its answers already"):
        declining.decline(submitted, by=focal)
    for person in (analyst, a_focal(greece), a_person()):
        with pytest.raises(PermissionDenied):
            declining.decline(submitted, by=person)
    with pytest.raises(IntegrityError, match="submission_declined_as_draft"), transaction.atomic():
        Submission.objects.filter(pk=submitted.pk).update(declined_at=clock.now(), declined_by=focal)


def test_an_officer_enters_it_on_the_countrys_behalf(draft, focal, officer):
    declining.decline(draft, by=officer, reason="They wrote to us.")
    assert [(step.step, step.on_behalf) for step in draft.transitions.all()] == [("decline_report", True)]


def test_another_state_is_not_offered_it(focal, sign_in, harbour):
    accepted = submission_at(State.ACCEPTED)
    client = sign_in(focal)
    assert "We will not report" not in Page(client.get(reverse("submission", args=[accepted.pk]))).text
    assert client.get(reverse("submission_decline", args=[accepted.pk])).status_code == 409
