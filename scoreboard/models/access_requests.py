"""Requests of newcomers for access."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock
from scoreboard.models.countries import Country
from scoreboard.models.people import Role, optional_person


class AccessRequest(models.Model):
    """Somebody's wish to get a role; `people.requests` has its verbs. It is nobody's business until it is proven.

    Unproven ones are deleted after a week, answered ones after a year.
    """

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    country = models.ForeignKey(
        Country, models.CASCADE, null=True, blank=True, related_name="access_requests", verbose_name=_("country")
    )
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    reason = models.TextField(_("what the access is for"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    proven_at = models.DateTimeField(_("address proven at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("reason of the answer"), blank=True)
    answered_by = optional_person(_("answered by"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for access")
        verbose_name_plural = _("requests for access")
        ordering = ["proven_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None) | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="access_request_answered_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(proven_at__isnull=False),
                name="access_request_proven_before_answered",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(answer=""),
                name="access_request_refused_with_reason",
                violation_error_message=_("Give the reason: it is mailed to who asked."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
