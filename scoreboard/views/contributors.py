"""The focal point's pages of contributors: ask them for parts, decide on their suggestions, hand over."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import rules
from scoreboard.contributors import deciding, inviting
from scoreboard.errors import DomainError, Invalid, NotNow, Stale
from scoreboard.forms import questions
from scoreboard.forms.questions import Question
from scoreboard.forms.threads import InvitationForm, PartForm
from scoreboard.http import SignedIn
from scoreboard.models import Assignment, Membership, Role, Submission, Suggestion
from scoreboard.submissions import completeness, returns, steps
from scoreboard.submissions.answering import AnswerInput
from scoreboard.text import number, stripped
from scoreboard.threads import discussion
from scoreboard.views.common import closed_to, page, visible


@require_http_methods(["GET", "HEAD", "POST"])
def contributors(request: SignedIn, pk: int) -> HttpResponse:
    """List the contributors with their parts, and ask one more."""
    submission = _visible(request, pk)
    form = InvitationForm(request.POST or None, submission=submission, initial={"until": submission.due})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            part = inviting.involve(
                submission,
                email=given["email"],
                name=given["name"],
                indicators=given["part"],
                until=given["until"],
                by=request.user,
            )
        except Invalid as problem:
            form.add_error("until" if given["until"] < submission.cycle.day() else "email", problem.sentence)
        else:
            messages.success(request, _("%s will be asked by e-mail.") % part.who)
            return redirect("submission_contributors", pk)
    context = {"form": form, "parts": _parts(submission)}
    return page(request, "scoreboard/contributors/list.html", submission, context)


@require_http_methods(["GET", "HEAD", "POST"])
def contributor(request: SignedIn, pk: int, part: int) -> HttpResponse:
    """Give a contributor another part or another last day."""
    submission = _visible(request, pk)
    assignment = _assignment(submission, part)
    initial = {"until": assignment.until, "indicators": assignment.indicators.all()}
    form = PartForm(request.POST or None, submission=submission, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            inviting.change(assignment, indicators=given["part"], until=given["until"], by=request.user)
        except Invalid as problem:
            form.add_error("until", problem.sentence)
        else:
            messages.success(request, _("The part of %s is changed.") % assignment.who)
            return redirect("submission_contributors", pk)
    return page(request, "scoreboard/contributors/edit.html", submission, {"form": form, "part": assignment})


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedIn, pk: int, part: int) -> HttpResponse:
    """Ask whether to end a contributor's access, and end it."""
    submission = _visible(request, pk)
    assignment = _assignment(submission, part)
    if request.method == "POST":
        inviting.remove(assignment, by=request.user)
        messages.success(request, _("%s has no access any more. Their suggestions stay.") % assignment.who)
        return redirect("submission_contributors", pk)
    return page(request, "scoreboard/contributors/remove.html", submission, {"part": assignment})


@require_POST
def remind(request: SignedIn, pk: int, part: int) -> HttpResponse:
    """Mail a contributor what still waits for them."""
    assignment = inviting.remind(_assignment(_visible(request, pk), part), by=request.user)
    messages.success(request, _("%s will be reminded by e-mail.") % assignment.who)
    return redirect("submission_contributors", pk)


@require_safe
def suggestions(request: SignedIn, pk: int) -> HttpResponse:
    """List the suggestions that wait for a decision, and those decided last."""
    submission = _visible(request, pk)
    decided = submission.suggestions.exclude(decision="").select_related("indicator__area", "author", "decided_by")
    answers = {a.indicator_id: a for a in submission.answers.select_related("level", "changed_by")}
    waiting = [(found, deciding.input_of(found), answers.get(found.indicator_id)) for found in _open(submission)]
    context = {
        "waiting": waiting,
        "decided": decided.order_by("-decided_at")[:50],
        "closed": closed_to(request, submission, ""),
    }
    return page(request, "scoreboard/contributors/suggestions.html", submission, context)


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: SignedIn, pk: int, suggestion: int) -> HttpResponse:
    """Show a suggestion next to the answer, and adopt, edit or decline it."""
    submission = _visible(request, pk)
    known = submission.suggestions.select_related("indicator__area", "indicator__data_form", "author", "level")
    found = get_object_or_404(known.prefetch_related("evidence"), pk=suggestion)
    if request.method != "POST":
        if found.decision:
            return redirect("submission_suggestions", pk)
        return _decision(request, submission, found)
    decision, code = request.POST.get("decision"), found.indicator.code
    given, seen = questions.read(request.POST)
    if decision != "edit" and request.POST.get("at", "") != found.at.isoformat() and not found.decision:
        raise NotNow(_("%s has changed this suggestion meanwhile. Look at it again.") % found.author)
    if decision == "edit" and code not in given:
        return _decision(request, submission, found)
    why = stripped(request.POST.get(f"i{code}-why", ""))
    try:
        if decision == "decline":
            deciding.decline(found, note=request.POST.get("note", ""), by=request.user)
        else:
            edited = _edited(request, found, given[code]) if decision == "edit" else {}
            deciding.adopt(found, by=request.user, seen=seen.get(code, 0), why=why, **edited)
    except (Invalid, Stale) as problem:
        typed = given.get(code) if decision == "edit" else None
        return _decision(request, submission, found, typed, problem, declining=decision == "decline")
    messages.success(request, _outcome(found, decision or ""))
    return redirect(_back(submission, found) if "area" in request.POST else _list(submission))


