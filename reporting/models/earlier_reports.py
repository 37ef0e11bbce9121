"""Reports of the time: what was published on an earlier round when it took place, a file or a link."""

from typing import Self

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reporting.models.assessments import Assessment
from scoreboard import clock
from scoreboard.models import Cycle, Role
from scoreboard.models.people import Person, User, roles_of


def private_storage() -> Storage:
    """Return the storage of reports, which no URL serves."""
    return storages["default"]


class EarlierReportQuerySet(models.QuerySet["EarlierReport"]):
    """Reports of the time, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Officers and analysts see all; others those of a round with an assessment that is published to them."""
        if roles_of(user) & {Role.SECRETARIAT, Role.ANALYST}:
            return self
        return self.filter(cycle__in=Assessment.objects.published_to(user).order_by().values("cycle"))


class EarlierReport(models.Model):
    """A report of the time on an earlier round; `assessments.earlier_reports` has the verbs that add and remove it."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="earlier_reports", verbose_name=_("cycle"))
    title = models.CharField(_("title"), max_length=200)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    file = models.FileField(_("file"), upload_to="reports/%Y/", storage=private_storage, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), default=clock.now)

    objects = EarlierReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of the time")
        verbose_name_plural = _("reports of the time")
        ordering = ["cycle", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="") & ~Q(sha256="")),
                name="earlier_report_is_file_or_link",
                violation_error_message=_("A report is either a file or a link."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
