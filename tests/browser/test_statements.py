"""An organisation files a statement, the country replies, and a publication shows and hides both: in a real browser."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reporting.assessments import lifecycle
from reporting.models import Assessment
from scoreboard import clock
from scoreboard.models import State, Statement
from tests.factories import HARBOUR, a_country, a_cycle, a_focal, an_edition, an_officer, submission_at
from tests.statements import an_observer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def published_results(path: Path = HARBOUR) -> str:
    """Publish Malta's accepted answers to the edition of a file to everyone; return the address of its page."""
    an_edition(HARBOUR)
    malta = a_country("MT")
    accepted = submission_at(State.ACCEPTED, malta, a_cycle([malta], edition=an_edition(path)))
    issue = lifecycle.consolidate(accepted.cycle, by=an_officer(), public=True)
    fields = {"status": "published", "audience": "everyone", "published_at": clock.now(), "published_by": an_officer()}
    Assessment.objects.filter(pk=issue.pk).update(**fields)
    return f"/reports/{issue.pk}/countries/MT/"


def scores(page: Page, address: str) -> str:
    """What the tables of a country's results say."""
    page.goto(address)
    return page.locator("#main table").first.inner_text()


def open_statement(page: Page) -> None:
    page.goto("/statements/")
    page.get_by_role("main").get_by_role("link", name="Malta").first.click()


def test_from_the_draft_to_the_published_page_and_off_it(visit):
    address = published_results()
    society = visit(an_observer("Olga Observer"))
    desk, country, reader = visit(an_officer()), visit(a_focal(a_country("MT"))), visit(width=390)
    before = scores(reader, address)

    society.goto("/")
    society.get_by_role("main").get_by_role("link", name="Write a statement").click()
    society.get_by_label("Country").select_option(label="Malta")
    society.get_by_label("It is about").select_option(index=2)
    society.get_by_role("button", name="Begin the draft").click()
    society.locator(".ladder input[type=radio]").nth(1).check()
    society.get_by_label("Text").fill("Nets were seen at four sites.")
    society.get_by_role("button", name="Save the draft").click()
    society.get_by_role("main").get_by_role("link", name="Files and links").click()
    society.get_by_label("Address").fill("https://example.org/report")
    society.get_by_role("button", name="Add the link").click()
    expect(society.get_by_role("link", name="Remove https://example.org/report")).to_be_visible()
    society.get_by_role("link", name="Go back to the statement").click()
    desk.goto("/statements/")
    expect(desk.get_by_role("main")).to_contain_text("No statement yet")
    society.get_by_role("link", name="File…").click()
    society.get_by_role("button", name="File it for A Society").click()
    expect(society.get_by_role("main")).to_contain_text("The statement is filed")

    desk.goto("/")
    desk.get_by_role("main").get_by_role("link", name="See them").first.click()
    desk.get_by_role("main").get_by_role("link", name="Malta").click()
    desk.get_by_role("link", name="Share with the country…").click()
    desk.get_by_role("button", name="Share it").click()
    expect(desk.get_by_role("main")).to_contain_text("Malta has the statement now")

    country.goto("/")
    country.get_by_role("main").get_by_role("link", name="Read and reply").click()
    expect(country.get_by_role("main")).to_contain_text("Nets were seen at four sites.")
    expect(country.get_by_role("main")).not_to_contain_text("Olga Observer")
    country.get_by_role("main").get_by_role("link", name="Reply").click()
    country.get_by_label("Reply of the country").fill("The nets are removed.")
    country.get_by_role("button", name="Send the reply").click()
    expect(country.get_by_role("main")).to_contain_text("The Secretariat has your reply")
    assert scores(reader, address) == before
    expect(reader.get_by_role("main")).not_to_contain_text("Nets were seen")

    Statement.objects.update(reply_until=clock.today() - timedelta(days=2))  # the days of the country pass
    open_statement(desk)
    desk.get_by_role("link", name="Publish…", exact=True).click()
    desk.get_by_label("No private person is named").check()
    desk.get_by_role("button", name="Publish it").click()
    expect(desk.get_by_role("main")).to_contain_text("It is published with each published assessment")
    assert scores(reader, address) == before
    reader.get_by_role("link", name="1 statement of an organisation is below the answers").click()
    stated = reader.locator("#statements")
    for text in ("A Society states:", "Nets were seen at four sites.", "Malta replies:", "The nets are removed."):
        expect(stated).to_contain_text(text)

    open_statement(society)
    society.get_by_role("link", name="Withdraw…").click()
    society.get_by_label("Why do you withdraw it?").fill("One site was counted twice.")
    society.get_by_role("button", name="Withdraw the statement").click()
    expect(society.get_by_role("main")).to_contain_text("One site was counted twice.")
    assert scores(reader, address) == before
    expect(reader.get_by_role("main")).not_to_contain_text("Nets were seen")
