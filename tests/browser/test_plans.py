"""A plan made from gaps, its action given to a contributor, published: on all pages and in the assessment."""

import csv
import io
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from reporting.models import Assessment
from reporting.pdf import single
from reporting.published import writing
from scoreboard import clock
from scoreboard.models import ActionPlan, Country, Role
from scoreboard.plans import actions, exchange
from scoreboard.plans.actions import ActionFacts
from tests.browser import pseudo
from tests.browser.conftest import at_width, findings
from tests.browser.test_statements import published_results
from tests.factories import HARBOUR_NEXT, a_country, a_focal, a_person, an_officer
from tests.plans import a_plan, an_action
from tests.reporting.reading import pdf_words
from tests.strategic_plans import a_strategic_plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_gaps_to_the_public_pages_and_the_assessment(visit):
    published_results(HARBOUR_NEXT)
    writing.write(Assessment.objects.get())
    a_strategic_plan()
    malta = Country.objects.get(iso2="MT")
    colleague = a_person(Role.CONTRIBUTOR, malta, name="Carla Customs")
    country, desk, reader = visit(a_focal(malta)), visit(an_officer()), visit(width=390)

    country.goto("/plans/")
    country.get_by_role("main").get_by_role("link", name="Register of Malta").click()
    country.get_by_role("link", name="Begin one from the answers").click()
    country.get_by_label("Title").fill("Plan for the harbours")
    boxes = country.get_by_role("checkbox")
    gaps = boxes.count()
    assert gaps > 1
    boxes.first.uncheck()
    country.get_by_role("button", name="Begin the plan").click()
    expect(country.get_by_role("main")).to_contain_text("The plan has begun")
    assert country.locator("#actions-caption").inner_text().startswith(str(gaps - 1))

    country.locator("tbody a").first.click()
    country.get_by_role("link", name="Change the action").click()
    country.get_by_label("Action", exact=True).fill("Train the harbour police")
    country.get_by_label("Lead").fill("Customs authority")
    country.get_by_role("button", name="Save", exact=True).click()
    expect(country.get_by_role("main")).to_contain_text("is changed")
    country.get_by_role("link", name="Plan for the harbours").click()
    country.get_by_role("link", name="Colleagues").click()
    country.get_by_label("E-mail address").fill(colleague.email)
    country.get_by_label("Name").fill("Carla")
    country.get_by_label("Train the harbour police").check()
    country.get_by_label("Last day").fill((clock.today() + timedelta(days=30)).isoformat())
    country.get_by_role("button", name="Give and ask by e-mail").click()
    expect(country.get_by_role("main")).to_contain_text("Carla Customs")

    helper = visit(type(colleague).objects.get(pk=colleague.pk))
    helper.goto("/plans/")
    helper.get_by_role("main").get_by_role("link", name="Plan for the harbours").click()
    helper.get_by_role("main").get_by_role("link", name="Train the harbour police").click()
    expect(helper.get_by_role("main")).to_contain_text("Train the harbour police")
    helper.get_by_label("Status").select_option(label="Under way")
    helper.get_by_role("textbox", name="Progress note").fill("The first course took place.")
    helper.get_by_role("button", name="Note it").click()
    expect(helper.get_by_role("main")).to_contain_text("The progress is noted")

    reader.goto("/countries/mt/")
    expect(reader.get_by_role("main")).not_to_contain_text("Plan for the harbours")
    reader.goto("/objectives/")
    expect(reader.get_by_role("main")).to_contain_text("1 country publishes nothing about a plan here")
    country.goto("/plans/countries/mt/")
    country.get_by_role("link", name="Plan for the harbours").click()
    country.get_by_role("link", name="Change the plan").click()
    country.get_by_label("Status").select_option(label="Adopted")
    country.get_by_role("button", name="Save", exact=True).click()
    country.get_by_role("link", name="Who reads it…").click()
    country.get_by_label("Everybody").check()
    country.get_by_role("button", name="Save", exact=True).click()
    expect(country.get_by_role("main")).to_contain_text("It is public")

    reader.goto("/countries/mt/")
    reader.get_by_role("main").get_by_role("link", name="Plan for the harbours").click()
    row = reader.get_by_role("row", name="Train the harbour police")
    expect(row).to_contain_text("Customs authority")
    expect(row).to_contain_text("Under way")
    expect(reader.get_by_role("main")).not_to_contain_text("The first course took place")
    expect(reader.get_by_role("main")).not_to_contain_text("Carla")

    desk.goto("/review/plans/")
    desk.get_by_role("main").get_by_role("link", name="Plan for the harbours").click()
    desk.get_by_label("Note to the country").fill("Thank you.")
    desk.get_by_role("button", name="I have checked it").click()
    expect(desk.get_by_role("main")).to_contain_text("The plan is checked")
    reader.reload()
    expect(reader.get_by_role("main")).to_contain_text("The Secretariat checked the entry")

    reader.goto("/objectives/")
    counted = "under implementation or evaluated is published by 1 of 1 country that takes part."
    expect(reader.get_by_role("main")).to_contain_text(counted)
    expect(reader.get_by_role("listitem").filter(has_text="Adopted:")).to_contain_text("Malta")
    desk.goto("/side-by-side/?country=MT")
    adopted = desk.get_by_role("row", name="Malta").filter(has_text="Adopted")
    expect(adopted).to_contain_text(f"0 of {gaps - 1}")
    adopted.get_by_role("link", name="Plan for the harbours").click()
    expect(desk.get_by_role("row", name="Train the harbour police")).to_contain_text("1 note")

    desk.goto("/reports/workbench/2026/")
    desk.get_by_role("button", name="Begin a new issue").click()
    expect(desk.get_by_role("main")).to_contain_text("Issue 2 now holds")
    chapter = f"/reports/{Assessment.objects.get(issue=2).pk}/preview/objectives/"
    assert desk.request.get(chapter).status == 202
    single.make_waiting()
    said = pdf_words(desk.request.get(chapter).body())
    assert counted in said
    assert "Adopted: 1." in said


