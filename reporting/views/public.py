"""Published assessments for everyone: the list, an assessment's results, a country's, and the file as stored."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from reporting import illustrations
from reporting.document import Document
from reporting.models import Assessment, Product
from scoreboard import rules
from scoreboard.models import Cycle
from scoreboard.wording import text_language


@login_not_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """List what is published to the person, newest first; officers and analysts find their workbenches here too."""
    published = Assessment.objects.published_to(request.user).listed().order_by("-published_at", "-pk")
    cycles = Cycle.objects.none()
    if rules.may(request.user, "see_workbench"):
        cycles = Cycle.objects.visible_to(request.user).filter(opened_at__isnull=False)
    page = Paginator(published, 50).get_page(request.GET.get("page"))
    return render(request, "reporting/report_list.html", {"page": page, "cycles": cycles})


@login_not_required
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the results of an assessment: published ones to their readers, the others to officers and analysts."""
    assessment = _assessment(request, pk)
    document = Document(assessment.snapshot)
    published = Assessment.objects.published_to(request.user).without_snapshot()
    context = {
        "assessment": assessment,
        "document": document,
        "newer": published.filter(cycle=assessment.cycle, issue__gt=assessment.issue).order_by("-issue").first(),
        "spreads": illustrations.spreads(document),
        "chapters": [
            (chapter, illustrations.percentages(chapter), illustrations.distributions(chapter))
            for chapter in document.chapters
        ],
        "text_language": text_language(assessment.cycle.edition),
        "example": document.is_example,
    }
    return render(request, "reporting/report.html", context)


@login_not_required
@require_safe
def country(request: HttpRequest, pk: int, iso2: str) -> HttpResponse:
    """Show one country's results by area and its answer to each indicator, as far as they are public."""
    assessment = _assessment(request, pk)
    document = Document(assessment.snapshot)
    reported = {participant.iso2: participant for participant in document.reported}
    if iso2 not in reported:
        raise Http404
    areas = document.replies(iso2)
    context = {
        "assessment": assessment,
        "document": document,
        "country": reported[iso2],
        "areas": areas,
        "profile": illustrations.profile(areas),
        "text_language": text_language(assessment.cycle.edition),
        "example": document.is_example,
    }
    return render(request, "reporting/country.html", context)


@login_not_required
@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the published PDF as a download: the bytes that were stored, never made again."""
    released = Assessment.objects.visible_to(request.user).filter(published_at__isnull=False)
    return stored_pdf(request, released, pk, as_attachment=True)


def stored_pdf(
    request: HttpRequest, assessments: QuerySet[Assessment], pk: int, *, as_attachment: bool
) -> HttpResponseBase:
    """Return the PDF of one of `assessments` as stored, 304 if the reader has it already; 404 if there is none."""
    products = Product.objects.select_related("assessment__cycle").defer("assessment__snapshot")
    product = get_object_or_404(products, assessment__in=assessments, assessment=pk, kind=Product.Kind.PDF)
    etag = f'"{product.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        name = f"assessment-{product.assessment.cycle.code}-{product.assessment.issue}.pdf"
        file = product.file.open("rb")
        response = FileResponse(file, as_attachment=as_attachment, filename=name, content_type="application/pdf")
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)  # asked for again each time: it may be withdrawn
    return response


def _assessment(request: HttpRequest, pk: int) -> Assessment:
    visible = Assessment.objects.visible_to(request.user).select_related("cycle__edition")
    return get_object_or_404(visible.prefetch_related("products"), pk=pk)
