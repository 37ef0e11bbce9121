"""How the API answers: errors as problems with a sentence, lists in pages, and no filter that it does not know."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError
from rest_framework.metadata import SimpleMetadata
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
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
    kept = {
        name: value for name, value in (headers or {}).items() if name in ("WWW-Authenticate", "Retry-After", "Allow")
    }
    return Response(data, status=status, headers=kept, content_type=PROBLEM)


class Description(SimpleMetadata):
    """What OPTIONS answers: what a view is called and does. What can be sent to it, the schema says."""

    def determine_actions(self, request: Request, view: Any) -> dict[str, Any]:
        """Return nothing, where the framework would look up an object as no view of ours does."""
        return {}


class Pages(PageNumberPagination):
    """Pages of a list: `page`, and how many rows each has, `page_size`, up to a thousand."""

    page_size_query_param = "page_size"
    max_page_size = 1000


class KnownFilters(filters.DjangoFilterBackend):
    """The filters of a list; a parameter that is none of them is refused, since ignoring it would answer too much."""

    ALWAYS = frozenset({"page", "page_size", "format"})

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        known = set(self.ALWAYS)
        if filterset := self.get_filterset_class(view, queryset):
            known |= filterset.base_filters.keys()
        if unknown := sorted(set(request.query_params) - known):
            raise ValidationError({name: [_("There is no filter of this name here.")] for name in unknown})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered
