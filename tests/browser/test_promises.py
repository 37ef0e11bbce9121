"""A step promised in one cycle is asked about, counted and printed in the next: in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from reporting.assessments import lifecycle
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from reporting.published import writing
from scoreboard import clock
from scoreboard.models import Commitment
from scoreboard.submissions import doubts, workflow
from tests.factories import DECLARATION, HARBOUR, a_country, a_cycle, a_focal, an_edition, an_officer, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def published(cycle) -> Assessment:
    """Consolidate a cycle and publish it to everyone, without the file."""
    issue = lifecycle.consolidate(cycle, by=an_officer(), public=True)
    fields = {"status": "published", "audience": "everyone", "published_at": clock.now(), "published_by": an_officer()}
    Assessment.objects.filter(pk=issue.pk).update(**fields)
    issue.refresh_from_db()
    writing.write(issue)
    return issue


def test_promised_asked_counted_and_printed(visit):
    malta, opens = a_country("MT"), clock.now().date() - timedelta(days=40)
    edition, focal, officer = an_edition(HARBOUR), a_focal(malta), an_officer()
    before = a_cycle([malta], edition=edition, code="2023", opens=opens).submissions.get()
    fill(before)
    country, desk, reader = visit(focal), visit(officer), visit(width=390)

    country.goto(f"/submissions/{before.pk}/areas/P/#iP1")
    card = country.locator("#iP1")
    card.get_by_text("Next step").click()
    card.get_by_label("Intended step").fill("Train the staff.")
    card.get_by_label("By when").fill("2027-06-30")
    card.get_by_label("Who leads").fill("Port authority")
    card.get_by_label("Publish this step").check()
    expect(card.locator(".answer-state")).to_contain_text("Saved")
    workflow.submit(before, by=focal, **DECLARATION)
    workflow.accept(before, by=officer, version=1)
    published(before.cycle)

    country.goto("/commitments/")
    country.get_by_role("main").get_by_role("link", name="Train the staff.").click()
    country.get_by_label("Partly done").check()
    country.get_by_label("In words").fill("Ten of twenty.")
    country.get_by_role("button", name="Save").click()
    expect(country.locator("#history ~ ol")).to_contain_text("Ten of twenty.")
    reader.goto("/countries/mt/")
    expect(reader.get_by_role("main")).to_contain_text("Partly done")
    expect(reader.get_by_role("main")).not_to_contain_text("Ten of twenty.")

    now = a_cycle([malta], edition=edition, code="2026").submissions.get()
    country.goto(f"/submissions/{now.pk}/areas/P/#iP1")
    asked = country.locator("#iP1 .earlier-step")
    expect(asked).to_contain_text("By 30 June 2027.")
    asked.get_by_label("Done", exact=True).check()
    asked.get_by_label("In words").fill("All twenty.")
    asked.get_by_role("button", name="Save this reply").click()
    expect(country.get_by_role("main")).to_contain_text("Your reply on the earlier step is saved.")
    expect(country.locator("#iP1 .earlier-step").get_by_label("Done", exact=True)).to_be_checked()
    fill(now)
    assert [doubt for doubt in doubts.doubts(now) if doubt.key.startswith("step")] == []
    workflow.submit(now, by=focal, **DECLARATION)
    desk.goto(f"/review/{now.pk}/areas/P/")
    desk.locator("#reading-P1 summary").first.click()
    expect(desk.locator("#reading-P1")).to_contain_text("All twenty.")
    workflow.accept(now, by=officer, version=1)
    assert Commitment.objects.get().status == "done"

    issue = published(now.cycle)
    reader.goto("/cycles/2026/")
    expect(reader.locator("#steps + p")).to_contain_text("1 of 1 step is done")
    assert "1 of 1 step is done that countries promised in earlier cycles." in pdf.section_html(issue, "steps")
    assert "Train the staff." in pdf.section_html(issue, "country-MT")
