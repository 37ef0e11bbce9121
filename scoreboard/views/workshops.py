"""The focal point's pages of a workshop: opening it, leading it, the screen in the room, and what was agreed."""

import base64
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import qrcode
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathFillImage

from scoreboard import locking, rules
from scoreboard.errors import Invalid, Stale
from scoreboard.forms.workshops import NoteForm
from scoreboard.http import SignedIn
from scoreboard.models import Answer, Area, Indicator, Workshop, WorkshopNote
from scoreboard.submissions import answering, returns
from scoreboard.text import number
from scoreboard.views.common import page, visible
from scoreboard.workshops import joining, rating, recording, sessions


@require_http_methods(["GET", "HEAD", "POST"])
def workshop_list(request: SignedIn, pk: int, area: str) -> HttpResponse:
    """List what workshops on an area agreed, and open one."""
    submission = visible(request, pk)
    part = next((one for one in submission.cycle.edition.whole if one.code == area), None)
    if part is None:
        raise Http404
    rules.require(request.user, "run_workshop", submission)
    if request.method == "POST":
        opened = sessions.open_workshop(submission, part, by=request.user)
        return redirect("workshop", opened.pk)
    found = Workshop.objects.visible_to(request.user).filter(submission=submission, area=part)
    context = {
        "area": part,
        "running": found.running().first(),
        "notes": _notes(part, WorkshopNote.objects.filter(workshop__in=found)),
        "closed": locking.refusal(submission),
    }
    return page(request, "scoreboard/workshops/list.html", submission, context)


@require_safe
def workshop(request: SignedIn, pk: int) -> HttpResponse:
    """Show the focal point who waits, what the room is asked, and what was agreed."""
    found = _visible(request, pk)
    area = _area(found)
    agreed = {indicator.pk: note for note, indicator in _notes(area, found.notes.all())}
    context = {
        **_room(found),
        "area": area,
        "indicators": [(indicator, agreed.get(indicator.pk)) for indicator in area.indicators.all()],
        "waiting": found.participants.waiting(),
        "present": found.participants.in_the_room(),
    }
    return page(request, "scoreboard/workshops/workshop.html", found.submission, context)


@require_safe
def projector(request: SignedIn, pk: int) -> HttpResponse:
    """Show the room how to join, what it is asked, and how many chose each level; nothing of the draft, and no name."""
    found = _visible(request, pk)
    context = {**_room(found), "qr": _qr(_link(found)), "short": _short_address()}
    return page(request, "scoreboard/workshops/projector.html", found.submission, context)


@require_safe
def counts(request: SignedIn, pk: int) -> HttpResponse:
    """Tell the pages above whether something is new: nothing, other numbers, or so much that they reload."""
    found = _visible(request, pk)
    progress = rating.progress(found)
    seen = request.GET.get("seen", "")
    if seen.split("-")[0] != str(found.revision) or sessions.why_over(found):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if seen == progress.stamp:
        return HttpResponse(status=204)
    shown = {"workshop": found, "progress": progress, "on_screen": "screen" in request.GET}
    return render(request, "scoreboard/workshops/_counts.html", shown)


@require_POST
def admit(request: SignedIn, pk: int) -> HttpResponse:
    """Let the ticked ones of those who wait into the room."""
    ticked = [found for text in request.POST.getlist("participant") if (found := number(text)) is not None]
    n = joining.admit(_visible(request, pk), ticked, by=request.user)
    messages.success(request, ngettext("%(n)d person admitted.", "%(n)d people admitted.", n) % {"n": n})
    return redirect("workshop", pk)


@require_POST
def turn_away(request: SignedIn, pk: int, participant: int) -> HttpResponse:
    """Turn somebody away, who waits or is in the room."""
    found = _visible(request, pk)
    if not found.participants.filter(pk=participant).exists():
        raise Http404
    gone = joining.turn_away(found, participant, by=request.user)
    messages.success(request, _("%s is turned away.") % gone)
    return redirect("workshop", pk)


@require_POST
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """Ask the room an indicator, or the same one once more."""
    sessions.ask(_visible(request, pk), request.POST.get("indicator", ""), by=request.user)
    return redirect("workshop", pk)


