"""A participant's pages of a workshop, without an account: the code, joining, and rating on a phone."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import clock
from scoreboard.errors import DomainError, Invalid
from scoreboard.forms.workshops import CodeForm, JoinForm
from scoreboard.models import Participant, Workshop
from scoreboard.phrases import text_language
from scoreboard.text import number
from scoreboard.workshops import attempts, codes, joining, rating, sessions

COOKIE = "workshop"  # signed; names the participant, and is sent to the pages of the one workshop alone


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and go to the workshop that it opens."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if attempts.are_too_many(_client(request)):
            return render(request, "429.html", status=429)
        code = codes.tidied(form.cleaned_data["code"])
        if code and joining.running(code):
            return redirect("workshop_room", code)
        attempts.count(_client(request))
        form.add_error("code", joining.opens_nothing())
    return render(request, "scoreboard/workshop_room/door.html", {"form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, code: str) -> HttpResponse:
    """Show a participant what the room is asked now; ask everybody else who they are, to join."""
    if (tidy := codes.tidied(code)) and tidy != code:
        return redirect("workshop_room", tidy)
    participant = _participant(request, code)
    if participant and (request.method != "POST" or not participant.removed_at):
        return _page(request, participant)
    if attempts.are_too_many(_client(request)):
        return render(request, "429.html", status=429)
    workshop = joining.running(code)
    if workshop is None:
        return _nothing(request)
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            participant = joining.join(code, **form.cleaned_data)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            return _recognised(redirect("workshop_room", code), participant)
    return render(request, "scoreboard/workshop_room/join.html", {"form": form, **_frame(workshop)})


@login_not_required
@never_cache
@require_safe
def poll(request: HttpRequest, code: str) -> HttpResponse:
    """Tell a phone, every three seconds and without a body, whether its page shows what there is."""
    participant = _participant(request, code)
    if participant is None:
        return HttpResponse(status=404, headers={"HX-Refresh": "true"})
    same = request.GET.get("seen", "") == _stamp(participant)
    return HttpResponse(status=204, headers={} if same else {"HX-Refresh": "true"})


@login_not_required
@never_cache
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Store a participant's level of the indicator that the room is asked."""
    participant = _participant(request, code)
    if participant is None:
        return _nothing(request)
    try:
        rating.rate(participant, request.POST.get("indicator", ""), _level(request.POST.get("level", "")))
    except DomainError as problem:
        return _page(request, participant, problem=problem.sentence)
    return redirect("workshop_room", code)


def _page(request: HttpRequest, participant: Participant, *, problem: str = "") -> HttpResponse:
    """Render what the participant may see now: that they wait, the indicator and its ladder, or how all rated."""
    workshop = participant.workshop
    indicator = sessions.indicator_of(workshop, workshop.indicator.code) if workshop.indicator else None
    asked = indicator if participant.is_in_the_room else None
    own = participant.ratings.filter(indicator=asked).select_related("level").first() if asked else None
    context = {
        "participant": participant,
        "workshop": workshop,
        "indicator": asked,
        "own": own,
        "spread": rating.spread(workshop, asked) if asked and workshop.shown else None,
        "stamp": _stamp(participant),
        "problem": problem,
        "errors": [{"href": "#rating" if asked else "", "text": problem}] if problem else None,
        "form": JoinForm(),
        **_frame(workshop),
    }
    return render(request, "scoreboard/workshop_room/room.html", context, status=409 if problem else 200)


def _frame(workshop: Workshop) -> dict[str, Any]:
    cycle = workshop.submission.cycle
    return {"example": cycle.is_example, "text_language": text_language(cycle.edition)}


def _nothing(request: HttpRequest) -> HttpResponse:
    """Say the one sentence for every code that opens nothing, and count the attempt."""
    attempts.count(_client(request))
    context = {"sentence": joining.opens_nothing()}
    return render(request, "scoreboard/workshop_room/nothing.html", context, status=404)


def _stamp(participant: Participant) -> str:
    """Return what changes whenever the participant's page does."""
    place = "out" if participant.removed_at else "in" if participant.admitted_at else "waits"
    return f"{participant.workshop.revision}-{place}"


def _level(text: str) -> int | None:
    """Return the level that was chosen; -1, which no ladder has, for none; None is "I cannot say"."""
    return None if text == "cannot_say" else -1 if (found := number(text)) is None else found


def _participant(request: HttpRequest, code: str) -> Participant | None:
    """Return who joined the running workshop with this phone, by its signed cookie."""
    pk = number(request.get_signed_cookie(COOKIE, default="", salt=f"{__name__}.{code}") or "")
    return None if pk is None else joining.present(code, pk)


def _recognised(response: HttpResponse, participant: Participant) -> HttpResponse:
    """Let the phone say until midnight who it is, on the pages of this workshop and nowhere else."""
    workshop = participant.workshop
    response.set_signed_cookie(
        COOKIE,
        str(participant.pk),
        salt=f"{__name__}.{workshop.code}",
        max_age=int((workshop.expires_at - clock.now()).total_seconds()),
        path=reverse("workshop_room", args=[workshop.code]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _client(request: HttpRequest) -> str:
    """Return the network address from which the request came, as seen by the first of the trusted proxies."""
    return str(get_adapter().get_client_ip(request))
