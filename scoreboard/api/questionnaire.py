"""Editions and countries in the API, read-only: each sees those of the pages."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from scoreboard.api.fields import Related, Text
from scoreboard.forms.typed_text import Form
from scoreboard.models import Country, Edition, GroupMembership
from scoreboard.questionnaire import importing


class EditionSerializer(serializers.ModelSerializer):
    title = Text()
    short_title = Text()
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the languages that every text has."
    )
    previous: Related = serializers.SlugRelatedField(
        "code", read_only=True, allow_null=True, help_text="Code of the edition before."
    )
    url = serializers.HyperlinkedIdentityField("edition-detail", lookup_field="code")

    class Meta:
        model = Edition
        fields = ["url", "code", "year", "title", "short_title", "languages", "previous", "provisional"]


class EditionFilter(filters.FilterSet):
    year = filters.NumberFilter(label="Year of the edition.")
    provisional = filters.BooleanFilter(label="Whether the wording is provisional.")

    class Meta:
        model = Edition
        form = Form
        fields = ["year", "provisional"]


@extend_schema_view(list=extend_schema(summary="List the editions of the questionnaire"))
class EditionViewSet(viewsets.ReadOnlyModelViewSet):
    """Editions in which a cycle was opened; officers, analysts and administrators see all."""

    serializer_class = EditionSerializer
    filterset_class = EditionFilter
    lookup_field = "code"
    queryset = Edition.objects.none()

    def get_queryset(self) -> QuerySet[Edition]:
        return Edition.objects.visible_to(self.request.user).select_related("previous")

    @extend_schema(
        summary="Read an edition with all its texts",
        description="The answer is an edition file in JSON: importing it gives the same edition.",
        responses={200: {"$ref": "#/components/schemas/EditionFile"}},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(importing.export(self.get_object()))


class GroupMembershipSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="group.code")
    name = Text(source="group.name")
    kind = serializers.CharField(help_text="As what: member, interested, non_party or observer.")

    class Meta:
        model = GroupMembership
        fields = ["code", "name", "kind", "since", "until", "confirmed"]


class CountrySerializer(serializers.ModelSerializer):
    name = Text()
    groups = GroupMembershipSerializer(source="group_memberships", many=True)

    class Meta:
        model = Country
        fields = ["iso2", "iso3", "name", "subregion", "groups"]


class CountryFilter(filters.FilterSet):
    group = filters.CharFilter("groups__code", label="Code of a group that the country is or was in.", distinct=True)
    subregion = filters.CharFilter(label="Name of the sub-region.")

    class Meta:
        model = Country
        form = Form
        fields = ["group", "subregion"]


@extend_schema_view(list=extend_schema(summary="List the countries"), retrieve=extend_schema(summary="Read a country"))
class CountryViewSet(viewsets.ReadOnlyModelViewSet):
    """Countries that may report, with their groups."""

    serializer_class = CountrySerializer
    filterset_class = CountryFilter
    lookup_field = "iso2"
    queryset = Country.objects.prefetch_related("group_memberships__group")

    def get_object(self) -> Country:
        self.kwargs["iso2"] = self.kwargs["iso2"].upper()  # pages have it in lower case
        return super().get_object()
