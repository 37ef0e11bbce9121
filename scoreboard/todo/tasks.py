"""What a person should do next, as sentences with a link: the home page and a submission's own page read it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import clock, phrases, rules, schedule
from scoreboard.mail import outbox
from scoreboard.models import (
    Answer,
    Cycle,
    Indicator,
    Remark,
    State,
    Submission,
    Transition,
    User,
)
from scoreboard.models.people import countries_of
from scoreboard.models.submissions import SubmissionQuerySet
from scoreboard.people import addresses, invitations
from scoreboard.submissions.completeness import Progress
from scoreboard.todo import waiting as exchange
from scoreboard.todo.item import Item

MAIL_PATIENCE = timedelta(minutes=15)  # an e-mail that waits longer is worth an officer's look
NEWS = 14  # days for which a change of address is told on the home page


class SavedState(TypedDict):
    """What the database adds to a submission in hand."""

    answered: int
    asked: int
    gap: int | None  # the first indicator without a complete answer
    why: str | None  # what the Secretariat wrote with the last return


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    InHand = WithAnnotations[Submission, SavedState]


def of(user: User) -> list[Item]:
    """Return what waits for `user` first, then what is good to know, in a number of queries that does not grow."""
    items = [
        *_invitations(user),
        *_addresses(user),
        *_own_countries(user),
        *exchange.suggestions(user),
        *_review(user),
        *exchange.talks(user),
    ]
    items += [*_cycles(user), *exchange.parts(user), *_portal(user)]
    return sorted(items, key=lambda item: item.tone != "action")


def of_submissions(submissions: SubmissionQuerySet) -> list[Item]:
    """Return each submission's next step, as those who write for its country read it."""
    found = cast("list[InHand]", list(_with_standing(submissions)))
    gaps = Indicator.objects.select_related("area").in_bulk({s.gap for s in found if s.gap})
    asked = _asked(found)
    return [_next(submission, gaps.get(submission.gap), asked[submission.pk]) for submission in found]


def unanswered(asked: Iterable[Remark]) -> list[Remark]:
    """Return the reasons whose answer still stands as it did when it was returned with them."""
    return [r for r in asked if r.transition is not None and r.answer.changed_at <= r.transition.at]


def _with_standing(submissions: SubmissionQuerySet) -> SubmissionQuerySet:
    """Add what the next step depends on to what lists show."""
    complete = Answer.objects.complete().filter(submission=OuterRef(OuterRef("pk")), indicator=OuterRef("pk"))
    gaps = Indicator.objects.filter(~Exists(complete), edition=OuterRef("cycle__edition")).order_by("position")
    returns = Transition.objects.giving_back().filter(submission=OuterRef("pk"))
    return submissions.with_facts().annotate(
        gap=Subquery(gaps.values("pk")[:1]), why=Subquery(returns.values("comment")[:1])
    )


def _asked(submissions: Iterable[Submission]) -> dict[int, list[Remark]]:
    """Return by submission the reasons of its last return, in questionnaire order."""
    remarks = Remark.objects.of_last_return().filter(answer__submission__in=submissions)
    asked = defaultdict(list)
    for remark in remarks.select_related("answer__indicator__area", "transition").order_by(
        "answer__indicator__position"
    ):
        asked[remark.answer.submission_id].append(remark)
    return asked


def _next(submission: "InHand", gap: Indicator | None, asked: list[Remark]) -> Item:
    sentence, url, action, tone = _step(submission, gap, asked)
    return Item(
        title=str(submission),
        sentence=sentence,
        url=url,
        action=action,
        tone=tone,
        progress=Progress(submission.answered, submission.asked),
        example=submission.cycle.is_example,
    )


def _step(submission: "InHand", gap: Indicator | None, asked: list[Remark]) -> tuple[str, str, str, str]:
    """Return the sentence, where its link goes, what the link says, and the tone."""
    whole = reverse("submission_read", args=[submission.pk])
    if submission.left_at:
        when = phrases.moment(submission.left_at, submission.cycle)
        told = _("Left the cycle on %(when)s: “%(why)s”") % {"when": when, "why": submission.left_reason}
        return told, whole, _("Read the answers"), "neutral"
    if submission.submitted_at and submission.state == State.SUBMITTED:
        when = phrases.moment(submission.submitted_at, submission.cycle)
        told = _("Submitted on %s. The Secretariat reviews it, and mails you what comes of it.") % when
        return told, whole, _("Read what was submitted"), "waiting"
    if submission.accepted_at:
        when = phrases.moment(submission.accepted_at, submission.cycle)
        return _("Accepted on %s.") % when, whole, _("Read the accepted answers"), "done"
    if not submission.is_open:
        return phrases.time_left(submission), whole, _("Read the questions and answers"), "neutral"
    return *_writing(submission, gap, asked), "action"


