"""The pages of a country's register of action plans: the lists, one plan, who reads it, its check and its history."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import phrases, rules
from scoreboard.errors import DomainError, Invalid, Stale
from scoreboard.forms.plans import CheckForm, PlanForm, ReadersForm
from scoreboard.http import SignedIn
from scoreboard.models import ActionPlan, Country, Role
from scoreboard.models.people import countries_of, roles_of
from scoreboard.plans import reading, register
from scoreboard.views.people import find_country


@require_safe
def plan_list(request: SignedIn) -> HttpResponse:
    """List the plans of the person's countries, and those of which a contributor has actions."""
    own = reading.listed(request.user)
    mine = countries_of(request.user) + countries_of(request.user, Role.CONTRIBUTOR)
    context = {
        "page": Paginator(own.filter(country__in=mine), 50).get_page(request.GET.get("page")),
        "countries": countries_of(request.user),
        "is_officer": sees_all(request.user),
    }
    return render(request, "scoreboard/plans/list.html", context)


@require_safe
def country_plans(request: SignedIn, code: str) -> HttpResponse:
    """List the plans of one country, for its focal points, and for officers and analysts those that they see."""
    country, moved = find_country(request, code)
    if not (country in countries_of(request.user) or sees_all(request.user)):
        raise Http404
    if moved:
        return moved
    context = {
        "country": country,
        "plans": reading.listed(request.user).filter(country=country),
        "may_write": rules.may_for(request.user, "write_plan", country),
        "is_officer": sees_all(request.user),
    }
    return render(request, "scoreboard/plans/country.html", context)


@require_safe
def review_list(request: SignedIn) -> HttpResponse:
    """List for officers and analysts the plans that countries show them; `?show=check` those to be checked."""
    rules.require(request.user, "see_review")
    found: Any = reading.listed(request.user).exclude(audience=ActionPlan.Audience.COUNTRY)
    checks = request.GET.get("show") == "check"
    if checks:
        found = [plan for plan in found if plan.waits_for_check]
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "checks": checks,
        "may_check": rules.may(request.user, "check_plan"),
    }
    return render(request, "scoreboard/plans/review.html", context)


@require_safe
def overdue(request: SignedIn) -> HttpResponse:
    """List the actions whose last day has passed, of the plans that the person sees."""
    found = Paginator(reading.overdue(request.user), 50)
    return render(request, "scoreboard/plans/overdue.html", {"page": found.get_page(request.GET.get("page"))})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, code: str) -> HttpResponse:
    """Enter a plan of the country, or that it has none."""
    country, moved = own_country(request, code)
    if moved:
        return moved
    edition = register.edition_for(country)
    typed = request.POST if request.method == "POST" else None
    form = PlanForm(typed, known=edition.objectives if edition else [], initial={"status": "development"})
    if form.is_valid():
        try:
            plan = register.enter(country, form.facts, by=request.user)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("The plan is entered. Only your country reads it until you show it to others."))
            return redirect("plan", plan.pk)
    context = {"country": country, "form": form, "text_language": edition and phrases.text_language(edition)}
    return render(request, "scoreboard/plans/new.html", context)


