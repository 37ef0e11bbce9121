"""The journey of a focal point with the keyboard alone: focus is always seen, and never lost."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from scoreboard import clock
from scoreboard.models import Answer, Evidence, State, Submission
from scoreboard.submissions import answering
from tests.factories import (
    HARBOUR,
    PASSWORD,
    SCOREBOARD,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    fill,
    given,
    submission_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is wrong with where the focus is: it is nowhere, or cannot be seen, or something lies over it.
FAULT = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "the focus is nowhere";
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const name = one.id || one.name || one.textContent.trim();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth);
  if (one.tabIndex >= 0 && !ring) return `no ring around ${name}`;
  if (box.bottom <= 0 || box.top >= innerHeight) return `${name} is out of sight`;
  const [x, y] = [box.x + Math.min(box.width / 2, 20), Math.max(box.top, 0) + Math.min(box.height, innerHeight) / 2];
  const above = document.elementFromPoint(x, Math.min(y, innerHeight - 1));
  const labels = [...(one.labels ?? [])];
  const seen = above && [one, ...labels].some((part) => part.contains(above) || above.contains(part));
  return seen ? "" : `something lies over ${name}`;
}"""


class Keyboard:
    """A person's hands on the keys of a page; each time the focus rests, it is looked for."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def rests_on(self, place: Locator) -> None:
        """The focus is here, and to be seen."""
        expect(place).to_be_focused()
        self.look()

    def look(self) -> None:
        """Find the focus, once the page has scrolled to it."""
        for _moment in range(40):
            if not (fault := self.page.evaluate(FAULT)):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(fault)

    def tab_to(self, place: Locator, key: str = "Tab") -> None:
        """Go on until the place has the focus."""
        expect(place).to_be_attached()
        for _stop in range(150):
            self.press(key)
            self.look()
            if place.evaluate("(element) => element === document.activeElement"):
                return
        raise AssertionError(f"Tab never reaches {place}")

    def follow(self, place: Locator) -> None:
        self.tab_to(place)
        self.press("Enter")

    def choose(self, first: Locator, steps: int) -> None:
        """Choose in a group of radios: the first with Space, others with the arrows."""
        self.tab_to(first)
        self.press("Space", *["ArrowDown"] * steps)


@pytest.fixture
def draft(db):
    an_edition(HARBOUR)
    return submission_at(State.DRAFT)


@pytest.fixture
def focal(draft):
    return a_focal(draft.country)


def saved(page: Page, code: str) -> None:
    expect(page.locator(f"#i{code} .answer-state")).to_contain_text("Saved")


def radio(page: Page, code: str) -> Locator:
    return page.locator(f"[name='i{code}-answer']").first


def comment(page: Page, code: str) -> Locator:
    return page.locator(f"[name='i{code}-comment']")


def test_from_signing_in_to_the_receipt(visit, draft, focal):
    page = visit()
    keys, main = Keyboard(page), page.get_by_role("main")
    page.goto("/accounts/login/")
    keys.tab_to(page.get_by_label("E-mail address"))
    keys.type(focal.email)
    keys.tab_to(page.get_by_label("Password", exact=True))
    keys.type(PASSWORD)
    keys.press("Enter")
    keys.follow(main.get_by_role("link", name="Start with P1"))
    keys.rests_on(page.locator("#iP1 > summary"))
    keys.choose(radio(page, "P1"), steps=4)  # the highest level, without a word: a doubt
    saved(page, "P1")
    keys.rests_on(page.locator("[name='iP1-answer']").nth(4))
    keys.choose(radio(page, "P2"), steps=1)
    keys.tab_to(comment(page, "P2"))
    keys.type("From the port authority.")
    saved(page, "P2")
    keys.rests_on(comment(page, "P2"))

    keys.follow(page.locator("#iP2 .evidence summary"))
    keys.follow(page.locator("#iP2 .evidence").get_by_role("link", name="Add files or links"))
    keys.tab_to(page.get_by_label("Address"))
    keys.type("https://example.org/report")
    keys.press("Enter")
    expect(main).to_contain_text("https://example.org/report")
    keys.follow(main.get_by_role("link", name="Go back to P2"))
    keys.rests_on(page.locator("#iP2 > summary"))
    keys.choose(radio(page, "P3"), steps=0)
    saved(page, "P3")
    keys.follow(page.locator("button[name='continue']"))

    keys.choose(radio(page, "Q1"), steps=2)
    keys.choose(radio(page, "Q2"), steps=2)
    saved(page, "Q2")
    keys.follow(page.locator("#iQ2 .attached").get_by_role("link"))
    keys.tab_to(page.locator("[name='r1-year']"))
    keys.type("2025")
    keys.tab_to(page.locator("[name='r1-species']"))
    keys.type("Dreissena polymorpha")
    keys.tab_to(page.locator("[name='r1-place']"))
    keys.press("ArrowDown")
    keys.tab_to(page.locator("[name='r1-individuals']"))
    keys.type("12")
    keys.press("Enter")
    expect(main).to_contain_text("The table is saved with 1 row.")
    keys.follow(main.get_by_role("link", name="Go back to Q2"))
    keys.rests_on(page.locator("#iQ2 > summary"))

    keys.follow(page.locator("button[name='continue']"))
    for code in ("R1", "R2"):
        keys.choose(radio(page, code), steps=1)
        saved(page, code)
    keys.follow(page.locator("button[name='continue']"))
    keys.follow(main.get_by_role("link", name="Review and submit"))
    expect(page.locator("h1")).to_have_text("Submit the answers")
    for box in main.get_by_role("checkbox").all():  # the doubt, and the declaration
        keys.tab_to(box)
        keys.press("Space")
    keys.tab_to(page.get_by_label("Capacity"), key="Shift+Tab")
    keys.type("Head of unit")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Receipt of version 1")

    assert Submission.objects.get(pk=draft.pk).state == State.SUBMITTED
    answers = {answer.indicator.code: answer for answer in Answer.objects.select_related("indicator", "level")}
    levels = {code: answer.level.value for code, answer in answers.items()}
    assert levels == {"P1": 5, "P2": 2, "P3": 0, "Q1": 3, "Q2": 3, "R1": 2, "R2": 2}
    assert answers["P2"].comment == "From the port authority."
    assert answers["Q2"].figures == [
        {"year": 2025, "species": "Dreissena polymorpha", "place": "quay", "individuals": 12}
    ]
    assert Evidence.objects.get().url == "https://example.org/report"


def test_all_of_the_scoreboard_with_last_time_at_hand(visit, db):
    """Area by area: every other indicator is as it was, the others rise by a level and say why."""
    edition, country = an_edition(SCOREBOARD), a_country()
    before = a_cycle([country], edition=edition, code="2023", opens=clock.now().date() - timedelta(days=9))
    submission_at(State.ACCEPTED, country, before)
    now = a_cycle([country], edition=edition).submissions.get()
    page = visit(a_focal(country))
    keys = Keyboard(page)
    page.goto(f"/submissions/{now.pk}/areas/A/")
    for at, indicator in enumerate(edition.all_indicators):
        card = page.locator(f"[id='i{indicator.code}']")
        if at % 2:
            keys.follow(card.get_by_role("button", name="No change"))
        else:
            keys.choose(radio(page, indicator.code), steps=3)
            keys.tab_to(card.locator(f"[name='i{indicator.code}-changed']"))
            keys.type("A new law.")
        if indicator == indicator.area.indicators.last():
            keys.follow(page.locator("button[name='continue']"))
            page.wait_for_url(lambda url, code=indicator.area.code: f"/areas/{code}/" not in url)
    expect(page).to_have_url(re.compile("/gaps/"))
    answers = Answer.objects.filter(submission=now).order_by("indicator__position").select_related("level")
    assert [(answer.level.value, answer.change_reason) for answer in answers] == [(3, "A new law."), (2, "")] * 14
    assert [answer.confirmed for answer in answers] == [False, True] * 14


def test_focus_stays_through_a_conflict_and_signing_in_again(visit, draft, focal):
    fill(draft)
    page = visit(focal)
    keys = Keyboard(page)
    page.goto(f"/submissions/{draft.pk}/areas/P/")
    colleague = a_person("focal", draft.country, name="Colleague")
    answering.save_answers(draft, {"P1": given(comment="Theirs.")}, by=colleague, seen={"P1": 1})

    keys.follow(page.locator("#iP1 > summary"))
    keys.tab_to(comment(page, "P1"))
    keys.type("Mine.")
    panel = page.locator("#iP1 .callout-conflict")
    expect(panel).to_contain_text("Theirs.")
    keys.rests_on(comment(page, "P1"))
    keys.tab_to(panel.get_by_role("button", name="Put both comments into the field"), key="Shift+Tab")
    keys.press("Enter")
    keys.rests_on(comment(page, "P1"))
    keys.tab_to(panel.get_by_role("button", name="Save what is in the fields"), key="Shift+Tab")
    keys.press("Enter")
    saved(page, "P1")
    keys.rests_on(comment(page, "P1"))

    page.context.clear_cookies()
    keys.press("End")
    keys.type(" And more.")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    keys.tab_to(dialog.get_by_label("Password"))
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(dialog).to_be_hidden()
    saved(page, "P1")
    keys.rests_on(comment(page, "P1"))
    assert Answer.objects.get(indicator__code="P1").comment.startswith("Theirs.\n\nMine.")
