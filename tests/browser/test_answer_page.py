"""The page on which a country answers: how much room a card takes, what folds and when, and what the keys do."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from scoreboard import clock, contributors
from scoreboard.models import Answer, State
from scoreboard.submissions import answering
from tests.browser.conftest import findings, overflow
from tests.factories import (
    HARBOUR,
    SCOREBOARD,
    a_country,
    a_cycle,
    a_focal,
    a_part,
    an_edition,
    fill,
    given,
    submission_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEIGHTS = "[...document.querySelectorAll('details.answer')].map((card) => card.getBoundingClientRect().height)"
CARDS = "details.answer"
PAGE = "document.documentElement.scrollHeight"


@pytest.fixture
def twice(db):
    """The second cycle of a country that was accepted in the first."""
    edition, malta = an_edition(SCOREBOARD), a_country()
    before = a_cycle([malta], edition=edition, code="2023", opens=clock.now().date() - timedelta(days=9))
    submission_at(State.ACCEPTED, malta, before)
    return a_cycle([malta], edition=edition).submissions.get()


def highest(page: Page, width: int) -> float:
    """Return the height of the highest card in a window of this width, in which nothing scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    assert overflow(page) == 0
    return max(page.evaluate(HEIGHTS))


def test_half_the_space(visit, twice):
    page = visit(a_focal(twice.country))
    for area in "ABCDE":
        page.goto(f"/submissions/{twice.pk}/areas/{area}/")
        assert highest(page, 1280) <= 620, area
        assert area != "B" or page.evaluate(PAGE) <= 6_300
        assert highest(page, 390) <= 1_150, area


def test_saved_cards_fold_to_a_line(visit, twice):
    fill(twice)
    page = visit(a_focal(twice.country))
    page.goto(f"/submissions/{twice.pk}/areas/B/")
    assert highest(page, 1280) <= 56
    assert page.evaluate(PAGE) <= 1_100
    assert highest(page, 390) <= 56


def test_the_first_choice_is_within_eight_tabs(visit, twice):
    page = visit(a_focal(twice.country))
    page.goto(f"/submissions/{twice.pk}/areas/B/")
    page.locator("#main").focus()
    for _tab in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    expect(page.locator("[name='i5-answer']").first).to_be_focused()


@pytest.fixture
def draft(db):
    an_edition(HARBOUR)
    return submission_at(State.DRAFT)


def are_open(page: Page) -> dict[str, bool]:
    return {card.get_attribute("id"): card.get_attribute("open") is not None for card in page.locator(CARDS).all()}


def test_what_has_something_to_say_stays_open(visit, draft):
    focal = a_focal(draft.country)
    fill(draft)
    part = a_part(draft, by=focal)
    contributors.suggest(part, "P2", given(level=1), by=part.person)
    page = visit(focal)
    page.goto(f"/submissions/{draft.pk}/areas/P/")
    assert are_open(page) == {"iP1": False, "iP2": True, "iP3": False}
    page.set_viewport_size({"width": 1280, "height": 2000})  # nothing is below the bar that stays in sight
    assert findings(page) == []
    expect(page.locator("#iP2 .is-last, #iP2 .last-mark")).to_contain_text("suggested by Ana")
    page.goto(f"/submissions/{draft.pk}/areas/P/#iP3")
    assert are_open(page) == {"iP1": False, "iP2": True, "iP3": True}
    expect(page.locator("#iP3 > summary")).to_be_focused()

    returned = submission_at(State.RETURNED, a_country("GR"), a_cycle([a_country("GR")], code="2027"))
    page = visit(a_focal(returned.country))
    page.goto(f"/submissions/{returned.pk}/areas/P/")
    assert are_open(page) == {"iP1": True, "iP2": False, "iP3": False}
    expect(page.locator("#iP1 > summary")).to_contain_text("returned")


def test_an_answer_folds_when_the_person_folds_it_and_not_by_being_saved(visit, draft):
    page = visit(a_focal(draft.country))
    page.goto(f"/submissions/{draft.pk}/areas/P/")
    page.locator('#iP1 [value="level:2"]').check()
    page.locator('[name="iP1-comment"]').fill("Adopted in May.\nIn force since June.")
    expect(page.locator("#iP1 .answer-state")).to_contain_text("Saved")
    line = page.locator("#iP1 > summary")
    expect(line.locator(".answer-mark")).to_have_text("saved")
    expect(page.locator('.strip a[href="#iP1"]')).to_contain_text("saved")
    assert are_open(page)["iP1"]
    line.click()
    expect(line).to_contain_text("Level 2")
    expect(line).to_contain_text("Adopted in May.")
    assert line.bounding_box()["height"] <= 56


