"""Rules that exist twice, as a condition of the database and in Python, agree on every case."""

from datetime import timedelta
from itertools import product

import pytest

from scoreboard import clock
from scoreboard.models import Answer, Cycle, Indicator, State, Submission
from scoreboard.models.answers import is_complete
from tests.factories import fill, submission_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", State)
def test_a_complete_answer(state, focal):
    """No verb writes some of these rows: an edition that stops offering "not applicable" leaves them behind."""
    submission = submission_at(state)
    if state == State.DRAFT:
        fill(submission)
    indicator = submission.cycle.edition.all_indicators[0]
    rows = Answer.objects.filter(submission=submission, indicator=indicator)
    found = {}
    for kind, reason, offered in product(["", *Answer.Kind.values], ["", "There is no coast."], [False, True]):
        rows.update(kind=kind, level=indicator.ladder[0] if kind == Answer.Kind.LEVEL else None, reason=reason)
        Indicator.objects.filter(pk=indicator.pk).update(not_applicable=offered)
        indicator.not_applicable = offered
        in_python = is_complete(kind, reason, indicator, handed_in=not submission.is_with_country)
        found[kind, reason, offered] = (rows.complete().exists(), in_python)
    assert [case for case, (in_sql, in_python) in found.items() if in_sql != in_python] == []
    assert {in_sql for in_sql, _in_python in found.values()} == {True, False}


@pytest.mark.parametrize("state", State)
def test_an_overdue_submission(state, focal):
    submission = submission_at(state)
    cycle, now = submission.cycle, clock.now()
    found = {}
    for opened, left, extension in product([True, False], [False, True], [None, 1, 3]):
        Cycle.objects.filter(pk=cycle.pk).update(opened_at=now if opened else None)
        Submission.objects.filter(pk=submission.pk).update(
            left_at=now if left else None,
            left_by=focal if left else None,
            left_reason="No birds." if left else "",
            extended_to=cycle.deadline + timedelta(days=extension) if extension else None,
            extension_reason="A holiday." if extension else "",
        )
        for days in range(-1, 5):
            midnight = clock.now().replace(hour=0, minute=30)
            with clock.at(midnight + (cycle.deadline - midnight.date()) + timedelta(days=days)):
                again = Submission.objects.select_related("cycle").get(pk=submission.pk)
                in_sql = Submission.objects.overdue().filter(pk=submission.pk).exists()
                found[opened, left, extension, days] = (in_sql, again.is_overdue)
    assert [case for case, (in_sql, in_python) in found.items() if in_sql != in_python] == []
    assert any(in_sql for in_sql, _in_python in found.values()) == submission.is_with_country
