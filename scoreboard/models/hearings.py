"""Hearings: what a country was asked about its answers that came in by a file, and what it said before publication."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .people import optional_person
from .submissions import Submission, Version


class Hearing(models.Model):
    """What a country says of answers entered for it before they are published; `earlier_rounds.hearing` writes it.

    Without `asked_at` nobody could be asked, and an officer recorded the objection.
    """

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="hearing", verbose_name=_("submission"))
    # What it is about: an import that is undone takes its version away, and the hearing with it.
    version = models.ForeignKey(Version, models.CASCADE, related_name="+", verbose_name=_("version"))
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    asked_by = optional_person(_("asked by"))
    until = models.DateField(_("until the end of"), null=True, blank=True)  # a day of the cycle's calendar
    read_at = models.DateTimeField(_("confirmed as read at"), null=True, blank=True)
    read_by = optional_person(_("confirmed as read by"))
    objected_at = models.DateTimeField(_("objected to being named at"), null=True, blank=True)
    objected_by = optional_person(_("objected to being named by"))
    objection = models.TextField(_("why it objects"), blank=True)
    on_behalf = models.BooleanField(_("recorded on behalf of the country"), default=False)

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")
        ordering = ["submission"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, asked_by__isnull=True, until__isnull=True)
                | Q(asked_at__isnull=False, asked_by__isnull=False, until__isnull=False),
                name="hearing_asked_until_a_day",
                violation_error_message=_("Choose the last day on which countries can object."),
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="hearing_read_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(objected_at__isnull=True, objected_by__isnull=True, objection="", on_behalf=False)
                | (Q(objected_at__isnull=False, objected_by__isnull=False) & ~Q(objection="")),
                name="hearing_objection_has_reason",
                violation_error_message=_("Say why the country is not to be named."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.submission)
