"""Questions from one country to another one that rose on an indicator: asked, answered or declined, read by both."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Country, Indicator, PeerMessage, PeerQuestion, Role, User
from scoreboard.models.people import countries_of
from scoreboard.text import folded, require_storable, required

DAYS = 5 * 365  # for which a question is stored after the last thing that was done with it

State = PeerQuestion.State


def lock(question: PeerQuestion) -> PeerQuestion:
    """Return the question read again and locked until the transaction ends."""
    return PeerQuestion.objects.with_subject().select_for_update(of=("self",)).get(pk=question.pk)


@transaction.atomic
def ask(asking: Country, asked: Country, indicator: Indicator, text: str, *, by: User) -> PeerQuestion:
    """Ask another country about an indicator; its focal points get a mail. Sending it twice is harmless.

    Raises PermissionDenied unless the person is a focal point of `asking`; Invalid for an empty text and for one's own
    country; NotNow if nobody is focal point of the other one.
    """
    rules.require_for(by, "ask_country_that_rose", asking)
    if asking == asked:
        raise Invalid(_("This is your own country. Ask another one."))
    text = required(text, _("Write the question before you send it."))
    require_storable(text)
    if not list(notifications.holders(role=Role.FOCAL, country=asked.pk)):
        raise NotNow(_("Nobody is focal point of %s now. Ask the Secretariat whom to turn to.") % asked)
    mine = PeerQuestion.objects.filter(asking=asking, asked=asked, indicator=indicator, state=State.OPEN)
    if again := mine.filter(messages__text=text, messages__country=asking).first():
        return again
    now = {"asked_by": by, "asked_at": clock.now(), "changed_at": clock.now()}
    question = PeerQuestion.objects.create(asking=asking, asked=asked, indicator=indicator, **now)
    _write(question, asking, text, by)
    _record(Verb.ASK_COUNTRY, question, asking, by)
    _notify("peer_asked", question, asked, by, text)
    return question


@transaction.atomic
def write(question: PeerQuestion, text: str, *, by: User) -> PeerMessage:
    """Answer a question, or write back; the other country gets a mail.

    Raises PermissionDenied for who is focal point of neither country, NotNow once it is over, Invalid for the text.
    """
    question = lock(question)
    side = require_side(question, by)
    require_open(question)
    text = required(text, _("Write something before you send it."))
    require_storable(text)
    message = _write(question, side, text, by)
    question.state = State.ANSWERED if side == question.asked else State.OPEN
    question.changed_at = message.at
    question.save(update_fields=["state", "changed_at"])
    _record(Verb.WRITE_TO_COUNTRY, question, side, by)
    event, other = ("peer_answered", question.asking) if side == question.asked else ("peer_wrote", question.asked)
    _notify(event, question, other, by, text)
    return message


@transaction.atomic
def decline(question: PeerQuestion, *, reason: str, by: User) -> PeerQuestion:
    """Decline to answer, with a reason that the asking country gets by mail.

    Raises PermissionDenied unless the person is a focal point of the asked country, NotNow unless it waits for an
    answer, Invalid without a reason.
    """
    question = lock(question)
    rules.require_for(by, "answer_country", question.asked)
    require_waiting(question)
    reason = _end(question, State.DECLINED, required(reason, _("Give the reason: %s reads it.") % question.asking), by)
    _record(Verb.DECLINE_QUESTION, question, question.asked, by)
    _notify("peer_declined", question, question.asking, by, reason)
    return question


@transaction.atomic
def withdraw(question: PeerQuestion, *, by: User) -> PeerQuestion:
    """Take a question back that the other country has not answered. Repeating it is harmless.

    Raises PermissionDenied unless the person is a focal point of the asking country, NotNow once it is answered.
    """
    question = lock(question)
    rules.require_for(by, "ask_country_that_rose", question.asking)
    if question.state == State.WITHDRAWN:
        return question
    require_waiting(question)
    if question.messages.filter(country=question.asked).exists():
        raise NotNow(_("%s has answered. What was written stays.") % question.asked)
    _end(question, State.WITHDRAWN, "", by)
    _record(Verb.WITHDRAW_QUESTION, question, question.asking, by)
    return question


@transaction.atomic
def close(question: PeerQuestion, *, reason: str, by: User) -> PeerQuestion:
    """Close a question as the Secretariat, with a reason that both countries get by mail.

    Raises PermissionDenied, NotNow once it is over, Invalid without a reason.
    """
    question = lock(question)
    rules.require(by, "close_between_countries")
    require_open(question)
    reason = _end(question, State.CLOSED, required(reason, _("Give the reason: both countries read it.")), by)
    _record(Verb.CLOSE_BETWEEN_COUNTRIES, question, None, by)
    for country in (question.asking, question.asked):
        _notify("peer_closed", question, country, by, reason)
    return question


def require_side(question: PeerQuestion, by: User) -> Country:
    """Return the country for which a person writes; a focal point of both writes for the one that has to act.

    Raises PermissionDenied for who is focal point of neither.
    """
    own = [country for country in (question.asked, question.asking) if country in countries_of(by)]
    if not own:
        rules.require_for(by, "answer_country", question.asked)
    return own[0] if len(own) == 1 or question.state == State.OPEN else own[-1]


def require_open(question: PeerQuestion) -> None:
    """Raise NotNow once the question is over."""
    if question.is_over:
        raise NotNow(_("This question is over: nobody can write in it any more. A new one can be asked."))


def require_waiting(question: PeerQuestion) -> None:
    """Raise NotNow unless the question waits for an answer."""
    require_open(question)
    if question.state != State.OPEN:
        raise NotNow(_("This question is answered. What was written stays."))


def waiting_for(user: User) -> QuerySet[PeerQuestion]:
    """Return the questions that a country of the person has to answer, the longest waiting first."""
    found: QuerySet[PeerQuestion] = PeerQuestion.objects.waiting_for(user).with_subject().order_by("changed_at", "pk")
    return found


def delete_old() -> int:
    """Delete questions with which nothing was done for DAYS; return how many."""
    last = clock.now() - timedelta(days=DAYS)
    with transaction.atomic():
        old = list(PeerQuestion.objects.filter(changed_at__lt=last).select_for_update(of=("self",)))
        for question in old:
            question.delete()
    return len(old)


def _write(question: PeerQuestion, country: Country, text: str, by: User) -> PeerMessage:
    written = {"author": by, "text": text, "at": clock.now(), "folded": folded(text)}
    return PeerMessage.objects.create(question=question, country=country, **written)


def _end(question: PeerQuestion, state: str, reason: str, by: User) -> str:
    require_storable(reason)
    question.state, question.reason = state, reason
    question.ended_by, question.ended_at, question.changed_at = by, clock.now(), clock.now()
    question.save(update_fields=["state", "reason", "ended_by", "ended_at", "changed_at"])
    return reason


def _record(verb: Verb, question: PeerQuestion, country: Country | None, by: User) -> None:
    activity.record(verb, by=by, country=country, detail=f"{question.indicator.code}, {question.pk}")


def _notify(event: str, question: PeerQuestion, to: Country, by: User, text: str) -> None:
    """Mail the focal points of a country what was written, with the address of the question."""
    link = settings.SITE_URL + reverse("peer_question", args=[question.pk])
    for person in notifications.holders(role=Role.FOCAL, country=to.pk):
        notifications.notify_account(person, event, by=by, question=question, text=text, country=to, link=link)
