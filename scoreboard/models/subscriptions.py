"""Addresses to which the portal sends notices of publications, without an account."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .countries import Country
from .cycles import Cycle


class Subscriber(models.Model):
    """An address that asked for notices; `reporting.subscriptions` has its verbs.

    It exists as long as it has a subscription, confirmed or not. No page, list or export shows it to anybody else.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    asked_at = models.DateTimeField(_("last sent a link to confirm at"), default=clock.now)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")

    def __str__(self) -> str:
        return gettext("subscriber")  # never the address: a mail greets its reader so, and logs print it


class Subscription(models.Model):
    """What a subscriber wants notices about: one country, one cycle, or everything."""

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="subscriptions", verbose_name=_("subscriber")
    )
    country = models.ForeignKey(
        Country, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    cycle = models.ForeignKey(Cycle, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("cycle"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(country=None) | Q(cycle=None), name="subscription_about_one_thing"),
            models.UniqueConstraint(
                fields=["subscriber"], condition=Q(country=None, cycle=None), name="subscription_to_everything_once"
            ),
            models.UniqueConstraint(fields=["subscriber", "country"], name="subscription_to_a_country_once"),
            models.UniqueConstraint(fields=["subscriber", "cycle"], name="subscription_to_a_cycle_once"),
        ]

    def __str__(self) -> str:
        return str(self.country or self.cycle or _("Everything that is published"))
