"""What operators look at: backups with their proofs, and walks through the stored files."""

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


class FileWalk(models.Model):
    """One walk through all stored files, a part at a time, that compares each with its digest."""

    began_at = models.DateTimeField(_("began at"), default=clock.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    model = models.CharField(_("model looked at last"), max_length=100, blank=True)
    row = models.PositiveBigIntegerField(_("row looked at last"), default=0)
    checked = models.PositiveIntegerField(_("files checked"), default=0)
    faults = models.JSONField(_("faults"), default=list, blank=True)

    class Meta:
        verbose_name = _("walk through the stored files")
        verbose_name_plural = _("walks through the stored files")
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"
