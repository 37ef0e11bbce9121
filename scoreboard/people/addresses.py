"""A person's one e-mail address: a new one counts once it is proven, and the old one is told."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import clock
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys, notifications
from scoreboard.models import AddressChange, Mail, User
from scoreboard.people import invitations
from scoreboard.text import one_line


@transaction.atomic
def ask(person: User, new: str) -> None:
    """Mail a link to `new`, with which `person` proves it; nothing changes until then.

    If somebody else has that address, its owner is told instead, and whoever asked sees no difference. Raises Invalid
    for the address that the person has already.
    """
    new = one_line(new).lower()
    if new == person.email.lower():
        raise Invalid(_("This is your address already. Type the new one."))
    owner = User.objects.filter(email__iexact=new).first()
    if owner is None:
        notifications.tell_account(
            person, "confirm_address", address=new, key=Mail.Key.ADDRESS, new=new, hours=keys.HOURS
        )
    elif owner.is_active:
        notifications.tell_account(owner, "address_in_use")


def proven(key: str, person: User) -> str:
    """Return the new address that the link with `key` proves for `person`. Raises NotNow if it proves none any more."""
    new = keys.proven(key, person)
    if new is None:
        raise NotNow(
            _("This link no longer works, or belongs to another account. Ask for a new one on your account page.")
        )
    return new


@transaction.atomic
def confirm(key: str, *, by: User, from_ip: str | None) -> AddressChange:
    """Give `by` the address that they have proven by the link with `key`, and tell the old one.

    Raises NotNow as `proven` does, and if somebody else got that address meanwhile.
    """
    person = User.objects.select_for_update().get(pk=by.pk)
    change = _change(person, proven(key, person), by=by, from_ip=from_ip)
    notifications.tell_account(person, "address_changed", address=change.old, change=change)
    return change


@transaction.atomic
def change_for(person: User, new: str, *, by: User, from_ip: str | None) -> AddressChange:
    """Give `person` another address, as an administrator does.

    Their sessions end and their password goes: the mail to the new address carries the link to set one, which proves
    it. The old address and the officers are told. Raises NotNow if somebody else has that address.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    change = _change(person, one_line(new).lower(), by=by, from_ip=from_ip)
    notifications.tell_account(person, "address_changed_by_administrator", address=change.old, change=change)
    notifications.tell_officers("address_change_seen", change=change, link=settings.SITE_URL + reverse("people"))
    if person.is_active:
        invitations.invite(person, by=by)
    return change


def tell_of_name(person: User, old: str, *, by: User) -> None:
    """Tell the officers, and the person, that an administrator changed a name: everything they wrote shows it."""
    facts: dict[str, Any] = {"address_of": person.email, "old": old, "new": person.name, "by": by}
    notifications.tell_account(person, "name_changed", **facts)
    notifications.tell_officers("name_changed", **facts)


def changed_by_others(since: datetime) -> QuerySet[AddressChange]:
    """Return the changes since a moment that somebody else than the person made."""
    found = AddressChange.objects.filter(at__gte=since, by__isnull=False).exclude(by=F("person"))
    return found.select_related("person", "by")


def forget_origins() -> int:
    """Drop from which network address a change was made once it is a year old; return how many."""
    old = AddressChange.objects.filter(at__lt=clock.now() - timedelta(days=365), from_ip__isnull=False)
    return old.update(from_ip=None)


def _change(person: User, new: str, *, by: User, from_ip: str | None) -> AddressChange:
    old, person.email = person.email, new
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:
        raise NotNow(_("Somebody else has this address meanwhile. Your address was not changed.")) from None
    EmailAddress.objects.filter(user=person).delete()  # the sign-in library's own list would let the old one in
    return AddressChange.objects.create(person=person, old=old, new=new, by=by, from_ip=from_ip)
