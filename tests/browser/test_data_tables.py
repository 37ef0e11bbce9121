"""Figures in a browser, whose fields of one line drop the line ends of what is pasted into them."""

import pytest
from playwright.sync_api import expect

from scoreboard.data_tables import tables
from scoreboard.models import State
from tests.factories import HARBOUR, a_focal, an_edition, submission_at

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
