"""How the API answers: what OPTIONS says, lists in pages, and no filter that it does not know.

The framework's views load this module while they are loaded, so it imports nothing of rest_framework.views.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError
from rest_framework.metadata import SimpleMetadata
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Description(SimpleMetadata):
    """What OPTIONS answers: what a view is called and does. What can be sent to it, the schema says."""

    def determine_actions(self, request: Request, view: Any) -> dict[str, Any]:
        """Return nothing, where the framework would look up an object as no view of ours does."""
        return {}


class Pages(PageNumberPagination):
    """Pages of a list: `page`, and how many rows each has, `page_size`, up to a thousand."""

    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of a page; the framework writes "may be null" as OpenAPI did before 3.1."""
        page: dict[str, Any] = super().get_paginated_response_schema(schema)
        for name in ("next", "previous"):
            del page["properties"][name]["nullable"]
            page["properties"][name]["type"] = ["string", "null"]
        return page


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
