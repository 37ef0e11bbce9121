"""Figures in a browser, whose fields of one line drop the line ends of what is pasted into them."""

import pytest
from playwright.sync_api import expect

from scoreboard.data_tables import tables
from scoreboard.models import State
from tests.browser.conftest import findings, overflow
from tests.factories import HARBOUR, SCOREBOARD, a_focal, an_edition, submission_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  if (field.dispatchEvent(event)) field.setRangeText(text.replace(/\\s*\\n\\s*/g, ""));
}"""


def test_figures_of_two_cells_never_become_one(visit):
    an_edition(HARBOUR)
    draft = submission_at(State.DRAFT)
    page = visit(a_focal(draft.country))
    page.goto(f"/submissions/{draft.pk}/figures/Q2/")
    number = page.locator("[name='r1-individuals']")

    # Two cells of a column, pasted into one field.
    number.evaluate(PASTE, "10\n123\n")
    expect(number).to_have_value("10 / 123")
    number.fill("")
    number.evaluate(PASTE, "12\n")
    expect(number).to_have_value("12")
    number.fill("")

    # A cell of two lines, pasted with its row: what the field then holds is asked back, as often as it is sent.
    page.get_by_text("Paste rows from a spreadsheet").click()
    page.locator("#pasted").fill('2025\tDreissena polymorpha\tQuai\t"10\n123"\n')
    page.get_by_role("button", name="Put these rows into the table").click()
    main = page.locator("main")
    expect(main).to_contain_text("Lines pasted: 2. Rows read: 1, headings counted.")
    for _time in range(2):
        expect(number).to_have_value("10 / 123")
        expect(main).to_contain_text("Give one whole number in digits, such as 1250.")
        with page.expect_navigation():  # else the next text would be typed into the page that goes
            page.get_by_role("button", name="Save the table").click()
    number.fill("10 123")
    page.get_by_role("button", name="Save the table").click()
    expect(main).to_contain_text("The table is saved with 1 row.")
    answer = draft.answers.get()
    form = answer.indicator.data_form
    assert tables.row_as_typed(form, answer.figures[0])["individuals"] == "10123"


def test_sums_and_doubts_follow_what_is_typed(visit):
    an_edition(SCOREBOARD)
    draft = submission_at(State.DRAFT)
    page = visit(a_focal(draft.country))
    page.goto(f"/submissions/{draft.pk}/figures/2/")

    def fill(row: int, **cells: str) -> None:
        for code, text in cells.items():
            page.locator(f"[name='r{row}-{code}']").fill(text)
        page.locator(f"[name='r{row}-offence']").select_option("killed")

    best = page.locator("[data-sum='number_best']")
    fill(1, year="2024", number_low="240", number_best="1 310", number_high="1420")
    expect(best).to_have_text("")  # one row has no sum
    fill(2, year="2025", number_low="900", number_best="620", number_high="600")
    expect(best).to_have_text("1,930")
    notes = page.locator("#row-2").locator("xpath=../following-sibling::tr[1]")
    expect(notes).to_have_class("row-notes")
    lowest, middle, highest = (f"“Number of birds: {which} estimate”" for which in ("lowest", "best", "highest"))
    expect(notes.locator("p")).to_have_text(
        [
            f"Row 2: {lowest} is 900, which is more than {middle}, 620.",
            f"Row 2: {middle} is 620, which is more than {highest}, 600.",
        ]
    )
    table = page.locator(".table-fields").bounding_box()
    assert abs(notes.locator("td").bounding_box()["width"] - table["width"]) <= 2
    year, species = (page.locator(f"[name='r1-{code}']").bounding_box()["width"] for code in ("year", "species"))
    page.locator("[name='r1-species']").fill("Streptopelia turtur, and a long remark on it")
    assert page.locator("[name='r1-species']").bounding_box()["width"] > species + 80
    assert page.locator("[name='r1-year']").bounding_box()["width"] <= max(year, 90)
    assert findings(page) == []

    page.set_viewport_size({"width": 390, "height": 900})
    assert overflow(page) == 0
    scroll = page.locator(".table-scroll").last
    assert scroll.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    for cell in page.locator("[name^='r2-']").all():
        box = cell.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390
    assert findings(page) == []
    page.locator("[name='r2-number_low']").fill("500")
    page.locator("[name='r2-number_high']").fill("700")
    page.locator("[name='r2-number_high']").blur()
    expect(page.locator(".row-notes")).to_have_count(0)
    page.get_by_role("button", name="Save the table").click()
    expect(page.locator("main")).to_contain_text("The table is saved with 2 rows.")
    expect(best).to_have_text("1,930")
