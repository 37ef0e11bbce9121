"""Who is a member of a space: by a role, or invited by an officer until a day, if need be as a guest from outside."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Membership, Role, Space, SpaceMember, User
from scoreboard.network import spaces
from scoreboard.people import invitations, roles


@transaction.atomic
def invite(space: Space, *, email: str, name: str, until: date, note: str = "", by: User) -> SpaceMember:
    """Invite somebody to the space until the end of `until`, and mail them; return the invitation.

    Who holds no role becomes a guest, with the same last day; a person with an account accepts that first. Raises
    PermissionDenied, NotNow for an archived space, and Invalid for what cannot be an invitation.
    """
    space = spaces.lock_to_manage(space, by)
    given = roles.checked(roles.Invitation(email=email, name=name, role=Role.GUEST, until=until, note=note))
    person = User.objects.filter(email__iexact=given.email).first()
    if person == by:
        raise NotNow(_("You are an officer: you see every space already."))
    if person and not person.is_active:
        raise Invalid(_("The account of %s is closed. An administrator can open it again.") % given.email)
    member = SpaceMember.objects.filter(space=space, person=person).first() if person else None
    if member and member.is_in_force:
        raise Invalid(_("%s is invited to this space already. Change the last day instead.") % member.offered_address)
    if person and _roles(person).exists():
        _notify(person, "space_invited", space, by=by, until=until, note=given.note)
    else:
        person = _invite_guest(person, given, space, by)
    member = member or SpaceMember(space=space, person=person)
    member.until, member.invited_by, member.invited_at = until, by, clock.now()
    member.offered_name, member.offered_address = given.name, given.email
    member.ended_at, member.ended_by = None, None
    member.save()
    _fit_guest(person)
    activity.record(Verb.INVITE_TO_SPACE, by=by, person=person, detail=f"{space.pk}, {until}")
    return member


@transaction.atomic
def change(member: SpaceMember, *, until: date, by: User) -> SpaceMember:
    """Give an invitation another last day; a guest's role follows. Return it.

    Raises PermissionDenied, NotNow for one that is over or an archived space, Invalid for a past day.
    """
    member = _lock(member, by)
    roles.require_last_day(until)
    member.until = until
    member.save(update_fields=["until"])
    _fit_guest(member.person)
    activity.record(Verb.CHANGE_SPACE_MEMBER, by=by, person=member.person, detail=f"{member.space_id}, {until}")
    return member


@transaction.atomic
def end(member: SpaceMember, *, by: User) -> SpaceMember:
    """End an invitation at once; the person gets a mail, and what they wrote stays. Return it.

    A guest's role ends with the last invitation. Raises as `change` does.
    """
    member = _lock(member, by)
    member.ended_at, member.ended_by = clock.now(), by
    member.save(update_fields=["ended_at", "ended_by"])
    held = _guest(member.person)
    if held and not _invitations(member.person).exists():
        roles.end(held, by=by)
    else:
        _fit_guest(member.person)
        _notify(member.person, "space_ended", member.space, by=by)
    activity.record(Verb.END_SPACE_MEMBER, by=by, person=member.person, detail=str(member.space_id))
    return member


def _lock(member: SpaceMember, by: User) -> SpaceMember:
    spaces.lock_to_manage(member.space, by)
    member = SpaceMember.objects.select_related("person", "space").get(pk=member.pk)
    if not member.is_in_force:
        raise NotNow(_("This invitation is over. Invite the person again."))
    return member


def _invite_guest(person: User | None, given: roles.Invitation, space: Space, by: User) -> User:
    """Offer the role of a guest to somebody without a role; mail them again unless that was done lately."""
    held = _guest(person) if person else None
    if held is None:
        about = _("It is about the space “%s”.") % space.name
    return roles.invite(replace(given, note=f"{about}\n\n{given.note}".strip()), by=by).person
    if held.offered_at < clock.now() - invitations.AGAIN:
        roles.send_again(held, by=by)
    return held.person


def _roles(person: User) -> QuerySet[Membership]:
    """Return the roles that somebody holds; of a person who has set no password none is in use yet."""
    held = Membership.objects.in_force().filter(person=person)
    return held if person.has_usable_password() else held.exclude(role=Role.GUEST)


def _guest(person: User) -> Membership | None:
    """Return the role of a guest that somebody has or is invited to."""
    found = person.memberships.unended().filter(role=Role.GUEST, declined_at=None).select_related("person")
    return found.order_by("pk").first()


def _invitations(person: User) -> QuerySet[SpaceMember]:
    return SpaceMember.objects.in_force().filter(person=person)


def _fit_guest(person: User) -> None:
    """Let a guest's role last as long as their longest invitation."""
    if held := _guest(person):
        held.until = _invitations(person).aggregate(last=Max("until"))["last"]
        held.save(update_fields=["until"])


def _notify(person: User, event: str, space: Space, *, by: User, **facts: Any) -> None:
    link = settings.SITE_URL + reverse("space", args=[space.pk])
    notifications.notify_account(person, event, reply_to=by.email, by=by, space=space, link=link, **facts)


# --- who is a member


@dataclass(frozen=True)
class Row:
    """A member as the others see them: who, for whom, and until when; `member` if they are invited."""

    person: User
    belongs: str
    member: SpaceMember | None = None


def people(space: Space) -> list[Row]:
    """Return the members of a space by name, each once: by role, and those invited who have accepted."""
    found: dict[int, Row] = {}
    for audience in space.audiences.select_related("network"):
        for held in audience.memberships().select_related("person", "country", "organisation"):
            found.setdefault(held.person_id, Row(held.person, str(held)))
    for member in accepted(space):
        found.setdefault(member.person_id, Row(member.person, _belongs(member.person), member))
    return sorted(found.values(), key=lambda row: (str(row.person).casefold(), row.person.pk))


def accepted(space: Space) -> QuerySet[SpaceMember]:
    """Return the invitations of today whose person holds a role, of a guest at least."""
    held = Membership.objects.in_force().values("person")
    found = SpaceMember.objects.in_force().filter(space=space, person__is_active=True, person__in=held)
    return found.select_related("person").prefetch_related(
        "person__memberships__country", "person__memberships__organisation"
    )


def invited(space: Space) -> QuerySet[SpaceMember]:
    """Return every invitation to a space, also those that are over, for its officers."""
    return space.members.select_related("person", "invited_by", "ended_by")


def _belongs(person: User) -> str:
    held: Iterable[Membership] = person.memberships.all()
    return ", ".join(sorted({str(one) for one in held if one.is_in_force}))
