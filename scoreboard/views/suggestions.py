"""The pages on which a contributor suggests rows of figures, files and links, and withdraws them."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import contributors
from scoreboard.data_tables import tables
from scoreboard.errors import Locked, NotNow
from scoreboard.evidence import attaching
from scoreboard.forms import data_tables
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import Assignment, Evidence, Indicator, Suggestion
from scoreboard.views.contributions import asked, closed_to, latest_of, page
from scoreboard.views.data_tables import pasted, table
from scoreboard.views.evidence import attach, is_by_script, served


@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Show the table that the person would fill in, and do what the pressed button says: more rows, paste, save."""
    part, indicator = asked(request, pk, code)
    if not hasattr(indicator, "data_form"):
        raise Http404
    current = _current(request, part, indicator)
    if request.method != "POST":
        rows, withheld = _figures(part, indicator, current)
        typed = [tables.row_as_typed(indicator.data_form, row) for row in rows]
        return _table(request, part, indicator, {"typed": typed, "withheld": withheld})
    if "check" in request.POST:
        return JsonResponse(data_tables.checked(indicator.data_form, request.POST, part.submission.cycle))
    rows = data_tables.posted_rows(request.POST)
    if "paste" in request.POST:
        return _table(request, part, indicator, pasted(request.POST, indicator, rows))
    if "add" in request.POST:
        return _table(request, part, indicator, {"typed": rows, "spare": data_tables.SPARE})
    return _save(request, part, indicator, rows)


def _save(request: SignedIn, part: Assignment, indicator: Indicator, rows: list[data_tables.CellText]) -> HttpResponse:
    read = tables.read_rows(indicator.data_form, rows)
    if read.faults:
        return _table(request, part, indicator, {"typed": rows, "faults": read.faults})
    withheld = "withheld" in request.POST
    try:
        contributors.suggest_figures(part, indicator.code, read.rows, withheld=withheld, by=request.user)
    except (Locked, NotNow) as refusal:  # what was typed stays on the page
        return _table(request, part, indicator, {"typed": rows, "problem": refusal}, status=409)
    sentence = ngettext("You suggest a table with %(n)s row.", "You suggest a table with %(n)s rows.", len(read.rows))
    messages.success(request, sentence % {"n": len(read.rows)})
    return redirect("contribution_indicator", part.pk, indicator.code)


@takes_files(attaching.MAX_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Show the files and links that the person suggests, and take more."""
    part, indicator = asked(request, pk, code)
    if request.method != "POST":
        return _pieces(request, part, indicator, [])
    errors, notes = attach(
        request,
        partial(contributors.suggest_file, part, code, by=request.user),
        partial(contributors.suggest_link, part, code, by=request.user),
    )
    if is_by_script(request):
        return _pieces(request, part, indicator, errors + notes, own_page="in-answer" not in request.GET)
    if errors:
        return _pieces(request, part, indicator, errors)
    return redirect("contribution_evidence", pk, code)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedIn, pk: int, code: str, piece: int) -> HttpResponse:
    """Ask whether to withdraw a file or link, and do it."""
    part, indicator = asked(request, pk, code)
    found = get_object_or_404(_own(request, part, indicator).filter(suggestion__decision=""), pk=piece)
    if request.method == "POST":
        contributors.take_back(part, found, by=request.user)
        messages.success(request, _("“%s” is removed.") % found.name)
        return redirect("contribution_evidence", pk, code)
    context = {"indicator": indicator, "piece": found, "back": _back(part, indicator)}
    return page(request, "scoreboard/evidence/remove.html", part, context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Ask whether to withdraw all that the person suggests for an indicator, and do it."""
    part, indicator = asked(request, pk, code)
    if request.method == "POST":
        contributors.withdraw(part, code, by=request.user)
        messages.success(request, _("You suggest nothing for %s now.") % indicator.label)
        return redirect("contribution", pk)
    if _current(request, part, indicator) is None:
        return redirect("contribution_indicator", pk, code)
    return page(request, "scoreboard/contributions/withdraw.html", part, {"indicator": indicator})


@require_safe
def file(request: SignedIn, pk: int, piece: int) -> HttpResponseBase:
    """Serve a file that the person suggested for this part."""
    part = get_object_or_404(contributors.own_part(request.user), pk=pk)
    own = Evidence.objects.filter(suggestion__submission=part.submission_id, suggestion__author=request.user)
    return served(request, own.filter(suggestion__indicator__in=part.indicators.all(), pk=piece).first())


def _back(part: Assignment, indicator: Indicator) -> str:
    return reverse("contribution_indicator", args=[part.pk, indicator.code])


def _own(request: SignedIn, part: Assignment, indicator: Indicator) -> Any:
    own = Evidence.objects.present().filter(suggestion__author=request.user, suggestion__indicator=indicator)
    return own.filter(suggestion__submission=part.submission_id)


def _current(request: SignedIn, part: Assignment, indicator: Indicator) -> Suggestion | None:
    latest = latest_of(request, part, indicator)
    return latest if latest and not latest.decision else None


def _figures(part: Assignment, indicator: Indicator, current: Suggestion | None) -> tuple[list[tables.Row], bool]:
    """Return the rows to begin with: what the person suggests, else those of the answer, which they would replace."""
    if current and current.figures:
        return current.figures, current.figures_withheld
    answer = None if closed_to(part) else part.submission.answers.filter(indicator=indicator).first()
    return (answer.figures, answer.figures_withheld) if answer else ([], False)


def _table(
    request: SignedIn, part: Assignment, indicator: Indicator, shown: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render the page with what is `shown` of the table."""
    context = table(indicator, shown, part.submission.cycle) | {
        "answer": None,
        "typed_in_vain": request.method == "POST",
        "back": _back(part, indicator),
        "withheld": shown.get("withheld", "withheld" in request.POST),
    }
    return page(request, "scoreboard/data_tables/edit.html", part, context, status)


def _pieces(
    request: SignedIn, part: Assignment, indicator: Indicator, errors: list[str], *, own_page: bool = True
) -> HttpResponse:
    context = {
        "indicator": indicator,
        "current_suggestion": _current(request, part, indicator),
        "errors": [{"text": sentence} for sentence in errors],
        "url": request.POST.get("url", "") if errors else "",
        "link_name": request.POST.get("name", "") if errors else "",
        "own_page": own_page,
        "in_place": is_by_script(request),
        "back": _back(part, indicator),
    }
    template = f"scoreboard/evidence/{'_list' if is_by_script(request) else 'evidence'}.html"
    return page(request, template, part, context, status=409 if errors and closed_to(part) else 200)
