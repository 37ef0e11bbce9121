"""The pages of organisations' statements: the list, one statement, and what its organisation does with it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import phrases, rules
from scoreboard.errors import Invalid, Stale
from scoreboard.evidence import attaching
from scoreboard.forms.statements import DraftForm, StartForm, WithdrawalForm
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import Cycle, Role, Statement, StatementPiece, Submission
from scoreboard.models.people import organisations_of
from scoreboard.stakeholders import reading, writing
from scoreboard.text import number
from scoreboard.views.evidence import attach, served


@require_safe
def statement_list(request: SignedIn) -> HttpResponse:
    """List the statements that the person may see, those changed last first; observers begin new ones here."""
    found = Statement.objects.visible_to(request.user).with_subject()
    observes = organisations_of(request.user)
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "observes": observes,
        "is_officer": rules.may(request.user, "decide_on_statement"),
        "cycles": reading.open_cycles() if observes else [],
    }
    return render(request, "scoreboard/statements/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, code: str) -> HttpResponse:
    """Begin a statement: for which organisation, on which country, and on what of it."""
    opened = Cycle.objects.filter(opened_at__isnull=False).select_related("edition")
    cycle = get_object_or_404(opened, code=code)
    rules.require(request.user, "write_statement")
    writing.require_open(cycle)
    form = StartForm(request.POST if request.method == "POST" else None, cycle=cycle, user=request.user)
    if form.is_valid():
        if role := form.writes_for_country:
            return redirect("contribution_list" if role == Role.CONTRIBUTOR else "submission_list")
        submission: Submission = form.cleaned_data["country"]
        statement = writing.start(
            submission, form.organisation, area=form.area, indicator=form.indicator, by=request.user
        )
        return redirect("statement_edit", statement.pk)
    context = {"cycle": cycle, "form": form, "example": cycle.is_example}
    return render(request, "scoreboard/statements/new.html", context)


@require_safe
def statement(request: SignedIn, pk: int) -> HttpResponse:
    """Show one statement to who may read it, with what they can do about it."""
    return page(request, "statement", fetch(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Write the draft, which the organisation's observers share."""
    found = to_write(request, pk, "write_statement")
    writing.require_draft(found)
    form = DraftForm(request.POST if request.method == "POST" else None, statement=found)
    conflict = None
    if form.is_valid():
        values = {"level": None} | form.cleaned_data
        try:
            writing.save(found, **values, by=request.user)
        except Stale as problem:  # the form continues with the draft as it is now
            conflict = problem.current
            form = renewed(form, conflict, problem, statement=found)
        else:
            messages.success(request, _("The draft is saved. Nobody but your organisation sees it."))
            return redirect("statement", pk)
    return page(request, "edit", found, {"form": form, "conflict": conflict}, status=409 if conflict else 200)


def renewed(form: Any, current: Statement, problem: Stale, **options: Any) -> Any:
    """Return a form with what was typed, now for the `current` revision, which says what the `problem` is."""
    data = form.data.copy()
    data["seen"] = str(current.revision)
    again = type(form)(data, **options)
    again.add_error("text", problem.sentence)
    return again


@takes_files(attaching.MAX_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def pieces(request: SignedIn, pk: int) -> HttpResponse:
    """Show the files and links of a draft, and add some."""
    found = to_write(request, pk, "write_statement")
    writing.require_draft(found)
    errors: list[str] = []
    if request.method == "POST":
        add_file = partial(writing.add_file, found, by=request.user)
        errors, _notes = attach(request, add_file, partial(writing.add_link, found, by=request.user))
        if not errors:
            return redirect("statement_pieces", pk)
    context = {
        "errors": [{"text": sentence} for sentence in errors],
        "url": request.POST.get("url", "") if errors else "",
        "link_name": request.POST.get("name", "") if errors else "",
        "room": writing.left(found),
        "quota": settings.EVIDENCE_QUOTA,
        "most": writing.MAX_PIECES,
    }
    return page(request, "pieces", fetch(request, pk), context)


@require_safe
def piece(request: SignedIn, pk: int, piece: int) -> HttpResponseBase:
    """Serve a file of a statement to who may read it; pictures and PDFs may be shown in place."""
    return served(request, fetch(request, pk).pieces.filter(pk=piece).first())


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedIn, pk: int, piece: int) -> HttpResponse:
    """Ask whether to remove a file or link from a draft, and do it."""
    found = to_write(request, pk, "write_statement")
    writing.require_draft(found)
    one = get_object_or_404(StatementPiece.objects.select_related("statement"), statement=found, pk=piece)
    if request.method == "POST":
        writing.remove(one, by=request.user)
        messages.success(request, _("“%s” is removed.") % one.name)
        return redirect("statement_pieces", pk)
    return page(request, "remove", found, {"piece": one})


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: SignedIn, pk: int) -> HttpResponse:
    """Show once more what is filed and who will read it, then file it."""
    found = to_write(request, pk, "file_statement")
    writing.require_draft(found)
    problem = None
    if request.method == "POST":
        try:
            writing.file(found, seen=number(request.POST.get("seen", "")) or 0, by=request.user)
        except (Invalid, Stale) as refusal:
            problem = refusal.sentence
            found = fetch(request, pk)
        else:
            messages.success(
                request, _("The statement is filed. The Secretariat reads it, and you hear what it decides.")
            )
            return redirect("statement", pk)
    context = {"errors": [{"text": problem}] if problem else []}
    return page(request, "file", found, context, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to delete a draft, and do it."""
    found = to_write(request, pk, "write_statement")
    if request.method == "POST":
        writing.delete(found, by=request.user)
        messages.success(request, _("The draft is deleted."))
        return redirect("statement_list")
    writing.require_draft(found)
    return page(request, "delete", found)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw a filed statement with a reason."""
    found = to_write(request, pk, "withdraw_statement")
    writing.require_withdrawable(found)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        writing.withdraw(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The statement is withdrawn. It is not published."))
        return redirect("statement", pk)
    return page(request, "withdraw", found, {"form": form})


def fetch(request: SignedIn, pk: int) -> Statement:
    """Return the statement; 404 for who may not see it."""
    return get_object_or_404(Statement.objects.visible_to(request.user).with_content(), pk=pk)


def to_write(request: SignedIn, pk: int, act: str) -> Statement:
    """Return the statement if it is the person's to see (else 404) and their organisation's (else 403)."""
    found = fetch(request, pk)
    rules.require_observer(request.user, act, found.organisation)
    return found


def page(
    request: SignedIn, name: str, found: Statement, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of a statement with what all of them show."""
    submission = found.submission
    reader = reading.reader(found, request.user)
    shown = {
        "statement": found,
        "reader": reader,
        "submission": submission,
        "cycle": submission.cycle,
        "country": submission.country,
        "example": submission.cycle.is_example,
        "text_language": phrases.text_language(submission.cycle.edition),
    }
    return render(request, f"scoreboard/statements/{name}.html", (context or {}) | shown, status=status)
