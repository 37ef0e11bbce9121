"""Commitments: the steps that countries intend, as they were accepted, and what countries report about them since."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import rehearsal
from scoreboard.models.answers import MAX_LEAD, Origin
from scoreboard.models.people import Person, Role, User, countries_of, optional_person, roles_of
from scoreboard.models.questionnaire import Indicator
from scoreboard.models.submissions import Submission


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Commitments, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Officers and analysts see all, since all were accepted; focal points see their country's."""
        if roles_of(user) & {Role.SECRETARIAT, Role.ANALYST}:
            return self
        countries = countries_of(user)
        return self.filter(submission__country__in=countries) if countries else self.none()

    def open(self) -> Self:
        """Those that are still to be done: neither done nor dropped."""
        return self.exclude(status__in=CLOSED)

    def public(self) -> Self:
        """Those that their country publishes."""
        return self.filter(is_public=True)


CommitmentsEverywhere = models.Manager.from_queryset(CommitmentQuerySet)


class CommitmentManager(CommitmentsEverywhere["Commitment"]):
    """The commitments of this world: see `rehearsal`."""

    def get_queryset(self) -> CommitmentQuerySet:
        found = CommitmentQuerySet(self.model, using=self._db)
        return found.filter(submission__cycle__is_rehearsal=rehearsal.is_on())


class Commitment(models.Model):
    """The step that a country intends on an indicator, from the acceptance of its answers on. No verb deletes it.

    `submissions.commitments` enters it and asks about it in later cycles, `plans.commitments` has the verbs in between.
    """

    class Status(models.TextChoices):
        DONE = "done", _("Done")
        PARTLY = "partly", _("Partly done")
        NOT_DONE = "not", _("Not done")
        DROPPED = "dropped", _("Dropped")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="commitments", verbose_name=_("submission"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    step = models.TextField(_("step"))
    due = models.DateField(_("by when"), null=True, blank=True)
    lead = models.CharField(_("who leads"), max_length=MAX_LEAD, blank=True)
    is_public = models.BooleanField(_("for publication"), default=False)
    public_changed_at = models.DateTimeField(_("publication changed at"), null=True, blank=True)
    public_changed_by = optional_person(_("publication changed by"))
    made_at = models.DateTimeField(_("accepted at"))
    # What was reported last, of what is in force: see `CommitmentReport`. Empty: nothing yet.
    status = models.CharField(_("what became of it"), max_length=10, choices=Status, blank=True)

    objects = CommitmentManager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["submission", "indicator__position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="commitment_one_per_answer"),
            models.CheckConstraint(condition=~Q(step=""), name="commitment_has_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.indicator.label}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status not in CLOSED


CLOSED = (Commitment.Status.DONE, Commitment.Status.DROPPED)


class CommitmentReportQuerySet(models.QuerySet["CommitmentReport"]):
    """What was reported."""

    def in_force(self) -> Self:
        """What counts: reports between the cycles at once, those in a cycle's answers when these are accepted."""
        return self.filter(Q(submission=None) | Q(accepted_at__isnull=False))


class CommitmentReport(models.Model):
    """What a country says became of a commitment. Append-only: a later report takes the place of an earlier one."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reports", verbose_name=_("commitment"))
    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="commitment_reports",
        verbose_name=_("reported in the answers of"),
        help_text=_("Empty where it was reported between the cycles."),
    )
    status = models.CharField(_("what became of it"), max_length=10, choices=Commitment.Status, blank=True)
    words = models.TextField(_("in words"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    on_behalf = models.BooleanField(_("entered on behalf of the country"), default=False)
    origin = models.CharField(_("from"), max_length=10, choices=Origin)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    objects = CommitmentReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report on a commitment")
        verbose_name_plural = _("reports on commitments")
        ordering = ["commitment", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submission__isnull=False) | (Q(accepted_at__isnull=True) & ~Q(status="")),
                name="commitment_report_between_cycles_counts_at_once",
            ),
            models.CheckConstraint(
                condition=~Q(status=Commitment.Status.DROPPED) | ~Q(words=""),
                name="commitment_dropped_with_reason",
                violation_error_message=_("Say why the step is dropped."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} · {self.get_status_display()}"
