"""Reminders, each sent once: of a deadline or a reply that is near or overdue, and of a contributor's last day."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from scoreboard import clock, contributors, locking
from scoreboard.mail import notifications
from scoreboard.models import Assignment, Mail, State, Submission, Thread
from scoreboard.submissions import completeness
from scoreboard.threads import discussion

DAYS_BEFORE = (30, 7, 1)  # a deadline
DAYS_BEFORE_PART = 3  # a contributor's last day
DAYS_BEFORE_REPLY = 3  # the day by which a question should be answered


def send() -> int:
    """Write the reminders that are due and were not written yet; return how many were due.

    A missed day is made up for on the next one; a reminder due on the day of the opening mail is left out.
    """
    reminded = [_remind_of_deadline(submission) for submission in _to_answer()]
    reminded += [_remind_of_part(part) for part in _parts()]
    reminded += [_remind_of_reply(thread) for thread in _questions()]
    return sum(reminded)


def _to_answer() -> QuerySet[Submission]:
    """Return the submissions of opened cycles that countries can write."""
    states = [State.DRAFT, State.RETURNED]
    found = Submission.objects.taking_part().filter(state__in=states, cycle__opened_at__isnull=False)
    return found.select_related("cycle__edition", "country")


def _remind_of_deadline(submission: Submission) -> bool:
    """Remind a country of its deadline, in time or after it."""
    cycle, due = submission.cycle, submission.due
    if not submission.is_open or submission.state == State.RETURNED:  # a return has no deadline but the closing
        return False
    left = (due - cycle.day()).days
    if left < 0:
        return _remind_once(submission, "overdue", f"overdue {due}")
    passed = [days for days in DAYS_BEFORE if days >= left]
    if not passed or due - timedelta(days=min(passed)) <= cycle.day(cycle.opened_at):
        return False
    return _remind_once(submission, "deadline_near", f"deadline_near {min(passed)} {due}")


@transaction.atomic
def _remind_once(submission: Submission, event: str, log: str) -> bool:
    locking.lock(submission)  # so that a second process sees the mail of the first
    if Mail.objects.filter(submission=submission, event=log).exists():
        return False
    left = (submission.due - submission.cycle.day()).days
    missing = len(completeness.gaps(submission))
    notifications.notify(event, submission, by=None, log=log, days=left, missing=missing)
    return True


def _parts() -> QuerySet[Assignment]:
    """Return the parts that end soon."""
    last = clock.today() + timedelta(days=DAYS_BEFORE_PART + 1)  # some time zone may be a day ahead
    found = Assignment.objects.in_force().filter(until__lte=last, submission__cycle__opened_at__isnull=False)
    found = found.filter(submission__left_at__isnull=True)
    return found.select_related("submission__cycle", "person")


@transaction.atomic
def _remind_of_part(part: Assignment) -> bool:
    """Remind a contributor of the indicators without a suggestion of theirs."""
    locking.lock(part.submission)
    log = f"remind {part.until}"
    if not part.submission.is_with_country or not part.submission.is_open or not contributors.waiting_for(part):
        return False
    cycle, first = part.submission.cycle, part.until - timedelta(days=DAYS_BEFORE_PART)
    if not cycle.day(part.invited_at) < first <= cycle.day():
        return False
    if Mail.objects.filter(submission=part.submission, to=part.person, event=log).exists():
        return False
    contributors.remind(part, by=None, log=log)
    return True


def _questions() -> QuerySet[Thread]:
    """Return the open questions whose reply is due soon or overdue."""
    soon = clock.today() + timedelta(days=DAYS_BEFORE_REPLY + 1)  # some time zone may be a day ahead
    found = Thread.objects.filter(closed_at=None, due__lte=soon, answer__submission__cycle__opened_at__isnull=False)
    found = found.filter(answer__submission__left_at__isnull=True)
    return found.select_related(
        "answer__indicator__area", "answer__submission__cycle__edition", "answer__submission__country"
    )


@transaction.atomic
def _remind_of_reply(thread: Thread) -> bool:
    """Remind the side that a question waits for, before or after its due date; not if it got the question later."""
    submission = thread.answer.submission
    cycle, due = submission.cycle, thread.due
    if due is None:
        return False
    left, held_since = (due - cycle.day()).days, cycle.day(thread.held_since)
    since = due - timedelta(days=DAYS_BEFORE_REPLY) if left >= 0 else due
    if left > DAYS_BEFORE_REPLY or held_since >= since:
        return False
    locking.lock(submission)
    log = f"{'reply' if left >= 0 else 'late'} {thread.pk} {thread.holder} {due}"
    if Mail.objects.filter(submission=submission, event=log).exists():
        return False
    link = settings.SITE_URL + discussion.anchor(thread, side=thread.holder)
    last = thread.remarks.order_by("at", "pk").last()
    context = {"days": left, "thread": thread, "indicator": thread.answer.indicator, "link": link}
    notifications.notify(
        f"thread_due_{thread.holder}", submission, by=None, comment=last.text if last else "", log=log, **context
    )
    return True
