"""The page from which officers start the rehearsal, reset it, and enter it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from scoreboard import rehearsal, rules
from scoreboard.cycles import rehearsing
from scoreboard.forms.cycles import RehearsalForm
from scoreboard.http import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def rehearsal_page(request: SignedIn) -> HttpResponse:
    """Say what the rehearsal is and whether one runs, and start it anew."""
    rules.require(request.user, "manage_cycles")
    cycle = rehearsing.current()
    initial = {"edition": cycle.edition_id} if cycle else None
    form = RehearsalForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        rehearsing.start(form.cleaned_data["edition"], by=request.user)
        messages.success(request, _("The rehearsal is ready: nothing is written in it yet."))
        return redirect("rehearsal")
    context = {"form": form, "cycle": cycle, "entrance": f"{rehearsal.PREFIX}/", "within": rehearsal.is_on()}
    return render(request, "scoreboard/rehearsal/rehearsal.html", context)
