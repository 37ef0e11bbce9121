"""Good practice: a short account that a country or an organisation signs, and the Secretariat checks."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .countries import Country, Organisation
from .peer_questions import PeerQuestion
from .people import Person, Role, User, countries_of, organisations_of, roles_of
from .questionnaire import Indicator


class GoodPracticeQuerySet(models.QuerySet["GoodPractice"]):
    """Good practice, scoped to who asks."""

    def published(self) -> Self:
        """What everybody reads."""
        return self.filter(state=GoodPractice.State.PUBLISHED)

    def visible_to(self, user: Person) -> Self:
        """Everybody sees what is published; its own people what they sign, officers all but drafts.

        A country that offers what another one is to sign sees it too, until it is signed.
        """
        state = GoodPractice.State
        seen = Q(state=state.PUBLISHED)
        if Role.SECRETARIAT in roles_of(user):
            seen |= ~Q(state=state.DRAFT)
        if countries := countries_of(user):
            seen |= Q(country__in=countries) | Q(state=state.TO_SIGN, offered_by__in=countries)
        if organisations := organisations_of(user):
            seen |= Q(organisation__in=organisations)
        return self.filter(seen)

    def with_subject(self) -> Self:
        """With what pages name of each: who signs it, and its indicators."""
        return self.select_related("country", "organisation", "offered_by").prefetch_related("indicators__area")


GoodPracticeEverywhere = models.Manager.from_queryset(GoodPracticeQuerySet)


class GoodPracticeManager(GoodPracticeEverywhere["GoodPractice"]):
    """All of it in the real portal, none in the rehearsal, of which nothing is published."""

    def get_queryset(self) -> GoodPracticeQuerySet:
        every = GoodPracticeQuerySet(self.model, using=self._db)
        return every.none() if rehearsal.is_on() else every


class GoodPractice(models.Model):
    """An account of what worked, signed by a country or an organisation. `network.good_practice` has its verbs."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        TO_SIGN = "to_sign", _("Waits for the country’s signature")
        OFFERED = "offered", _("With the Secretariat")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="good_practice", verbose_name=_("country")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="good_practice",
        verbose_name=_("organisation"),
    )
    offered_by = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("offered by another country")
    )
    question = models.ForeignKey(
        PeerQuestion,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="good_practice",
        verbose_name=_("question that it comes from"),
    )
    indicators = models.ManyToManyField(Indicator, related_name="+", blank=True, verbose_name=_("indicators"))
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    is_example = models.BooleanField(_("invented example"), default=False)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    objects = GoodPracticeManager()

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practice")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(country__isnull=False, organisation__isnull=True)
                | Q(country__isnull=True, organisation__isnull=False),
                name="good_practice_has_one_signer",
                violation_error_message=_("A country or an organisation signs it."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(text="") & ~Q(title="")), name="good_practice_has_text"
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
                name="good_practice_published_exactly_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def signer(self) -> Country | Organisation:
        """The country or the organisation that signs it."""
        found = self.country or self.organisation
        assert found is not None  # noqa: S101 - the database holds one of them
        return found

    @property
    def signed(self) -> str:
        """The name of who signs it, as pages print it."""
        return self.organisation.name if self.organisation else str(self.country)

    @property
    def is_published(self) -> bool:
        """Whether everybody reads it."""
        return self.state == GoodPractice.State.PUBLISHED

    @property
    def can_be_written(self) -> bool:
        """Whether its signer can change it now."""
        return self.state in (GoodPractice.State.DRAFT, GoodPractice.State.TO_SIGN, GoodPractice.State.REFUSED)

    @property
    def tone(self) -> str:
        """The tone of its state, as pages mark it."""
        state = GoodPractice.State
        if self.state == state.PUBLISHED:
            return "done"
        return "waiting" if self.state in (state.OFFERED, state.TO_SIGN) else "neutral"


class PracticeStep(models.Model):
    """What was done with good practice: by whom, when, and why. Append-only."""

    class Act(models.TextChoices):
        START = "start", _("Begun")
        PROPOSE = "propose", _("Offered by another country, to be signed")
        OFFER = "offer", _("Signed, and given to the Secretariat")
        NOT_SIGNED = "not_signed", _("Not signed")
        PUBLISH = "publish", _("Published")
        REFUSE = "refuse", _("Not published")
        WITHDRAW = "withdraw", _("Withdrawn")

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="steps", verbose_name=_("good practice"))
    act = models.CharField(_("what"), max_length=10, choices=Act)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)
    text = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("step of good practice")
        verbose_name_plural = _("steps of good practice")
        ordering = ["practice", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act__in=["not_signed", "refuse", "withdraw"]) | ~Q(text=""),
                name="practice_step_has_reason",
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.at:%Y-%m-%d}"
