"""The pages of the workbook: download it, upload it again, see each difference, and save what is ticked."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from scoreboard import access
from scoreboard.errors import Invalid
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import Origin, Submission
from scoreboard.submissions import answering
from scoreboard.submissions.answering import Outcome
from scoreboard.text import stripped
from scoreboard.views.common import page, readable, visible
from scoreboard.workbook import differences, reading, writing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def workbook(request: SignedIn, pk: int) -> HttpResponse:
    """Explain the workbook; offer it in each language, and the upload to who may write."""
    return _page(request, readable(request, pk))


@require_safe
def file(request: SignedIn, pk: int) -> HttpResponse:
    """Return the submission as a workbook in the language of the request."""
    submission = readable(request, pk)
    edition = submission.cycle.edition
    language = request.GET.get("language", edition.languages[0])
    if language not in edition.languages:
        raise Http404
    name = f"{submission.cycle.code}-{submission.country.iso3}-{language}.xlsx".lower()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(writing.write(submission, language), content_type=XLSX, headers=headers)


@takes_files(5 * reading.MAX_SIZE)  # so that somewhat too large a file gets the sentence of its own
@require_POST
def upload(request: SignedIn, pk: int) -> HttpResponse:
    """Read an uploaded workbook, and show what it would change; nothing is written yet."""
    submission = _writable(request, pk)
    if (uploaded := request.FILES.get("file")) is None:
        return _page(request, submission, _("Choose the file first."))
    try:
        found = differences.compare(submission, reading.read_workbook(uploaded, submission))
    except Invalid as refusal:
        return _page(request, submission, refusal.sentence)
    context = {"found": found, "file_name": uploaded.name}
    return page(request, "scoreboard/workbook/differences.html", submission, context)


@require_POST
def take(request: SignedIn, pk: int) -> HttpResponse:
    """Write the ticked answers of the file, but none that has changed since it was shown."""
    submission = _writable(request, pk)
    found, seen = differences.signed_answers(submission, request.POST.get("kept", ""))
    values = {
        code: replace(found[code], why=stripped(request.POST.get(f"i{code}-why", "")))
        for code in request.POST.getlist("take")
        if code in found
    }
    outcome = answering.save_answers(submission, values, by=request.user, seen=seen, origin=Origin.WORKBOOK)
    _report(request, outcome)
    return redirect("submission_workbook" if outcome.problems or not values else "submission", pk)


def _writable(request: SignedIn, pk: int) -> Submission:
    submission = visible(request, pk)
    access.require_writing(submission, by=request.user)
    return submission


def _report(request: SignedIn, outcome: Outcome) -> None:
    for problem in outcome.problems.values():
        messages.error(request, f"{problem.sentence} {_('Upload the file again to compare.')}")
    n = len(outcome.saved)
    if n:
        sentence = ngettext("%(n)d answer of the file is taken over.", "%(n)d answers of the file are taken over.", n)
        messages.success(request, sentence % {"n": n})
    elif not outcome.problems:
        messages.info(request, _("Nothing of the file was taken over."))


def _page(request: SignedIn, submission: Submission, refusal: str = "") -> HttpResponse:
    context = {
        "languages": writing.languages(submission.cycle.edition),
        "most": reading.MAX_SIZE,
        "refusal": refusal,
        "errors": [{"href": "#file", "text": refusal}] if refusal else [],
    }
    return page(request, "scoreboard/workbook/workbook.html", submission, context)
