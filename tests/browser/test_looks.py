"""What only eyes notice: charts that go on beyond a phone's edge, links too near to buttons, words broken in two."""

import pytest
from playwright.sync_api import expect

from reporting.assessments import lifecycle
from scoreboard.models import CountryGroup, Role, State, Webhook, WebhookDelivery
from scoreboard.people import networks
from scoreboard.webhooks import register as webhooks
from scoreboard.webhooks import writing as messages
from tests.browser.conftest import overflow
from tests.factories import (
    HARBOUR,
    SCOREBOARD,
    a_country,
    a_cycle,
    a_person,
    an_edition,
    an_officer,
    submission_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHADE = "one => one.scrollWidth > one.clientWidth && getComputedStyle(one).backgroundImage.includes('gradient')"

# Words of a page that are on two lines; addresses and paths may be.
BROKEN = r"""() => {
    const walker = document.createTreeWalker(document.querySelector("#content"), NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode;
        if (!text.parentElement.checkVisibility()) continue;
        for (const word of text.data.matchAll(/(?<![\p{L}/._-])\p{L}+(?![\p{L}/._-])/gu)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
            if (lines.size > 1) found.push(word[0]);
        }
    }
    return found;
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_the_operator_break_no_word(visit, width):
    admin = a_person(name="Ada Administrator", is_staff=True)
    webhooks.add("https://receiver.example.org/portal/incoming/messages", "The document management system", by=admin)
    messages.write("assessment.withdrawn", {"id": 1, "state": "withdrawn"})
    WebhookDelivery.objects.update(error="The other system answered 503 after 10 seconds.", attempts=3)
    page = visit(admin, width=width)
    for path in (
        "/admin/health/",
        "/admin/scoreboard/webhook/",
        f"/admin/scoreboard/webhook/{Webhook.objects.get().pk}/change/",
    ):
        page.goto(path)
        assert (path, page.evaluate(BROKEN), overflow(page)) == (path, [], 0)


def test_a_chart_wider_than_a_phone_shows_that_it_goes_on(visit):
    an_edition(SCOREBOARD)
    issue = lifecycle.consolidate(submission_at(State.ACCEPTED).cycle, by=an_officer())
    page = visit(a_person(Role.ANALYST), width=360)
    seen = 0
    for part in ("areas", "area-a", "area-b", "area-c"):
        page.goto(f"/reports/{issue.pk}/results/{part}/")
        assert overflow(page) == 0
        charts = page.locator(".chart-scroll")
        seen += charts.count()
        assert all(chart.evaluate(SHADE) for chart in charts.all() if chart.is_visible())
    assert seen > 5


def test_what_opens_keeps_clear_of_a_button(visit):
    page = visit()
    page.goto("/reports/verify/")
    button, opens = (page.locator(one).bounding_box() for one in ("#verify .btn", "#verify + details"))
    assert opens["y"] - button["y"] - button["height"] >= 12


def test_the_board_has_its_first_row_high_up_dense_rows_and_a_head_that_stays(visit):
    officer, edition = an_officer(), an_edition(HARBOUR)
    cycle = a_cycle([a_country(f"{letter}{n}") for letter in "QRSTUV" for n in range(10)], edition=edition)
    page = visit(officer, width=1280)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/review/cycles/{cycle.code}/")
    rows = page.locator(".board tbody tr")
    assert rows.count() == 60
    assert rows.first.bounding_box()["y"] <= 320
    assert max(row.bounding_box()["height"] for row in rows.all()) <= 32
    rows.last.scroll_into_view_if_needed()
    assert 0 <= page.locator(".board thead th").nth(1).bounding_box()["y"] <= 50
    rows.nth(3).locator("input").check()
    assert page.locator(".picked [data-count]").inner_text() == "1 ticked"
    page.locator("input[data-all]").check()
    assert page.locator(".picked [data-count]").inner_text() == "60 ticked"
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow(page) == 0
    assert rows.first.bounding_box()["height"] <= 72  # two lines a country


def test_the_form_of_a_cycle_says_what_its_dates_mean_as_they_are_chosen(visit):
    cycle = a_cycle([a_country()])
    page = visit(an_officer())
    page.goto(f"/review/cycles/new/?like={cycle.code}")
    said = page.locator("#effects")
    expect(said).to_contain_text("What the dates mean appears here")
    for field, day in (("Opens", "2031-01-01"), ("Deadline", "2031-01-31"), ("Closes", "2031-02-28")):
        page.get_by_label(field, exact=True).fill(day)
    page.get_by_label("Closes", exact=True).blur()
    expect(said).to_contain_text("countries have 31 days")
    page.get_by_label("Time zone").fill("Africa/Tunis")
    page.get_by_label("Time zone").blur()
    expect(said).to_contain_text("Days begin and end in Africa/Tunis.")


def test_the_countries_of_a_network_are_shown_then_ticked_then_changed_by_hand(visit):
    officer = an_officer()
    group = CountryGroup.objects.create(code="harbours", name="Harbours")
    for code in ("MT", "GR"):
        networks.join(a_country(code), group, kind="member", since=None, by=officer)
    networks.join(a_country("CY"), group, kind="interested", since=None, by=officer)
    an_edition(HARBOUR)
    page = visit(officer)
    page.goto("/review/cycles/new/")
    page.get_by_label("Code").fill("2031")
    page.get_by_label("Harbours · Member").check()
    expect(page.locator("#countries-of")).to_contain_text("Harbours · Member (2): Greece, Malta.")
    page.get_by_role("button", name="Tick these countries").click()
    count = page.locator("[data-words]")
    expect(count).to_have_text("2 ticked")
    assert page.get_by_label("Code").input_value() == "2031"
    page.get_by_label("Malta").uncheck()
    page.get_by_label("Cyprus").check()
    expect(count).to_have_text("2 ticked")
    page.get_by_role("button", name="Untick all").click()
    expect(count).to_have_text("0 ticked")
    page.get_by_label("Code").press("Enter")  # sends the form: it does not tick anything
    expect(page.get_by_role("main")).to_contain_text("Choose the first day of writing.")
    expect(count).to_have_text("0 ticked")
    page.set_viewport_size({"width": 360, "height": 800})
    assert overflow(page) == 0
