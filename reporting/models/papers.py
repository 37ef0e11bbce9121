"""PDFs that the worker makes for one reader, and that are given out again while their content is the same."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.models.assessments import Product, private_storage
from scoreboard import clock


class Paper(models.Model):
    """A PDF on its way or made, found by the hash of everything that it is made from (see `papers`)."""

    LEASE = timedelta(minutes=1)  # a worker that makes one sends a heartbeat sooner

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the worker")
        MAKING = "making", _("Being made")
        DONE = "done", _("Made")
        FAILED = "failed", _("Failed")

    key = models.CharField(_("SHA-256 of its source"), max_length=64, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    html = models.TextField(_("source"), blank=True)  # until it is made
    product = models.ForeignKey(  # instead of HTML
        Product, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    draft = models.CharField(_("marked as a draft in this language"), max_length=10, blank=True)
    file = models.FileField(_("file"), upload_to="papers/", storage=private_storage, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    requested_at = models.DateTimeField(_("requested at"), default=clock.now)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    used_at = models.DateTimeField(_("last asked for at"), default=clock.now)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return self.key
