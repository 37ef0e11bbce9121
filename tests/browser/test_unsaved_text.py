"""Nothing typed is lost: every form with a text or a table, through an ended session, a lost line and a crash."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.parse import parse_qs

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, expect

from scoreboard.models import Remark, User
from tests.addresses import ROLES, ROWS
from tests.browser.conftest import PATIENCE, findings, late, overflow
from tests.factories import PASSWORD, session_of
from tests.world import World

pytestmark = pytest.mark.browser

WRITERS = ("focal", "contributor", "officer", "analyst", "observer")
TEXTS = {"text", "email", "url", "search", "tel", "number", "date", "datetime-local", "time", "month"}
DAY = 24 * 60 * 60 * 1000  # milliseconds


@pytest.fixture(scope="module")
def db(committed) -> None:
    """The module's database: what a test changes stays."""


@pytest.fixture(scope="module", autouse=True)
def no_second_factor(db, world) -> None:
    """Nobody has one: it is asked for in a new window."""
    Authenticator.objects.all().delete()


@pytest.fixture(autouse=True)
def files(settings, folder, db):
    """The files of the world, not those of the single test."""
    settings.MEDIA_ROOT = str(folder)


@pytest.fixture
def context(browser: Browser, server) -> Iterator[BrowserContext]:
    """A browser of its own, which nobody has signed in to."""
    context = browser.new_context(base_url=server)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def enter(context: BrowserContext, person: User, server: str) -> None:
    """Make `person` the one who is signed in."""
    context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": server}])


def end_session() -> None:
    Session.objects.all().delete()


def sign_in_again(page: Page, person: User) -> None:
    dialog = page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("E-mail address").fill(person.email)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()


def kept(page: Page) -> list[dict]:
    """What the browser keeps."""
    found = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('unsaved:'))")
    return [json.loads(entry) for _key, entry in found]


