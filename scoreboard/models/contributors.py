"""Colleagues in other ministries: what they were asked for, and what they suggest."""

from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal
from scoreboard.models.answers import AnswerText
from scoreboard.models.cycles import Cycle
from scoreboard.models.people import User, optional_person
from scoreboard.models.questionnaire import Indicator
from scoreboard.models.submissions import Submission


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, by whether they are still in force."""

    def in_force(self) -> Self:
        """Those in force today, which were accepted; `until` is the last day."""
        return self.unended().filter(accepted_at__isnull=False)

    def offered(self) -> Self:
        """Those that their person has not accepted yet."""
        return self.unended().filter(accepted_at=None)

    def unended(self) -> Self:
        """Those that nobody has ended and whose last day is not over; a day ends in the cycle's time zone."""
        over = Q(pk__in=[])
        for name in Cycle.objects.order_by().values_list("time_zone", flat=True).distinct():
            today = clock.now().astimezone(ZoneInfo(name)).date()
            over |= Q(submission__cycle__time_zone=name, until__lt=today)
        return self.filter(ended_at=None).exclude(over)


AssignmentsEverywhere = models.Manager.from_queryset(AssignmentQuerySet)


class AssignmentManager(AssignmentsEverywhere["Assignment"]):
    """The assignments of this world: see `rehearsal`."""

    def get_queryset(self) -> AssignmentQuerySet:
        return AssignmentQuerySet(self.model, using=self._db).filter(submission__cycle__is_rehearsal=rehearsal.is_on())


class Assignment(models.Model):
    """The part of a submission that a contributor is asked for, until a date; `contributors` has its verbs."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="assignments", verbose_name=_("submission"))
    person = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name=_("person"))
    indicators = models.ManyToManyField(Indicator, related_name="assignments", verbose_name=_("indicators"))
    until = models.DateField(_("until"), help_text=_("The last day with access."))
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("invited by"))
    invited_at = models.DateTimeField(_("invited at"), default=clock.now)
    invited_name = models.CharField(_("name as the inviter gave it"), max_length=150, blank=True)
    invited_address = models.EmailField(_("address as the inviter gave it"), blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True, default=clock.now)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    ended_by = optional_person(_("ended by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = AssignmentManager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["submission", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "person"],
                name="assignment_one_per_person",
                violation_error_message=_("This person has a part in this submission already; change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.submission}"

    @property
    def is_in_force(self) -> bool:
        """Whether it gives access today."""
        return self.accepted_at is not None and self.is_unended

    @property
    def is_unended(self) -> bool:
        """Whether nobody has ended it and its last day is not over; it may wait to be accepted."""
        return self.ended_at is None and self.until >= self.submission.cycle.day()

    @property
    def is_declined(self) -> bool:
        """Whether its person declined it."""
        return self.accepted_at is None and self.ended_at is not None and self.ended_by_id == self.person_id

    @property
    def who(self) -> str:
        """Whom the inviter sees: until the person accepts, the name or address that the inviter typed."""
        return str(self.person) if self.accepted_at else self.invited_name or self.address

    @property
    def address(self) -> str:
        """The address that the inviter sees: until the person accepts, the one that the inviter typed."""
        return self.person.email if self.accepted_at else self.invited_address


class Suggestion(AnswerText):
    """A contributor's answer to one indicator; the focal point adopts, edits or declines it."""

    class Decision(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        EDITED = "edited", _("Adopted with changes")
        DECLINED = "declined", _("Declined")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="suggestions", verbose_name=_("submission"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    author = models.ForeignKey(User, models.PROTECT, related_name="suggestions", verbose_name=_("author"))
    at = models.DateTimeField(_("at"), default=clock.now)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    decided_by = optional_person(_("decided by"))
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
