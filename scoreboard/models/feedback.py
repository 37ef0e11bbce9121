"""What respondents say about the experience of reporting, apart from who they are unless they sign."""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .cycles import Cycle
from .people import User


class Feedback(models.Model):
    """One respondent's rating of a cycle. It has no date and a random key, so that nothing tells whose it is."""

    class Rating(models.IntegerChoices):
        VERY_HARD = 1, _("Very hard")
        HARD = 2, _("Hard")
        NEITHER = 3, _("Neither hard nor easy")
        EASY = 4, _("Easy")
        VERY_EASY = 5, _("Very easy")

    id = models.UUIDField(_("key"), primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="feedback", verbose_name=_("cycle"))
    rating = models.PositiveSmallIntegerField(
        _("rating"), choices=Rating, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    hard = models.TextField(_("what was hard"), blank=True)
    signed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("signed by")
    )

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="feedback_rating_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_rating_display()}"


class FeedbackGiven(models.Model):
    """That a person has rated a cycle, so that they are asked once; not what they said, nor when."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="+", verbose_name=_("cycle"))
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("feedback given")
        verbose_name_plural = _("feedback given")
        constraints = [models.UniqueConstraint(fields=["cycle", "person"], name="feedback_once_per_person_and_cycle")]

    def __str__(self) -> str:
        return f"{self.person} · {self.cycle}"
