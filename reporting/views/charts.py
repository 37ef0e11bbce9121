"""Charts over all cycles as files: of a country, an indicator, an area and a group, as SVG and as PNG."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from reporting.http import missing, public_page
from reporting.published import finding, group, pictures
from reporting.published.area import AreaPage
from reporting.published.country import page_in, pages
from reporting.published.indicator import IndicatorPage
from reporting.views.pdfs import chart_file

KINDS = ("svg", "png")


@login_not_required
@require_safe
@public_page
def country(request: HttpRequest, iso2: str, kind: str, instrument: str = "") -> HttpResponse:
    """Give the areas of a country over the cycles as a chart."""
    if kind not in KINDS:
        raise Http404
    if iso2 != iso2.lower():
        return redirect("country_chart", iso2.lower(), *filter(None, [instrument]), kind, permanent=True)
    page = page_in(pages(iso2.upper(), request.user), instrument)
    if page is None or not page.reported:
        raise missing(was_withdrawn=finding.withdrawn_country(request.user, iso2.upper(), instrument))
    return chart_file(request, pictures.of_country(page), f"{iso2}-areas.{kind}")


@login_not_required
@require_safe
@public_page
def indicator(request: HttpRequest, code: str, kind: str, instrument: str = "") -> HttpResponse:
    """Give the answers to an indicator over the cycles as a chart."""
    if kind not in KINDS:
        raise Http404
    found = finding.indicator(request.user, code, instrument)
    if found is None:
        raise missing(was_withdrawn=finding.withdrawn_indicator(request.user, code, instrument))
    if (code, instrument) != (found.code, found.rounds.address):
        return redirect("indicator_chart", *filter(None, [found.rounds.address]), found.code, kind)
    page = IndicatorPage(found.rounds, found.code)
    return chart_file(request, pictures.of_indicator(page), f"{page.indicator.label}-levels.{kind}")


@login_not_required
@require_safe
@public_page
def area(request: HttpRequest, code: str, kind: str, instrument: str = "") -> HttpResponse:
    """Give the median of all countries in an area over the cycles as a chart."""
    if kind not in KINDS:
        raise Http404
    found = finding.area(request.user, code, instrument)
    if found is None:
        raise missing(was_withdrawn=finding.withdrawn_area(request.user, code, instrument))
    if (code, instrument) != (found.code, found.rounds.address):
        return redirect("area_chart", *filter(None, [found.rounds.address]), found.code, kind)
    page = AreaPage(found.rounds, found.code)
    return chart_file(request, pictures.of_area(page), f"{page.area.code}-median.{kind}")


@login_not_required
@require_safe
@public_page
def group_chart(request: HttpRequest, slug: str, kind: str, instrument: str = "") -> HttpResponse:
    """Give the areas of a group or a sub-region over the cycles as a chart."""
    if kind not in KINDS:
        raise Http404
    page = group.page(request.user, slug, instrument)
    if page is None:
        raise missing(was_withdrawn=finding.withdrawn_group(request.user, slug, instrument))
    return chart_file(request, pictures.of_group(page), f"{slug}-areas.{kind}")
