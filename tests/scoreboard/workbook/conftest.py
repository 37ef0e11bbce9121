"""One submission and its workbook for all tests of a module; what a test changes is undone."""

import pytest

from scoreboard import workbook
from scoreboard.models import State, Submission
from tests.factories import HARBOUR, afresh, an_edition, fill, submission_at
from tests.scoreboard.workbook.books import LANGUAGE


@pytest.fixture(scope="module")
def module_draft(module_db):
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    fill(submission)
    return submission


@pytest.fixture(scope="module")
def content(module_draft) -> bytes:
    """The workbook of the draft."""
    return workbook.write(module_draft, LANGUAGE)


@pytest.fixture
def draft(module_draft, db) -> Submission:
    """Malta's answers to the small edition, all given."""
    return afresh(module_draft)
