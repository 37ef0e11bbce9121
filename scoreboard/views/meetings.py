"""The pages of a space's meetings: planning, agenda, decisions and minutes."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import rules
from scoreboard.errors import Stale
from scoreboard.forms.spaces import AgendaItemForm, DecisionForm, MeetingForm, MinutesForm
from scoreboard.http import SignedIn
from scoreboard.models import AgendaItem, Meeting, Paper
from scoreboard.network import meetings, spaces
from scoreboard.text import number
from scoreboard.views.spaces import attempt, form_page, page, to_manage


def visible(request: SignedIn, pk: int) -> Meeting:
    """Return the meeting; 404 for who may not see it."""
    found = Meeting.objects.visible_to(request.user).select_related("space__moderator", "minutes_by", "shared_by")
    return get_object_or_404(found, pk=pk)


def _to_manage(request: SignedIn, pk: int) -> Meeting:
    found = visible(request, pk)
    rules.require(request.user, "manage_spaces")
    spaces.require_open(found.space)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, pk: int) -> HttpResponse:
    """Plan a meeting of a space."""
    space = to_manage(request, pk)
    form = MeetingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (found := attempt(form, lambda: meetings.plan(space, **form.cleaned_data, by=request.user))):
        return redirect("meeting", found.pk)
    words = {"heading": _("Plan a meeting"), "button": _("Save"), "back": reverse("space", args=[pk])}
    return form_page(request, space, form, **words, lede=_("The members see it at once; then you write its agenda."))


@require_safe
def meeting(request: SignedIn, pk: int) -> HttpResponse:
    """Show a meeting: its days, agenda, papers, decisions and minutes."""
    found = visible(request, pk)
    papers = Prefetch("papers", Paper.objects.visible_to(request.user))
    context = {
        "meeting": found,
        "items": found.items.select_related("decided_by").prefetch_related(papers),
        "texts": found.texts.public(),
        "reads_minutes": bool(found.minutes)
        and (found.shared_at is not None or rules.may(request.user, "manage_spaces")),
    }
    return page(request, "meeting", found.space, context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change a meeting's title, days or place."""
    found = _to_manage(request, pk)
    form = MeetingForm(request.POST if request.method == "POST" else None, meeting=found)
    if form.is_valid() and attempt(form, lambda: meetings.edit(found, **form.cleaned_data, by=request.user)):
        return redirect("meeting", pk)
    words = {"heading": _("Edit the meeting"), "button": _("Save"), "back": reverse("meeting", args=[pk])}
    return form_page(request, found.space, form, **words, lede=found.title)


@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: SignedIn, pk: int) -> HttpResponse:
    """Add an item to the agenda of a meeting."""
    found = _to_manage(request, pk)
    form = AgendaItemForm(request.POST if request.method == "POST" else None, space=found.space)
    values: dict[str, Any] = {"papers": []}
    if form.is_valid() and attempt(
        form, lambda: meetings.add_item(found, **values | form.cleaned_data, by=request.user)
    ):
        return redirect("meeting", pk)
    words = {"heading": _("Add an item to the agenda"), "button": _("Add the item")}
    return form_page(request, found.space, form, **words, lede=found.title, back=reverse("meeting", args=[pk]))


def _item(request: SignedIn, pk: int) -> AgendaItem:
    items = AgendaItem.objects.filter(meeting__in=Meeting.objects.visible_to(request.user))
    found = get_object_or_404(items.select_related("meeting__space__moderator"), pk=pk)
    rules.require(request.user, "manage_spaces")
    spaces.require_open(found.meeting.space)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: SignedIn, pk: int) -> HttpResponse:
    """Change an item of an agenda."""
    item = _item(request, pk)
    form = AgendaItemForm(request.POST if request.method == "POST" else None, space=item.meeting.space, item=item)
    values: dict[str, Any] = {"papers": []}
    if form.is_valid() and attempt(
        form, lambda: meetings.edit_item(item, **values | form.cleaned_data, by=request.user)
    ):
        return redirect("meeting", item.meeting_id)
    words = {"heading": _("Edit the item"), "button": _("Save"), "lede": item}
    return form_page(request, item.meeting.space, form, **words, back=reverse("meeting", args=[item.meeting_id]))


@require_POST
def raise_item(request: SignedIn, pk: int) -> HttpResponse:
    """Move an item one place up the agenda."""
    item = _item(request, pk)
    meetings.raise_item(item, by=request.user)
    return redirect(reverse("meeting", args=[item.meeting_id]) + f"#item-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def remove_item(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to remove an item from an agenda, and do it."""
    item = _item(request, pk)
    if request.method == "POST":
        meetings.remove_item(item, by=request.user)
        messages.success(request, _("“%s” is removed from the agenda.") % item.title)
        return redirect("meeting", item.meeting_id)
    return page(request, "remove_item", item.meeting.space, {"item": item, "meeting": item.meeting})


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: SignedIn, pk: int) -> HttpResponse:
    """Enter what was decided on an item."""
    item = _item(request, pk)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"decision": item.decision})
    if form.is_valid() and attempt(form, lambda: meetings.decide(item, **form.cleaned_data, by=request.user)):
        return redirect(reverse("meeting", args=[item.meeting_id]) + f"#item-{pk}")
    words = {"heading": _("Enter the decision"), "button": _("Save"), "lede": item}
    return form_page(request, item.meeting.space, form, **words, back=reverse("meeting", args=[item.meeting_id]))


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: SignedIn, pk: int) -> HttpResponse:
    """Write the minutes of a meeting, which officers alone read until they are shared."""
    found = _to_manage(request, pk)
    form = MinutesForm(request.POST if request.method == "POST" else None, meeting=found)
    conflict = None
    if form.is_valid():
        try:
            saved = attempt(form, lambda: meetings.save_minutes(found, **form.cleaned_data, by=request.user))
        except Stale as problem:  # the form continues with the minutes as they are now
            posted: Any = form.data
            conflict, data = problem.current, posted.copy()
            data["seen"] = str(conflict.minutes_revision)
            form = MinutesForm(data, meeting=conflict)
            form.add_error("text", problem.sentence)
        else:
            if saved:
                messages.success(request, _("The minutes are saved."))
                return redirect("meeting", pk)
    status = 409 if conflict else 200
    return page(request, "minutes", found.space, {"meeting": found, "form": form, "conflict": conflict}, status=status)


@require_POST
def share_minutes(request: SignedIn, pk: int) -> HttpResponse:
    """Let the members of the space read the minutes."""
    found = _to_manage(request, pk)
    meetings.share_minutes(found, seen=number(request.POST.get("seen", "")) or 0, by=request.user)
    messages.success(request, _("The members of the space can read the minutes."))
    return redirect("meeting", pk)
