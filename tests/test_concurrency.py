"""Two at once, on a real database each with its own connection: one does it, the other gets a sentence."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import IntegrityError, connection, transaction

from scoreboard import activity
from scoreboard.activity import Verb, sealing, verification
from scoreboard.errors import DomainError
from scoreboard.models import (
    ActivityEntry,
    AnswerVersion,
    Country,
    Mail,
    State,
    Submission,
    Transition,
    Version,
)
from scoreboard.submissions import answering, workflow
from tests.factories import (
    DECLARATION,
    HARBOUR,
    a_country,
    a_focal,
    a_person,
    an_edition,
    fill,
    given,
    submission_at,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Do all acts at the same moment in threads of their own; return results and errors in their order."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=10)
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def told_apart(outcomes):
    errors = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    return [outcome for outcome in outcomes if outcome not in errors], errors


def test_two_submit_at_once():
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    fill(submission)
    people = [a_focal(submission.country), a_person("focal", submission.country, name="Colleague")]
    Mail.objects.all().delete()
    done, refused = told_apart(
        at_once(*[lambda person=person: workflow.submit(submission, by=person, **DECLARATION) for person in people])
    )
    assert len(done) == len(refused) == 1
    assert refused[0].sentence.startswith("This is not possible now. Last step: Submitted by ")
    assert Transition.objects.count() == Version.objects.count() == 1
    assert Mail.objects.filter(event="submit").count() == 3  # two focal points, one officer
    assert Submission.objects.get().state == State.SUBMITTED


def test_two_officers_decide_at_once():
    an_edition(HARBOUR)
    submission = submission_at(State.SUBMITTED)
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    done, refused = told_apart(
        at_once(
            lambda: workflow.accept(submission, by=officers[0], version=submission.versions.count()),
            lambda: workflow.return_for_changes(
                submission, by=officers[1], comment="Please correct it.", version=submission.versions.count()
            ),
        )
    )
    assert len(done) == len(refused) == 1
    assert Transition.objects.exclude(step="submit").count() == 1


def test_two_save_one_answer_at_once():
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    people = [a_focal(submission.country), a_person("focal", submission.country, name="Colleague")]
    outcomes = at_once(
        *[
            lambda person=person, level=level: answering.save_answers(
                submission, {"P1": given(level=level)}, by=person, seen={}
            )
            for level, person in enumerate(people, start=1)
        ]
    )
    assert sorted(outcome.saved for outcome in outcomes) == [[], ["P1"]]
    assert [str(problem) for outcome in outcomes for problem in outcome.problems.values()] != []
    assert AnswerVersion.objects.count() == 1


def test_many_save_different_answers_at_once():
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    indicators = submission.cycle.edition.all_indicators
    people = [a_person("focal", submission.country, name=indicator.code) for indicator in indicators]
    outcomes = at_once(
        *[
            lambda person=person, code=indicator.code, level=indicator.ladder[0].value: answering.save_answers(
                submission, {code: given(level=level)}, by=person, seen={}
            )
            for person, indicator in zip(people, indicators, strict=True)
        ]
    )
    assert [outcome.problems for outcome in outcomes] == [{}] * len(indicators)
    assert submission.answers.count() == len(indicators)


def test_rows_are_read_on_while_another_holds_the_connection():
    """Behind a pooler a reader's next query may get another connection than the last one, where its cursor is not."""
    countries = [a_country(iso2) for iso2 in ("MT", "GR", "TN")]
    rows = Country.objects.order_by("pk").iterator(chunk_size=1)
    read, holds, read_on = [next(rows)], Event(), Event()

    def hold():
        with transaction.atomic():
            Country.objects.count()
            holds.set()
            read_on.wait(timeout=10)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        holds.wait(timeout=10)
        try:
            read += rows
        finally:
            read_on.set()
    assert read == countries


def test_two_workers_seal_the_activity_log_at_once():
    """One of them may be refused by the number of the block; nothing is sealed twice or left out."""
    an_edition(HARBOUR)
    fill(submission_at(State.DRAFT))

    def seal():
        try:
            return sealing.run()
        except IntegrityError:
            return 0

    for _n in range(3):
        activity.record(Verb.SIGN_IN, by=None)
        at_once(seal, seal)
    sealing.run()
    result = verification.check()
    assert result.problems == []
    assert result.entries == ActivityEntry.objects.count() == ActivityEntry.objects.exclude(block=None).count()
    assert not AnswerVersion.objects.filter(entry=None).exists()


def test_an_entry_that_is_committed_late_is_sealed_in_a_later_block():
    """Its number is lower than those already sealed, which no range of numbers would find."""
    begun, go_on = Event(), Event()

    def late():
        with transaction.atomic():
            activity.record(Verb.SIGN_IN, by=None, detail="late")
            begun.set()
            go_on.wait(timeout=10)

    def early():
        if connection.vendor == "sqlite":  # one writer at a time: nothing can come late
            go_on.set()
        begun.wait(timeout=10)
        activity.record(Verb.SIGN_IN, by=None, detail="early")
        sealing.run()
        go_on.set()

    at_once(late, early)
    sealing.run()
    assert verification.check().problems == []
    blocks = dict(ActivityEntry.objects.values_list("detail", "block__number"))
    assert blocks == ({"late": 1, "early": 1} if connection.vendor == "sqlite" else {"late": 2, "early": 1})
