"""The pages of editions: reading as a country sees them, comparing, duplicating, editing texts, importing."""

import json
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import phrases, rules
from scoreboard.errors import Stale
from scoreboard.forms.editions import DuplicateForm, ImportForm, TextsForm
from scoreboard.http import SignedIn, download
from scoreboard.models import Cycle, Edition
from scoreboard.questionnaire import editing, importing
from scoreboard.questionnaire import file as edition_file
from scoreboard.questionnaire.file import EditionError


@require_safe
def edition_list(request: SignedIn) -> HttpResponse:
    """List the editions, the newest first."""
    rules.require(request.user, "manage_editions")
    here = Q(cycles__in=Cycle.objects.all())
    found = Edition.objects.annotate(uses=Count("cycles", filter=here, distinct=True)).order_by("-year", "code")
    return render(request, "scoreboard/editions/list.html", {"editions": found})


def _fetch(request: SignedIn, code: str) -> Edition:
    rules.require(request.user, "manage_editions")
    return get_object_or_404(Edition, code=code)


@require_safe
def edition(request: SignedIn, code: str) -> HttpResponse:
    """Show an edition as a country's focal point reads it, with what can be done with it."""
    found = _fetch(request, code)
    context = {
        "edition": found,
        "text_language": phrases.text_language(found),
        "faults": editing.faults(found),
        "uses": list(Cycle.objects.filter(edition=found)),
        "others": Edition.objects.exclude(pk=found.pk),
        "changes": found.changes.select_related("by")[:20],
    }
    return render(request, "scoreboard/editions/edition.html", context)


@require_safe
def compare(request: SignedIn, code: str, other: str) -> HttpResponse:
    """Show two editions indicator by indicator."""
    old, new = _fetch(request, code), _fetch(request, other)
    context: dict[str, Any] = {"old": old, "new": new, "compared": editing.compare(old, new)}
    context["text_language"] = phrases.text_language(new)
    return render(request, "scoreboard/editions/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: SignedIn, code: str) -> HttpResponse:
    """Make a new edition with the same questions."""
    found = _fetch(request, code)
    form = DuplicateForm(request.POST if request.method == "POST" else None, initial={"year": found.year + 1})
    if form.is_valid():
        try:
            made = editing.duplicate(found, **form.cleaned_data, by=request.user)
        except EditionError as error:
            form.add_error(None, list(error.problems))
        else:
            messages.success(request, _("The draft is made. No cycle uses it yet, so all of it can change."))
            return redirect("edition", made.code)
    return render(request, "scoreboard/editions/duplicate.html", {"edition": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: SignedIn, code: str, area: str = "") -> HttpResponse:
    """Edit the texts of an area, or those of the whole edition."""
    found = _fetch(request, code)
    parts = editing.parts(found, area)
    if not parts:
        raise Http404
    form = TextsForm(request.POST if request.method == "POST" else None, edition=found, parts=parts)
    if form.is_valid():
        try:
            changes = editing.reword(found, form.words, by=request.user, seen=form.cleaned_data["seen"])
        except EditionError as error:
            form.add_error(None, list(error.problems))
        except Stale as problem:  # the form continues with the edition as it is now
            form.data = request.POST.copy() | {"seen": str(problem.current.stamp)}
            form.add_error(None, problem.sentence)
        else:
            count = len(changes)
            messages.success(request, ngettext("%d text is changed.", "%d texts are changed.", count) % count)
            return redirect("edition", code)
    context = {"edition": found, "area": area, "form": form}
    return render(request, "scoreboard/editions/texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedIn, code: str) -> HttpResponse:
    """Declare the wording final, after a page that says what that means."""
    found = _fetch(request, code)
    if request.method == "POST":
        editing.close(found, by=request.user)
        messages.success(request, _("The wording of %s is final.") % found)
        return redirect("edition", code)
    return render(request, "scoreboard/editions/close.html", {"edition": found})


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: SignedIn) -> HttpResponse:
    """Preview what a file would change, and import it once that is confirmed."""
    rules.require(request.user, "manage_editions")
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        document, (found, changes) = form.cleaned_data["document"], form.cleaned_data["preview"]
        if "confirm" in request.POST:
            stored, _changes = importing.import_edition(document, by=request.user)
            messages.success(request, _("The edition “%s” is imported.") % stored)
            return redirect("edition", stored.code)
        context |= {"document": document, "edition": found, "changes": [change.texts() for change in changes]}
        context |= {"text": json.dumps(document), "doubts": importing.doubts(document)}
    return render(request, "scoreboard/editions/import.html", context)


@require_safe
def export(request: SignedIn, code: str) -> HttpResponse:
    """Give the edition as a file; importing it again changes nothing."""
    found = _fetch(request, code)
    return download(edition_file.write(importing.export(found), "yaml"), f"{found.code}.yaml", "application/yaml")
