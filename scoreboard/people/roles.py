"""Roles of people: invite somebody, change dates and networks, end, hand over. `rules.GIVES` and `ENDS` say who may."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys, notifications
from scoreboard.models import Country, CountryGroup, Mail, Membership, Organisation, Role, User
from scoreboard.people import invitations
from scoreboard.text import one_line, require_storable, stripped

REACH = timedelta(days=3653)  # a last day further away than ten years is a typing error
MAX_NOTE = 2_000  # characters of a personal note


@dataclass(frozen=True)
class Invitation:
    """Whom to invite to which role, as typed."""

    email: str
    name: str
    role: Role
    country: Country | None = None
    organisation: Organisation | None = None
    networks: Sequence[CountryGroup] = ()
    until: date | None = None
    note: str = ""


@transaction.atomic
def invite(invitation: Invitation, *, by: User) -> Membership:
    """Give the role, or offer it to somebody with an account, and mail them one invitation; return the membership.

    A focal point's invitation of another one is told to the officers and the country's other focal points, who can undo
    it. Raises PermissionDenied for a role that `by` may not give, NotNow for oneself, and Invalid with a sentence for
    what does not fit together, or somebody who holds the role or is invited to it already.
    """
    invitation = checked(invitation)
    role, country = invitation.role, invitation.country
    if role == Role.CONTRIBUTOR:  # who is asked with a part of the answers
        raise rules.not_yours_to_give()
    gives_as = invitations.lock_giver(by, role, country)
    if invitation.email.lower() == by.email.lower():
        raise NotNow(invitations.no_role_for_oneself())
    person, _is_new = invitations.person_with(invitation.email, invitation.name)
    person = User.objects.select_for_update().get(pk=person.pk)
    is_officers = gives_as != Role.FOCAL
    if not person.is_active and is_officers:
        raise Invalid(_("The account of %s is closed. An administrator can open it again.") % invitation.email)
    if held := held_by(person, invitation):
        raise Invalid(_already(held))
    membership = Membership(
        person=person,
        role=role,
        country=country,
        organisation=invitation.organisation,
        since=clock.today(),
        until=invitation.until,
    )
    invitations.give_role(membership, by=by, name=invitation.name, networks=invitation.networks, note=invitation.note)
    if membership.accepted_at:
        send_link(membership, by=by)
    if not is_officers:
        _notify_of_focal_point(membership, by=by)
    return membership


def checked(invitation: Invitation) -> Invitation:
    """Return the invitation with clean text; raise Invalid with a sentence for what does not fit together."""
    email, name = one_line(invitation.email), one_line(invitation.name)
    note = stripped(invitation.note)
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(_("“%s” is no e-mail address. Type one such as name@ministry.example.") % email) from None
    for text, most in ((email, 254), (name, 150), (note, MAX_NOTE)):
        require_storable(text, most)
    role, country, organisation = Role(invitation.role), invitation.country, invitation.organisation
    if role.is_national and country is None:
        raise Invalid(_("A focal point or contributor belongs to a country: name one."))
    if not role.is_national and country is not None:
        raise Invalid(_("The role %s belongs to no country: leave the country empty.") % role.label)
    if role.is_national and organisation is not None:
        raise Invalid(_("A focal point belongs to a country, not to an organisation: leave the organisation empty."))
    if role == Role.OBSERVER and organisation is None:
        raise Invalid(_("An observer belongs to an organisation: name one."))
    if invitation.networks and role != Role.FOCAL:
        raise Invalid(_("Only focal points are named for networks: leave the networks empty."))
    if any(network.secretariat_id is None for network in invitation.networks):
        raise Invalid(_("One of the groups is no network. Choose from the list."))
    require_last_day(invitation.until)
    return Invitation(email, name, role, country, organisation, invitation.networks, invitation.until, note)


def require_last_day(until: date | None) -> None:
    """Raise Invalid for a last day that has passed, or that is a typing error."""
    if until is None:
        return
    if until < clock.today():
        raise Invalid(_("The last day has passed. Choose today or a later day."))
    if until - clock.today() > REACH:
        raise Invalid(_("Choose a last day within ten years."))


def held_by(person: User, invitation: Invitation) -> Membership | None:
    """Return the membership by which a person has the role of an invitation already, or is invited to it."""
    same = person.memberships.filter(
        role=invitation.role, country=invitation.country, organisation=invitation.organisation
    )
    found = same.unended().filter(declined_at=None).select_related("person", "country", "organisation")
    return found.order_by("-accepted_at", "pk").first()


@transaction.atomic
def change(membership: Membership, *, until: date | None, networks: Collection[CountryGroup], by: User) -> Membership:
    """Give a role another last day, None for no last day, and the networks that it is for; return it.

    A later last day needs who may give the role, and never its holder; an earlier one who may end it. Raises
    PermissionDenied, NotNow for what is over or one's own to prolong, and Invalid.
    """
    membership = _lock(membership)
    if membership.role == Role.CONTRIBUTOR:
        raise NotNow(_("The last day of a contributor is that of their part, which a focal point sets."))
    earlier = until is not None and (membership.until is None or until < membership.until)
    before = set(membership.networks.all())
    if until != membership.until:
        if not earlier and membership.person_id == by.pk:
            raise NotNow(invitations.no_role_for_oneself())
        allowed = rules.may_end(by, membership) if earlier else _may_give(by, membership)
        if not allowed:
            raise rules.not_yours_to_give()
        require_last_day(until)
        if until and membership.since and until < membership.since:
            raise Invalid(_("The last day is before the first one."))
    if set(networks) != before:
        if membership.role != Role.FOCAL:
            raise Invalid(_("Only focal points are named for networks: leave the networks empty."))
        if membership.person_id == by.pk:
            raise NotNow(_("The Secretariat says for which networks you are a focal point. Write to it."))
        if not _may_give(by, membership):
            raise rules.not_yours_to_give()
    membership.until = until
    membership.save(update_fields=["until"])
    membership.networks.set(networks)
    _record(Verb.CHANGE_ROLE, membership, by)
    return membership


@transaction.atomic
def end(membership: Membership, *, by: User, last_day: date | None = None) -> Membership:
    """End a role with its `last_day`, or at once; withdraw one that is not accepted. Return it.

    Its person gets a mail if they have used it, unless they end it themselves; of a focal point's the other focal
    points, and the officers unless one of them did it. What was offered in the role and nobody has answered is
    withdrawn too, unless its holder stays until a last day of their own choice. Raises PermissionDenied, NotNow for a
    role that is over, and Invalid.
    """
    membership = _lock(membership)
    if not rules.may_end(by, membership):
        raise rules.not_yours_to_give()
    if membership.role == Role.CONTRIBUTOR:
        raise NotNow(_("A contributor’s access ends with their parts."))
    if last_day is None or not membership.accepted_at:
        end_now(membership, by=by)
    else:
        require_last_day(last_day)
        if membership.until and last_day > membership.until:
            raise Invalid(_("The role ends before that day already. Choose an earlier one."))
        if membership.since and last_day < membership.since:
            raise Invalid(_("The last day is before the first one."))
        membership.until = last_day
        membership.save(update_fields=["until"])
        _record(Verb.END_ROLE, membership, by)
    if membership.ended_at or (membership.role == Role.FOCAL and membership.person_id != by.pk):
        for offer in _unanswered_offers_of(membership):
            end_now(offer, by=by)
    _notify_of_end(membership, by=by)
    return membership


def end_now(membership: Membership, *, by: User) -> None:
    """Record that `by` has ended or withdrawn a membership now; the verbs have checked that they may."""
    membership.ended_at, membership.ended_by = clock.now(), by
    membership.save(update_fields=["ended_at", "ended_by"])
    _record(Verb.END_ROLE, membership, by)


@transaction.atomic
def send_again(membership: Membership, *, by: User) -> Membership:
    """Mail an invitation that is not answered once more, with a fresh link.

    Raises PermissionDenied, NotNow if it is answered or over, and within the hour after the last one.
    """
    membership = _lock(membership)
    person = membership.person
    if not _may_give(by, membership):
        raise rules.not_yours_to_give()
    if membership.declined_at or membership.is_used or not person.is_active:
        raise NotNow(_("This invitation is answered, or the account is closed."))
    lately = Mail.objects.filter(
        to=person, event__in=("role_invited", "offer", "invite"), written_at__gt=clock.now() - invitations.AGAIN
    )
    if lately.exists():
        raise NotNow(_("An invitation was sent to this address within the last hour. Wait before you send another."))
    if membership.accepted_at:
        send_link(membership, by=by)
    else:
        invitations.notify_of_role_offered(membership)
    _record(Verb.SEND_AGAIN, membership, by)
    return membership


@transaction.atomic
def hand_over(membership: Membership, *, email: str, name: str, last_day: date, note: str = "", by: User) -> Membership:
    """Invite a successor to the same role, country and networks, and end the role with `last_day`; return the new one.

    Raises as `invite` and `end` do.
    """
    membership = _lock(membership)
    if membership.role == Role.GUEST:
        raise NotNow(_("A guest is invited on the page of a space. Invite the successor there."))
    if email.lower() == membership.person.email.lower():
        raise Invalid(_("This is the address of who holds the role. Type the successor’s."))
    successor = invite(
        Invitation(
            email=email,
            name=name,
            role=Role(membership.role),
            country=membership.country,
            organisation=membership.organisation,
            networks=list(membership.networks.all()),
            until=membership.until,
            note=note,
        ),
        by=by,
    )
    end(membership, by=by, last_day=last_day)
    return successor


def _record(verb: Verb, membership: Membership, by: User) -> None:
    """Enter in the activity log what was done to somebody's role."""
    activity.record(verb, by=by, person=membership.person, country=membership.country, detail=membership.role)


