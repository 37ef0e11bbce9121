"""Questions from one country to another: the list, one question with its answers, and how it ends."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import phrases, rules
from scoreboard.forms.learning import EndForm, PracticeForm, QuestionForm
from scoreboard.http import SignedIn
from scoreboard.models import PeerMessage, PeerQuestion
from scoreboard.models.people import countries_of
from scoreboard.network import good_practice, learning


@require_safe
def question_list(request: SignedIn) -> HttpResponse:
    """List the questions between countries that the person may read, those changed last first."""
    found = PeerQuestion.objects.visible_to(request.user).with_subject()
    context = {
        "page": Paginator(found, 30).get_page(request.GET.get("page")),
        "is_officer": rules.may(request.user, "close_between_countries"),
        "own": countries_of(request.user),
    }
    return render(request, "scoreboard/learning/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedIn, pk: int) -> HttpResponse:
    """Show a question with what both countries wrote, and write in it."""
    found = fetch(request, pk)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        learning.require_side(found, request.user)
        learning.require_open(found)
    if form.is_valid():
        learning.write(found, form.cleaned_data["text"], by=request.user)
        messages.success(request, _("It is sent. The other country gets it by e-mail."))
        return redirect("peer_question", pk)
    return _page(request, "question", found, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedIn, pk: int) -> HttpResponse:
    """Decline to answer, with a reason."""
    found = fetch(request, pk)
    rules.require_for(request.user, "answer_country", found.asked)
    learning.require_waiting(found)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        learning.decline(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The question is declined. %s gets your reason by e-mail.") % found.asking)
        return redirect("peer_question", pk)
    return _page(request, "decline", found, form=form)


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Take back a question that nobody has answered."""
    learning.withdraw(fetch(request, pk), by=request.user)
    messages.success(request, _("The question is taken back."))
    return redirect("peer_question", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedIn, pk: int) -> HttpResponse:
    """Close a question as the Secretariat, with a reason."""
    found = fetch(request, pk)
    rules.require(request.user, "close_between_countries")
    learning.require_open(found)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        learning.close(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The question is closed. Both countries get your reason by e-mail."))
        return redirect("peer_question", pk)
    return _page(request, "close", found, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: SignedIn, pk: int) -> HttpResponse:
    """Begin good practice from an answer: one's own, or one that the other country is asked to sign."""
    found = fetch(request, pk)
    of_other = good_practice.side_offers(found, request.user)
    good_practice.require_answered(found)
    typed = request.POST if request.method == "POST" else None
    initial = {
        "text": good_practice.answer_of(found),
        "subjects": [f"indicator-{found.indicator_id}"],
        "seen": 0,
    }
    form = PracticeForm(typed, user=request.user, question=found, initial=initial)
    if form.is_valid():
        if of_other:
            made = good_practice.propose(found, **form.values, by=request.user)
            messages.success(request, _("%s is asked to sign it. You hear what it decides.") % found.asked)
        else:
            made = good_practice.start(found.asked, **form.values, question=found, by=request.user)
            messages.success(request, _("The draft is saved. Read it once more, then sign it."))
        return redirect("good_practice", made.pk)
    return _page(request, "offer", found, form=form, of_other=of_other)


def fetch(request: SignedIn, pk: int) -> PeerQuestion:
    """Return the question; 404 for who may not see it."""
    return get_object_or_404(PeerQuestion.objects.visible_to(request.user).with_subject(), pk=pk)


def _page(request: SignedIn, name: str, found: PeerQuestion, **context: object) -> HttpResponse:
    own = countries_of(request.user)
    said = list(PeerMessage.objects.filter(question=found).select_related("author", "country"))
    shown = {
        "question": found,
        "indicator": found.indicator,
        "said": said,
        "answered": any(one.country_id == found.asked_id for one in said),
        "is_officer": rules.may(request.user, "close_between_countries"),
        "is_asking": found.asking in own,
        "is_asked": found.asked in own,
        "practice": found.good_practice.visible_to(request.user),
        "text_language": phrases.text_language(found.indicator.edition),
    }
    return render(request, f"scoreboard/learning/{name}.html", shown | context)
