"""What waits for officers of the Secretariat, a row for each thing, and how the cycles stand."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import clock, phrases, rules, schedule
from scoreboard.cycles.board import DECLINED, NOT_STARTED
from scoreboard.mail import outbox
from scoreboard.models import Answer, Cycle, State, Submission, User
from scoreboard.people import addresses, directory
from scoreboard.phrases import READINGS, Reading
from scoreboard.todo import inbox
from scoreboard.todo.items import Item

ROWS = 20  # of each kind; one more row says how many there are besides
MAIL_PATIENCE = timedelta(minutes=15)  # an e-mail that waits longer is worth an officer's look
NEWS = 14  # days for which a change of address is shown on the home page


def more(kind: str | Promise, n: int, url: str, action: str) -> list[Item]:
    """Return the row for `n` further things of a kind; none where `n` is not above 0."""
    if n <= 0:
        return []
    title = ngettext("%(n)d more", "%(n)d more", n) % {"n": n}
    return [Item(kind, title, _("They have waited less long than those above."), url, action, "action")]


def review(user: User) -> list[Item]:
    """For officers: each submission that waits for review; those that a colleague reviews are good to know."""
    if not rules.may(user, "claim"):
        return []
    waiting = Submission.objects.visible_to(user).taking_part().filter(state=State.SUBMITTED)
    found = waiting.with_facts().select_related("cycle__edition", "country", "claimed_by", "approved_by")
    rows, queue = list(found.order_by("submitted_at", "pk")[:ROWS]), reverse("review_queue")
    if not rows:
        sentence = _("A submission appears here as soon as a country submits it.")
        return [Item(_("To review"), _("Nothing waits for review"), sentence, queue, _("Open the queue"))]
    more_rows = waiting.count() - len(rows) if len(rows) == ROWS else 0
    kind = READINGS[State.SUBMITTED][1].text
    several = len({submission.cycle_id for submission in rows}) > 1
    items = [_to_review(submission, user, several) for submission in rows]
    return items + more(kind, more_rows, queue, _("Open the queue"))


def _to_review(submission: Any, user: User, several: bool) -> Item:
    tone, action = "action", _("Review")
    if submission.approved_by_id == user.pk:
        tone, action, what = "waiting", _("Look"), _("You approved it; another officer confirms.")
    elif submission.approved_by:
        what = _("%s approved it; a second officer confirms.") % submission.approved_by
    elif submission.claimed_by_id == user.pk:
        what = _("Claimed by you.")
    elif submission.claimed_by:
        tone, action, what = "neutral", _("Look"), _("Claimed by %s.") % submission.claimed_by
    else:
        what = _("%(answered)d of %(asked)d answered, nobody has claimed it.") % {
            "answered": submission.answered,
            "asked": submission.asked,
        }
    return Item(
        READINGS[State.SUBMITTED][1].text,
        str(submission if several else submission.country),
        what,
        reverse("review", args=[submission.pk]),
        action,
        tone,
        since=submission.submitted_at,
        cycle=submission.cycle,
    )


def requests(user: User) -> list[Item]:
    """For officers: each request of a country or a newcomer."""
    found = inbox.waiting(user)
    rows = [
        Item(
            asked.kind,
            asked.title,
            f"{asked.brief}: “{Truncator(asked.reason).chars(50)}”".removeprefix(": "),
            asked.url,
            _("Decide"),
            "action",
            since=asked.at,
            cycle=asked.cycle,
        )
        for asked in found[:ROWS]
    ]
    return rows + more(_("Requests"), len(found) - ROWS, reverse("request_list"), _("Answer them"))


def overdue(user: User) -> list[Item]:
    """For officers: of each running cycle, how many countries are late."""
    if not rules.may(user, "send_mails"):
        return []
    late = Counter(Submission.objects.visible_to(user).overdue().values_list("cycle", flat=True))
    return [_overdue(cycle, late[cycle.pk]) for cycle in _running(user) if late[cycle.pk]]


def _overdue(cycle: Cycle, n: int) -> Item:
    return Item(
        _("Late"),
        ngettext("%(n)d country", "%(n)d countries", n) % {"n": n},
        _("%(cycle)s: not submitted; the deadline was %(day)s.")
        % {"cycle": cycle, "day": phrases.day(cycle.deadline, cycle)},
        reverse("cycle_board", args=[cycle.code]) + "?show=late",
        _("See them"),
        "late",
        since=datetime.combine(cycle.deadline + timedelta(days=1), time.min, cycle.zone),
        cycle=cycle,
    )


def people(user: User) -> list[Item]:
    """For officers: countries that nobody can report for, and whose address an administrator changed lately.

    Whoever reads the new address can write as that person.
    """
    items = []
    if rules.may(user, "invite") and (n := directory.without_focal_point().count()):
        items.append(
            Item(
                _("No focal point"),
                ngettext("%(n)d country", "%(n)d countries", n) % {"n": n},
                _("Nobody is, or is invited to be, its focal point."),
                reverse("people_countries") + "?without=focal",
                _("Invite"),
                "action",
            )
        )
    if rules.may(user, "see_people"):
        changes = addresses.changed_by_others(clock.now() - timedelta(days=NEWS)).order_by("at")
        if names := [str(change.person) for change in changes]:
            sentence = _("In the last two weeks an administrator changed the address of: %s.") % ", ".join(names)
            url = reverse("people_changes")
            items.append(Item(_("Addresses"), _("Addresses were changed"), sentence, url, _("See the changes")))
    return items


def portal(user: User) -> list[Item]:
    """For officers: whether the portal's worker runs, and what e-mails did not get through."""
    if not rules.may(user, "see_messages"):
        return []
    sign, failed, oldest = schedule.last_sign(), outbox.failed().count(), outbox.oldest_waiting()
    sentences, wrong = [], bool(failed)
    if failed:
        sentences.append(
            ngettext("%(n)d e-mail could not be delivered.", "%(n)d e-mails could not be delivered.", failed)
            % {"n": failed}
        )
    if not schedule.is_alive(sign):
        wrong = True
        sentences.append(
            _("The worker, which sends e-mails and makes PDFs, gave its last sign of life %s ago.") % timesince(sign)
            if sign
            else _("The worker, which sends e-mails and makes PDFs, has never run.")
        )
        sentences.append(_("Ask the operator to start it."))
    if oldest:
        wrong = wrong or clock.now() - oldest > MAIL_PATIENCE
        sentences.append(_("The oldest e-mail that is still to be sent has waited %s.") % timesince(oldest))
    sentence = " ".join(sentences) or _("The worker runs, and no e-mail waits to be sent.")
    url, action = reverse("message_list"), _("Look at the e-mails")
    return [Item(_("E-mails"), _("E-mails and the worker"), sentence, url, action, "late" if wrong else "neutral")]


