"""The pages on which a plan begins: from the country's answers, from the plan before; and its actions by a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import phrases, rules, spreadsheets, table_files
from scoreboard.errors import Invalid, NotNow
from scoreboard.forms.plans import CopyForm, SkeletonForm
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import ActionPlan
from scoreboard.plans import copying, exchange, reading, skeleton
from scoreboard.views.plans import fetch, own_country, page, sees_all, to_write


@require_http_methods(["GET", "HEAD", "POST"])
def from_answers(request: SignedIn, code: str) -> HttpResponse:
    """Show what is below the top of its ladder in the country's answers, and begin a plan with what is ticked."""
    country, moved = own_country(request, code)
    if moved:
        return moved
    found = skeleton.of(country)
    codes = [gap.indicator.code for gap in found.gaps] if found else []
    form = SkeletonForm(request.POST if request.method == "POST" else None, codes=codes)
    if form.is_valid():
        given = form.cleaned_data
        try:
            plan = skeleton.begin(
                country, given["indicators"], title=given["title"], kind=given["kind"], by=request.user
            )
        except (Invalid, NotNow) as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("The plan has begun. Say of each action who leads and until when."))
            return redirect("plan", plan.pk)
    context = {
        "country": country,
        "found": found,
        "form": form,
        "ticked": request.POST.getlist("indicators") if request.method == "POST" else codes,
        "example": bool(found and found.submission.cycle.is_example),
        "text_language": phrases.text_language(found.submission.cycle.edition) if found else "",
    }
    return render(request, "scoreboard/plans/skeleton.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: SignedIn, pk: int) -> HttpResponse:
    """Begin the next plan with what is still open of this one."""
    plan = to_write(request, pk)
    form = CopyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            new = copying.copy_forward(plan, **form.cleaned_data, by=request.user)
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("The next plan has begun with what was open."))
            return redirect("plan", new.pk)
    open_count = sum(action.is_open for action in plan.actions.all())
    return page(request, "copy", plan, {"form": form, "open_count": open_count})


@require_safe
def workbook(request: SignedIn, pk: int) -> HttpResponse:
    """Return the actions of a plan as a workbook, to those who read all of it."""
    plan = fetch(request, pk)
    if not sees_all(request.user):
        rules.require_for(request.user, "write_plan", plan.country)
    content = table_files.write("xlsx", exchange.columns(), exchange.rows(plan))
    headers = {"Content-Disposition": f'attachment; filename="plan-{plan.pk}.xlsx"'}
    return HttpResponse(content, content_type=table_files.KINDS["xlsx"], headers=headers)


@takes_files(5 * spreadsheets.MAX_SIZE)  # so that somewhat too large a file gets the sentence of its own
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedIn, pk: int) -> HttpResponse:
    """Offer the workbook, and show what an uploaded one would change; nothing is written yet."""
    plan = to_write(request, pk)
    if request.method != "POST":
        return _upload_page(request, plan)
    if (uploaded := request.FILES.get("file")) is None:
        return _upload_page(request, plan, _("Choose the file first."))
    try:
        found = exchange.compare(plan, uploaded.read(spreadsheets.MAX_SIZE + 1), uploaded.name or "")
    except Invalid as refusal:
        return _upload_page(request, plan, refusal.sentence)
    return page(request, "differences", plan, {"found": found, "file_name": uploaded.name})


@require_POST
def take(request: SignedIn, pk: int) -> HttpResponse:
    """Write the ticked actions of the file, but none that has changed since it was shown."""
    plan = to_write(request, pk)
    try:
        n, refused = exchange.take(plan, request.POST.get("kept", ""), request.POST.getlist("take"), by=request.user)
    except Invalid as refusal:
        return _upload_page(request, plan, refusal.sentence)
    for sentence in refused:
        messages.error(request, f"{sentence} {_('Upload the file again to compare.')}")
    if n:
        said = ngettext("%(n)d action of the file is taken over.", "%(n)d actions of the file are taken over.", n)
        messages.success(request, said % {"n": n})
    elif not refused:
        messages.info(request, _("Nothing of the file was taken over."))
    return redirect("plan", pk)


def _upload_page(request: SignedIn, plan: ActionPlan, refusal: str = "") -> HttpResponse:
    context: dict[str, Any] = {"errors": [{"href": "#file", "text": refusal}] if refusal else [], "refusal": refusal}
    return page(request, "upload", plan, context | {"codes": list(reading.indicators(plan))})
