"""Lines of news that the Secretariat writes for the home page and the feed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock
from scoreboard.models.people import User, optional_person


class NewsQuerySet(models.QuerySet["News"]):
    """Lines of news, the newest first."""

    def public(self) -> Self:
        """Those that nobody has removed: what the feed holds."""
        return self.filter(removed_at=None)

    def on_home(self) -> Self:
        """Those of the home page: until their last day, the newest few."""
        return self.public().filter(Q(until=None) | Q(until__gte=clock.today()))[: News.ON_HOME]


class News(models.Model):
    """A line of news; `news` has the verbs. What is removed stays stored, with who removed it."""

    ON_HOME = 3  # lines on the home page
    LENGTH = 280  # characters

    text = models.CharField(_("text"), max_length=LENGTH)
    link = models.URLField(_("link"), blank=True, max_length=300)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    until = models.DateField(_("last day on the home page"), null=True, blank=True)
    written_at = models.DateTimeField(_("written at"), default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = optional_person(_("removed by"))

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of news")
        verbose_name_plural = _("lines of news")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False),
                name="news_removed_exactly_when_dated",
            )
        ]

    def __str__(self) -> str:
        return self.text
