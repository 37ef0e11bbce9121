"""The dialogue of country and Secretariat: threads of remarks on answers."""

from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal
from scoreboard.models.answers import Answer
from scoreboard.models.people import User, optional_person
from scoreboard.models.submissions import Transition


class Side(models.TextChoices):
    """The two sides of the dialogue."""

    COUNTRY = "country", _("the country")
    SECRETARIAT = "secretariat", _("the Secretariat")


class ThreadManager(models.Manager["Thread"]):
    """The threads of this world: see `rehearsal`."""

    def get_queryset(self) -> models.QuerySet["Thread"]:
        return super().get_queryset().filter(answer__submission__cycle__is_rehearsal=rehearsal.is_on())


class Thread(models.Model):
    """A clarification on one answer: internal to the Secretariat or shared, held by the side that has to act."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="threads", verbose_name=_("answer"))
    shared = models.BooleanField(_("shared with the country"), default=True)
    holder = models.CharField(_("waits for"), max_length=12, choices=Side, default=Side.COUNTRY)
    held_since = models.DateTimeField(_("waits since"), default=clock.now)
    due = models.DateField(_("due"), null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened at"), default=clock.now)
    closed_by = optional_person(_("closed by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ThreadManager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        ordering = ["answer", "opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shared=True) | Q(holder=Side.SECRETARIAT),
                name="thread_internal_waits_for_the_secretariat",
                violation_error_message=_("The country does not see an internal thread, so it cannot wait for it."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="thread_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} · {self.opened_at:%Y-%m-%d}"


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Remarks, by whether the country has received them."""

    def pending(self) -> Self:
        """Reasons that an officer has noted for the next return; the country does not see them yet."""
        return self.filter(flags=True, transition=None)

    def of_last_return(self) -> Self:
        """The reasons that each submission's last return gave."""
        returns = Transition.objects.giving_back().filter(submission=OuterRef("answer__submission"))
        return self.filter(flags=True, transition=Subquery(returns.values("pk")[:1]))


class Remark(models.Model):
    """A message on one answer. One that `flags` asks for a change, and is given to the country by a return."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="remarks", verbose_name=_("answer"))
    thread = models.ForeignKey(
        Thread, models.CASCADE, null=True, blank=True, related_name="remarks", verbose_name=_("thread")
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"), default=clock.now)
    shared = models.BooleanField(_("shared with the country"), default=False)
    flags = models.BooleanField(_("asks for a change"), default=False)
    transition = models.ForeignKey(
        Transition,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reasons",
        verbose_name=_("given with"),
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["answer", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"],
                condition=Q(flags=True, transition=None),
                name="remark_one_pending_per_answer",
            ),
            models.CheckConstraint(condition=Q(transition=None) | Q(shared=True), name="remark_given_is_shared"),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="remark_has_text",
                violation_error_message=_("Say what should change."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} · {self.at:%Y-%m-%d}"
