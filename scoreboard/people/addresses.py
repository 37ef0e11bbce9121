"""A person's one e-mail address: a new one counts once it is proven, and a mail to the old one says so."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb, refusals
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys, notifications
from scoreboard.models import AddressChange, Mail, User
from scoreboard.people import directory, invitations, sessions, tokens
from scoreboard.text import one_line


@transaction.atomic
def request_change(person: User, new: str) -> None:
    """Mail a link to `new`, with which `person` proves it; nothing changes until then.

    If somebody else has that address, its owner gets a mail instead, and `person` sees no difference. Raises Invalid
    for the address that the person already has.
    """
    new = one_line(new).lower()
    if new == person.email.lower():
        raise Invalid(_("This is your address already. Type the new one."))
    owner = User.objects.filter(email__iexact=new).first()
    activity.record(Verb.ASK_FOR_ADDRESS, by=person, person=person)
    if owner is None:
        notifications.notify_account(
            person, "confirm_address", address=new, key=Mail.Key.ADDRESS, new=new, hours=keys.HOURS
        )
    elif owner.is_active:
        notifications.notify_account(owner, "address_in_use")


def proven_address(key: str, person: User) -> str:
    """Return the new address that the link with `key` proves for `person`. Raises NotNow if it proves none any more."""
    new = keys.proven_address(key, person)
    if new is None:
        raise NotNow(
            _("This link no longer works, or belongs to another account. Ask for a new one on your account page.")
        )
    return new


@transaction.atomic
def confirm(key: str, *, by: User, from_ip: str | None) -> AddressChange:
    """Give `by` the address that they have proven by the link with `key`, and notify the old one.

    Raises NotNow as `proven_address` does, and if somebody else got that address meanwhile.
    """
    person = User.objects.select_for_update().get(pk=by.pk)
    change = _change(person, proven_address(key, person), by=by, from_ip=from_ip)
    notifications.notify_account(person, "address_changed", address=change.old, change=change)
    return change


@transaction.atomic
def change_for(person: User, new: str, *, by: User, from_ip: str | None) -> AddressChange:
    """Give `person` another address, as an administrator does.

    Their sessions and tokens end and their password is removed: the mail to the new address has the link to set one,
    which proves it. The old address and the officers get a mail. Raises NotNow if somebody else has that address.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    sessions.end(person)
    tokens.end_all(person, by=by)
    change = _change(person, one_line(new).lower(), by=by, from_ip=from_ip)
    notifications.notify_account(person, "address_changed_by_administrator", address=change.old, change=change)
    notifications.notify_officers(
        "address_change_seen", change=change, link=settings.SITE_URL + reverse("people_changes")
    )
    if person.is_active:
        invitations.invite(person, by=by)
    return change


def notify_of_name(person: User, old: str, *, by: User) -> None:
    """Enter that an administrator changed a name, and notify the officers and the person.

    Everything that they wrote shows the new one.
    """
    activity.record(Verb.CHANGE_NAME, by=by, person=person)
    facts: dict[str, Any] = {"address_of": person.email, "old": old, "new": person.name, "by": by}
    notifications.notify_account(person, "name_changed", **facts)
    notifications.notify_officers("name_changed", **facts)


def changed_by_others(since: datetime) -> QuerySet[AddressChange]:
    """Return the changes since a moment that were made by somebody other than the person, of people of this world."""
    found = AddressChange.objects.filter(at__gte=since, by__isnull=False, person__in=directory.people())
    return found.exclude(by=F("person")).select_related("person", "by")


def delete_old_origins() -> int:
    """Delete the network address of changes that are more than a year old; return how many."""
    old = AddressChange.objects.filter(at__lt=clock.now() - timedelta(days=365), from_ip__isnull=False)
    return old.update(from_ip=None)


def _change(person: User, new: str, *, by: User, from_ip: str | None) -> AddressChange:
    old, person.email = person.email, new
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:
        raise NotNow(_("Somebody else has this address meanwhile. Your address was not changed.")) from None
    activity.record(Verb.CHANGE_ADDRESS, by=by, person=person, network=refusals.network(from_ip or ""))
    EmailAddress.objects.filter(user=person).delete()  # the sign-in library's own list would let the old one in
    return AddressChange.objects.create(person=person, old=old, new=new, by=by, from_ip=from_ip)
