"""The pages on which officers accept a submission, alone or two of them, and pass a review on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from scoreboard import second_officer
from scoreboard.errors import Stale
from scoreboard.forms.review import AloneForm, PassOnForm
from scoreboard.http import SignedIn
from scoreboard.models import Answer
from scoreboard.submissions import claims, returns, workflow
from scoreboard.submissions.review import chapters
from scoreboard.views.common import facts, superseded, to_review, version_read


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: SignedIn, pk: int) -> HttpResponse:
    """Accept the submission, or approve or confirm it where two officers accept, after a page that says what that does.

    The form says which of these its reader meant: a colleague may have acted meanwhile.
    """
    submission, user = to_review(request, pk), request.user
    workflow.require_available(submission, "accept", by=user)
    read, step = version_read(request, submission), workflow.accepting(submission)
    alone = AloneForm(request.POST if "alone" in request.POST else None)
    try:
        workflow.require_latest(submission, read)
        if "version" in request.POST and ("alone" not in request.POST or alone.is_valid()):
            meant = request.POST.get("step", "accept")
            if meant == "approve":
                workflow.approve(submission, by=user, version=read)
                done = _("You approved the submission of %s. Who can confirm it will get a mail.")
            elif meant == "confirm":
                reason = alone.cleaned_data["alone"] if alone.is_bound else ""
                workflow.confirm(submission, by=user, version=read, alone=reason)
                done = _("The submission of %s is confirmed and accepted. Its focal points will get a mail.")
            else:
                workflow.accept(submission, by=user, version=read)
                done = _("The submission of %s is accepted. Its focal points will get a mail.")
            messages.success(request, done % submission.country)
            return redirect("review_queue")
    except Stale as problem:
        context = facts(submission) | {"read": read, **superseded(submission, read, problem)}
        return render(request, "scoreboard/review/accept.html", context, status=409)
    rows = [row for chapter in chapters(submission, user) for row in chapter.rows]
    kinds = [(row.indicator, row.content.get("kind")) for row in rows]
    context = facts(submission) | {
        "read": read,
        "step": step,
        "form": alone if step == "confirm" and second_officer.obstacle(submission, user) else None,
        "obstacle": second_officer.obstacle(submission, user) if step == "confirm" else "",
        "version": submission.versions.defer("answers").get(number=read),
        "unknown": [indicator for indicator, kind in kinds if kind == Answer.Kind.UNKNOWN],
        "not_applicable": [indicator for indicator, kind in kinds if kind == Answer.Kind.NOT_APPLICABLE],
        "questions": [talk for row in rows for talk in row.open_talks],
        "unseen": [row.indicator for row in rows if not row.looked],
        "marks": returns.pending(submission),
        "colleague": submission.claimed_by if submission.claimed_by_id != user.pk else None,
    }
    return render(request, "scoreboard/review/accept.html", context)


@require_POST
def disapprove(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw the person's own approval."""
    submission = workflow.disapprove(to_review(request, pk), by=request.user)
    messages.success(request, _("The submission of %s waits for a review again.") % submission.country)
    return redirect("review", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: SignedIn, pk: int) -> HttpResponse:
    """Pass the person's own claim on to a colleague."""
    submission = to_review(request, pk)
    claims.require_claimed(submission, by=request.user)
    form = PassOnForm(request.POST if request.method == "POST" else None, officer=request.user)
    if form.is_valid():
        to = form.cleaned_data["to"]
        claims.pass_on(submission, by=request.user, to=to)
        sentence = _("The review of %(country)s is passed on to %(officer)s, who will get a mail.")
        messages.success(request, sentence % {"country": submission.country, "officer": to})
        return redirect("review", pk=pk)
    return render(request, "scoreboard/review/pass_on.html", facts(submission) | {"form": form})
