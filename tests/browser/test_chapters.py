"""Writing a chapter as a browser does it: saved in place, shown as readers will see it, never over a colleague."""

import re

import pytest
from playwright.sync_api import expect

from reporting.assessments import chapters, lifecycle
from scoreboard.models import Role, State
from tests.browser.conftest import findings
from tests.factories import HARBOUR, a_person, an_edition, an_officer, submission_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_chapter_saves_itself_and_shows_what_it_names(visit):
    an_edition(HARBOUR)
    cycle = submission_at(State.ACCEPTED).cycle
    chapter = lifecycle.consolidate(cycle, by=an_officer()).chapters.get(key="area-P")
    page = visit(a_person(Role.ANALYST))
    page.goto(f"/reports/{chapter.assessment_id}/chapters/area-P/")
    text, state, preview = page.locator("textarea"), page.locator(".answer-state"), page.locator("#preview .narrative")

    text.press_sequentially("The mean is ")
    page.get_by_text("All countries (8)").click()
    page.get_by_role("button", name="[[mean P]]").click()
    expect(state).to_have_text(re.compile(r"^Saved \d\d?:\d\d"))
    expect(preview).to_have_text(re.compile(r"^The mean is \d+\.\d\s*$"))
    assert chapter.versions.latest("revision").text == "The mean is [[mean P]]"

    chapters.save(chapter, "Theirs.", by=an_officer(), seen=chapter.versions.latest("revision").revision)
    text.fill("Mine.")
    conflict = page.locator(".callout-conflict")
    expect(conflict).to_contain_text("Officer saved another text meanwhile")
    assert findings(page) == []
    conflict.get_by_role("button", name="Put both texts into the field").click()
    conflict.get_by_role("button", name="Save what is in the field").click()
    expect(preview).to_have_text(re.compile(r"^Theirs\.\s+Mine\.\s*$"))
    assert chapter.versions.latest("revision").text == "Theirs.\n\nMine."
