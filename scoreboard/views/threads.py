"""The pages of questions on answers, and of requests to reopen accepted answers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import rules
from scoreboard.errors import Invalid
from scoreboard.forms.threads import MessageForm, RefusalForm, ReopenRequestForm, ThreadForm
from scoreboard.http import SignedIn
from scoreboard.models import Side, Thread
from scoreboard.submissions import reopening
from scoreboard.threads import discussion
from scoreboard.views.common import page, visible


@require_safe
def thread_list(request: SignedIn) -> HttpResponse:
    """List the questions that wait for the person's side, the one that waits longest first."""
    side = discussion.side_of(request.user)
    waiting = discussion.waiting_for(request.user).prefetch_related("remarks__author")
    found = Paginator(waiting, 50).get_page(request.GET.get("page"))
    rows = [(thread, discussion.anchor(thread, side=side), list(thread.remarks.all())[-1]) for thread in found]
    return render(request, "scoreboard/threads/list.html", {"page": found, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: SignedIn, pk: int) -> HttpResponse:
    """Show one question with its remarks, and reply to it."""
    found = _thread(request, pk)
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        discussion.reply(found, form.cleaned_data["text"], by=request.user, keep="keep" in request.POST)
        messages.success(request, _("Your reply on %s is sent.") % found.answer.indicator.label)
        return redirect(discussion.anchor(found, side=discussion.side_of(request.user)))
    submission = found.answer.submission
    talk = next(
        t for t in discussion.thread_views(submission, request.user)[found.answer.indicator_id] if t.thread == found
    )
    context = {"talk": talk, "form": form, "indicator": found.answer.indicator}
    return page(request, "scoreboard/threads/thread.html", submission, context)


@require_POST
def close(request: SignedIn, pk: int) -> HttpResponse:
    """Close a question."""
    found = discussion.close(_thread(request, pk), by=request.user)
    messages.success(request, _("The question on %s is closed.") % found.answer.indicator.label)
    return redirect(discussion.anchor(found, side=Side.SECRETARIAT))


@require_http_methods(["GET", "HEAD", "POST"])
def open_thread(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Ask about one answer, or note something about it for the Secretariat alone."""
    submission = visible(request, pk)
    rules.require(request.user, "open_thread", submission)
    indicators = submission.cycle.edition.indicators.filter(answers__submission=submission)
    indicator = get_object_or_404(indicators.select_related("area"), code=code)
    version = discussion.require_submitted(submission, by=request.user)
    form = ThreadForm(request.POST or None, initial={"shared": "yes"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = discussion.open_thread(
                submission, code, given["text"], shared=given["shared"], due=given["due"], by=request.user
            )
        except Invalid as problem:
            form.add_error("due", problem.sentence)
        else:
            asked = _("The country will be asked about %s by e-mail.") if found.shared else _("The note on %s is kept.")
            messages.success(request, asked % indicator.label)
            return redirect(discussion.anchor(found, side=Side.SECRETARIAT))
    content: dict[str, Any] = next((row for row in version.answers if row["code"] == code), {})
    context = {"form": form, "content": content, "indicator": indicator}
    return page(request, "scoreboard/threads/new.html", submission, context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_reopen(request: SignedIn, pk: int) -> HttpResponse:
    """Ask the Secretariat to reopen accepted answers."""
    submission = visible(request, pk)
    reopening.require(submission, "ask_to_reopen", by=request.user)
    form = ReopenRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reopening.ask(submission, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(
            request, _("The Secretariat is asked to reopen the answers. You will get its decision by e-mail.")
        )
        return redirect("submission", pk)
    return page(request, "scoreboard/threads/ask_to_reopen.html", submission, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def refuse_reopen(request: SignedIn, pk: int) -> HttpResponse:
    """Refuse to reopen accepted answers, with a reason."""
    submission = visible(request, pk)
    reopening.require(submission, "refuse_reopen", by=request.user)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reopening.refuse(submission, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("%s will learn by e-mail that its answers stay accepted.") % submission.country)
        return redirect("request_list")
    return page(request, "scoreboard/threads/refuse_reopen.html", submission, {"form": form})


def _thread(request: SignedIn, pk: int) -> Thread:
    found = discussion.visible_to(request.user).select_related("answer__submission__cycle__edition", "answer__level")
    return get_object_or_404(found, pk=pk)
