"""The pages of a contributor: the part they were asked for, and nothing else."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import clock, contributors, locking, phrases
from scoreboard.errors import Invalid, Stale
from scoreboard.forms import questions
from scoreboard.forms.questions import Question
from scoreboard.http import SignedIn
from scoreboard.models import TEXT_FIELDS, Answer, Assignment, Indicator, Suggestion
from scoreboard.submissions import commitments
from scoreboard.submissions.answering import AnswerInput
from scoreboard.views.common import facts
from scoreboard.views.saving import conflict, in_place


@require_safe
def contribution_list(request: SignedIn) -> HttpResponse:
    """List the parts that the person is asked for."""
    parts = list(contributors.own_part(request.user))
    waiting = contributors.waiting_counts(parts)
    rows = [(part, waiting[part.pk]) for part in parts]
    return render(request, "scoreboard/contributions/list.html", {"parts": rows})


@require_safe
def contribution(request: SignedIn, pk: int) -> HttpResponse:
    """Show the part: each indicator with what the person suggested and its decision."""
    part = _part(request, pk)
    own = {}
    for suggestion in _own(request, part).order_by("at"):
        own[suggestion.indicator_id] = suggestion
    rows = [(indicator, own.get(indicator.pk)) for indicator in _indicators(part)]
    waiting = sum(suggestion is None for _indicator, suggestion in rows)
    context = {"rows": rows, "waiting": waiting, "colleagues": contributors.colleagues(part)}
    return page(request, "scoreboard/contributions/contribution.html", part, context)


@require_http_methods(["GET", "HEAD", "POST"])
def contribution_indicator(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Ask what the person would answer to one indicator of their part, and save it."""
    part, indicator = asked(request, pk, code)
    latest = latest_of(request, part, indicator)
    current = latest if latest and not latest.decision else None
    if request.method != "POST":
        return _form(request, part, _question(indicator, current, _as_given(current)), latest)
    if f"i{code}-theirs" in request.POST:
        return redirect("contribution_indicator", pk, code)
    given, seen = _typed(request, code)
    try:
        saved = contributors.suggest(part, code, given, by=request.user, seen=seen)
    except (Invalid, Stale) as problem:
        return _form(request, part, _question(indicator, current, given, problem), latest)
    if (then := request.POST.get("then")) in ("figures", "evidence"):
        return redirect(f"contribution_{then}", pk, code)
    if saved is None and current is None:
        nothing = Invalid(_("Choose an answer for %s, or write a comment.") % indicator.label)
        return _form(request, part, _question(indicator, None, given, nothing), latest)
    done = _("Your suggestion for %s is kept.") if saved else _("You suggest nothing for %s now.")
    messages.success(request, done % indicator.label)
    onward = contributors.waiting_for(part) if "continue" in request.POST else []
    if onward:
        return redirect("contribution_indicator", pk, onward[0].code)
    return redirect("contribution", pk)


@in_place
def contribution_save(request: SignedIn, pk: int, code: str) -> dict[str, Any]:
    """Save what a page sends by itself; return the revision, or the problem."""
    part, indicator = asked(request, pk, code)
    given, seen = _typed(request, code)
    try:
        saved = contributors.suggest(part, code, given, by=request.user, seen=seen)
    except Invalid as problem:
        return {code: {"problem": problem.sentence}}
    except Stale as problem:
        question = _question(indicator, problem.current, given, problem)
        return {code: {"problem": problem.sentence} | conflict(part.submission, question)}
    at = phrases.clock_time(clock.now(), part.submission.cycle)
    return {code: {"revision": contributors.stamp(saved), "at": at}}


def _typed(request: SignedIn, code: str) -> tuple[AnswerInput, str | None]:
    """Return what was sent, and the stamp of the suggestion that the page showed."""
    return questions.read(request.POST)[0].get(code, AnswerInput()), request.POST.get(f"i{code}-seen")


def _question(
    indicator: Indicator, current: Suggestion | None, given: AnswerInput, problem: Invalid | Stale | None = None
) -> Question:
    """Return the question to show; in a conflict, the stored suggestion takes the place of the answer."""
    answer = None
    if isinstance(problem, Stale) and (current := problem.current):
        answer = Answer(kind=current.kind, level=current.level, changed_by=current.author, changed_at=current.at)
        for name in TEXT_FIELDS:
            setattr(answer, name, getattr(current, name))
    return Question(indicator, answer, given, problem=problem, stamp=contributors.stamp(current))


def asked(request: SignedIn, pk: int, code: str) -> tuple[Assignment, Indicator]:
    """Return the person's part and an indicator of it; else 404."""
    part = _part(request, pk)
    indicator = next((i for i in _indicators(part) if i.code == code), None)
    if indicator is None:
        raise Http404
    return part, indicator


def latest_of(request: SignedIn, part: Assignment, indicator: Indicator) -> Suggestion | None:
    """Return what the person suggested last to an indicator."""
    return _own(request, part).filter(indicator=indicator).order_by("-at").first()


def _part(request: SignedIn, pk: int) -> Assignment:
    return get_object_or_404(contributors.own_part(request.user), pk=pk)


def _indicators(part: Assignment) -> list[Indicator]:
    found = part.indicators.select_related("area", "data_form").prefetch_related("levels")
    return list(found.order_by("position"))


def _own(request: SignedIn, part: Assignment) -> QuerySet[Suggestion]:
    """Return what the person suggested to their part."""
    own = Suggestion.objects.filter(
        submission=part.submission_id, author=request.user, indicator__in=part.indicators.all()
    )
    return own.select_related("level", "decided_by")


def _as_given(suggestion: Suggestion | None) -> AnswerInput:
    return contributors.input_of(suggestion) if suggestion else AnswerInput()


def _form(request: SignedIn, part: Assignment, question: Question, latest: Suggestion | None) -> HttpResponse:
    closed = closed_to(part)
    answers = part.submission.answers.filter(indicator=question.indicator).select_related("level", "changed_by")
    errors = [{"href": f"#{question.prefix}", "text": question.problem.sentence}] if question.problem else []
    context = {
        "question": question,
        "latest": latest,
        "current_suggestion": latest if latest and not latest.decision else None,
        "content": _as_given(latest),
        "answer": None if closed else answers.first(),
        "errors": errors,
        "earlier_steps": [one for one in commitments.asked(part.submission) if one.code == question.indicator.code],
        "next": next((one for one in contributors.waiting_for(part) if one != question.indicator), None),
    }
    return page(request, "scoreboard/contributions/indicator.html", part, context)


def closed_to(part: Assignment) -> str:
    """Return why nothing can be suggested now, nothing if it can."""
    return locking.refusal(part.submission)


def page(request: SignedIn, template: str, part: Assignment, context: dict, status: int = 200) -> HttpResponse:
    """Render a page of the part with what all of them show."""
    shared = {"part": part, "closed": closed_to(part), "is_contributor": True, "suggesting": True}
    return render(request, template, context | facts(part.submission) | shared, status=status)
