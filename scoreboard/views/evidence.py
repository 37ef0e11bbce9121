"""The pages of evidence: attach files and links to an answer, remove them, and download them."""

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import access, activity, locking, rules, stored_files
from scoreboard.activity import Verb
from scoreboard.errors import DomainError
from scoreboard.evidence import attaching
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import (
    Evidence,
    Indicator,
    PaperSource,
    PaperVersion,
    PlanPiece,
    ResourceFile,
    StatementPiece,
    Submission,
)
from scoreboard.views.common import closed_to, page, readable, visible

# A stored file can do nothing on its own: no script, no request, no form, no origin.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@takes_files(attaching.MAX_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Show the evidence of an answer, and attach files and a link."""
    submission, indicator = _asked(request, pk, code)
    if request.method != "POST":
        return _page(request, submission, indicator)
    errors, notes = attach(
        request,
        partial(attaching.add_file, submission, indicator.code, by=request.user),
        partial(attaching.add_link, submission, indicator.code, by=request.user),
    )
    if is_by_script(request):
        own_page = "in-answer" not in request.GET
        return _page(request, submission, indicator, errors + notes, "_list", in_place=True, own_page=own_page)
    if errors:
        return _page(request, submission, indicator, errors)
    return redirect("submission_evidence", pk, code)


def attach(
    request: SignedIn,
    add_file: Callable[[File], Evidence | PlanPiece | StatementPiece],
    add_link: Callable[[str, str], Evidence | PlanPiece | StatementPiece],
) -> tuple[list[str], list[str]]:
    """Attach what was sent and say how many that were; return why others were not added, and which were renamed."""
    added, errors, notes = 0, [], []
    files, url = request.FILES.getlist("files"), request.POST.get("url", "").strip()
    acts = [(file.name or "", partial(add_file, file)) for file in files]
    if url:
        acts.append((url, partial(add_link, url, request.POST.get("name", ""))))
    for given, act in acts:
        try:
            piece = act()
            added += 1
            notes += _renamed(given, piece)
        except DomainError as problem:
            errors.append(problem.sentence)
    if added and not is_by_script(request):
        sentence = ngettext("%(n)d file or link added.", "%(n)d files and links added.", added)
        messages.success(request, " ".join([sentence % {"n": added}, *notes]))
    return errors if acts else [_("Choose a file, or give the address of a page.")], notes


def _renamed(given: str, piece: Evidence | PlanPiece | StatementPiece) -> list[str]:
    """Return a sentence if a file or an address is stored under another name than it was sent with."""
    stored = piece.url or piece.name
    if unicodedata.normalize("NFC", given) == stored:
        return []
    if piece.url:
        return [_("The address is kept as “%s”.") % stored]
    return [_("“%(given)s” is kept as “%(kept)s”.") % {"given": attaching.clean_name(given), "kept": stored}]


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedIn, pk: int, code: str, piece: int) -> HttpResponse:
    """Ask whether to remove a file or link from an answer, and do it."""
    submission, indicator = _asked(request, pk, code)
    present = Evidence.objects.present().filter(answer__submission=submission, answer__indicator=indicator)
    found = get_object_or_404(present.select_related("answer__submission"), pk=piece)
    if request.method == "POST":
        attaching.remove(found, by=request.user)
        messages.success(request, _("“%s” is removed.") % found.name)
        return redirect("submission_evidence", pk, code)
    rules.require(request.user, "write", submission)
    locking.require(submission)
    return _page(request, submission, indicator, name="remove", piece=found)


@require_POST
def keep(request: SignedIn, pk: int, code: str, piece: int) -> HttpResponse:
    """Attach a piece of last time's evidence to the answer again."""
    submission, indicator = _asked(request, pk, code)
    attaching.carry_over(submission, indicator.code, piece, by=request.user)
    if is_by_script(request):
        return _page(request, submission, indicator, name="_list", own_page=False)
    messages.success(request, _("The evidence of last time is attached to %s again.") % indicator.label)
    return redirect(_back(submission, indicator))


