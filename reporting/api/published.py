"""Everything published as flat tables over all cycles: pages of JSON, whole CSV files, and a data package."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reporting.published import datapackage, open_data
from reporting.published.open_data import Column, Known, OpenTable
from reporting.published.open_tables import (
    COMMENTS,
    CYCLES,
    DISTRIBUTIONS,
    INDICATORS,
    LEVELS,
    PARTICIPATION,
    PRODUCTS,
    RESULTS,
    TABLES,
)
from scoreboard.forms.typed_text import Form

FIELDS: dict[str, type[serializers.Field]] = {
    "string": serializers.CharField,
    "integer": serializers.IntegerField,
    "number": serializers.FloatField,
    "boolean": serializers.BooleanField,
    "date": serializers.DateField,
    "datetime": serializers.DateTimeField,
}


class OfCycle(filters.FilterSet):
    cycle = filters.CharFilter("issue__cycle_code", label="Code of the cycle.")

    class Meta:
        form = Form


class OfArea(OfCycle):
    area = filters.CharFilter(label="Code of the area.")


class OfIndicator(OfArea):
    indicator = filters.CharFilter("code", label="Code of the indicator.")


class OfCountry(OfCycle):
    country = filters.CharFilter("iso2", "iexact", label="ISO code of the country, two letters.")


class OfResult(OfCountry, OfArea):
    pass


class OfAnswer(OfResult):
    indicator = filters.CharFilter(label="Code of the indicator.")


class OfIssue(OfCycle):
    cycle = filters.CharFilter("cycle_code", label="Code of the cycle.")


class OfProduct(OfCycle):
    cycle = filters.CharFilter("assessment__cycle__code", label="Code of the cycle.")
    kind = filters.CharFilter(label="Kind of the file.")


FILTERS: dict[str, type[filters.FilterSet]] = {
    LEVELS.name: OfAnswer,
    COMMENTS.name: OfAnswer,
    RESULTS.name: OfResult,
    DISTRIBUTIONS.name: OfIndicator,
    INDICATORS.name: OfIndicator,
    PARTICIPATION.name: OfCountry,
    CYCLES.name: OfIssue,
    PRODUCTS.name: OfProduct,
}


class TableView(generics.GenericAPIView):
    """A table of what is published; the reader and the filters decide which rows of it."""

    table: OpenTable

    def rows(self) -> tuple[Known, Any]:
        """Return what the rows are written with, and what each is about."""
        known = Known(self.request.user)
        return known, self.table.objects(self.filter_queryset(self.table.found(known.issues)))


def _as_json(table: OpenTable) -> Callable[..., Any]:
    """Return the view of a table in pages."""

    class Rows(TableView):
        __doc__ = table.description
        filterset_class = FILTERS[table.name]
        queryset: QuerySet[Any] = table.found([])
        serializer_class = _serializer(table)

        @extend_schema(
            operation_id=f"published_{table.name}_list",
            summary=table.title,
            responses=serializer_class(many=True),
        )
        def get(self, request: Request) -> Response:
            known, objects = self.rows()
            names = [column.name for column in table.columns]
            page = [
                dict(zip(names, map(_plain, table.row(known, one)), strict=True))
                for one in self.paginate_queryset(objects) or []
            ]
            return self.get_paginated_response(page)

    Rows.table = table
    return Rows.as_view()


def _as_csv(table: OpenTable) -> Callable[..., Any]:
    """Return the view of a table as a whole file."""

    class File(TableView):
        __doc__ = f"{table.description} The columns are those of the pages, after the numbers of the row and of all."
        filterset_class = FILTERS[table.name]
        pagination_class = None
        queryset: QuerySet[Any] = table.found([])

        @extend_schema(
            operation_id=f"published_{table.name}_csv",
            summary=f"{table.title}, as one CSV file",
            responses={(200, "text/csv"): OpenApiTypes.STR},
            filters=True,
        )
        def get(self, request: Request) -> HttpResponseBase:
            known, objects = self.rows()
            response = StreamingHttpResponse(open_data.as_csv(table, known, objects), "text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
            return response

    File.table = table
    return File.as_view()


class DataPackage(APIView):
    """Every table with its columns, sources and licence, as Frictionless has them; paths lead to the CSV files."""

    @extend_schema(
        operation_id="published_datapackage",
        summary="Read the description of all tables (Frictionless data package)",
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        return Response(datapackage.descriptor(Known(request.user)))


def _serializer(table: OpenTable) -> type[serializers.Serializer]:
    fields = {column.name: _field(column) for column in table.columns}
    return type(f"{table.name.title()}RowSerializer", (serializers.Serializer,), fields)


def _field(column: Column) -> serializers.Field:
    empty = column.optional and column.kind != "string"  # a text that is not there is an empty one
    return FIELDS[column.kind](help_text=column.meaning, allow_null=empty)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _urls() -> list[URLPattern]:
    found = [path("datapackage.json", DataPackage.as_view(), name="published-datapackage")]
    for table in TABLES:
        found += [
            path(f"{table.name}/", _as_json(table), name=f"published-{table.name}"),
            path(f"{table.name}.csv", _as_csv(table), name=f"published-{table.name}-csv"),
        ]
    return found


urlpatterns = _urls()
