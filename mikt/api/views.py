"""The API's own pages: its root, and its documentation for people, made from its schema."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from mikt.api.reference import Reference

ADDRESSES = {
    "editions": "edition-list",
    "countries": "country-list",
    "cycles": "cycle-list",
    "submissions": "submission-list",
    "assessments": "assessment-list",
    "plans": "plan-list",
    "published": "published-datapackage",
    "schema": "api-schema",
    "documentation": "api-docs",
}


@extend_schema(exclude=True)
@api_view(["GET"])
def root(request: Request) -> Response:
    """Return the addresses of the lists, the schema and the documentation."""
    return Response({what: reverse(name, request=request) for what, name in ADDRESSES.items()})


@extend_schema(exclude=True)
@api_view(["GET", "POST", "PUT", "PATCH", "DELETE"])
def missing(request: Request, path: str) -> Response:
    """Say as data, not as a page, that there is nothing at an address of the API, whatever is sent there."""
    root = reverse("api-root", request=request)
    raise NotFound(_("There is nothing at this address. %s lists what there is.") % root)


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the operations and objects of the schema."""
    context = {
        "reference": _reference(get_language() or settings.LANGUAGE_CODE),
        "address": request.build_absolute_uri("/").rstrip("/"),
        "rates": {name: rate or _("any number of") for name, rate in settings.API_RATES.items()},
        "page_size": settings.REST_FRAMEWORK["PAGE_SIZE"],
    }
    return render(request, "api/docs.html", context)


@cache
def _reference(language: str) -> Reference:
    """The reference in the active language; cached by language, since generating a schema takes long."""
    return Reference(SchemaGenerator().get_schema(public=True))
