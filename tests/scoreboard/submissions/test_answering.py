"""Saving answers: what is written, left alone and refused, and that nothing valid is lost beside a fault."""

import pytest

from scoreboard import clock
from scoreboard.errors import Invalid, Stale
from scoreboard.models import Answer, AnswerVersion, Origin, State
from scoreboard.submissions import completeness
from scoreboard.submissions.answering import AnswerInput, save_answers
from scoreboard.text import MAX_TEXT
from tests.factories import HARBOUR, SCOREBOARD, a_cycle, a_person, an_edition, fill, given, submission_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(db):
    an_edition(HARBOUR)
    return submission_at(State.DRAFT)


def contents(submission):
    return {
        answer.indicator.code: (
            answer.kind,
            answer.level and answer.level.value,
            answer.comment,
            answer.revision,
        )
        for answer in submission.answers.all()
    }


def test_the_four_kinds_are_kept_apart(submission, focal):
    values = {
        "P1": given(level=1),
        "P2": given("not_applicable", reason="No ports."),
        "P3": given("unknown"),
        "Q1": given("", comment="Only a comment so far."),
    }
    outcome = save_answers(submission, values, by=focal, seen={})
    assert outcome.saved == ["P1", "P2", "P3", "Q1"]
    assert contents(submission) == {
        "P1": ("level", 1, "", 1),
        "P2": ("not_applicable", None, "", 1),
        "P3": ("unknown", None, "", 1),
        "Q1": ("", None, "Only a comment so far.", 1),
    }
    assert [gap.indicator.code for gap in completeness.gaps(submission)] == ["Q1", "Q2", "R1", "R2"]
    whole, areas = completeness.progress(submission)
    assert (whole.answered, whole.total) == (3, 7)
    assert {area.code: part.answered for area, part in areas} == {"P": 3, "Q": 0, "R": 0}


def test_every_version_is_kept_with_who_when_and_from_where(submission, focal):
    colleague = a_person("focal", submission.country, name="Colleague")
    save_answers(submission, {"P1": given(level=1, comment="one")}, by=focal, seen={})
    save_answers(submission, {"P1": given(level=2, comment="two")}, by=colleague, seen={"P1": 1}, origin=Origin.API)
    versions = AnswerVersion.objects.order_by("revision")
    assert [(v.revision, v.comment, v.level.value, v.by, v.origin) for v in versions] == [
        (1, "one", 1, focal, "page"),
        (2, "two", 2, colleague, "api"),
    ]


INVALID = [
    (AnswerInput("level", 99), "choose one of the levels"),
    (AnswerInput("level", None), "choose one of the levels"),
    (AnswerInput("perhaps"), "choose a level, not applicable or unknown"),
    (given(comment="x" * (MAX_TEXT + 1)), "shorten it to 20000"),
    (given(comment="nul\x00"), "cannot be stored"),
]


@pytest.mark.parametrize(("value", "sentence"), INVALID)
def test_one_invalid_answer_does_not_cost_the_valid_ones(submission, focal, value, sentence):
    outcome = save_answers(submission, {"P1": value, "P2": given(level=2)}, by=focal, seen={})
    assert outcome.saved == ["P2"]
    problem = outcome.problems["P1"]
    assert isinstance(problem, Invalid)
    assert sentence in problem.sentence
    assert problem.sentence.startswith("P1: ")
    assert set(contents(submission)) == {"P2"}


def test_an_indicator_of_another_edition_is_refused(submission, focal):
    an_edition(SCOREBOARD)
    outcome = save_answers(submission, {"17": given()}, by=focal, seen={})
    assert str(outcome.problems["17"]) == "There is no indicator 17 in this questionnaire."
    assert not Answer.objects.exists()


def test_a_stale_answer_is_refused_with_the_one_that_stands(submission, focal):
    colleague = a_person("focal", submission.country, name="Colleague")
    save_answers(submission, {"P1": given(level=1, comment="base")}, by=focal, seen={})
    save_answers(submission, {"P1": given(level=1, comment="theirs")}, by=colleague, seen={"P1": 1})
    outcome = save_answers(
        submission, {"P1": given(level=1, comment="mine"), "P2": given(level=3)}, by=focal, seen={"P1": 1}
    )
    assert outcome.saved == ["P2"]
    stale = outcome.problems["P1"]
    assert isinstance(stale, Stale)
    assert "Colleague changed this answer" in stale.sentence
    assert stale.current.comment == "theirs"
    assert contents(submission)["P1"] == ("level", 1, "theirs", 2)