def _writing(submission: "InHand", gap: Indicator | None, asked: list[Remark]) -> tuple[str, str, str]:
    """Return what the country does while it holds the pen: what was returned, then what is missing, then submit."""
    time_left = phrases.time_left(submission)
    final = reverse("submission_submit", args=[submission.pk])
    if submission.state == State.RETURNED:
        why = _("Returned by the Secretariat: “%s”") % Truncator(submission.why or "").words(30)
        if left := unanswered(asked):
            marked = ngettext(
                "%(n)d answer was returned and waits for you.",
                "%(n)d answers were returned and wait for you.",
                len(left),
            ) % {"n": len(left)}
            indicator = left[0].answer.indicator
            return (
                f"{why} {marked} {time_left}",
                _question(submission, indicator),
                _("Look at %s again") % indicator.label,
            )
        if gap is None:
            return f"{why} {time_left}", final, _("Review and submit again")
        return f"{why} {time_left}", _question(submission, gap), _("Continue with %s") % gap.label
    if gap is None:
        return _("Every indicator is answered.") + " " + time_left, final, _("Review and submit")
    begun = _("Continue with %s") if submission.answered else _("Start with %s")
    return time_left, _question(submission, gap), begun % gap.label


def _question(submission: Submission, indicator: Indicator) -> str:
    """Return the address of the indicator on the page of its area."""
    return reverse("submission_area", args=[submission.pk, indicator.area.code]) + f"#i{indicator.code}"


def _own_countries(user: User) -> list[Item]:
    """For focal points: what the countries they report for have in hand."""
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
    return of_submissions(own) or [
        Item(
            title=_("No cycle is open for your country"),
            sentence=_("You will get an e-mail when the Secretariat opens the next one."),
            url=reverse("submission_list"),
            action=_("See earlier submissions"),
        )
    ]


def _invitations(user: User) -> list[Item]:
    """For anybody: what they are invited to and have not answered."""
    n = invitations.waiting(user)
    if not n:
        return []
    told = ngettext("%(n)d invitation waits for your answer.", "%(n)d invitations wait for your answer.", n) % {"n": n}
    return [Item(_("Invitations"), told, reverse("invitation_list"), _("Accept or decline"), "action")]


def _addresses(user: User) -> list[Item]:
    """For officers: whose address an administrator changed lately, since whoever reads it can write as that person."""
    if not rules.may(user, "see_people"):
        return []
    names = [str(change.person) for change in addresses.changed_by_others(clock.now() - timedelta(days=NEWS))]
    if not names:
        return []
    told = _("In the last two weeks an administrator changed the address of: %s.") % ", ".join(names)
    return [Item(_("Addresses were changed"), told, reverse("people"), _("See the changes"))]


def _review(user: User) -> list[Item]:
    """For officers: what waits for review, and what they have claimed."""
    if not rules.may(user, "claim"):
        return []
    waiting = Submission.objects.visible_to(user).taking_part().filter(state=State.SUBMITTED)
    counts = waiting.aggregate(n=Count("pk"), oldest=Min("submitted_at"), mine=Count("pk", filter=Q(claimed_by=user)))
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
    if mine := counts["mine"]:
        sentence = ngettext("You have claimed %(n)d submission.", "You have claimed %(n)d submissions.", mine) % {
            "n": mine
        }
        items.append(Item(_("Claimed by you"), sentence, queue + "?show=mine", _("Go on reviewing"), "action"))
    return items


def _cycles(user: User) -> list[Item]:
    """For officers and analysts: how the cycles stand that still run, or are being prepared."""
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
    told = " · ".join(f"{text}: {n}" for text, n in [*tallies, (_("Overdue"), late)] if n)
    return Item(
        title=str(cycle),
        sentence=f"{phrases.deadline(cycle)} {told}".strip(),
        url=reverse("cycle_board", args=[cycle.code]),
        action=_("Open the board"),
        example=cycle.is_example,
    )


def _portal(user: User) -> list[Item]:
    """For officers: whether the portal's worker runs, and what e-mails did not get through."""
    if not rules.may(user, "see_messages"):
        return []
    sign, failed, oldest = schedule.last_sign(), outbox.failed().count(), outbox.oldest_waiting()
    told, wrong = [], bool(failed)
    if failed:
        told.append(
            ngettext("%(n)d e-mail could not be delivered.", "%(n)d e-mails could not be delivered.", failed)
            % {"n": failed}
        )
    if not schedule.is_alive(sign):
        wrong = True
        told.append(
            _("The worker, which sends e-mails and makes PDFs, gave its last sign of life %s ago.") % timesince(sign)
            if sign
            else _("The worker, which sends e-mails and makes PDFs, has never run.")
        )
        told.append(_("Ask the operator to start it."))
    if oldest:
        wrong = wrong or clock.now() - oldest > MAIL_PATIENCE
        told.append(_("The oldest e-mail that is still to be sent has waited %s.") % timesince(oldest))
    sentence = " ".join(told) or _("The worker runs, and no e-mail waits to be sent.")
    url, action = reverse("message_list"), _("Look at the e-mails")
    return [Item(_("E-mails and the worker"), sentence, url, action, "action" if wrong else "neutral")]
