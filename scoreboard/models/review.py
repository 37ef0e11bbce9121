"""What officers note for themselves while they review: which answers they have looked at."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .answers import Answer
from .people import User
from .submissions import Version


class LookedAt(models.Model):
    """An officer's mark on an answer as a version says it; the digest is of the answer, so a changed one has none."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="looks", verbose_name=_("answer"))
    officer = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("officer"))
    version = models.ForeignKey(Version, models.CASCADE, related_name="+", verbose_name=_("version"))
    digest = models.CharField(_("SHA-256 of the answer"), max_length=64)
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("answer looked at")
        verbose_name_plural = _("answers looked at")
        ordering = ["answer", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "officer"], name="looked_at_once_per_answer_and_officer")
        ]

    def __str__(self) -> str:
        return f"{self.answer} · {self.officer}"
