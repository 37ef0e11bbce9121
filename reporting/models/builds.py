"""The background builds that make the files, and the rendered sections that are reused."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reporting.models.assessments import Assessment, private_storage
from scoreboard import clock
from scoreboard.models.people import User


class Build(models.Model):
    """One run of the background work that makes an assessment's products; the page reads its progress here."""

    PATIENCE = timedelta(seconds=30)  # a running worker begins sooner
    LEASE = timedelta(seconds=60)  # a worker that builds sends a heartbeat sooner

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for the worker")
        RUNNING = "running", _("Being built")
        DONE = "done", _("Built")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="builds", verbose_name=_("assessment"))
    snapshot_sha256 = models.CharField(_("SHA-256 of the snapshot"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    doing = models.CharField(_("doing"), max_length=200, blank=True)
    steps_done = models.PositiveSmallIntegerField(_("steps done"), default=0)
    steps = models.PositiveSmallIntegerField(_("steps"), default=0)
    error = models.TextField(_("error"), blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("requested by"))
    requested_at = models.DateTimeField(_("requested at"), default=clock.now)
    cancel_asked_at = models.DateTimeField(_("cancelling asked for at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(state__in=["queued", "running"]),
                name="build_one_active_per_assessment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.get_state_display()}"

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def seems_forgotten(self) -> bool:
        """Whether it has waited so long that no worker seems to run."""
        return self.state == self.State.QUEUED and clock.now() - self.requested_at > self.PATIENCE

    @property
    def cancel_asked(self) -> bool:
        """Whether somebody asked to cancel it."""
        return self.cancel_asked_at is not None

    @property
    def seems_left(self) -> bool:
        """Whether it was begun and its worker sends no heartbeat any more."""
        alive = self.heartbeat_at and clock.now() - self.heartbeat_at <= self.LEASE
        return self.state == self.State.RUNNING and not alive


class RenderedSection(models.Model):
    """A section of a document as it was rendered, found again by the hash of everything that it is made from."""

    key = models.CharField(_("SHA-256 of its source"), max_length=64, unique=True)
    file = models.FileField(_("file"), upload_to="sections/", storage=private_storage)
    pages = models.PositiveIntegerField(_("pages"))
    made_at = models.DateTimeField(_("made at"), default=clock.now)
    used_at = models.DateTimeField(_("last used at"), default=clock.now)

    class Meta:
        verbose_name = _("rendered section")
        verbose_name_plural = _("rendered sections")
        ordering = ["-used_at"]

    def __str__(self) -> str:
        return self.key
