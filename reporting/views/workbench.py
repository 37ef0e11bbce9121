"""The workbench of a cycle: consolidate, build, preview, publish, withdraw."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reporting import tasks
from reporting.assessments import builds, chapters, lifecycle, withheld
from reporting.consultation import commenting
from reporting.document import changes
from reporting.document.document import Document
from reporting.forms import BuildForm, PublishForm, WithdrawForm, counted_otherwise
from reporting.models import Assessment, Consultation, Product
from reporting.pdf import assessment as pdf
from reporting.pdf import single
from reporting.results import earlier, unnamed
from reporting.views.pdfs import give
from scoreboard import rules
from scoreboard.cycles import calendar
from scoreboard.earlier_rounds import hearing
from scoreboard.errors import Invalid, Stale
from scoreboard.http import SignedIn, require_recent_sign_in
from scoreboard.models import Cycle, State, Transition
from scoreboard.phrases import text_language

MOVING = ("accept", "reopen", "leave", "rejoin")  # what a consolidation would take in
SEEN = ("pk", "state", "steps_done", "seems_forgotten", "seems_left", "cancel_asked")


@require_safe
def cycle(request: SignedIn, code: str) -> HttpResponse:
    """Show a cycle's issues and the one at work, with whatever can be done next."""
    return _bench(request, _cycle(request, code, "see_workbench"))


@require_POST
def consolidate(request: SignedIn, code: str) -> HttpResponse:
    """Take the accepted answers into the issue at work, and show the outcome."""
    cycle = _cycle(request, code, "consolidate")
    before = cycle.assessments.at_work().values_list("snapshot_sha256", flat=True).first()
    assessment = lifecycle.consolidate(cycle, by=request.user, public="public" in request.POST)
    values = {"issue": assessment.issue, "n": unnamed.counted(assessment.snapshot)}
    if assessment.snapshot_sha256 == before:
        sentence = ngettext(
            "Nothing changed: issue %(issue)s holds the accepted answers of %(n)s country already.",
            "Nothing changed: issue %(issue)s holds the accepted answers of %(n)s countries already.",
            values["n"],
        )
        messages.info(request, sentence % values)
    else:
        sentence = ngettext(
            "Issue %(issue)s now holds the accepted answers of %(n)s country. Its PDF has to be built.",
            "Issue %(issue)s now holds the accepted answers of %(n)s countries. Its PDF has to be built.",
            values["n"],
        )
        messages.success(request, sentence % values)
    return redirect("workbench", cycle.code)


@require_POST
def build(request: SignedIn, pk: int) -> HttpResponse:
    """Put the PDF of the issue at work into the queue, with the particulars of its title page."""
    assessment = _assessment(request, pk, "build")
    form = BuildForm(request.POST, instance=assessment, user=request.user)
    if not form.is_valid():
        return _bench(request, assessment.cycle, form=form)
    tasks.request_build(assessment, by=request.user, **form.cleaned_data)
    messages.success(request, _("The PDF is in the queue. You can leave this page; the work goes on."))
    return redirect(reverse("workbench", args=[assessment.cycle.code]) + "#pdf")


@require_safe
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """Give the part of the workbench that follows a build; nothing (204) while it is as the page has it."""
    assessment = _assessment(request, pk, "see_workbench")
    if not request.htmx:
        return redirect("workbench", assessment.cycle.code)
    context = _at_work(request, assessment)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "reporting/workbench/_pdf_state.html", context)


