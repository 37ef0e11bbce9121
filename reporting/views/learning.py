"""Learning from countries that rose: who did on an indicator, what they published about it, and asking them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reporting.published.climbing import learning
from scoreboard import rules
from scoreboard.errors import DomainError
from scoreboard.forms.learning import QuestionForm
from scoreboard.http import SignedIn
from scoreboard.models import Country, Indicator, PeerQuestion, Submission
from scoreboard.network import learning as verbs
from scoreboard.network import reading
from scoreboard.views.common import page, visible


@require_safe
def climbers(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Show who rose from the rung on which the country is, what they published, good practice and resources."""
    submission, indicator = _asked(request, pk, code)
    asked = PeerQuestion.objects.filter(asking=submission.country, indicator__code=code).with_subject()
    context = {
        "indicator": indicator,
        "found": learning(submission, indicator, request.user),
        "helps": reading.on_indicator(indicator),
        "questions": asked,
    }
    return page(request, "reporting/learning/climbers.html", submission, context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedIn, pk: int, code: str, iso2: str) -> HttpResponse:
    """Ask a country that rose how it did."""
    country = get_object_or_404(Country, iso2=iso2.upper())
    submission, indicator = _asked(request, pk, code)
    climb = learning(submission, indicator, request.user).climb(country.iso2)
    if climb is None:
        raise Http404
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            question = verbs.ask(submission.country, country, indicator, form.cleaned_data["text"], by=request.user)
        except DomainError as problem:
            form.add_error("text", problem.sentence)
        else:
            words = {"country": climb.country.name}
            messages.success(
                request, _("Your question is sent. The focal points of %(country)s get it by e-mail.") % words
            )
            return redirect("peer_question", question.pk)
    context = {"indicator": indicator, "climb": climb, "form": form}
    return page(request, "reporting/learning/ask.html", submission, context)


def _asked(request: SignedIn, pk: int, code: str) -> tuple[Submission, Indicator]:
    submission = visible(request, pk)
    indicator = next((one for one in submission.cycle.edition.all_indicators if one.code == code), None)
    if indicator is None:
        raise Http404
    rules.require(request.user, "ask_country_that_rose", submission)
    return submission, indicator
