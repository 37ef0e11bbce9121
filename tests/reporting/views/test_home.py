"""What is published stands on the home page of whom it is for."""

import pytest
from django.test import Client

from reporting.models import Assessment
from scoreboard.models import State
from tests.factories import HARBOUR, a_cycle, a_person, an_edition, submission_at
from tests.pages import Page

pytestmark = pytest.mark.django_db

TITLE = "The Scoreboard 2023 assessment is published"


@pytest.fixture
def cycle(malta):
    an_edition(HARBOUR)
    cycle = a_cycle([malta], code="2023", is_example=True)
    submission_at(State.ACCEPTED, malta, cycle)
    return cycle


def test_everyone_reads_that_it_is_published(sign_in, observer, cycle, assessment_at):
    assessment = assessment_at(Assessment.Status.PUBLISHED, cycle)
    for client in (Client(), sign_in(observer), sign_in(a_person())):
        page = Page(client.get("/"))
        assert page.links[TITLE] == f"/reports/{assessment.pk}/"
        assert "invented example data" in page.text


def test_what_is_for_observers_stands_on_theirs_alone(sign_in, observer, cycle, assessment_at):
    assessment_at(Assessment.Status.PUBLISHED, cycle, audience="observers")
    assert TITLE in Page(sign_in(observer).get("/")).links
    assert TITLE not in Page(Client().get("/")).links
    assert TITLE not in Page(sign_in(a_person()).get("/")).links


@pytest.mark.parametrize("status", ["draft", "built", "withdrawn"])
def test_what_is_not_published_stands_nowhere(sign_in, officer, cycle, assessment_at, status):
    assessment_at(status, cycle)
    assert TITLE not in Page(sign_in(officer).get("/")).links
