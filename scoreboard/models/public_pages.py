"""When what everybody reads has changed: one row, which the keys of stored pages hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoreboard import clock


class PublicPages(models.Model):
    """How often the public pages have changed; `public_pages` reads and changes it."""

    number = models.PositiveBigIntegerField(_("number of changes"), default=0)
    changed_at = models.DateTimeField(_("last changed at"), default=clock.now)

    class Meta:
        verbose_name = _("state of the public pages")
        verbose_name_plural = _("state of the public pages")

    def __str__(self) -> str:
        return str(self.number)
