"""An officer's decision is about the version that was read: accepted or returned is that one or none."""

import pytest
from django.urls import reverse

from scoreboard.errors import Stale
from scoreboard.models import State, Submission, Transition
from scoreboard.submissions import answering, returns, workflow
from tests.factories import DECLARATION, given, submission_at

pytestmark = pytest.mark.usefixtures("harbour")


def again(submission):
    return Submission.objects.get(pk=submission.pk)


@pytest.fixture
def submitted():
    return submission_at(State.SUBMITTED)


def submit_anew(submission, focal, **change):
    """Recall, change the first answer, and submit as the next version."""
    workflow.recall(submission, by=focal)
    first = submission.cycle.edition.all_indicators[0].code
    seen = {first: submission.answers.get(indicator__code=first).revision}
    values = {first: given(**({"level": 1} | change))}
    assert not answering.save_answers(submission, values, by=focal, seen=seen).problems
    workflow.submit(submission, by=focal, **DECLARATION)
    return first


DECISIONS = {
    "accept": lambda submission, officer, version: workflow.accept(submission, by=officer, version=version),
    "return": lambda submission, officer, version: workflow.return_for_changes(
        submission, by=officer, comment="Please correct it.", version=version
    ),
}
REACHED = {"accept": State.ACCEPTED, "return": State.RETURNED}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_on_another_version_than_the_last_is_refused(decision, submitted, focal, officer):
    submit_anew(submitted, focal)
    for version in (0, 1, 3):
        with pytest.raises(Stale, match="version 2 was submitted since") as problem:
            DECISIONS[decision](submitted, officer, version)
        assert (problem.value.base, problem.value.current) == (version, 2)
    assert again(submitted).state == State.SUBMITTED
    assert not Transition.objects.filter(step__in=["accept", "return_for_changes"]).exists()
    DECISIONS[decision](submitted, officer, 2)
    assert again(submitted).state == REACHED[decision]


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_page_refuses_what_was_not_read_and_says_what_differs(decision, submitted, focal, officer, sign_in):
    desk = sign_in(officer)
    review, step = reverse("review_area", args=[submitted.pk, "P"]), reverse(f"review_{decision}", args=[submitted.pk])
    link = f"{step}?version=1"
    assert link in desk.get(review).content.decode()
    assert 'name="version" value="1"' in desk.get(link).content.decode()
    first = submit_anew(submitted, focal, level=1, comment="Counted anew.")
    for response in (desk.get(link), desk.post(step, {"version": "1", "comment": "Please correct it."})):
        shown = response.content.decode()
        assert response.status_code == 409
        assert "you read version 1, and version 2 was submitted since" in shown
        assert f"{review}#reading-{first}" in shown
        assert "level, comment" in shown
        assert "Counted anew." not in shown
    assert again(submitted).state == State.SUBMITTED
    assert f"{step}?version=2" in desk.get(review).content.decode()
    unsaid = desk.post(step, {"comment": "Please correct it."})  # a form that names no version asks again
    assert unsaid.status_code == 200
    assert again(submitted).state == State.SUBMITTED
    assert desk.post(step, {"version": "2", "comment": "Please correct it."}).status_code == 302
    assert again(submitted).state == REACHED[decision]


def test_a_mark_saved_meanwhile_does_not_pass_for_reading(submitted, focal, officer, sign_in):
    """The mark's answer refreshes the links to the steps: they still name the version of the page."""
    desk = sign_in(officer)
    first = submit_anew(submitted, focal)
    marked = desk.post(reverse("review_flag", args=[submitted.pk, first]), {"text": "Name the source.", "version": "1"})
    assert marked.url == f"{reverse('review_area', args=[submitted.pk, 'P'])}?version=1&at={first}#reading-{first}"
    shown = desk.get(marked.url).content.decode()
    assert f"{reverse('review_accept', args=[submitted.pk])}?version=1" in shown
    assert "You came from version 1; this is version 2" in shown
    assert [mark.text for mark in returns.pending(submitted)] == ["Name the source."]
