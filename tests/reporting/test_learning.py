"""Learning from countries that rose, through the pages: a question, its answer, and good practice."""

import pytest
from django.test import Client
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.demo import writing
from scoreboard.models import GoodPractice, Mail, PeerQuestion, Role, State
from tests import learning
from tests.factories import (
    HARBOUR,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def malta(db):
    """Malta's submission of 2026, which is on level 1 of P1 as Greece was before it rose."""
    an_edition(HARBOUR)
    learning.risen()
    cycle = a_cycle([a_country("MT"), a_country("GR")], code="2026")
    submission = cycle.submissions.get(country__iso2="MT")
    fill(submission, iP1=given(level=1))
    a_focal(a_country("GR"))
    return submission


def test_a_question_is_asked_answered_offered_checked_and_public(malta, sign_in):
    asks, answers, officer = (sign_in(one) for one in (a_focal(malta.country), a_focal(a_country("GR")), an_officer()))
    area = Page(asks.get(reverse("submission_area", args=[malta.pk, "P"])))
    page = Page(asks.get(area.links["Who rose from your level on P1"]))
    assert "Your level in the answers that you work on: Level 1." in page.text
    assert "We trained the pilots." in page.text
    assert "Cyprus" not in page.text  # it rose from another level
    url = page.links["Ask Greece how"]
    assert asks.get(url.replace("/gr/", "/cy/")).status_code == 404
    question = asks.post(url, {"text": "How many pilots?"}).headers["Location"]
    asks.post(url, {"text": "How many pilots?"})  # pressed twice
    assert PeerQuestion.objects.count() == 1
    assert [mail.to for mail in Mail.objects.filter(event="peer_asked")] == [a_focal(a_country("GR"))]

    assert "How many pilots?" in Page(answers.get(question)).text
    assert question in Page(answers.get("/")).links.values()
    answers.post(question, {"text": "Forty, in two years."})
    assert question not in Page(answers.get("/")).links.values()
    assert Mail.objects.get(event="peer_answered").to == a_focal(malta.country)
    assert "Forty, in two years." in Page(officer.get(question)).text
    assert sign_in(a_focal(a_country("CY"))).get(question).status_code == 404

    offer = Page(answers.get(question)).links["Make good practice of the answer…"]
    form = Page(answers.get(offer)).fields
    assert form["text"] == "Forty, in two years."
    typed = {"title": "Forty pilots", "text": form["text"], "subjects": form["subjects"], "seen": "0"}
    practice = answers.post(offer, typed).headers["Location"]
    assert asks.get(practice).status_code == officer.get(practice).status_code == 404  # a draft
    answers.post(f"{practice}sign/", Page(answers.get(f"{practice}sign/")).fields)
    assert Mail.objects.get(event="practice_offered").to == an_officer()
    assert Client().get(practice).status_code == 404
    assert practice in Page(officer.get("/")).links.values()
    refused = officer.post(f"{practice}publish/", {"seen": "1"})
    assert "tick the box" in Page(refused).text
    officer.post(f"{practice}publish/", Page(officer.get(f"{practice}publish/")).fields | {"names_nobody": "on"})

    visitor = Client()
    assert "Signed by Greece" in Page(visitor.get(practice)).text
    for place in ("/indicators/P1/", "/countries/gr/", "/good-practice/", "/good-practice/?indicator=P1"):
        assert Page(visitor.get(place)).links["Forty pilots"] == practice, place
    assert "Forty pilots" not in Page(visitor.get("/good-practice/?indicator=P2")).links
    assert Page(asks.get(reverse("submission_area", args=[malta.pk, "P"]))).links["Forty pilots"] == practice
    answers.post(f"{practice}withdraw/", {"reason": "It changed."})
    assert visitor.get(practice).status_code == 410
    assert "Forty pilots" not in Page(visitor.get("/indicators/P1/")).links
    assert Mail.objects.get(event="practice_withdrawn").to == an_officer()


def test_what_the_asking_country_offers_is_signed_by_the_other(malta, sign_in):
    question = learning.answered()
    asks, answers = sign_in(a_focal(malta.country)), sign_in(a_focal(a_country("GR")))
    offer = Page(asks.get(f"/learning/questions/{question.pk}/")).links["Offer it as good practice of Greece…"]
    fields = Page(asks.get(offer)).fields
    practice = asks.post(offer, {**fields, "title": "Trained pilots"}).headers["Location"]
    assert Mail.objects.get(event="practice_to_sign").to == a_focal(a_country("GR"))
    assert asks.get(f"{practice}sign/").status_code == 403
    assert "waits for the signature of Greece" in Page(asks.get(practice)).text
    answers.post(f"{practice}not-signed/", {"reason": "It is too early."})
    assert "It is too early." in Mail.objects.get(event="practice_not_signed").body
    assert asks.get(practice).status_code == 404
    assert GoodPractice.objects.get().state == "draft"
    answers.post(f"{practice}edit/", Page(answers.get(f"{practice}edit/")).fields | {"text": "In our words."})
    answers.post(f"{practice}sign/", Page(answers.get(f"{practice}sign/")).fields)
    assert (GoodPractice.objects.get().state, GoodPractice.objects.get().text) == ("offered", "In our words.")


def test_who_rose_is_nobody_where_the_question_or_the_level_is_another(malta, sign_in):
    client = sign_in(a_focal(malta.country))
    fill(malta, iP1=given(level=4))
    url = reverse("learning", args=[malta.pk, "P1"])
    assert "No published cycle has a country that rose from this level." in Page(client.get(url)).text
    fill(malta, iP1=given("unknown"))
    assert "Your level as it was last published: Level 1." in Page(client.get(url)).text
    assert client.get(reverse("learning", args=[malta.pk, "X9"])).status_code == 404
    assert sign_in(an_officer()).get(url).status_code == 403
    assert sign_in(a_person()).get(url).status_code == 404


def test_the_demo_prints_good_practice_in_the_chapter_of_its_indicator():
    an_edition(HARBOUR)
    practice = learning.published_practice(learning.a_practice(is_example=True))
    cycle = a_cycle([a_country("MT")], code="2026", is_example=True)
    submission_at(State.ACCEPTED, a_country("MT"), cycle)
    issue = lifecycle.consolidate(cycle, by=an_officer())
    writing.write(issue, {"writing": {"area-P": "It rose."}}, analyst=a_person(Role.ANALYST), officer=an_officer())
    found = {chapter.key: (chapter.text, chapter.is_approved) for chapter in issue.chapters.exclude(text="")}
    assert found == {"area-P": (f"It rose.\n\n[[practice {practice.pk}]]", True)}
