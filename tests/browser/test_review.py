"""The review desk in a real browser: keys, which can be turned off, and how many clicks a decision takes from Home."""

import pytest
from playwright.sync_api import Locator, Page, expect

from scoreboard.models import LookedAt, Remark, State, Submission
from tests.browser.conftest import findings, overflow
from tests.factories import HARBOUR, an_edition, submission_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def submitted(focal):
    an_edition(HARBOUR)
    return submission_at(State.SUBMITTED)


def card(page: Page, code: str) -> Locator:
    return page.locator(f"[id='reading-{code}']")


def test_keys_lead_through_the_answers_and_mark_them(visit, officer, submitted):
    page = visit(officer)
    page.goto(f"/review/{submitted.pk}/areas/P/")
    page.keyboard.press("j")
    expect(card(page, "P1").locator("> summary")).to_be_focused()
    page.keyboard.press("o")
    expect(card(page, "P1")).to_have_attribute("open", "")
    page.keyboard.press("l")
    expect(page.locator("#marked")).to_contain_text("1 of 7 looked at")
    expect(card(page, "P1")).to_have_attribute("open", "")  # as it was
    expect(page.locator("[id='look-P1']")).to_have_attribute("aria-pressed", "true")
    assert LookedAt.objects.get().answer.indicator.code == "P1"
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("[id='mark-P2']")).to_be_focused()
    page.keyboard.type("look at Q1 too")  # letters typed are no keys
    page.locator("[id='save-P2']").click()
    expect(page.locator("#steps")).to_contain_text("Return 1 marked…")
    assert Remark.objects.get().text == "look at Q1 too"
    assert findings(page) == []
    card(page, "P2").locator("> summary").focus()
    page.keyboard.press("k")
    expect(card(page, "P1").locator("> summary")).to_be_focused()
    page.keyboard.press("q")
    page.wait_for_url("**/threads/P1/")


def test_the_keys_can_be_turned_off_and_stay_so(visit, officer, submitted):
    page = visit(officer)
    page.goto(f"/review/{submitted.pk}/areas/P/")
    page.get_by_role("button", name="Turn the keys off").click()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("o")
    assert page.evaluate("document.activeElement === document.body")
    assert findings(page) == []
    page.get_by_role("button", name="Turn the keys on").click()
    page.keyboard.press("j")
    expect(card(page, "P1").locator("> summary")).to_be_focused()


def test_a_link_of_before_there_were_areas_leads_to_the_answer(visit, officer, submitted):
    page = visit(officer, width=360)
    page.goto(f"/review/{submitted.pk}/#reading-R2")
    page.wait_for_url("**/areas/R/#reading-R2")
    expect(card(page, "R2")).to_have_attribute("open", "")
    assert overflow(page) == 0


class Hand:
    """A person's hand on the mouse, which counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def open_from_home(self, country: str) -> None:
        self.page.goto("/")
        main = self.page.get_by_role("main")
        self.click(main.get_by_role("link", name=f"To review, {country}"))


def test_accepting_takes_three_clicks_from_home(visit, officer, submitted):
    hand = Hand(visit(officer))
    hand.open_from_home("Malta")
    hand.click(hand.page.get_by_role("link", name="Accept…"))
    hand.click(hand.page.get_by_role("button", name="Accept the submission"))
    hand.page.wait_for_url("**/review/")
    assert Submission.objects.get().state == State.ACCEPTED
    assert hand.clicks == 3


@pytest.mark.parametrize(("road", "code", "clicks"), [("home", "P3", 6), ("queue", "R2", 7)])
def test_returning_with_one_mark_takes_seven_clicks_at_most_from_home(visit, officer, submitted, road, code, clicks):
    """Also by the queue, and where the answer is folded in another area than the first."""
    hand = Hand(visit(officer))
    if road == "home":
        hand.open_from_home("Malta")
    else:
        hand.page.goto("/")
        hand.click(hand.page.get_by_role("navigation").get_by_role("link", name="Review", exact=True))
        hand.click(hand.page.get_by_role("main").get_by_role("link", name="Malta"))
    if not code.startswith("P"):
        hand.click(hand.page.locator("#areas a", has_text="R"))
    answer = card(hand.page, code)
    hand.click(answer.locator("> summary"))
    hand.click(answer.locator(".rev-mark > summary"))
    answer.get_by_label("What should the country do?").fill("Name the source.")
    if road == "home":
        hand.click(answer.get_by_role("button", name="Save mark"))
        hand.click(hand.page.get_by_role("link", name="Return 1 marked…"))
    else:
        hand.click(answer.get_by_role("button", name="Save and return…"))
    hand.page.get_by_label("What should the country do, and why?").fill("One thing is missing.")
    hand.click(hand.page.get_by_role("button", name="Return the submission"))
    hand.page.wait_for_url("**/review/")
    assert Submission.objects.get().state == State.RETURNED
    assert hand.clicks == clicks <= 7
