"""Good practice as its country or organisation has it: writing, signing and offering it to the Secretariat."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rehearsal, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import notifications
from scoreboard.models import Country, GoodPractice, Indicator, Organisation, PeerQuestion, PracticeStep, Role, User
from scoreboard.models.people import countries_of, organisations_of
from scoreboard.network.learning import require_side
from scoreboard.text import folded, one_line, require_storable, required, stripped

LONGEST = 4_000  # characters: what a reader takes in at once
DRAFT_DAYS = 365  # for which a draft, and what is not published, is stored after its last change

State = GoodPractice.State
Act = PracticeStep.Act


def lock(practice: GoodPractice) -> GoodPractice:
    """Return the practice read again and locked until the transaction ends."""
    return GoodPractice.objects.with_subject().select_for_update(of=("self",)).get(pk=practice.pk)


def signers(user: User) -> list[Country | Organisation]:
    """Return for whom a person can sign: the countries and organisations of their own."""
    return [*countries_of(user), *organisations_of(user)]


def signs(user: User, practice: GoodPractice) -> bool:
    """Return whether the person is a focal point of its country, or an observer of its organisation."""
    return practice.signer in signers(user)


def require_signer(user: User, practice: GoodPractice, act: str = "write_practice") -> None:
    """Raise PermissionDenied (403) unless the person writes for the country or organisation that signs it."""
    if practice.organisation:
        rules.require_observer(user, act, practice.organisation)
    elif practice.country:
        rules.require_for(user, "sign_for_country", practice.country)


@transaction.atomic
def start(
    signer: Country | Organisation,
    *,
    title: str,
    text: str,
    indicators: Collection[Indicator],
    by: User,
    question: PeerQuestion | None = None,
    is_example: bool = False,
) -> GoodPractice:
    """Begin an account that a country or organisation of the person signs; return the draft.

    Raises PermissionDenied, NotNow in the rehearsal, Invalid for what cannot be stored.
    """
    practice = _new(signer, by, question)
    practice.is_example = is_example
    require_signer(by, practice)
    return _first(practice, title, text, indicators, Act.START, Verb.SAVE_PRACTICE, by)


@transaction.atomic
def propose(
    question: PeerQuestion, *, title: str, text: str, indicators: Collection[Indicator], by: User
) -> GoodPractice:
    """Offer what another country answered as its good practice, which that country then signs, changes or leaves.

    Its focal points get a mail. Raises PermissionDenied unless the person is a focal point of the country that asked,
    NotNow unless the question is answered, Invalid for what cannot be stored.
    """
    require_answered(question)
    rules.require_for(by, "ask_country_that_rose", question.asking)
    practice = _new(question.asked, by, question)
    practice.offered_by, practice.state = question.asking, State.TO_SIGN
    _require_whole(title, text, indicators)
    practice = _first(practice, title, text, indicators, Act.PROPOSE, Verb.PROPOSE_PRACTICE, by)
    notify("practice_to_sign", practice, notifications.holders(role=Role.FOCAL, country=question.asked_id), by)
    return practice


@transaction.atomic
def save(
    practice: GoodPractice, *, title: str, text: str, indicators: Collection[Indicator], seen: int, by: User
) -> GoodPractice:
    """Save the draft; `seen` is the revision that the person saw. Return it.

    Raises PermissionDenied; NotNow while the Secretariat has it or it is published; Stale, with the current draft, if
    a colleague changed it since; Invalid for what cannot be stored.
    """
    practice = lock(practice)
    require_signer(by, practice)
    require_written(practice)
    if practice.revision != seen:
        raise Stale(
            _("%s changed this text after you opened it. Both are below: put them together, then save again.")
            % practice.changed_by,
            current=practice,
        )
    if practice.state != State.DRAFT:
        _require_whole(title, text, indicators)
    _put(practice, title, text, indicators, by)
    activity.record(Verb.SAVE_PRACTICE, by=by, country=practice.country, detail=str(practice.pk))
    return practice


@transaction.atomic
def offer(practice: GoodPractice, *, seen: int, by: User) -> GoodPractice:
    """Sign it and give it to the Secretariat, whose officers get a mail; `seen` is the revision that was read.

    Raises PermissionDenied; NotNow for what the Secretariat has or has published; Stale if it changed since; Invalid
    without a title, a text and an indicator.
    """
    practice = lock(practice)
    require_signer(by, practice)
    require_written(practice)
    if practice.revision != seen:
        raise Stale(_("%s changed this text after you opened it. Read it again first.") % practice.changed_by)
    _require_whole(practice.title, practice.text, practice.indicators.all())
    step(practice, State.OFFERED, Act.OFFER, Verb.OFFER_PRACTICE, by)
    notify("practice_offered", practice, notifications.holders(role=Role.SECRETARIAT), by)
    return practice


@transaction.atomic
def leave_unsigned(practice: GoodPractice, *, reason: str, by: User) -> GoodPractice:
    """Do not sign what another country offered, with a reason that it gets by mail; it stays a draft of one's own.

    Raises PermissionDenied, NotNow unless it waits for the signature, Invalid without a reason.
    """
    practice = lock(practice)
    require_signer(by, practice)
    require_to_sign(practice)
    reason = required(reason, _("Give the reason: %s reads it.") % practice.offered_by)
    step(practice, State.DRAFT, Act.NOT_SIGNED, Verb.LEAVE_UNSIGNED, by, reason)
    of_other = notifications.holders(role=Role.FOCAL, country=practice.offered_by_id)
    notify("practice_not_signed", practice, of_other, by, reason)
    return practice


@transaction.atomic
def delete(practice: GoodPractice, *, by: User) -> None:
    """Delete a draft. Raises PermissionDenied, NotNow for what is no draft."""
    practice = lock(practice)
    require_signer(by, practice)
    require_draft(practice)
    activity.record(Verb.DELETE_PRACTICE, by=by, country=practice.country, detail=str(practice.pk))
    practice.delete()


def require_answered(question: PeerQuestion) -> None:
    """Raise NotNow unless the asked country has answered."""
    if not question.messages.filter(country=question.asked).exists():
        raise NotNow(_("%s has not answered yet. What it answers can be offered as good practice.") % question.asked)


def require_written(practice: GoodPractice) -> None:
    """Raise NotNow unless its signer can change it."""
    if not practice.can_be_written:
        raise NotNow(
            _("It is published. Withdraw it first if it must change.")
            if practice.is_published
            else _("It cannot be changed now: the Secretariat has it, or it was withdrawn.")
        )


def require_draft(practice: GoodPractice) -> None:
    """Raise NotNow for what is no draft."""
    if practice.state != State.DRAFT:
        raise NotNow(_("Only a draft can be deleted."))


def require_to_sign(practice: GoodPractice) -> None:
    """Raise NotNow unless it waits for the signature of its country."""
    if practice.state != State.TO_SIGN:
        raise NotNow(_("It does not wait for a signature."))


def delete_old() -> int:
    """Delete drafts, and what was not published or withdrawn, after DRAFT_DAYS without a change; return how many."""
    last = clock.now() - timedelta(days=DRAFT_DAYS)
    over = (State.DRAFT, State.TO_SIGN, State.REFUSED, State.WITHDRAWN)
    with transaction.atomic():
        old = list(GoodPractice.objects.filter(state__in=over, changed_at__lt=last).select_for_update(of=("self",)))
        for practice in old:
            practice.delete()
    return len(old)


def answer_of(question: PeerQuestion) -> str:
    """Return what the asked country wrote last, to begin an account with."""
    last = question.messages.filter(country=question.asked).last()
    return last.text[:LONGEST] if last else ""


def side_offers(question: PeerQuestion, by: User) -> bool:
    """Return whether the person would offer it for the country that asked, so that the other one has to sign.

    Raises PermissionDenied for who is focal point of neither.
    """
    return question.asked not in countries_of(by) and require_side(question, by) == question.asking


def _new(signer: Country | Organisation, by: User, question: PeerQuestion | None) -> GoodPractice:
    if rehearsal.is_on():
        raise NotNow(_("Nothing of a rehearsal is published. Write good practice in the real portal."))
    kind = "country" if isinstance(signer, Country) else "organisation"
    return GoodPractice(**{kind: signer}, question=question, changed_by=by)


def _first(
    practice: GoodPractice,
    title: str,
    text: str,
    indicators: Collection[Indicator],
    act: Act,
    verb: Verb,
    by: User,
) -> GoodPractice:
    _put(practice, title, text, indicators, by)
    return step(practice, State(practice.state), act, verb, by)


def _put(practice: GoodPractice, title: str, text: str, indicators: Collection[Indicator], by: User) -> None:
    title, text = one_line(title, keep_joiners=True), stripped(text)
    if not title:
        raise Invalid(_("Title: say in a few words what was done."))
    require_storable(title, 150)
    require_storable(text, LONGEST)
    practice.title, practice.text = title, text
    practice.folded = folded(title, practice.signed, text)
    practice.revision += 1
    practice.changed_by, practice.changed_at = by, clock.now()
    practice.save()
    practice.indicators.set(indicators)


def _require_whole(title: str, text: str, indicators: Iterable[Indicator]) -> None:
    required(title, _("Title: say in a few words what was done."))
    required(text, _("Text: say what was done, what came of it, and what it took."))
    if not list(indicators):
        raise Invalid(_("Indicators: choose at least one that it is about."))


def step(practice: GoodPractice, state: State, act: Act, verb: Verb, by: User, text: str = "") -> GoodPractice:
    """Bring it into a state, and write the step into its history and into the activity log; return it."""
    require_storable(text)
    practice.state, practice.changed_at = state, clock.now()
    practice.save(update_fields=["state", "changed_at", "published_at"])
    PracticeStep.objects.create(practice=practice, act=act, by=by, at=clock.now(), text=text)
    activity.record(verb, by=by, country=practice.country, detail=str(practice.pk))
    return practice


def writers(practice: GoodPractice) -> Iterable[User]:
    """Return who can write and sign it today."""
    if practice.organisation:
        return notifications.holders(role=Role.OBSERVER, organisation=practice.organisation_id)
    return notifications.holders(role=Role.FOCAL, country=practice.country_id)


def notify(event: str, practice: GoodPractice, people: Iterable[User], by: User, text: str = "") -> None:
    """Mail people, but not who did it, what was done, with the address of its page."""
    link = settings.SITE_URL + reverse("good_practice", args=[practice.pk])
    for person in people:
        if person != by:
            notifications.notify_account(person, event, by=by, practice=practice, text=text, link=link)
