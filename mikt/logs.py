"""What the logs say: each line with the request it belongs to, and one line a request, without personal data."""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse  # noqa: TID251 - a middleware in a module of its own

access = logging.getLogger("portal.access")

_request: ContextVar[str] = ContextVar("request", default="-")

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+")
GIVEN = re.compile(r"[\w.-]{1,64}")  # by a proxy; anything else could write lines of its own


class OfRequest(logging.Filter):
    """Adds to each line the number of the request that it was written in, "-" outside of any.

    Where Django writes the address of a request that failed, it writes the route instead.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.request_id = getattr(request, "number", "-")
            if isinstance(record.args, tuple):
                record.args = tuple(_route(request) if one == request.path else one for one in record.args)
            delattr(record, "request")  # JSON would print it with its address
        elif not hasattr(record, "request_id"):  # else another handler's filter has seen it
            record.request_id = _request.get()
        return True


class Console(logging.StreamHandler):  # type: ignore[type-arg]  # a stream of text
    """Writes lines without e-mail addresses: mail servers and databases repeat them in their errors."""

    def format(self, record: logging.LogRecord) -> str:
        return ADDRESS.sub("[address]", super().format(record))


class LogMiddleware:
    """Gives each request a number, the proxy's if it has one, and writes a line when it is answered.

    The line names the route, not the address: addresses hold keys of invitations and words that people search for. It
    names a person by number, and nobody's network address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the number in `X-Request-ID`, which a person can quote and an operator look for."""
        given = request.headers.get("X-Request-ID", "")
        number = given if GIVEN.fullmatch(given) else uuid4().hex
        request.number = number  # type: ignore[attr-defined]  # for lines that are written once it is answered
        before = _request.set(number)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = number
            if settings.ACCESS_LOG:
                access.info(
                    "%s %s %s",
                    request.method,
                    _route(request),
                    response.status_code,
                    extra={"milliseconds": round(1000 * (time.perf_counter() - began), 1), "person": _person(request)},
                )
            return response
        finally:
            _request.reset(before)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return f"/{match.route}" if match else "no route"


def _person(request: HttpRequest) -> int | None:
    """Return the number of who is signed in, if the request looked at that, or whose token it came with."""
    if token := getattr(request, "auth", None):  # as the API notes it
        return int(token.person_id)
    session = getattr(request, "session", None)
    if session is None or not session.accessed:
        return None
    found = session.get(SESSION_KEY)
    return int(found) if found else None
