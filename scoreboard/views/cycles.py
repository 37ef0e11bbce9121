"""The pages of cycles: list, create, edit and open them, and the board of a cycle's countries."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import rules
from scoreboard.cycles import calendar, planning
from scoreboard.errors import DomainError, Invalid, Stale
from scoreboard.forms.cycles import CycleForm, DatesForm, DayForm, NetworksForm
from scoreboard.http import SignedIn
from scoreboard.models import Cycle, State, Submission
from scoreboard.text import alphabetical


@require_safe
def cycle_list(request: SignedIn) -> HttpResponse:
    """List the cycles that the person may see: with counts for the Secretariat, else with the person's own part."""
    own = Submission.objects.visible_to(request.user).select_related("country", "cycle")
    shown = Cycle.objects.visible_to(request.user).select_related("edition").order_by("-opens", "code")
    sees_board = rules.may(request.user, "see_board")
    if sees_board:
        part = Q(submissions__left_at=None)
        shown = shown.annotate(**{s.value: Count("submissions", filter=part & Q(submissions__state=s)) for s in State})
    else:
        shown = shown.prefetch_related(Prefetch("submissions", own, to_attr="own"))
    context = {
        "page": Paginator(shown, 50).get_page(request.GET.get("page")),
        "sees_board": sees_board,
        "manages": rules.may(request.user, "manage_cycles"),
    }
    return render(request, "scoreboard/cycles/list.html", context)


def fetch_cycle(request: SignedIn, code: str, act: str) -> Cycle:
    """Return the cycle if the person may see it (else 404) and their role allows the act (else 403)."""
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user).select_related("edition"), code=code)
    rules.require(request.user, act)
    return cycle


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Set up a cycle, from nothing or, with `?like=2026`, from what can be the same as in another one."""
    rules.require(request.user, "manage_cycles")
    done = _("The cycle is set up. Open it when its countries should see it.")
    if not request.GET.get("like"):
        return _edit(request, Cycle(), done)
    other = get_object_or_404(Cycle.objects.visible_to(request.user), code=request.GET["like"])
    return _edit(request, planning.like(other), done, other)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, code: str) -> HttpResponse:
    """Edit a cycle; once it is opened its edition and code are fixed."""
    return _edit(request, fetch_cycle(request, code, "manage_cycles"), _("The changes are saved."))


def _edit(request: SignedIn, cycle: Cycle, done: str, other: Cycle | None = None) -> HttpResponse:
    stored = {"name": str(cycle), "code": cycle.code, "example": cycle.is_example}  # the form overwrites the cycle
    ticks = "tick" in request.POST
    typed = _ticked(request.POST) if ticks else request.POST
    form = CycleForm(typed if request.method == "POST" else None, instance=cycle, like=other)
    if ticks:
        form.errors.clear()  # nothing is stored yet
    elif form.is_valid():
        try:
            calendar.save_cycle(cycle, **form.changes, by=request.user)
        except Stale as problem:  # the form continues with the cycle as it is now
            data = request.POST.copy()
            data["seen"] = str(problem.current.revision)
            form.data = data
            form.add_error(None, problem.sentence)
        except Invalid as problem:
            form.add_error("reason" if "reason" in form.fields else None, problem.sentence)
        except DomainError as problem:
            form.add_error("countries", problem.sentence)
        else:
            messages.success(request, done)
            return redirect("cycle_board", code=cycle.code)
    dates = typed or form.dates
    context = {"form": form, "other": other, "effects": _effects(dates), **_networks(dates), **stored}
    return render(request, "scoreboard/cycles/edit.html", context)


@require_safe
def effects(request: SignedIn) -> HttpResponse:
    """Say in words what the typed dates of a cycle mean, for the form of a cycle."""
    rules.require(request.user, "manage_cycles")
    return render(request, "scoreboard/cycles/_effects.html", {"effects": _effects(request.GET)})


def _effects(typed: Mapping[str, Any]) -> list[str]:
    """Return what the typed dates of a cycle mean; nothing while one is missing or they are out of order."""
    form = DatesForm(typed)
    return planning.effects(**form.cleaned_data) if form.is_valid() else []


@require_safe
def by_network(request: SignedIn) -> HttpResponse:
    """List the countries of the chosen parts of networks, for the form of a cycle."""
    rules.require(request.user, "manage_cycles")
    return render(request, "scoreboard/cycles/_by_network.html", _networks(request.GET))


def _ticked(sent: QueryDict) -> QueryDict:
    """Return the sent form with the countries of the chosen parts ticked: only these, or others too."""
    data = sent.copy()
    others = [] if sent["tick"] == "only" else sent.getlist("countries")
    data.setlist("countries", [*others, *(str(country.pk) for country in _networks(sent)["countries"])])
    return data


def _networks(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of networks, those that are chosen, and whose countries that gives, each once."""
    form = NetworksForm(typed)
    parts = form.parts()
    chosen = form.chosen(parts)
    countries = {country for part in chosen for country in part.countries}
    return {"parts": parts, "chosen": chosen, "countries": sorted(countries, key=alphabetical)}


@require_safe
def on_a_day(request: SignedIn, code: str) -> HttpResponse:
    """Show which countries could still do what on a day, today unless another is asked for."""
    cycle = fetch_cycle(request, code, "see_board")
    form = DayForm(request.GET if "day" in request.GET else {"day": cycle.day()}, cycle=cycle)
    day = form.cleaned_data["day"] if form.is_valid() else None
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "form": form,
        "day": day,
        "opened": cycle.opened_at,
        "groups": planning.on_a_day(cycle, day) if day else [],
    }
    return render(request, "scoreboard/cycles/on_a_day.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedIn, code: str) -> HttpResponse:
    """Delete a cycle that was never opened, after a page that says what goes."""
    cycle = fetch_cycle(request, code, "manage_cycles")
    if request.method == "POST":
        planning.delete_cycle(cycle, by=request.user)
        messages.success(request, _("%s is deleted.") % cycle)
        return redirect("cycle_list")
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "obstacle": planning.obstacle_to_deleting(cycle),
        "countries": cycle.submissions.count(),
    }
    return render(request, "scoreboard/cycles/delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_cycle(request: SignedIn, code: str) -> HttpResponse:
    """Open the cycle, after a page that names who will get an e-mail."""
    cycle = fetch_cycle(request, code, "manage_cycles")
    if request.method == "POST":
        cycle = calendar.open_cycle(cycle, by=request.user)
        messages.success(request, _("%s is open. The focal points of its countries will get a mail.") % cycle)
        return redirect("cycle_board", code=cycle.code)
    reached, unreached = calendar.audience(cycle)
    countries = cycle.submissions.count()
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "obstacle": calendar.obstacle_to_opening(cycle),
        "reached": reached,
        "unreached": unreached,
        "countries": countries,
        "served": countries - len(unreached),
    }
    return render(request, "scoreboard/cycles/open.html", context)
