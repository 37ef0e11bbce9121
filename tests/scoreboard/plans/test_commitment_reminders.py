"""Twice a year a country is reminded of open steps and overdue actions, and its home page names what is due."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Commitment, Mail, Membership
from scoreboard.plans import commitment_reminders
from scoreboard.plans import commitments as between
from scoreboard.submissions import workflow
from scoreboard.todo import plans as todo
from tests.factories import DECLARATION, a_country, a_cycle, a_focal, an_officer, fill, given
from tests.plans import a_plan, an_action

pytestmark = pytest.mark.django_db

SPRING = date(2028, 3, 1)


def noon(day):
    return clock.at(datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12))


@pytest.fixture
def promised(malta, harbour):
    """Malta's accepted answers of 2027, with two open steps, the day of one of which is over in spring."""
    with noon(date(2027, 6, 1)):
        submission = a_cycle([malta], code="2027").submissions.get()
        fill(
            submission,
            iP1=given(level=1, next_step="A secret plan.", next_step_by="2028-02-01"),
            iP2=given(level=1, next_step="B."),
        )
        workflow.submit(submission, by=a_focal(malta), **DECLARATION)
        workflow.accept(submission, by=an_officer(), version=1)
    return submission


def sent(day):
    """Let the worker do it on a day; return the log's names of the reminders that were written."""
    before = set(Mail.objects.values_list("pk", flat=True))
    with noon(day):
        commitment_reminders.send()
    return list(Mail.objects.exclude(pk__in=before).values_list("to__name", "event"))


def test_it_is_written_on_two_days_of_the_year_and_a_missed_one_is_made_up_for(promised):
    autumn = [("focal MT", "steps_open 2027-09-01")]
    assert [sent(day) for day in (date(2027, 8, 31), date(2027, 9, 20), date(2027, 9, 21))] == [[], autumn, []]
    assert [sent(day) for day in (date(2028, 2, 29), SPRING, SPRING)] == [
        [],
        [("focal MT", "steps_open 2028-03-01")],
        [],
    ]
    mail = Mail.objects.get(event="steps_open 2028-03-01")
    assert mail.subject == "Malta: 2 steps that it promised are still open"
    assert "The day of 1 has passed." in mail.body
    assert "/commitments/countries/mt/" in mail.body
    assert "secret" not in mail.body


def test_a_day_missed_for_too_long_is_left_out(promised):
    assert sent(SPRING + timedelta(days=31)) == []


def test_nobody_is_reminded_of_what_was_said_lately(promised, malta):
    step = Commitment.objects.get(indicator__code="P1")
    with noon(SPRING - timedelta(days=10)):
        between.report(step, status="partly", seen=0, by=a_focal(malta))
        between.report(Commitment.objects.get(indicator__code="P2"), status="done", seen=0, by=a_focal(malta))
    assert sent(SPRING) == []


def test_a_country_that_can_write_answers_now_is_asked_there(promised, malta):
    with noon(SPRING - timedelta(days=5)):
        a_cycle([malta], code="2028")
    assert sent(SPRING) == []


def test_not_who_left(promised, malta, officer):
    Membership.objects.filter(country=malta).update(until=SPRING - timedelta(days=1))
    assert sent(SPRING) == []


def test_not_of_a_cycle_that_the_country_left(promised, officer):
    with noon(date(2027, 7, 1)):
        calendar.leave(promised, reason="Another ministry.", by=officer)
    assert sent(SPRING) == []


def test_each_country_once(promised, harbour):
    greece = a_country("GR")
    with noon(date(2027, 6, 1)):
        other = a_cycle([greece], code="2027b").submissions.get()
        fill(other, iP1=given(level=1, next_step="Ours."))
        workflow.submit(other, by=a_focal(greece), **DECLARATION)
        workflow.accept(other, by=an_officer(), version=1)
    assert sorted(sent(SPRING)) == [("focal GR", "steps_open 2028-03-01"), ("focal MT", "steps_open 2028-03-01")]


def test_overdue_actions_are_in_the_mail_about_steps(promised, malta):
    with noon(date(2027, 6, 1)):
        an_action(a_plan(malta), "A secret action", ends=SPRING - timedelta(days=1))
        an_action(a_plan(malta, "Over", status="expired"), ends=SPRING - timedelta(days=1))
    assert sent(SPRING) == [("focal MT", "steps_open 2028-03-01")]
    mail = Mail.objects.get(event="steps_open 2028-03-01")
    assert "The last day of 1 action of Malta’s action plans has passed too." in mail.body
    assert "/plans/overdue/" in mail.body
    assert "secret" not in mail.body
    with noon(SPRING):  # the steps are done the same day: no second mail
        for step in Commitment.objects.all():
            between.report(step, status="done", seen=0, by=a_focal(malta))
    assert sent(SPRING + timedelta(days=1)) == []


def test_a_country_is_reminded_of_overdue_actions_alone(malta):
    with noon(date(2027, 6, 1)):
        plan = a_plan(malta)
        for ends in (SPRING - timedelta(days=1), SPRING - timedelta(days=400), SPRING, None):
            an_action(plan, "A secret action", ends=ends)
        an_action(a_plan(a_country("GR")), ends=SPRING)  # is not over yet
    assert [sent(day) for day in (SPRING, SPRING)] == [[("focal MT", "plan_overdue")], []]
    mail = Mail.objects.get(event="plan_overdue")
    assert mail.subject == "Malta: 2 actions of its action plans are overdue"
    assert "/plans/overdue/" in mail.body
    assert "secret" not in mail.body
    assert sorted(sent(date(2028, 9, 1))) == [("focal GR", "plan_overdue"), ("focal MT", "plan_overdue")]


def test_the_home_page_names_steps_that_are_due_or_overdue(promised, malta, focal, officer):
    def named(day):
        with noon(day):
            return [(one.sentence, one.tone, one.url) for one in todo.waiting(focal)]

    page = "/commitments/countries/mt/"
    assert named(date(2028, 1, 1)) == []
    soon = "1 promised step is due within 30 days: say what became of it."
    assert named(date(2028, 1, 2)) == [(soon, "action", page)] == named(date(2028, 2, 1))
    late = "1 promised step is overdue: say what became of it."
    assert named(date(2028, 2, 2)) == [(late, "late", page)]
    assert todo.waiting(officer) == []
    with noon(date(2028, 2, 2)):
        a_cycle([malta], code="2028")  # its answers ask about the step
    assert named(date(2028, 2, 3)) == []
