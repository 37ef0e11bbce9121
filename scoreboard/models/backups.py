"""Backups that were made, and what their proof by restoring found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoreboard import clock


class Backup(models.Model):
    """An archive of the database and all files, as `manage.py backup` made it."""

    name = models.CharField(_("name of the file"), max_length=200, unique=True)
    at = models.DateTimeField(_("made at"), default=clock.now)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    encrypted = models.BooleanField(_("encrypted"))
    proven_at = models.DateTimeField(_("restored for proof at"), null=True, blank=True)
    problems = models.JSONField(_("what the proof found"), default=list, blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_proven(self) -> bool:
        """Whether it was restored once and nothing was missing or different."""
        return self.proven_at is not None and not self.problems
