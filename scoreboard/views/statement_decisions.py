"""What officers and the country do with a statement: sharing it, replying, publishing it or not."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from scoreboard import rules
from scoreboard.errors import Stale
from scoreboard.forms.statements import NoPublicationForm, PublicationForm, ReplyForm
from scoreboard.http import SignedIn
from scoreboard.models import Statement
from scoreboard.stakeholders import deciding
from scoreboard.views.statements import fetch, page, renewed


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: SignedIn, pk: int) -> HttpResponse:
    """Say what sharing does, then share the statement with the country."""
    found = _fetch(request, pk, "share_statement")
    deciding.require_filed(found)
    if request.method == "POST":
        deciding.share(found, by=request.user)
        messages.success(
            request, _("%s has the statement now. Its focal points get an e-mail.") % found.submission.country
        )
        return redirect("statement", pk)
    return page(request, "share", found)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: SignedIn, pk: int) -> HttpResponse:
    """Write the country's reply, or change it until it is published."""
    found = _fetch(request, pk, "reply_to_statement")
    deciding.require_repliable(found)
    typed = request.POST if request.method == "POST" else None
    form, conflict = ReplyForm(typed, initial={"text": found.reply, "seen": found.revision}), None
    if form.is_valid():
        try:
            deciding.reply(found, **form.cleaned_data, by=request.user)
        except Stale as problem:
            conflict = problem.current
            form = renewed(form, conflict, problem)
        else:
            messages.success(request, _("The Secretariat has your reply. You can change it until it is published."))
            return redirect("statement", pk)
    return page(request, "reply", found, {"form": form, "conflict": conflict}, status=409 if conflict else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedIn, pk: int) -> HttpResponse:
    """Show what would be published, and publish it once the officer ticks that no private person is named."""
    found = _fetch(request, pk, "decide_on_statement")
    deciding.require_publishable(found)
    typed = request.POST if request.method == "POST" else None
    form, status = PublicationForm(typed, initial={"seen": found.revision}), 200
    if form.is_valid():
        try:
            deciding.publish(found, **form.cleaned_data, by=request.user)
        except Stale as problem:
            form = PublicationForm(initial={"seen": found.revision})
            messages.warning(request, problem.sentence)
            status = 409
        else:
            messages.success(request, _("It is published with each published assessment of the cycle."))
            return redirect("statement", pk)
    return page(request, "publish", found, {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    """Decide with a reason not to publish a statement, or to end its publication."""
    found = _fetch(request, pk, "decide_on_statement")
    deciding.require_filed(found)
    form = NoPublicationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        deciding.refuse(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is not published. The organisation gets your reason by e-mail."))
        return redirect("statement", pk)
    return page(request, "refuse", found, {"form": form})


def _fetch(request: SignedIn, pk: int, act: str) -> Statement:
    """Return the statement if it is the person's to see (else 404) and their role allows the act (else 403)."""
    found = fetch(request, pk)
    rules.require(request.user, act, found.submission)
    return found
