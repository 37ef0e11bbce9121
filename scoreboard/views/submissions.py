"""The pages of a country's submission: fill it area by area, see what is missing, submit, recall, look back."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import access, contributors, locking, phrases, rules
from scoreboard.cycles import extension_requests
from scoreboard.errors import NotNow
from scoreboard.forms.declaration import DeclarationForm
from scoreboard.forms.requests import DecliningForm
from scoreboard.forms.review import EnteringForm
from scoreboard.forms.typed_text import Form
from scoreboard.http import SignedIn
from scoreboard.models import Area, Role, State, Submission, User, Version
from scoreboard.models.people import countries_of
from scoreboard.stakeholders import reading
from scoreboard.submissions import (
    commitments,
    completeness,
    declining,
    doubts,
    lateness,
    on_behalf,
    returns,
    steps,
    versions,
    workflow,
)
from scoreboard.submissions.completeness import Gap
from scoreboard.text import alphabetical
from scoreboard.todo import next_step
from scoreboard.views.common import closed_to, page, readable, visible

PAGE = 50


@require_safe
def submission_list(request: SignedIn) -> HttpResponse:
    """List the submissions that the person may see, the newest cycle first."""
    visible = Submission.objects.visible_to(request.user).with_facts()
    submissions = sorted(visible, key=lambda one: (-one.cycle.opens.toordinal(), alphabetical(one.country)))
    shown = Paginator(submissions, PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "countries": sorted(countries_of(request.user), key=lambda one: alphabetical(str(one)))}
    return render(request, "scoreboard/submissions/list.html", context)


@require_safe
def submission(request: SignedIn, pk: int) -> HttpResponse:
    """Show the state of a submission, and the one thing to do next."""
    submission = visible(request, pk)
    total, areas = completeness.progress(submission)
    asked = returns.waiting(submission)
    reads = access.may_read(request.user, submission)
    writes = submission.is_with_country and submission.is_asked
    is_draft = writes and submission.state == State.DRAFT
    steps = commitments.asked(submission) if reads else []
    context = {
        "earlier_steps": steps,
        "steps_answered": len(steps) - len(commitments.unanswered(steps)),
        "steps_on_cards": [(one, commitments.place(submission, one)) for one in steps if one.code],
        "steps_here": [one for one in steps if not one.code],
        "step": next_step.next_steps(Submission.objects.filter(pk=pk))[0] if reads else None,
        "total": total,
        "areas": areas,
        "returned": returns.last(submission),
        "asked": asked,
        "waiting": next_step.unanswered(asked) if reads else [],
        "versions": _versions(request, submission),
        "may_enter": rules.may(request.user, "enter_on_behalf", submission) and not locking.refusal(submission),
        "closed": closed_to(request, submission),
        "may_decline": is_draft and rules.may(request.user, "decline_report", submission),
        "may_ask_for_time": writes and rules.may(request.user, "ask_for_extension", submission),
        "summary_languages": phrases.languages(submission.cycle.edition) if submission.accepted_version_id else [],
        "statements": reading.shared_with_country(submission, request.user),
        "time_asked": extension_requests.open_request(submission),
        "may_recall": "recall" in workflow.available(submission, request.user)
        and not workflow.obstacle(submission, "recall"),
    }
    return page(request, "scoreboard/submissions/submission.html", submission, context)


@require_safe
def gaps(request: SignedIn, pk: int) -> HttpResponse:
    """List what is missing before the submission can go, each with a link to it."""
    submission = readable(request, pk)
    context = {"missing": _by_area(completeness.gaps(submission)), "closed": closed_to(request, submission)}
    return page(request, "scoreboard/submissions/gaps.html", submission, context)


@require_safe
def read(request: SignedIn, pk: int) -> HttpResponse:
    """Show every current answer, on one page for reading and printing."""
    submission = readable(request, pk)
    context = {
        "sections": _sections(submission, versions.snapshot(submission)),
        "commitments": commitments.snapshot(submission),
    }
    return page(request, "scoreboard/submissions/answers.html", submission, context)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedIn, pk: int) -> HttpResponse:
    """Show what submitting does and what is missing, ask for the declaration, and submit."""
    submission = readable(request, pk)
    rules.require(request.user, "submit", submission)
    form = DeclarationForm(
        request.POST or None,
        initial={"declared_by": _name_of_focal(request, submission)},
        submission=submission,
        doubts=doubts.doubts(submission) if submission.is_with_country else [],
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.submit(submission, by=request.user, **form.declaration)
        except NotNow as refusal:
            submission = visible(request, pk)
            if submission.is_with_country:
                form.add_error(None, refusal.sentence)
            elif not _submitted_by(submission, request.user):  # the person's own second click harms nothing
                raise
        if not form.errors:
            messages.success(request, _("The answers are with the Secretariat. You will get this receipt by e-mail."))
            return redirect("submission_receipt", pk, submission.versions.values_list("number", flat=True).last())
    locking.require(submission)
    missing, waiting = _by_area(completeness.gaps(submission)), next_step.unanswered(returns.waiting(submission))
    undecided = contributors.open_suggestions(submission)
    context = {"form": form, "missing": missing, "waiting": waiting, "undecided": undecided}
    status = 409 if form.non_field_errors() else 200
    return page(request, "scoreboard/submissions/submit.html", submission, context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to take the submission back to draft, and do it."""
    submission = visible(request, pk)
    if request.method == "POST":
        step = workflow.recall(submission, by=request.user)
        if step.target == State.RETURNED:
            messages.success(
                request, _("The answers are with you again, as they were returned. Remember to submit them.")
            )
        else:
            messages.success(request, _("The answers are a draft again. Remember to submit them."))
        return redirect("submission", pk)
    rules.require(request.user, "recall", submission)
    if submission.state != State.SUBMITTED:
        raise NotNow(_("Only what is with the Secretariat can be recalled."))
    steps.STEPS["recall"].check(submission)
    context = {"to_returned": workflow.recalled_to(submission) == State.RETURNED}
    return page(request, "scoreboard/submissions/recall.html", submission, context)


