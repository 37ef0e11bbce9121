"""What a person should do next, and what is good to know, as rows of the home page."""

from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import clock, contributors, phrases, rules
from scoreboard.enquiries import asking
from scoreboard.models import Assignment, Role, Side, State, Submission, Suggestion, Thread, User
from scoreboard.models.people import countries_of
from scoreboard.people import invitations
from scoreboard.threads import discussion
from scoreboard.todo import entered, learning, officers, plans, spaces, statements
from scoreboard.todo.items import Item
from scoreboard.todo.next_step import next_steps


def for_person(user: User) -> list[Item]:
    """Return what waits for `user` and what is good to know, in a constant number of queries."""
    return [
        *_invitations(user),
        *_own_countries(user),
        *entered.to_check(user),
        *_suggestions(user),
        *officers.review(user),
        *officers.requests(user),
        *officers.overdue(user),
        *officers.people(user),
        *_threads(user),
        *_enquiries(user),
        *statements.waiting(user),
        *spaces.waiting(user),
        *plans.waiting(user),
        *learning.waiting(user),
        *_parts(user),
        *statements.own(user),
        *spaces.own(user),
        *officers.no_cycle(user),
        *officers.portal(user),
    ]


def _own_countries(user: User) -> list[Item]:
    """For focal points: the next step of each submission of their countries."""
    if not (countries := countries_of(user)):
        return []
    yesterday = clock.today() - timedelta(days=1)  # some time zone may still be in it
    in_hand = Q(cycle__closes__gte=yesterday) | Q(extended_to__gte=yesterday) | Q(state=State.SUBMITTED)
    own = (
        Submission.objects.visible_to(user)
        .taking_part()
        .filter(in_hand, country__in=countries)
        .order_by("-cycle__opens", "pk")
    )
    return next_steps(own) or [
        Item(
            _("Cycles"),
            title=_("No cycle is open for your country"),
            sentence=_("You will get an e-mail when the Secretariat opens the next one."),
            url=reverse("submission_list"),
            action=_("See earlier submissions"),
        )
    ]


def _invitations(user: User) -> list[Item]:
    """For anybody: what they are invited to and have not answered."""
    n = invitations.count_unanswered(user)
    if not n:
        return []
    sentence = ngettext("%(n)d invitation waits for your answer.", "%(n)d invitations wait for your answer.", n) % {
        "n": n
    }
    url = reverse("invitation_list")
    return [Item(_("Invitation"), _("Invitations"), sentence, url, _("Accept or decline"), "action")]


def _suggestions(user: User) -> list[Item]:
    """For focal points: what contributors suggest and nobody has decided on."""
    if not (countries := countries_of(user)):
        return []
    mine = Submission.objects.visible_to(user).taking_part().filter(country__in=countries)
    mine = mine.select_related("cycle", "country")
    waiting = Suggestion.objects.filter(decision="", submission__in=mine).values_list("submission")
    found = {pk: (n, since) for pk, n, since in waiting.annotate(n=Count("pk"), since=Min("at")).order_by()}
    return [
        Item(
            _("Suggestions"),
            title=str(submission),
            sentence=ngettext("%(n)d suggestion to look at.", "%(n)d suggestions to look at.", n) % {"n": n},
            url=reverse("submission_suggestions", args=[submission.pk]),
            action=_("Look at them"),
            tone="action",
            since=since,
            cycle=submission.cycle,
        )
        for submission in mine.filter(pk__in=found)
        for n, since in [found[submission.pk]]
        if submission.is_with_country  # else nothing can be adopted
    ]


def _threads(user: User) -> list[Item]:
    """For both sides: each question on an answer that waits for them."""
    waiting, side = discussion.waiting_for(user), discussion.side_of(user)
    rows = list(waiting.prefetch_related("remarks")[: officers.ROWS])
    n = waiting.count() - len(rows) if len(rows) == officers.ROWS else 0
    more = officers.more(_("Question"), n, reverse("thread_list"), _("See the questions"))
    return [_thread(thread, side) for thread in rows] + more


def _thread(thread: Thread, side: Side) -> Item:
    submission, said = thread.answer.submission, list(thread.remarks.all())
    words = Truncator(said[-1].text).chars(80) if said else ""
    return Item(
        _("Question"),
        str(submission.country) if side == Side.SECRETARIAT else str(submission),
        f"{thread.answer.indicator.label}: “{words}”",
        discussion.anchor(thread, side=side),
        _("Read"),
        "action",
        since=thread.held_since,
        cycle=submission.cycle,
    )


def _enquiries(user: User) -> list[Item]:
    """For officers: what countries ask the Secretariat, until it is answered or closed."""
    if not rules.may(user, "share"):
        return []
    waiting = asking.waiting_for(user)
    first = waiting.select_related("submission__cycle").first()
    if first is None:
        return []
    cycle = first.submission.cycle
    n, since = waiting.count(), phrases.waited(first.held_since, cycle)
    sentence = ngettext(
        "%(n)d question to answer, waiting %(since)s.", "%(n)d to answer, the oldest waiting %(since)s.", n
    )
    url = reverse("enquiry", args=[first.pk]) if n == 1 else reverse("enquiry_list") + "?show=waiting"
    sentence %= {"n": n, "since": since}
    title = _("Questions to the Secretariat")
    return [Item(_("Question"), title, sentence, url, _("Answer"), "action", since=first.held_since, cycle=cycle)]


def _parts(user: User) -> list[Item]:
    """For contributors: their parts, else that they will be asked for one."""
    if not (countries := countries_of(user, Role.CONTRIBUTOR)):
        return []
    found = contributors.own_part(user)
    own = Suggestion.objects.filter(
        submission=OuterRef("assignment__submission"), author=user, indicator=OuterRef("indicator")
    )
    asked = Assignment.indicators.through.objects.filter(~Exists(own), assignment__in=found)
    waiting = dict(asked.values_list("assignment").annotate(n=Count("pk")))
    if items := [_part(part, waiting.get(part.pk, 0)) for part in found]:
        return items
    sentence = _("You contribute to the answers of %s. Its focal points tell you when they need your part.")
    names = ", ".join(map(str, countries))
    return [Item(_("Your part"), names, sentence % names)]


def _part(part: Assignment, n: int) -> Item:
    until = phrases.day(part.until, part.submission.cycle)
    waits = ngettext(
        "%(n)d indicator waits for your suggestion, until the end of %(until)s.",
        "%(n)d indicators wait for your suggestion, until the end of %(until)s.",
        n,
    ) % {"n": n, "until": until}
    done = _("You have suggested something for every indicator of your part.")
    return Item(
        _("Your part"),
        title=str(part.submission),
        sentence=waits if n else done,
        url=reverse("contribution", args=[part.pk]),
        action=_("Open your part"),
        tone="action" if n and part.submission.is_with_country else "neutral",
        since=part.accepted_at,
        cycle=part.submission.cycle,
    )
