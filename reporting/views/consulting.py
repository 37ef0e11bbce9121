"""A consultation as officers and analysts run it: passages, opening, another build, the last day, and the answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reporting.assessments import chapters
from reporting.consultation import commenting, opening, pages, preparing
from reporting.document.document import Document
from reporting.document.references import Names
from reporting.forms import CommentAnswerForm, LastDayForm, PassageForm
from reporting.models import Assessment, Consultation, ConsultedBuild, Passage
from scoreboard import rules
from scoreboard.errors import Invalid, NotNow
from scoreboard.http import SignedIn
from scoreboard.models import Country
from scoreboard.text import alphabetical, number


@require_POST
def prepare(request: SignedIn, pk: int) -> HttpResponse:
    """Find the passages of the built draft, and show them."""
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user).without_snapshot(), pk=pk)
    build = preparing.prepare(assessment, by=request.user)
    return redirect("consultation_passages", build.consultation_id)


@require_safe
def overview(request: SignedIn, pk: int) -> HttpResponse:
    """Show where a consultation is: its days, builds, countries and comments."""
    consultation = _consultation(request, pk)
    build = consultation.shown or consultation.latest
    comments = list(commenting.visible_to(request.user).filter(build__consultation=pk))
    readers = [passage.shown_to for passage in build.passages.all()] if build else []
    countries = []
    for submission in opening.concerned(build):
        own = [one for one in comments if one.submission_id == submission.pk and not one.withdrawn_at]
        passages = sum(submission.country.iso2 in some for some in readers)
        countries.append((submission.country, passages, len(own), sum(one.waits for one in own)))
    context = {
        **_frame(request, consultation),
        "comments": pages.about(sorted(comments, key=lambda one: not one.waits)),
        "countries": sorted(countries, key=lambda row: alphabetical(row[0])),
        "may_move": consultation.opened_at and consultation.assessment.is_at_work,
        "is_current": _is_current(consultation),
    }
    return render(request, "reporting/consultation/overview.html", context)


@require_safe
def passages(request: SignedIn, pk: int) -> HttpResponse:
    """Show every passage of the latest build with the countries that it concerns, before anything is sent."""
    return _passages(request, _consultation(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def passage(request: SignedIn, pk: int, position: int) -> HttpResponse:
    """Add countries to a passage by hand, or remove some."""
    consultation = _consultation(request, pk)
    found = _passage(consultation, position)
    names = _names(found.build)
    choices = sorted(names.items(), key=lambda one: alphabetical(one[1]))
    taking_part = preparing.participants(found.build)
    choices = [(iso2, name) for iso2, name in choices if iso2 in taking_part or iso2 in found.concerns + found.removed]
    form = PassageForm(request.POST or None, choices=choices, initial={"countries": found.concerns})
    if request.method == "POST" and form.is_valid():
        try:
            preparing.assign(found, form.cleaned_data["countries"], by=request.user)
        except Invalid as problem:
            form.add_error("countries", problem.sentence)
        else:
            messages.success(request, _("The countries of the passage are saved."))
            return redirect(_back(pk, position))
    context = {
        **_frame(request, consultation),
        "form": form,
        "row": _row(found, Names(Document(found.build.snapshot)), names),
        "title": chapters.titles(found.build.snapshot).get(found.chapter, found.chapter),
    }
    return render(request, "reporting/consultation/passage.html", context)


@require_POST
def decide(request: SignedIn, pk: int, position: int) -> HttpResponse:
    """Decide who sees a passage about several countries."""
    found = _passage(_consultation(request, pk), position)
    preparing.decide(found, request.POST.get("decision", ""), by=request.user)
    return redirect(_back(pk, position))


@require_POST
def open_consultation(request: SignedIn, pk: int) -> HttpResponse:
    """Open the consultation and mail the countries."""
    consultation = _consultation(request, pk)
    rules.require(request.user, "consult")
    form = LastDayForm(request.POST)
    if form.is_valid():
        try:
            opening.open_consultation(consultation, build=_number(request), by=request.user, **form.cleaned_data)
        except Invalid as problem:
            form.add_error("until", problem.sentence)
        else:
            messages.success(request, _("The consultation is open. The countries get an e-mail."))
            return redirect("consultation", pk)
    return _passages(request, consultation, form)


@require_POST
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show another build to the countries."""
    changed = opening.show_build(_consultation(request, pk), build=_number(request), by=request.user)
    sentence = ngettext(
        "The build is shown. It changes what %(n)d country reads, which gets an e-mail.",
        "The build is shown. It changes what %(n)d countries read, which get an e-mail.",
        len(changed),
    )
    messages.success(request, sentence % {"n": len(changed)})
    return redirect("consultation", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedIn, pk: int) -> HttpResponse:
    """Move the last day; a consultation that is over is open again."""
    consultation = _consultation(request, pk)
    rules.require(request.user, "consult")
    form = LastDayForm(request.POST or None, initial={"until": consultation.until})
    if request.method == "POST" and form.is_valid():
        try:
            opening.move(consultation, by=request.user, **form.cleaned_data)
        except Invalid as problem:
            form.add_error("until", problem.sentence)
        else:
            until = date_format(form.cleaned_data["until"])
            messages.success(request, _("The consultation is open until the end of %s.") % until)
            return redirect("consultation", pk)
    return render(request, "reporting/consultation/move.html", {**_frame(request, consultation), "form": form})


