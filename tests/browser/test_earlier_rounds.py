"""An officer brings in a round of years ago by a faulty file and publishes it; a country sees it as last time."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from scoreboard import clock
from scoreboard.models import Hearing, Submission
from tests import factories
from tests.scoreboard.earlier_rounds.rounds import a_past_cycle, csv

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RIGHT = ("MT,P1,3", "MT,P2,2", "MT,P3,1", "GR,P1,4")
FAULTS = ("MT,P1,Level 3", "MT,P2,7", "Malte,P3,1", "GR,P1,4")  # a word, a level that is none, a name


def choose(page: Page, name: str, *lines: str) -> None:
    page.set_input_files("input[name=file]", {"name": name, "mimeType": "text/csv", "buffer": csv(*lines)})
    page.locator("select[name=cycle]").select_option("2018")
    page.get_by_label("Where it does not say it: on this day").check()
    page.locator("input[name=day]").fill("2018-03-14")
    page.get_by_role("button", name="Show what it holds").click()


def publish(page: Page) -> None:
    """Ask the countries, choose what becomes public once their day is over, and publish."""
    page.goto("/review/cycles/2018/hearing/")
    page.locator("input[name=until]").fill((clock.now().date() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Send the mails").click()
    expect(page.get_by_text("2 countries are asked.")).to_be_visible()
    Hearing.objects.update(until=clock.now().date() - timedelta(days=2))  # the nine days pass
    page.get_by_label("Countries by name").check()
    page.get_by_role("button", name="Save the choice").click()
    page.get_by_role("link", name="Go to the workbench").click()
    page.get_by_role("button", name="Consolidate the accepted answers").click()
    page.get_by_role("button", name="Build the PDF").click()
    expect(page.locator("#pdf-state progress")).to_be_visible()
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)
    page.get_by_role("link", name="Publish").click()
    page.get_by_label("Everyone, without an account").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("main")).to_contain_text("Published")


def test_a_round_of_years_ago_is_published_and_is_last_time(visit):
    malta, greece = factories.a_country("MT"), factories.a_country("GR")
    for country in (malta, greece):
        factories.a_focal(country)
    edition = factories.an_edition(factories.HARBOUR)
    then = a_past_cycle(edition)
    page = visit(factories.an_officer())
    page.goto("/review/cycles/")
    page.get_by_role("link", name="Earlier rounds").click()
    page.get_by_role("link", name="Bring in a file").click()
    choose(page, "results.csv", *FAULTS)
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("There are 3 faults.")
    for place, why in (
        ("Row 2, column C (level)", "write the number alone: 3"),
        ("Row 3, column C (level)", "7 is no level of P2, which has levels from 1 to 5"),
        ("Row 4, column A (country)", "No country is called “Malte”"),
    ):
        expect(notice.get_by_role("listitem").filter(has_text=place)).to_contain_text(why)
    page.get_by_label("Malte").select_option(label="Malta")
    page.get_by_role("button", name="Remember, and look again").click()
    expect(page.get_by_role("alert")).to_contain_text("row 2 writes as “MT”")  # one way of writing it in a file
    assert not Submission.objects.exists()
    page.get_by_role("link", name="Another file").click()
    choose(page, "results-corrected.csv", *RIGHT)
    row = page.get_by_role("row", name="Malta")
    expect(row).to_contain_text("14 March 2018")
    expect(row).to_contain_text("3 of 7")
    page.get_by_role("button", name="Enter 4 answers").click()
    expect(page.get_by_text("2 submissions are entered and accepted. Nobody got a mail.")).to_be_visible()
    expect(page.get_by_role("row", name="results-corrected.csv")).to_contain_text("2018")
    assert set(then.submissions.values_list("submitted_on", flat=True)) == {date(2018, 3, 14)}

    publish(page)
    reader = visit()
    reader.goto("/countries/mt/")
    levels = reader.get_by_role("row").filter(has_text="P1")
    expect(levels.first).to_contain_text("3")
    expect(reader.get_by_role("main")).to_contain_text("What Malta reported about itself in 1 cycle")

    now = factories.a_cycle([malta], edition=edition)
    page = visit(factories.a_focal(malta), width=390)
    page.goto(f"/submissions/{now.submissions.get().pk}/areas/P/")
    question = page.locator("[id='iP1']")
    expect(question.locator(".last-mark")).to_contain_text("Scoreboard 2018")
    question.get_by_role("button", name="No change").click()
    expect(question.locator("input[name='iP1-answer'][value='level:3']")).to_be_checked()
