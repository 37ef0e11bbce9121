"""Subscribing to notices without an account: asking, a subscriber's own page, and leaving with one click."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from reporting.forms import SubscribeForm
from reporting.subscriptions import subscribing
from scoreboard.errors import Invalid, NotNow


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Let anybody subscribe; the answer is the same whether the address is known or not."""
    form = SubscribeForm(request.POST or None, initial={"about": request.GET.get("about", "everything")})
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="subscribe"):
            refusal: HttpResponse = ratelimit.respond_429(request)
            return refusal
        try:
            subscribing.ask(form.cleaned_data["email"], **form.subject)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            return redirect("subscribe_asked")
    return render(request, "reporting/subscriptions/subscribe.html", {"form": form})


@login_not_required
@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a link to confirm was sent."""
    return render(request, "reporting/subscriptions/asked.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscriber(request: HttpRequest, key: str) -> HttpResponse:
    """Show an address's subscriptions to who has its link, to confirm what is new and leave what is not wanted.

    Opening the link is not enough to confirm: programs that look through e-mails open links too.
    """
    try:
        shown = subscribing.of(key)
        if request.method == "POST":
            if (number := request.POST.get("leave", "")).isascii() and number.isdigit():
                subscribing.leave(key, only=int(number[:18]))
                if not shown.subscriptions.exists():
                    return render(request, "reporting/subscriptions/leave.html", {"left": True})
                messages.success(request, _("You have left it."))
            else:
                subscribing.confirm(key)
                messages.success(request, _("Confirmed: you get an e-mail with each notice from now on."))
            return redirect("subscriber", key)
    except NotNow as problem:
        return render(request, "reporting/subscriptions/no_link.html", {"problem": problem.sentence}, status=404)
    subscriptions = subscribing.listed(shown)
    context = {
        "address": shown.email,
        "waiting": [one for one in subscriptions if not one.confirmed_at],
        "confirmed": [one for one in subscriptions if one.confirmed_at],
        "key": key,
    }
    return render(request, "reporting/subscriptions/subscriber.html", context)


@login_not_required
@never_cache
@csrf_exempt  # a mail program posts here without having seen a page: RFC 8058
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """End all subscriptions of an address: at once when a mail program posts, after a button otherwise."""
    try:
        if request.method == "POST":
            subscribing.leave(key)
        else:
            subscribing.of(key)
    except NotNow as problem:
        return render(request, "reporting/subscriptions/no_link.html", {"problem": problem.sentence}, status=404)
    return render(request, "reporting/subscriptions/leave.html", {"left": request.method == "POST"})