def test_a_refused_answer_opens_its_card(visit, draft):
    fill(draft)
    page = visit(a_focal(draft.country))
    page.goto(f"/submissions/{draft.pk}/areas/P/")
    line, state = page.locator("#iP1 > summary"), page.locator("#iP1 .answer-mark")
    line.click()
    answering.save_answers(draft, {"P1": given(level=4)}, by=a_focal(draft.country), seen={"P1": 1})
    page.locator('[name="iP1-comment"]').fill("Mine.")
    line.click()
    expect(page.locator("#iP1 .callout-conflict")).to_be_visible()
    expect(state).to_have_text("not saved")
    page.get_by_role("button", name="Keep the stored answer").click()
    expect(state).to_have_text("saved")


def test_reasons_appear_when_they_are_due(visit, twice):
    page = visit(a_focal(twice.country))
    page.goto(f"/submissions/{twice.pk}/areas/B/")
    card = page.locator("#i12")  # one that may be not applicable
    moved, absent = card.locator(".why-moved"), card.locator(".why-not-applicable")
    back = card.get_by_role("button", name="Take the choice back")
    expect(back).to_be_hidden()
    card.get_by_role("button", name="No change").click()
    expect(card.locator(".answer-state")).to_contain_text("Saved")
    expect(card.get_by_role("button", name="No change")).to_have_attribute("aria-pressed", "true")
    expect(moved).to_be_hidden()
    card.locator('[value="level:3"]').check()
    expect(card.get_by_role("button", name="No change")).to_have_attribute("aria-pressed", "false")
    expect(moved).to_be_visible()
    expect(moved).to_contain_text("Why is it no longer level 2?")
    expect(absent).to_be_hidden()
    card.locator('[value="not_applicable"]').check()
    expect(moved).to_be_hidden()
    expect(absent).to_be_visible()
    expect(page.locator('.strip a[href="#i12"]')).to_contain_text("incomplete")  # without its reason
    expect(card.locator(".answer-mark")).to_have_text("incomplete")
    with page.expect_response(
        lambda response: "/save/" in response.url and "answer=" not in response.request.post_data
    ):
        back.click()
    expect(absent).to_be_hidden()
    expect(card.locator(".answer-mark")).to_have_text("not answered")
    assert Answer.objects.get(submission=twice, indicator__code="12").kind == ""


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_strip_is_one_stop_of_tab_and_moves_by_arrows(visit, draft, direction):
    page = visit(a_focal(draft.country))
    page.goto(f"/submissions/{draft.pk}/areas/P/")
    page.evaluate("direction => document.documentElement.dir = direction", direction)
    forward, back = ("ArrowRight", "ArrowLeft") if direction == "ltr" else ("ArrowLeft", "ArrowRight")
    links = page.locator(".strip a")
    links.first.focus()
    for key, at in ((forward, 1), (forward, 2), (forward, 2), (back, 1), ("Home", 0), ("End", 2)):
        page.keyboard.press(key)
        expect(links.nth(at)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#iP3 > summary")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.locator("#iP2 > summary").focus()
    expect(links.nth(1)).to_have_attribute("aria-current", "true")
    assert page.locator(".strip a[tabindex='0']").count() == 1
    page.mouse.wheel(0, 900)
    expect(links.first).to_be_in_viewport()


def test_paper_a_search_and_no_script_show_everything(visit, draft):
    fill(draft)
    focal, address = a_focal(draft.country), f"/submissions/{draft.pk}/areas/P/"
    page = visit(focal)
    page.goto(address)
    comment = page.locator("[name='iP2-comment']")
    expect(comment).to_be_hidden()
    page.emulate_media(media="print")
    expect(comment).to_be_visible()
    page.emulate_media(media="screen")
    expect(comment).to_be_hidden()
    found = page.locator("#iP3 .ladder label > :last-child").first.text_content()
    page.locator("h1").click()  # a browser follows a link to a text only for a person
    page.evaluate("text => { location.hash = text; }", f":~:text={quote(found)}")  # unfolds what it finds
    expect(page.locator("#iP3")).to_have_attribute("open", "")
    assert are_open(page)["iP1"] is False
    plain = visit(focal, java_script_enabled=False)
    plain.goto(address)
    assert set(are_open(plain).values()) == {True}
    expect(plain.locator("[name='iP2-comment']")).to_be_visible()
    plain.locator("[name='iP2-cleared']").click()
    assert Answer.objects.get(indicator__code="P2").kind == ""
