"""What seems doubtful before a submission goes: a sentence each, confirmed by a tick or mended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoreboard import clock
from scoreboard.models import State, Submission
from scoreboard.submissions import answering, workflow
from scoreboard.submissions import doubts as checks
from tests.factories import DECLARATION, a_cycle, a_focal, an_officer, fill, given, submission_at
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def draft(focal):
    submission = submission_at(State.DRAFT)
    fill(submission)
    return submission


@pytest.fixture
def next_time(malta, focal):
    """A draft in the cycle after one in which level 3 was accepted for P1."""
    today = clock.now().date()
    before = a_cycle([malta], code="2023", opens=today - timedelta(days=9)).submissions.get()
    fill(before, iP1=given(level=3))
    workflow.submit(before, by=a_focal(malta), **DECLARATION)
    workflow.accept(before, by=an_officer(), version=before.versions.count())
    submission = a_cycle([malta]).submissions.get()
    fill(submission, iP1=given(level=3))
    return submission


def told(submission, code="P1"):
    found = checks.doubts(Submission.objects.get(pk=submission.pk))
    return [doubt.sentence for doubt in found if doubt.indicator.code == code]


def change(submission, **fields):
    focal = a_focal(submission.country)
    answering.save_answers(submission, {"P1": given(**fields)}, by=focal, seen={"P1": 1})


def test_a_quiet_submission_raises_no_doubt(next_time):
    assert told(next_time) == []


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        (
            {"level": 1, "change_reason": "We looked again."},
            ["The level was 3 in Scoreboard 2023 and is 1 now. Is that right?"],
        ),
        ({"level": 2}, ["The level differs from last time, and no reason is given."]),
        ({"level": 2, "change_reason": "Less staff."}, []),
        ({"kind": "unknown"}, []),
    ],
)
def test_a_level_against_last_time(next_time, fields, sentences):
    change(next_time, **fields)
    assert told(next_time) == sentences


@pytest.mark.parametrize(("comment", "doubts"), [("", 1), ("As decreed.", 0)])
def test_the_highest_level_wants_something_to_show_for_it(draft, comment, doubts):
    change(draft, level=5, comment=comment)
    assert told(draft) == ["The highest level is claimed, with neither a comment nor evidence."] * doubts


def test_submitting_asks_to_confirm_each_doubt(sign_in, focal, draft):
    change(draft, level=5)
    client, url = sign_in(focal), f"/submissions/{draft.pk}/submit/"
    page = Page(client.get(url))
    assert "The highest level is claimed, with neither a comment nor evidence." in page.text
    assert page.links["Look at P1 again"] == f"/submissions/{draft.pk}/areas/P/#iP1"
    declaration = DECLARATION | {"confirmed": "on"}
    page = Page(client.post(url, declaration))
    assert page.links["Confirm P1, or correct it."].startswith("#id_doubt-")
    assert Submission.objects.get(pk=draft.pk).state == State.DRAFT
    key = next(doubt.key for doubt in checks.doubts(Submission.objects.get(pk=draft.pk)))
    assert client.post(url, declaration | {f"doubt-{key}": "on"}).status_code == 302
    assert Submission.objects.get(pk=draft.pk).state == State.SUBMITTED


def test_an_answer_is_confirmed_once_whatever_is_doubtful_about_it(sign_in, focal, next_time):
    change(next_time, level=5, comment="")
    assert len(told(next_time)) > 1
    page = Page(sign_in(focal).get(f"/submissions/{next_time.pk}/submit/"))
    assert page.text.count("P1 is right as it is.") == 1
    assert all(sentence in page.text for sentence in told(next_time))


def test_doubts_cost_the_same_for_one_as_for_all(draft, focal):
    def cost():
        submission = Submission.objects.select_related("cycle__edition").get(pk=draft.pk)
        with CaptureQueriesContext(connection) as queries:
            found = checks.doubts(submission)
        return len(queries), len(found)

    quiet, none = cost()
    highest = {i.code: given(level=i.ladder[-1].value) for i in draft.cycle.edition.all_indicators}
    answering.save_answers(draft, highest, by=focal, seen=dict.fromkeys(highest, 1))
    loud, many = cost()
    assert quiet == loud
    assert many > none
