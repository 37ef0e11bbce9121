"""Invitations: a new person gets a link to set a password; a person with an account accepts first."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys, notifications
from scoreboard.models import Assignment, Country, CountryGroup, Mail, Membership, Origin, Role, User
from scoreboard.text import one_line

AGAIN = timedelta(hours=1)  # between two links that a person requests on the page of an expired one


@transaction.atomic
def invite(person: User, *, by: User | None = None, origin: Origin | str = "") -> Mail:
    """Mail `person` a link to set their password, or a new one if they have one, and return the mail.

    `by` is None for the command line, and where the person asks for it themselves.
    """
    record_link_sent(person)
    activity.record(Verb.INVITE, by=by, person=person, origin=origin)
    if person.has_usable_password():
        return send_password_link(person)
    return notifications.notify_account(person, "invite", key=Mail.Key.INVITATION, by=by, days=keys.DAYS)


def send_password_link(person: User) -> Mail:
    """Mail `person` a link to set a new password, and return the mail."""
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return notifications.notify_account(person, "password_link", key=Mail.Key.PASSWORD, hours=hours)


def record_link_sent(person: User) -> None:
    """Record that a link to set a password is sent to `person` now."""
    person.link_sent_at = clock.now()
    person.save(update_fields=["link_sent_at"])


def is_still_invited(person: User) -> bool:
    """Return whether the person holds, or can still accept, something that they were invited to."""
    roles = person.memberships.unended().filter(declined_at=None)
    parts = person.assignments.unended()
    return person.is_active and (
        person.is_staff or person.staff_offered_at is not None or roles.exists() or parts.exists()
    )


@transaction.atomic
def invite_again(person: User) -> Mail:
    """Mail a new link to the person's address, as they request on the page of an expired one; return the mail.

    A person who has set a password gets a link to set a new one. Raises NotNow within the hour after the last link,
    and if nothing that they were invited to is left.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if not is_still_invited(person):
        raise NotNow(_("What you were invited to has ended. Ask who invited you, or the Secretariat."))
    if person.link_sent_at and clock.now() - person.link_sent_at < AGAIN:
        raise NotNow(_("You were mailed a link within the last hour. Look for it in your e-mail first."))
    return invite(person, origin=Origin.PAGE)


# --- roles, which somebody with an account accepts first


def person_with(email: str, name: str) -> tuple[User, bool]:
    """Return the person with this address, and whether the account is made by this call.

    Raises Invalid for a new account without a name.
    """
    email, name = one_line(email), one_line(name)
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        if not name:
            raise Invalid(_("Give the name of your colleague."))
        try:
            with transaction.atomic():
                return User.objects.create_user(email, name=name), True
        except IntegrityError:  # somebody else invited them at the same moment
            person = User.objects.get(email__iexact=email)
    return person, False


@transaction.atomic
def give_role(
    membership: Membership,
    *,
    by: User | None,
    name: str = "",
    networks: Collection[CountryGroup] = (),
    note: str = "",
) -> Membership:
    """Store a membership that is new or whose role has changed, and return it.

    A person who has set a password has proven the address, and accepts before it counts: they get a mail. For a new
    person it counts at once, since nobody signs in before they have proven the address by the link to set a password.
    `name` is the name that the inviter typed; `by` is None for the command line. Raises NotNow for a role that
    somebody gives themselves: an administrator could write as a country unseen. Raises PermissionDenied for one that
    `by` may not give (see `rules.GIVES`).
    """
    person = membership.person
    membership.offered_as = ""
    if by is not None:
        if by == person:
            raise NotNow(no_role_for_oneself())
        membership.offered_as = lock_giver(by, membership.role, membership.country)
    membership.offered_by, membership.offered_at = by, clock.now()
    membership.offered_name, membership.offered_address, membership.note = name, person.email, note
    membership.accepted_at, membership.declined_at = clock.now(), None
    membership.ended_at, membership.ended_by = None, None
    if person.has_usable_password():
        membership.accepted_at = None
    membership.save()
    activity.record(Verb.GIVE_ROLE, by=by, person=person, country=membership.country, detail=membership.role)
    if networks:
        membership.networks.set(networks)
    if membership.accepted_at:
        notify_of_role(membership)
    else:
        notify_of_role_offered(membership)
    return membership


