"""A plan is made from gaps, an action is given to a contributor, progress is noted, and all of it is published."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from reporting.models import Assessment
from reporting.published import writing
from scoreboard import clock
from scoreboard.models import Country, Role
from tests.browser.test_statements import published_results
from tests.factories import a_focal, a_person, an_officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_gaps_to_the_public_page(visit):
    published_results()
    writing.write(Assessment.objects.get())
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
    country.goto("/plans/countries/mt/")
    country.get_by_role("link", name="Plan for the harbours").click()
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
