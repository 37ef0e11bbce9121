"""The board of a cycle: its rows, an officer's views of it, a country's note, and mails to the ticked countries."""

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import rules, table_files
from scoreboard.cycles import board, following, mailings
from scoreboard.cycles.mailings import Letter
from scoreboard.errors import Invalid, Stale
from scoreboard.forms.board import AnnouncementForm, FollowingForm, ManyExtensionsForm, ReminderNoteForm, ViewForm
from scoreboard.http import SignedIn
from scoreboard.models import BoardView, Cycle, Submission
from scoreboard.text import alphabetical
from scoreboard.views.cycles import fetch_cycle
from scoreboard.workbook import board as board_as_file


@require_safe
def cycle_board(request: SignedIn, code: str) -> HttpResponse:
    """Show the cycle's countries with where each is, narrowed and ordered as the address says."""
    cycle = fetch_cycle(request, code, "see_board")
    manages = rules.may(request.user, "manage_cycles")
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "board": board.read(cycle, request.GET.dict(), request.user),
        "views": list(request.user.board_views.all()),
        "moves": cycle.date_changes.select_related("by").order_by("-at", "-pk"),
        "manages": manages,
        "asks": manages and cycle.opened_at is not None and not cycle.is_earlier_round,
        "notes": rules.may(request.user, "write_note"),
    }
    return render(request, "scoreboard/cycles/board.html", context)


@require_safe
def export(request: SignedIn, code: str, kind: str) -> HttpResponse:
    """Return the rows that the board shows as a file."""
    cycle = fetch_cycle(request, code, "see_board")
    if kind not in table_files.KINDS:
        raise Http404
    shown = board.read(cycle, request.GET.dict(), request.user)
    columns, lines = board_as_file.table(cycle, shown.rows, notes=rules.may(request.user, "write_note"))
    headers = {"Content-Disposition": f'attachment; filename="board-{cycle.code}.{kind}"'}
    content = table_files.write(kind, columns, lines)
    return HttpResponse(content, content_type=table_files.KINDS[kind], headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: SignedIn, code: str) -> HttpResponse:
    """Save the filters of the board as a view of the person's own, and delete views."""
    cycle = fetch_cycle(request, code, "see_board")
    query = board.read(cycle, request.GET.dict(), request.user).query
    form = ViewForm(request.POST if "save" in request.POST else None)
    if "delete" in request.POST:
        view = get_object_or_404(request.user.board_views, pk=forms.IntegerField().clean(request.POST["delete"]))
        following.delete_view(request.user, view)
        messages.success(request, _("The view “%s” is deleted.") % view)
        return redirect("cycle_board", code=code)
    if form.is_valid():
        try:
            view = following.save_view(request.user, name=form.cleaned_data["name"], query=query)
        except Invalid as problem:
            form.add_error("name", problem.sentence)
        else:
            messages.success(request, _("The view “%s” is saved. You find it above the board of each cycle.") % view)
            return redirect(f"{reverse('cycle_board', args=[code])}?{view.query}")
    own = BoardView.objects.filter(owner=request.user)
    context = {"cycle": cycle, "example": cycle.is_example, "form": form, "query": query, "views": own}
    return render(request, "scoreboard/cycles/views.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def country(request: SignedIn, code: str, iso2: str) -> HttpResponse:
    """Write the Secretariat's note on a country, and name its lead officer."""
    cycle = fetch_cycle(request, code, "write_note")
    found = cycle.submissions.select_related("country__lead", "cycle", "note_by")
    submission = get_object_or_404(found, country__iso2=iso2.upper())
    initial = {"note": submission.note, "lead": submission.country.lead, "seen": following.note_stamp(submission)}
    form = FollowingForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        try:
            following.write_note(submission, note=given["note"], seen=given["seen"], by=request.user)
            following.set_lead(submission.country, lead=given["lead"], by=request.user)
        except Stale as problem:  # the form continues with the note as it is now
            data = request.POST.copy()
            data["seen"] = following.note_stamp(problem.current)
            form.data = data
            form.add_error("note", problem.sentence)
        else:
            messages.success(request, _("Saved: %s.") % submission.country)
            return redirect("cycle_board", code=code)
    context = {"cycle": cycle, "example": cycle.is_example, "submission": submission, "form": form}
    return render(request, "scoreboard/cycles/country.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: SignedIn, code: str) -> HttpResponse:
    """Remind ticked countries, after showing each mail with its readers."""
    cycle = fetch_cycle(request, code, "send_mails")
    chosen = _chosen(request, cycle)
    form = ReminderNoteForm(_data(request) or {"comment": ""})

    def send(token: str) -> list[Letter]:
        return mailings.remind(
            cycle, chosen, by=request.user, comment=form.cleaned_data.get("comment", ""), token=token
        )

    return _mailing(request, cycle, chosen, form, send, heading=_("Remind countries"), button=_("Send these mails"))


@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: SignedIn, code: str) -> HttpResponse:
    """Send an announcement to ticked countries, after showing each mail with its readers."""
    cycle = fetch_cycle(request, code, "send_mails")
    chosen = _chosen(request, cycle)
    form = AnnouncementForm(_data(request))

    def send(token: str) -> list[Letter]:
        return mailings.announce(cycle, chosen, by=request.user, **form.cleaned_data, token=token)

    return _mailing(request, cycle, chosen, form, send, heading=_("Announce"), button=_("Send these mails"))


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: SignedIn, code: str) -> HttpResponse:
    """Give ticked countries a later last day, after showing each mail with its readers."""
    cycle = fetch_cycle(request, code, "extend")
    chosen = _chosen(request, cycle)
    form = ManyExtensionsForm(_data(request))

    def send(_token: str) -> list[Letter]:
        return mailings.extend(cycle, chosen, by=request.user, **form.cleaned_data)

    return _mailing(
        request, cycle, chosen, form, send, heading=_("Extend countries"), button=_("Extend and send these mails")
    )