@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Stop the build that is on its way, or say that none is."""
    assessment = _assessment(request, pk, "build")
    build = get_object_or_404(assessment.builds.all()[:1])
    builds.cancel(build, by=request.user)
    messages.success(request, _("The build is being cancelled. What was set already is kept for the next one."))
    return redirect(reverse("workbench", args=[assessment.cycle.code]) + "#pdf")


@require_safe
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """Show the PDF of the issue at work in the browser: what would be published, in a copy marked as a draft."""
    _assessment(request, pk, "see_workbench")
    at_work = Assessment.objects.visible_to(request.user).at_work()
    products = Product.objects.select_related("assessment__cycle").defer("assessment__snapshot")
    found = get_object_or_404(products, assessment__in=at_work, assessment=pk, kind=Product.Kind.PDF)
    found.require_unchanged()
    return give(request, single.of_product(found), f"draft-{found.name}", to_read=True)


@require_safe
def preview_section(request: SignedIn, pk: int, anchor: str) -> HttpResponse:
    """Show one chapter or one country of the issue at work, set for this look alone and marked as a draft."""
    _assessment(request, pk, "see_workbench")
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user).at_work(), pk=pk)
    try:
        html = pdf.section_html(assessment, anchor, chapters.texts(assessment))
    except KeyError:
        raise Http404 from None
    return give(request, single.of_html(html, draft=True), f"draft-{anchor}.pdf", to_read=True)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedIn, pk: int) -> HttpResponse:
    """Ask for the audience, then release the built file to it."""
    assessment = _assessment(request, pk, "publish")
    require_recent_sign_in(request)
    lifecycle.require_publishable(assessment)
    form, stale = PublishForm(request.POST if request.method == "POST" else None, assessment=assessment), None
    if form.is_valid():
        try:
            lifecycle.publish(assessment, by=request.user, **form.decision)
        except Stale as problem:  # begin again with what would be published now
            stale = problem.sentence
            differing = counted_otherwise(form.cleaned_data["counted"], assessment)
            form = PublishForm(assessment=assessment)
        except Invalid as problem:
            form.add_error("audience", problem.sentence)
        else:
            messages.success(request, _("Published. This is the page that its readers see."))
            return redirect("report", pk)
    reached, unreached = calendar.audience(assessment.cycle)
    extended = assessment.cycle.submissions.taking_part().filter(extended_to__gt=assessment.cycle.closes)
    context = {
        "assessment": assessment,
        "form": form,
        "example": assessment.cycle.is_example,
        "stale": stale,
        "differing": differing if stale else [],
        "left_out": withheld.left_out(assessment),
        "is_early": "before_closing" in form.fields,
        "extended": extended.select_related("country").order_by("extended_to"),
        "reached": reached,
        "unreached": unreached,
    }
    return render(request, "reporting/workbench/publish.html", context, status=409 if stale else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Ask for the reason, then take the assessment from its readers."""
    assessment = _assessment(request, pk, "withdraw")
    require_recent_sign_in(request)
    lifecycle.require_withdrawable(assessment)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        lifecycle.withdraw(assessment, by=request.user, **form.cleaned_data)
        messages.success(request, _("Withdrawn. Its readers no longer find it."))
        return redirect("workbench", assessment.cycle.code)
    context = {"assessment": assessment, "form": form, "example": assessment.cycle.is_example}
    return render(request, "reporting/workbench/withdraw.html", context)


def _cycle(request: SignedIn, code: str, act: str) -> Cycle:
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user).select_related("edition"), code=code)
    rules.require(request.user, act)
    return cycle


def _assessment(request: SignedIn, pk: int, act: str) -> Assessment:
    visible = Assessment.objects.visible_to(request.user).without_snapshot()
    assessment = get_object_or_404(visible, pk=pk)
    rules.require(request.user, act)
    return assessment


def _bench(request: SignedIn, cycle: Cycle, form: BuildForm | None = None) -> HttpResponse:
    """Return the workbench; `form` is a build form that was filled in wrongly."""
    submissions = cycle.submissions.taking_part()
    assessment = cycle.assessments.at_work().select_related("consolidated_by").first()
    context = {
        "cycle": cycle,
        "issues": cycle.assessments.listed().order_by("-issue"),
        "accepted": submissions.filter(accepted_version__isnull=False).count(),
        "reopened": submissions.filter(accepted_version__isnull=False).exclude(state=State.ACCEPTED).count(),
        "participating": submissions.count(),
        "example": cycle.is_example,
        "may_publish": rules.may(request.user, "publish"),
        "earlier_reports": cycle.earlier_reports.count() if cycle.is_earlier_round else 0,
        "hearing_obstacle": hearing.obstacle(cycle) if cycle.is_earlier_round else "",
    }
    if assessment:
        document = Document(assessment.snapshot)
        written = [row for row in assessment.chapters.all() if not row.is_empty]
        since = Transition.objects.filter(at__gt=assessment.consolidated_at, step__in=MOVING)
        context |= {
            **_at_work(request, assessment, form),
            "document": document,
            "taken": document.taken(assessment.consolidated_at),
            "since_issue": changes.since_issue(document),
            "for_observers": [one for one in earlier.compared_issues(assessment) if one.audience == "observers"],
            "text_language": text_language(cycle.edition),
            "consultation": Consultation.objects.listed().filter(assessment=assessment).first(),
            "unsettled": commenting.unsettled(assessment),
            "written": len(written),
            "unapproved": sum(not row.is_approved for row in written),
            "moved": since.filter(submission__cycle=cycle).values("submission").distinct().count(),
        }
    return render(request, "reporting/workbench/workbench.html", context)


def _at_work(request: SignedIn, assessment: Assessment, form: BuildForm | None = None) -> dict[str, Any]:
    """Return the context of the PDF's part of the workbench; `seen` names what of a build shows."""
    build = assessment.builds.first()
    return {
        "assessment": assessment,
        "build": build,
        "seen": build and "-".join(str(getattr(build, name)) for name in SEEN),
        "form": form or BuildForm(instance=assessment, user=request.user),
        "unavailable": pdf.unavailable(),
        "obstacle": chapters.obstacle(assessment) if assessment.pdf else None,
        "may_publish": rules.may(request.user, "publish"),
    }
