"""Middleware: sign-in without losing typed text, pages for domain errors, and acknowledging posted forms."""

import re
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.response import Response

from scoreboard import rehearsal, zones
from scoreboard.activity import Verb, refusals
from scoreboard.errors import DomainError, Gone
from scoreboard.models import User

TECHNICAL = re.compile(r"token|password|seen$")  # names of fields that nobody types into, or that must not be shown
DRAFT = re.compile(r"[\w.-]{1,100}", re.ASCII)  # the id of a draft that the page posts


def rehearsal_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Serve the whole portal a second time below /rehearsal/, with the rehearsal's data only."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not rehearsal.is_below(request.path_info):
            return get_response(request)
        request.path_info = request.path_info.removeprefix(rehearsal.PREFIX)
        with rehearsal.within():
            return get_response(request)

    return middleware


class SignInMiddleware(LoginRequiredMiddleware):
    """Requires sign-in for every view that is not public; texts posted while signed out are shown, not lost."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Redirect to the sign-in page if needed; if texts were posted, show them first, to be copied."""
        response = super().process_view(request, view_func, view_args, view_kwargs)
        if response is None:
            return None
        sent = [(name, str(text)) for name, text in request.POST.items()]
        texts = [text for name, text in sent if not TECHNICAL.search(name) and re.search(r"\s", text)]
        if not texts:
            return response
        return render(request, "401.html", {"texts": texts, "door": response["Location"]}, status=401)


class DomainErrorMiddleware:
    """Turns a view's DomainError into a page with its sentence, and a 405 without content into one too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, whose page names its time zone once; count it if it refuses somebody.

        Opening the address that a button posts to, as after signing in again, gives a page with a sentence.
        """
        with zones.page():
            response = self.get_response(request)
        if _refuses(response):
            person = request.user if isinstance(request.user, User) else None
            refusals.count(Verb.DENIED, person=person, client=get_adapter().get_client_ip(request))
        _acknowledge(request, response)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            sentence = _("A button sends to this address. If you were signed out meanwhile, press the button again.")
            response.content = render(request, "409.html", {"sentence": sentence}).content
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a DomainError, None for every other exception."""
        if isinstance(exception, DomainError):
            page = "410.html" if isinstance(exception, Gone) else "409.html"
            return render(request, page, {"sentence": exception.sentence}, status=exception.status)
        return None


def _refuses(response: HttpResponse) -> bool:
    """Return whether somebody was refused: 403, and 401 in the API; on a page the latter asks to sign in again."""
    return response.status_code == 403 or (response.status_code == 401 and isinstance(response, Response))


def _acknowledge(request: HttpRequest, response: HttpResponse) -> None:
    """Set a cookie that lets the browser delete its draft, once a form is accepted, which every form answers by 302."""
    if request.method != "POST" or response.status_code not in (302, 303) or not request.user.is_authenticated:
        return
    if DRAFT.fullmatch(sent := request.POST.get("draft", "")):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(f"taken-{sent}", "yes", max_age=60 * 60, samesite="Lax", secure=secure)
