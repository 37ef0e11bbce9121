"""A question to the Secretariat in a real browser: from an answer to what every country reads."""

import pytest
from playwright.sync_api import expect

from tests.factories import HARBOUR, a_cycle, a_focal, an_edition, fill, given

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


UNFOLD = "link => { for (let on = link; (on = on.parentElement?.closest('details')); ) on.open = true; }"


def test_a_focal_point_asks_about_an_answer_and_another_country_reads_what_is_shared(visit, malta, greece, officer):
    cycle = a_cycle([malta, greece], edition=an_edition(HARBOUR))
    fill(cycle.submissions.get(country=malta), iP1=given(level=2, comment="By decree 12 of Malta."))

    asks = visit(a_focal(malta))
    asks.goto(f"/submissions/{cycle.submissions.get(country=malta).pk}/areas/P/")
    link = asks.get_by_role("link", name="Ask the Secretariat about P1", include_hidden=True)
    link.evaluate(UNFOLD)
    link.click()
    expect(asks.get_by_label("What is it about?")).to_have_value("P1")
    asks.get_by_label("Your question").fill("Does a decree of Malta count as a plan?")
    asks.get_by_label("Show my answer as it stands").check()
    asks.get_by_role("button", name="Send the question").click()
    expect(asks.get_by_role("heading", level=1)).to_have_text("Question on P1 to the Secretariat")

    desk = visit(officer)
    desk.goto("/")
    desk.get_by_role("main").get_by_role("link", name="Question, Questions to the Secretariat").click()
    expect(desk.locator(".callout")).to_contain_text("By decree 12 of Malta.")  # the answer, as a copy
    desk.get_by_label("Message").fill("Yes, Malta: a decree is a plan.")
    desk.get_by_role("button", name="Send the answer").click()
    desk.get_by_role("link", name="Share the answer with all focal points").click()
    desk.get_by_label("The question").fill("Does a decree count as a plan?")
    desk.get_by_label("The answer").fill("Yes, a decree is a plan.")
    desk.get_by_role("button", name="Share with all focal points").click()
    desk.wait_for_url("**/threads/answers/2026/")

    reads = visit(a_focal(greece))
    reads.goto("/threads/enquiries/")
    reads.get_by_role("link", name="Questions and answers of").click()
    expect(reads.get_by_role("article")).to_contain_text("Does a decree count as a plan? Yes, a decree is a plan.")
    assert "Malta" not in reads.get_by_role("main").inner_text()

    asks.reload()
    expect(asks.locator(".thread")).to_contain_text("Yes, Malta: a decree is a plan.")
