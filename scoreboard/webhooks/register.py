"""What administrators do with webhooks: add, test, turn off and on, delete."""

import base64
import secrets
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.ciphers import cipher
from scoreboard.errors import Invalid
from scoreboard.models import User, Webhook, WebhookDelivery
from scoreboard.text import one_line
from scoreboard.webhooks import sending

TEST = "test"  # kind of the message that says nothing but that it arrived


@transaction.atomic
def add(address: str, purpose: str, *, by: User) -> tuple[Webhook, str]:
    """Add a webhook; return it with its secret, which is stored encrypted and not shown again.

    Raises PermissionDenied, and Invalid for an address that is not https, has a user name or another port than 443, or
    is there already.
    """
    _require(by)
    address, purpose = address.strip(), one_line(purpose)
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme == "https" and bool(parts.hostname) and parts.port in (None, 443)
    except ValueError:
        is_usable = False
    if not is_usable or "@" in parts.netloc or parts.fragment:
        raise Invalid(_("Give an address that begins with https://, without a user name, a port or a “#”."))
    if not purpose:
        raise Invalid(_("Say what the webhook is for."))
    if Webhook.objects.filter(address=address).exists():
        raise Invalid(_("There is a webhook with this address already."))
    secret = sending.PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    encrypted = cipher(sending.PURPOSE).encrypt(secret.encode()).decode()
    webhook = Webhook.objects.create(address=address, purpose=purpose, secret=encrypted, added_by=by)
    activity.record(Verb.ADD_WEBHOOK, by=by, detail=str(webhook.pk))
    return webhook, secret


def test(webhook: Webhook, *, by: User) -> WebhookDelivery:
    """Send a message of the kind TEST at once, also to a webhook that is off; return it with what came of it.

    A failure is not counted, and the message is not sent again. Raises PermissionDenied.
    """
    _require(by)
    payload = {"type": TEST, "timestamp": clock.now().isoformat(timespec="seconds"), "data": {}}
    with transaction.atomic():
        due = clock.now() + sending.LEASE  # no worker takes it
        delivery = WebhookDelivery.objects.create(webhook=webhook, kind=TEST, payload=payload, attempts=1, due_at=due)
        activity.record(Verb.TEST_WEBHOOK, by=by, detail=str(webhook.pk))
    sending.deliver(delivery, again=False)  # apart from the transaction: it can take seconds
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def turn_off(webhook: Webhook, *, by: User) -> None:
    """Notify a webhook of nothing more; what waits for it is not sent. Twice is harmless. Raises PermissionDenied."""
    _require(by)
    if Webhook.objects.on().filter(pk=webhook.pk).update(turned_off_at=clock.now()):
        sending.drop_waiting(webhook)
        activity.record(Verb.TURN_OFF_WEBHOOK, by=by, detail=str(webhook.pk))


@transaction.atomic
def turn_on(webhook: Webhook, *, by: User) -> None:
    """Notify a webhook of what happens from now on. Twice is harmless. Raises PermissionDenied."""
    _require(by)
    off = Webhook.objects.filter(pk=webhook.pk, turned_off_at__isnull=False)
    if off.update(turned_off_at=None, failures=0):
        activity.record(Verb.TURN_ON_WEBHOOK, by=by, detail=str(webhook.pk))


@transaction.atomic
def delete(webhook: Webhook, *, by: User) -> None:
    """Delete a webhook with its secret and the list of its messages. Raises PermissionDenied."""
    _require(by)
    activity.record(Verb.DELETE_WEBHOOK, by=by, detail=str(webhook.pk))
    webhook.delete()


def _require(person: User) -> None:
    if not (person.is_active and person.is_staff):
        raise PermissionDenied(_("Only administrators see and change webhooks."))