def lock_giver(by: User, role: str, country: Country | None) -> str:
    """Return the role in which `by` gives `role`, which nobody can end before this transaction does.

    Raises PermissionDenied for a role that `by` may not give, or not any more: who ends the role of `by` at the same
    moment withdraws what was offered in it, and so must see each offer.
    """
    gives_as = rules.gives_as(by, role, country)
    if not gives_as or not is_held(by, gives_as, country, lock=True):
        raise rules.not_yours_to_give()
    return gives_as


def is_held(person: User, role: str, country: Country | None, *, lock: bool = False) -> bool:
    """Return whether the database says that somebody gives roles as `role` now, of a national one for `country`."""
    if role == rules.ADMINISTRATOR:
        return User.objects.filter(pk=person.pk, is_staff=True, is_active=True).exists()
    held = Membership.objects.in_force().filter(person=person, person__is_active=True, role=role)
    if Role(role).is_national:
        held = held.filter(country=country)
    return bool(held.select_for_update(of=("self",)) if lock else held)


def notify_of_role_offered(membership: Membership) -> None:
    """Mail a person with an account the role that they are invited to, with a link to accept it."""
    if membership.person.is_active:
        facts = {"membership": membership, "networks": list(membership.networks.all()), "note": membership.note}
        notify_of_offer(membership.person, str(membership), by=membership.offered_by, **facts)


def notify_of_role(membership: Membership) -> None:
    """Notify those whom a role in effect concerns, except its holder: its country's focal points and the officers.

    Officers are not mailed what officers give: 58 invitations would be 58 mails to each. A focal point's invitation is
    told when it is sent (`people.roles`). Roles given on the command line are listed on the page of changes only.
    """
    if membership.offered_by is not None and membership.offered_as != Role.FOCAL:
        link = settings.SITE_URL + reverse("people_changes")
        notifications.notify_of_role(membership, link=link, officers=membership.offered_as != Role.SECRETARIAT)


def no_role_for_oneself() -> str:
    """Return the sentence that refuses a role to the person who gives it."""
    return _("Nobody gives a role to themselves, or a later last day. Ask a colleague who may.")


def roles_given(since: datetime) -> QuerySet[Membership]:
    """Return the roles in effect or over that administrators and operators have given since a moment."""
    found = Membership.objects.filter(offered_at__gte=since, accepted_at__isnull=False).exclude(offered_address="")
    return found.select_related("person", "country", "organisation", "offered_by").order_by("-offered_at", "-pk")


@transaction.atomic
def give_administration(person: User, *, by: User | None) -> bool:
    """Offer to make somebody an administrator; return whether they are one at once, as a new person is.

    Raises NotNow for oneself, PermissionDenied unless `by` is an administrator, or None for the command line.
    """
    if by == person:
        raise NotNow(no_role_for_oneself())
    if by is not None and not rules.may_give(by, rules.ADMINISTRATOR, to=person):
        raise rules.not_yours_to_give()
    if person.is_staff:
        return True
    if not person.has_usable_password():
        person.is_staff = True
    else:
        person.staff_offered_at = clock.now()
        notify_of_offer(person, _("Administrator"), by=by)
    person.save(update_fields=["is_staff", "staff_offered_at"])
    activity.record(Verb.GIVE_ADMINISTRATION, by=by, person=person)
    return person.is_staff


def notify_of_offer(person: User, what: str, *, by: User | None, **facts: Any) -> None:
    """Mail a person with an account what they are invited to, with a link to accept it."""
    link = settings.SITE_URL + reverse("invitation_list")
    reply_to = by.email if by else ""
    notifications.notify_account(person, "offer", reply_to=reply_to, by=by, what=what, link=link, **facts)


