"""Reminders: 30, 7 and 1 days before a deadline, after it, of contributors' parts and of questions; each once."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import call_command

from scoreboard import clock, contributors
from scoreboard.cycles import calendar, reminders
from scoreboard.models import Indicator, Mail, State, User
from scoreboard.submissions import workflow
from scoreboard.threads import discussion
from tests.factories import DECLARATION, HARBOUR, a_cycle, a_focal, an_edition, fill, given, submission_at

pytestmark = pytest.mark.django_db

OPENS, DEADLINE, CLOSES = date(2026, 3, 1), date(2026, 5, 1), date(2026, 6, 1)
EVENTS = ("deadline_near", "overdue", "remind ", "reply ", "late ")


@pytest.fixture
def draft(malta, focal):
    an_edition(HARBOUR)
    with on(OPENS):
        cycle = a_cycle([malta], opens=OPENS, deadline=DEADLINE, closes=CLOSES)
    return cycle.submissions.get()


def on(day):
    return clock.at(datetime.combine(day, time(12)).astimezone())


def sent():
    """The reminders written so far, the oldest first."""
    return [m.event for m in Mail.objects.order_by("pk") if m.event.startswith(EVENTS)]


def every_day(first, last):
    day = first
    while day <= last:
        with on(day):
            reminders.send()
        day += timedelta(days=1)


def test_each_is_sent_once_on_its_day(draft, focal):
    every_day(OPENS, DEADLINE - timedelta(days=31))
    assert sent() == []
    every_day(DEADLINE - timedelta(days=30), CLOSES + timedelta(days=5))
    assert sent() == [
        "deadline_near 30 2026-05-01",
        "deadline_near 7 2026-05-01",
        "deadline_near 1 2026-05-01",
        "overdue 2026-05-01",
    ]
    first, *_others, overdue = Mail.objects.filter(event__regex="deadline|overdue").order_by("pk")
    assert first.to == focal
    assert first.subject == "Scoreboard 2026: 30 days until the deadline of Malta"
    assert "7 indicators are not answered yet." in first.body
    assert "You can still submit them until the end of 1 June 2026." in overdue.body


def test_a_day_without_the_timer_is_made_up_for(draft):
    with on(DEADLINE - timedelta(days=5)):
        reminders.send()
    assert sent() == ["deadline_near 7 2026-05-01"]


def test_what_is_submitted_is_left_alone(draft, focal):
    with on(OPENS):
        fill(draft)
        workflow.submit(draft, by=focal, **DECLARATION)
    every_day(DEADLINE - timedelta(days=31), DEADLINE + timedelta(days=3))
    assert sent() == []


def test_an_extension_has_reminders_of_its_own(draft, officer):
    with on(DEADLINE - timedelta(days=7)):
        reminders.send()
        calendar.extend(draft, to=DEADLINE + timedelta(days=14), reason="Elections.", by=officer)
    every_day(DEADLINE - timedelta(days=6), DEADLINE + timedelta(days=8))
    assert sent() == [
        "deadline_near 7 2026-05-01",
        "deadline_near 30 2026-05-15",
        "deadline_near 7 2026-05-15",
    ]


def test_a_cycle_opened_late_begins_with_what_is_still_ahead(malta, focal):
    an_edition(HARBOUR)
    opened = DEADLINE - timedelta(days=10)
    with on(opened):
        a_cycle([malta], opens=opened, deadline=DEADLINE, closes=CLOSES)
    every_day(opened, DEADLINE)
    assert sent() == ["deadline_near 7 2026-05-01", "deadline_near 1 2026-05-01"]


def test_contributors_are_reminded_of_what_waits(draft, focal):
    until = OPENS + timedelta(days=20)
    indicators = list(Indicator.objects.filter(edition=draft.cycle.edition, area__code="P"))
    ask = {"name": "Ana", "indicators": indicators, "until": until, "by": focal}
    with on(OPENS + timedelta(days=1)):
        part = contributors.involve(draft, email="ana@ministry.example", **ask)
        done = contributors.involve(draft, email="ben@ministry.example", **ask | {"indicators": indicators[:1]})
        contributors.suggest(done, "P1", given(level=1), by=done.person)
    every_day(OPENS, until + timedelta(days=2))
    assert sent() == ["remind 2026-03-21"]
    mail = Mail.objects.get(event="remind 2026-03-21")
    assert mail.to == part.person
    assert "3 indicators of your part" in mail.body
    part.refresh_from_db()
    assert part.reminded_at.date() == until - timedelta(days=3)


def test_who_holds_a_question_is_reminded_before_and_after_its_day(malta, officer):
    an_edition(HARBOUR)
    with on(OPENS):
        submission = submission_at(
            State.SUBMITTED, malta, a_cycle([malta], opens=OPENS, deadline=DEADLINE, closes=CLOSES)
        )
        asked = discussion.open_thread(submission, "P1", "Why?", shared=True, by=officer, due=OPENS + timedelta(days=9))
        note = discussion.open_thread(submission, "P2", "Ask.", shared=False, by=officer, due=OPENS + timedelta(days=2))
        replied = discussion.open_thread(
            submission, "P2", "So?", shared=True, by=officer, due=OPENS + timedelta(days=9)
        )
    every_day(OPENS, OPENS + timedelta(days=10))
    with on(OPENS + timedelta(days=11)):
        discussion.reply(replied, "So.", by=a_focal(malta))  # late: nobody chides the officer, whom it reaches now
    every_day(OPENS + timedelta(days=11), OPENS + timedelta(days=20))
    assert sent() == [
        f"late {note.pk} secretariat 2026-03-03",
        f"reply {asked.pk} country 2026-03-10",
        f"reply {replied.pk} country 2026-03-10",
        f"late {asked.pk} country 2026-03-10",
        f"late {replied.pk} country 2026-03-10",
    ]
    before, after = Mail.objects.filter(event__contains=f" {asked.pk} country").order_by("pk")
    assert "Why?" in before.body
    assert "by the end of 10 March 2026" in before.body
    assert f"/submissions/{submission.pk}/areas/P/#iP1\n" in after.body
    assert "is overdue" in after.subject
    assert f"/review/{submission.pk}/areas/P/#reading-P2\n" in Mail.objects.get(event__contains=f" {note.pk} ").body


def test_a_mail_is_in_the_language_of_who_gets_it(draft, focal, sign_in, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    client = sign_in(focal)
    client.post("/accounts/language/", {"language": "xx"})
    assert User.objects.get(pk=focal.pk).language == ""
    client.post("/accounts/language/", {"language": "fr"})
    with on(DEADLINE - timedelta(days=7)):
        reminders.send()
    assert "1 mai 2026" in Mail.objects.get(event__startswith="deadline_near").body


def test_the_command_says_how_many(draft, capsys):
    with on(DEADLINE - timedelta(days=7)):
        call_command("send_reminders")
        call_command("send_reminders")
    assert capsys.readouterr().out == "1 reminded.\n0 reminded.\n"


def test_a_returned_submission_has_no_deadline_reminder(malta, focal):
    an_edition(HARBOUR)
    returned = submission_at(State.RETURNED)
    with on(returned.cycle.deadline - timedelta(days=1)):
        reminders.send()
    assert sent() == []