@require_safe
def file(request: SignedIn, pk: int, piece: int) -> HttpResponseBase:
    """Serve a stored file to who may read the submission's evidence; pictures and PDFs may be shown in place."""
    submission = visible(request, pk)
    return served(request, access.pieces(request.user, submission).filter(pk=piece).first())


def served(
    request: SignedIn, found: Evidence | PaperSource | PaperVersion | PlanPiece | StatementPiece | None
) -> HttpResponseBase:
    """Serve a stored file so that it can do no harm; 404 for a link, and for None.

    Raises NotNow if the stored file is missing, cannot be read, or is no longer the one that was uploaded.
    """
    if found is None or not found.file:
        raise Http404
    stored_files.require_unchanged(found.file, found.sha256, f"“{found.name}”")
    if request.user.is_authenticated:  # a published paper is read without an account too
        _record_download(request, found)
    return harmless(found, in_place=found.is_shown_in_place and "download" not in request.GET)


def harmless(
    found: Evidence | PaperSource | PaperVersion | PlanPiece | StatementPiece | ResourceFile, *, in_place: bool
) -> HttpResponseBase:
    """Return a stored file, which is unchanged, as a response that can do no harm: shown in place or a download."""
    response = FileResponse(
        found.file.open("rb"), as_attachment=not in_place, filename=found.name, content_type=found.content_type
    )
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _record_download(
    request: SignedIn, found: Evidence | PaperSource | PaperVersion | PlanPiece | StatementPiece
) -> None:
    """Enter who downloaded a file: evidence of an answer, a scan, a paper of a space, a file of a statement or plan.

    Of the draft of a statement the entry does not say on which country it is.
    """
    if isinstance(found, PaperVersion):
        activity.record(Verb.DOWNLOAD_PAPER, by=request.user, detail=f"{found.paper_id}, {found.number}")
        return
    if isinstance(found, StatementPiece):
        statement, detail = found.statement, f"statement {found.statement_id}, {found.pk}"
        filed = {"submission": statement.submission} if statement.filed_at else {"cycle": statement.submission.cycle}
        activity.record(Verb.DOWNLOAD_EVIDENCE, by=request.user, **filed, detail=detail)
        return
    if isinstance(found, PlanPiece):
        detail = f"plan {found.plan_id}, {found.pk}"
        activity.record(Verb.DOWNLOAD_EVIDENCE, by=request.user, country=found.plan.country, detail=detail)
        return
    about = found if isinstance(found, PaperSource) else found.answer or found.suggestion
    if about is None:
        return
    which = "scan" if isinstance(about, PaperSource) else about.indicator.code
    detail = f"{which}, {found.pk}"
    activity.record(Verb.DOWNLOAD_EVIDENCE, by=request.user, submission=about.submission, detail=detail)


def is_by_script(request: SignedIn) -> bool:
    """Return whether evidence.js asks, which replaces the answer's list."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _back(submission: Submission, indicator: Indicator) -> str:
    return reverse("submission_area", args=[submission.pk, indicator.area.code]) + f"#i{indicator.code}"


def _asked(request: SignedIn, pk: int, code: str) -> tuple[Submission, Indicator]:
    submission = readable(request, pk)
    indicators = Indicator.objects.filter(edition=submission.cycle.edition).select_related("area")
    return submission, get_object_or_404(indicators, code=code)


def _page(
    request: SignedIn,
    submission: Submission,
    indicator: Indicator,
    errors: list[str] | None = None,
    name: str = "evidence",
    **more: Any,
) -> HttpResponse:
    reader = _("You can read this evidence. The country’s focal points and the Secretariat attach it.")
    closed = closed_to(request, submission, reader)
    context = {
        "indicator": indicator,
        "errors": [{"text": sentence} for sentence in errors or []],
        "url": request.POST.get("url", "") if errors else "",
        "link_name": request.POST.get("name", "") if errors else "",
        "closed": closed,
        "may_write": not closed,
        "own_page": True,
        "back": _back(submission, indicator),
    }
    status = 409 if errors and closed else 200
    return page(request, f"scoreboard/evidence/{name}.html", submission, context | more, status)
