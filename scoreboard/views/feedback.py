"""The pages of feedback: giving it after submitting, and its sum for the Secretariat."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import rules
from scoreboard.cycles import feedback
from scoreboard.errors import NotNow
from scoreboard.forms.feedback import FeedbackForm
from scoreboard.http import SignedIn
from scoreboard.models import Cycle
from scoreboard.views.common import page, visible


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: SignedIn, pk: int) -> HttpResponse:
    """Ask a respondent how it went."""
    submission = visible(request, pk)
    rules.require(request.user, "give_feedback", submission)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        feedback.give(submission, **form.cleaned_data, by=request.user)
        messages.success(request, _("Thank you. The Secretariat reads it when it plans the next cycle."))
        return redirect("submission", pk)
    if not feedback.is_asked(submission, request.user):
        raise NotNow(_("You are asked once, after submitting."))
    return page(request, "scoreboard/feedback/give.html", submission, {"form": form})


@require_safe
def summary(request: SignedIn, code: str) -> HttpResponse:
    """Show what the respondents of a cycle said, from three answers on."""
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user), code=code)
    rules.require(request.user, "see_feedback")
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "summary": feedback.summary(cycle),
        "enough": feedback.ENOUGH,
    }
    return render(request, "scoreboard/feedback/summary.html", context)
