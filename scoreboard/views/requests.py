"""What waits for an officer: requests of countries and statements of organisations; asking for more time."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import rules
from scoreboard.cycles import extension_requests
from scoreboard.errors import Invalid
from scoreboard.forms.requests import ExtensionRequestForm, RefusalOfExtensionForm
from scoreboard.http import SignedIn
from scoreboard.people import requests
from scoreboard.stakeholders import reading
from scoreboard.todo import inbox
from scoreboard.views.common import page, visible


@require_safe
def request_list(request: SignedIn) -> HttpResponse:
    """List what waits for an officer's answer, the oldest first, and the requests for access answered in a year."""
    rules.require(request.user, "extend")
    rules.require(request.user, "answer_requests")
    context = {
        "statements": reading.waiting_for_officers(),
        "waiting": inbox.waiting(request.user),
        "page": Paginator(requests.answered(), 50).get_page(request.GET.get("page")),
    }
    return render(request, "scoreboard/requests/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_extension(request: SignedIn, pk: int) -> HttpResponse:
    """Ask the Secretariat for more time."""
    submission = visible(request, pk)
    extension_requests.require(submission, by=request.user)
    form = ExtensionRequestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            extension_requests.ask(submission, **form.cleaned_data, by=request.user)
        except Invalid as problem:
            form.add_error("until", problem.sentence)
        else:
            messages.success(request, _("The Secretariat is asked. You will get its decision by e-mail."))
            return redirect("submission", pk)
    return page(request, "scoreboard/requests/ask_for_extension.html", submission, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def refuse_extension(request: SignedIn, pk: int) -> HttpResponse:
    """Refuse more time, with a reason."""
    submission = visible(request, pk)
    rules.require(request.user, "extend", submission)
    asked = extension_requests.require_open(submission)
    form = RefusalOfExtensionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        extension_requests.refuse(submission, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The focal points of %s will get your answer by e-mail.") % submission.country)
        return redirect("request_list")
    return page(request, "scoreboard/requests/refuse_extension.html", submission, {"form": form, "asked": asked})
