"""Middleware: sign-in without losing typed text, pages for domain errors, and the acknowledgement of sent forms."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from scoreboard import zones
from scoreboard.errors import DomainError

TECHNICAL = re.compile(r"token|password|seen$")  # names of fields that nobody types into, or that nobody may see
DRAFT = re.compile(r"[\w.-]{1,100}", re.ASCII)  # how a page calls a text that it sends


class SignInMiddleware(LoginRequiredMiddleware):
    """Locks every door that is not public; what somebody signed out sends without a script is shown, not dropped."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Send to the sign-in page who must sign in; if texts were sent, show them first, to be copied."""
        response = super().process_view(request, view_func, view_args, view_kwargs)
        if response is None:
            return None
        sent = [(name, str(text)) for name, text in request.POST.items()]
        texts = [text for name, text in sent if not TECHNICAL.search(name) and re.search(r"\s", text)]
        if not texts:
            return response
        return render(request, "401.html", {"texts": texts, "door": response["Location"]}, status=401)


class DomainErrorMiddleware:
    """Answers a view's DomainError with its sentence, so that views need not catch it, and never with an empty page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, whose page names its time zone once.

        Somebody who opens what a button posts to, as after signing in again, gets a page.
        """
        with zones.page():
            response = self.get_response(request)
        _acknowledge(request, response)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            told = _("A button sends to this address. If you were signed out meanwhile, press the button again.")
            response.content = render(request, "409.html", {"sentence": told}).content
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a DomainError; let every other exception go its way."""
        if isinstance(exception, DomainError):
            return render(request, "409.html", {"sentence": exception.sentence}, status=409)
        return None


def _acknowledge(request: HttpRequest, response: HttpResponse) -> None:
    """Tell the browser, which keeps what was typed, that a form is taken: pages lead on when it is, and only then."""
    if request.method != "POST" or response.status_code not in (302, 303) or not request.user.is_authenticated:
        return
    if DRAFT.fullmatch(sent := request.POST.get("draft", "")):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(f"taken-{sent}", "yes", max_age=60 * 60, samesite="Lax", secure=secure)
