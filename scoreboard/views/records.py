"""What was: receipts, any two states of a submission side by side, and how an answer came to say what it says."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import answering, comparing, receipts, rules, wording
from scoreboard.errors import Invalid
from scoreboard.http import SignedIn
from scoreboard.models import AnswerVersion, Evidence, State, Submission
from scoreboard.views.framing import page, visible

NOW = "now"


@require_safe
def compare(request: SignedIn, pk: int) -> HttpResponse:
    """Lay two versions, or a version and the answers of now, side by side; unless asked, the last two states."""
    submission = visible(request, pk)
    states = _states(submission)
    names = list(states)
    before = request.GET.get("from", names[-2] if len(names) > 1 else names[0])
    after = request.GET.get("to", names[-1])
    if before not in states or after not in states:
        raise Http404
    pairs = comparing.pairs(
        submission.cycle.edition.all_indicators, _answers(submission, before), _answers(submission, after)
    )
    context = {
        "states": states,
        "before": before,
        "after": after,
        "titles": (states[before], states[after]),
        "pairs": pairs,
        "same": len(submission.cycle.edition.all_indicators) - len(pairs),
    }
    return page(request, "scoreboard/records/compare.html", submission, context)


@require_safe
def answer_history(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Show every change of an answer and its evidence: who, when, from where; one person's saves in one go fold."""
    submission = visible(request, pk)
    indicator = get_object_or_404(submission.cycle.edition.indicators.select_related("area"), code=code)
    versions = AnswerVersion.objects.filter(answer__submission=submission, answer__indicator=indicator)
    ordered = versions.select_related("level", "by", "suggestion__author").order_by("revision")
    evidence = Evidence.objects.filter(answer__submission=submission, answer__indicator=indicator).told()
    entries = comparing.timeline(ordered, evidence.select_related("removed_by"))
    context = {"indicator": indicator, "entries": entries}
    return page(request, "scoreboard/records/answer_history.html", submission, context)


@require_safe
def receipt(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Show what was submitted when and by whom, with a digest of every answer."""
    submission = visible(request, pk)
    version = get_object_or_404(submission.versions, number=number)
    context = {
        "version": version,
        "lines": receipts.lines(version.answers),
        "is_in_review": submission.state == State.SUBMITTED and version.at == submission.submitted_at,
        "may_recall": rules.may(request.user, "recall", submission),
    }
    return page(request, "scoreboard/records/receipt.html", submission, context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_receipt(request: SignedIn, pk: int) -> HttpResponse:
    """List the receipts, and tell of one that somebody holds whether it is still true."""
    submission = visible(request, pk)
    text = request.POST.get("receipt", "")
    context: dict[str, Any] = {"text": text}
    context["versions"] = submission.versions.defer("answers").order_by("-number")
    if request.method == "POST":
        try:
            context["verdict"] = receipts.check(submission, text)
        except Invalid as refusal:
            context["refusal"] = refusal.sentence
            context["errors"] = [{"href": "#receipt", "text": refusal.sentence}]
    return page(request, "scoreboard/records/check_receipt.html", submission, context)


def _states(submission: Submission) -> dict[str, str]:
    """Return what can be compared by its name in the address, each in words: the versions, then the present."""
    states = {
        str(version.number): _("Version %(number)s, %(when)s")
        % {"number": version.number, "when": wording.moment(version.at, submission.cycle)}
        for version in submission.versions.defer("answers").order_by("number")
    }
    return states | {NOW: _("The answers now")}


def _answers(submission: Submission, name: str) -> list[dict[str, Any]]:
    if name == NOW:
        return answering.snapshot(submission)
    answers: list[dict[str, Any]] = submission.versions.get(number=name).answers
    return answers