def a_changed_file(plan: ActionPlan) -> bytes:
    """The actions of a plan as a file: two are changed, one is missing, one is new, and a row cannot be read."""
    first, second, *_missing = ([*row] for row in exchange.rows(plan))
    first[2], second[3] = "Train the harbour police of every harbour " * 4, "Coast guard"
    new, bad = ["", "", "Count the boats", *[""] * 6], ["", "", "A day", "", "", "30/09/2026", "", "", ""]
    written = io.StringIO()
    csv.writer(written).writerows([exchange.columns(), first, second, new, bad])
    return written.getvalue().encode()


@pytest.mark.parametrize("language", ["en", pseudo.LANGUAGE])
def test_what_a_file_changes_is_shown_on_any_screen(visit, settings, tmp_path, language):
    pseudo.write(tmp_path)
    settings.LANGUAGES, settings.LOCALE_PATHS = [("en", "English"), (pseudo.LANGUAGE, "Pseudo")], [tmp_path]
    malta = a_country("MT")
    plan = a_plan(malta)
    contested = an_action(plan, "Light the quay")
    an_action(plan, "Fence the quay")
    content = a_changed_file(plan)
    actions.save(contested, ActionFacts(text="Light the whole quay", number=2), seen=1, by=a_focal(malta))
    page = visit(a_focal(malta))
    page.context.add_cookies([{"name": "django_language", "value": language, "url": settings.SITE_URL}])
    page.goto(f"/plans/{plan.pk}/upload/")
    page.locator("#file").set_input_files({"name": "plan.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("main form[enctype] button").click()
    expect(page.locator("main section.answer")).to_have_count(4)
    expect(page.locator(".callout-conflict")).to_have_count(1)
    expect(page.locator("input[name=take]:checked")).to_have_count(2)
    assert page.locator("html").get_attribute("dir") == ("ltr" if language == "en" else "rtl")
    assert (findings(page), at_width(page, 360)) == ([], 0)
    page.emulate_media(color_scheme="dark")
    assert findings(page, rules=["color-contrast"]) == []
    page.locator("main form button").click()
    page.wait_for_url(f"**/plans/{plan.pk}/")
    assert list(plan.actions.order_by("number").values_list("text", flat=True))[1:] == [
        "Light the whole quay",
        "Fence the quay",
        "Count the boats",
    ]
