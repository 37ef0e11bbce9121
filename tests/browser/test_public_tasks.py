"""What readers come for is few clicks away from the home page, counted in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from scoreboard.models import Country
from scoreboard.questionnaire import importing
from tests import factories
from tests.factories import HARBOUR
from tests.reporting.published import NAMES, publish, random_answers, seeded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CYCLES = ("2018", "2022", "2026")


@pytest.fixture
def answers() -> dict:
    """Three published cycles of a questionnaire: the answers of each country by cycle."""
    random, document = seeded(8), importing.export(factories.an_edition(HARBOUR))
    for n, iso2 in enumerate(NAMES):
        Country.objects.filter(pk=factories.a_country(iso2).pk).update(map_row=1, map_column=n + 1)
    found = {code: {iso2: random_answers(random, document) for iso2 in NAMES} for code in CYCLES}
    for code, given in found.items():
        publish(HARBOUR, code, given)
    return found


@pytest.fixture
def home(visit) -> Callable[[], Page]:
    """Return a function that opens the home page in a window that counts clicks."""
    page = visit()
    page.add_init_script(
        """addEventListener("click", (event) => {
            if (event.isTrusted) sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
        }, true);"""
    )

    def opened() -> Page:
        page.goto("/")
        page.evaluate("sessionStorage.clicks = 0")
        return page

    return opened


def clicks(page: Page) -> int:
    """Return how often somebody clicked since the home page was opened."""
    return int(page.evaluate("sessionStorage.clicks"))


def words(answer: dict) -> str:
    """Return what a cell begins with for an answer."""
    kinds = {"unknown": "?", "not_applicable": "n/a", None: "·"}
    return str(answer["level"]) if answer.get("level") is not None else kinds[answer.get("kind")]


def test_what_readers_come_for_is_few_clicks_away(answers, home):
    page = home()
    page.fill("#find-country", "Malta")
    page.click("form:has(#find-country) button")
    row = page.locator("table.rows tr:has(a:text-is('P1')) td.rows-cycle").all_inner_texts()
    assert [cell.split()[0] for cell in row] == [words(answers[code]["MT"].get("P1", {})) for code in CYCLES]
    assert clicks(page) <= 3  # a country's level in an indicator over all cycles

    page = home()
    page.fill("#find-indicator", "P1")
    page.click("form:has(#find-indicator) button")
    assert page.url.endswith("/indicators/P1/")
    with page.expect_download() as download:
        page.click("text=All answers to this indicator in all cycles, CSV")
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(NAMES) * len(CYCLES)
    assert clicks(page) <= 4  # an indicator over time as CSV

    page = home()
    page.click("table.areas tbody tr:nth-child(2) th a")
    for iso2 in ("CY", "MT"):
        page.check(f"input[name=compare][value={iso2}]")
    page.click("text=Compare those ticked")
    compared = page.locator("section:has(> #compare) tbody th").all_inner_texts()
    assert compared == ["Cyprus", "Malta"]
    assert clicks(page) <= 4  # two countries in an area

    page = home()
    page.click("table.areas tbody tr:nth-child(2) td a")
    heads = page.locator("section:has(> #moved) h3").all_inner_texts()
    assert [head.split()[1] for head in heads] == ["rose", "fell"]
    assert clicks(page) <= 3  # who rose in an area since last time

    for link in ("nav >> text=Explore", "table.areas tbody tr:nth-child(2) th a", ".tiles a"):
        page = home()
        page.locator(link).first.click()
        assert "Scoreboard portal" in page.locator("section:has(> :is(#take, #cite))").inner_text()
        assert clicks(page) <= 2  # how to cite
