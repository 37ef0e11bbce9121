"""Webhooks: addresses of other systems that are notified of steps, and what was sent to each."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .people import User


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks."""

    def on(self) -> Self:
        """Those that are notified."""
        return self.filter(turned_off_at=None)


class Webhook(models.Model):
    """An address that is notified of steps; `webhooks.register` has the verbs."""

    address = models.URLField(_("address"), max_length=500, unique=True)
    purpose = models.CharField(_("what it is for"), max_length=200)
    secret = models.TextField(_("encrypted secret"), editable=False)  # it signs, so it has to be read again
    failures = models.PositiveSmallIntegerField(_("attempts that failed in a row"), default=0)
    added_at = models.DateTimeField(_("added at"), default=clock.now)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by"))
    turned_off_at = models.DateTimeField(_("turned off at"), null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["address"]
        constraints = [
            models.CheckConstraint(
                condition=Q(address__startswith="https://"),
                name="webhook_https",
                violation_error_message=_("The address must begin with https://."),
            )
        ]

    def __str__(self) -> str:
        return self.address


def new_identifier() -> str:
    """Return a new identifier of a message, by which a receiver notices one that comes twice."""
    return f"msg_{uuid.uuid4().hex}"


class WebhookDelivery(models.Model):
    """A message to a webhook, written in the transaction of its step and sent by the worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENT = "sent", _("received")
        FAILED = "failed", _("not received")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    identifier = models.CharField(_("identifier"), max_length=40, default=new_identifier, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    payload = models.JSONField(_("message"))  # ids, state and a link
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    written_at = models.DateTimeField(_("written at"), default=clock.now)
    due_at = models.DateTimeField(_("to be sent at"), default=clock.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("received at"), null=True, blank=True)
    error = models.CharField(_("what went wrong last"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("message to a webhook")
        verbose_name_plural = _("messages to webhooks")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="webhook_due")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.written_at:%Y-%m-%d %H:%M}"
