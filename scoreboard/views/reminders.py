"""The schedule of a cycle's reminders: what is sent when, to whom today, and how one of them reads."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from scoreboard.cycles import reminders
from scoreboard.errors import Invalid
from scoreboard.forms.reminders import ReminderForm
from scoreboard.http import SignedIn
from scoreboard.models import Reminder
from scoreboard.text import number
from scoreboard.views.cycles import fetch_cycle


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: SignedIn, code: str) -> HttpResponse:
    """Show the schedule with whom each reminder would reach today; add and remove reminders."""
    cycle = fetch_cycle(request, code, "manage_cycles")
    form = ReminderForm(request.POST if "add" in request.POST else None)
    if "remove" in request.POST:
        about, days, to = [*request.POST["remove"].split(), "", "", ""][:3]
        n = number(days.removeprefix("-"))
        if about not in Reminder.About.values or to not in Reminder.To.values or n is None:
            raise Invalid(_("Choose a reminder of the list."))
        reminders.remove(cycle, about=about, days=-n if days.startswith("-") else n, to=to, by=request.user)
        messages.success(request, _("The reminder is removed."))
        return redirect("cycle_reminders", code=code)
    if form.is_valid():
        try:
            reminders.add(cycle, **form.reminder, by=request.user)
        except Invalid as problem:
            form.add_error("days", problem.sentence)
        else:
            messages.success(request, _("The reminder is added."))
            return redirect("cycle_reminders", code=code)
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "form": form,
        "entries": reminders.preview(cycle),
    }
    return render(request, "scoreboard/cycles/reminders.html", context)
