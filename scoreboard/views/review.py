"""The review pages: the queue, a submission answer by answer, and the steps that officers take."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import access, locking, phrases, rules
from scoreboard.cycles import board, calendar
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.forms.review import CorrectionForm, ExtensionForm, MarkForm, PartForm, ReasonForm
from scoreboard.http import SignedIn
from scoreboard.models import Answer, Submission
from scoreboard.submissions import comparison, returns, workflow
from scoreboard.submissions.review import chapters, writing
from scoreboard.views.common import facts


@require_safe
def queue(request: SignedIn) -> HttpResponse:
    """List what waits for a review, and what waits for a country, the longest waiting first."""
    rules.require(request.user, "see_review")
    narrowed = board.QueueFilter(request.GET, Submission.objects.visible_to(request.user), request=request)
    tabs = board.queue_tabs(narrowed, request.user)
    tab = next(tab for tab in tabs if tab.current)
    waiting = board.longest_waiting_first(narrowed.qs.filter(tab.condition).with_facts())
    page = Paginator(waiting, 50).get_page(request.GET.get("page"))
    return render(request, "scoreboard/review/queue.html", {"filter": narrowed, "tabs": tabs, "tab": tab, "page": page})


def _fetch(request: SignedIn, pk: int) -> Submission:
    """Return the submission if it is the person's to see (else 404) and to review (else 403)."""
    submission = get_object_or_404(Submission.objects.visible_to(request.user).with_facts(), pk=pk)
    rules.require(request.user, "see_review", submission)
    return submission


@require_safe
def review(request: SignedIn, pk: int) -> HttpResponse:
    """Show the submission answer by answer, with what the person may do about it."""
    return _page(request, _fetch(request, pk))


def _page(request: SignedIn, submission: Submission, refused: dict[str, str] | None = None) -> HttpResponse:
    """Render the review page; `refused` is a mark that could not be saved: its code, text and error."""
    user, offered = request.user, workflow.available(submission, request.user)
    found = chapters(submission, request.user)
    rows = [row for chapter in found for row in chapter.rows]
    errors = [
        {"href": f"#mark-{row.indicator.code}", "text": f"{row.indicator.label}: {refused['error']}"}
        for row in rows
        if refused and row.indicator.code == refused["code"]
    ]
    version = submission.versions.visible_to(user).defer("answers").last()
    context = facts(submission) | {
        "chapters": found,
        "marked": sum(chapter.marked for chapter in found),
        "changed": sum(row.before is not None for row in rows),
        "version": version,
        "writing": writing(submission) if submission.is_with_country else None,
        "read": _read(request, submission),
        "given_back": returns.last(submission),
        "offered": offered,
        "is_officer": rules.may(user, "flag", submission),
        "has_entered": submission.is_with_country and access.may_write(user, submission),
        "may_mark": "return_for_changes" in offered or "reopen" in offered,
        "may_take_out": rules.may(user, "leave", submission),
        "may_claim": "accept" in offered and submission.claimed_by_id != user.pk,
        "refused": refused,
        "errors": errors,
    }
    return render(request, "scoreboard/review/review.html", context)


@require_POST
def claim(request: SignedIn, pk: int) -> HttpResponse:
    """Claim the review for the officer."""
    submission = workflow.claim(_fetch(request, pk), by=request.user)
    messages.success(
        request, _("You review the submission of %s. Its country can no longer recall it.") % submission.country
    )
    return redirect("review", pk=pk)


@require_POST
def release(request: SignedIn, pk: int) -> HttpResponse:
    """Release the claim."""
    submission = workflow.release(_fetch(request, pk), by=request.user)
    messages.success(request, _("Nobody reviews the submission of %s now.") % submission.country)
    return redirect("review", pk=pk)


