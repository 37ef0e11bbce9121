"""Results of earlier rounds that came in by a file: who brought which file in, and what names in files stand for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .answers import Origin
from .countries import Country
from .people import User, optional_person


class ResultsImport(models.Model):
    """A file from which accepted submissions of past cycles were entered; `earlier_rounds.entering` writes it.

    `submissions` are those that came in by it; once it is undone there are none.
    """

    file_name = models.CharField(_("name of the file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    rows = models.PositiveIntegerField(_("answers that the file held"))
    countries = models.PositiveIntegerField(_("submissions that the file held"))
    cycles = models.CharField(_("codes of the cycles"), max_length=400)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("brought in by"))
    at = models.DateTimeField(_("brought in at"), default=clock.now)
    origin = models.CharField(_("from"), max_length=10, choices=Origin)
    undone_by = optional_person(_("undone by"))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of results")
        verbose_name_plural = _("imports of results")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="results_import_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class RememberedName(models.Model):
    """The country that an officer chose for a name or code in files; `earlier_rounds.names` writes it."""

    key = models.CharField(_("name as it is compared"), max_length=200, unique=True)
    name = models.CharField(_("name in the file"), max_length=200)
    country = models.ForeignKey(Country, models.CASCADE, related_name="+", verbose_name=_("country"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("remembered by"))
    at = models.DateTimeField(_("remembered at"), default=clock.now)

    class Meta:
        verbose_name = _("remembered name")
        verbose_name_plural = _("remembered names")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} · {self.country}"
