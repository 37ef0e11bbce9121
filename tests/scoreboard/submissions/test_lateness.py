"""What came late, over random calendars: the log's answer against a day-by-day computation, and the real road."""

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Cycle, DateChange, State, Submission, Transition
from scoreboard.submissions import lateness, workflow
from scoreboard.submissions.lateness import Moved
from tests.factories import DECLARATION, a_cycle, fill, submission_at

FIRST = date(2026, 3, 1)
ZONES = ["Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles", "UTC"]
DAYS = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
EVENTS = st.lists(st.sampled_from(["submit", "recall", "return", "deadline", "extension", "pass"]), max_size=14)


@st.composite
def stories(draw):
    """Events one after the other, hours apart, each with the day that a moved date gets (None ends an extension)."""
    moment = datetime.combine(FIRST + timedelta(days=draw(st.integers(0, 30))), time(draw(st.integers(0, 23))), UTC)
    told, state, came_from = [], "draft", "draft"
    for event in draw(EVENTS):
        moment += timedelta(hours=draw(st.integers(1, 150)))
        if event == "submit" and state in ("draft", "returned"):
            came_from, state = state, "submitted"
        elif event == "recall" and state == "submitted":
            state = came_from
        elif event == "return" and state == "submitted":
            state = "returned"
        elif event in ("submit", "recall", "return"):
            continue
        day = draw(DAYS) if event == "deadline" else draw(st.none() | DAYS)
        told.append((event, moment, state, day))
    return told


def naively(told, zone, deadline):
    """Go through the story hour by hour: whatever is in force at any hour since the filing counts."""
    filed = None
    for event, moment, state, _day in told:
        if event == "submit" and filed is None:
            filed = moment
        if event == "recall" and state == "draft":
            filed = None
    if filed is None:
        return None
    best, end = date.min, max(moment for _event, moment, _state, _day in told) + timedelta(hours=1)
    hour = filed
    while hour <= end:
        last, own = deadline, None
        for event, moment, _state, day in told:
            if moment <= hour and event == "deadline":
                last = day
            if moment <= hour and event == "extension":
                own = day
        best = max(best, last, own or last)
        hour += timedelta(hours=1)
    return filed.astimezone(zone).date() > best


@drawn(told=stories(), zone=st.sampled_from(ZONES).map(ZoneInfo), deadline=DAYS)
@settings(max_examples=300, deadline=None)
def test_late_is_what_no_date_since_the_filing_allowed(told, zone, deadline):
    steps = [(event, state, at) for event, at, state, _day in told if event in ("submit", "recall", "return")]
    last, own, moved = deadline, None, []
    for event, at, _state, day in told:
        if event == "deadline":
            moved.append(Moved(at, last))
            last = day
        if event == "extension":
            moved.append(Moved(at, own))
            own = day
    filed = lateness.filed_at(steps)
    found = None if filed is None else lateness.is_late(filed, filed.astimezone(zone).date(), [last, own], moved)
    assert found == naively(told, zone, deadline)


def again(submission):
    return Submission.objects.get(pk=submission.pk)


def came_late(submission):
    """What the log says, which the stored mark must repeat."""
    submission = again(submission)
    found = submission.pk in lateness.late(submission.cycle, [submission])
    assert submission.late == found
    return found


def on(cycle, days):
    """Noon of the day so many days after the deadline that the cycle began with."""
    return clock.at(datetime.combine(cycle.deadline + timedelta(days=days), time(12), cycle.zone))


def move(cycle, by, *, deadline=None, closes=None):
    """Move dates of the cycle as its form does."""
    cycle = Cycle.objects.get(pk=cycle.pk)
    cycle.deadline, cycle.closes = deadline or cycle.deadline, closes or cycle.closes
    return calendar.save_cycle(cycle, seen=cycle.revision, reason="Elections.", by=by)


@pytest.fixture
def filled(harbour, focal):
    submission = submission_at(State.DRAFT)
    fill(submission)
    return submission


def test_a_deadline_shortened_afterwards_makes_nothing_late(filled, focal, officer):
    cycle = filled.cycle
    with on(cycle, -10):
        workflow.submit(filled, by=focal, **DECLARATION)
        move(cycle, officer, deadline=cycle.deadline - timedelta(days=10))
    with on(cycle, -5):
        move(cycle, officer, deadline=cycle.deadline - timedelta(days=4))
        assert not came_late(filled)


