"""The filters of the board that an officer has saved under a name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import User


class BoardView(models.Model):
    """An officer's own view of the boards: filters and order, as a query string."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="board_views", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("view of the board")
        verbose_name_plural = _("views of the board")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="board_view_name_unique",
                violation_error_message=_("You have a view of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
