"""Reminders: a deadline that comes near or has passed, and a contributor's last day; each is sent once."""

from datetime import timedelta

from django.db.models import QuerySet

from scoreboard import answering, clock, contributing, notifications
from scoreboard.models import Assignment, Mail, State, Submission

DAYS_BEFORE = (30, 7, 1)  # a deadline
DAYS_BEFORE_PART = 3  # a contributor's last day


def send() -> int:
    """Write the reminders that are due today and were not written yet; return how many submissions and parts had one.

    A day on which nobody ran it is made up for on the next; a reminder that the opening mail would have followed at
    once is left out.
    """
    return sum(_of_deadline(submission) for submission in _with_country()) + sum(_of_part(part) for part in _parts())


def _with_country() -> QuerySet[Submission]:
    """Return what countries have in hand in opened cycles."""
    states = [State.DRAFT, State.RETURNED]
    found = Submission.objects.filter(state__in=states, cycle__opened_at__isnull=False)
    return found.select_related("cycle__edition", "country")


def _of_deadline(submission: Submission) -> bool:
    """Remind a country of its deadline, in time or after it."""
    cycle, due = submission.cycle, submission.due
    if not submission.is_open or submission.state == State.RETURNED:  # a return has no deadline but the closing
        return False
    left = (due - cycle.day()).days
    if left < 0:
        return _once(submission, "overdue", f"overdue {due}")
    passed = [days for days in DAYS_BEFORE if days >= left]
    if not passed or due - timedelta(days=min(passed)) <= cycle.day(cycle.opened_at):
        return False
    return _once(submission, "deadline_near", f"deadline_near {min(passed)} {due}")


def _once(submission: Submission, event: str, log: str) -> bool:
    if Mail.objects.filter(submission=submission, event=log).exists():
        return False
    left = (submission.due - submission.cycle.day()).days
    missing = len(answering.gaps(submission))
    notifications.tell(event, submission, by=None, log=log, days=left, missing=missing)
    return True


def _parts() -> QuerySet[Assignment]:
    """Return the parts that end soon."""
    last = clock.now().date() + timedelta(days=DAYS_BEFORE_PART)
    found = Assignment.objects.in_force().filter(until__lte=last, submission__cycle__opened_at__isnull=False)
    return found.select_related("submission__cycle", "person")


def _of_part(part: Assignment) -> bool:
    """Remind a contributor of what still waits for them."""
    log = f"remind {part.until}"
    if not part.submission.pen_with_country or not part.submission.is_open or not contributing.waiting_for(part):
        return False
    if part.until - timedelta(days=DAYS_BEFORE_PART) <= part.invited_at.date():
        return False
    if Mail.objects.filter(submission=part.submission, to=part.person, event=log).exists():
        return False
    contributing.remind(part, by=None, log=log)
    return True
