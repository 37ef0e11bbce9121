"""Workshops: agencies rate the indicators of an area together; the focal point notes what they agreed."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal
from scoreboard.models.questionnaire import Area, Indicator, Level

from .answers import Answer
from .people import Person, User, countries_of, optional_person
from .submissions import State, Submission, Version


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    """Workshops, scoped to who asks and by whether they are still running."""

    def visible_to(self, user: Person) -> Self:
        """Focal points see their country's; nobody else sees any."""
        own = Submission.objects.visible_to(user).filter(country__in=countries_of(user))
        return self.filter(submission__in=own)

    def running(self) -> Self:
        """Those whose code opens something: not ended, not past midnight, and the country has had the answers since."""
        handed_in = Version.objects.filter(submission=OuterRef("submission"), at__gte=OuterRef("opened_at"))
        return self.filter(
            ~Exists(handed_in),
            ended_at=None,
            expires_at__gt=clock.now(),
            submission__state__in=[State.DRAFT, State.RETURNED],
            submission__left_at=None,
            submission__declined_at=None,
        )


WorkshopsEverywhere = models.Manager.from_queryset(WorkshopQuerySet)


class WorkshopManager(WorkshopsEverywhere["Workshop"]):
    """The workshops of this world: see `rehearsal`."""

    def get_queryset(self) -> WorkshopQuerySet:
        found = WorkshopQuerySet(self.model, using=self._db)
        return found.filter(submission__cycle__is_rehearsal=rehearsal.is_on())


class Workshop(models.Model):
    """A session about one area of a submission, on one day; `workshops` has its verbs."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="workshops", verbose_name=_("submission"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    code = models.CharField(_("code for the phones"), max_length=11, unique=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened at"), default=clock.now)
    expires_at = models.DateTimeField(_("midnight of its day"))
    ended_by = optional_person(_("ended by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("indicator asked now")
    )
    shown = models.BooleanField(_("ratings shown"), default=False)
    revision = models.PositiveIntegerField(_("revision"), default=0)  # counts what the phones have to show anew

    objects = WorkshopManager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "area"],
                condition=Q(ended_at=None),
                name="workshop_one_open_per_area",
                violation_error_message=_("A workshop on this area is open already."),
            ),
            models.CheckConstraint(
                condition=Q(shown=False) | Q(indicator__isnull=False), name="workshop_shows_ratings_of_an_indicator"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="workshop_expires_after_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.area.code}"


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Those who asked to join, by what became of it."""

    def waiting(self) -> Self:
        """Those whom the focal point has neither admitted nor turned away."""
        return self.filter(admitted_at=None, removed_at=None)

    def in_the_room(self) -> Self:
        """Those who rate."""
        return self.filter(admitted_at__isnull=False, removed_at=None)


class Participant(models.Model):
    """Somebody who joined a workshop on a phone, without an account; deleted a month after the cycle."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="participants", verbose_name=_("workshop"))
    name = models.CharField(_("name"), max_length=100)
    agency = models.CharField(_("agency"), max_length=150)
    joined_at = models.DateTimeField(_("asked to join at"), default=clock.now)
    admitted_by = optional_person(_("admitted by"))
    admitted_at = models.DateTimeField(_("admitted at"), null=True, blank=True)
    removed_by = optional_person(_("turned away by"))
    removed_at = models.DateTimeField(_("turned away at"), null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant of a workshop")
        verbose_name_plural = _("participants of workshops")
        ordering = ["workshop", "joined_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(admitted_at=None, admitted_by=None)
                | Q(admitted_at__isnull=False, admitted_by__isnull=False),
                name="participant_admitted_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(agency=""), name="participant_says_who_it_is"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.agency}"

    @property
    def is_in_the_room(self) -> bool:
        """Whether they may rate."""
        return self.admitted_at is not None and self.removed_at is None


class Rating(models.Model):
    """The level that a participant would answer with; None if they cannot say."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="ratings", verbose_name=_("participant"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("level"))
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("rating in a workshop")
        verbose_name_plural = _("ratings in workshops")
        ordering = ["participant", "indicator"]
        constraints = [models.UniqueConstraint(fields=["participant", "indicator"], name="rating_one_per_participant")]

    def __str__(self) -> str:
        return f"{self.participant_id} · {self.indicator.label}"


class WorkshopNoteQuerySet(models.QuerySet["WorkshopNote"]):
    """Notes, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Focal points see their country's; nobody else sees any, and no file or address gives them out."""
        return self.filter(workshop__in=Workshop.objects.visible_to(user))


class WorkshopNote(models.Model):
    """What a workshop agreed on an indicator, why, and who saw it otherwise: the country's own, never published."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="notes", verbose_name=_("workshop"))
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="workshop_notes", verbose_name=_("answer"))
    revision = models.PositiveIntegerField(_("revision of the answer"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name=_("level agreed"))
    reasons = models.TextField(_("reasons"))
    dissent = models.TextField(_("dissent"), blank=True)
    spread = models.JSONField(_("how many chose each level"), default=list, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)

    objects = WorkshopNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a workshop")
        verbose_name_plural = _("notes of workshops")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reasons=""),
                name="workshop_note_has_reasons",
                violation_error_message=_("Write down the reasons."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer} · {self.level.value}"
