"""Recalling a submission: it goes back to where it came from, and what held there holds again."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from scoreboard import clock
from scoreboard.errors import NotNow
from scoreboard.models import Side, State, Submission, Thread, Transition
from scoreboard.submissions import answering, returns, workflow
from scoreboard.threads import discussion
from scoreboard.todo import next_step
from tests.factories import DECLARATION, a_focal, fill, given, submission_at

pytestmark = pytest.mark.usefixtures("harbour")


def again(submission):
    return Submission.objects.get(pk=submission.pk)


def travelled(*steps, focal, officer):
    """A submission that took `steps` one after the other."""
    submission = submission_at(State.DRAFT)
    fill(submission)
    for step in steps:
        verbs = {
            "submit": lambda: workflow.submit(submission, by=focal, **DECLARATION),
            "recall": lambda: workflow.recall(submission, by=focal),
            "return": lambda: workflow.return_for_changes(
                submission, by=officer, comment="Please correct it.", version=submission.versions.count()
            ),
            "accept": lambda: workflow.accept(submission, by=officer, version=submission.versions.count()),
            "reopen": lambda: workflow.reopen(submission, by=officer, comment="Please correct it."),
        }
        verbs[step]()
    return again(submission)


@pytest.mark.parametrize(
    ("road", "state"),
    [
        ("submit recall", State.DRAFT),
        ("submit recall submit recall", State.DRAFT),
        ("submit return submit recall", State.RETURNED),
        ("submit return submit recall submit recall", State.RETURNED),
        ("submit accept reopen submit recall", State.RETURNED),
        ("submit recall submit return submit recall", State.RETURNED),
    ],
)
def test_a_recall_leads_back_to_where_the_submission_came_from(road, state, focal, officer):
    submission = travelled(*road.split(), focal=focal, officer=officer)
    assert submission.state == state
    assert submission.submitted_at is None
    last = submission.transitions.last()
    assert (last.step, last.source, last.target, last.comment) == ("recall", State.SUBMITTED, state, "")


def test_the_reasons_of_the_return_stand_again(focal, officer):
    submission = submission_at(State.RETURNED)
    other = submission.cycle.edition.all_indicators[1].code
    needing_reason = returns.needing_reason(submission)
    asked = [remark.text for remark in returns.waiting(submission)]
    [thread] = Thread.objects.filter(answer__submission=submission)
    held = (thread.holder, thread.held_since)
    workflow.submit(submission, by=focal, **DECLARATION)
    thread.refresh_from_db()
    assert thread.holder == Side.SECRETARIAT
    workflow.recall(submission, by=focal)
    submission = again(submission)
    thread.refresh_from_db()
    assert (thread.holder, thread.held_since) == held
    assert returns.needing_reason(submission) == needing_reason
    assert [remark.text for remark in returns.waiting(submission)] == asked == ["Please name the source."]
    seen = {other: submission.answers.get(indicator__code=other).revision}
    outcome = answering.save_answers(submission, {other: given(level=1)}, by=focal, seen=seen)
    assert list(outcome.problems) == [other]  # not marked: it needs a reason, as before
    [item] = next_step.next_steps(Submission.objects.filter(pk=submission.pk))
    assert "Two things are missing." in item.sentence
    assert submission.transitions.giving_back()[0].step == "return_for_changes"


def test_a_question_that_the_country_had_answered_still_waits_for_the_secretariat(focal):
    submission = submission_at(State.RETURNED)
    [thread] = Thread.objects.filter(answer__submission=submission)
    discussion.reply(thread, "It is the harbour register.", by=focal)
    workflow.submit(submission, by=focal, **DECLARATION)
    workflow.recall(submission, by=focal)
    thread.refresh_from_db()
    assert thread.holder == Side.SECRETARIAT


def test_a_recall_that_could_only_lose_is_refused(focal, sign_in):
    submission = submission_at(State.SUBMITTED)
    cycle = submission.cycle
    client = sign_in(focal)
    for day, outcome in ((cycle.closes, ""), (cycle.closes + timedelta(days=1), "it can extend the dates")):
        with clock.at(datetime.combine(day, time(12), cycle.zone)):
            assert outcome in workflow.obstacle(again(submission), "recall")
            shown = client.get(reverse("submission", args=[submission.pk])).content.decode()
            assert (reverse("submission_recall", args=[submission.pk]) in shown) == (not outcome)
            response = client.get(reverse("submission_recall", args=[submission.pk]))
            assert response.status_code == (409 if outcome else 200)
    afterwards = datetime.combine(cycle.closes + timedelta(days=1), time(12), cycle.zone)
    with clock.at(afterwards), pytest.raises(NotNow, match="could not be submitted again today"):
        workflow.recall(submission, by=focal)
    assert again(submission).state == State.SUBMITTED


def test_the_page_says_which_state_it_will_be(focal, officer, sign_in):
    client = sign_in(focal)
    submission = travelled("submit", "return", "submit", focal=focal, officer=officer)
    assert "is returned to you again" in client.get(reverse("submission_recall", args=[submission.pk])).content.decode()
    response = client.post(reverse("submission_recall", args=[submission.pk]), follow=True)
    assert "as they were returned" in response.content.decode()
    assert Transition.objects.filter(step="recall", target=State.RETURNED).count() == 1
    assert a_focal(submission.country) == focal
