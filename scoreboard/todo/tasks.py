"""What a person should do next, as sentences with a link on the home page."""

from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import clock, contributors, phrases, rules, schedule
from scoreboard.cycles import extension_requests
from scoreboard.enquiries import asking
from scoreboard.mail import outbox
from scoreboard.models import (
    Assignment,
    Cycle,
    Role,
    State,
    Submission,
    Suggestion,
    User,
)
from scoreboard.models.people import countries_of
from scoreboard.people import addresses, directory, invitations, requests
from scoreboard.threads import discussion
from scoreboard.todo import statements
from scoreboard.todo.next_step import Item, next_steps

MAIL_PATIENCE = timedelta(minutes=15)  # an e-mail that waits longer is worth an officer's look
NEWS = 14  # days for which a change of address is shown on the home page


def for_person(user: User) -> list[Item]:
    """Return what waits for `user`, then what is good to know, in a constant number of queries."""
    items = [
        *_invitations(user),
        *_addresses(user),
        *_people(user),
        *_own_countries(user),
        *_suggestions(user),
        *_review(user),
        *_requests(user),
        *_threads(user),
        *statements.waiting(user),
    ]
    items += [*_cycles(user), *_parts(user), *statements.own(user), *_portal(user)]
    return sorted(items, key=lambda item: item.tone != "action")


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
    return [Item(_("Invitations"), sentence, reverse("invitation_list"), _("Accept or decline"), "action")]


def _addresses(user: User) -> list[Item]:
    """For officers: whose address an administrator changed lately, since whoever reads it can write as that person."""
    if not rules.may(user, "see_people"):
        return []
    names = [str(change.person) for change in addresses.changed_by_others(clock.now() - timedelta(days=NEWS))]
    if not names:
        return []
    sentence = _("In the last two weeks an administrator changed the address of: %s.") % ", ".join(names)
    return [Item(_("Addresses were changed"), sentence, reverse("people_changes"), _("See the changes"))]


def _people(user: User) -> list[Item]:
    """For officers: requests for access that wait, and countries of running cycles that nobody can report for."""
    if not rules.may(user, "answer_requests"):
        return []
    items = []
    if n := requests.waiting().count():
        sentence = ngettext(
            "%(n)d request for access waits for an answer.", "%(n)d requests for access wait for an answer.", n
        )
        url = reverse("access_request_list")
        items.append(Item(_("Requests for access"), sentence % {"n": n}, url, _("Answer them"), "action"))
    if n := directory.without_focal_point().count():
        sentence = ngettext("%(n)d country has no focal point.", "%(n)d countries have no focal point.", n) % {"n": n}
        url = reverse("people_countries") + "?without=focal"
        items.append(Item(_("Focal points"), sentence, url, _("Invite them")))
    return items


def _review(user: User) -> list[Item]:
    """For officers: what waits for review, and what they have claimed."""
    if not rules.may(user, "claim"):
        return []
    waiting = Submission.objects.visible_to(user).taking_part().filter(state=State.SUBMITTED)
    second = Q(approved_by__isnull=False) & ~Q(approved_by=user)
    counts = waiting.aggregate(
        n=Count("pk"),
        oldest=Min("submitted_at"),
        mine=Count("pk", filter=Q(claimed_by=user)),
        second=Count("pk", filter=second),
    )
    queue = reverse("review_queue")
    if not counts["n"]:
        sentence = _("A submission appears in the queue as soon as a country submits it.")
        return [Item(_("Nothing waits for review"), sentence, queue, _("Open the queue"))]
    to_review = ngettext("%(n)d submission to review", "%(n)d submissions to review", counts["n"]) % counts
    days = (clock.now() - counts["oldest"]).days
    waits = _("the oldest waits less than a day")
    if days:
        waits = ngettext("the oldest waits %(n)d day", "the oldest waits %(n)d days", days) % {"n": days}
    items = [Item(_("Review"), f"{to_review}, {waits}.", queue, _("Open the queue"), "action")]
    if n := counts["second"]:
        sentence = ngettext(
            "%(n)d submission that a colleague approved.", "%(n)d submissions that colleagues approved.", n
        ) % {"n": n}
        items.append(Item(_("Waits for a second officer"), sentence, queue + "?show=second", _("See them"), "action"))
    if mine := counts["mine"]:
        sentence = ngettext("You have claimed %(n)d submission.", "You have claimed %(n)d submissions.", mine) % {
            "n": mine
        }
        items.append(Item(_("Claimed by you"), sentence, queue + "?show=mine", _("Go on reviewing"), "action"))
    return items


def _requests(user: User) -> list[Item]:
    """For officers: what countries ask and nobody has answered."""
    if not rules.may(user, "extend"):
        return []
    reopenings = Submission.objects.visible_to(user).taking_part().filter(reopen_asked_at__isnull=False)
    n = extension_requests.waiting().count() + reopenings.count()
    if not n:
        return []
    sentence = ngettext("%(n)d request of a country to answer.", "%(n)d requests of countries to answer.", n) % {"n": n}
    return [Item(_("Requests"), sentence, reverse("request_list"), _("Answer them"), "action")]