class Forms(HTMLParser):
    """The forms of a page's main part that are posted, each with its fields and whether somebody types in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self._in_main, self._open = False, None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        values = dict(attrs)
        self._in_main |= tag == "main"
        if tag == "form" and self._in_main and values.get("method") == "post":
            self._open = {"id": values.get("id"), "fields": [], "typed": False}
            self.forms.append(self._open)
        if self._open and values.get("name"):
            self._open["fields"].append(values["name"])
        if tag == "textarea" or (tag == "input" and values.get("type", "text") in TEXTS):
            named = [form for form in self.forms if form["id"] and form["id"] == values.get("form")]
            for form in named or [self._open] if self._in_main else []:
                if form:
                    form["typed"] = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "main":
            self._in_main = False


APART = ("account_", "access", "profile", "admin:", "api", "mfa", "token", "workshop_door", "workshop_room")


def pages_to_fill(world: World, role: str) -> dict[str, list[int]]:
    """Return the addresses where this role finds forms to type in, each with their numbers on the page.

    Account pages, the one that asks for access and those for a workshop's phones are apart: nothing is saved there.
    Of forms with the same fields on one page, such as the mark of each indicator, those are the first and the last.
    """
    client = Client()
    client.cookies["sessionid"] = session_of(world.people[role])
    found, column = {}, ROLES.index(role)
    rows = [row for row in ROWS if not row.name.startswith(APART) and "*" not in row.name]
    for row in rows:
        if row.method != "GET" or row.statuses[column] != "200" or row.name.endswith(("-list", "-detail")):
            continue
        address = row.address(world)
        response = client.get(address)
        if not response.get("Content-Type", "").startswith("text/html"):
            response.getvalue()
            continue
        alike: dict[tuple[str, ...], list[int]] = {}
        for number, form in enumerate(Forms(response.content.decode()).forms):
            if form["typed"]:
                alike.setdefault(tuple(form["fields"]), []).append(number)
        if alike:
            found[address] = sorted({number for same in alike.values() for number in (same[0], same[-1])})
    return found


# Types into everything that takes text and chooses the last of what can be chosen from; returns what was given.
FILL = """(form, who) => {
    const OTHERS = ["hidden", "submit", "button", "file", "radio", "checkbox"], given = {};
    for (const field of form.elements) {
        if (!field.name || field.matches(":read-only:not(select), :disabled") || OTHERS.includes(field.type)) continue;
        if (field.type === "date") field.value = "2031-02-03";
        else if (field.type === "number") field.value = "7";
        else if (field.tagName === "SELECT") field.selectedIndex = field.options.length - 1;
        else field.value = `Typed by ${who} into ${field.name}`.slice(0, field.maxLength > 0 ? field.maxLength : 200);
        given[field.name] = field.value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return given;
}"""
FORMS = "main form[method=post]"


class Taking:
    """A server that takes every form and only says so, while `is_on`; what arrives is in `sent`.

    Answered here and not by the browser: one whose requests are intercepted fetches every static file of every page.
    """

    def __init__(self) -> None:
        self.sent: list[dict[str, list[str]]] = []
        self.is_on = False
        self.answer = WSGIHandler.get_response

    def get_response(self, handler: WSGIHandler, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or request.path.startswith("/accounts/"):
            return self.answer(handler, request)
        fields = dict(request.POST.lists())
        if self.is_on:
            self.sent.append(fields)
            return HttpResponse("<!DOCTYPE html><title>Taken</title><h1>Taken</h1>")
        response = self.answer(handler, request)
        if "/save/" in request.path and response.status_code == 200:
            self.sent.append(fields)
        return response


@pytest.fixture
def taking(server) -> Iterator[Taking]:
    taking = Taking()
    with patch.object(WSGIHandler, "get_response", lambda handler, request: taking.get_response(handler, request)):
        yield taking


@pytest.mark.parametrize("role", WRITERS)
def test_every_form_survives_an_ended_session(role, world, server, context, taking):
    """Opened, filled, the session ended, sent, signed in again: everything arrives, from the person and at once."""
    person = world.people[role]
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    pages = pages_to_fill(world, role)
    assert pages
    lost = {}
    for address, numbers in pages.items():
        for number in numbers:
            enter(context, person, server)
            page.goto(address)
            page.evaluate("localStorage.clear()")
            form = page.locator(FORMS).nth(number)
            taking.is_on = not form.get_attribute("data-save")
            try:
                if taking.is_on:
                    form.and_(page.locator("[data-kept=yes]")).wait_for(state="attached")
                lost |= through(page, form, person, taking, address)
            except (AssertionError, TimeoutError) as error:
                lost[address, number] = str(error)[:300]
    assert lost == {}


def through(page: Page, form, person: User, taking: Taking, address: str) -> dict:
    """Take one form through it; return what was lost. `wait_for` looks sooner again than `expect` does."""
    end_session()
    given = form.evaluate(FILL, str(person))
    taking.sent.clear()
    is_autosaved = not taking.is_on
    if is_autosaved:
        form.evaluate("form => form.querySelector('textarea').dispatchEvent(new Event('change', { bubbles: true }))")
    else:
        form.evaluate(
            """form => {
                const buttons = [...form.elements].filter((one) => one.type === "submit");
                const sends = (one) => !one.matches(".visually-hidden, [name=add], [name=paste]");
                (buttons.find(sends) ?? buttons[0]).click();
            }"""
        )
    sign_in_again(page, person)
    if is_autosaved:
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(".answer-state[data-state=waiting]")).to_have_count(0)
        expect(page.locator(".answer-state[data-state=saved]").first).to_be_visible()
        arrived = {name: values for each in taking.sent for name, values in each.items()}
        assert kept(page) == []
        return {(address, name): arrived.get(name) for name in given if arrived.get(name) != [given[name]]}
    page.locator("h1", has_text="Taken").wait_for()
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    arrived = taking.sent[-1]
    assert arrived["csrfmiddlewaretoken"] == [token]
    return {(address, name): arrived.get(name) for name in given if given[name] not in arrived.get(name, [])}


@pytest.fixture
def officer(world) -> User:
    return world.people["officer"]


@pytest.fixture
def reason(world) -> str:
    """The page on which an officer says why answers are returned."""
    return reverse("review_return", args=[world.words["submitted"]])


def text(page: Page):
    return page.locator(f"{FORMS} textarea").first


def typed(context: BrowserContext, address: str, words: str) -> Page:
    """Return a page on which `words` are typed, and which the browser keeps."""
    page = context.new_page()
    page.goto(address)
    expect(page.locator(f"{FORMS}[data-kept=yes]").first).to_be_attached()
    text(page).fill(words)
    page.wait_for_function("words => Object.values(localStorage).some((one) => one.includes(words))", arg=words)
    return page


def crash(page: Page) -> Page:
    """Close the window without a word; return another one on the same page."""
    again, address = page.context.new_page(), page.url
    page.close()
    again.goto(address)
    return again


def test_a_lost_line(context, server, officer, reason):
    enter(context, officer, server)
    page = typed(context, reason, "The source is missing.")
    context.set_offline(True)
    page.get_by_role("button", name="Return the submission").click()
    notice = page.locator("#line p")
    expect(notice).to_have_text(
        "Not saved yet: no connection. Your text is kept in this browser. Send it again when the line is back."
    )
    expect(text(page)).to_have_value("The source is missing.")
    assert findings(page) == []
    page.set_viewport_size({"width": 360, "height": 700})
    assert overflow(page) == 0
    context.set_offline(False)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.route("**/return/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        page.get_by_role("button", name="Return the submission").click()
    assert parse_qs(sent.value.post_data)["comment"] == ["The source is missing."]


def test_a_crash(context, server, officer, reason):
    enter(context, officer, server)
    page = crash(typed(context, reason, "The source is missing."))
    offer = page.locator(".callout-offer")
    expect(offer).to_contain_text("The source is missing.")
    expect(text(page)).to_have_value("")
    assert findings(page) == []
    offer.get_by_role("button", name="Keep it").click()
    expect(text(page)).to_have_value("The source is missing.")
    expect(text(page)).to_be_focused()

    page = crash(page)
    page.goto("/")
    left = page.locator("#unsaved")
    expect(left).to_contain_text("The source is missing.")
    assert findings(page) == []
    left.get_by_role("link").click()
    page.locator(".callout-offer").get_by_role("button", name="Drop it").click()
    assert kept(page) == []
    page.goto("/")
    expect(left).to_be_hidden()


def test_a_table_comes_back_with_all_its_rows(context, server, world):
    enter(context, world.people["focal"], server)
    page = context.new_page()
    page.goto(reverse("submission_figures", args=[world.words["draft"], "Q2"]))
    for _more in range(2):
        page.get_by_role("button", name="Add 3 rows").click()
    rows = page.locator("tbody tr")
    last = rows.count()
    rows.last.locator("input").first.fill("2024")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('unsaved:'))")
    page = crash(page)
    expect(page.locator(".callout-offer")).to_contain_text("2024")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("tbody tr")).to_have_count(last)
    expect(page.locator("tbody tr").last.locator("input").first).to_have_value("2024")


def test_leaving_warns_until_it_is_sent(context, server, officer, reason):
    enter(context, officer, server)
    page = typed(context, reason, "The source is missing.")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]


def test_what_the_server_refuses_stays_kept_and_what_it_takes_is_gone(context, server, officer, world):
    enter(context, officer, server)
    page = context.new_page()
    address = reverse("review_thread", args=[world.words["submitted"], "P1"])
    page.goto(address)
    page.get_by_label("Reply by").fill("2001-01-01")  # in the past
    text(page).fill("Which law?")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(text(page)).to_have_value("Which law?")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('unsaved:'))")
    assert [entry["told"] for entry in kept(page)]
    page = crash(page)
    page.get_by_role("button", name="Keep it").click()
    page.get_by_label("Reply by").fill("")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/review/**")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('unsaved:'))")
    assert Remark.objects.filter(text="Which law?").count() == 1


class TestAnotherPerson:
    @pytest.fixture
    def address(self, world) -> str:
        """A page that both people may open."""
        return reverse("thread", args=[world.words["thread"]])

    def test_is_offered_nothing(self, context, server, world, officer, address):
        focal = world.people["focal"]
        enter(context, focal, server)
        page = typed(context, address, "For the country alone.")
        enter(context, officer, server)
        page = crash(page)
        expect(page.locator(f"{FORMS}[data-kept=yes]").first).to_be_attached()
        page.wait_for_timeout(300)
        assert "For the country alone." not in page.locator("body").inner_text()
        page.goto("/")
        expect(page.locator("#unsaved")).to_be_hidden()
        enter(context, focal, server)
        page.goto(address)
        expect(page.locator(".callout-offer")).to_contain_text("For the country alone.")

    def test_neither_sees_nor_sends_it_in_place(self, context, server, world, officer, address):
        focal, sent = world.people["focal"], []
        enter(context, focal, server)
        page = typed(context, address, "For the country alone.")
        posts = lambda request: request.method == "POST" and "/accounts/" not in request.url  # noqa: E731
        page.on("request", lambda request: sent.append(request) if posts(request) else None)
        end_session()
        page.get_by_role("button", name="Send the reply").click()
        sign_in_again(page, officer)
        dialog = page.get_by_role("dialog", name="Sign in again")
        expect(dialog).to_contain_text("Officer is signed in in this browser now.")
        expect(text(page)).to_be_hidden()
        assert sent == []
        end_session()
        sign_in_again(page, focal)
        page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('unsaved:'))")
        assert Remark.objects.get(text="For the country alone.").author == focal


def test_signing_out_offers_to_discard(context, server, officer, reason):
    enter(context, officer, server)
    page = typed(context, reason, "The source is missing.")
    page.get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog", name="This browser keeps what you typed and did not send")
    expect(dialog.get_by_role("listitem")).to_have_text(["Return the submission of Malta"])
    assert findings(page) == []
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(text(page)).to_have_value("The source is missing.")
    page.get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name="Discard it and sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert kept(page) == []


def test_signing_out_may_keep_it(context, server, officer, reason):
    enter(context, officer, server)
    page = typed(context, reason, "The source is missing.")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it and sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    enter(context, officer, server)
    page.goto(reason)
    expect(page.locator(".callout-offer")).to_contain_text("The source is missing.")


@pytest.mark.parametrize(("days", "stays"), [(29, True), (31, False)])
def test_it_is_kept_for_thirty_days(days, stays, context, server, world, officer, reason):
    """Whoever opens the portal next clears what is older, somebody else's too."""
    enter(context, officer, server)
    typed(context, reason, "The source is missing.").close()
    enter(context, world.people["analyst"], server)
    page = context.new_page()
    page.goto("/")
    page.evaluate(
        """(age) => { for (const [key, entry] of Object.entries(localStorage)) if (key.startsWith("unsaved:"))
            localStorage.setItem(key, JSON.stringify({ ...JSON.parse(entry), at: Date.now() - age })); }""",
        days * DAY,
    )
    page.goto("/accounts/help/")
    expect(page.locator("#keeping")).to_have_attribute("data-ready", "yes")
    assert bool(kept(page)) == stays


def test_secrets_and_files_are_never_kept(context, server, officer, reason, world):
    enter(context, officer, server)
    page = context.new_page()
    page.goto(reason)
    expect(page.locator(f"{FORMS}[data-kept=yes]").first).to_be_attached()
    page.evaluate(
        """() => document.querySelector("main form[method=post]").insertAdjacentHTML("beforeend",
            `<input name=a type=password><input name=b autocomplete=one-time-code><input name=c data-keep=no>
            <input name=d autocomplete="section-x current-password"><input name=e type=file>`)"""
    )
    for name in "abcd":
        page.locator(f"[name={name}]").fill("S3CRET")
    page.locator("[name=e]").set_input_files({"name": "S3CRET.txt", "mimeType": "text/plain", "buffer": b"S3CRET"})
    text(page).fill("The source is missing.")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('unsaved:'))")
    assert "S3CRET" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    page.evaluate("localStorage.clear()")
    for address in ("account_change_password", "account_email"):
        page = context.new_page()
        page.goto(reverse(address))
        for field in page.locator("main input:is([type=password], [type=email], [type=text]):visible").all():
            field.fill("S3CRET@example.org")
        page.wait_for_timeout(500)
        assert "S3CRET" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")


