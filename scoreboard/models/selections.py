"""The selections of countries that a person has saved, to see them side by side."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import User


class CountrySelection(models.Model):
    """A person's own selection of groups, sub-regions and countries, as a query string."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="country_selections", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("selection"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("selection of countries")
        verbose_name_plural = _("selections of countries")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="country_selection_name_unique",
                violation_error_message=_("You have a selection of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
