"""Messages to webhooks, written in the transaction of the step that they are about: ids, state and a link, no texts."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from scoreboard import clock
from scoreboard.models import Submission, Version, Webhook, WebhookDelivery

# Step of a submission → kind of the message.
KINDS = {
    "submit": "submission.submitted",
    "recall": "submission.recalled",
    "return_for_changes": "submission.returned",
    "reopen": "submission.returned",
    "accept": "submission.accepted",
    "confirm": "submission.accepted",
}


def about_step(name: str, submission: Submission, version: Version | None = None) -> None:
    """Write what the webhooks get of a step of a submission, if it is one of KINDS; nothing of a rehearsal."""
    if name not in KINDS or submission.cycle.is_rehearsal:
        return
    data = {
        "id": submission.pk,
        "country": submission.country.iso2,
        "cycle": submission.cycle.code,
        "example": submission.cycle.is_example,
        "state": str(submission.state),
        "version": version.number if version else None,
        "url": settings.SITE_URL + reverse("submission-detail", args=[submission.pk]),
    }
    write(KINDS[name], data)


def write(kind: str, data: dict[str, Any]) -> None:
    """Write a message of a kind to each webhook that is on."""
    payload = {"type": kind, "timestamp": clock.now().isoformat(timespec="seconds"), "data": data}
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=one, kind=kind, payload=payload) for one in Webhook.objects.on()
    )
