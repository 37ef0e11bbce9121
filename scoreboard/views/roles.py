"""Pages that give and end roles: invite, change, send again, hand over, end; and a country's own focal points."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from scoreboard import contributors, rules
from scoreboard.errors import DomainError, Invalid
from scoreboard.forms.people import EndForm, FocalPointForm, HandoverForm, InvitationForm, RoleForm
from scoreboard.http import SignedIn, require_recent_sign_in
from scoreboard.models import Country, Membership, Role
from scoreboard.models.people import countries_of
from scoreboard.people import directory, roles
from scoreboard.text import number
from scoreboard.views.people import find_country


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: SignedIn) -> HttpResponse:
    """Invite somebody to a role; `country` and `organisation` in the address fill the form."""
    rules.require(request.user, "invite")
    require_recent_sign_in(request)
    form = InvitationForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            membership = roles.invite(form.invitation, by=request.user)
        except DomainError as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("%(who)s will be invited by e-mail: %(role)s.") % _named(membership))
            return redirect(_place(request, membership))
    return render(request, "scoreboard/roles/invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def role(request: SignedIn, pk: int) -> HttpResponse:
    """Show a role, and give it another last day or other networks."""
    rules.require(request.user, "see_people")
    membership = _membership(request, pk)
    if request.method == "POST":
        require_recent_sign_in(request)
    form = RoleForm(request.POST if request.method == "POST" else None, membership=membership)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            roles.change(membership, until=given["until"], networks=given.get("networks", []), by=request.user)
        except DomainError as problem:
            form.add_error("until", problem.sentence)
        else:
            messages.success(request, _("The role of %s is changed.") % membership.who)
            return redirect(_place(request, membership))
    context = {
        "membership": membership,
        "form": form,
        "changes": membership.role != Role.CONTRIBUTOR and membership.is_unended,
        "gives": rules.may_give(request.user, membership.role, membership.country, to=membership.person),
        "ends": rules.may_end(request.user, membership),
    }
    return render(request, "scoreboard/roles/role.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedIn, pk: int) -> HttpResponse:
    """Ask when a role ends, and end it: somebody else's or one's own."""
    membership = _membership(request, pk)
    if not rules.may_end(request.user, membership):
        raise rules.not_yours_to_give()
    require_recent_sign_in(request)
    by_parts = membership.role == Role.CONTRIBUTOR
    at_once = by_parts or membership.accepted_at is None
    form = EndForm({"when": "now"} if at_once and request.method == "POST" else request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if by_parts:
                contributors.end_access(membership, by=request.user)
            else:
                roles.end(membership, by=request.user, last_day=form.cleaned_data["last_day"])
        except Invalid as problem:
            form.add_error("last_day", problem.sentence)
        else:
            messages.success(request, _ended(membership, form.cleaned_data["last_day"]))
            return redirect(_place(request, membership))
    own = membership.person == request.user
    context: dict[str, Any] = {"membership": membership, "at_once": at_once, "own": own}
    context["form"] = None if at_once else form
    context["place"] = _place(request, membership)
    return render(request, "scoreboard/roles/end.html", context)


@require_POST
def send_again(request: SignedIn, pk: int) -> HttpResponse:
    """Mail an invitation that is not answered once more."""
    membership = roles.send_again(_membership(request, pk), by=request.user)
    messages.success(request, _("The invitation of %s will be sent again.") % membership.who)
    return redirect(_place(request, membership))


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: SignedIn, pk: int) -> HttpResponse:
    """Invite a successor, and end the role with a day."""
    membership = _membership(request, pk)
    country = membership.country
    if not (rules.may_end(request.user, membership) and rules.gives_as(request.user, membership.role, country)):
        raise rules.not_yours_to_give()
    if membership.role == Role.CONTRIBUTOR:
        raise Http404
    require_recent_sign_in(request)
    form = HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            successor = roles.hand_over(membership, **form.cleaned_data, by=request.user)
        except DomainError as problem:
            form.add_error(None, problem.sentence)
        else:
            sentence = _("%(who)s will be invited by e-mail to take over: %(role)s.")
            messages.success(request, sentence % _named(successor))
            return redirect(_place(request, membership))
    context = {"membership": membership, "form": form, "place": _place(request, membership)}
    return render(request, "scoreboard/roles/hand_over.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def focal_points(request: SignedIn, code: str) -> HttpResponse:
    """Show a country's focal points to each other, and invite another one."""
    country, moved = find_country(request, code)
    if country not in countries_of(request.user):
        raise Http404
    if moved:
        return moved
    if request.method == "POST":
        require_recent_sign_in(request)
    form = FocalPointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitation = roles.Invitation(role=Role.FOCAL, country=country, **form.cleaned_data)
        try:
            membership = roles.invite(invitation, by=request.user)
        except DomainError as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("%(who)s will be invited by e-mail: %(role)s.") % _named(membership))
            return redirect("country_focal_points", code)
    held = [(one, rules.may_end(request.user, one)) for one in directory.focal_points_of(country)]
    context = {"country": country, "form": form, "held": held}
    return render(request, "scoreboard/roles/focal_points.html", context)


def _membership(request: SignedIn, pk: int) -> Membership:
    found = Membership.objects.visible_to(request.user).select_related(
        "person", "country", "organisation", "offered_by"
    )
    return get_object_or_404(found, pk=pk)


def _initial(request: SignedIn) -> dict[str, Any]:
    """Return what the address says: a country by its code, an organisation by its number, a role."""
    iso2 = request.GET.get("country", "").upper()
    organisation = number(request.GET.get("organisation", ""))
    given = request.GET.get("role", "")
    role = given if given in Role.values else (Role.OBSERVER if organisation else Role.FOCAL)
    return {"country": Country.objects.filter(iso2=iso2).first(), "organisation": organisation, "role": role}


def _named(membership: Membership) -> dict[str, str]:
    return {"who": membership.who, "role": str(membership)}


def _ended(membership: Membership, last_day: Any) -> str:
    if last_day and membership.accepted_at:
        return _("%(who)s has access until the end of %(day)s.") % {
            "who": membership.who,
            "day": date_format(last_day),
        }
    if membership.is_used:
        return _("%s has no access by this role any more.") % membership.who
    return _("The invitation of %s is withdrawn.") % membership.who


def _place(request: SignedIn, membership: Membership) -> str:
    """Return the page on which this person sees what became of it."""
    if rules.may(request.user, "see_people"):
        if membership.country:
            return reverse("people_country", args=[membership.country.iso2.lower()])
        if membership.organisation_id:
            return reverse("people_organisation", args=[membership.organisation_id])
        return reverse("people")
    if membership.person != request.user and membership.role == Role.FOCAL and membership.country:
        return reverse("country_focal_points", args=[membership.country.iso2.lower()])
    return reverse("invitation_list")