def _data(request: SignedIn) -> QueryDict | None:
    """Return what was typed; None before anything was."""
    return request.POST if request.method == "POST" else None


def _chosen(request: SignedIn, cycle: Cycle) -> list[Submission]:
    """Return the ticked countries' submissions by name, or all that the board showed if none is ticked.

    Raises Invalid if that is none: a message to nobody.
    """
    sent = request.POST if request.method == "POST" else request.GET
    found = cycle.submissions.select_related("cycle__edition", "country")
    ticked = [one.upper() for one in sent.getlist("country")]
    if not ticked:
        shown = board.read(cycle, QueryDict(sent.get("shown", "")).dict(), request.user)
        ticked = [row.iso2 for row in shown.rows]
    chosen = sorted(found.filter(country__iso2__in=ticked), key=lambda one: alphabetical(one.country))
    if not chosen:
        raise Invalid(_("No country is chosen: nobody would get a mail. Tick countries on the board first."))
    return chosen


def _mailing(
    request: SignedIn,
    cycle: Cycle,
    chosen: list[Submission],
    form: Any,
    send: Callable[[str], list[Letter]],
    *,
    heading: str,
    button: str,
) -> HttpResponse:
    """Show the mails that would go out once the form is whole; send them when the person has seen them."""
    token = request.POST.get("token", "")[:32] or secrets.token_hex(8)
    letters: list[Letter] = []
    if form.is_valid():
        try:
            if "send" in request.POST:
                _say_sent(request, send(token))
                return redirect("cycle_board", code=cycle.code)
            letters = mailings.preview(lambda: send(token))
        except Invalid as problem:
            form.add_error(None, problem.sentence)
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "chosen": chosen,
        "form": form,
        "heading": heading,
        "button": button,
        "letters": letters,
        "mails": sum(len(letter.mails) for letter in letters),
        "broken": mailings.unreachable(letters),
        "token": token,
    }
    return render(request, "scoreboard/cycles/mailing.html", context)


def _say_sent(request: SignedIn, letters: list[Letter]) -> None:
    """Say how many mails were written and which countries got none."""
    n = sum(len(letter.mails) for letter in letters)
    messages.success(request, ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", n) % {"n": n})
    left = [f"{letter}: {letter.refusal}" for letter in letters if letter.refusal]
    if left:
        messages.warning(request, _("Without a mail: %s") % " ".join(left))
