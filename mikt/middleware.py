"""Middleware: encryption and limits of requests, checked before a view runs, and headers against caching."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _

from scoreboard.people import tokens

API = "/api/"  # addresses that programs use
NUL = "\x00"  # no database stores it in a text, and PostgreSQL aborts a query with it


def encrypted_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse programs that use the API over plain http, where the portal has an https address.

    Redirected as pages are, they would go on working, and nobody would notice that a token can be read on its way.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        unencrypted = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if not (unencrypted and request.path_info.startswith(API)):
            return get_response(request)
        return _refused(
            request,
            _(
                "This came over http, without encryption. Use the https:// address. "
                "If you sent a token, end it and make another one: it could be read on its way."
            ),
            403,
        )

    return middleware


class RequestLimitsMiddleware:
    """Refuses bodies larger than the view takes, and the NUL character wherever a request can hold one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Process the request without cookies that hold a NUL, which the portal never sets."""
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in value}
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Return a page with a sentence for what is too large or cannot be stored; raise Http404 for a wrong address.

        The body is read here, before the CSRF check reads it, so that a full disk is answered with a sentence too.
        """
        if NUL in request.path_info or _has_nul(request.GET):
            if request.path_info.startswith(API):
                return _refused(request, _nul(), 404 if NUL in request.path_info else 400)
            raise Http404
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return None  # their bodies are not read
        if "CONTENT_LENGTH" not in request.META and "HTTP_TRANSFER_ENCODING" in request.META:
            return _refused(request, _("The request does not say how large it is."), 411)
        most = _most(request, view)
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            return _refused(request, _too_large(most), 413)
        try:
            fields = request.POST
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return _refused(request, _too_large(most), 413)
        except UnreadablePostError:
            return _refused(request, _("The line broke before all of it arrived. Send it again."), 400)
        except OSError:  # the folder of temporary files is full or read-only
            return _refused(
                request,
                _("The server has no room for what you sent. Tell the administrator, and try again later."),
                507,
            )
        if _has_nul(fields):
            return _refused(request, _nul(), 400)
        return None


def _most(request: HttpRequest, view: Callable[..., Any]) -> int:
    """The most bytes that the view accepts: files only from signed-in people, and with a token that works."""
    most = getattr(view, "most_bytes", 0) or getattr(getattr(view, "cls", None), "most_bytes", 0)
    usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return max(most, usual) if most and _is_known(request) else usual


def _is_known(request: HttpRequest) -> bool:
    key = tokens.sent(request.headers.get("Authorization", ""))
    return request.user.is_authenticated or (key is not None and tokens.holder(key) is not None)


def _has_nul(fields: QueryDict) -> bool:
    return any(NUL in text for name, values in fields.lists() for text in _texts(name, values))


def _texts(name: str, values: Iterable[object]) -> Iterable[str]:
    return [name, *(value for value in values if isinstance(value, str))]


def _nul() -> str:
    return _("A field holds a character (NUL) that cannot be stored. Type the text again.")


def _too_large(most: int) -> str:
    return _("What was sent is larger than the %s MB that this page takes at once.") % (most // 1_000_000)


def _refused(request: HttpRequest, sentence: str, status: int, page: str = "400.html") -> HttpResponse:
    """Return a page with a sentence, to programs that use the API a problem (RFC 9457)."""
    if request.path_info.startswith(API):
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    return render(request, page, {"sentence": sentence}, status=status)


class ReadOnlyMiddleware:
    """Refuses everything that would be saved while READ_ONLY is set, as during an update or a restore."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 503 to what is sent, with a sentence; the scripts of a page store the text in the browser then."""
        if not settings.READ_ONLY or request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        sentence = _("The portal is being maintained and saves nothing at the moment. Try again in a few minutes.")
        if "application/json" in request.headers.get("Accept", "") and not request.path_info.startswith(API):
            response: HttpResponse = JsonResponse({"sentence": sentence}, status=503)
        else:
            response = _refused(request, sentence, 503, "503.html")
        response["Retry-After"] = "300"
        response["Cache-Control"] = "no-store"
        return response


class PrivateMiddleware:
    """Forbids caching of responses to signed-in people and of everything that is not public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; public pages for visitors, and files served by WhiteNoise, are unchanged.

        Signed-in people send the session cookie, or get it now, and messages have one of their own; programs send a
        token. So no person is looked up for this, and no public page depends on cookies.
        """
        response = self.get_response(request)
        names = {settings.SESSION_COOKIE_NAME, settings.MESSAGE_COOKIE_NAME}
        public = getattr(request, "is_public", False) and "no-store" not in response.get("Cache-Control", "")
        known = names & (request.COOKIES.keys() | response.cookies.keys()) or "Authorization" in request.headers
        if known or not public:
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Record whether the view is public, by the attribute that LoginRequiredMiddleware uses."""
        request.is_public = not getattr(view, "login_required", True)  # type: ignore[attr-defined]
