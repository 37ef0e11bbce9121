"""Saving as a browser sees it: no word before the server's, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from scoreboard.models import Answer, State
from scoreboard.submissions import answering
from tests.browser.conftest import findings, overflow
from tests.factories import HARBOUR, PASSWORD, a_focal, a_person, an_edition, given, submission_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^Saved \d\d?:\d\d$")


@pytest.fixture
def draft(db):
    an_edition(HARBOUR)
    return submission_at(State.DRAFT)


@pytest.fixture
def focal(draft):
    return a_focal(draft.country)


@pytest.fixture
def url(draft):
    return f"/submissions/{draft.pk}/areas/P/"


@pytest.fixture
def page(visit, focal, url):
    page = visit(focal)
    page.goto(url)
    return page


def state(page: Page, code: str = "P1"):
    return page.locator(f"#i{code} .answer-state")


def comment(page: Page, code: str = "P1"):
    return page.locator(f'[name="i{code}-comment"]')


def stored(draft, code="P1"):
    answer = Answer.objects.filter(submission=draft, indicator__code=code).select_related("level").first()
    return answer and (answer.level and answer.level.value, answer.comment, answer.revision)


def kept(page: Page) -> int:
    """How many unsaved texts the browser keeps."""
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('unsaved:')).length")


def test_a_choice_and_a_comment_save_themselves(page, draft):
    page.get_by_label("Ένα σχέδιο έχει εγκριθεί, αλλά").check()
    expect(state(page)).to_have_text(SAVED)
    assert stored(draft)[1:] == ("", 1)
    comment(page).press_sequentially("Adopted in May.")
    expect(state(page)).to_have_text("Not saved yet")
    expect(state(page)).to_have_text(SAVED)
    assert stored(draft)[1:] == ("Adopted in May.", 2)
    assert kept(page) == 0
    assert findings(page) == []


def test_nothing_is_called_saved_without_the_servers_word(page, draft, url):
    page.context.set_offline(True)
    comment(page).fill("Typed on the train.")
    notice = page.locator("#line p")
    expect(notice).to_have_text(
        "Not saved yet: no connection. Your text is kept in this browser and sent when the line is back."
    )
    expect(state(page)).to_have_text("Not saved yet")
    assert (stored(draft), kept(page)) == (None, 1)
    assert findings(page) == []
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    expect(notice).to_be_hidden()
    assert (stored(draft), kept(page)) == ((None, "Typed on the train.", 1), 0)


def test_leaving_with_unsaved_text_warns(page, url):
    page.context.set_offline(True)
    comment(page).fill("Typed on the train.")
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]


def test_what_a_window_left_behind_is_offered_back(page, visit, focal, draft, url):
    page.context.set_offline(True)
    comment(page).fill("Typed before the battery died.")
    expect(state(page)).to_have_text("Not saved yet")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(url)
    offer = again.locator(".callout-offer")
    expect(offer).to_contain_text("and it was not saved")
    expect(offer).to_contain_text("Typed before the battery died.")
    expect(comment(again)).to_have_value("")
    assert findings(again) == []
    offer.get_by_role("button", name="Keep it").click()
    expect(state(again)).to_have_text(SAVED)
    expect(offer).to_have_count(0)
    assert (stored(draft), kept(again)) == ((None, "Typed before the battery died.", 1), 0)


def test_the_submissions_page_lists_what_was_left_behind(page, draft, url):
    page.context.set_offline(True)
    comment(page).fill("Typed before the battery died.")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/submissions/{draft.pk}/")
    found = again.locator("#unsaved")
    expect(found).to_contain_text("Typed before the battery died.")
    assert findings(again) == []
    found.get_by_role("link", name="P1").click()
    expect(again.locator("#iP1 .callout-offer")).to_be_visible()
    again.goto(f"/submissions/{draft.pk}/")
    found.get_by_role("button", name="Drop it").click()
    expect(found).to_be_hidden()
    assert (stored(draft), kept(again)) == (None, 0)


def test_what_is_dropped_is_gone(page, draft, url):
    page.context.set_offline(True)
    comment(page).fill("Never mind.")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(url)
    again.get_by_role("button", name="Drop it").click()
    expect(again.locator(".callout-offer")).to_have_count(0)
    assert (stored(draft), kept(again)) == (None, 0)


class TestConflict:
    @pytest.fixture(autouse=True)
    def colleague(self, page, draft):
        comment(page).fill("Base.")
        comment(page).blur()
        expect(state(page)).to_have_text(SAVED)
        person = a_person("focal", draft.country, name="Colleague")
        answering.save_answers(draft, {"P1": given(level=4, comment="Theirs.")}, by=person, seen={"P1": 1})
        comment(page).fill("Mine.")
        comment(page).blur()
        expect(page.locator(".callout-conflict")).to_be_visible()

    def test_both_are_shown_with_what_they_began_from(self, page, draft):
        panel = page.locator(".callout-conflict")
        expect(panel).to_contain_text("Theirs.")
        expect(panel).to_contain_text("Mine.")
        panel.get_by_text("What both answers began from").click()
        expect(panel).to_contain_text("Base.")
        assert findings(page) == []
        page.set_viewport_size({"width": 360, "height": 700})
        assert overflow(page) == 0
        assert stored(draft) == (4, "Theirs.", 2)

    def test_mine_with_the_keyboard(self, page, draft):
        page.get_by_role("button", name="Save what is in the fields").focus()
        page.keyboard.press("Enter")
        expect(state(page)).to_have_text(SAVED)
        assert stored(draft) == (None, "Mine.", 3)

    def test_theirs(self, page, draft):
        page.get_by_role("button", name="Keep the stored answer").click()
        expect(state(page)).to_have_text("The stored answer stays.")
        expect(comment(page)).to_have_value("Theirs.")
        expect(page.locator('[name="iP1-answer"][value="level:4"]')).to_be_checked()
        assert (stored(draft), kept(page)) == ((4, "Theirs.", 2), 0)

    def test_both_comments(self, page, draft):
        page.get_by_role("button", name="Put both comments into the field").click()
        expect(comment(page)).to_have_value("Theirs.\n\nMine.")
        assert stored(draft) == (4, "Theirs.", 2)
        page.get_by_role("button", name="Save what is in the fields").click()
        expect(state(page)).to_have_text(SAVED)
        assert stored(draft) == (None, "Theirs.\n\nMine.", 3)


def test_signing_in_again_in_place(page, draft, focal):
    page.context.clear_cookies()
    comment(page).fill("Typed after lunch.")
    comment(page).blur()
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_contain_text("You are signed out.")
    assert findings(page) == []
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("not right")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(state(page)).to_have_text(SAVED)
    expect(dialog).to_be_hidden()
    expect(comment(page)).to_have_value("Typed after lunch.")
    assert stored(draft) == (None, "Typed after lunch.", 1)


def test_save_and_continue_saves_and_goes_on(page, draft):
    comment(page).fill("On we go.")
    page.get_by_role("button", name="Save and continue to Q").click()
    page.wait_for_url("**/areas/Q/")
    assert stored(draft) == (None, "On we go.", 1)


def test_a_refusal_of_what_was_sent_does_not_hold_up_what_was_typed_since(visit):
    """After a return a change needs its reason, which is typed while the choice is on its way to a slow server."""
    an_edition(HARBOUR)
    returned = submission_at(State.RETURNED)
    page, waiting = visit(a_focal(returned.country)), []
    page.route("**/save/", lambda route: route.continue_() if waiting else waiting.append(route))
    page.goto(f"/submissions/{returned.pk}/areas/P/")
    page.locator("#iP2 summary").first.click()
    page.locator('#iP2 [value="level:1"]').check()
    page.locator('[name="iP2-why"]').fill("A slip.")
    page.get_by_role("button", name="Save", exact=True).click()
    while not waiting:
        page.wait_for_timeout(50)
    waiting[0].continue_()
    expect(state(page, "P2")).to_have_text(SAVED)
    assert stored(returned, "P2")[0] == 1


def test_without_scripts_the_button_saves(visit, focal, draft, url):
    page = visit(focal, java_script_enabled=False)
    page.goto(url)
    comment(page).fill("By the button.")
    page.get_by_role("button", name="Save", exact=True).click()
    assert stored(draft) == (None, "By the button.", 1)


def test_without_scripts_and_signed_out_the_text_is_shown(visit, focal, draft, url):
    page = visit(focal, java_script_enabled=False)
    page.goto(url)
    comment(page).fill("By the button, too late.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("h1")).to_have_text("You were signed out")
    expect(page.get_by_label("What you sent")).to_have_value("By the button, too late.")
    assert stored(draft) is None
    page.set_viewport_size({"width": 360, "height": 700})


def test_the_bar_says_so_when_an_answer_saved_itself(page):
    bar = page.locator(".save-state")
    expect(bar).to_have_text("Nothing is saved in this area yet.")
    page.locator('#iP1 [value="level:2"]').check()
    expect(state(page)).to_have_text(SAVED)
    expect(bar).to_have_text(re.compile(r"^Last saved \d\d?:\d\d"))


class TestAnsweredBeforeTheScriptArrives:
    """A slow line brings the page first: what is chosen and typed there is not what the server holds."""

    @pytest.fixture
    def slow(self, visit, focal, url):
        """The page, answered while all its scripts are on their way; `arrive` lets them through."""
        page = visit(focal)
        waiting = []
        page.route("**/*.js", lambda route: waiting.append(route))
        page.goto(url, wait_until="commit")
        page.locator('#iP2 [value="level:1"]').check()
        comment(page, "P1").fill("Typed early.")

        def arrive():
            assert waiting
            page.route("**/*.js", lambda route: route.continue_())
            for route in waiting:
                route.continue_()

        page.arrive = arrive
        return page

    def test_it_is_sent(self, slow, draft):
        slow.arrive()
        expect(state(slow, "P1")).to_have_text(SAVED)
        expect(state(slow, "P2")).to_have_text(SAVED)
        assert (stored(draft, "P1"), stored(draft, "P2")) == ((None, "Typed early.", 1), (1, "", 1))
        assert kept(slow) == 0

    def test_it_is_sent_by_the_button(self, slow, draft):
        slow.arrive()
        slow.get_by_role("button", name="Save and continue to Q").click()
        slow.wait_for_url("**/areas/Q/")
        assert (stored(draft, "P1"), stored(draft, "P2")) == ((None, "Typed early.", 1), (1, "", 1))

    def test_what_was_stored_before_is_not_overwritten_by_a_reload(self, slow, draft, focal):
        slow.arrive()
        expect(state(slow, "P1")).to_have_text(SAVED)
        other = answering.save_answers(draft, {"P1": given(level=4)}, by=focal, seen={"P1": 1})
        assert not other.problems
        slow.reload()
        expect(comment(slow, "P1")).to_have_value("")
        slow.locator('#iP3 [value="unknown"]').check()
        expect(state(slow, "P3")).to_have_text(SAVED)
        assert stored(draft, "P1") == (4, "", 2)


def test_a_conflict_shows_what_was_chosen(page, draft, focal):
    answering.save_answers(draft, {"P1": given(level=4)}, by=focal, seen={})
    chosen = page.locator('#iP1 [value="level:2"]')
    chosen.check()
    panel = page.locator(".callout-conflict")
    mine = panel.locator("section", has_text="Yours, not saved")
    expect(mine).to_contain_text(page.locator('label[for="iP1-level-2"]').inner_text().split("\n")[-1].strip())
    expect(panel).not_to_contain_text("Not answered")