def test_what_was_not_touched_does_not_collide(submission, focal):
    """A page of nine answers posts all nine; only what its reader changed may meet a colleague's change."""
    colleague = a_person("focal", submission.country, name="Colleague")
    save_answers(submission, {"P1": given(level=1)}, by=focal, seen={})
    save_answers(submission, {"P1": given(level=2), "P2": given(level=2)}, by=colleague, seen={"P1": 1})
    outcome = save_answers(submission, {"P1": given(level=1), "P2": AnswerInput()}, by=focal, seen={"P1": 1, "P2": 0})
    assert outcome.unchanged == ["P1", "P2"]
    assert contents(submission) == {"P1": ("level", 2, "", 2), "P2": ("level", 2, "", 1)}


def test_the_same_save_twice_is_one(submission, focal):
    for _time in range(2):
        save_answers(submission, {"P1": given(level=1)}, by=focal, seen={})
    assert AnswerVersion.objects.count() == 1


def test_after_a_return_other_answers_need_a_reason(focal):
    an_edition(HARBOUR)
    submission = submission_at(State.RETURNED)
    seen = dict(submission.answers.values_list("indicator__code", "revision"))
    values = {"P1": given(level=1), "P2": given(level=1)}
    outcome = save_answers(submission, values, by=focal, seen=seen)
    assert outcome.saved == ["P1"]
    assert "did not ask to change this answer" in outcome.problems["P2"].sentence
    outcome = save_answers(submission, {"P2": given(level=1, why="Found an error.")}, by=focal, seen=seen)
    assert outcome.saved == ["P2"]
    assert AnswerVersion.objects.latest("pk").why == "Found an error."


def test_text_of_any_script_comes_back_as_it_went(submission, focal):
    text = "مرحبا · Ελληνικά · עברית · 🦅\r\n=1+1 <script>alert(1)</script> \u202eabc"
    save_answers(submission, {"P1": given(level=1, comment=text)}, by=focal, seen={})
    assert submission.answers.get().comment == text.replace("\r\n", "\n")


def test_a_text_stored_before_it_was_tidied_is_no_change(focal):
    """Saving a returned submission as it was asks for no reason where only the line breaks of a form differ."""
    an_edition(HARBOUR)
    submission = submission_at(State.RETURNED)
    stored = submission.answers.get(indicator__code="P2")
    old = {"kind": stored.kind, "level": stored.level, "comment": "One.\r\nTwo. "}
    submission.answers.filter(pk=stored.pk).update(comment=old["comment"])
    again = given(level=stored.level.value, comment="One.\r\nTwo. ")
    outcome = save_answers(submission, {"P2": again}, by=focal, seen={"P2": stored.revision})
    assert (outcome.unchanged, outcome.problems) == (["P2"], {})


@pytest.mark.parametrize("path", [HARBOUR, SCOREBOARD])
def test_saving_costs_the_same_for_one_answer_as_for_all(path, focal, django_assert_num_queries):
    an_edition(path)
    submission = submission_at(State.DRAFT, focal.memberships.get().country)
    indicators = submission.cycle.edition.all_indicators
    for values in (indicators[:1], indicators[1:]):
        given_values = {i.code: given(level=i.ladder[0].value) for i in values}
        focal.__dict__.pop("current_memberships", None)
        with django_assert_num_queries(8):
            save_answers(submission, given_values, by=focal, seen={})


def test_changing_costs_the_same_for_one_answer_as_for_all(focal, django_assert_num_queries):
    an_edition(SCOREBOARD)
    submission = submission_at(State.DRAFT, focal.memberships.get().country)
    fill(submission)
    indicators = submission.cycle.edition.all_indicators
    for values in (indicators[:1], indicators[1:]):
        seen = {indicator.code: 1 for indicator in values}
        given_values = {i.code: given(level=i.ladder[0].value) for i in values}
        focal.__dict__.pop("current_memberships", None)
        with django_assert_num_queries(8):
            save_answers(submission, given_values, by=focal, seen=seen)


def test_the_clock_stamps_the_answer(submission, focal):
    moment = clock.now().replace(microsecond=0)
    with clock.at(moment):
        save_answers(submission, {"P1": given(level=1)}, by=focal, seen={})
    assert submission.answers.get().changed_at == moment


def test_progress_of_lists_and_of_pages_agree(focal):
    """Lists count in the database what pages count from gaps: one definition of answered."""
    an_edition(HARBOUR)
    cycle = a_cycle([focal.memberships.get().country])
    submission = cycle.submissions.get()
    values = {
        "P1": given(level=1),
        "P2": given("not_applicable"),
        "P3": given("not_applicable", reason="No."),
        "Q1": given("unknown"),
        "Q2": given("", comment="?"),
    }
    save_answers(submission, values, by=focal, seen={})
    listed = cycle.submissions.with_facts().get()
    assert listed.answered == completeness.progress(submission)[0].answered == 3