def _edited(request: SignedIn, found: Suggestion, given: AnswerInput) -> dict[str, Any]:
    """Return what is adopted of a suggestion with changes: the fields of the page, and what is ticked."""
    if "figures" in request.POST:
        given = replace(given, figures=found.figures, figures_withheld=found.figures_withheld)
    return {
        "given": given,
        "pieces": {pk for sent in request.POST.getlist("piece") if (pk := number(sent)) is not None},
    }


def _outcome(found: Suggestion, decision: str) -> str:
    if decision == "decline":
        return _("The suggestion for %s is declined.") % found.indicator.label
    return _("The suggestion for %s is the answer now.") % found.indicator.label


def _back(submission: Submission, found: Suggestion) -> str:
    area = reverse("submission_area", args=[submission.pk, found.indicator.area.code])
    return f"{area}#i{found.indicator.code}"


def _list(submission: Submission) -> str:
    return reverse("submission_suggestions", args=[submission.pk])


@require_safe
def handover(request: SignedIn, pk: int) -> HttpResponse:
    """Show everything that somebody who takes over needs to know, on one page."""
    submission = _visible(request, pk)
    gaps = completeness.gaps(submission)
    total, areas = completeness.progress(submission, gaps)
    holders = Membership.objects.in_force().filter(role=Role.FOCAL, country=submission.country)
    talks = discussion.thread_views(submission, request.user)
    log = submission.transitions.select_related("by", "version").defer("version__answers")
    context = {
        "total": total,
        "areas": areas,
        "missing": gaps,
        "holders": holders.select_related("person").order_by("person__name"),
        "parts": _parts(submission),
        "suggestions": _open(submission),
        "returned": returns.last(submission),
        "talks": [talk for of_one in talks.values() for talk in of_one if talk.thread.closed_at is None],
        "versions": submission.versions.defer("answers"),
        "log": [(entry, steps.label(entry.step)) for entry in log.order_by("-at", "-pk")[:10]],
    }
    return page(request, "scoreboard/contributors/handover.html", submission, context)


def _visible(request: SignedIn, pk: int) -> Submission:
    """Return the submission if it is the person's to see (404) and theirs to share with colleagues (403)."""
    submission = visible(request, pk)
    rules.require(request.user, "involve", submission)
    return submission


def _assignment(submission: Submission, pk: int) -> Assignment:
    return get_object_or_404(submission.assignments.select_related("person"), pk=pk)


def _open(submission: Submission) -> QuerySet[Suggestion]:
    return deciding.open_suggestions(submission).prefetch_related("indicator__levels")


def _parts(submission: Submission) -> list[dict[str, Any]]:
    """Return what the list says of each contributor, those with access first, in queries that do not grow."""
    suggested: dict[int, dict[int, datetime]] = defaultdict(dict)
    for author, indicator, at in submission.suggestions.order_by("at").values_list("author", "indicator", "at"):
        suggested[author][indicator] = at
    parts = submission.assignments.select_related("person", "invited_by").prefetch_related("indicators__area")
    rows = []
    for part in sorted(parts, key=lambda part: (not part.is_unended, part.who)):
        own = suggested[part.person_id]
        indicators = sorted(part.indicators.all(), key=lambda indicator: indicator.position)
        active = max((moment for moment in (*own.values(), part.person.last_login) if moment), default=None)
        waiting = [indicator for indicator in indicators if indicator.pk not in own]
        rows.append({"part": part, "indicators": indicators, "waiting": waiting, "active": active})
    return rows


def _decision(
    request: SignedIn,
    submission: Submission,
    found: Suggestion,
    typed: AnswerInput | None = None,
    problem: DomainError | None = None,
    *,
    declining: bool = False,
) -> HttpResponse:
    answer = submission.answers.filter(indicator=found.indicator).select_related("level", "changed_by").first()
    offered = deciding.input_of(found)
    full = deciding.merged_input(found, answer)
    question = Question(found.indicator, answer, typed or full, problem=None if declining else problem)
    where = "#note" if declining else f"#{question.prefix}"
    context = {
        "suggestion": found,
        "question": question,
        "offered": offered,
        "newer": answer is not None and answer.revision > found.revision,
        "asks_why": found.indicator_id in returns.needing_reason(submission),
        "ticked": None if typed is None else request.POST.getlist("piece"),
        "figures_ticked": typed is None or "figures" in request.POST,
        "note_problem": problem if declining else None,
        "note": request.POST.get("note", ""),
        "why": request.POST.get(f"{question.prefix}-why", ""),
        "suggesting": True,
        "errors": [{"href": where, "text": problem.sentence}] if problem else [],
        "closed": closed_to(request, submission, ""),
    }
    return page(request, "scoreboard/contributors/suggestion.html", submission, context)
