"""The pages of what an officer enters on a country's behalf: where it comes from, with the scan of the paper."""

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import access
from scoreboard.errors import Invalid
from scoreboard.evidence import attaching, paper
from scoreboard.forms.review import SourceForm
from scoreboard.http import SignedIn, takes_files
from scoreboard.views.common import page, visible
from scoreboard.views.evidence import served


@takes_files(attaching.MAX_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: SignedIn, pk: int) -> HttpResponse:
    """Keep where the answers come from, and the scan of the paper."""
    submission = visible(request, pk)
    paper.require(submission, by=request.user)
    form = SourceForm(request.POST, request.FILES) if request.method == "POST" else SourceForm()
    if form.is_valid():
        scan: File[bytes] | None = form.cleaned_data["scan"]
        try:
            paper.add_source(submission, form.cleaned_data["note"], scan, by=request.user)
        except Invalid as problem:
            form.add_error("scan", problem.sentence)
        else:
            messages.success(request, _("The source is stored. The country’s focal points find it in the history."))
            return redirect("submission_history", pk)
    return page(request, "scoreboard/submissions/source.html", submission, {"form": form})


@require_safe
def scan(request: SignedIn, pk: int, source: int) -> HttpResponseBase:
    """Serve the scan of a paper to who may read what the country is writing, or what was handed in since."""
    submission = visible(request, pk)
    found = get_object_or_404(access.paper_sources(request.user, submission), pk=source)
    return served(request, found)