def roles_offered(person: User) -> QuerySet[Membership]:
    """Return the roles that `person` has not accepted or declined yet."""
    found = Membership.objects.offered().filter(person=person)
    found = found.select_related("country", "organisation", "offered_by").prefetch_related("networks")
    return found.order_by("offered_at", "pk")


def parts_offered(person: User) -> QuerySet[Assignment]:
    """Return the parts that `person` has not accepted or declined yet."""
    found = Assignment.objects.offered().filter(person=person)
    return found.select_related("submission__country", "submission__cycle", "invited_by").order_by("invited_at", "pk")


def count_unanswered(person: User) -> int:
    """Return how many invitations the person has not answered."""
    roles = Membership.objects.offered().filter(person=person).order_by().values("pk")
    parts = Assignment.objects.offered().filter(person=person).order_by().values("pk")
    return roles.union(parts, all=True).count() + (person.staff_offered_at is not None)


@transaction.atomic
def answer_role(membership: Membership, *, accepts: bool, by: User) -> Membership:
    """Accept or decline a role as the person to whom it was offered.

    Raises NotNow if it is not offered any more, for accepting a role that `by` has offered, and for one whose giver
    may not give it any more.
    """
    found = Membership.objects.offered().select_for_update(of=("self",)).filter(pk=membership.pk, person=by).first()
    if found is None:
        raise NotNow(not_offered())
    if accepts and found.offered_by_id == by.pk:
        raise NotNow(no_role_for_oneself())
    if accepts and not _has_giver(found):
        raise NotNow(inviter_has_gone())
    found.accepted_at, found.declined_at = (clock.now(), None) if accepts else (None, clock.now())
    found.save(update_fields=["accepted_at", "declined_at"])
    verb = Verb.ACCEPT_ROLE if accepts else Verb.DECLINE_ROLE
    activity.record(verb, by=by, country=found.country, detail=found.role)
    if accepts:
        notify_of_role(found)
    return found


@transaction.atomic
def answer_administration(*, accepts: bool, by: User) -> bool:
    """Accept or decline to be an administrator; return whether they are one. Raises NotNow if it is not offered."""
    person = User.objects.select_for_update().get(pk=by.pk)
    if person.staff_offered_at is None:
        raise NotNow(not_offered())
    person.staff_offered_at, person.is_staff = None, accepts
    person.save(update_fields=["is_staff", "staff_offered_at"])
    activity.record(Verb.ACCEPT_ROLE if accepts else Verb.DECLINE_ROLE, by=by, detail="administrator")
    return accepts


@transaction.atomic
def withdraw_lapsed(person: User) -> None:
    """End the roles and parts of somebody without a password yet whose inviters may not give them any more.

    What a new person is invited to counts as soon as a password is set; until then it is an open invitation.
    """
    for membership in person.memberships.unended().filter(declined_at=None).select_related("country", "offered_by"):
        if not _has_giver(membership):
            membership.ended_at = clock.now()
            membership.save(update_fields=["ended_at"])
            activity.record(
                Verb.END_ROLE,
                by=None,
                person=person,
                country=membership.country,
                detail=membership.role,
                origin=Origin.PAGE,
            )
    for part in person.assignments.unended().select_related("submission", "invited_by"):
        if not rules.may(part.invited_by, "involve", part.submission):
            part.ended_at = clock.now()
            part.save(update_fields=["ended_at"])
            activity.record(Verb.END_PART, by=None, submission=part.submission, person=person, origin=Origin.PAGE)


def _has_giver(membership: Membership) -> bool:
    """Whether who offered the role, in a role of theirs, may still give it; operators always may."""
    giver = membership.offered_by
    return giver is None or not membership.offered_as or rules.may_give(giver, membership.role, membership.country)


def inviter_has_gone() -> str:
    """Return the sentence about an invitation by somebody whose own role is over."""
    return _("Who invited you may not do so any more. Ask the Secretariat for an invitation.")


def not_offered() -> str:
    """Return the sentence about an invitation that cannot be answered any more."""
    return _("This invitation was answered already, withdrawn, or has ended. Ask who invited you.")