@require_POST
def flag(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Mark one answer with a reason for the next return, or remove the mark, and go back to that answer."""
    submission = _fetch(request, pk)
    rules.require(request.user, "flag", submission)
    get_object_or_404(submission.cycle.edition.indicators, code=code)
    form = MarkForm(request.POST)
    if "remove" in request.POST:
        returns.flag(submission, code, "", by=request.user)
    elif form.is_valid():
        returns.flag(submission, code, form.cleaned_data["text"], by=request.user)
    else:
        error, text = str(form.errors["text"][0]), request.POST.get("text", "")
        return _page(request, submission, refused={"code": code, "text": text, "error": error})
    return redirect(f"{reverse('review', args=[pk])}?version={_read(request, submission)}#reading-{code}")


def _read(request: SignedIn, submission: Submission) -> int:
    """Return the number of the version that the person read: the one that their page names, else the last."""
    sent = request.POST.get("version") or request.GET.get("version", "")
    known = list(submission.versions.order_by("number").values_list("number", flat=True))
    return int(sent) if sent in map(str, known) else max(known, default=0)


def _superseded(submission: Submission, read: int, problem: Stale) -> dict[str, Any]:
    """Return the context of a step's page where another version was submitted since the one that was read."""
    before, after = (submission.versions.get(number=number).answers for number in (read, problem.current))
    indicators = submission.cycle.edition.all_indicators
    return {"stale": problem.sentence, "differing": comparison.pairs(indicators, before, after)}


@require_http_methods(["GET", "HEAD", "POST"])
def return_for_changes(request: SignedIn, pk: int) -> HttpResponse:
    """Return the submission with the marked indicators and a reason for the whole."""
    submission = _fetch(request, pk)
    workflow.require_available(submission, "return_for_changes", by=request.user)
    form, read = ReasonForm(request.POST if request.method == "POST" else None), _read(request, submission)
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
        context |= _superseded(submission, read, problem)
        return render(request, "scoreboard/review/give_back.html", context, status=409)
    return render(request, "scoreboard/review/give_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    """Reopen an accepted submission with a reason."""
    submission = _fetch(request, pk)
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
def accept(request: SignedIn, pk: int) -> HttpResponse:
    """Accept the submission, after a page that says what deserves a second look."""
    submission = _fetch(request, pk)
    workflow.require_available(submission, "accept", by=request.user)
    read = _read(request, submission)
    try:
        workflow.require_latest(submission, read)
        if "version" in request.POST:
            workflow.accept(submission, by=request.user, version=read)
            messages.success(
                request, _("The submission of %s is accepted. Its focal points will get a mail.") % submission.country
            )
            return redirect("review_queue")
    except Stale as problem:
        context = facts(submission) | {"read": read, **_superseded(submission, read, problem)}
        return render(request, "scoreboard/review/accept.html", context, status=409)
    unscored = submission.answers.exclude(kind=Answer.Kind.LEVEL).select_related("indicator__area")
    context = facts(submission) | {
        "read": read,
        "version": submission.versions.defer("answers").get(number=read),
        "unknown": [answer.indicator for answer in unscored if answer.kind == Answer.Kind.UNKNOWN],
        "not_applicable": [answer.indicator for answer in unscored if answer.kind == Answer.Kind.NOT_APPLICABLE],
        "marks": returns.pending(submission),
    }
    return render(request, "scoreboard/review/accept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: SignedIn, pk: int) -> HttpResponse:
    """Give one country until a later day, or correct the day that it was given, with a reason."""
    submission = _fetch(request, pk)
    rules.require(request.user, "extend", submission)
    locking.require_part(submission)
    data = request.POST if request.method == "POST" else None
    verb, form = calendar.extend, ExtensionForm(data)
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
            return redirect("review", pk=pk)
    return render(request, "scoreboard/review/extend.html", facts(submission) | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedIn, pk: int) -> HttpResponse:
    """Take a country out of the cycle, after a page that says what that does."""
    submission = _fetch(request, pk)
    rules.require(request.user, "leave", submission)
    locking.require_part(submission)
    done = _("%s has left the cycle. Its focal points get an e-mail.")
    return _change_participation(request, submission, calendar.leave, done)


@require_http_methods(["GET", "HEAD", "POST"])
def rejoin(request: SignedIn, pk: int) -> HttpResponse:
    """Let a country take part again."""
    submission = _fetch(request, pk)
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
