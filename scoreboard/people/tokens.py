"""Tokens for the API: a person makes them for programs of their own, and they end with the person's last role."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rehearsal
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Membership, Origin, Role, Scope, Token, User
from scoreboard.models.people import NATIONAL_ROLES, roles_of
from scoreboard.text import one_line, require_storable

PREFIX = "portal_"  # by which programs that look for leaked secrets recognise one
MOST = 20  # tokens of a person that work at a time
LONGEST = timedelta(days=366)
KEPT = timedelta(days=365)  # after a token's end
NOTED = timedelta(minutes=10)  # between two notes of its use, so that reading rarely writes

OFFICERS = frozenset({Role.SECRETARIAT, Role.ANALYST})

# The roles in which a token with a scope may change something; for reading, `read` has all of the person's.
ACTS_AS: dict[Scope, frozenset[Role]] = {
    Scope.READ: frozenset(),
    Scope.WRITE: frozenset(NATIONAL_ROLES),
    Scope.OFFICER: OFFICERS,
}


@transaction.atomic
def make(person: User, *, name: str, scopes: Collection[Scope | str], until: date, from_ip: str) -> tuple[Token, str]:
    """Make a token that works until the end of a day; return it with its secret, which is not stored.

    The person gets a mail. Raises NotNow for somebody without a role or with too many tokens, and Invalid for a name
    or day that cannot be, and for a scope that none of their roles fills.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    name = one_line(name)
    if not name:
        raise Invalid(_("Give the token a name, such as the program that will use it."))
    require_storable(name, 60)
    if not clock.today() <= until <= clock.today() + LONGEST:
        raise Invalid(_("Choose a last day within a year."))
    wanted = [scope for scope in Scope if scope in scopes]
    if unfit := set(wanted) - set(scopes_for(person)):
        raise Invalid(_("None of your roles allows: %s.") % ", ".join(sorted(str(scope.label) for scope in unfit)))
    if not roles_of(person):
        raise NotNow(_("A token works in your roles, and you have none today."))
    if person.tokens.working().count() >= MOST:
        raise NotNow(_("You have %s tokens that work. End one that you no longer need.") % MOST)
    if Scope.READ not in wanted and wanted:
        wanted.insert(0, Scope.READ)  # nobody changes what they cannot read
    key = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        name=name,
        scopes=[scope.value for scope in wanted],
        digest=_digest(key),
        start=key[: len(PREFIX) + 4],
        until=until,
    )
    activity.record(Verb.MAKE_TOKEN, by=person, person=person, detail=" ".join(token.scopes))
    link = settings.SITE_URL + reverse("token_list")
    notifications.notify_account(person, "token_made", token=token, from_ip=from_ip, link=link)
    return token, key


@transaction.atomic
def end(token: Token, *, by: User) -> Token:
    """End a token, which works no more from now on; one that is over stays as it is."""
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.works:
        _end(token, by=by)
    return token


@transaction.atomic
def end_all(person: User, *, by: User | None) -> int:
    """End all tokens of a person whose account may have been in other hands; return how many."""
    found = list(person.tokens.working().select_for_update())
    for token in found:
        _end(token, by=by)
    return len(found)


@transaction.atomic
def end_without_role() -> int:
    """End the tokens of people who have no role any more, not even in the rehearsal; return how many.

    Without a role a token is refused at once; ended, it does not work again with a later one.
    """
    held = set(Membership.objects.in_force().values_list("person", flat=True))
    with rehearsal.within():
        held |= set(Membership.objects.in_force().values_list("person", flat=True))
    working = Token.objects.working().select_for_update(of=("self",)).select_related("person")
    found = [token for token in working if token.person_id not in held or not token.person.is_active]
    for token in found:
        _end(token, by=None, origin=Origin.WORKER)
    return len(found)


def scopes_for(person: User) -> list[Scope]:
    """Return the scopes that one of the person's roles of today fills."""
    roles = roles_of(person)
    return [scope for scope in Scope if roles and (scope == Scope.READ or ACTS_AS[scope] & roles)]


def sent(authorization: str) -> str | None:
    """Return the secret that a header `Authorization` holds as `Bearer SECRET`; None for any other."""
    scheme, _space, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def holder(key: str) -> Token | None:
    """Return the token that has this secret and works, with its person's roles of today; None if there is none.

    Somebody without a role, or whose account is closed, holds none.
    """
    token = Token.objects.working().filter(digest=_digest(key)).first()
    person = User.objects.with_memberships(token.person_id) if token else None
    if token is None or person is None or not person.is_active or not person.current_memberships:
        return None
    token.person = person
    return token


def narrowed(token: Token, *, reads: bool) -> User | None:
    """Return the token's person with those roles alone that its scopes fill; None where it speaks for nobody.

    To read, the scope `read` fills every role; to change something, each scope fills its own.
    """
    scopes = [Scope(scope) for scope in token.scopes]
    if Scope.READ in scopes and reads:
        return token.person
    filled = frozenset[Role]().union(*(ACTS_AS[scope] for scope in scopes))
    person = token.person
    person.current_memberships = [held for held in person.current_memberships if held.role in filled]
    return person if person.current_memberships else None


def note_use(token: Token) -> None:
    """Note that a token is used now, at most once within minutes."""
    now = clock.now()
    if token.last_used_at is None or token.last_used_at < now - NOTED:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def delete_old() -> int:
    """Delete tokens a year after they ended or after their last day; return how many."""
    limit = clock.now() - KEPT
    return Token.objects.filter(Q(ended_at__lt=limit) | Q(until__lt=limit.date())).delete()[0]


def _end(token: Token, *, by: User | None, origin: Origin | str = "") -> None:
    token.ended_at = clock.now()
    token.save(update_fields=["ended_at"])
    activity.record(Verb.END_TOKEN, by=by, person=token.person, origin=origin)


def _digest(key: str) -> str:
    """Return what is stored of a secret; it is long and random, so that a plain hash cannot be guessed from."""
    return hashlib.sha256(key.encode()).hexdigest()
