"""Cycles prepared by the API: an officer opens them on a page, which writes to the countries."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from i18nfield.strings import LazyI18nString
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from scoreboard import rules
from scoreboard.api.given import Given, read
from scoreboard.api.permissions import person
from scoreboard.cycles import calendar
from scoreboard.models import Country, Cycle, Edition, Origin, Scope


class CycleGiven(Given):
    """A new cycle with its countries."""

    code = serializers.SlugField(max_length=20, help_text="Short and lasting, for addresses.")
    title = serializers.DictField(
        child=serializers.CharField(max_length=200), allow_empty=False, help_text="From code of language to text."
    )
    edition = serializers.SlugRelatedField[Any]("code", queryset=Edition.objects.all(), help_text="Its code.")
    opens = serializers.DateField(help_text="The first day on which countries can write.")
    deadline = serializers.DateField(help_text="The last day in time.")
    closes = serializers.DateField(help_text="The last day of writing.")
    time_zone = serializers.CharField(default="Europe/Berlin", max_length=40, help_text="A day ends at midnight there.")
    basis = serializers.ChoiceField(Cycle.Basis.choices, default=Cycle.Basis.ANSWERED)
    is_example = serializers.BooleanField(default=False, help_text="Invented example data.")
    countries = serializers.SlugRelatedField[Any](
        "iso2", many=True, queryset=Country.objects.all(), help_text="ISO codes of those that take part."
    )

    def validate_title(self, title: dict[str, str]) -> LazyI18nString:
        """Return the title; raise ValidationError for a language that the portal does not have."""
        if unknown := sorted(set(title) - set(dict(settings.LANGUAGES))):
            raise serializers.ValidationError(_("The portal does not have this language: %s.") % ", ".join(unknown))
        return LazyI18nString(title)


class PreparesCycles:
    """Adds to the cycles of the API that an officer's program can prepare one."""

    is_public = True  # its reading
    scopes: tuple[Scope, ...] = (Scope.OFFICER,)

    @extend_schema(summary="Prepare a cycle", request=CycleGiven)
    def create(self, request: Request) -> Response:
        """Write a new cycle with its countries. Nobody gets a mail: an officer opens it on its page."""
        rules.require(request.user, "manage_cycles")
        given = read(CycleGiven, request.data)
        countries = given.pop("countries")
        cycle = calendar.save_cycle(Cycle(**given), by=person(request), seen=0, add=countries, origin=Origin.API)
        return Response(self.get_serializer(cycle).data, status=201)  # type: ignore[attr-defined]  # of the viewset
