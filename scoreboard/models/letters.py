"""Letters to governments, as an officer wrote them for several countries of a cycle."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .cycles import Cycle
from .people import User
from .submissions import Submission


class Letter(models.Model):
    """A text with placeholders, and the countries that it is for; `mail.letters` fills it in for each."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation to report")
        THANKS = "thanks", _("Thanks for reporting")
        REMINDER = "reminder", _("Not reported yet")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="letters", verbose_name=_("cycle"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("text"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)
    submissions = models.ManyToManyField(Submission, related_name="letters", verbose_name=_("submissions"))

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%Y-%m-%d}"
