"""Saving without leaving the page: answers one by one, and the browser is results what became of each."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from scoreboard import locking, phrases
from scoreboard.errors import DomainError, Stale
from scoreboard.forms import questions
from scoreboard.http import SignedIn, not_the_owner
from scoreboard.models import Indicator, Origin, Submission
from scoreboard.submissions import answering, previous_cycle
from scoreboard.submissions.answering import AnswerInput, Outcome


def in_place(view: Callable[..., dict[str, Any]]) -> Callable[..., JsonResponse]:
    """Let a view answer a page that saves by itself: what became of each text, or a sentence why nothing did."""

    @login_not_required  # a lost session is answered with 401, so that the page can ask to sign in without leaving
    @require_POST
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        if refusal := not_the_owner(request, request.POST.get("person")):
            return JsonResponse({"sentence": refusal, "person": request.user.pk}, status=401)
        try:
            return JsonResponse({"answers": view(request, *args, **kwargs)})
        except DomainError as error:
            return _refused(error.sentence, 409)
        except PermissionDenied as error:
            return _refused(str(error), 403)

    return answered


@in_place
@transaction.atomic
def save(request: SignedIn, pk: int) -> dict[str, Any]:
    """Save the answers that a page sends by itself; say by indicator code what became of each."""
    submission = get_object_or_404(locking.locked(Submission.objects.visible_to(request.user)), pk=pk)
    values, seen = questions.read(request.POST)
    values = previous_cycle.settled(submission, values)
    outcome = answering.save_locked(submission, values, by=request.user, seen=seen, origin=Origin.PAGE)
    return _results(submission, outcome, values)


def _refused(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)


def _results(submission: Submission, outcome: Outcome, values: dict[str, AnswerInput]) -> dict[str, dict[str, Any]]:
    """Return for each answer what is stored, when it was saved and whether it is complete, or the problem it met."""
    indicators = {indicator.code: indicator for indicator in submission.cycle.edition.all_indicators}
    results: dict[str, dict[str, Any]] = {
        code: {"revision": state.revision, "at": _at(state.at, submission)}
        | (_how_far(values[code], indicators[code]) if state.at else {})
        for code, state in outcome.states.items()
    }
    for code in results.keys() & {code for code, given in values.items() if given.carried}:
        results[code]["evidence"] = _evidence(submission, code)
    for code, problem in outcome.problems.items():
        results[code] = {"problem": problem.sentence}
        if isinstance(problem, Stale):
            question = questions.Question(problem.current.indicator, problem.current, values[code], problem)
            results[code] |= conflict(submission, question)
    return results


def _how_far(given: AnswerInput, indicator: Indicator) -> dict[str, Any]:
    """Return whether an answer is complete, and the word for one that is begun, such as without its reason."""
    if given.completes(indicator):
        return {"answered": True}
    return {"answered": False} | ({"incomplete": str(questions.STATES["incomplete"])} if given.kind else {})


def _at(moment: datetime | None, submission: Submission) -> str:
    return phrases.clock_time(moment, submission.cycle) if moment else ""


def _evidence(submission: Submission, code: str) -> str:
    """Return the answer's list of evidence anew, where that of last time was attached again."""
    indicator = submission.cycle.edition.indicators.select_related("area").get(code=code)
    context = {"submission": submission, "cycle": submission.cycle, "indicator": indicator, "may_write": True}
    return render_to_string("scoreboard/evidence/_list.html", context)


def conflict(submission: Submission, question: questions.Question) -> dict[str, Any]:
    """Return both answers with their common ancestor as a panel to read, and the stored one as a form's fields."""
    context = {
        "question": question,
        "indicator": question.indicator,
        "p": question.prefix,
        "cycle": submission.cycle,
        "text_language": phrases.text_language(submission.cycle.edition),
        "in_place": True,
    }
    return {
        "conflict": render_to_string("scoreboard/area/_conflict.html", context),
        "revision": question.seen,
        "theirs": questions.fields(question.indicator, question.content),
    }
