"""Helpers of requests and responses: signed-in requests, the owner of a page, sizes of uploads, and downloads."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from scoreboard.models import User


class SignedIn(HttpRequest):
    """A request of a signed-in person, as LoginRequiredMiddleware ensures for every view that is not public."""

    user: User
    htmx: HtmxDetails


@reauthentication_required  # type: ignore[untyped-decorator]  # the library has no types
def require_recent_sign_in(request: HttpRequest) -> None:
    """Before what matters, let somebody who signed in a while ago prove again who they are.

    Raises an error that AccountMiddleware answers: with the page that asks, and with this request once that is done.
    """


def takes_files(most: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view accept a body of `most` bytes from a signed-in person, instead of the usual limit."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


def not_the_owner(request: HttpRequest, person: str | None) -> str:
    """Return a sentence unless `person`, whose page it is, is signed in; empty if they are."""
    if not request.user.is_authenticated:
        return _("You are signed out. Sign in again; nothing that you typed is lost.")
    if str(request.user.pk) != person:
        sentence = _("%(other)s is signed in in this browser now. Sign out in another window, then sign in here again.")
        return sentence % {"other": request.user}
    return ""


def download(text: str, name: str, kind: str) -> HttpResponse:
    """Return a text as a download called `name`; `kind` is its media type."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
