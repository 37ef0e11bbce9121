"""What every page of the portal knows."""

from django.http import HttpRequest
from django.utils.translation import gettext as _


def portal(request: HttpRequest) -> dict:
    """Return the template context of the masthead: the portal's name and the person's navigation."""
    return {"portal_name": _("Scoreboard portal"), "nav": []}
