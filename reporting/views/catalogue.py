"""The catalogue of assessments with their history, and the page that says how results come about."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import F, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.assessments import gone
from reporting.document import methodology
from reporting.http import public_page
from reporting.models import Assessment, EarlierReport
from reporting.published import summary
from scoreboard import rules
from scoreboard.cycles import participation
from scoreboard.models import Cycle, Edition
from scoreboard.phrases import text_language


@login_not_required
@require_safe
@public_page
def report_list(request: HttpRequest) -> HttpResponse:
    """List every issue that was published to the person, withdrawn ones too; officers and analysts find workbenches."""
    issues = Assessment.objects.catalogued_to(request.user).listed().with_corrections()
    issues = issues.order_by("-cycle__opens", "-cycle__pk", "-issue")
    then = EarlierReport.objects.visible_to(request.user)
    issues = issues.prefetch_related(Prefetch("cycle__earlier_reports", then))
    cycles = Cycle.objects.none()
    if rules.may(request.user, "see_workbench"):
        cycles = Cycle.objects.visible_to(request.user).filter(opened_at__isnull=False)
    context = {
        "page": Paginator(issues, 50).get_page(request.GET.get("page")),
        "editions": [(one, text_language(one)) for one in Edition.objects.visible_to(request.user)],
        "cycles": cycles,
        "participations": participation.published(participation.running()),
    }
    return render(request, "reporting/catalogue/list.html", context)


@login_not_required
@require_safe
@public_page
def methodology_page(request: HttpRequest, code: str = "") -> HttpResponse:
    """Say how results come about under an edition of the questionnaire; without its code, under the latest."""
    editions = list(Edition.objects.visible_to(request.user).select_related("previous"))
    edition = next((one for one in editions if one.code == code or not code), None)
    if code and edition is None:
        raise Http404
    context: dict[str, Any] = {"edition": edition, "editions": editions}
    if edition is not None:
        issues = Assessment.objects.published_to(request.user).filter(cycle__edition=edition).without_snapshot()
        context |= {
            "text_language": text_language(edition),
            "ladders": methodology.ladders(edition),
            "not_applicable": methodology.not_applicable(edition),
            "worked": methodology.example(edition),
            "figures": methodology.figures(),
            "relations": methodology.relations(edition),
            "issues": issues.annotate(basis=F("snapshot__basis")),
        }
    return render(request, "reporting/catalogue/methodology.html", context)


@login_not_required
@require_safe
@public_page
def press(request: HttpRequest, code: str) -> HttpResponse:
    """Say on one page what a cycle found, to quote from: who reported, the areas, and what the figures do not say."""
    found = summary.read(request.user, code)
    if found is None:
        for pk in Assessment.objects.catalogued_to(request.user).filter(cycle__code=code).values_list("pk", flat=True):
            gone.require_not_withdrawn(pk, request.user)
        raise Http404
    context = {"summary": found, "text_language": text_language(found.assessment.cycle.edition)}
    return render(request, "reporting/catalogue/press.html", context | {"example": found.issue.is_example})
