"""Consultations: the builds of a draft that countries read, the passages of its texts, and what countries say."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from reporting.models.assessments import Assessment
from scoreboard import clock
from scoreboard.models import Cycle, Role, Submission
from scoreboard.models.people import Person, User, countries_of, optional_person, roles_of


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Consultations, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Return all to officers and analysts; to focal points those that were opened and that their country is in."""
        if roles_of(user) & {Role.SECRETARIAT, Role.ANALYST}:
            return self
        own = Submission.objects.taking_part().filter(country__in=countries_of(user))
        return self.filter(opened_at__isnull=False, assessment__cycle__in=own.values("cycle"))

    def listed(self) -> Self:
        """Return them with their cycle, the latest first, without the snapshots and texts."""
        found = self.select_related("assessment__cycle__edition")
        return found.defer("assessment__snapshot", "assessment__texts").order_by("-pk")


class Consultation(models.Model):
    """The time in which countries read the built draft of an issue where it names them, and comment.

    It is prepared until an officer opens it; `reporting.consultation` has the verbs that change it.
    """

    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="consultation", verbose_name=_("assessment")
    )
    until = models.DateField(_("open until the end of"), null=True, blank=True)  # a day of the cycle's calendar
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    opened_by = optional_person(_("opened by"))
    ended_at = models.DateTimeField(_("ended before its last day at"), null=True, blank=True)
    ended_by = optional_person(_("ended by"))

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opened_by__isnull=True, until__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False, until__isnull=False),
                name="consultation_opened_with_a_last_day",
                violation_error_message=_("Choose the last day of the consultation."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, opened_at__isnull=False),
                name="consultation_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.assessment)

    @property
    def cycle(self) -> Cycle:
        """The cycle whose assessment is read."""
        return self.assessment.cycle

    @property
    def is_open(self) -> bool:
        """Whether countries can comment now: opened, not over, and the issue not published."""
        return (
            self.opened_at is not None
            and self.until is not None
            and self.ended_at is None
            and self.assessment.is_at_work
            and self.cycle.day() <= self.until
        )

    @cached_property
    def latest(self) -> "ConsultedBuild | None":
        """The build whose passages were found last, shown or not."""
        return self.builds.order_by("number").last()

    @cached_property
    def shown(self) -> "ConsultedBuild | None":
        """The build that countries read now: the last one that was shown."""
        return self.builds.filter(shown_at__isnull=False).order_by("number").last()


class ConsultedBuild(models.Model):
    """A build of the draft as it was when its passages were found: what countries read, and what comments are about."""

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="builds", verbose_name=_("consultation")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    snapshot_sha256 = models.CharField(_("SHA-256 of the snapshot"), max_length=64)
    snapshot = models.JSONField(_("data snapshot"))  # the assessment's own is replaced when it is consolidated anew
    built_at = models.DateTimeField(_("built at"))
    found_at = models.DateTimeField(_("passages found at"), default=clock.now)
    found_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("passages found by"))
    shown_at = models.DateTimeField(_("shown to countries at"), null=True, blank=True)
    shown_by = optional_person(_("shown to countries by"))

    class Meta:
        verbose_name = _("consulted build")
        verbose_name_plural = _("consulted builds")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="consulted_build_one_per_number"),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True, shown_by__isnull=True)
                | Q(shown_at__isnull=False, shown_by__isnull=False),
                name="consulted_build_shown_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation} · {self.number}"


class Passage(models.Model):
    """A paragraph, heading or item of a list in a chapter of a consulted build, and the countries that it concerns."""

    class Decision(models.TextChoices):
        ALL = "all", _("Show it to all of them")
        NONE = "none", _("Show it to none of them")

    build = models.ForeignKey(ConsultedBuild, models.CASCADE, related_name="passages", verbose_name=_("build"))
    chapter = models.CharField(_("chapter"), max_length=20)
    position = models.PositiveIntegerField(_("position"))
    line = models.PositiveIntegerField(_("line"))
    text = models.TextField(_("text"))
    referred = models.JSONField(_("countries whose figures or words it holds"), default=list)  # ISO codes, as below
    named = models.JSONField(_("countries that it names"), default=list)
    added = models.JSONField(_("countries added by hand"), default=list)
    removed = models.JSONField(_("countries removed by hand"), default=list)
    changed_by = optional_person(_("countries changed by"))
    changed_at = models.DateTimeField(_("countries changed at"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=4, choices=Decision, blank=True)
    decided_by = optional_person(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["build", "position"]
        constraints = [
            models.UniqueConstraint(fields=["build", "position"], name="passage_one_per_position"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__in=["all", "none"], decided_by__isnull=False, decided_at__isnull=False),
                name="passage_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.build} · {self.position}"

    @property
    def concerns(self) -> list[str]:
        """The countries that it concerns, by ISO code: found by rule, without the removed ones, and added by hand."""
        return sorted({*self.referred, *self.named, *self.added} - {*self.removed})

    @property
    def several(self) -> bool:
        """Whether several countries were found or added: who sees it is then an officer's decision.

        Those that an analyst removed by hand count too, since the passage may speak of them all the same.
        """
        return bool(self.concerns) and len({*self.referred, *self.named, *self.added}) > 1

    @property
    def waits(self) -> bool:
        """Whether an officer has to decide who sees it; until then it is shown to none."""
        return self.several and not self.decision

    @property
    def shown_to(self) -> list[str]:
        """The countries that it is shown to, by ISO code."""
        return self.concerns if not self.several or self.decision == self.Decision.ALL else []


class CountryComment(models.Model):
    """What somebody of a country says about the draft, with the build that they read; an analyst answers it."""

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", _("Corrected")
        PARTLY = "partly", _("Corrected in part")
        UNCHANGED = "unchanged", _("Nothing was changed")

    build = models.ForeignKey(ConsultedBuild, models.CASCADE, related_name="comments", verbose_name=_("build"))
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="+", verbose_name=_("submission"))
    area = models.CharField(_("area"), max_length=20, blank=True)
    passage = models.ForeignKey(
        Passage, models.CASCADE, null=True, blank=True, related_name="comments", verbose_name=_("passage")
    )
    text = models.TextField(_("text"))
    asks_correction = models.BooleanField(_("asks for a correction"), default=False)
    may_be_printed = models.BooleanField(_("may be printed with the assessment"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = optional_person(_("withdrawn by"))
    outcome = models.CharField(_("what was done"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = optional_person(_("answered by"))

    class Meta:
        verbose_name = _("comment of a country")
        verbose_name_plural = _("comments of countries")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="country_comment_has_text",
                violation_error_message=_("Write the comment before you send it."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="", outcome="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, withdrawn_at__isnull=True)
                & ~Q(answer="")
                & ~Q(outcome=""),
                name="country_comment_answered_with_a_text",
                violation_error_message=_("Write the answer before you send it."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="country_comment_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.at:%Y-%m-%d}"

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None and self.withdrawn_at is None
