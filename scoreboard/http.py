"""What the web adds to the domain's errors: a page with the sentence that says why something cannot be done now."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from scoreboard.errors import DomainError
from scoreboard.models import User


class SignedIn(HttpRequest):
    """A request of somebody signed in, as the LoginRequiredMiddleware lets in to every view that is not public."""

    user: User
    htmx: HtmxDetails


def takes_files(most: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view take a body of `most` bytes from somebody signed in; others take what their fields can hold."""

    def marked(view: Callable[..., Any]) -> Callable[..., Any]:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return marked


class DomainErrorMiddleware:
    """Answers a view's DomainError with its sentence, so that views need not catch it, and never with an empty page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; to somebody who opens what a button posts to, as after signing in again, a page."""
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            told = _("A button sends to this address. If you were signed out meanwhile, press the button again.")
            response.content = render(request, "409.html", {"sentence": told}).content
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a DomainError; let every other exception go its way."""
        if isinstance(exception, DomainError):
            return render(request, "409.html", {"sentence": exception.sentence}, status=409)
        return None


def download(text: str, name: str, kind: str) -> HttpResponse:
    """Return a text as a file to keep, called `name`; `kind` is its media type."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
