"""Loss drills: what goes wrong between a browser and the portal, and that nothing typed is lost by it."""

import os
import signal

import pytest
from playwright.sync_api import expect

from scoreboard.models import State, Submission, Transition, Version
from tests.drills.conftest import comment, line, once
from tests.factories import PASSWORD, fill

pytestmark = [pytest.mark.drill, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFLINE = "Not saved yet: no connection. Your text is kept in this browser and sent when the line is back."


def test_server_killed_after_it_stored_and_before_it_answered(scene):
    page = scene.window()

    def lose(route):
        route.fetch()
        scene.server.kill()
        route.abort()

    page.route("**/save/", lose, times=1)
    comment(page).fill("Stored, unheard.")
    expect(page.locator("#line")).to_contain_text(OFFLINE)
    expect(line(page)).to_have_text("Not saved yet")
    assert scene.stored("P1") == "Stored, unheard."
    comment(page).press_sequentially(" And more.")
    scene.server.start()
    scene.saved(page)
    assert scene.stored("P1") == "Stored, unheard. And more."
    assert scene.versions("P1").count() == 2
    scene.verdict("kill -9 between storing and answering", "on the screen, sent again", "no connection, then saved")


def test_server_killed_before_it_stored(scene):
    page = scene.window()
    scene.server.signal(signal.SIGSTOP)
    comment(page).fill("On its way.")
    with page.expect_request("**/save/"):
        comment(page).blur()
    expect(line(page)).to_have_text("Not saved yet")
    scene.server.kill()
    expect(page.locator("#line")).to_contain_text(OFFLINE)
    assert scene.stored("P1") is None
    scene.server.start()
    scene.saved(page)
    assert scene.stored("P1") == "On its way."
    scene.verdict("kill -9 between the request and storing", "on the screen, sent again", "no connection, then saved")


@once
def test_network_cut_for_a_minute(scene):
    page = scene.window()
    comment(page).fill("Before the cut.")
    scene.saved(page)
    page.clock.install()
    page.context.set_offline(True)
    comment(page).fill("During the cut.")
    comment(page, "P2").fill("This one too.")
    expect(page.locator("#line")).to_contain_text(OFFLINE)
    page.clock.run_for(60_000)
    for code in ("P1", "P2"):
        expect(line(page, code)).to_have_text("Not saved yet")
    assert (scene.stored("P1"), scene.stored("P2")) == ("Before the cut.", None)
    page.context.set_offline(False)
    page.clock.run_for(31_000)
    for code in ("P1", "P2"):
        scene.saved(page, code)
    expect(page.locator("#line")).to_be_hidden()
    assert (scene.stored("P1"), scene.stored("P2")) == ("During the cut.", "This one too.")
    scene.verdict("network cut for a minute", "on the screen, sent again", "no connection, then saved")


@once
def test_session_expired_while_the_page_was_open(scene):
    page = scene.window()
    comment(page).fill("In time.")
    scene.saved(page)
    page.context.clear_cookies()
    comment(page).fill("After the session ended.")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_contain_text("You are signed out.")
    assert scene.stored("P1") == "In time."
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_be_hidden()
    scene.saved(page)
    assert scene.stored("P1") == "After the session ended."
    scene.verdict("session expired while the page was open", "on the screen, sent again", "signed out, then saved")


@once
def test_session_renewed_in_another_window(scene):
    page = scene.window()
    page.context.clear_cookies()
    comment(page).fill("Typed meanwhile.")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in in a new window").click()
    window = opened.value
    window.locator("[name=login]").fill(scene.person.email)
    window.locator("[name=password]").fill(PASSWORD)
    window.get_by_role("main").get_by_role("button", name="Sign in").click()
    window.wait_for_url("**/accounts/help/")
    window.close()
    dialog.get_by_role("button", name="I have signed in there").click()
    scene.saved(page)
    assert scene.stored("P1") == "Typed meanwhile."
    scene.verdict(
        "session renewed in another window, token changed", "on the screen, sent again", "signed out, then saved"
    )


@once
def test_two_tabs_on_one_answer(scene):
    first = scene.window()
    second = scene.tab(first.context)
    comment(first).fill("From the first tab.")
    scene.saved(first)
    comment(second).fill("From the second tab.")
    panel = second.locator(".callout-conflict")
    expect(panel).to_contain_text("From the first tab.")
    expect(panel).to_contain_text("From the second tab.")
    expect(comment(second)).to_have_value("From the second tab.")
    assert scene.stored("P1") == "From the first tab."
    panel.get_by_role("button", name="Put both comments into the field").click()
    panel.get_by_role("button", name="Save what is in the fields").click()
    scene.saved(second)
    assert scene.stored("P1") == "From the first tab.\n\nFrom the second tab."
    scene.verdict("two tabs on one answer", "on the screen, beside the other", "both texts, then saved")


def test_double_click_on_submit(scene):
    page = scene.window()
    comment(page).fill("The last word.")
    scene.saved(page)
    fill(scene.submission, by=scene.person)
    page.goto(f"{scene.server.url}/submissions/{scene.submission.pk}/submit/")
    page.get_by_label("Capacity").fill("Head of unit")
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Submit to the Secretariat").dblclick()
    page.wait_for_url(f"**/submissions/{scene.submission.pk}/**")
    expect(page.get_by_text("The answers are with the Secretariat.")).to_be_visible()
    assert Submission.objects.get().state == State.SUBMITTED
    assert (Transition.objects.count(), Version.objects.count()) == (1, 1)
    scene.verdict("double click on submit", "nothing", "submitted, once")


@once
def test_browser_crash_with_unsent_text(scene):
    page = scene.window()
    comment(page).fill("Saved before.")
    scene.saved(page)
    context = page.context
    context.set_offline(True)
    comment(page).fill("Typed before the crash.")
    expect(line(page)).to_have_text("Not saved yet")
    crash(page)
    context.set_offline(False)
    again = scene.tab(context)
    offer = again.locator("#iP1 .callout-offer")
    expect(offer).to_contain_text("and it was not saved")
    expect(offer).to_contain_text("Typed before the crash.")
    expect(comment(again)).to_have_value("Saved before.")
    assert scene.stored("P1") == "Saved before."
    offer.get_by_role("button", name="Keep it").click()
    scene.saved(again)
    assert scene.stored("P1") == "Typed before the crash."
    scene.verdict("browser crash with unsent text", "offered at the next visit", "not saved yet, then offered")


@once
def test_browser_crash_after_the_server_stored_what_the_page_never_heard(scene):
    page = scene.window()
    context = page.context

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/save/", lose)
    comment(page).fill("Stored, unheard.")
    expect(page.locator("#line")).to_contain_text(OFFLINE)
    comment(page).press_sequentially(" And more.")
    crash(page)
    again = scene.tab(context)
    again.locator("#iP1 .callout-offer").get_by_role("button", name="Keep it").click()
    scene.saved(again)
    assert scene.stored("P1") == "Stored, unheard. And more."
    scene.verdict(
        "browser crash, the last answer stored but unheard", "offered at the next visit", "no connection, then offered"
    )


def crash(page) -> None:
    """Kill the process that draws the page, as a crash does: no event tells the page of it."""
    session = page.context.browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    with page.expect_event("crash"):
        for process in processes:
            if process["type"] == "renderer":
                os.kill(process["id"], signal.SIGKILL)
    page.close()