def _may_give(by: User, membership: Membership) -> bool:
    return rules.may_give(by, membership.role, membership.country, to=membership.person)


def _lock(membership: Membership) -> Membership:
    """Return the membership, locked; raise NotNow if it is over."""
    found = Membership.objects.select_for_update(of=("self",)).select_related("person", "country", "organisation")
    membership = found.get(pk=membership.pk)
    if not membership.is_unended:
        raise NotNow(_("This role has ended already. Whoever should have it again is invited anew."))
    return membership


def _already(held: Membership) -> str:
    if held.is_used:
        until = _(", until %s") % date_format(held.until) if held.until else ""
        return _("%(who)s holds this role already%(until)s. Change its dates or networks instead.") % {
            "who": held.person.email,
            "until": until,
        }
    return _("%s is invited to this role already. Send that invitation again instead.") % held.address


def _unanswered_offers_of(membership: Membership) -> Sequence[Membership]:
    """Return what was offered in a role that ends and nobody has used; nothing if its holder has it elsewhere too."""
    offered = Membership.objects.unended().filter(
        offered_by=membership.person, offered_as=membership.role, declined_at=None
    )
    if membership.country:
        offered = offered.filter(country=membership.country)
    elif membership.ended_at and invitations.is_held(membership.person, membership.role, None):
        return []
    unproven = offered.filter(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return [*offered.filter(accepted_at=None), *unproven.filter(accepted_at__isnull=False)]


def send_link(membership: Membership, *, by: User) -> None:
    """Mail the invitation with a link to set the first password."""
    person = membership.person
    invitations.record_link_sent(person)
    notifications.notify_account(
        person,
        "role_invited",
        key=Mail.Key.INVITATION,
        reply_to=by.email,
        by=by,
        days=keys.DAYS,
        what=str(membership),
        membership=membership,
        networks=list(membership.networks.all()),
        note=membership.note,
    )


def _notify_of_focal_point(membership: Membership, *, by: User) -> None:
    """Tell the officers and the country's other focal points whom a focal point invites, and where to undo it."""
    assert membership.country is not None  # noqa: S101 - a focal point's role has one
    link = settings.SITE_URL + reverse("role_end", args=[membership.pk])
    notifications.notify_of_role(membership, "focal_invited", link=link, focal_link=link, by=by)


def _notify_of_end(membership: Membership, *, by: User) -> None:
    person = membership.person
    if membership.is_used and person != by and person.is_active:
        notifications.notify_account(
            person, "role_ended", reply_to=by.email, by=by, membership=membership, link="", own=True
        )
    if membership.country and membership.role == Role.FOCAL:
        link = settings.SITE_URL + reverse("people_country", args=[membership.country.iso2.lower()])
        officers = not rules.may(by, "see_people")
        notifications.notify_of_role(membership, "role_ended", link=link, officers=officers, by=by, own=False)
