"""The main job, end to end in a real browser: countries report, the Secretariat reviews, everyone reads the PDF."""

import re
import subprocess
from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest
import yaml
from django.core.management import call_command
from playwright.sync_api import Page, expect

from scoreboard import clock
from scoreboard.models import Submission
from tests.browser.conftest import late
from tests.factories import HARBOUR, PASSWORD, SCOREBOARD, a_country, a_focal, an_edition, an_officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Paper:
    """What the test draws before anybody types it: an answer per country and indicator, and what follows from it."""

    def __init__(self, path, countries):
        random = Random(path.name)  # noqa: S311 - a drawing, not a secret
        self.areas = yaml.safe_load(path.read_text())["areas"]
        self.answers = {
            country: {
                indicator["code"]: random.choice(
                    [*(level["value"] for level in indicator["levels"])] * 3
                    + ["unknown", *(["not_applicable"] if indicator.get("not_applicable", True) else [])]
                )
                for area in self.areas
                for indicator in area["indicators"]
            }
            for country in countries
        }

    def percent(self, country, area):
        points = possible = 0
        for indicator in area["indicators"]:
            answer = self.answers[country][indicator["code"]]
            if isinstance(answer, int):
                values = [level["value"] for level in indicator["levels"]]
                points += answer - min(values)
                possible += max(values) - min(values)
        return Fraction(100 * points, possible) if possible else None

    def scored(self, country, area):
        answers = [self.answers[country][indicator["code"]] for indicator in area["indicators"]]
        return f"{sum(isinstance(answer, int) for answer in answers)} of {len(answers)}"


def printed(percent):
    """One decimal, half up, as the document prints it."""
    tenths = (percent * 20 + 1).__floor__() // 2
    return f"{tenths // 10}.{tenths % 10}"


def sign_in(page: Page, person):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def answer(page: Page, code: str, value):
    """Choose an answer of the questionnaire as a person does, by its label."""
    row = page.locator(f"[id='i{code}']")
    name = f"i{code}-answer"
    choice = f"level:{value}" if isinstance(value, int) else value
    row.locator(f"input[name='{name}'][value='{choice}']").check()
    if value == "not_applicable":
        row.locator(f"textarea[name='i{code}-reason']").fill("It does not exist here.")


