"""The timetable of what the portal does by itself, shared by all workers through the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoreboard import clock


class ScheduledJob(models.Model):
    """A job that runs again and again, with when it is due next; a worker claims it by moving that on (`schedule`)."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    due_at = models.DateTimeField(_("due at"), default=clock.now)
    started_at = models.DateTimeField(_("last started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("last finished at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)  # of the last run

    class Meta:
        verbose_name = _("scheduled job")
        verbose_name_plural = _("scheduled jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
