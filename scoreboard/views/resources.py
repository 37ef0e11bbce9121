"""Adding, proposing and checking resources; the pages to read are in `reporting`."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from scoreboard import rules
from scoreboard.errors import DomainError, Invalid, Stale
from scoreboard.evidence import attaching
from scoreboard.forms.learning import EndForm
from scoreboard.forms.resources import ResourceForm
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import Resource, ResourceFile
from scoreboard.network import resources
from scoreboard.text import number


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Add a resource as an officer, or propose one."""
    rules.require_any(request.user, "propose_resource")
    form = ResourceForm(request.POST if request.method == "POST" else None, initial={"seen": 0})
    if form.is_valid():
        try:
            made = resources.propose(form.values, by=request.user)
        except Invalid as problem:
            form.add_error("url", problem.sentence)
        else:
            messages.success(request, _said(made))
            return redirect("resource", made.pk)
    context = {"form": form, "is_officer": rules.may(request.user, "check_resource")}
    return render(request, "scoreboard/resources/new.html", context)


def _said(made: Resource) -> str:
    if made.is_published:
        return _("It is published: everybody finds it now.")
    return _("It is stored. Add files if it has some; it is published once the Secretariat says so.")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change the facts of a resource."""
    found = to_write(request, pk)
    form, conflict = ResourceForm(request.POST if request.method == "POST" else None, resource=found), None
    if form.is_valid():
        try:
            resources.save(found, form.values, seen=form.cleaned_data["seen"], by=request.user)
        except Stale as problem:
            conflict = problem.current
            data = request.POST.copy()
            data["seen"] = str(conflict.revision)
            form = ResourceForm(data, resource=conflict)
            form.add_error("title", problem.sentence)
        except Invalid as problem:
            form.add_error("url", problem.sentence)
        else:
            messages.success(request, _("The resource is saved."))
            return redirect("resource", pk)
    return page(request, "edit", found, {"form": form, "conflict": conflict}, 409 if conflict else 200)


@takes_files(attaching.MAX_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: SignedIn, pk: int) -> HttpResponse:
    """Show the files of a resource, and add some."""
    found = to_write(request, pk)
    errors: list[str] = []
    if request.method == "POST":
        sent = request.FILES.getlist("files")
        for file in sent:
            try:
                resources.add_file(found, file, by=request.user)
            except DomainError as problem:
                errors.append(problem.sentence)
        if not sent:
            errors.append(_("Choose a file."))
        if not errors:
            messages.success(request, _("The files are added."))
            return redirect("resource_files", pk)
    return page(request, "files", fetch(request, pk), {"errors": [{"text": one} for one in errors]})


@require_http_methods(["GET", "HEAD", "POST"])
def remove_file(request: SignedIn, pk: int, piece: int) -> HttpResponse:
    """Ask whether to remove a file of a resource, and do it."""
    found = to_write(request, pk)
    one = get_object_or_404(ResourceFile.objects.select_related("resource"), resource=found, pk=piece)
    if request.method == "POST":
        resources.remove_file(one, by=request.user)
        messages.success(request, _("“%s” is removed.") % one.name)
        return redirect("resource_files", pk)
    return page(request, "remove_file", found, {"piece": one})


@require_POST
def publish(request: SignedIn, pk: int) -> HttpResponse:
    """Publish a resource as the officer read it."""
    found = to_check(request, pk)
    resources.publish(found, seen=number(request.POST.get("seen", "")) or 0, by=request.user)
    messages.success(request, _("It is published: everybody finds it now."))
    return redirect("resource", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    """Do not publish what was proposed, with a reason."""
    found = to_check(request, pk)
    resources.require_proposed(found)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        resources.refuse(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is not published. Who proposed it gets your reason by e-mail."))
        return redirect("resource", pk)
    return page(request, "refuse", found, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """End the publication of a resource, with a reason."""
    found = to_check(request, pk)
    resources.require_published(found)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        resources.withdraw(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is withdrawn, and no longer on any page."))
        return redirect("resource", pk)
    return page(request, "withdraw", found, {"form": form})


def fetch(request: SignedIn, pk: int) -> Resource:
    """Return the resource; 404 for who may not see it."""
    return get_object_or_404(Resource.objects.visible_to(request.user).with_content(), pk=pk)


def to_write(request: SignedIn, pk: int) -> Resource:
    """Return the resource if it is the person's to see (else 404) and to change (else 403 or not now)."""
    found = fetch(request, pk)
    resources.require_writer(found, request.user)
    return found


def to_check(request: SignedIn, pk: int) -> Resource:
    """Return the resource if it is the person's to see (else 404) and to check (else 403)."""
    found = fetch(request, pk)
    rules.require(request.user, "check_resource")
    return found


def page(
    request: SignedIn, name: str, found: Resource, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of a resource with what all of them show."""
    shown = {"resource": found, "example": found.is_example, "most": resources.MAX_FILES}
    return render(request, f"scoreboard/resources/{name}.html", (context or {}) | shown, status=status)
