"""The review pages: the queue, a submission answer by answer, and the steps that officers take."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from scoreboard import access, locking, phrases, rules
from scoreboard.cycles import calendar, extension_requests
from scoreboard.cycles.queue import QueueFilter, longest_waiting_first, queue_tabs
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.evidence.package import package
from scoreboard.forms.review import (
    CorrectionForm,
    ExtensionForm,
    MarkForm,
    PartForm,
    ReasonForm,
)
from scoreboard.http import SignedIn
from scoreboard.models import Area, Indicator, State, Submission
from scoreboard.submissions import claims, looking, returns, workflow
from scoreboard.submissions.review import Choice, chapters, statements, writing
from scoreboard.views.common import facts, superseded, to_review, version_read


@require_safe
def queue(request: SignedIn) -> HttpResponse:
    """List what waits for a review, and what waits for a country, the longest waiting first."""
    rules.require(request.user, "see_review")
    narrowed = QueueFilter(request.GET, Submission.objects.visible_to(request.user), request=request)
    tabs = queue_tabs(narrowed, request.user)
    tab = next(tab for tab in tabs if tab.current)
    waiting = longest_waiting_first(narrowed.qs.filter(tab.condition).with_facts())
    page = Paginator(waiting, 50).get_page(request.GET.get("page"))
    context = {"filter": narrowed, "tabs": tabs, "tab": tab, "page": page}
    context["sees_activity"] = rules.sees_activity(request.user)
    context["answers_requests"] = rules.may(request.user, "answer_requests")
    return render(request, "scoreboard/review/queue.html", context)


@require_safe
def review(request: SignedIn, pk: int) -> HttpResponse:
    """Lead to the first area of what was handed in; show how far the country is where nothing was."""
    submission = to_review(request, pk)
    areas = submission.cycle.edition.whole
    if areas and submission.versions.visible_to(request.user).exists():
        address = reverse("review_area", args=[pk, areas[0].code])
        return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)
    return _page(request, submission)


@require_safe
def area(request: SignedIn, pk: int, area: str) -> HttpResponse:
    """Show one area answer by answer, with what was before, and with what the person may do about it."""
    submission = to_review(request, pk)
    found = get_object_or_404(submission.cycle.edition.areas, code=area)
    if not submission.versions.visible_to(request.user).exists():
        return redirect("review", pk=pk)
    return _page(request, submission, found)


def _page(
    request: SignedIn, submission: Submission, area: Area | None = None, refused: dict[str, str] | None = None
) -> HttpResponse:
    """Render the page of an area, or without one the page of a country that has handed in nothing.

    `refused` is a mark that could not be saved: its code, text and error.
    """
    user, offered = request.user, workflow.available(submission, request.user)
    found = chapters(submission, user)
    rows = [row for chapter in found for row in chapter.rows]
    filed = statements(submission, user) if rules.may(user, "decide_on_statement") else []
    version = submission.versions.visible_to(user).defer("answers").last()
    steps = version.commitments if version else []
    for row in rows:
        row.steps = [one for one in steps if one["code"] == row.indicator.code]
        row.statements = [one for one in filed if one.indicator_id == row.indicator.pk]
    chapter = next((one for one in found if one.area == area), None)
    errors = [
        {"href": f"#mark-{row.indicator.code}", "text": f"{row.indicator.label}: {refused['error']}"}
        for row in rows
        if refused and row.indicator.code == refused["code"]
    ]
    read, is_officer = version_read(request, submission), rules.may(user, "flag", submission)
    may_look = is_officer and submission.state == State.SUBMITTED and not submission.left_at
    choice = Choice(found, chapter, request.GET.get("show", ""), is_officer=is_officer, may_look=may_look)
    acted_on = refused["code"] if refused else request.GET.get("at", "")
    context = facts(submission) | {
        "area": area,
        "chapters": found,
        "choice": choice,
        "rows": choice.rows(acted_on),
        "acted_on": acted_on,
        "statements": [one for one in filed if not area or (not one.indicator_id and one.area_id in (None, area.pk))],
        "marks": [row for row in rows if row.mark],
        "looked": sum(chapter.looked for chapter in found),
        "waiting": sum(talk.waits_for_you for row in rows for talk in row.open_talks),
        "total": len(rows),
        "has_evidence": any(row.content.get("evidence") for row in rows),
        "version": version,
        "other_steps": [one for one in steps if not one["code"]],
        "writing": writing(submission) if submission.is_with_country else None,
        "read": read,
        "given_back": returns.last(submission),
        "offered": offered,
        "accepting": workflow.accepting(submission) if "return_for_changes" in offered else "",
        "is_officer": is_officer,
        "has_entered": submission.is_with_country and access.may_write(user, submission),
        "may_mark": "return_for_changes" in offered or "reopen" in offered,
        "may_look": may_look,
        "may_take_out": rules.may(user, "leave", submission),
        "may_claim": "return_for_changes" in offered and submission.claimed_by_id != user.pk,
        "may_pass_on": "return_for_changes" in offered and submission.claimed_by_id == user.pk,
        "refused": refused,
        "errors": errors,
    }
    return render(request, "scoreboard/review/review.html", context)


@require_POST
def claim(request: SignedIn, pk: int) -> HttpResponse:
    """Claim the review for the officer."""
    submission = claims.claim(to_review(request, pk), by=request.user)
    messages.success(
        request, _("You review the submission of %s. Its country can no longer recall it.") % submission.country
    )
    return redirect("review", pk=pk)


@require_POST
def release(request: SignedIn, pk: int) -> HttpResponse:
    """Release the claim."""
    submission = claims.release(to_review(request, pk), by=request.user)
    messages.success(request, _("Nobody reviews the submission of %s now.") % submission.country)
    return redirect("review", pk=pk)


@require_POST
def evidence(request: SignedIn, pk: int) -> HttpResponseBase:
    """Give the evidence of a country as one file; it is posted since the log names who takes it."""
    submission = to_review(request, pk)
    name = f"evidence-{submission.country.iso2}-{submission.cycle.code}.zip"
    return FileResponse(package(submission, by=request.user), as_attachment=True, filename=name)


@require_POST
def look(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Note that the person has looked at an answer, or take that back, and go back to it."""
    submission = to_review(request, pk)
    indicator = get_object_or_404(submission.cycle.edition.indicators.select_related("area"), code=code)
    looked = request.POST.get("looked") != "no"
    looking.look(submission, code, by=request.user, version=version_read(request, submission), looked=looked)
    return _back_to(request, submission, indicator)


