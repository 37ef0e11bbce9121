"""What operators look at and say: backups with their proofs, walks through the stored files, and notices."""

from typing import Self

from django.db import models
from django.db.models import F, Q
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


class SiteNoticeQuerySet(models.QuerySet["SiteNotice"]):
    """Notices on every page."""

    def current(self) -> Self:
        """Those that are shown now, the earliest first."""
        now = clock.now()
        return self.filter(shown_from__lte=now, shown_until__gt=now)


class SiteNotice(models.Model):
    """A sentence of the administrators on every page for a time, such as when the portal will be updated."""

    text = models.CharField(_("text"), max_length=300)
    shown_from = models.DateTimeField(_("shown from"), default=clock.now)
    shown_until = models.DateTimeField(_("shown until"))

    objects = SiteNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice on every page")
        verbose_name_plural = _("notices on every page")
        ordering = ["shown_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_until__gt=F("shown_from")),
                name="sitenotice_ends_after_it_begins",
                violation_error_message=_("The notice must end after it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.text