@require_safe
def history(request: SignedIn, pk: int) -> HttpResponse:
    """Show the submission's log and its versions."""
    submission = visible(request, pk)
    log = submission.transitions.select_related("by", "version").defer("version__answers").order_by("-at", "-pk")
    if not rules.may(request.user, "see_review", submission):
        log = log.exclude(step__in=steps.INTERNAL)
    shown = Paginator(log, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "moves": lateness.moves(submission),
        "entries": [(entry, steps.label(entry.step)) for entry in shown],
        "versions": _versions(request, submission),
        "sources": access.paper_sources(request.user, submission),
    }
    return page(request, "scoreboard/submissions/history.html", submission, context)


@require_safe
def version(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Show the answers of a version, with the texts that they answered."""
    submission = visible(request, pk)
    found = get_object_or_404(submission.versions.visible_to(request.user), number=number)
    sections = _sections(submission, found.answers)
    context = {"version": found, "sections": sections, "commitments": found.commitments}
    return page(request, "scoreboard/submissions/answers.html", submission, context)


@require_http_methods(["GET", "HEAD", "POST"])
def enter_on_behalf(request: SignedIn, pk: int) -> HttpResponse:
    """Let an officer read and write the draft, after a page that asks why."""
    submission = visible(request, pk)
    on_behalf.require(submission, by=request.user)
    form = EnteringForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        on_behalf.enter(submission, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(
            request, _("The draft of %s is open to you. Its focal points get an e-mail.") % submission.country
        )
        return redirect("submission", pk)
    return page(request, "scoreboard/submissions/enter_on_behalf.html", submission, {"form": form})


def _versions(request: SignedIn, submission: Submission) -> QuerySet[Version]:
    """Return the versions that the person may read, the latest first, without their answers."""
    return submission.versions.visible_to(request.user).defer("answers").order_by("-number")


def _by_area(missing: list[Gap]) -> list[tuple[Area, list[Gap]]]:
    return [(area, list(found)) for area, found in groupby(missing, key=lambda gap: gap.indicator.area)]


def _sections(submission: Submission, answers: list[dict[str, Any]]) -> list[tuple[Area, list[tuple]]]:
    """Return stored answers by area, each with its indicator."""
    by_code = {row["code"]: row for row in answers}
    return [
        (area, [(indicator, by_code[indicator.code]) for indicator in area.indicators.all()])
        for area in submission.cycle.edition.whole
    ]


def _name_of_focal(request: SignedIn, submission: Submission) -> str:
    """Return the name to begin a declaration with; an officer writes somebody else's."""
    is_focal = Role.FOCAL in rules.roles_towards(request.user, submission)
    return request.user.get_full_name() if is_focal else ""


def _submitted_by(submission: Submission, user: User) -> bool:
    last = submission.transitions.last()
    return last is not None and last.step == "submit" and last.by_id == user.pk


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedIn, pk: int) -> HttpResponse:
    """Say that the country will not report this time, or take that back."""
    submission = visible(request, pk)
    declining.require(submission, by=request.user)
    form: Form = DecliningForm(request.POST if request.method == "POST" else None)
    if submission.declined_at:
        form = Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            declining.take_back(submission, by=request.user)
            messages.success(request, _("%s will report after all.") % submission.country)
            return redirect("submission", pk)
    elif form.is_valid():
        declining.decline(submission, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is noted that %s will not report this time.") % submission.country)
        return redirect("submission", pk)
    return page(request, "scoreboard/submissions/decline.html", submission, {"form": form})
