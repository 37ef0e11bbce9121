"""The officers' pages of e-mails: every one in a log, how one reads, and what could not be delivered."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import rules, schedule
from scoreboard.errors import Invalid
from scoreboard.forms.messages import AddressForm, LogForm
from scoreboard.http import SignedIn
from scoreboard.mail import log, outbox
from scoreboard.models import BouncingAddress, Mail


@require_safe
def message_list(request: SignedIn) -> HttpResponse:
    """List the portal's e-mails, those that could not be delivered first of all, and say whether the worker runs."""
    rules.require(request.user, "see_messages")
    form = LogForm(request.GET)
    found = log.entries(**form.filters)
    sign = schedule.last_sign()
    context = {
        "filter": {"form": form},
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "failed": outbox.failed().count(),
        "waiting": outbox.waiting().count(),
        "oldest": outbox.oldest_waiting(),
        "bouncing": BouncingAddress.objects.count(),
        "sign": sign,
        "alive": schedule.is_alive(sign),
    }
    return render(request, "scoreboard/messages/list.html", context)


@require_safe
def message(request: SignedIn, pk: int) -> HttpResponse:
    """Show one e-mail as it was written, and what became of it."""
    rules.require(request.user, "see_messages")
    mail = get_object_or_404(log.entries(), pk=pk)
    context = {"mail": mail, "body": log.body(mail), "bouncing": outbox.bouncing(mail)}
    return render(request, "scoreboard/messages/message.html", context)


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Try an e-mail that failed again, set it aside, or note that its address does not work."""
    rules.require(request.user, "see_messages")
    mail = get_object_or_404(Mail, pk=pk)
    decision = request.POST.get("decision")
    if decision == "try_again":
        outbox.try_again(mail, by=request.user)
        messages.success(request, _("The e-mail to %s will be sent again.") % mail.reader)
    elif decision == "set_aside":
        outbox.set_aside(mail, by=request.user)
        messages.success(request, _("The e-mail to %s is set aside. Nothing more is sent.") % mail.reader)
    elif decision == "bouncing":
        outbox.mark_bouncing(mail.to_address, by=request.user)
        messages.success(request, _("Nothing is sent to %s until you remove the mark.") % mail.to_address)
    else:
        raise Invalid(_("Choose “Try again” or “Set aside”."))
    return redirect("message_list")


@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: SignedIn) -> HttpResponse:
    """List the addresses that do not work; note one more, or remove a mark."""
    rules.require(request.user, "see_messages")
    form = AddressForm(request.POST if "add" in request.POST else None)
    if "remove" in request.POST:
        found = get_object_or_404(BouncingAddress, pk=forms.IntegerField().clean(request.POST["remove"]))
        outbox.unmark_bouncing(found, by=request.user)
        messages.success(request, _("The portal sends to %s again.") % found)
        return redirect("message_addresses")
    if form.is_valid():
        address = form.cleaned_data["address"]
        outbox.mark_bouncing(address, by=request.user)
        messages.success(request, _("Nothing is sent to %s until you remove the mark.") % address)
        return redirect("message_addresses")
    context = {"form": form, "addresses": BouncingAddress.objects.select_related("by")}
    return render(request, "scoreboard/messages/addresses.html", context)
