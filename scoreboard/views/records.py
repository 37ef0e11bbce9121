"""The records of a submission: its receipts, the comparison of any two states, and the history of each answer."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import access, phrases, rules
from scoreboard.cycles import feedback
from scoreboard.errors import Invalid
from scoreboard.http import SignedIn
from scoreboard.models import State, Submission, Version, WorkshopNote
from scoreboard.submissions import comparison, receipts
from scoreboard.views.common import page, visible

NOW = "now"


@require_safe
def compare(request: SignedIn, pk: int) -> HttpResponse:
    """Compare two states of the country's answers, of this cycle or another; unless asked, the last two.

    While the country cannot write, its current answers are those of the last version, so that version is compared with
    the state before it, which may be of the previous cycle.
    """
    submission = visible(request, pk)
    states = _states(request, submission)
    until = submission.cycle.opens
    last = [name for name, state in states.items() if state.submission.cycle.opens <= until]
    if not last:
        raise Http404
    if len(last) > 1 and NOW in last and not submission.is_with_country:
        last.remove(NOW)
    before = request.GET.get("from", last[-2] if len(last) > 1 else last[0])
    after = request.GET.get("to", last[-1])
    if before not in states or after not in states:
        raise Http404
    context = {
        "states": states,
        "before": before,
        "after": after,
        "titles": (states[before].title, states[after].title),
        "compared": comparison.compare(states[before], states[after]),
    }
    return page(request, "scoreboard/records/compare.html", submission, context)


@require_safe
def answer_history(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Show every change of an answer and its evidence: who, when, from where; an editing session is one entry."""
    submission = visible(request, pk)
    indicators = submission.cycle.edition.indicators.select_related("area").prefetch_related("levels")
    indicator = get_object_or_404(indicators, code=code)
    versions = access.revisions(request.user, submission, indicator)
    ordered = versions.select_related("level", "by", "suggestion__author").order_by("revision")
    entries = comparison.timeline(ordered, access.evidence_history(request.user, submission, indicator))
    notes = WorkshopNote.objects.visible_to(request.user).select_related("level", "by")
    of_answer = notes.filter(answer__submission=submission, answer__indicator=indicator)
    context = {"indicator": indicator, "entries": entries, "notes": of_answer}
    return page(request, "scoreboard/records/answer_history.html", submission, context)


@require_safe
def receipt(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Show what was submitted when and by whom, with a digest of every answer."""
    submission = visible(request, pk)
    version = get_object_or_404(submission.versions.visible_to(request.user).with_receipt(), number=number)
    context = {
        "version": version,
        "lines": receipts.lines(version.answers),
        "is_in_review": submission.state == State.SUBMITTED and version.at == submission.submitted_at,
        "may_recall": rules.may(request.user, "recall", submission),
        "asked_how_it_went": feedback.is_asked(submission, request.user),
    }
    return page(request, "scoreboard/records/receipt.html", submission, context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_receipt(request: SignedIn, pk: int) -> HttpResponse:
    """List the receipts, and compare one that somebody holds with what is stored."""
    submission = visible(request, pk)
    text = request.POST.get("receipt", "")
    context: dict[str, Any] = {"text": text}
    versions = submission.versions.visible_to(request.user).with_receipt()
    context["versions"] = versions.defer("answers").order_by("-number")
    if request.method == "POST":
        try:
            now = access.may_read(request.user, submission)
            context["verdict"] = receipts.check(submission, text, versions, with_now=now)
        except Invalid as refusal:
            context["refusal"] = refusal.sentence
            context["errors"] = [{"href": "#receipt", "text": refusal.sentence}]
    return page(request, "scoreboard/records/check_receipt.html", submission, context)


def _states(request: SignedIn, submission: Submission) -> dict[str, comparison.AnswerSet]:
    """Return what can be compared, by name in the address: versions, of other cycles first, and current answers."""
    theirs = Submission.objects.visible_to(request.user).filter(country=submission.country_id)
    versions = Version.objects.visible_to(request.user).filter(submission__in=theirs)
    readable = list(
        versions.select_related("submission__cycle__edition")
        .defer("answers")
        .order_by("submission__cycle__opens", "number")
    )
    states = dict(_other(version) for version in readable if version.submission_id != submission.pk)
    states |= {
        str(version.number): comparison.AnswerSet(
            _("Version %(number)s, %(when)s") % _words(version), submission, version.number
        )
        for version in readable
        if version.submission_id == submission.pk
    }
    if access.may_read(request.user, submission):
        states[NOW] = comparison.AnswerSet(_("The answers now"), submission)
    return states


def _other(version: Version) -> tuple[str, comparison.AnswerSet]:
    title = _("%(cycle)s, version %(number)s, %(when)s") % _words(version)
    return f"{version.submission.cycle.code}.{version.number}", comparison.AnswerSet(
        title, version.submission, version.number
    )


def _words(version: Version) -> dict[str, Any]:
    cycle = version.submission.cycle
    return {"cycle": cycle, "number": version.number, "when": phrases.moment(version.at, cycle)}
