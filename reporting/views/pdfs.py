"""Papers for one reader: the blank questionnaire, a country's own submission, a receipt, a chart as a picture."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from reporting.charts.svg import Chart
from reporting.models import Paper
from reporting.pdf import pictures, single
from scoreboard import access, schedule
from scoreboard.http import SignedIn
from scoreboard.models import Submission
from scoreboard.submissions import receipts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def give(request: HttpRequest, paper: Paper, name: str, *, to_read: bool = False) -> HttpResponse:
    """Give a paper as a file, or to read in the browser; until it is made, show its progress.

    That page comes back to the address by itself (without a script, by a header), and then gets the file.
    """
    content = single.wait(paper, again="again" in request.GET)
    if content is None:
        return _waiting(request, paper)
    return as_file(content, name, PDF, "inline" if to_read else "attachment")


def chart_file(request: HttpRequest, chart: Chart, name: str) -> HttpResponse:
    """Give a chart as SVG, or as PNG if its name says so: the worker makes that, and `give` says how it is shown."""
    if not name.endswith(".png"):
        return as_file(chart.encode(), name, "image/svg+xml")
    paper = single.picture(chart)
    content = single.wait(paper, again="again" in request.GET)
    if content is None:
        return _waiting(request, paper, is_picture=True)
    [picture] = pictures.of_pages(content, 2 * pictures.DOTS)
    return as_file(picture, name, "image/png", "inline")


def _waiting(request: HttpRequest, paper: Paper, *, is_picture: bool = False) -> HttpResponse:
    runs = schedule.is_alive(schedule.last_sign())
    query = request.GET.copy()
    query.pop("again", None)
    address = f"{request.path}?{query.urlencode(safe=',')}" if query else request.path
    context = {"paper": paper, "runs": runs, "failed": paper.state == Paper.State.FAILED, "is_picture": is_picture}
    context |= {"address": address, "again": f"{address}{'&' if query else '?'}again=1"}
    response = render(request, "reporting/pdfs/wait.html", context, status=202)
    if not context["failed"]:
        response["Refresh"] = f"{3 if runs else 15}; url={address}"
    return response


def as_file(content: bytes, name: str, kind: str, disposition: str = "attachment") -> HttpResponse:
    """Return bytes as a file called `name`; `kind` is its media type."""
    headers = {"Content-Disposition": content_disposition_header(disposition == "attachment", name) or ""}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
def submission_pdf(request: SignedIn, pk: int) -> HttpResponse:
    """Give the country's answers, marked as a draft until they are accepted."""
    submission = _readable(request, pk)
    return give(request, single.submission(submission), f"{_name(submission)}.pdf")


@require_safe
def submission_json(request: SignedIn, pk: int) -> HttpResponse:
    """Give the same answers as data."""
    submission = _readable(request, pk)
    response = JsonResponse(
        receipts.as_data(submission), json_dumps_params={"ensure_ascii": False, "indent": 1}, safe=True
    )
    response["Content-Disposition"] = f'attachment; filename="{_name(submission)}.json"'
    return response


@require_safe
def receipt_pdf(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Give the receipt of a version to keep."""
    submission = _submission(request, pk)
    version = get_object_or_404(submission.versions.visible_to(request.user).with_receipt(), number=number)
    return give(request, single.receipt(submission, version), f"{_name(submission)}-receipt-{number}.pdf")


def _submission(request: SignedIn, pk: int) -> Submission:
    visible = Submission.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("cycle__edition", "country", "accepted_version"), pk=pk)


def _readable(request: SignedIn, pk: int) -> Submission:
    """Return the submission if the person may read its current answers; else 404."""
    submission = _submission(request, pk)
    if not access.may_read(request.user, submission):
        raise Http404
    return submission


def _name(submission: Submission) -> str:
    return f"{submission.cycle.code}-{submission.country.iso3}".lower()