class TestAContributor:
    """Their page saves by itself as an area does."""

    @pytest.fixture
    def page(self, context, server, world) -> Page:
        enter(context, world.people["contributor"], server)
        page = context.new_page()
        page.route("**/js/keep.js", late)
        page.goto(reverse("contribution_indicator", args=[world.words["part"], "P1"]), wait_until="commit")
        return page

    def test_what_is_answered_before_the_script_arrives_is_saved(self, page):
        comment = page.locator('[name="iP1-comment"]')
        comment.fill("Typed early.")
        expect(page.locator(".answer-state")).to_have_text(re.compile("^Saved "))
        expect(page.locator(".save-state")).to_have_text(re.compile("^Last saved "))
        assert findings(page) == []
        page.reload()
        expect(comment).to_have_value("Typed early.")
        page.get_by_role("button", name=re.compile("^Suggest")).first.click()
        page.wait_for_url(re.compile("/contributions/"))
        assert kept(page) == []

    def test_two_windows_meet(self, page):
        expect(page.locator("#keeping")).to_have_attribute("data-ready", "yes")
        other = page.context.new_page()
        other.goto(page.url)
        expect(other.locator("#keeping")).to_have_attribute("data-ready", "yes")
        page.locator('[name="iP1-comment"]').fill("One.")
        expect(page.locator(".answer-state")).to_have_text(re.compile("^Saved "))
        other.locator('[name="iP1-comment"]').fill("Two.")
        panel = other.locator(".callout-conflict")
        expect(panel).to_contain_text("One.")
        expect(panel).to_contain_text("Two.")
        other.get_by_role("button", name="Save what is in the fields").click()
        expect(other.locator(".answer-state")).to_have_text(re.compile("^Saved "))
