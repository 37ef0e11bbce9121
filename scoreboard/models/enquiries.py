"""What a country asks the Secretariat, and what the Secretariat shares of it with every country of a cycle."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal
from scoreboard.models.cycles import Cycle
from scoreboard.models.people import User, optional_person
from scoreboard.models.questionnaire import Indicator
from scoreboard.models.submissions import Submission
from scoreboard.models.threads import Side

MAX_PATH = 500  # characters of the address of a page


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Enquiries, by the side that has to act."""

    def waiting_for(self, side: str) -> Self:
        """Return the open ones that wait for this side, without those of countries that left the cycle."""
        return self.filter(closed_at=None, holder=side, submission__left_at=None)


EnquiriesEverywhere = models.Manager.from_queryset(EnquiryQuerySet)


class EnquiryManager(EnquiriesEverywhere["Enquiry"]):
    """The enquiries of this world: see `rehearsal`."""

    def get_queryset(self) -> EnquiryQuerySet:
        return EnquiryQuerySet(self.model, using=self._db).filter(submission__cycle__is_rehearsal=rehearsal.is_on())


class Enquiry(models.Model):
    """A question of a country to the Secretariat: on an indicator, on a page of the portal, or in general."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="enquiries", verbose_name=_("submission"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("indicator")
    )
    page = models.CharField(_("page on which it was asked"), max_length=MAX_PATH, blank=True)
    shown_answer = models.JSONField(_("answer as it was, shown by the country"), null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    holder = models.CharField(_("waits for"), max_length=12, choices=Side, default=Side.SECRETARIAT)
    held_since = models.DateTimeField(_("waits since"), default=clock.now)
    closed_by = optional_person(_("closed by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = EnquiryManager()

    class Meta:
        verbose_name = _("question to the Secretariat")
        verbose_name_plural = _("questions to the Secretariat")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="enquiry_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(shown_answer__isnull=True) | Q(indicator__isnull=False),
                name="enquiry_shows_an_answer_of_an_indicator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.asked_at:%Y-%m-%d}"


class EnquiryMessage(models.Model):
    """What one side wrote in an enquiry; the first message is the question."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="messages", verbose_name=_("enquiry"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    side = models.CharField(_("side"), max_length=12, choices=Side)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="enquiry_message_has_text",
                violation_error_message=_("Write something before you send it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enquiry} · {self.at:%Y-%m-%d}"


class SharedAnswerManager(models.Manager["SharedAnswer"]):
    """The shared answers of this world: see `rehearsal`."""

    def get_queryset(self) -> models.QuerySet["SharedAnswer"]:
        return super().get_queryset().filter(cycle__is_rehearsal=rehearsal.is_on())


class SharedAnswer(models.Model):
    """A question and its answer in the Secretariat's words, for every focal point of a cycle; it names no country."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="shared_answers", verbose_name=_("cycle"))
    enquiry = models.ForeignKey(
        Enquiry, models.SET_NULL, null=True, related_name="shared_answers", verbose_name=_("enquiry")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("indicator")
    )
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"))
    shared_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("shared by"))
    shared_at = models.DateTimeField(_("shared at"), default=clock.now)
    withdrawn_by = optional_person(_("withdrawn by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = SharedAnswerManager()

    class Meta:
        verbose_name = _("shared answer")
        verbose_name_plural = _("shared answers")
        ordering = ["-shared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry"], condition=Q(withdrawn_at=None), name="shared_answer_once_per_enquiry"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="shared_answer_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.shared_at:%Y-%m-%d}"
