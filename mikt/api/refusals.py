"""How the API refuses: every error is a problem with a sentence (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from scoreboard.errors import DomainError, Invalid

PROBLEM = "application/problem+json"  # RFC 9457
HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")  # that a refusal can have


def refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return a problem (RFC 9457) with the sentence of the error.

    Of a DomainError 409, or 410 for Gone; 400 for Invalid, which is about what was sent and not about the moment.
    """
    if isinstance(error, DomainError):
        return problem(400 if isinstance(error, Invalid) else error.status, error.sentence)
    response = exception_handler(error, context)
    if response is None:
        return None
    data = response.data
    if isinstance(data, dict) and set(data) == {"detail"}:
        members = getattr(error, "members", {})
        return problem(response.status_code, str(data["detail"]), headers=dict(response.headers), **members)
    errors = data if isinstance(data, dict) else {"request": data}
    sentence = " ".join(str(one) for texts in errors.values() for one in texts)
    return problem(response.status_code, sentence, headers=dict(response.headers), errors=errors)


def problem(status: int, detail: str, *, headers: dict[str, str] | None = None, **members: Any) -> Response:
    """Return an answer that says in a sentence what is wrong; `members` say more, such as `errors` by field."""
    data = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    kept = {name: value for name, value in (headers or {}).items() if name in HEADERS}
    return Response(data, status=status, headers=kept, content_type=PROBLEM)