@require_POST
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show the room how many chose each level."""
    sessions.show(_visible(request, pk), request.POST.get("indicator", ""), by=request.user)
    return redirect("workshop", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Record the level that the room agreed on, why, and who saw it otherwise."""
    found = _visible(request, pk)
    try:
        indicator = sessions.indicator_of(found, code)
    except Invalid as problem:
        raise Http404 from problem
    answer = found.submission.answers.filter(indicator=indicator).select_related("level", "changed_by").first()
    asks_why = indicator.pk in returns.needing_reason(found.submission)
    form = NoteForm(request.POST if request.method == "POST" else None, indicator=indicator, asks_why=asks_why)
    stale = None
    if form.is_valid():
        seen = number(request.POST.get("seen", "")) or 0
        try:
            recording.record(found, code, **form.cleaned_data, seen=seen, by=request.user)
        except Stale as problem:
            stale = problem
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("%s is answered, and the note is stored with it.") % indicator.label)
            return redirect("workshop", pk)
    context = {
        **_room(found),
        "area": _area(found),
        "indicator": indicator,
        "spread": rating.spread(found, indicator),
        "form": form,
        "stale": stale,
        "answer": answer,
        "content": answering.as_input(answer),
        "seen": _seen(request, answer, stale),
        "errors": [{"href": "#stored", "text": stale.sentence}] if stale else None,
    }
    status = 409 if stale else 200
    return page(request, "scoreboard/workshops/record.html", found.submission, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to end the workshop, and end it."""
    found = _visible(request, pk)
    if request.method == "POST":
        sessions.end(found, by=request.user)
        messages.success(request, _("The workshop is over. Its code opens nothing any more; its notes are stored."))
        return redirect("workshop", pk)
    return page(request, "scoreboard/workshops/end.html", found.submission, {"workshop": found, "area": _area(found)})


def _visible(request: SignedIn, pk: int) -> Workshop:
    """Return the workshop; 404 for who is no focal point of its country."""
    found = Workshop.objects.visible_to(request.user)
    related = ("submission__cycle__edition", "submission__country", "indicator", "area", "ended_by")
    return get_object_or_404(found.select_related(*related), pk=pk)


def _area(workshop: Workshop) -> Area:
    """Return its area, which knows its indicators and their levels."""
    return next(one for one in workshop.submission.cycle.edition.whole if one.pk == workshop.area_id)


def _notes(area: Area, notes: Any) -> list[tuple[WorkshopNote, Indicator]]:
    """Return notes, the latest first, each with its indicator, which knows its ladder."""
    indicators = {indicator.pk: indicator for indicator in area.indicators.all()}
    found = notes.select_related("answer", "level", "by", "workshop")
    latest_last = {note.answer.indicator_id: note for note in reversed(found)}
    return [(note, indicators[pk]) for pk, note in latest_last.items()]


def _room(workshop: Workshop) -> dict[str, Any]:
    """Return what every page that leads a workshop shows."""
    asked = sessions.indicator_of(workshop, workshop.indicator.code) if workshop.indicator else None
    return {
        "workshop": workshop,
        "asked": asked,
        "spread": rating.spread(workshop, asked) if asked and workshop.shown else None,
        "progress": rating.progress(workshop),
        "over": sessions.why_over(workshop),
    }


def _seen(request: SignedIn, answer: Answer | None, stale: Stale | None) -> int | str:
    """Return the revision that the form has seen: after a conflict the one that its page shows."""
    if request.method == "POST" and not stale:
        return request.POST.get("seen", "")
    return answer.revision if answer else 0


def _link(workshop: Workshop) -> str:
    """Return the address that phones scan."""
    return str(settings.SITE_URL) + reverse("workshop_room", args=[workshop.code])


def _short_address() -> str:
    """Return what people type to get to the page that asks for the code; browsers add the rest."""
    return (urlsplit(settings.SITE_URL).netloc + reverse("workshop_door")).rstrip("/")


def _qr(text: str) -> str:
    """Return a text as the address of a picture that phones can read: black on white in every colour scheme."""
    picture = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage, border=2).save(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()
