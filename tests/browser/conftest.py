"""A real browser against a real server: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.factories import session_of
from tests.world import World, a_world, furnished, with_a_colleague

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The first is the same engine without the parts for windows, and a fifth cheaper.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
AXE = Axe().axe_script
PATIENCE = 30_000  # milliseconds: a busy machine is slow, and no test may fail for that
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's thread


@pytest.fixture(scope="session")
def browser():
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def cached_files() -> Iterator[None]:
    """Let browsers fetch the twenty static files of a page once a window, as in production, and not once a page."""

    def serve(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        response = fetched(handler, request)
        response["Cache-Control"] = "max-age=3600"
        return response

    fetched = StaticFilesHandler.serve
    with patch.object(StaticFilesHandler, "serve", serve):
        yield


@pytest.fixture(scope="module")
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database of a module: what is in it is committed, for the server to see, and there until the last test."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the files of the world are."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def world(committed, folder) -> Iterator[World]:
    """One of everything, for all tests of a module."""
    with furnished(folder):
        made = a_world()
        made.words.update(with_a_colleague(made))
        yield made


@pytest.fixture(scope="module")
def server(world) -> Iterator[str]:
    """The address of a server that shows the world."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.fixture(scope="module")
def window(browser: Browser, server, world):
    """Return a function that gives the window of a role in a language, each opened once."""
    windows: dict[tuple[str, str], Page] = {}

    def opened(role: str, language: str = "en") -> Page:
        if (role, language) not in windows:
            context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": "django_language", "value": language, "url": server}])
            if person := world.people[role]:
                context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": server}])
            windows[role, language] = context.new_page()
            windows[role, language].set_default_timeout(PATIENCE)
        return windows[role, language]

    yield opened
    for page in windows.values():
        page.context.close()


@pytest.fixture
def visit(browser: Browser, live_server, settings, request):
    """Return a function that opens a window, for a person or for nobody; it fails the test on any script error."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = live_server.url
    contexts, errors = [], []

    def open_window(person=None, *, width: int = 1280, **options) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **options)
        contexts.append(context)
        if person:
            context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert errors == []


# What a bar covers in part is reached by scrolling, and is no small target. Nothing is returned where axe is not there.
RUN_AXE = """async (options) => {
    if (!("axe" in window)) return null;
    for (const one of document.querySelectorAll("main *"))
        if (getComputedStyle(one).position === "sticky") one.style.position = "static";
    return (await axe.run(options)).violations;
}"""


def findings(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA on the page as it stands, or against these of its rules."""
    wanted = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": WCAG}
    options = {"runOnly": wanted, "resultTypes": ["violations"]}
    violations = page.evaluate(RUN_AXE, options)
    if violations is None:
        page.evaluate(AXE)  # half a megabyte: once a page, however often it is asked
        violations = page.evaluate(RUN_AXE, options)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def at_width(page: Page, width: int) -> int:
    """Return by how many pixels the page is wider than a window of this width."""
    page.set_viewport_size({"width": width, "height": 900})
    found = overflow(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def late(route) -> None:
    """Let a script arrive 150 ms late."""
    response = route.fetch()
    body = "await new Promise((resolve) => setTimeout(resolve, 150));\n" + response.text()
    route.fulfill(response=response, body=body)