@require_POST
def flag(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Mark one answer with a reason for the next return, or remove the mark; go back to it, or on to the return."""
    submission = to_review(request, pk)
    rules.require(request.user, "flag", submission)
    indicator = get_object_or_404(submission.cycle.edition.indicators.select_related("area"), code=code)
    form = MarkForm(request.POST)
    if "remove" in request.POST:
        returns.flag(submission, code, "", by=request.user)
    elif form.is_valid():
        returns.flag(submission, code, form.cleaned_data["text"], by=request.user)
    else:
        error, text = str(form.errors["text"][0]), request.POST.get("text", "")
        return _page(request, submission, indicator.area, refused={"code": code, "text": text, "error": error})
    if "return" in request.POST:
        address = f"{reverse('review_return', args=[pk])}?{urlencode({'version': version_read(request, submission)})}"
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    return _back_to(request, submission, indicator)


def _back_to(request: SignedIn, submission: Submission, indicator: Indicator) -> HttpResponse:
    """Lead back to an answer on the page of its area, as the person had chosen its rows."""
    address = reverse("review_area", args=[submission.pk, indicator.area.code])
    chosen = {"version": version_read(request, submission), "at": indicator.code}
    if show := request.POST.get("show"):
        chosen["show"] = show
    return redirect(f"{address}?{urlencode(chosen)}#reading-{indicator.code}")


@require_http_methods(["GET", "HEAD", "POST"])
def return_for_changes(request: SignedIn, pk: int) -> HttpResponse:
    """Return the submission with the marked indicators and a reason for the whole."""
    submission = to_review(request, pk)
    workflow.require_available(submission, "return_for_changes", by=request.user)
    form, read = ReasonForm(request.POST if request.method == "POST" else None), version_read(request, submission)
    context = facts(submission) | {"form": form, "read": read, "marks": returns.pending(submission)}
    try:
        workflow.require_latest(submission, read)
        if form.is_valid() and "version" in request.POST:
            comment = form.cleaned_data["comment"]
            workflow.return_for_changes(submission, by=request.user, comment=comment, version=read)
            messages.success(
                request, _("The submission of %s is returned. Its focal points will get a mail.") % submission.country
            )
            return redirect("review_queue")
    except Stale as problem:
        context |= superseded(submission, read, problem)
        return render(request, "scoreboard/review/give_back.html", context, status=409)
    return render(request, "scoreboard/review/give_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    """Reopen an accepted submission with a reason."""
    submission = to_review(request, pk)
    workflow.require_available(submission, "reopen", by=request.user)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        workflow.reopen(submission, by=request.user, comment=form.cleaned_data["comment"])
        messages.success(
            request, _("The submission of %s is open again. Its focal points will get a mail.") % submission.country
        )
        return redirect("review", pk=pk)
    context = facts(submission) | {"form": form, "marks": returns.pending(submission)}
    return render(request, "scoreboard/review/give_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: SignedIn, pk: int) -> HttpResponse:
    """Give one country until a later day, or correct the day that it was given, with a reason."""
    submission = to_review(request, pk)
    rules.require(request.user, "extend", submission)
    locking.require_part(submission)
    asked, data = extension_requests.open_request(submission), request.POST if request.method == "POST" else None
    verb, form = calendar.extend, ExtensionForm(data, initial={"to": request.GET.get("to")})
    if submission.extended_to:
        verb, form = calendar.correct_extension, CorrectionForm(data, initial={"to": submission.extended_to})
    if form.is_valid():
        try:
            moved = verb(submission, **form.cleaned_data, by=request.user)
        except Invalid as problem:
            form.add_error("to", problem.sentence)
        else:
            until = phrases.day(moved.last_day, submission.cycle)
            sentence = _("%(country)s can write until the end of %(day)s. Its focal points will get an e-mail.")
            messages.success(request, sentence % {"country": submission.country, "day": until})
            return redirect("request_list") if asked else redirect("review", pk=pk)
    context = facts(submission) | {"form": form, "asked": asked}
    return render(request, "scoreboard/review/extend.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedIn, pk: int) -> HttpResponse:
    """Take a country out of the cycle, after a page that says what that does."""
    submission = to_review(request, pk)
    rules.require(request.user, "leave", submission)
    locking.require_part(submission)
    done = _("%s has left the cycle. Its focal points get an e-mail.")
    return _change_participation(request, submission, calendar.leave, done)


@require_http_methods(["GET", "HEAD", "POST"])
def rejoin(request: SignedIn, pk: int) -> HttpResponse:
    """Let a country take part again."""
    submission = to_review(request, pk)
    rules.require(request.user, "rejoin", submission)
    if submission.left_at is None:
        raise NotNow(_("%s takes part in the cycle.") % submission.country)
    done = _("%s takes part in the cycle again. Its focal points get an e-mail.")
    return _change_participation(request, submission, calendar.rejoin, done)


def _change_participation(
    request: SignedIn, submission: Submission, verb: Callable[..., Submission], done: str
) -> HttpResponse:
    form = PartForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        verb(submission, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, done % submission.country)
        return redirect("review", pk=submission.pk)
    return render(request, "scoreboard/review/participation.html", facts(submission) | {"form": form})
