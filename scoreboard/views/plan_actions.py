"""The pages of the actions of a plan: one action with its progress and evidence, its text, and who has it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import rules
from scoreboard.errors import Invalid, Stale
from scoreboard.evidence import attaching
from scoreboard.forms.plans import ActionForm, DelegationForm, ProgressForm
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import ActionPlan, Delegation, PlanAction, PlanPiece
from scoreboard.plans import actions, delegating, pieces, reading
from scoreboard.views.evidence import attach, served
from scoreboard.views.plans import fetch, page, renewed, sees_all, to_write


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, pk: int) -> HttpResponse:
    """Add an action to a plan."""
    plan = to_write(request, pk)
    form = ActionForm(request.POST if request.method == "POST" else None, plan=plan)
    if form.is_valid():
        try:
            action = actions.add(plan, form.facts, by=request.user)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("Action %s is added.") % action.number)
            return redirect("plan_action_new" if "another" in request.POST else "plan", pk)
    return page(request, "action_new", plan, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Show an action with its notes and evidence, and note how it is coming on."""
    plan, found = _fetch(request, pk, number)
    form = None
    if actions.may_report(found, request.user):
        initial = {"status": found.status, "seen": found.revision}
        form = ProgressForm(request.POST if request.method == "POST" else None, initial=initial)
    elif request.method == "POST":
        actions.require_reporter(found, request.user)
    status = 200
    if form and form.is_valid():
        try:
            actions.note(found, **form.cleaned_data, by=request.user)
        except (Invalid, Stale) as problem:
            status = 409 if isinstance(problem, Stale) else 200
            plan, found = _fetch(request, pk, number)
            form = renewed(form, found.revision, problem)
        else:
            messages.success(request, _("The progress is noted."))
            return redirect("plan_action", pk, number)
    titles = reading.indicators(plan)
    accepted = reading.contributors_of(plan.country)
    given = found.delegations.unended().select_related("person", "action")
    may_write = rules.may_for(request.user, "write_plan", plan.country)
    context = {
        "action": found,
        "form": form,
        "notes": found.notes.select_related("by"),
        "pieces": pieces.of(plan, found),
        "indicators": [titles[code] for code in found.indicators if code in titles],
        "given": [(one, reading.who(one, accepted)) for one in given] if may_write else [],
    }
    return page(request, "action", plan, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Change what is said of an action."""
    plan, found = _to_write(request, pk, number)
    names = list(actions.ActionFacts.__dataclass_fields__)
    initial = {name: getattr(found, name) for name in names} | {"seen": found.revision}
    typed = request.POST if request.method == "POST" else None
    form, conflict = ActionForm(typed, plan=plan, initial=initial), None
    if form.is_valid():
        facts = form.facts
        try:
            saved = actions.save(found, facts, seen=form.cleaned_data["seen"] or 0, by=request.user)
        except Stale as problem:
            conflict = problem.current
            form = renewed(form, conflict.revision, problem, plan=plan)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("Action %s is changed.") % saved.number)
            return redirect("plan_action", pk, saved.number)
    context = {"action": found, "form": form, "conflict": conflict}
    return page(request, "action_edit", plan, context, status=409 if conflict else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Ask whether to remove an action with its notes and evidence, and do it."""
    plan, found = _to_write(request, pk, number)
    if request.method == "POST":
        actions.remove(found, by=request.user)
        messages.success(request, _("Action %s is removed.") % number)
        return redirect("plan", pk)
    return page(request, "action_remove", plan, {"action": found})


@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: SignedIn, pk: int) -> HttpResponse:
    """Give actions to a colleague, and list who has which."""
    plan = fetch(request, pk)
    rules.require_for(request.user, "delegate", plan.country)
    form = DelegationForm(request.POST if request.method == "POST" else None, actions=plan.actions.order_by("number"))
    if form.is_valid():
        given = form.cleaned_data
        facts = {"email": given["email"], "name": given["name"], "until": given["until"]}
        try:
            delegating.delegate(plan, form.chosen, **facts, by=request.user)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("%s is asked by e-mail.") % (given["name"] or given["email"]))
            return redirect("plan_delegate", pk)
    held = Delegation.objects.unended().filter(action__plan=plan).select_related("person", "action")
    held = held.order_by("action__number", "pk")
    accepted = reading.contributors_of(plan.country)
    context = {
        "form": form,
        "given": [
            (one, reading.who(one, accepted), one.person_id in accepted) for one in held.order_by("action__number")
        ],
    }
    return page(request, "delegate", plan, context)


