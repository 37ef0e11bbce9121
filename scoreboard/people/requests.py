"""Requests of newcomers for access: nobody sees one until its address is proven; then it waits for an officer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rehearsal, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys, notifications
from scoreboard.models import AccessRequest, Country, CountryGroup, Mail, Membership, Organisation, Origin, Role, User
from scoreboard.people import roles
from scoreboard.text import one_line, require_storable, stripped

ROLES = (Role.FOCAL, Role.OBSERVER)  # that newcomers can ask for
MAX_REASON = 2_000  # characters
ANSWERED_FOR = timedelta(days=365)  # how long an answered request is stored
ONE_MAIL = timedelta(hours=24)  # to an address that nobody has proven, and may be a stranger's


@transaction.atomic
def ask(
    *, email: str, name: str, role: Role, reason: str, country: Country | None = None, organisation: str = ""
) -> None:
    """Store a request, and mail its address a link that proves it; an address with an account is treated the same.

    An address gets one such mail a day, whoever asks, and none while a request of its own waits. Raises Invalid for a
    role that cannot be asked for, a focal point without a country, an observer without an organisation, and a text that
    is missing or too long.
    """
    email, name, organisation, reason = (
        one_line(email).lower(),
        one_line(name),
        one_line(organisation),
        stripped(reason),
    )
    if role not in ROLES:
        raise Invalid(_("This role cannot be asked for. Choose from the list."))
    if role == Role.FOCAL and country is None:
        raise Invalid(_("Choose the country for which you would be a focal point."))
    if role == Role.OBSERVER and not organisation:
        raise Invalid(_("Name the organisation for which you would observe."))
    if not (email and name and reason):
        raise Invalid(_("Give your address, your name, and what the access is for."))
    for text, most in ((email, 254), (name, 150), (organisation, 200), (reason, MAX_REASON)):
        require_storable(text, most)
    lately = Q(proven_at=None, asked_at__gt=clock.now() - ONE_MAIL)
    waits = Q(proven_at__isnull=False, outcome="")
    if AccessRequest.objects.filter(lately | waits, email=email).exists():
        return
    asked = AccessRequest.objects.create(
        email=email,
        name=name,
        role=role,
        country=country if role == Role.FOCAL else None,
        organisation=organisation if role == Role.OBSERVER else "",
        reason=reason,
        language=translation.get_language() or "",
    )
    notifications.notify_requester(asked, "access_prove", key=Mail.Key.REQUEST, days=keys.REQUEST_DAYS)


@transaction.atomic
def prove(key: str) -> AccessRequest:
    """Record that the address of the request with this link is proven, so that officers see it; twice is harmless.

    Raises NotNow for a damaged link, and one whose request is deleted.
    """
    asked = requested(key)
    asked = AccessRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if asked.proven_at is None:
        asked.proven_at = clock.now()
        asked.save(update_fields=["proven_at"])
        activity.record(Verb.PROVE_REQUEST, by=None, country=asked.country, detail=str(asked.pk), origin=Origin.PAGE)
    return asked


def requested(key: str) -> AccessRequest:
    """Return the request with this link; raise NotNow for a damaged or old link."""
    asked = keys.requested_access(key)
    is_old = asked is not None and asked.proven_at is None and asked.asked_at <= _last_week()
    if asked is None or is_old:
        raise NotNow(_("This link no longer works: it is older than a week, or part of it was lost on the way."))
    return asked


def waiting() -> QuerySet[AccessRequest]:
    """Return the requests that wait for an officer: proven and not answered, the oldest first."""
    return _here().filter(proven_at__isnull=False, outcome="").select_related("country")


def answered() -> QuerySet[AccessRequest]:
    """Return the requests that were answered, the last first."""
    found = _here().exclude(outcome="").select_related("country", "answered_by")
    return found.order_by("-answered_at", "-pk")


def _here() -> QuerySet[AccessRequest]:
    """Return the requests of this world, see `rehearsal`; those that name no country belong to both."""
    return AccessRequest.objects.filter(Q(country=None) | Q(country__is_rehearsal=rehearsal.is_on()))


@transaction.atomic
def grant(
    asked: AccessRequest,
    *,
    organisation: Organisation | None = None,
    networks: Sequence[CountryGroup] = (),
    until: date | None = None,
    note: str = "",
    by: User,
) -> Membership:
    """Answer a request with yes: invite its address to the role, and mail the answer. Return the membership.

    Raises PermissionDenied, NotNow if it is answered already or one's own, and Invalid as `roles.invite` does.
    """
    asked = _lock(asked, by)
    invitation = roles.Invitation(
        email=asked.email,
        name=asked.name,
        role=Role(asked.role),
        country=asked.country,
        organisation=organisation,
        networks=networks,
        until=until,
        note=note,
    )
    membership = roles.invite(invitation, by=by)
    _answer(asked, AccessRequest.Outcome.GRANTED, "", by=by)
    return membership


@transaction.atomic
def refuse(asked: AccessRequest, *, reason: str, by: User) -> AccessRequest:
    """Answer a request with no, with a reason that is mailed. Raises PermissionDenied, NotNow, Invalid."""
    asked = _lock(asked, by)
    reason = stripped(reason)
    if not reason:
        raise Invalid(_("Give the reason: it is mailed to who asked."))
    require_storable(reason, MAX_REASON)
    return _answer(asked, AccessRequest.Outcome.REFUSED, reason, by=by)


def delete_old() -> int:
    """Delete requests that nobody has proven in a week, and answered ones after a year; return how many."""
    unproven = AccessRequest.objects.filter(proven_at=None, asked_at__lte=_last_week())
    old = AccessRequest.objects.filter(answered_at__lt=clock.now() - ANSWERED_FOR)
    pks = [*unproven.values_list("pk", flat=True), *old.values_list("pk", flat=True)]
    AccessRequest.objects.filter(pk__in=pks).delete()
    return len(pks)


def _last_week() -> datetime:
    return clock.now() - timedelta(days=keys.REQUEST_DAYS)


def _lock(asked: AccessRequest, by: User) -> AccessRequest:
    rules.require(by, "answer_requests")
    asked = AccessRequest.objects.select_for_update(of=("self",)).select_related("country").get(pk=asked.pk)
    if asked.proven_at is None:
        raise NotNow(_("The address of this request is not proven."))
    if asked.outcome:
        raise NotNow(_("This request is answered already: %s.") % asked.get_outcome_display())
    return asked


def _answer(asked: AccessRequest, outcome: AccessRequest.Outcome, reason: str, *, by: User) -> AccessRequest:
    asked.outcome, asked.answer, asked.answered_by, asked.answered_at = outcome, reason, by, clock.now()
    asked.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    verb = Verb.GRANT_ACCESS if outcome == AccessRequest.Outcome.GRANTED else Verb.REFUSE_ACCESS
    activity.record(verb, by=by, country=asked.country, detail=str(asked.pk))
    notifications.notify_requester(asked, f"access_{outcome}", reply_to=by.email, by=by)
    return asked
