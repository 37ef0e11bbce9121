"""A country asks one that rose; the answer becomes good practice, checked, public and printed: in a real browser."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from reporting.assessments import chapters, lifecycle
from reporting.models import Assessment
from scoreboard.models import GoodPractice, Role, State
from tests import learning
from tests.browser.conftest import at_width, findings
from tests.factories import (
    HARBOUR,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    submission_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def main(page: Page):
    return page.get_by_role("main")


def test_from_the_question_to_the_printed_page(visit):
    an_edition(HARBOUR)
    learning.risen()
    malta, greece = a_country("MT"), a_country("GR")
    cycle = a_cycle([malta, greece], code="2026", is_example=True)
    draft = cycle.submissions.get(country=malta)
    asks, answers, desk, reader = visit(a_focal(malta)), visit(a_focal(greece)), visit(an_officer()), visit(width=390)

    asks.goto(f"/submissions/{draft.pk}/areas/P/")
    asks.get_by_text("What P1 measures and how to answer").click()
    asks.get_by_role("link", name="Who rose from your level on P1").click()
    expect(main(asks)).to_contain_text("We trained the pilots.")
    expect(main(asks)).not_to_contain_text("Cyprus")
    asks.get_by_role("link", name="Ask Greece how").click()
    assert (findings(asks), at_width(asks, 360)) == ([], 0)
    asks.get_by_label("Your words").fill("How many pilots, and who paid?")
    asks.get_by_role("button", name="Send the question").click()
    expect(main(asks)).to_contain_text("How many pilots, and who paid?")

    answers.goto("/")
    main(answers).get_by_role("link", name="Answer").click()
    expect(main(answers)).to_contain_text("How many pilots, and who paid?")
    answers.get_by_label("Your words").fill("Forty pilots in **two years**. The ports paid.")
    answers.get_by_role("button", name="Send the answer").click()
    expect(main(answers)).to_contain_text("It is sent.")

    asks.goto("/learning/questions/")
    main(asks).get_by_role("link", name="Malta asks Greece").click()
    asks.get_by_role("link", name="Offer it as good practice of Greece…").click()
    asks.get_by_label("Title").fill("Forty pilots")
    asks.get_by_role("button", name="Offer it").click()
    expect(main(asks)).to_contain_text("It waits for the signature of Greece.")

    answers.goto("/")
    main(answers).get_by_role("link", name="Sign it or not").click()
    answers.get_by_role("link", name="Sign…", exact=True).click()
    answers.get_by_role("button", name="Sign it for Greece").click()
    practice = GoodPractice.objects.get()
    reader.goto(f"/good-practice/{practice.pk}/")
    expect(main(reader)).not_to_contain_text("Forty pilots")
    desk.goto("/")
    main(desk).get_by_role("link", name="Check it").click()
    desk.get_by_role("link", name="Publish…", exact=True).click()
    desk.get_by_label("No private person is named").check()
    desk.get_by_role("button", name="Publish it").click()

    for place in ("/indicators/P1/", "/countries/gr/", "/search/?q=pilots%20ports"):
        reader.goto(place)
        expect(main(reader).get_by_role("link", name="Forty pilots")).to_be_visible()
    main(reader).get_by_role("link", name="Forty pilots").click()
    expect(main(reader).locator("strong", has_text="two years")).to_be_visible()
    expect(main(reader)).to_contain_text("Signed by Greece")
    expect(main(reader)).not_to_contain_text(str(a_focal(greece)))
    printed(visit(a_person(Role.ANALYST)), practice)


def printed(analyst: Page, practice: GoodPractice) -> None:
    """Let the analyst take it into a chapter, and look for it in the PDF."""
    GoodPractice.objects.update(is_example=True)  # as the cycle is, which prints invented material alone
    cycle = a_cycle([a_country("CY")], code="2027", is_example=True)
    submission_at(State.ACCEPTED, a_country("CY"), cycle)
    issue = lifecycle.consolidate(cycle, by=an_officer())
    analyst.goto(f"/reports/{issue.pk}/chapters/area-P/")
    analyst.get_by_text("Good practice (1)").click()
    name = analyst.locator("code", has_text=f"[[practice {practice.pk}]]").first.inner_text()
    analyst.get_by_label("Text of the chapter").fill(f"What others can learn:\n\n{name}")
    expect(analyst.locator(".answer-state")).to_have_text(re.compile("^Saved"))
    expect(analyst.locator("#preview")).to_contain_text("Good practice of Greece: Forty pilots")
    chapter = issue.chapters.get(key="area-P")
    chapters.approve(chapter, by=an_officer(), seen=chapter.revision)
    lifecycle.perform(
        lifecycle.request_build(Assessment.objects.get(pk=issue.pk), by=an_officer(), document_number="7")
    )
    pdf = PdfReader(io.BytesIO(Assessment.objects.get(pk=issue.pk).pdf.file.read()))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "Good practice of Greece: Forty pilots" in text
    assert "Forty pilots in two years. The ports paid." in text
