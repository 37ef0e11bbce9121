"""The page of an indicator's table of figures: typed, pasted from a spreadsheet, checked and saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from scoreboard.data_tables import tables
from scoreboard.data_tables.cells import Kind, cell_text
from scoreboard.errors import DomainError, Invalid, Locked, NotNow, Stale
from scoreboard.forms import data_tables
from scoreboard.http import SignedIn
from scoreboard.models import Answer, Cycle, Indicator, Submission
from scoreboard.questionnaire import species
from scoreboard.submissions import answering, previous_cycle, returns
from scoreboard.text import stripped
from scoreboard.views.common import closed_to, page, readable


@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Show an indicator's table of figures, and do what the pressed button says: more rows, paste, save.

    A page that is being filled in asks for its sums and for what is doubtful.
    """
    submission, indicator = _asked(request, pk, code)
    answer = submission.answers.filter(indicator=indicator).select_related("level", "changed_by").first()
    stored = answer.figures if answer else []
    if request.method != "POST":
        typed = [tables.row_as_typed(indicator.data_form, row) for row in stored]
        return _page(request, submission, indicator, answer, {"typed": typed})
    if "check" in request.POST:
        return JsonResponse(data_tables.checked(indicator.data_form, request.POST, submission.cycle))
    rows = data_tables.posted_rows(request.POST)
    if "paste" in request.POST:
        return _page(request, submission, indicator, answer, pasted(request.POST, indicator, rows))
    if "add" in request.POST:
        shown = {"typed": rows, "spare": data_tables.SPARE}
        return _page(request, submission, indicator, answer, shown)
    return _save(request, submission, indicator, answer, rows)


def _save(
    request: SignedIn,
    submission: Submission,
    indicator: Indicator,
    answer: Answer | None,
    rows: list[data_tables.CellText],
) -> HttpResponse:
    read = tables.read_rows(indicator.data_form, rows)
    if read.faults:
        return _page(request, submission, indicator, answer, {"typed": rows, "faults": read.faults})
    text = request.POST.get("seen", "")
    seen = data_tables.seen_revision(answer, int(text) if text.isdecimal() and len(text) < 10 else 0)
    why, withheld = stripped(request.POST.get("why", "")), "withheld" in request.POST
    given = data_tables.with_figures(answer, read.rows, withheld=withheld, why=why)
    try:
        outcome = answering.save_answers(
            submission, {indicator.code: given}, by=request.user, seen={indicator.code: seen}
        )
    except (Locked, NotNow) as refusal:
        return _page(request, submission, indicator, answer, {"typed": rows, "problem": refusal}, status=409)
    if problem := outcome.problems.get(indicator.code):
        if isinstance(problem, Stale):
            answer = problem.current
        return _page(request, submission, indicator, answer, {"typed": rows, "problem": problem})
    messages.success(request, _sentence(outcome, len(read.rows)))
    return redirect("submission_figures", submission.pk, indicator.code)


def _sentence(outcome: answering.Outcome, n: int) -> str:
    if not outcome.saved:
        return _("Nothing has changed since the last save.")
    return ngettext("The table is saved with %(n)s row.", "The table is saved with %(n)s rows.", n) % {"n": n}


def pasted(data: QueryDict, indicator: Indicator, rows: list[data_tables.CellText]) -> dict[str, Any]:
    """Return what the page shows after pasting: the rows as they would be saved, to be checked first."""
    try:
        new, notes = data_tables.pasted_rows(indicator.data_form, data.get("pasted", ""))
    except Invalid as problem:
        return {"typed": rows, "problem": problem, "pasted": data.get("pasted", "")}
    typed = [*data_tables.without_empty(rows), *new]
    read = tables.read_rows(indicator.data_form, typed)
    note = ngettext("%(n)s row is read but not saved yet.", "%(n)s rows are read but not saved yet.", len(new))
    note = note % {"n": len(new)} + " " + _("Look at the table, correct what is marked, then save.")
    return {"typed": typed, "faults": read.faults, "notes": [note, *notes], "spare": 0}


def _asked(request: SignedIn, pk: int, code: str) -> tuple[Submission, Indicator]:
    """Return the submission if it is the person's to see, and its indicator if that has a data form; else 404."""
    submission = readable(request, pk)
    indicators = Indicator.objects.filter(edition=submission.cycle.edition, data_form__isnull=False)
    return submission, get_object_or_404(indicators.select_related("area", "data_form"), code=code)


def _page(
    request: SignedIn,
    submission: Submission,
    indicator: Indicator,
    answer: Answer | None,
    shown: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the page with what is `shown` of the table."""
    reader = _("You can read these figures. The country’s focal points and the Secretariat write them.")
    context = table(indicator, shown, submission.cycle) | {
        "answer": answer,
        "conflict": isinstance(shown.get("problem"), Stale),
        "typed_in_vain": status == 409,
        "why": request.POST.get("why", ""),
        "withheld": "withheld" in request.POST
        if request.method == "POST"
        else bool(answer and answer.figures_withheld),
        "returned": indicator.pk in returns.needing_reason(submission),
        "closed": closed_to(request, submission, reader),
        "back": reverse("submission_area", args=[submission.pk, indicator.area.code]) + f"#i{indicator.code}",
        "last": previous_cycle.of(submission).get(indicator.code),
    }
    return page(request, "scoreboard/data_tables/edit.html", submission, context, status)


def table(indicator: Indicator, shown: dict[str, Any], cycle: Cycle) -> dict[str, Any]:
    """Return the context of the form: `typed` rows with their sums, `faults`, and the `problem` of the whole."""
    form, typed, faults = indicator.data_form, shown["typed"], shown.get("faults", [])
    read = tables.read_rows(form, typed)
    doubts = tables.doubts_by_row(form, read.rows, read.numbers, cycle)
    spare = shown.get("spare", 0 if typed else data_tables.SPARE)
    sums = tables.totals(form.all_columns, read.rows, form.checks)
    return {
        "indicator": indicator,
        "table": form,
        "lines": data_tables.lines(form, typed, faults, spare, doubts),
        "sums": [(column, cell_text(column, sums.get(column.code))) for column in form.all_columns],
        "species": species.all_species() if any(c.kind == Kind.SPECIES for c in form.all_columns) else [],
        "doubts": doubts,
        "errors": _errors(faults, shown.get("problem")),
        "notes": shown.get("notes", []),
        "pasted": shown.get("pasted", ""),
        "most": tables.MAX_ROWS,
    }


def _errors(faults: list[tables.Fault], problem: DomainError | None) -> list[dict[str, str]]:
    """Return what is wrong with the cells and the whole, for the error summary."""
    errors = [{"href": f"#r{fault.row}-{fault.column}", "text": fault.sentence} for fault in faults[:20]]
    return [{"text": problem.sentence}, *errors] if problem else errors