def _cycles(user: User) -> list[Item]:
    """For officers and analysts: the cycles that are running or being prepared, with their counts."""
    if not rules.may(user, "see_board"):
        return []
    yesterday = clock.today() - timedelta(days=1)  # some time zone may still be in it
    part = Q(submissions__left_at=None)
    states = {state.value: Count("submissions", filter=part & Q(submissions__state=state)) for state in State}
    running = Cycle.objects.visible_to(user).filter(closes__gte=yesterday).annotate(**states)
    late = dict(Submission.objects.visible_to(user).overdue().values_list("cycle").annotate(n=Count("pk")).order_by())
    items = [_board(cycle, late.get(cycle.pk, 0)) for cycle in running if cycle.day() <= cycle.closes]
    if not items and rules.may(user, "manage_cycles"):
        sentence = _("Create one from an edition of the questionnaire: its countries and its dates.")
        items = [Item(_("No cycle is running"), sentence, reverse("cycle_list"), _("Go to the cycles"))]
    return items


def _board(cycle: Cycle, late: int) -> Item:
    tallies = [(theirs.text, getattr(cycle, state.value)) for state, (_country, theirs) in phrases.READINGS.items()]
    counts = " · ".join(f"{text}: {n}" for text, n in [*tallies, (_("Overdue"), late)] if n)
    return Item(
        title=str(cycle),
        sentence=f"{phrases.deadline(cycle)} {counts}".strip(),
        url=reverse("cycle_board", args=[cycle.code]),
        action=_("Open the board"),
        example=cycle.is_example,
    )


def _portal(user: User) -> list[Item]:
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
    return [Item(_("E-mails and the worker"), sentence, url, action, "action" if wrong else "neutral")]


def _suggestions(user: User) -> list[Item]:
    """For focal points: what contributors suggest and nobody has decided on."""
    if not (countries := countries_of(user)):
        return []
    mine = Submission.objects.visible_to(user).taking_part().filter(country__in=countries)
    mine = mine.select_related("cycle", "country")
    counts = dict(
        Suggestion.objects.filter(decision="", submission__in=mine)
        .values_list("submission")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [
        Item(
            title=_("Suggestions for %s") % submission,
            sentence=ngettext("%(n)d suggestion to look at.", "%(n)d suggestions to look at.", counts[submission.pk])
            % {"n": counts[submission.pk]},
            url=reverse("submission_suggestions", args=[submission.pk]),
            action=_("Look at them"),
            tone="action",
            example=submission.cycle.is_example,
        )
        for submission in mine.filter(pk__in=counts)
        if submission.is_with_country  # else nothing can be adopted
    ]


def _threads(user: User) -> list[Item]:
    """For both sides: the questions on answers that wait for them; for officers, the wishes to reopen too."""
    waiting = discussion.waiting_for(user)
    items, oldest_one = [], waiting.first()
    if oldest_one is not None:
        n, cycle = waiting.count(), oldest_one.answer.submission.cycle
        days = (cycle.day() - cycle.day(oldest_one.held_since)).days  # as the list of them counts
        oldest = ngettext("oldest %(n)d day", "oldest %(n)d days", days) % {"n": days} if days else _("since today")
        sentence = _("Waits for you: %(n)d, %(oldest)s.") % {"n": n, "oldest": oldest}
        items.append(
            Item(_("Questions on answers"), sentence, reverse("thread_list"), _("See the questions"), "action")
        )
    items += _enquiries(user)
    if rules.may(user, "refuse_reopen") and (
        n := Submission.objects.visible_to(user).taking_part().filter(reopen_asked_at__isnull=False).count()
    ):
        sentence = ngettext(
            "%(n)d country asks to reopen its answers.", "%(n)d countries ask to reopen their answers.", n
        )
        queue = reverse("review_queue") + "?show=reopen"
        items.append(Item(_("Asks to reopen"), sentence % {"n": n}, queue, _("Decide"), "action"))
    return items


def _enquiries(user: User) -> list[Item]:
    """For officers: what countries ask the Secretariat, until it is answered or closed."""
    if not rules.may(user, "share"):
        return []
    waiting = asking.waiting_for(user)
    first = waiting.select_related("submission__cycle").first()
    if first is None:
        return []
    n, since = waiting.count(), phrases.waited(first.held_since, first.submission.cycle)
    sentence = ngettext(
        "%(n)d question to answer, waiting %(since)s.", "%(n)d to answer, the oldest waiting %(since)s.", n
    )
    url = reverse("enquiry", args=[first.pk]) if n == 1 else reverse("enquiry_list") + "?show=waiting"
    return [Item(_("Questions to the Secretariat"), sentence % {"n": n, "since": since}, url, _("Answer"), "action")]


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
    return [Item(_("Your part"), sentence % ", ".join(map(str, countries)))]


def _part(part: Assignment, n: int) -> Item:
    until = phrases.day(part.until, part.submission.cycle)
    waits = ngettext(
        "%(n)d indicator waits for your suggestion, until the end of %(until)s.",
        "%(n)d indicators wait for your suggestion, until the end of %(until)s.",
        n,
    ) % {"n": n, "until": until}
    done = _("You have suggested something for every indicator of your part.")
    return Item(
        title=_("Your part: %s") % part.submission,
        sentence=waits if n else done,
        url=reverse("contribution", args=[part.pk]),
        action=_("Open your part"),
        tone="action" if n and part.submission.is_with_country else "neutral",
        example=part.submission.cycle.is_example,
    )