@require_safe
def plan(request: SignedIn, pk: int) -> HttpResponse:
    """Show one plan with its actions to who may read it, with what they can do about it."""
    found = fetch(request, pk)
    actions = reading.with_actions(found, request.user)
    given = reading.given(found)
    may_write = rules.may_for(request.user, "write_plan", found.country)
    whole = may_write or sees_all(request.user)
    accepted = reading.contributors_of(found.country) if may_write else set()
    titles = reading.indicators(found)
    context = {
        "rows": [
            {
                "action": action,
                "indicators": [titles[code] for code in action.indicators if code in titles],
                "people": [reading.who(one, accepted) for one in given[action.pk]] if may_write else [],
            }
            for action in actions
        ],
        "objectives": reading.objectives(found),
        "pieces": found.pieces.filter(action=None).select_related("added_by") if whole else [],
        "whole": whole,
        "check": CheckForm(initial={"seen": register.latest_change(found)}) if may_check(request, found) else None,
    }
    return page(request, "plan", found, context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change what is said of a plan as a whole."""
    found = to_write(request, pk)
    names = list(register.PlanFacts.__dataclass_fields__)
    initial = {name: getattr(found, name) for name in names} | {"seen": found.revision}
    typed = request.POST if request.method == "POST" else None
    known = found.edition.objectives if found.edition else []
    form, conflict = PlanForm(typed, known=known, initial=initial), None
    if form.is_valid():
        try:
            register.save(found, form.facts, seen=form.cleaned_data["seen"] or 0, by=request.user)
        except Stale as problem:
            conflict = problem.current
            form = renewed(form, conflict.revision, problem, known=known)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("The plan is changed."))
            return redirect("plan", pk)
    context = {"form": form, "conflict": conflict, "objectives": reading.objectives(conflict) if conflict else []}
    return page(request, "edit", found, context, status=409 if conflict else 200)


def renewed(form: Any, revision: int, problem: DomainError, **options: Any) -> Any:
    """Return a form with what was typed, now for the current `revision`, which says what the `problem` is."""
    data = form.data.copy()
    data["seen"] = str(revision)
    again = type(form)(data, **options)
    again.add_error(None, problem.sentence)
    return again


@require_http_methods(["GET", "HEAD", "POST"])
def readers(request: SignedIn, pk: int) -> HttpResponse:
    """Say who reads a plan and what that means, and change it."""
    found = fetch(request, pk)
    rules.require_for(request.user, "show_plan", found.country)
    typed = request.POST if request.method == "POST" else None
    form = ReadersForm(typed, initial={"audience": found.audience})
    if form.is_valid():
        changed = register.show(found, form.cleaned_data["audience"], by=request.user)
        messages.success(request, _("Readers of the plan: %s.") % changed.get_audience_display())
        return redirect("plan", pk)
    return page(request, "readers", found, {"form": form, "links": found.pieces.filter(action=None).exclude(url="")})


@require_http_methods(["POST"])
def check(request: SignedIn, pk: int) -> HttpResponse:
    """Record that an officer checked the plan."""
    found = fetch(request, pk)
    rules.require_for(request.user, "check_plan", found.country)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return page(request, "check", found, {"form": form})
    try:
        register.check(found, **form.cleaned_data, by=request.user)
    except Stale as problem:
        form = renewed(form, register.latest_change(found), problem)
        return page(request, "check", found, {"form": form}, status=409)
    messages.success(request, _("The plan is checked. The focal points get an e-mail."))
    return redirect("plan", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to delete a plan that nobody else has seen, and do it."""
    found = to_write(request, pk)
    register.require_deletable(found)
    if request.method == "POST":
        register.delete(found, by=request.user)
        messages.success(request, _("The plan is deleted."))
        return redirect("country_plans", found.country.iso2.lower())
    return page(request, "delete", found)


@require_safe
def history(request: SignedIn, pk: int) -> HttpResponse:
    """Show who changed what of a plan and when, the old and the new."""
    found = fetch(request, pk)
    if not (rules.may_for(request.user, "write_plan", found.country) or sees_all(request.user)):
        raise Http404
    shown = Paginator(reading.history(found, request.user), 50).get_page(request.GET.get("page"))
    changes = [(change, reading.changed(change)) for change in shown]
    return page(request, "history", found, {"page": shown, "changes": changes})


def fetch(request: SignedIn, pk: int) -> ActionPlan:
    """Return the plan; 404 for who may not see it."""
    found = ActionPlan.objects.visible_to(request.user)
    related = ("country", "edition", "changed_by", "checked_by", "published_by", "previous")
    return get_object_or_404(found.select_related(*related), pk=pk)


def to_write(request: SignedIn, pk: int) -> ActionPlan:
    """Return the plan if it is the person's to see (else 404) and to write (else 403)."""
    found = fetch(request, pk)
    rules.require_for(request.user, "write_plan", found.country)
    return found


def own_country(request: SignedIn, code: str) -> tuple[Country, HttpResponse | None]:
    """Return the country in an address if the person writes its plans; 404 or 403 for others."""
    country, moved = find_country(request, code)
    if not (country in countries_of(request.user) or sees_all(request.user)):
        raise Http404
    rules.require_for(request.user, "write_plan", country)
    return country, moved


def sees_all(user: Any) -> bool:
    """Return whether somebody reads what countries show to the Secretariat."""
    return bool(roles_of(user) & {Role.SECRETARIAT, Role.ANALYST})


def may_check(request: SignedIn, found: ActionPlan) -> bool:
    """Return whether the person can check the plan now."""
    return rules.may(request.user, "check_plan") and found.waits_for_check


def page(
    request: HttpRequest, name: str, found: ActionPlan, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of a plan with what all of them show."""
    country = found.country
    own = country in countries_of(request.user)
    back = reverse("country_plans", args=[country.iso2.lower()])
    shown = {
        "plan": found,
        "country": country,
        "example": found.is_example,
        "may_write": rules.may_for(request.user, "write_plan", country),
        "back_url": back if own or sees_all(request.user) else reverse("plan_list"),
        "text_language": phrases.text_language(found.edition) if found.edition else "",
    }
    return render(request, f"scoreboard/plans/{name}.html", (context or {}) | shown, status=status)
