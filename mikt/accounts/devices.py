"""Browsers: what they are called, and whether a person has signed in with this one before."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from scoreboard.models import User

COOKIE = "known"  # signed; names the accounts that have signed in with this browser
YEAR = 365 * 24 * 60 * 60  # seconds

# The first that a browser says of itself is what it is called; several say the names of others too.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "Chrome": "Chrome"}
BROWSERS |= {"CriOS": "Chrome", "Safari": "Safari"}
SYSTEMS = {"iPhone": "iOS", "iPad": "iPadOS", "Android": "Android", "Windows": "Windows", "CrOS": "ChromeOS"}
SYSTEMS |= {"Mac OS": "macOS", "Linux": "Linux"}


def name(user_agent: str) -> str:
    """Return what people call a browser that says this of itself, roughly."""
    browser = next((called for part, called in BROWSERS.items() if part in user_agent), _("a browser"))
    system = next((called for part, called in SYSTEMS.items() if part in user_agent), _("an unknown system"))
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}


def is_known(request: HttpRequest, person: User) -> bool:
    """Return whether the person has signed in with this browser before."""
    return str(person.pk) in _known(request)


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Let the browser say for a year that the person has signed in with it."""
    known = [pk for pk in _known(request) if pk != str(person.pk)][-9:]
    response.set_signed_cookie(
        COOKIE,
        ".".join([*known, str(person.pk)]),
        salt=__name__,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> list[str]:
    value = request.get_signed_cookie(COOKIE, default="", salt=__name__, max_age=YEAR)
    return value.split(".") if value else []
