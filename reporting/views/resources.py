"""Resources as everybody finds them: the list, one resource, its files, and the way to it, which is counted."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reporting.http import public_page
from scoreboard import rules, stored_files
from scoreboard.errors import Gone
from scoreboard.forms.resources import ResourceFilter
from scoreboard.models import Resource, User
from scoreboard.network import resources
from scoreboard.views.evidence import harmless


@login_not_required
@require_safe
@public_page
def resource_list(request: HttpRequest) -> HttpResponse:
    """List the published resources by title, and what waits for this person."""
    chosen = ResourceFilter(request.GET, queryset=Resource.objects.published().with_content())
    page = Paginator(chosen.qs, 30).get_page(request.GET.get("page"))
    is_officer = rules.may(request.user, "check_resource")
    own = Resource.objects.visible_to(request.user).exclude(state=Resource.State.PUBLISHED)
    context = {
        "filter": chosen,
        "page": page,
        "own": own.order_by("-changed_at")[:30],
        "broken": Resource.objects.broken() if is_officer else [],
        "proposes": rules.may_any(request.user, "propose_resource"),
        "is_officer": is_officer,
        "example": bool(page.object_list) and all(one.is_example for one in page),
    }
    return render(request, "reporting/resources/list.html", context)


@login_not_required
@require_safe
@public_page
def resource(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one resource to who may read it."""
    found = _found(request, pk)
    is_officer = rules.may(request.user, "check_resource")
    context: dict[str, Any] = {
        "resource": found,
        "is_officer": is_officer,
        "is_own": isinstance(request.user, User) and found.proposed_by_id == request.user.pk,
        "uses": found.uses.aggregate(n=Sum("count"))["n"] or 0 if is_officer else None,
        "months": found.uses.order_by("-month")[:12] if is_officer else [],
        "example": found.is_example,
    }
    return render(request, "reporting/resources/resource.html", context)


@login_not_required
@require_safe
def open_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the link of a resource, and count that somebody went there."""
    found = _found(request, pk)
    if not found.url:
        raise Http404
    _count(request, found)
    return redirect(found.url)


@login_not_required
@require_safe
def file(request: HttpRequest, pk: int, piece: int) -> HttpResponseBase:
    """Give a file of a resource, and count that somebody took it."""
    found = _found(request, pk)
    one = get_object_or_404(found.files, pk=piece)
    stored_files.require_unchanged(one.file, one.sha256, f"“{one.name}”")
    response = harmless(one, in_place=one.is_shown_in_place and "download" not in request.GET)
    _count(request, found)
    return response


def _count(request: HttpRequest, found: Resource) -> None:
    if found.is_published and request.method == "GET":
        resources.count_use(found)


def _found(request: HttpRequest, pk: int) -> Resource:
    found = Resource.objects.visible_to(request.user).with_content().select_related("proposed_by").filter(pk=pk).first()
    if found is None:
        if Resource.objects.filter(pk=pk, state=Resource.State.WITHDRAWN).exists():
            raise Gone(_("This resource was published here, and is withdrawn."))
        raise Http404
    return found
