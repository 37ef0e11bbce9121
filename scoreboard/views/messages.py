"""The officers' page of e-mails: which failed, and which are still waiting."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scoreboard import rules, schedule
from scoreboard.errors import Invalid
from scoreboard.http import SignedIn
from scoreboard.mail import outbox
from scoreboard.models import Mail


@require_safe
def message_list(request: SignedIn) -> HttpResponse:
    """List the e-mails that could not be delivered, and say how many wait and whether the worker runs."""
    rules.require(request.user, "see_messages")
    found = outbox.failed().select_related("to", "submission__country", "submission__cycle")
    sign = schedule.last_sign()
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "waiting": outbox.waiting().count(),
        "oldest": outbox.oldest_waiting(),
        "sign": sign,
        "alive": schedule.is_alive(sign),
    }
    return render(request, "scoreboard/messages/list.html", context)


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Try an e-mail that failed again, or set it aside."""
    rules.require(request.user, "see_messages")
    mail = get_object_or_404(Mail, pk=pk)
    decision = request.POST.get("decision")
    if decision == "try_again":
        outbox.try_again(mail, by=request.user)
        messages.success(request, _("The e-mail to %s will be sent again.") % mail.to)
    elif decision == "set_aside":
        outbox.set_aside(mail, by=request.user)
        messages.success(request, _("The e-mail to %s is set aside. Nothing more is sent.") % mail.to)
    else:
        raise Invalid(_("Choose “Try again” or “Set aside”."))
    return redirect("message_list")
