"""A request for access: who asks, and the answer, yes or no with a reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from scoreboard import rules
from scoreboard.errors import DomainError
from scoreboard.forms.access_requests import GrantForm, RefusalForm
from scoreboard.http import SignedIn, require_recent_sign_in
from scoreboard.models import AccessRequest, Role
from scoreboard.people import directory, requests


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Show a request with what is known about its country, and grant or refuse it."""
    rules.require(request.user, "answer_requests")
    asked = get_object_or_404(AccessRequest.objects.filter(proven_at__isnull=False).select_related("country"), pk=pk)
    require_recent_sign_in(request)
    refuses = request.POST.get("answer") == "refuse"
    grant = GrantForm(request.POST if request.method == "POST" and not refuses else None, role=asked.role)
    refusal = RefusalForm(request.POST if refuses else None)
    form = refusal if refuses else grant
    if request.method == "POST" and form.is_valid():
        try:
            if refuses:
                requests.refuse(asked, reason=form.cleaned_data["reason"], by=request.user)
                messages.success(request, _("%s will get the answer by e-mail.") % asked.name)
            else:
                requests.grant(asked, **form.cleaned_data, by=request.user)
                messages.success(request, _("%s will get the answer and an invitation by e-mail.") % asked.name)
        except DomainError as problem:
            form.add_error(None, problem.sentence)
        else:
            return redirect("request_list")
    context = {
        "asked": asked,
        "grant": grant,
        "refusal": refusal,
        "form": form,
        "held": directory.focal_points_of(asked.country) if asked.country and asked.role == Role.FOCAL else [],
    }
    return render(request, "scoreboard/access_requests/answer.html", context)
