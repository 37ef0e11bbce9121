"""Every page in every state from right to left: no wider than its window, and in the language of its reader."""

import re
from collections.abc import Iterator

import pytest
from django.test import override_settings
from i18nfield.strings import LazyI18nString
from playwright.sync_api import Page

from scoreboard.models import Edition
from tests.browser import pseudo
from tests.browser.conftest import at_width, findings, overflow
from tests.browser.page_table import PAGES
from tests.world import World

pytestmark = pytest.mark.browser


# What mirrors more than its lines: charts, maps, matrices, rows of signs. Axe looks at these from right to left too.
READERS = {"country_page", "indicator_page", "area_page", "group_page", "cycle_overview", "explore", "report_list"}


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
def languages(tmp_path_factory) -> Iterator[None]:
    """English and the pseudo-locale."""
    locale = tmp_path_factory.mktemp("locale")
    pseudo.write(locale)
    with override_settings(LANGUAGES=[("en", "English"), (pseudo.LANGUAGE, "Pseudo")], LOCALE_PATHS=[locale]):
        yield


# The address of a chart on somebody else's page names its language.
@pytest.mark.parametrize("shown", [one for one in PAGES if not one.name.startswith("embed_")], ids=str)
def test_page_from_right_to_left(shown, languages, window, world):
    page = window(shown.role, pseudo.LANGUAGE)
    shown.show(page, world)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert (overflow(page), at_width(page, 360)) == (0, 0)
    if shown.name in READERS:
        assert findings(page) == []
    if not shown.name.startswith("admin:"):  # its words are mostly those of Django and of libraries
        assert untranslated(page, world) == []


# The interface's own words; what speaks another language than the page is marked so, being the edition's.
WORDS = """() => [...document.querySelectorAll("h1, h2, h3, button, label, legend, summary, nav a, th, caption")]
    .filter(element => element.checkVisibility() && !element.closest("body [lang]"))
    .map(element => [...element.querySelectorAll("[lang]")]
        .reduce((words, other) => words.replace(other.innerText, ""), element.innerText).trim())"""


def untranslated(page: Page, world: World) -> list[str]:
    """Return the words of the interface that the pseudo-locale did not mark and that are not data."""
    people = [part for person in world.people.values() if person for part in (person.name, person.email)]
    names = [
        "Malta",
        "Greece",
        "Cyprus",
        "Tunisia",
        "focal [A-Z]{2}",
        "Colleague",
        "Scoreboard [0-9]{4}",
        "English",
        "Harbour network",
        "Laptop",
        "Statistics office",
        "Ines Newcomer",
    ]
    names += ["Who signs", "Southern Europe"]  # a question that is shared, a sub-region
    names += ["Rita Rates", "Harbour police", "Walter Waits", "Customs"]  # participants of a workshop
    names += ["Plan (for the harbours|for everybody|in the making)", "Train the harbour police", "Count the boats"]
    names += [r"Organisation of \w+", "Harbour Secretariat"]
    names += [
        r"Malte \(île\)",
        "A line of news",
        "(Report|Summary) of 2014",
    ]  # a name in a file, news, what was published
    # of spaces
    names += ["Enforcement group", "Old group", "Elsewhere", "Night patrols", "Work plan", "Spring meeting"]
    names += ["Any other business", "Patrols at dawn", "A note", "^Plan$"]
    # of good practice and resources
    names += ["Two years", "A draft", "Pilots are trained", "An old guide", "A guide", "To check", "A recording"]
    names += ["Set a new password for Scoreboard portal"]  # the subject of a stored e-mail
    data = re.compile("|".join([*map(re.escape, people), *names, r"\w+@example\.org", r"[\w-]+\.(pdf|csv)"]))
    marked = re.compile(f"{pseudo.OPEN}.*?{pseudo.CLOSE}", re.DOTALL)
    found = page.evaluate(WORDS)
    return [words for words in found if re.search("[A-Za-z]{2}", data.sub("", marked.sub("", words)))]
