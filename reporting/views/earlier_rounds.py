"""The page on which an import of earlier results is undone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reporting.assessments import undoing
from scoreboard import rules
from scoreboard.http import SignedIn, require_recent_sign_in
from scoreboard.models import ResultsImport


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedIn, pk: int) -> HttpResponse:
    """Undo a whole import, after a page that says what goes."""
    rules.require(request.user, "bring_in_results")
    require_recent_sign_in(request)
    imported = get_object_or_404(ResultsImport.objects.select_related("by", "undone_by"), pk=pk)
    if request.method == "POST":
        undoing.undo(imported, by=request.user)
        sentence = ngettext("%(n)d submission is taken back.", "%(n)d submissions are taken back.", imported.countries)
        messages.success(request, sentence % {"n": imported.countries})
        return redirect("earlier_rounds")
    submissions = imported.submissions.select_related("country", "cycle").order_by("cycle__opens", "country__iso3")
    context = {"imported": imported, "submissions": submissions, "obstacle": undoing.obstacle(imported)}
    return render(request, "reporting/earlier_rounds/undo.html", context)