@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    """End the consultation before its last day."""
    opening.end(_consultation(request, pk), by=request.user)
    messages.success(request, _("The consultation is over. Move its last day if it should go on."))
    return redirect("consultation", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: SignedIn, pk: int) -> HttpResponse:
    """Read a country's comment, and answer it."""
    found = get_object_or_404(commenting.visible_to(request.user), pk=pk)
    rules.require(request.user, "answer_comment")
    consultation = _consultation(request, found.build.consultation_id)
    form = CommentAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commenting.answer(found, form.cleaned_data["text"], outcome=form.cleaned_data["outcome"], by=request.user)
        messages.success(request, _("The answer is sent to the country."))
        return redirect("consultation", consultation.pk)
    ((found, part),) = pages.about([found])
    context = {**_frame(request, consultation), "form": form, "comment": found, "part": part}
    return render(request, "reporting/consultation/comment.html", context)


def _consultation(request: SignedIn, pk: int) -> Consultation:
    found = get_object_or_404(Consultation.objects.visible_to(request.user).listed(), pk=pk)
    rules.require(request.user, "prepare_consultation")
    return found


def _passage(consultation: Consultation, position: int) -> Passage:
    return get_object_or_404(Passage, build=consultation.latest, position=position)


def _number(request: SignedIn) -> int:
    return number(request.POST.get("build", "")) or 0


def _back(pk: int, position: int) -> str:
    return f"{reverse('consultation_passages', args=[pk])}#passage-{position}"


def _is_current(consultation: Consultation) -> bool:
    """Whether the build whose passages were found last is what the issue has now."""
    built, latest = consultation.assessment.pdf, consultation.latest
    return bool(built and latest and (latest.pdf_sha256, latest.built_at) == (built.sha256, built.built_at))


def _frame(request: SignedIn, consultation: Consultation) -> dict[str, Any]:
    return {
        "consultation": consultation,
        "assessment": consultation.assessment,
        "cycle": consultation.cycle,
        "example": consultation.cycle.is_example,
        "is_officer": rules.may(request.user, "consult"),
    }


def _passages(request: SignedIn, consultation: Consultation, form: LastDayForm | None = None) -> HttpResponse:
    build = consultation.latest
    if build is None:
        raise NotNow(_("Find the passages of the built draft on the workbench first."))
    names, shown = _names(build), Names(Document(build.snapshot))
    titles = chapters.titles(build.snapshot)
    rows = [
        (titles.get(one.chapter, one.chapter), _row(one, shown, names))
        for one in build.passages.select_related("changed_by", "decided_by")
    ]
    context = {
        **_frame(request, consultation),
        "build": build,
        "form": form or LastDayForm(),
        "concerning": [row for row in rows if row[1]["countries"]],
        "others": [row for row in rows if not row[1]["countries"]],
        "waiting": sum(row["passage"].waits for _title, row in rows),
        "readers": [(one.country.iso2, names[one.country.iso2]) for one in opening.concerned(build)],
        "may_change": build.shown_at is None,
        "is_current": _is_current(consultation),
    }
    return render(request, "reporting/consultation/passages.html", context)


def _row(passage: Passage, shown: Names, names: dict[str, str]) -> dict[str, Any]:
    """Return a passage as it is in the text, with the names of its countries."""

    def named(some: list[str]) -> list[str]:
        return sorted((names.get(iso2, iso2) for iso2 in some), key=alphabetical)

    return {
        "passage": passage,
        "shown": pages.shown(passage, shown),
        "countries": named(passage.concerns),
        "added": named(passage.added),
        "removed": named(passage.removed),
    }


def _names(build: ConsultedBuild) -> dict[str, str]:
    """Return the names of all countries of the portal and of a build, by ISO code."""
    registered = {country.iso2: str(country) for country in Country.objects.all()}
    return registered | preparing.participants(build)
