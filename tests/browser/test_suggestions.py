"""Deciding on suggestions and replying on an answer, by keyboard and in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from scoreboard import clock, contributors
from scoreboard.models import AnswerVersion, Indicator, Side, State, Suggestion, Thread, User
from scoreboard.threads import discussion
from tests.browser.conftest import findings
from tests.factories import HARBOUR, PASSWORD, an_edition, fill, given, submission_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(focal):
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    fill(submission)
    return suggested(submission, focal)


@pytest.fixture
def returned(focal):
    """What was handed in and came back: an officer may ask about it, a colleague suggest to it."""
    an_edition(HARBOUR)
    return suggested(submission_at(State.RETURNED), focal)


def suggested(submission, focal):
    """Let a colleague suggest an answer to three indicators."""
    until = clock.now().date() + timedelta(days=7)
    indicators = list(Indicator.objects.filter(area__code="P").select_related("area"))
    ask = {"email": "ana@ministry.example", "name": "Ana", "indicators": indicators, "until": until}
    part = contributors.involve(submission, **ask, by=focal)
    for code in ("P1", "P2", "P3"):
        contributors.suggest(part, code, given(level=1, comment=f"For {code}"), by=User.objects.get(pk=part.person_id))
    return submission


def test_each_suggestion_is_decided_with_a_key(visit, focal, draft):
    page = visit(focal)
    page.goto(f"/submissions/{draft.pk}/suggestions/")
    assert findings(page) == []
    page.locator("[data-keys]").first.focus()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.innerText.includes('For P2')")
    page.keyboard.press("k")
    page.keyboard.press("a")
    page.wait_for_selector("text=The suggestion for P1 is the answer now.")
    assert page.evaluate("document.activeElement.innerText.includes('For P2')")
    page.keyboard.press("d")
    page.wait_for_url("**/#decline")
    assert findings(page) == []
    page.get_by_label("Note to your colleague").fill("Not yet: adopt nothing.")  # letters typed decide nothing
    page.get_by_role("button", name="Decline").press("Enter")
    page.wait_for_selector("text=The suggestion for P2 is declined.")
    page.keyboard.press("e")
    page.wait_for_url("**/#edit")
    page.locator("#iP3-comment").fill("Mended.")
    page.get_by_role("button", name="Adopt with these changes").press("Enter")
    page.wait_for_selector("text=No suggestion waits for you")
    assert list(Suggestion.objects.order_by("indicator__position").values_list("decision", flat=True)) == [
        "adopted",
        "declined",
        "edited",
    ]
    assert AnswerVersion.objects.filter(suggestion__isnull=False).count() == 2


def test_on_the_answer_itself_one_adopts_and_replies(visit, focal, officer, returned):
    thread = discussion.open_thread(returned, "P2", "Which year?", shared=True, by=officer)
    page = visit(focal, width=360)
    page.goto(f"/submissions/{returned.pk}/areas/P/")
    assert findings(page) == []
    page.get_by_role("button", name="Adopt P1, Ana").press("Enter")
    page.wait_for_selector("text=The suggestion for P1 is the answer now.")
    page.get_by_text("Reply: P2").click()
    page.locator(f"#reply-{thread.pk}-text").fill("2024.")
    page.get_by_role("button", name="Send the reply").press("Enter")
    page.wait_for_selector("text=Your reply on P2 is sent.")
    assert page.url.endswith(f"/submissions/{returned.pk}/areas/P/#iP2")
    assert Thread.objects.get(pk=thread.pk).holder == Side.SECRETARIAT


def test_a_link_in_a_mail_lands_on_the_answer_after_signing_in(visit, focal, officer, returned):
    asked = discussion.open_thread(returned, "P3", "Which port?", shared=True, by=officer)
    page = visit()
    page.goto(discussion.anchor(asked, side=Side.COUNTRY))
    page.get_by_label("E-mail address").fill(focal.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/submissions/{returned.pk}/areas/P/#iP3")
    expect(page.locator("#iP3")).to_be_in_viewport()
