"""What happened to people's accounts: changes of address, and second factors that were removed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .people import User, optional_person


class AddressChange(models.Model):
    """A change of a person's e-mail address: by whom, when, from where; `people.addresses` writes it."""

    person = models.ForeignKey(User, models.CASCADE, related_name="address_changes", verbose_name=_("person"))
    old = models.EmailField(_("old address"))
    new = models.EmailField(_("new address"))
    by = optional_person(_("by"), help_text=_("Nobody for the portal itself."))
    at = models.DateTimeField(_("at"), default=clock.now)
    from_ip = models.GenericIPAddressField(_("from the network address"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class SecondFactorRemoval(models.Model):
    """The removal of a lost second factor: by whom, why and when; `people.second_factor` writes it."""

    person = models.ForeignKey(User, models.CASCADE, related_name="second_factor_removals", verbose_name=_("person"))
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Nobody for an operator on the server."),
    )
    at = models.DateTimeField(_("at"), default=clock.now)
    reason = models.TextField(_("reason"))
    from_ip = models.GenericIPAddressField(_("from the network address"), null=True, blank=True)

    class Meta:
        verbose_name = _("removal of a second factor")
        verbose_name_plural = _("removals of second factors")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="second_factor_removal_has_reason",
                violation_error_message=_("Say why the second factor is removed."),
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | ~Q(by=F("person")),
                name="second_factor_removal_by_another",
                violation_error_message=_("Nobody removes their own second factor here."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
