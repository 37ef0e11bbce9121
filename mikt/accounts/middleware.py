"""Middleware: nobody who must have a second factor does anything without one once the grace period is over."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from scoreboard import clock
from scoreboard.people import second_factor

# What stays open without one: setting one up, signing out, and what says nothing of anybody's work.
OPEN = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "account_reauthenticate",
    "account_logout",
    "set_language",
    "session",
    "help",
    "privacy",
    "accessibility",
    "health",
}


class SecondFactorMiddleware:
    """Leads to the page on which a second factor is set up; in the grace period it lets pages say until when."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Return None where the view may answer; a redirect for pages, and a refusal (403) for everything else."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        if not second_factor.is_missing(request.user):
            return None
        last = second_factor.last_day_without(request.user)
        missing = {"last": last, "over": clock.today() > last}
        request.second_factor_missing = missing  # type: ignore[attr-defined]  # for the band of every page
        place = request.resolver_match
        name = place.url_name if place else None
        if clock.today() <= last or name in OPEN:
            return None
        sentence = _("Set up a second factor first: your role needs one.")
        if place and place.route.startswith("api/"):
            return JsonResponse({"detail": sentence}, status=403)
        if request.method in ("GET", "HEAD"):
            return redirect("mfa_index")
        return render(request, "409.html", {"sentence": sentence}, status=403)
