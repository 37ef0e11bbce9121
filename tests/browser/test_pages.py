"""Every page in every state, as people meet it: accessible, in the dark too, and no wider than its window."""

import re
from functools import cache

import pytest
from i18nfield.strings import LazyI18nString
from playwright.sync_api import Page

from scoreboard.models import Edition
from tests.addresses import ROWS
from tests.browser.conftest import AXE, at_width, findings
from tests.browser.page_table import NO_PAGES, PAGES
from tests.world import World

pytestmark = pytest.mark.browser

# The dark scheme changes colours alone: it is enough to look at each page of the portal once.
OURS = [shown for shown in PAGES if not shown.name.startswith(("account_", "mfa_"))]
DARK = list({shown.name: shown for shown in reversed(OURS)}.values())


@pytest.fixture(scope="module")
def db(committed) -> None:
    """The module's database: what a test changes stays."""


@pytest.fixture(scope="module")
def world(db, world) -> World:
    """The world, its wording provisional."""
    Edition.objects.filter(pk=world.words["edition"]).update(
        provisional=True, provisional_note=LazyI18nString({"fr": "Ces textes sont provisoires."})
    )
    return world


@pytest.fixture(scope="module")
def window(window):
    """Windows that have axe on every page from its beginning: it is sent once a window, not once a page."""

    @cache
    def opened(role: str) -> Page:
        page = window(role)
        page.add_init_script(AXE)
        return page

    return opened


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_page(shown, window, world):
    page = window(shown.role)
    page.emulate_media(color_scheme="light")
    shown.show(page, world)
    assert page.locator("h1").inner_text().startswith(shown.h1)
    found = {"light": findings(page), "dark": []}
    if shown in DARK:
        page.emulate_media(color_scheme="dark")
        page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")  # fading colours
        found["dark"] = findings(page, rules=["color-contrast"])
    found["too wide at 360 px"] = at_width(page, 360)
    assert found == {"light": [], "dark": [], "too wide at 360 px": 0}


def test_every_page_is_looked_at():
    answered = {row.name for row in ROWS if row.method == "GET" and "200" in row.statuses}
    pages = {name for name in answered if not re.match("admin:|[a-z]+-", name)} | {"api-docs", "admin:index"}
    assert pages - {shown.name for shown in PAGES} - NO_PAGES == set()
