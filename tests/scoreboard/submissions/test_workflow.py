"""The steps of a submission: what each keeps, tells and refuses."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import outbox
from scoreboard.models import Mail, Remark, Role, State, Submission, Transition, Version
from scoreboard.submissions import claims, completeness, returns, versions, workflow
from tests.factories import (
    DECLARATION,
    a_cycle,
    a_focal,
    a_person,
    entered,
    fill,
    given,
    submission_at,
)

pytestmark = pytest.mark.usefixtures("harbour")


def again(submission):
    return Submission.objects.get(pk=submission.pk)


def noon(cycle, day):
    return clock.at(datetime.combine(day, time(12), cycle.zone))


def test_submitting_keeps_every_answer_with_its_texts(focal):
    submission = submission_at(State.DRAFT)
    fill(submission, iP1=given(level=5, comment="As measured."))
    step = workflow.submit(submission, by=focal, declared_by=" Dr. A. Person ", capacity="Head of unit")
    version = Version.objects.get(submission=submission)
    assert (step.version, step.by, step.source, step.target) == (version, focal, "draft", "submitted")
    assert (version.number, version.declared_by, version.capacity) == (1, "Dr. A. Person", "Head of unit")
    first, *rest = version.answers
    indicator = submission.cycle.edition.all_indicators[0]
    assert first == {
        "area": "P",
        "code": "P1",
        "title": indicator.title.data,
        "kind": "level",
        "level": 5,
        "level_text": indicator.ladder[-1].text.data,
        "reason": "",
        "comment": "As measured.",
        "comment_withheld": False,
        "figures": [],
        "figures_withheld": False,
        "next_step": "",
        "change_reason": "",
        "confirmed": False,
        "revision": 1,
        "evidence": [],
    }
    assert len(rest) == 6
    assert version.digest == versions.digest(version.answers)


def test_a_gap_keeps_it_from_going(focal):
    submission = submission_at(State.DRAFT)
    fill(submission, iP1=given("not_applicable"))
    assert [(gap.indicator.code, gap.sentence) for gap in completeness.gaps(submission)] == [
        ("P1", "Say why the indicator does not apply.")
    ]
    with pytest.raises(NotNow, match="1 indicator is not answered yet"):
        workflow.submit(submission, by=focal, **DECLARATION)
    assert again(submission).state == State.DRAFT


@pytest.mark.parametrize("missing", [{"declared_by": " "}, {"capacity": ""}])
def test_submitting_needs_the_declaration(focal, missing):
    submission = submission_at(State.DRAFT)
    fill(submission)
    with pytest.raises(Invalid, match="Say who submits and in what capacity"):
        workflow.submit(submission, by=focal, **(DECLARATION | missing))
    assert not Version.objects.exists()


def test_late_is_what_comes_first_after_the_due_date(focal, officer):
    submission = submission_at(State.DRAFT)
    fill(submission)
    with noon(submission.cycle, submission.due + timedelta(days=1)):
        workflow.submit(submission, by=focal, **DECLARATION)
        assert again(submission).late
        assert submission.versions.get().late
        workflow.recall(submission, by=focal)
    assert not again(submission).late


def test_in_time_stays_in_time_when_returned_over_the_deadline(focal):
    submission = submission_at(State.RETURNED)
    with noon(submission.cycle, submission.due + timedelta(days=1)):
        workflow.submit(submission, by=focal, **DECLARATION)
    assert not again(submission).late
    assert [version.late for version in submission.versions.all()] == [False, False]


def test_an_extension_moves_deadline_and_closing(focal, officer):
    submission = submission_at(State.DRAFT)
    fill(submission)
    to = submission.cycle.closes + timedelta(days=20)
    extended = calendar.extend(submission, to=to, reason=" Elections. ", by=officer)
    assert (extended.due, extended.last_day, extended.extension_reason) == (to, to, "Elections.")
    with noon(submission.cycle, to):
        workflow.submit(submission, by=focal, **DECLARATION)
    assert not again(submission).late
    entry = Transition.objects.get(step="extend")
    assert (entry.by, entry.comment, entry.source, entry.target) == (officer, "Elections.", "draft", "draft")


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [
        (10, "", "Give the reason"),
        (0, "Elections.", "Choose a day after"),
        (-5, "Elections.", "Choose a day after"),
    ],
)
def test_an_extension_that_gives_nothing_is_refused(officer, days, reason, sentence):
    submission = submission_at(State.DRAFT)
    with pytest.raises(Invalid, match=sentence):
        calendar.extend(submission, to=submission.due + timedelta(days=days), reason=reason, by=officer)
    assert again(submission).extended_to is None


def test_returning_gives_the_noted_reasons(officer, focal):
    submission = submission_at(State.SUBMITTED)
    returns.flag(submission, "P1", "First wording.", by=officer)
    returns.flag(submission, "P1", "Please name the source.", by=officer)
    returns.flag(submission, "Q1", "To be taken away again.", by=officer)
    assert returns.flag(submission, "Q1", "  ", by=officer) is None
    assert not Remark.objects.filter(shared=True).exists()
    step = workflow.return_for_changes(
        submission, by=officer, comment=" See the marks. ", version=submission.versions.count()
    )
    assert step.comment == "See the marks."
    found = [(r.answer.indicator.code, r.text, r.shared, r.transition) for r in returns.reasons(submission)]
    assert found == [("P1", "Please name the source.", True, step)]
    assert not returns.pending(submission).exists()


@pytest.mark.parametrize("comment", ["", "   "])
def test_a_return_needs_a_reason(officer, comment):
    submission = submission_at(State.SUBMITTED)
    with pytest.raises(Invalid, match="Give a reason"):
        workflow.return_for_changes(submission, by=officer, comment=comment, version=submission.versions.count())
    assert again(submission).state == State.SUBMITTED


def test_the_database_refuses_a_return_without_a_reason(officer):
    submission = submission_at(State.SUBMITTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transition.objects.create(
            submission=submission,
            step="return_for_changes",
            source="submitted",
            target="returned",
            by=officer,
            at=clock.now(),
            origin="page",
        )


@pytest.mark.parametrize("field", ["accepted_at", "submitted_at"])
def test_the_database_keeps_state_and_date_together(field):
    submission = submission_at(State.DRAFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(**{field: clock.now()})


def test_recall_ends_with_the_claim(focal, officer):
    submission = submission_at(State.SUBMITTED)
    claims.claim(submission, by=officer)
    with pytest.raises(NotNow, match="Officer has begun the review"):
        workflow.recall(submission, by=focal)
    claims.release(submission, by=officer)
    workflow.recall(submission, by=focal)
    assert again(submission).state == State.DRAFT
    assert [entry.step for entry in submission.transitions.all()] == ["submit", "claim", "release", "recall"]


def test_an_officer_enters_on_behalf_and_it_is_recorded(officer):
    submission = entered(submission_at(State.DRAFT))
    fill(submission, by=officer)
    step = workflow.submit(submission, by=officer, **DECLARATION)
    assert step.on_behalf
    assert {version.on_behalf for answer in submission.answers.all() for version in answer.versions.all()} == {True}


def test_accepting_drops_reasons_never_sent_and_reopening_keeps_the_version(officer):
    submission = submission_at(State.SUBMITTED)
    returns.flag(submission, "P1", "Never sent.", by=officer)
    workflow.accept(submission, by=officer, version=submission.versions.count())
    assert not Remark.objects.exists()
    accepted = again(submission)
    assert accepted.accepted_version == submission.versions.get()
    workflow.reopen(submission, by=officer, comment="An error was found.")
    reopened = again(submission)
    assert (reopened.state, reopened.accepted_at) == (State.RETURNED, None)
    assert reopened.accepted_version == accepted.accepted_version


def test_doing_it_twice_says_who_did_it(officer):
    submission = submission_at(State.SUBMITTED)
    workflow.accept(submission, by=officer, version=submission.versions.count())
    with pytest.raises(NotNow, match=r"Last step: Accepted by Officer on .* at \d\d:\d\d"):
        workflow.accept(submission, by=officer, version=submission.versions.count())
    assert submission.transitions.filter(step="accept").count() == 1


def test_a_wrong_role_hears_of_the_role_and_not_of_gaps(observer):
    with pytest.raises(PermissionDenied):
        workflow.submit(submission_at(State.DRAFT), by=observer, **DECLARATION)


def test_a_membership_that_has_ended_opens_nothing(malta):
    submission = submission_at(State.DRAFT)
    person = a_person(Role.FOCAL, malta, name="Gone")
    person.memberships.update(until=clock.now().date() - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        workflow.submit(submission, by=person, **DECLARATION)
    assert not Submission.objects.visible_to(person).exists()


MAILS = [
    # step, then who gets a mail with which subject
    (
        "submit",
        {
            "focal MT": "2026: the answers of Malta are submitted",
            "Officer": "Malta submitted: Scoreboard 2026",
        },
    ),
    ("recall", {"focal MT": "Malta recalled its answers", "Officer": "Malta recalled its answers"}),
    ("return", {"focal MT": "please look again at the answers of Malta"}),
    ("accept", {"focal MT": "the answers of Malta are accepted"}),
    ("reopen", {"focal MT": "the answers of Malta are open again"}),
    ("extend", {"focal MT": "Malta has more time"}),
]


@pytest.mark.parametrize(("step", "expected"), MAILS)
def test_each_step_mails_those_it_concerns(step, expected, officer):
    state = {"submit": "draft", "extend": "draft", "reopen": "accepted"}.get(step, "submitted")
    submission = submission_at(state)
    focal = a_focal(submission.country)
    if step == "submit":
        fill(submission)
    Mail.objects.all().delete()
    verbs = {
        "submit": lambda: workflow.submit(submission, by=focal, **DECLARATION),
        "recall": lambda: workflow.recall(submission, by=focal),
        "return": lambda: workflow.return_for_changes(
            submission, by=officer, comment="Mend\nline two", version=submission.versions.count()
        ),
        "accept": lambda: workflow.accept(submission, by=officer, version=submission.versions.count()),
        "reopen": lambda: workflow.reopen(submission, by=officer, comment="Mend\nline two"),
        "extend": lambda: calendar.extend(
            submission, to=submission.due + timedelta(days=9), reason="Mend\nline two", by=officer
        ),
    }
    verbs[step]()
    assert mail.outbox == []  # it is the worker that sends
    outbox.send_due()
    sent = {message.to[0]: message for message in mail.outbox}
    people = {person.name: person.email for person in (focal, officer)}
    assert set(sent) == {people[name] for name in expected}
    for name, subject in expected.items():
        message = sent[people[name]]
        assert subject in message.subject
        assert "/submissions/" in message.body or "/review/" in message.body
        assert ("Mend\nline two" in message.body) == (step in ("return", "reopen", "extend"))
    assert Mail.objects.filter(sent_at=None).count() == 0


def test_opening_a_cycle_writes_to_its_focal_points(malta, officer):
    focal = a_focal(malta)
    cycle = a_cycle([malta], opened=False)
    assert not Submission.objects.visible_to(focal).exists()
    calendar.open_cycle(cycle, by=officer)
    outbox.send_due()
    assert [message.to for message in mail.outbox] == [[focal.email]]
    assert Submission.objects.visible_to(focal).count() == 1
    with pytest.raises(NotNow, match="opened already"):
        calendar.open_cycle(cycle, by=officer)


def test_a_cycle_that_is_not_open_yet_has_nothing_to_extend(malta, officer):
    submission = a_cycle([malta], opened=False).submissions.get()
    with pytest.raises(NotNow, match="not open yet"):
        calendar.extend(submission, to=submission.due + timedelta(days=9), reason="Elections.", by=officer)
    assert not Mail.objects.exists()
