"""The schedule of a cycle's reminders, and sending each once: of a deadline, a reply, a contributor's last day."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import activity, clock, contributors, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import (
    Answer,
    Assignment,
    Cycle,
    Mail,
    Membership,
    Reminder,
    Role,
    State,
    Submission,
    Thread,
    User,
)
from scoreboard.models.reminders import REACH
from scoreboard.submissions import completeness
from scoreboard.text import alphabetical
from scoreboard.threads import discussion

About = Reminder.About

# The schedule of a cycle until an officer changes it: what a reminder is about, and how many days after the date.
USUAL = [
    *((About.DEADLINE, days) for days in (-30, -7, -1, 1)),
    *((About.QUESTION, days) for days in (-3, 1)),
]
DAYS_BEFORE_PART = 3  # a contributor's last day


def send() -> int:
    """Write the reminders that are due and were not written yet; return how many were due.

    A missed day is made up for on the next one; a reminder due on the day of the opening mail is left out.
    """
    planned: dict[int, list[Reminder]] = {}
    for cycle in Cycle.objects.filter(opened_at__isnull=False):
        planned[cycle.pk] = schedule(cycle)
    deadlines = {pk: [one for one in found if one.about == About.DEADLINE] for pk, found in planned.items()}
    questions = {pk: [one for one in found if one.about == About.QUESTION] for pk, found in planned.items()}
    reminded = [_remind_of_deadline(one, deadlines[one.cycle_id]) for one in _to_answer()]
    reminded += [_remind_of_part(part) for part in _parts()]
    reminded += [_remind_of_reply(one, questions[one.answer.submission.cycle_id]) for one in _questions()]
    return sum(reminded)


def _to_answer() -> QuerySet[Submission]:
    """Return the submissions of opened cycles that countries can write."""
    states = [State.DRAFT, State.RETURNED]
    found = Submission.objects.taking_part().filter(
        state__in=states, cycle__opened_at__isnull=False, declined_at__isnull=True
    )
    return found.select_related("cycle__edition", "country")


def schedule(cycle: Cycle) -> list[Reminder]:
    """Return the reminders of a cycle, by their day: its own ones, or the usual ones if nobody changed them.

    An earlier round has none.
    """
    if cycle.is_earlier_round:
        return []
    if not cycle.own_reminders:
        return [Reminder(cycle=cycle, about=about, days=days) for about, days in USUAL]
    return list(cycle.reminders.order_by("about", "days", "to"))


@transaction.atomic
def add(cycle: Cycle, *, about: str, days: int, to: str, by: User) -> Reminder:
    """Add a reminder to a cycle's schedule: `days` after the date, before it if below zero.

    Raises PermissionDenied, Invalid for one that is there already or further than a year from the date.
    """
    cycle = _own(cycle, by)
    reminder = Reminder(cycle=cycle, about=about, days=days, to=to)
    try:
        reminder.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    reminder.save()
    activity.record(Verb.ADD_REMINDER, by=by, cycle=cycle, detail=f"{about} {days} {to}")
    return reminder


@transaction.atomic
def remove(cycle: Cycle, *, about: str, days: int, to: str, by: User) -> None:
    """Take a reminder out of a cycle's schedule; repeating it is harmless. Raises PermissionDenied."""
    cycle = _own(cycle, by)
    if cycle.reminders.filter(about=about, days=days, to=to).delete()[0]:
        activity.record(Verb.REMOVE_REMINDER, by=by, cycle=cycle, detail=f"{about} {days} {to}")


def _own(cycle: Cycle, by: User) -> Cycle:
    """Lock the cycle and give it a schedule of its own, first the usual one."""
    rules.require(by, "manage_cycles")
    cycle = Cycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    if cycle.is_earlier_round:
        raise NotNow(_("This is an earlier round: nobody is reminded of anything."))
    if not cycle.own_reminders:
        Reminder.objects.bulk_create(schedule(cycle))
        cycle.own_reminders = True
        cycle.save(update_fields=["own_reminders"])
    return cycle


@dataclass(frozen=True)
class Entry:
    """A reminder of the schedule as officers read it, and whom it would go to if it were sent today."""

    reminder: Reminder
    when: str
    on: date | None  # None for a question, whose day is its own
    countries: list[tuple[Submission, list[User]]]
    mail: Mail | None  # as the first of them would get it on that day

    @property
    def people(self) -> int:
        """How many people would get it."""
        return sum(len(people) for _submission, people in self.countries)


def preview(cycle: Cycle) -> list[Entry]:
    """Return the schedule with each reminder's readers of today, in a constant number of queries."""
    submissions = sorted(_to_answer().filter(cycle=cycle), key=lambda one: alphabetical(one.country))
    begun = set(Answer.objects.filter(submission__in=submissions).values_list("submission", flat=True))
    people: dict[int, list[User]] = defaultdict(list)
    countries = [one.country_id for one in submissions]
    held = Membership.objects.in_force().filter(role=Role.FOCAL, country__in=countries, person__is_active=True)
    for membership in held.select_related("person").order_by("person__name"):
        people[membership.country_id or 0].append(membership.person)
    entries = []
    for one in schedule(cycle):
        on = cycle.deadline + timedelta(days=one.days) if one.about == About.DEADLINE else None
        reached = [(it, people[it.country_id]) for it in submissions if on and _is_meant(it, one.to, it.pk in begun)]
        entries.append(Entry(one, _when(one), on, reached, _first_mail(one, reached)))
    return entries


