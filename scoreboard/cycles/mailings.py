"""Mails from an officer to several countries: reminders, announcements, extensions; each can be previewed."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from scoreboard import activity, locking, rehearsal, rules
from scoreboard.activity import Verb
from scoreboard.cycles import calendar
from scoreboard.errors import DomainError, Invalid, NotNow
from scoreboard.mail import contacts, notifications
from scoreboard.models import BouncingAddress, Cycle, Mail, Role, State, Submission, User
from scoreboard.submissions import completeness
from scoreboard.text import one_line, required, stripped


@dataclass(frozen=True)
class Letter:
    """What one country or group gets: its mails, or why it gets none."""

    submission: Submission | None  # None of a group, which has a `name`
    mails: list[Mail] = field(default_factory=list)
    refusal: str = ""
    name: str = ""

    def __str__(self) -> str:
        return self.name or str(self.submission and self.submission.country)


GROUPS = (Role.FOCAL, Role.OBSERVER, Role.ANALYST)  # of an announcement; the first are those of chosen countries


def preview(send: Callable[[], list[Letter]]) -> list[Letter]:
    """Return what `send` would write, by doing it and rolling back: the same mails to the same people."""
    with transaction.atomic():
        letters = send()
        transaction.set_rollback(True)
    return letters


@transaction.atomic
def remind(cycle: Cycle, submissions: Iterable[Submission], *, by: User, comment: str = "", token: str) -> list[Letter]:
    """Remind the focal points of countries that have not submitted, each with what is missing and until when.

    The others are refused one by one. `token` names this sending: the same one is sent only once. Raises
    PermissionDenied, NotNow for a token that was used, Invalid if nobody would get a mail.
    """
    once = _begin(cycle, "remind", token, by)
    letters = _require_readers([_remind(submission, by, stripped(comment), once) for submission in submissions])
    activity.record(Verb.REMIND, by=by, cycle=cycle, count=_count(letters))
    return letters


def _remind(submission: Submission, by: User, comment: str, once: str) -> Letter:
    submission = locking.lock(submission)
    if refusal := _no_reminder(submission):
        return Letter(submission, refusal=refusal)
    last = submission.due if submission.state == State.DRAFT and not submission.is_overdue else submission.last_day
    gaps = len(completeness.gaps(submission))
    mails = notifications.notify(
        "remind_country",
        submission,
        by=by,
        comment=comment,
        log="remind_country",
        once=once,
        last=last,
        days=(submission.due - submission.cycle.day()).days if submission.state == State.DRAFT else 0,
        missing=gaps,
        answered=submission.answers.exists(),
    )
    return _letter(submission, mails)


def _no_reminder(submission: Submission) -> str:
    """Return why a country is not reminded; empty if it is."""
    if submission.left_at:
        return _left()
    if submission.declined_at:
        return _("It said that it will not report this time.")
    if not submission.is_with_country:
        return _("Nothing is asked of it: %s.") % submission.get_state_display()
    return locking.refusal(submission)


def _left() -> str:
    return _("It left the cycle.")


@transaction.atomic
def announce(
    cycle: Cycle,
    submissions: Iterable[Submission],
    *,
    by: User,
    subject: str,
    comment: str,
    token: str,
    groups: Collection[str] = (Role.FOCAL,),
) -> list[Letter]:
    """Send a text to groups of GROUPS: the focal points of countries, all observers, all analysts.

    Countries that left the cycle are refused one by one. Somebody in several groups gets one mail as each. Raises as
    `remind` does, and Invalid without subject or text, and in the rehearsal for others than focal points, who are real
    there.
    """
    once = _begin(cycle, "announce", token, by)
    text = {
        "subject": one_line(required(subject, _("Give the mail a subject."))),
        "comment": required(comment, _("Write the text of the mail.")),
    }
    if rehearsal.is_on() and set(groups) != {Role.FOCAL}:
        raise Invalid(_("In the rehearsal only its focal points are written to."))
    to_countries = submissions if Role.FOCAL in groups else ()
    letters = _require_readers(
        [_to_country(submission, by, once, text) for submission in to_countries]
        + [_to_group(cycle, role, by, once, text) for role in GROUPS[1:] if role in groups]
    )
    activity.record(Verb.ANNOUNCE, by=by, cycle=cycle, count=_count(letters))
    return letters


def _to_country(submission: Submission, by: User, once: str, text: dict[str, Any]) -> Letter:
    """Write the text to a country's focal points, unless the cycle is none of theirs any more."""
    submission = locking.lock(submission)
    if submission.left_at:
        return Letter(submission, refusal=_left())
    return _letter(submission, notifications.notify("announce", submission, by=by, once=once, **text))