@dataclass(frozen=True)
class Tally:
    """How many countries of a cycle are in one state, and where the board lists them."""

    reading: Reading
    n: int
    url: str
    before: int  # how many are in the states before, for drawing


@dataclass(frozen=True)
class Strip:
    """A running cycle in one strip: how much time is left, and how many countries are where."""

    cycle: Cycle
    url: str
    of: int
    tallies: list[Tally]


def strips(user: User) -> list[Strip]:
    """For officers and analysts: the cycles that are running or being prepared, in one query for all counts."""
    if not rules.may(user, "see_board"):
        return []
    running = _running(user)
    begun = Exists(Answer.objects.filter(submission=OuterRef("pk")))
    found = Submission.objects.visible_to(user).taking_part().filter(cycle__in=running).annotate(begun=begun)
    counts: Counter[tuple[int, str]] = Counter()
    for cycle, state, has_begun, declined in found.values_list("cycle", "state", "begun", "declined_at"):
        counts[cycle, _word(state, has_begun, declined)] += 1
    return [_strip(cycle, counts) for cycle in running]


# The states of the board that part its countries: the word of its tab, and how it reads.
PARTS: dict[str, Reading] = {
    State.ACCEPTED: READINGS[State.ACCEPTED][1],
    State.SUBMITTED: READINGS[State.SUBMITTED][1],
    State.RETURNED: READINGS[State.RETURNED][1],
    State.DRAFT: READINGS[State.DRAFT][1],
    "not_started": NOT_STARTED,
    "declined": DECLINED,
}


def _word(state: str, has_begun: bool, declined: object) -> str:
    if declined:
        return "declined"
    return "not_started" if state == State.DRAFT and not has_begun else state


def _strip(cycle: Cycle, counts: Counter[tuple[int, str]]) -> Strip:
    url = reverse("cycle_board", args=[cycle.code])
    return Strip(cycle, url, sum(counts[cycle.pk, word] for word in PARTS), list(_tallies(cycle, counts, url)))


def _tallies(cycle: Cycle, counts: Counter[tuple[int, str]], url: str) -> Iterator[Tally]:
    before = 0
    for word, reading in PARTS.items():
        if n := counts[cycle.pk, word]:
            yield Tally(reading, n, f"{url}?show={word}", before)
            before += n


def no_cycle(user: User) -> list[Item]:
    """For officers: that no cycle is running."""
    if not rules.may(user, "manage_cycles") or _running(user):
        return []
    sentence = _("Create one from an edition of the questionnaire: its countries and its dates.")
    return [Item(_("Cycles"), _("No cycle is running"), sentence, reverse("cycle_list"), _("Go to the cycles"))]


def _running(user: User) -> list[Cycle]:
    yesterday = clock.today() - timedelta(days=1)  # some time zone may still be in it
    found = Cycle.objects.visible_to(user).filter(closes__gte=yesterday)
    return [cycle for cycle in found if cycle.day() <= cycle.closes]
