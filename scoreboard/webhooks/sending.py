"""Sending messages to webhooks: signed, to the one address that was looked up and is public, without redirects.

A message that is not received is sent again at growing intervals. After OFF attempts that failed in a row, whatever the
messages were, a webhook is turned off and its administrators get a mail.
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from datetime import timedelta
from http.client import HTTPException
from threading import Timer
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, outgoing
from scoreboard.activity import Verb
from scoreboard.ciphers import cipher
from scoreboard.mail import notifications
from scoreboard.models import Origin, User, Webhook, WebhookDelivery

log = logging.getLogger(__name__)

State = WebhookDelivery.State
PURPOSE = "scoreboard.webhooks"  # part of the key of the secrets
PREFIX = "whsec_"  # of a secret, as in Standard Webhooks
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 480, 720, 1440)]  # before the next attempt
LEASE = timedelta(minutes=5)  # longer than any attempt
OFF = 20  # attempts that failed in a row
ROUND = 60  # seconds after which a round ends; the next one sends the rest
DAYS = 30  # for which messages are listed


def send_due() -> int:
    """Send the messages that are due, the oldest first; return how many were received.

    After a failure a webhook gets nothing more in this round, so that one that does not answer keeps no other waiting.
    """
    began, sent, failed = time.monotonic(), 0, set()
    for pk, webhook in list(_due().order_by("due_at", "pk").values_list("pk", "webhook")[:500]):
        if webhook in failed or (delivery := _claim(pk)) is None:
            continue
        if deliver(delivery):
            sent += 1
        else:
            failed.add(webhook)
        if time.monotonic() - began > ROUND:
            break
    return sent


def deliver(delivery: WebhookDelivery, *, again: bool = True) -> bool:
    """Send a message once and store what came of it; return whether it was received. `again`: later, if it was not."""
    try:
        error = _answer(delivery)
    except outgoing.Unsafe:
        error = _("The address leads to no public server, or to another port than 443.")
    except InvalidToken:
        error = _("The secret cannot be read, since SECRET_KEY was changed. Delete the webhook and add it again.")
    except (OSError, HTTPException, ValueError) as problem:
        error = _("No answer: %s") % (str(problem) or type(problem).__name__)
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, state=State.WAITING)
    if not error:
        mine.update(state=State.SENT, sent_at=clock.now(), error="")
        Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0)
        return True
    log.warning("Message %s to webhook %s was not received: %s", delivery.pk, delivery.webhook_id, error)
    if again and delivery.attempts <= len(PAUSES):
        mine.update(due_at=clock.now() + PAUSES[delivery.attempts - 1], error=error[:300])
    else:
        mine.update(state=State.FAILED, error=error[:300])
    if again:
        _count(delivery.webhook)
    return False


def signature(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message, as Standard Webhooks has it."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def drop_waiting(webhook: Webhook) -> None:
    """Send nothing more of what waits for a webhook that is turned off."""
    waiting = webhook.deliveries.filter(state=State.WAITING)
    waiting.update(state=State.FAILED, error=_("Not sent: the webhook was turned off."))


def delete_old() -> int:
    """Delete messages that were written more than DAYS ago and wait no more; return how many."""
    old = WebhookDelivery.objects.filter(written_at__lt=clock.now() - timedelta(days=DAYS))
    deleted: int = old.exclude(state=State.WAITING).delete()[0]
    return deleted


def _due() -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(state=State.WAITING, due_at__lte=clock.now(), webhook__turned_off_at=None)


def _claim(pk: int) -> WebhookDelivery | None:
    """Reserve a message for one attempt; return None if another worker has it."""
    delivery = WebhookDelivery.objects.select_related("webhook").filter(pk=pk).first()
    if delivery is None:
        return None
    mine = WebhookDelivery.objects.filter(
        pk=pk, state=State.WAITING, due_at__lte=clock.now(), attempts=delivery.attempts
    )
    if not mine.update(attempts=F("attempts") + 1, due_at=clock.now() + LEASE):
        return None
    delivery.attempts += 1
    return delivery


def _answer(delivery: WebhookDelivery) -> str:
    """Send a message; return what is wrong with the answer, nothing if it is received. Raises what `deliver` knows."""
    secret = cipher(PURPOSE).decrypt(delivery.webhook.secret.encode()).decode()
    body = json.dumps(delivery.payload, sort_keys=True, separators=(",", ":")).encode()
    timestamp = int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "portal webhooks",
        "webhook-id": delivery.identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, delivery.identifier, timestamp, body),
    }
    parts = urlsplit(delivery.webhook.address)
    host, port = parts.hostname or "", parts.port or outgoing.PORT
    if parts.scheme != "https":
        raise outgoing.Unsafe(host)
    connection = outgoing.ToAddress(host, outgoing.public_address(host, port), port)
    limit = Timer(outgoing.SECONDS, connection.abort)  # for all of it, however slowly a server answers
    limit.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=headers)
        status = connection.getresponse().status
    finally:
        limit.cancel()
        connection.close()
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return _("The server answered %s: redirects are not followed.") % status
    return _("The server answered %s.") % status


@transaction.atomic
def _count(webhook: Webhook) -> None:
    """Count a failure; turn the webhook off and write to the administrators once there are too many."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    webhook.failures += 1
    is_off = webhook.turned_off_at is None and webhook.failures >= OFF
    if is_off:
        webhook.turned_off_at = clock.now()
    webhook.save(update_fields=["failures", "turned_off_at"])
    if is_off:
        drop_waiting(webhook)
        activity.record(Verb.TURN_OFF_WEBHOOK, by=None, detail=str(webhook.pk), origin=Origin.WORKER)
        link = settings.SITE_URL + reverse("admin:scoreboard_webhook_change", args=[webhook.pk])
        for person in User.objects.filter(is_staff=True, is_active=True):
            notifications.notify_account(person, "webhook_off", webhook=webhook, link=link)
