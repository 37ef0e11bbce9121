"""The workbook: what goes out comes back unchanged, what was filled shows as a difference, the rest is refused."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from scoreboard import workbook
from scoreboard.models import AnswerVersion, Origin, State
from tests.factories import HARBOUR, an_edition, fill, submission_at

pytestmark = pytest.mark.django_db

LANGUAGE = "fr"


@pytest.fixture(autouse=True)
def edition(db):
    return an_edition(HARBOUR)


@pytest.fixture
def draft(focal):
    submission = submission_at(State.DRAFT)
    fill(submission)
    return submission


def found(submission, content):
    return workbook.compare(submission, workbook.read(BytesIO(content), submission))


def filled(content, code, **texts):
    """Return the file with the cells of one indicator filled, as a spreadsheet program would save it."""
    book = load_workbook(BytesIO(content))
    for sheet in book.worksheets:
        if sheet["A1"].value != "mikt-area":
            continue
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row in sheet.iter_rows(min_row=2):
            if row[0].value == code:
                for name, text in texts.items():
                    cell = sheet.cell(row[0].row, columns[name])
                    cell.value = text
                    if isinstance(text, str):
                        cell.data_type = "s"
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_what_comes_back_as_it_went_changes_nothing(draft):
    assert found(draft, workbook.write(draft, LANGUAGE)).differences == []
    assert found(draft, filled(workbook.write(draft, LANGUAGE), "P1")).differences == []


def test_a_filled_cell_is_a_difference_and_is_written_when_ticked(draft, focal, sign_in):
    content = filled(workbook.write(draft, LANGUAGE), "P1", comment="=SUM(1;2)", answer="5")
    [difference] = found(draft, content).differences
    assert [(change.part.name, change.before, change.file) for change in difference.changes][1] == (
        "comment",
        "",
        "=SUM(1;2)",
    )
    client = sign_in(focal)
    file = BytesIO(content)
    file.name = "filled.xlsx"
    page = client.post(f"/submissions/{draft.pk}/workbook/upload/", {"file": file})
    assert page.status_code == 200
    done = client.post(f"/submissions/{draft.pk}/workbook/take/", {"kept": page.context["found"].kept, "take": ["P1"]})
    assert done.status_code == 302
    answer = draft.answers.get(indicator__code="P1")
    assert (answer.level.value, answer.comment, answer.revision) == (5, "=SUM(1;2)", 2)
    assert AnswerVersion.objects.filter(origin=Origin.WORKBOOK).count() == 1
