"""What a country asks of the Secretariat: more time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import rehearsal

from .submissions import Submission


class ExtensionRequestManager(models.Manager["ExtensionRequest"]):
    """The requests of this world: see `rehearsal`."""

    def get_queryset(self) -> models.QuerySet["ExtensionRequest"]:
        return super().get_queryset().filter(submission__cycle__is_rehearsal=rehearsal.is_on())


class ExtensionRequest(models.Model):
    """A country's wish for a later last day, with a reason, until an officer extends or refuses."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="extension_requests", verbose_name=_("submission")
    )
    until = models.DateField(_("asked for, until"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    granted = models.BooleanField(_("granted"), null=True, blank=True)  # None until it is answered
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ExtensionRequestManager()

    class Meta:
        verbose_name = _("request for an extension")
        verbose_name_plural = _("requests for an extension")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(granted=None),
                name="extension_request_one_open",
                violation_error_message=_("Your country has asked already; the Secretariat decides."),
            ),
            models.CheckConstraint(
                condition=Q(granted=None, answered_at=None, answered_by=None, answer="")
                | (Q(granted__isnull=False, answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="extension_request_answered_with_reason",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_request_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.until}"
