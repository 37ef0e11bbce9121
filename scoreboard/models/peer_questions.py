"""Questions that one country asks another, whose published level rose, and what both wrote about it."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .countries import Country
from .people import Person, Role, User, countries_of, optional_person, roles_of
from .questionnaire import Indicator


class PeerQuestionQuerySet(models.QuerySet["PeerQuestion"]):
    """Questions, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Officers see all, focal points those that their countries asked or were asked, nobody else any."""
        if Role.SECRETARIAT in roles_of(user):
            return self
        mine = countries_of(user)
        return self.filter(Q(asking__in=mine) | Q(asked__in=mine)) if mine else self.none()

    def waiting_for(self, user: Person) -> Self:
        """Those that a country of the person has to answer."""
        return self.filter(state=PeerQuestion.State.OPEN, asked__in=countries_of(user))

    def with_subject(self) -> Self:
        """With what pages name of each: both countries and the indicator."""
        return self.select_related("asking", "asked", "indicator__area", "indicator__edition")


PeerQuestionsEverywhere = models.Manager.from_queryset(PeerQuestionQuerySet)


class PeerQuestionManager(PeerQuestionsEverywhere["PeerQuestion"]):
    """The questions of this world: see `rehearsal`."""

    def get_queryset(self) -> PeerQuestionQuerySet:
        return PeerQuestionQuerySet(self.model, using=self._db).filter(asking__is_rehearsal=rehearsal.is_on())


class PeerQuestion(models.Model):
    """A question of a country to another one on an indicator. `network.learning` has its verbs."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")
        CLOSED = "closed", _("Closed by the Secretariat")

    asking = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country that asks"))
    asked = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country that is asked"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    ended_by = optional_person(_("ended by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = PeerQuestionManager()

    class Meta:
        verbose_name = _("question between countries")
        verbose_name_plural = _("questions between countries")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(asking=F("asked")),
                name="peer_question_to_another_country",
                violation_error_message=_("Ask another country."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered"], ended_at__isnull=True, ended_by__isnull=True)
                | Q(state__in=["declined", "withdrawn", "closed"], ended_at__isnull=False, ended_by__isnull=False),
                name="peer_question_ended_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "closed"]) | ~Q(reason=""),
                name="peer_question_has_reason",
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asking} → {self.asked} · #{self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether nobody can write in it any more."""
        return self.ended_at is not None

    @property
    def tone(self) -> str:
        """The tone of its state, as pages mark it."""
        if self.state == PeerQuestion.State.ANSWERED:
            return "done"
        return "waiting" if self.state == PeerQuestion.State.OPEN else "neutral"


class PeerMessage(models.Model):
    """What one of the two countries wrote; the first message is the question. Append-only."""

    question = models.ForeignKey(
        PeerQuestion, models.CASCADE, related_name="messages", verbose_name=_("question between countries")
    )
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"), default=clock.now)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    class Meta:
        verbose_name = _("message between countries")
        verbose_name_plural = _("messages between countries")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="peer_message_has_text",
                violation_error_message=_("Write something before you send it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.at:%Y-%m-%d}"