def test_what_comes_after_a_shortened_deadline_is_late_until_it_is_moved_back(filled, focal, officer):
    cycle = filled.cycle
    with on(cycle, -20):
        move(cycle, officer, deadline=cycle.deadline - timedelta(days=15))
    with on(cycle, -10):
        workflow.submit(filled, by=focal, **DECLARATION)
        assert came_late(filled)
        move(cycle, officer, deadline=cycle.deadline - timedelta(days=10))
        assert not came_late(filled)
    with on(cycle, 1):
        assert not came_late(filled)
    assert filled.versions.get().late  # what the receipt said then


def test_an_extension_forgives_and_ending_it_takes_nothing_back(filled, focal, officer):
    cycle = filled.cycle
    with on(cycle, 2):
        workflow.submit(filled, by=focal, **DECLARATION)
        assert came_late(filled)
        calendar.extend(filled, to=cycle.deadline + timedelta(days=9), reason="Elections.", by=officer)
        assert not came_late(filled)
        calendar.correct_extension(filled, to=cycle.deadline + timedelta(days=3), reason="A slip.", by=officer)
        calendar.correct_extension(filled, to=None, reason="It was another country.", by=officer)
        assert not came_late(filled)
        assert again(filled).due == cycle.deadline


def test_an_extension_that_ended_before_the_filing_is_no_excuse(filled, focal, officer):
    cycle = filled.cycle
    calendar.extend(filled, to=cycle.deadline + timedelta(days=9), reason="Elections.", by=officer)
    calendar.correct_extension(filled, to=None, reason="A slip.", by=officer)
    with on(cycle, 2):
        workflow.submit(filled, by=focal, **DECLARATION)
    assert came_late(filled)


def test_a_recall_to_draft_gives_up_the_day_of_filing_and_a_recall_to_returned_does_not(filled, focal, officer):
    cycle = filled.cycle
    with on(cycle, -1):
        workflow.submit(filled, by=focal, **DECLARATION)
        workflow.return_for_changes(filled, by=officer, comment="Please correct it.", version=1)
    with on(cycle, 1):
        workflow.submit(filled, by=focal, **DECLARATION)
        workflow.recall(filled, by=focal)
        workflow.submit(filled, by=focal, **DECLARATION)
        assert not came_late(filled)


def test_recalled_to_draft_and_filed_again_after_the_deadline_is_late(filled, focal):
    cycle = filled.cycle
    with on(cycle, -1):
        workflow.submit(filled, by=focal, **DECLARATION)
        workflow.recall(filled, by=focal)
        assert not came_late(filled)
    with on(cycle, 1):
        workflow.submit(filled, by=focal, **DECLARATION)
    assert came_late(filled)


def test_the_update_gives_the_log_what_it_lacked(filled, greece, focal, officer):
    """A deadline shortened before moves were logged is inferred from the receipt that said in time."""
    cycle = filled.cycle
    calendar.change_participants(cycle, add=[greece], by=officer)
    extended = cycle.submissions.get(country=greece)
    to = cycle.deadline + timedelta(days=9)
    calendar.extend(extended, to=to, reason="Elections.", by=officer)
    with on(cycle, -10):
        workflow.submit(filled, by=focal, **DECLARATION)
    shortened = cycle.deadline - timedelta(days=15)
    Cycle.objects.update(deadline=shortened)
    Transition.objects.update(old_date=None, new_date=None)
    assert filled.pk in lateness.late(Cycle.objects.get(), [filled])
    import_module("scoreboard.migrations.0011_dates_from_receipts").forwards(apps, None)
    change = DateChange.objects.get()
    assert (change.name, change.old, change.new, change.by) == (
        "deadline",
        cycle.deadline - timedelta(days=10),
        shortened,
        None,
    )
    assert lateness.late(Cycle.objects.get(), [filled]) == set()
    assert Transition.objects.get(step="extend").new_date == to


def test_a_cycle_costs_two_queries_whatever_its_size(harbour, malta, greece, django_assert_num_queries):
    cycle = a_cycle([malta, greece])
    submissions = list(cycle.submissions.all())
    with django_assert_num_queries(2):
        assert lateness.late(cycle, submissions) == set()
