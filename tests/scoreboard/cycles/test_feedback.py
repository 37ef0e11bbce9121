"""Feedback: once per respondent after submitting, without a name unless signed, summed up from three answers on."""

import html

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from scoreboard.cycles import feedback
from scoreboard.errors import NotNow
from scoreboard.models import Feedback, Role, State
from tests.factories import a_focal, a_person, submission_at

SAID = {"rating": 2, "hard": "The table of cases.", "signed": False}


def test_it_is_given_once_and_only_after_submitting(cycle, malta):
    draft, focal = submission_at(State.DRAFT, malta, cycle), a_focal(malta)
    assert not feedback.is_asked(draft, focal)
    with pytest.raises(NotNow, match="Submit the answers first"):
        feedback.give(draft, **SAID, by=focal)
    submitted = submission_at(State.SUBMITTED, malta, cycle)
    assert feedback.is_asked(submitted, focal)
    feedback.give(submitted, **SAID, by=focal)
    assert not feedback.is_asked(submitted, focal)
    with pytest.raises(NotNow, match="told us already"):
        feedback.give(submitted, **SAID, by=focal)
    assert Feedback.objects.count() == 1


def test_only_the_countrys_focal_points_give_it(cycle, malta, greece, officer):
    submitted = submission_at(State.SUBMITTED, malta, cycle)
    for person in (officer, a_focal(greece), a_person(Role.OBSERVER)):
        with pytest.raises(PermissionDenied):
            feedback.give(submitted, **SAID, by=person)


@pytest.mark.parametrize("signed", [True, False])
def test_it_has_a_name_only_if_it_is_signed(signed, cycle, malta):
    focal = a_focal(malta)
    feedback.give(submission_at(State.SUBMITTED, malta, cycle), **(SAID | {"signed": signed}), by=focal)
    assert Feedback.objects.get().signed_by == (focal if signed else None)
    kept = {field.name for field in Feedback._meta.fields}
    assert kept == {"id", "cycle", "rating", "hard", "signed_by"}, "no date and no country tells whose it is"


def test_the_receipt_leads_to_it_and_the_page_to_the_sum(cycle, malta, officer, sign_in):
    submitted, focal = submission_at(State.SUBMITTED, malta, cycle), a_focal(malta)
    respondent, desk = sign_in(focal), sign_in(officer)
    address = reverse("submission_feedback", args=[submitted.pk])
    receipt = reverse("submission_receipt", args=[submitted.pk, 1])
    assert address in respondent.get(receipt).content.decode()
    assert respondent.post(address, {"rating": ""}).context["form"].errors == {"rating": ["Choose one of the five."]}
    assert respondent.post(address, {"rating": "5", "hard": "<b>Nothing</b>"}).status_code == 302
    assert address not in respondent.get(receipt).content.decode()
    page = desk.get(reverse("cycle_feedback", args=[cycle.code])).content.decode()
    assert "Shown from 3 answers on" in page
    assert "Nothing" not in page
    for rating in (1, 5):
        feedback.give(submitted, rating=rating, hard="", signed=True, by=a_person(Role.FOCAL, malta))
    response = desk.get(reverse("cycle_feedback", args=[cycle.code]))
    assert response.context["summary"].ratings == [
        ("Very hard", 1),
        ("Hard", 0),
        ("Neither hard nor easy", 0),
        ("Easy", 0),
        ("Very easy", 2),
    ]
    assert "<b>Nothing</b>" in html.unescape(response.content.decode())
    assert "<b>Nothing</b>" not in response.content.decode()
