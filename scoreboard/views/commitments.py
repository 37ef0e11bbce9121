"""The pages of commitments: a country's list, one commitment with its history, and the replies in a submission."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import rules
from scoreboard.errors import Stale
from scoreboard.forms.commitments import ReportForm
from scoreboard.http import SignedIn
from scoreboard.models import Commitment, Role, Submission
from scoreboard.models.people import countries_of, roles_of
from scoreboard.phrases import text_language
from scoreboard.plans import commitments as between
from scoreboard.submissions import commitments, own_history
from scoreboard.submissions.commitments import Asked
from scoreboard.views.common import facts, page, readable
from scoreboard.views.people import find_country


@require_safe
def commitment_list(request: SignedIn) -> HttpResponse:
    """List the countries of which the person sees commitments, or lead to the only one."""
    roles, own = roles_of(request.user), countries_of(request.user)
    if not roles & {Role.FOCAL, Role.SECRETARIAT, Role.ANALYST}:
        raise Http404
    if len(own) == 1 and not roles & {Role.SECRETARIAT, Role.ANALYST}:
        return redirect("commitment_country", own[0].iso2.lower())
    return render(request, "scoreboard/commitments/list.html", {"rows": between.by_country(request.user)})


@require_safe
def country(request: SignedIn, code: str) -> HttpResponse:
    """Show a country's commitments by the cycle in which it made them, with what became of each."""
    found, moved = find_country(request, code)
    if not own_history.may_see(request.user, found):
        raise Http404
    if moved:
        return moved
    rounds = between.rounds(found, request.user)
    context = {
        "country": found,
        "rounds": [(one, text_language(one.cycle.edition)) for one in rounds],
        "is_focal": found in countries_of(request.user),
        "example": bool(rounds) and all(one.cycle.is_example for one in rounds),
    }
    return render(request, "scoreboard/commitments/country.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def commitment(request: SignedIn, pk: int) -> HttpResponse:
    """Show a commitment with its history, and let its country report what became of it."""
    found = _fetch(request, pk)
    one = between.shown(found, request.user)
    may_report = rules.may(request.user, "report_on_commitment", found.submission)
    if request.method == "POST":
        rules.require(request.user, "report_on_commitment", found.submission)
    form = ReportForm(request.POST if request.method == "POST" else None, initial={"seen": _number(one)})
    status, stale = 200, ""
    if form.is_valid():
        try:
            between.report(found, **form.cleaned_data, by=request.user)
        except Stale as problem:
            one = between.shown(_fetch(request, pk), request.user)
            form = _again(request, _number(one))
            status, stale = 409, problem.sentence
        else:
            messages.success(request, _("It is noted what became of the step on %s.") % found.indicator.label)
            return redirect("commitment", pk)
    context = facts(found.submission) | {"one": one, "form": form, "may_report": may_report, "stale": stale}
    return render(request, "scoreboard/commitments/commitment.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: SignedIn, pk: int) -> HttpResponse:
    """Say what publishing the step does, or making it private again, and do it."""
    found = _fetch(request, pk)
    rules.require(request.user, "publish_commitment", found.submission)
    if request.method == "POST":
        if request.POST.get("to") == "public":
            between.publish(found, by=request.user)
            messages.success(request, _("The step on %s is for publication now.") % found.indicator.label)
        else:
            between.hide(found, by=request.user)
            messages.success(request, _("The step on %s is private now.") % found.indicator.label)
        return redirect("commitment", pk)
    return render(request, "scoreboard/commitments/publication.html", facts(found.submission) | {"commitment": found})


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Say in a submission what became of an earlier step; the fields are on a card, this page has them with errors."""
    submission = readable(request, pk)
    one = _asked(submission, number)
    if request.method == "POST" and "taken-back" in request.POST:
        commitments.reply(submission, number, status="", seen=one.seen, by=request.user)
        messages.success(request, _("Your reply on the earlier step is taken back."))
        return redirect(commitments.place(submission, one))
    typed = request.POST if request.method == "POST" else None
    form = ReportForm(typed, initial={"status": one.status, "words": one.words, "seen": one.seen})
    status, stale = 200, ""
    if form.is_valid():
        try:
            commitments.reply(submission, number, **form.cleaned_data, by=request.user)
        except Stale as problem:
            one = _asked(submission, number)
            form = _again(request, one.seen)
            status, stale = 409, problem.sentence
        else:
            messages.success(request, _("Your reply on the earlier step is saved."))
            return redirect(commitments.place(submission, one))
    context = {"one": one, "form": form, "stale": stale, "back": commitments.place(submission, one)}
    return page(request, "scoreboard/commitments/reply.html", submission, context, status)


def _asked(submission: Submission, number: int) -> Asked:
    """Return the commitment with this number as the submission is asked about it, else 404."""
    for one in commitments.asked(submission):
        if one.commitment.pk == number:
            return one
    raise Http404


def _fetch(request: SignedIn, pk: int) -> Commitment:
    return get_object_or_404(between.visible(request.user), pk=pk)


def _number(one: between.Shown) -> int:
    return one.last.pk if one.last else 0


def _again(request: SignedIn, seen: int) -> ReportForm:
    """Return the form with what was typed, to be saved over the report that the page shows now."""
    typed = request.POST.copy()
    typed["seen"] = str(seen)
    return ReportForm(typed)
