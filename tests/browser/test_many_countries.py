"""Public pages and frames of a large instrument, 182 countries and 48 indicators: on a phone each text has room."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
import yaml
from django.test import override_settings

from reporting.models import Assessment
from scoreboard.models import Country
from tests import factories
from tests.browser import pseudo
from tests.browser.conftest import overflow
from tests.reporting import published
from tests.reporting.many import TITLE, an_edition_of
from tests.world import World

pytestmark = pytest.mark.browser

CODES = [f"{first}{second}" for first in "ABCDEFG" for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
PAGES = ["/", "/?map=B", "/countries/aa/", "/indicators/A1/", "/explore/?area=B", "/cycles/2026/", "/reports/"]

# Texts that leave the box of the element that sets them as a block, or the window, where nothing scrolls.
STRAYS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [], edge = document.documentElement.clientWidth;
    const scrolls = one => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
    const box = one => /inline$|contents/.test(getComputedStyle(one).display) ? box(one.parentElement) : one;
    while (walker.nextNode()) {
        const text = walker.currentNode, parent = text.parentElement;
        if (!text.data.trim() || !parent.checkVisibility() || parent.closest(".visually-hidden, .skip-link")) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const around = box(parent).getBoundingClientRect();
        for (const line of range.getClientRects()) {
            const out = line.left < around.left - 1 || line.right > around.right + 1;
            const away = (line.left < -1 || line.right > edge + 1) && !scrolls(parent);
            if (line.width && (out || away)) { found.push(text.data.trim().slice(0, 60)); break; }
        }
    }
    return found;
}"""

FRAMES = ["areas/A/percentages/", "areas/A/levels/", "countries/AA/"]  # of one issue

# Texts of a chart that are cut off at its edge, or too small to read.
CUT_OFF = """() => [...document.querySelectorAll(".chart text")].filter(one => {
    const [text, chart] = [one, one.closest("svg")].map(each => each.getBoundingClientRect());
    return text.left < chart.left - 1 || text.right > chart.right + 1 || text.height < 9;
}).map(one => one.textContent)"""


@pytest.fixture(scope="module")
def db(committed) -> None:
    """The module's database: what is in it is there for each test."""


@pytest.fixture(scope="module")
def world(db, tmp_path_factory) -> World:
    """Two published cycles of 182 countries, most with a long name."""
    path = tmp_path_factory.mktemp("edition") / "many.yaml"
    document = an_edition_of(6, 4, indicators=8, code="many-1")
    for indicator in (one for area in document["areas"] for one in area["indicators"]):
        del indicator["relation"], indicator["from"]
    path.write_text(yaml.safe_dump(document))
    names = {code: f"The United Republics of the Northern Archipelago of {code}" for code in CODES[::3]}
    regions = {code: f"{TITLE.split()[n % 7]} and Northern Archipelago" for n, code in enumerate(CODES)}
    with patch.dict(published.NAMES, names), patch.dict(published.SUBREGIONS, regions):
        Country.objects.update(map_row=None, map_column=None)
        for n, code in enumerate(CODES):
            Country.objects.filter(pk=factories.a_country(code).pk).update(map_row=1 + n // 12, map_column=1 + n % 12)
        for seed, cycle in enumerate(("2023", "2026")):
            random = published.seeded(seed)
            published.publish(path, cycle, {code: published.random_answers(random, document) for code in CODES})
    return World(people={"visitor": None}, words={})


@pytest.fixture(scope="module")
def languages(tmp_path_factory) -> Iterator[None]:
    """English and the pseudo-locale."""
    locale = tmp_path_factory.mktemp("locale")
    pseudo.write(locale)
    with override_settings(LANGUAGES=[("en", "English"), (pseudo.LANGUAGE, "Pseudo")], LOCALE_PATHS=[locale]):
        yield


@pytest.mark.parametrize("language", ["en", pseudo.LANGUAGE])
@pytest.mark.parametrize("path", PAGES)
def test_texts_stay_inside_their_boxes(path, language, languages, window):
    page = window("visitor", language)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(path)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert (overflow(page), page.evaluate(STRAYS)) == (0, [])


@pytest.mark.parametrize("language", ["en", pseudo.LANGUAGE])
@pytest.mark.parametrize("path", FRAMES)
def test_the_chart_of_a_frame_is_drawn_for_a_phone(path, language, languages, window):
    page = window("visitor", language)
    page.set_viewport_size({"width": 330, "height": 480})
    page.goto(f"/embed/{language}/reports/{Assessment.objects.latest('pk').pk}/{path}")
    assert page.locator(".chart text").count() > 5
    assert (overflow(page), page.evaluate(STRAYS), page.evaluate(CUT_OFF)) == (0, [], [])
    assert page.locator(".chart-scroll").count() == 0
