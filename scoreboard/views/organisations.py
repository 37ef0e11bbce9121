"""Pages that edit organisations, and who belongs to a network as what and when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import rules
from scoreboard.errors import Invalid
from scoreboard.forms.organisations import CorrectionForm, NetworkMembershipForm, OrganisationForm
from scoreboard.http import SignedIn
from scoreboard.models import Country, CountryGroup, GroupMembership, Organisation
from scoreboard.people import networks
from scoreboard.text import alphabetical


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Add an organisation."""
    rules.require(request.user, "edit_networks")
    return _edit(request, Organisation())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change an organisation's names and kind."""
    rules.require(request.user, "edit_networks")
    return _edit(request, get_object_or_404(Organisation, pk=pk))


def _edit(request: SignedIn, organisation: Organisation) -> HttpResponse:
    shown = str(organisation) if organisation.pk else ""
    form = OrganisationForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            networks.save_organisation(organisation, **form.cleaned_data, by=request.user)
        except Invalid as problem:
            form.add_error("name", problem.sentence)
        else:
            messages.success(request, _("%s is saved.") % organisation)
            return redirect("people_organisation", organisation.pk)
    return render(request, "scoreboard/organisations/edit.html", {"form": form, "shown": shown, "pk": organisation.pk})


@require_http_methods(["GET", "HEAD", "POST"])
def join_as_country(request: SignedIn, code: str) -> HttpResponse:
    """Enter that a country belongs to a network or group."""
    rules.require(request.user, "edit_networks")
    return _join(request, get_object_or_404(Country, iso2=code.upper()))


@require_http_methods(["GET", "HEAD", "POST"])
def join_as_organisation(request: SignedIn, pk: int) -> HttpResponse:
    """Enter that an organisation belongs to a network or group."""
    rules.require(request.user, "edit_networks")
    return _join(request, get_object_or_404(Organisation, pk=pk))


def _join(request: SignedIn, member: Country | Organisation) -> HttpResponse:
    form = NetworkMembershipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = networks.join(member, **form.cleaned_data, by=request.user)
        except Invalid as problem:
            form.add_error("since", problem.sentence)
        else:
            messages.success(request, _("Entered: %s.") % membership)
            return redirect(_page_of(member))
    context = {"form": form, "member": member, "place": _page_of(member)}
    return render(request, "scoreboard/organisations/join.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def membership(request: SignedIn, pk: int) -> HttpResponse:
    """Correct, end or delete a membership of a network or group."""
    rules.require(request.user, "edit_networks")
    found = GroupMembership.objects.select_related("country", "organisation", "group")
    stored = get_object_or_404(found, pk=pk)
    member, shown = stored.member, str(stored)
    deletes = request.POST.get("act") == "delete"
    form = CorrectionForm(None if deletes else request.POST or None, membership=stored)
    if deletes:
        networks.remove(stored, by=request.user)
        messages.success(request, _("Deleted: %s.") % shown)
        return redirect(_page_of(member))
    if request.method == "POST" and form.is_valid():
        try:
            networks.correct(stored, **form.cleaned_data, by=request.user)
        except Invalid as problem:
            form.add_error("since", problem.sentence)
        else:
            messages.success(request, _("Changed: %s.") % shown)
            return redirect(_page_of(member))
    context = {"form": form, "membership": stored, "place": _page_of(member)}
    return render(request, "scoreboard/organisations/membership.html", context)


@require_safe
def network(request: SignedIn, code: str) -> HttpResponse:
    """Show who belongs to a network or group today, by kind."""
    rules.require(request.user, "see_people")
    group = get_object_or_404(CountryGroup, code=code)
    held = group.memberships.in_force().select_related("country", "organisation", "group")
    rows = sorted(held, key=lambda one: alphabetical(one.member))
    by_kind = [(kind.label, [one for one in rows if one.kind == kind]) for kind in GroupMembership.Kind]
    context = {"group": group, "kinds": [(label, found) for label, found in by_kind if found]}
    return render(request, "scoreboard/organisations/network.html", context)


def _page_of(member: Country | Organisation) -> str:
    if isinstance(member, Country):
        return reverse("people_country", args=[member.iso2.lower()])
    return reverse("people_organisation", args=[member.pk])