def _to_group(cycle: Cycle, role: Role, by: User, once: str, text: dict[str, str]) -> Letter:
    """Write the text to everybody who holds a role today."""
    contact = contacts.of_cycle(cycle)
    facts: dict[str, Any] = {
        "cycle": cycle,
        "by": by,
        "group": role,
        "reply_to": contact.address if contact else "",
        **text,
    }
    people = notifications.holders(role=role)
    mails = [notifications.notify_account(person, "announce_group", once=once, **facts) for person in people]
    name = {Role.OBSERVER: _("Observers"), Role.ANALYST: _("Analysts")}[role]
    return Letter(None, mails, "" if mails else _("Nobody holds this role today."), name)


def _count(letters: Iterable[Letter]) -> int:
    """Return how many mails there are."""
    return sum(len(letter.mails) for letter in letters)


@transaction.atomic
def extend(cycle: Cycle, submissions: Iterable[Submission], *, by: User, to: date, reason: str) -> list[Letter]:
    """Give countries until a later day, or correct the day that they were given, with one reason.

    A country whose last day cannot move there is refused by itself; one without a focal point is extended without a
    mail. Raises PermissionDenied, Invalid if no country can be extended.
    """
    rules.require(by, "send_mails")
    locking.lock_cycle(cycle)  # who moves the dates of all its countries waits, and neither for ever
    letters = [_extend(submission, by, to, reason) for submission in submissions]
    if all(letter.refusal for letter in letters):
        raise Invalid(_("Nothing was extended. %s") % " ".join(sorted({one.refusal for one in letters})))
    return letters


def _extend(submission: Submission, by: User, to: date, reason: str) -> Letter:
    verb = calendar.correct_extension if submission.extended_to else calendar.extend
    latest = Mail.objects.aggregate(last=Max("pk"))["last"] or 0
    try:
        with transaction.atomic():
            moved = verb(submission, to=to, reason=reason, by=by)
    except DomainError as problem:
        return Letter(submission, refusal=problem.sentence)
    return Letter(moved, list(Mail.objects.filter(submission=moved, pk__gt=latest).select_related("to")))


def _begin(cycle: Cycle, kind: str, token: str, by: User) -> str:
    """Check the role and that this sending is new, one at a time; return what its mails are marked with."""
    rules.require(by, "send_mails")
    cycle = locking.lock_cycle(cycle)
    if cycle.opened_at is None:
        raise NotNow(_("The cycle is not open yet: its countries do not see it."))
    if cycle.is_earlier_round:
        raise NotNow(_("This is an earlier round: it is over, and no country is asked for anything."))
    once = f"{kind} {token}"
    if Mail.objects.filter(Q(submission__cycle=cycle) | Q(submission=None), once=once).exists():
        raise NotNow(_("These mails are on their way already; they are not sent twice."))
    return once


def _letter(submission: Submission, mails: list[Mail]) -> Letter:
    if not mails:
        return Letter(submission, refusal=_("It has no focal point: nobody gets this mail."))
    return Letter(submission, mails)


def _require_readers(letters: list[Letter]) -> list[Letter]:
    """Raise Invalid if nobody would get a mail."""
    broken = unreachable(letters)
    if not any(address_of(mail) not in broken for letter in letters for mail in letter.mails):
        reasons = sorted({one.refusal for one in letters if one.refusal})
        reasons += [_("This address does not work: %s.") % address for address in sorted(broken)]
        raise Invalid(_("Nobody would get this mail. %s") % " ".join(reasons))
    return letters


def unreachable(letters: Iterable[Letter]) -> set[str]:
    """Return those addresses of the letters that an officer has noted as not working."""
    addresses = {address_of(mail) for letter in letters for mail in letter.mails}
    return set(BouncingAddress.objects.filter(address__in=addresses).values_list("address", flat=True))


def address_of(mail: Mail) -> str:
    """Return the address to which a mail goes, as addresses are compared."""
    return mail.to_address.lower()