@require_http_methods(["GET", "HEAD", "POST"])
def end_delegation(request: SignedIn, pk: int, delegation: int) -> HttpResponse:
    """Ask whether to take an action back from a colleague, and do it."""
    plan = fetch(request, pk)
    rules.require_for(request.user, "delegate", plan.country)
    related = Delegation.objects.select_related("action__plan__country", "person")
    found = get_object_or_404(related, action__plan=plan, pk=delegation)
    who = reading.who(found, reading.contributors_of(plan.country))
    if request.method == "POST":
        delegating.end(found, by=request.user)
        messages.success(request, _("%s has the action no more. The notes stay.") % who)
        return redirect("plan_delegate", pk)
    return page(request, "end_delegation", plan, {"delegation": found, "who": who})


@takes_files(attaching.MAX_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_files(request: SignedIn, pk: int) -> HttpResponse:
    """Show the documents and links of a plan, and add some."""
    return _files(request, to_write(request, pk), None)


@takes_files(attaching.MAX_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def action_files(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Show the evidence of an action, and add some."""
    plan, found = _fetch(request, pk, number)
    actions.require_reporter(found, request.user)
    return _files(request, plan, found)


@require_safe
def file(request: SignedIn, pk: int, piece: int) -> HttpResponseBase:
    """Serve a file of a plan, or of an action that the person sees; pictures and PDFs may be shown in place."""
    return served(request, _pieces(request, fetch(request, pk)).filter(pk=piece).first())


@require_http_methods(["GET", "HEAD", "POST"])
def remove_file(request: SignedIn, pk: int, piece: int) -> HttpResponse:
    """Ask whether to remove a file or link, and do it."""
    plan = fetch(request, pk)
    one = get_object_or_404(_pieces(request, plan), pk=piece)
    if one.action is None:
        rules.require_for(request.user, "write_plan", plan.country)
    else:
        actions.require_reporter(one.action, request.user)
    if request.method == "POST":
        pieces.remove(one, by=request.user)
        messages.success(request, _("“%s” is removed.") % one.name)
        return redirect("plan_action_files", pk, one.action.number) if one.action else redirect("plan_files", pk)
    return page(request, "remove_file", plan, {"piece": one, "action": one.action})


def _pieces(request: SignedIn, plan: ActionPlan) -> Any:
    """Return the files and links of a plan that the person sees: a contributor only those of their actions."""
    found = PlanPiece.objects.filter(plan=plan).select_related("plan__country", "action__plan__country", "added_by")
    if rules.may_for(request.user, "write_plan", plan.country) or sees_all(request.user):
        return found
    return found.filter(action__in=PlanAction.objects.visible_to(request.user))


def _files(request: SignedIn, plan: ActionPlan, found: PlanAction | None) -> HttpResponse:
    errors: list[str] = []
    if request.method == "POST":
        add_file = partial(pieces.add_file, plan, by=request.user, action=found)
        errors, _notes = attach(request, add_file, partial(pieces.add_link, plan, by=request.user, action=found))
        if not errors:
            return redirect("plan_action_files", plan.pk, found.number) if found else redirect("plan_files", plan.pk)
    context = {
        "action": found,
        "pieces": pieces.of(plan, found),
        "errors": [{"text": sentence} for sentence in errors],
        "url": request.POST.get("url", "") if errors else "",
        "link_name": request.POST.get("name", "") if errors else "",
        "room": pieces.left(plan.country),
        "quota": settings.EVIDENCE_QUOTA,
    }
    return page(request, "files", plan, context)


def _fetch(request: SignedIn, pk: int, number: int) -> tuple[ActionPlan, PlanAction]:
    """Return a plan and its action with this number; 404 for who may not see the action."""
    plan = fetch(request, pk)
    found = plan.actions.visible_to(request.user).select_related("changed_by")
    action = get_object_or_404(found, number=number)
    action.plan = plan
    return plan, action


def _to_write(request: SignedIn, pk: int, number: int) -> tuple[ActionPlan, PlanAction]:
    plan, action = _fetch(request, pk, number)
    rules.require_for(request.user, "write_plan", plan.country)
    return plan, action