def _first_mail(reminder: Reminder, reached: list[tuple[Submission, list[User]]]) -> Mail | None:
    """Return a mail as it would be on its day, by writing it and rolling back; None if nobody would get one."""
    found, people = next(((submission, people) for submission, people in reached if people), (None, []))
    if found is None:
        return None
    day = datetime.combine(found.due + timedelta(days=reminder.days), time(12), found.cycle.zone)
    with transaction.atomic(), clock.at(day):
        named = _name_of_deadline(reminder, found.due)
        mail = next(chain.from_iterable(_write_deadline(found, *named, to=[person]) for person in people), None)
        transaction.set_rollback(True)
    return mail


def _when(reminder: Reminder) -> str:
    days = abs(reminder.days)
    if reminder.about == About.DEADLINE:
        if reminder.days == 0:
            return _("On the day of the deadline")
        if reminder.days < 0:
            return ngettext("%(n)d day before the deadline", "%(n)d days before the deadline", days) % {"n": days}
        return ngettext("%(n)d day after the deadline", "%(n)d days after the deadline", days) % {"n": days}
    if reminder.days == 0:
        return _("On the day by which a question should be answered")
    if reminder.days < 0:
        return ngettext("%(n)d day before a reply is due", "%(n)d days before a reply is due", days) % {"n": days}
    return ngettext("%(n)d day after a reply was due", "%(n)d days after a reply was due", days) % {"n": days}


def _is_meant(submission: Submission, to: str, begun: bool) -> bool:
    """Whether the condition of a reminder holds for a submission that can still be written."""
    if submission.state == State.RETURNED:  # a return has no deadline but the closing
        return False
    return to == Reminder.To.ALL or begun == (to == Reminder.To.STARTED)


def _remind_of_deadline(submission: Submission, planned: list[Reminder]) -> bool:
    """Remind a country of its deadline, in time or after it, by the last of the planned days that has come."""
    cycle, due = submission.cycle, submission.due
    if not submission.is_open:
        return False
    left = (due - cycle.day()).days
    begun = submission.answers.exists()
    come = [one for one in planned if one.days <= -left and _is_meant(submission, one.to, begun)]
    if not come:
        return False
    latest = max(come, key=lambda one: one.days)
    if due + timedelta(days=latest.days) <= cycle.day(cycle.opened_at):
        return False
    return _remind_once(submission, *_name_of_deadline(latest, due))


def _name_of_deadline(reminder: Reminder, due: date) -> tuple[str, str]:
    """Return the event of a reminder and its name in the log, where the usual ones have the names of old."""
    condition = "" if reminder.to == Reminder.To.ALL else f" {reminder.to}"
    if reminder.days > 0:
        days = "" if reminder.days == 1 else f"{reminder.days} "
        return "overdue", f"overdue {days}{due}{condition}"
    return "deadline_near", f"deadline_near {-reminder.days} {due}{condition}"


@transaction.atomic
def _remind_once(submission: Submission, event: str, log: str) -> bool:
    locking.lock(submission)  # so that a second process sees the mail of the first
    if Mail.objects.filter(submission=submission, event=log).exists():
        return False
    _write_deadline(submission, event, log)
    return True


def _write_deadline(submission: Submission, event: str, log: str, to: Collection[User] | None = None) -> list[Mail]:
    left = (submission.due - submission.cycle.day()).days
    missing = len(completeness.gaps(submission))
    return notifications.notify(event, submission, by=None, log=log, once=log, to=to, days=left, missing=missing)


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
    soon = clock.today() + timedelta(days=REACH + 1)  # some time zone may be a day ahead
    found = Thread.objects.filter(closed_at=None, due__lte=soon, answer__submission__cycle__opened_at__isnull=False)
    found = found.filter(answer__submission__left_at__isnull=True)
    return found.select_related(
        "answer__indicator__area", "answer__submission__cycle__edition", "answer__submission__country"
    )


@transaction.atomic
def _remind_of_reply(thread: Thread, planned: list[Reminder]) -> bool:
    """Remind the side that a question waits for, before or after its due date; not if it got the question later."""
    submission = thread.answer.submission
    cycle, due = submission.cycle, thread.due
    if due is None:
        return False
    left, held_since = (due - cycle.day()).days, cycle.day(thread.held_since)
    come = [one.days for one in planned if one.days <= -left]
    if not come or held_since >= due + timedelta(days=min(max(come), 0)):
        return False
    locking.lock(submission)
    log = _name_of_reply(thread, max(come))
    if Mail.objects.filter(submission=submission, event=log).exists():
        return False
    link = settings.SITE_URL + discussion.anchor(thread, side=thread.holder)
    last = thread.remarks.order_by("at", "pk").last()
    context = {"days": left, "thread": thread, "indicator": thread.answer.indicator, "link": link}
    notifications.notify(
        f"thread_due_{thread.holder}",
        submission,
        by=None,
        comment=last.text if last else "",
        log=log,
        once=log,
        **context,
    )
    return True


def _name_of_reply(thread: Thread, days: int) -> str:
    """Return the name of a reminder in the log; those of the usual days are called as they always were."""
    if days in (-3, 1):
        return f"{'reply' if days < 0 else 'late'} {thread.pk} {thread.holder} {thread.due}"
    return f"reply {days} {thread.pk} {thread.holder} {thread.due}"
