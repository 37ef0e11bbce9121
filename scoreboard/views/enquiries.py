"""The pages of questions to the Secretariat, and of the answers shared with all focal points of a cycle."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import phrases, rules
from scoreboard.enquiries import asking, sharing
from scoreboard.errors import Invalid
from scoreboard.forms.enquiries import AskForm, EnquiryForm, ShareForm
from scoreboard.http import SignedIn
from scoreboard.models import Enquiry, Role, Side
from scoreboard.views.common import page, visible


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """Ask the Secretariat something: about an indicator, about the page that the person came from, or in general."""
    submission = visible(request, pk)
    rules.require(request.user, "ask", submission)
    came_from = request.POST.get("page") or request.GET.get("page", "")
    came_from = came_from if asking.is_page(came_from) else ""
    form = AskForm(request.POST or None, submission=submission, initial={"about": request.GET.get("about", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = asking.ask(
                submission,
                given["text"],
                code=given["about"],
                page=came_from,
                show_answer=given["show_answer"],
                by=request.user,
            )
        except Invalid as problem:
            form.add_error("show_answer", problem.sentence)
        else:
            messages.success(request, _("Your question is sent. The Secretariat’s answer comes by e-mail."))
            return redirect("enquiry", found.pk)
    return page(request, "scoreboard/enquiries/ask.html", submission, {"form": form, "came_from": came_from})


@require_safe
def enquiry_list(request: SignedIn) -> HttpResponse:
    """List the questions to the Secretariat that the person may read, the newest first, or what waits for them."""
    everything, waiting = asking.visible_to(request.user), asking.waiting_for(request.user)
    shows_waiting, is_officer = request.GET.get("show") == "waiting", rules.may(request.user, "share")
    context = {
        "page": Paginator(waiting if shows_waiting else everything, 30).get_page(request.GET.get("page")),
        "tabs": [
            {"url": "?", "label": _("All"), "count": everything.count(), "current": not shows_waiting},
            {
                "url": "?show=waiting",
                "label": _("To answer") if is_officer else _("Answered"),
                "count": waiting.count(),
                "current": shows_waiting,
            },
        ],
        "cycles": sharing.cycles_with_answers(request.user),
        "is_officer": is_officer,
    }
    return render(request, "scoreboard/enquiries/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: SignedIn, pk: int) -> HttpResponse:
    """Show one question to the Secretariat with what both sides wrote, and write on."""
    found = _enquiry(request, pk)
    form = EnquiryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asking.answer(found, form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Your message is sent."))
        return redirect("enquiry", pk)
    side = Side.SECRETARIAT if Role.SECRETARIAT in rules.roles_towards(request.user) else Side.COUNTRY
    context = {
        "enquiry": found,
        "form": form,
        "waits_for_you": found.holder == side,
        "answered": any(message.side == Side.SECRETARIAT for message in found.messages.all()),
        "shared": found.shared_answers.filter(withdrawn_at=None).first(),
    }
    return page(request, "scoreboard/enquiries/enquiry.html", found.submission, context)


@require_POST
def close(request: SignedIn, pk: int) -> HttpResponse:
    """Close a question to the Secretariat."""
    asking.close(_enquiry(request, pk), by=request.user)
    messages.success(request, _("The question is closed. It can still be read."))
    return redirect("enquiry", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: SignedIn, pk: int) -> HttpResponse:
    """Share a question and its answer with all focal points of the cycle, in words that do not tell who asked."""
    found = _enquiry(request, pk)
    rules.require(request.user, "share", found.submission)
    written = found.messages.all()
    asked = next((one.text for one in written if one.side == Side.COUNTRY), "")
    answered = next((one.text for one in reversed(written) if one.side == Side.SECRETARIAT), "")
    form = ShareForm(request.POST or None, initial={"question": asked, "answer": answered})
    if request.method == "POST" and form.is_valid():
        try:
            shared = sharing.share(found, by=request.user, **form.cleaned_data)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("The answer is shared. Every focal point of the cycle gets an e-mail."))
            return redirect("shared_answers", shared.cycle.code)
    return page(request, "scoreboard/enquiries/share.html", found.submission, {"form": form, "enquiry": found})


@require_safe
def shared_answers(request: SignedIn, code: str) -> HttpResponse:
    """List the questions and answers of a cycle that the Secretariat shared, the newest first."""
    cycle = get_object_or_404(sharing.cycles(request.user).select_related("edition"), code=code)
    found = sharing.visible_to(request.user).filter(cycle=cycle)
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "text_language": phrases.text_language(cycle.edition),
        "is_officer": rules.may(request.user, "share"),
        "page": Paginator(found, 30).get_page(request.GET.get("page")),
    }
    return render(request, "scoreboard/enquiries/shared.html", context)


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Take a shared answer back."""
    found = get_object_or_404(sharing.visible_to(request.user), pk=pk)
    sharing.withdraw(found, by=request.user)
    messages.success(request, _("The answer is withdrawn. Focal points do not read it here any more."))
    return redirect("shared_answers", found.cycle.code)


def _enquiry(request: SignedIn, pk: int) -> Enquiry:
    return get_object_or_404(asking.visible_to(request.user), pk=pk)