def fill_in(page: Page, paper: Paper, country: str):
    """From the home page through every area to the last gap."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=re.compile("^(Start|Begin|Continue)")).first.click()
    for area in paper.areas:
        expect(page.locator("h1")).to_contain_text(area["code"])
        for indicator in area["indicators"]:
            answer(page, indicator["code"], paper.answers[country][indicator["code"]])
        page.locator("button[name='continue']").click()
    # Everything is saved when the page goes on; sent without the script, it keeps the fragment of the first area.
    page.wait_for_url(re.compile("/gaps/(#i[A-Z0-9]+)?$"))


def submit(page: Page, submission: Submission, name: str):
    page.goto(f"/submissions/{submission.pk}/submit/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Capacity").fill("Head of unit")
    for box in page.get_by_role("checkbox").all():  # the declaration, and what seems doubtful
        box.check()
    page.get_by_role("button", name="Submit to the Secretariat").click()
    expect(page.get_by_role("main")).to_contain_text("With the Secretariat")


def set_up_cycle(desk: Page, edition, countries):
    today = clock.now().date()
    desk.goto("/review/cycles/")
    desk.get_by_role("link", name="Set up a cycle").first.click()
    desk.locator("input[name^='title']").first.fill("Scoreboard 2026")
    desk.get_by_label("Code").fill("2026")
    desk.get_by_label("Edition").select_option(str(edition.pk))
    for field, days in (("Opens", -1), ("Deadline", 30), ("Closes", 60)):
        desk.get_by_label(field, exact=True).fill((today + timedelta(days=days)).isoformat())
    for country in countries:
        desk.get_by_label(str(country)).check()
    desk.get_by_role("button", name="Set up the cycle").click()
    desk.get_by_role("link", name="Open the cycle").click()
    desk.get_by_role("button", name="Open the cycle").click()
    expect(desk.locator("h1")).to_have_text("Scoreboard 2026")


def open_review(desk: Page, country: str):
    desk.goto("/review/")
    desk.get_by_role("main").get_by_role("link", name=country).first.click()
    expect(desk.locator(".eyebrow")).to_contain_text(country)


def return_with_reasons(desk: Page, codes: list[str]):
    desk.get_by_role("button", name="Claim").click()
    for code in codes:
        desk.locator(f"#areas [data-codes~='{code}']").click()
        reading = desk.locator(f"[id='reading-{code}']")
        if reading.get_attribute("open") is None:  # one with a doubt is open already
            reading.locator("> summary").click()
        mark = desk.locator(f"[id='reading-{code}'] .rev-mark")
        mark.locator("summary").click()
        mark.get_by_role("textbox").fill(f"Please look again at {code}.")
        mark.get_by_role("button", name="Save mark").click()
        expect(mark.get_by_role("button", name="Remove mark")).to_be_visible()
    desk.get_by_role("link", name="Return 2 marked…").click()
    desk.get_by_role("main").get_by_role("textbox").fill("Two answers need another look.")
    desk.get_by_role("button", name="Return the submission").click()
    expect(desk.get_by_role("button", name="Return the submission")).to_have_count(0)


def mend(page: Page, submission: Submission, values: dict[str, int]):
    for code, value in values.items():
        page.goto(f"/submissions/{submission.pk}/")
        expect(page.get_by_role("main")).to_contain_text("Two answers need another look.")
        page.locator(f"a[href$='#i{code}']").first.click()
        expect(page.locator(f"[id='i{code}']")).to_contain_text(f"Please look again at {code}.")
        with page.expect_response(lambda response: response.request.method == "POST"):  # not to leave before it is sent
            answer(page, code, value)
            page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(f"[id='i{code}'] input[value='level:{value}']")).to_be_checked()


def publish(desk: Page):
    """Consolidate, let the worker build while the page watches, and publish to everyone."""
    desk.goto("/reports/workbench/2026/")
    desk.get_by_role("button", name="Consolidate the accepted answers").click()
    desk.get_by_role("button", name="Build the PDF").click()
    expect(desk.locator("#pdf-state progress")).to_be_visible()
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)
    desk.get_by_role("link", name="Publish").click()
    desk.get_by_label("Everyone, without an account").check()
    desk.get_by_label("Publish although the cycle is open").check()
    desk.get_by_label("Why it is published before").fill("The meeting is near.")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_role("main")).to_contain_text("Published")


def slow(window: Page) -> Page:
    """Let what saves by itself arrive after the first clicks."""
    window.route("**/js/keep.js", late)
    return window


@pytest.mark.parametrize("path", [SCOREBOARD, HARBOUR], ids=["scoreboard", "second edition, clicked at once"])
def test_the_main_job(path, visit, tmp_path):
    edition, countries, officer = an_edition(path), [a_country("MT"), a_country("GR")], an_officer()
    people = {str(country): a_focal(country) for country in countries}
    paper = Paper(path, list(people))

    desk = visit()
    sign_in(desk, officer)
    set_up_cycle(desk, edition, countries)
    submissions = {str(each.country): each for each in Submission.objects.select_related("country")}

    windows = {name: slow(visit()) if path == HARBOUR else visit() for name in people}
    for name, window in windows.items():
        sign_in(window, people[name])
        fill_in(window, paper, name)
        submit(window, submissions[name], people[name].name)

    mended = {area["indicators"][0]["code"]: area["indicators"][0]["levels"][0]["value"] for area in paper.areas[:2]}
    open_review(desk, "Malta")
    return_with_reasons(desk, list(mended))
    mend(windows["Malta"], submissions["Malta"], mended)
    submit(windows["Malta"], submissions["Malta"], people["Malta"].name)
    paper.answers["Malta"] |= mended

    for name in people:
        open_review(desk, name)
        desk.get_by_role("link", name="Accept…").click()
        desk.get_by_role("button", name="Accept the submission").click()

    reader = visit()
    reader.goto("/reports/")
    expect(reader.get_by_role("main")).to_contain_text("No assessment is published yet")
    publish(desk)
    reader.reload()
    with reader.expect_download() as download:
        reader.get_by_role("main").get_by_role("link", name=re.compile("PDF")).first.click()
    download.value.save_as(tmp_path / "assessment.pdf")
    check_document(tmp_path / "assessment.pdf", paper)
    assert [step.step for step in submissions["Malta"].transitions.all()] == [
        *("submit", "claim", "return_for_changes", "submit", "accept"),
    ]


def check_document(file, paper):
    """Every area percentage of every country, and every overall mean, found by row and column label; what counted."""
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True).stdout
    percents = {country: [paper.percent(country, area) for area in paper.areas] for country in paper.answers}
    percents["Overall mean"] = [sum(column) / len(column) for column in zip(*percents.values(), strict=True)]
    table = text.split("Percent by country and area", 1)[1]
    columns = ["Country", *(f"Area {area['code']}" for area in paper.areas)]
    for row, values in percents.items():
        assert [cell.split()[0] for cell in cells(table, row, columns)] == [printed(value) for value in values]
    for country in paper.answers:
        table = text.split(f"{country}: percent by area", 1)[1]
        for area, value in zip(paper.areas, percents[country], strict=True):
            row = re.search(rf"^\s*{area['code']} · .*", table, re.MULTILINE)[0]
            assert re.split(r"\s{2,}", row)[-2:] == [printed(value), paper.scored(country, area)]


def cells(table, label, columns):
    """The cells of the row with this label, under exactly these column labels."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in table.splitlines()]
    head = lines.index(columns)
    return next(line[1:] for line in lines[head:] if line[0] == label)
