"""Reports of the time: the officers' page of a round's, and the file as everybody may read it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reporting.assessments import earlier_reports
from reporting.forms import EarlierReportForm
from reporting.models import EarlierReport
from scoreboard import rules, stored_files
from scoreboard.errors import Invalid
from scoreboard.evidence.attaching import MAX_BYTES
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import Cycle

# A stored file can do nothing on its own: no script, no request, no form, no origin.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@takes_files(MAX_BYTES + 1_000_000)
@require_http_methods(["GET", "HEAD", "POST"])
def earlier_report_list(request: SignedIn, code: str) -> HttpResponse:
    """List the reports of the time of an earlier round, and add a PDF or a link."""
    cycle = _cycle(request, code)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EarlierReportForm(*sent)
    if form.is_valid():
        try:
            _add(cycle, form.cleaned_data, request)
        except Invalid as problem:
            form.add_error("file" if form.cleaned_data["file"] else "url", problem.sentence)
        else:
            messages.success(request, _("The report is added. It is shown once an assessment of the round is."))
            return redirect("earlier_report_list", code)
    context = {"cycle": cycle, "example": cycle.is_example, "form": form, "reports": cycle.earlier_reports.all()}
    return render(request, "reporting/earlier_reports/list.html", context)


def _add(cycle: Cycle, given: dict[str, Any], request: SignedIn) -> EarlierReport:
    if given["file"]:
        return earlier_reports.add_file(cycle, given["title"], given["file"], by=request.user)
    return earlier_reports.add_link(cycle, given["title"], given["url"], by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def earlier_report_remove(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Ask whether to remove a report of the time, and do it."""
    cycle = _cycle(request, code)
    report = get_object_or_404(cycle.earlier_reports, pk=pk)
    if request.method == "POST":
        earlier_reports.remove(report, by=request.user)
        messages.success(request, _("“%s” is removed.") % report)
        return redirect("earlier_report_list", code)
    context = {"cycle": cycle, "example": cycle.is_example, "report": report}
    return render(request, "reporting/earlier_reports/remove.html", context)


@login_not_required
@require_safe
def earlier_report_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the PDF of a report of the time, so that it can do no harm; 404 for a link and to whom it is not shown."""
    report = get_object_or_404(EarlierReport.objects.visible_to(request.user), pk=pk)
    if not report.file:
        raise Http404
    stored_files.require_unchanged(report.file, report.sha256, f"“{report.name}”")
    return FileResponse(report.file.open("rb"), filename=report.name, content_type="application/pdf", headers=HEADERS)


def _cycle(request: SignedIn, code: str) -> Cycle:
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user), code=code)
    rules.require(request.user, "attach_report")
    earlier_reports.require_earlier_round(cycle)
    return cycle
