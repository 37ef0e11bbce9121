"""Responses of public pages: stored and given out again to visitors, with what browsers need to ask again briefly."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers, set_response_etag
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_page
from django.views.decorators.http import conditional_page

from reporting.assessments import gone
from scoreboard import clock, public_pages, rehearsal
from scoreboard.errors import Gone

QUARTER = 15 * 60  # seconds; in every time zone a day begins on a quarter of an hour
PERSONAL = (
    settings.SESSION_COOKIE_NAME,
    settings.MESSAGE_COOKIE_NAME,
)  # cookies with which a page is made for its reader alone

View = Callable[..., HttpResponse]


def says_if_withdrawn(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view of an assessment (`pk`) answer 410 with a sentence, instead of 404, once that is withdrawn."""

    @wraps(view)
    def shown(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, pk, *args, **kwargs)
        except Http404:
            gone.require_not_withdrawn(pk, request.user)
            raise

    return shown


def missing(*, was_withdrawn: bool) -> Exception:
    """Return what to raise: Gone, with a sentence, for what was published and withdrawn; Http404 for what never was."""
    sentence = _("What was published here was withdrawn by the Secretariat, and nothing else is published here now.")
    return Gone(sentence) if was_withdrawn else Http404()


def public_page(view: View) -> View:
    """Store a view's whole pages for visitors, by address, language, `public_pages.number` and quarter of an hour.

    So no page is given out on another day than the one it was made on, wherever a cycle has its days. Whoever is signed
    in, or has a message to read, gets a page of their own. Browsers ask again each time, and get 304 while the page is
    the same. The page of a visitor must hold no form with a token, and nothing of cookies.
    """

    def dated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.page_address = settings.SITE_URL + request.path  # type: ignore[attr-defined]  # for mikt.context
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            set_response_etag(response)
            response["Last-Modified"] = http_date(clock.now().timestamp())
        return response

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if rehearsal.is_on() or any(name in request.COOKIES for name in PERSONAL):
            return view(request, *args, **kwargs)
        quarter = int(clock.now().timestamp()) // QUARTER
        stored = cache_page(QUARTER, cache="pages", key_prefix=f"{public_pages.number()}.{quarter}")(dated)
        response: HttpResponse = conditional_page(stored)(request, *args, **kwargs)
        response["Cache-Control"] = "no-cache"  # instead of the seconds for which it is stored here
        del response["Expires"]
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response

    return shown
