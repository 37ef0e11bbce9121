"""Letters to the governments of a cycle: written once, given as Word files and as one PDF."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reporting.exports import letters as files
from reporting.forms import LetterForm
from reporting.pdf import single
from reporting.views.pdfs import give
from scoreboard import rules
from scoreboard.errors import Invalid
from scoreboard.http import SignedIn
from scoreboard.mail import letters
from scoreboard.models import Cycle, Letter, Submission
from scoreboard.text import alphabetical


def _cycle(request: SignedIn, code: str) -> Cycle:
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user), code=code)
    rules.require(request.user, "write_letters")
    return cycle


@require_safe
def letter_list(request: SignedIn, code: str) -> HttpResponse:
    """List the letters of a cycle, the latest first, and the kinds that can be written."""
    cycle = _cycle(request, code)
    found = cycle.letters.select_related("by").prefetch_related("submissions__country")
    context = {"cycle": cycle, "example": cycle.is_example, "letters": found, "kinds": Letter.Kind.choices}
    return render(request, "reporting/letters/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, code: str, kind: str) -> HttpResponse:
    """Write a letter of a kind, with its usual text and the countries that it is usually for."""
    cycle = _cycle(request, code)
    if kind not in Letter.Kind.values:
        raise Http404
    form = LetterForm(request.POST if request.method == "POST" else None, cycle=cycle, kind=kind)
    if form.is_valid():
        try:
            letter = letters.write(cycle, kind, **form.cleaned_data, by=request.user)
        except Invalid as problem:
            form.add_error("text", problem.sentence)
        else:
            messages.success(request, _("The letters are ready: read one, then download them all."))
            return redirect("letter", cycle.code, letter.pk)
    context = {"cycle": cycle, "example": cycle.is_example, "form": form, "kind": Letter.Kind(kind).label}
    context["placeholders"] = [(f"{{{name}}}", label) for name, (label, _fill) in letters.PLACEHOLDERS.items()]
    return render(request, "reporting/letters/new.html", context)


def _letter(request: SignedIn, code: str, pk: int) -> tuple[Letter, list[Submission]]:
    cycle = _cycle(request, code)
    letter = get_object_or_404(cycle.letters.select_related("by"), pk=pk)
    letter.cycle = cycle
    submissions = sorted(letter.submissions.select_related("country"), key=lambda one: alphabetical(one.country))
    for submission in submissions:
        submission.cycle = cycle
    return letter, submissions


@require_safe
def letter(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Show each country's letter as it will read."""
    found, submissions = _letter(request, code, pk)
    shown = [(submission.country, letters.paragraphs(found, submission)) for submission in submissions]
    context = {"cycle": found.cycle, "example": found.cycle.is_example, "letter": found, "shown": shown}
    return render(request, "reporting/letters/letter.html", context)


@require_safe
def package(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Give the letters as Word files."""
    found, submissions = _letter(request, code, pk)
    name = f"{found.cycle.code}-{found.kind}-{found.pk}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(files.package(found, submissions), content_type="application/zip", headers=headers)


@require_safe
def pdf(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Give the letters as one PDF, each on a page of its own."""
    found, submissions = _letter(request, code, pk)
    return give(request, single.letters(found, submissions), f"{found.cycle.code}-{found.kind}-{found.pk}.pdf")
