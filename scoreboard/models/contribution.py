"""Colleagues in other ministries: what they were asked for, and what they suggest."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .answers import AnswerText
from .instrument import Indicator
from .people import User
from .submissions import Submission


class AssignmentQuerySet(models.QuerySet):
    """Assignments, told apart by whether they still hold."""

    def in_force(self) -> Self:
        """Those that hold today; `until` is the last day."""
        return self.filter(ended_at=None, until__gte=clock.now().date())


class Assignment(models.Model):
    """The part of a submission that a contributor is asked for, until a date; `contributing` has its verbs."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="assignments", verbose_name=_("submission"))
    person = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name=_("person"))
    indicators = models.ManyToManyField(Indicator, related_name="assignments", verbose_name=_("indicators"))
    until = models.DateField(_("until"), help_text=_("The last day with access."))
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("invited by"))
    invited_at = models.DateTimeField(_("invited at"), default=clock.now)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["submission", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "person"],
                name="assignment_one_per_person",
                violation_error_message=_("This person has a part in this Scoreboard already; change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.submission}"

    @property
    def is_in_force(self) -> bool:
        """Whether it gives access today."""
        today: date = clock.now().date()
        return self.ended_at is None and self.until >= today


class Suggestion(AnswerText):
    """What a contributor would answer to one indicator; the focal point adopts, edits or declines it."""

    class Decision(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        EDITED = "edited", _("Adopted with changes")
        DECLINED = "declined", _("Declined")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="suggestions", verbose_name=_("submission"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    author = models.ForeignKey(User, models.PROTECT, related_name="suggestions", verbose_name=_("author"))
    at = models.DateTimeField(_("at"), default=clock.now)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.TextField(_("note to the contributor"), blank=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["submission", "indicator__position", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator", "author"],
                condition=Q(decision=""),
                name="suggestion_one_open_per_author",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__gte=F("at"))),
                name="suggestion_decided_exactly_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} · {self.indicator.label}"
