"""An issue at work as its readers will see it: the public pages, with a mark wherever something is withheld."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.assessments import withheld
from reporting.models import Assessment
from reporting.views import public, report_parts
from scoreboard.http import SignedIn


@require_safe
def report(request: SignedIn, pk: int) -> HttpResponse:
    """Show the results page as observers and the public will see it."""
    assessment = _at_work(request, pk)
    context = public.results(assessment, request.user)
    context["observer_view"] = withheld.results(assessment, context["document"])
    return render(request, "reporting/public/report.html", context)


@require_safe
def part(request: SignedIn, pk: int, part: str) -> HttpResponse:
    """Show a part of the results as they will see it."""
    assessment = _at_work(request, pk)
    context = report_parts.results_of_part(assessment, request.user, part)
    context["observer_view"] = withheld.results(assessment, context["document"])
    return render(request, report_parts.template(context), context)


@require_safe
def country(request: SignedIn, pk: int, iso2: str) -> HttpResponse:
    """Show a country's page as they will see it."""
    assessment = _at_work(request, pk)
    context = public.results_of_country(assessment, iso2)
    context |= {"observer_view": withheld.country(assessment, iso2), "pdf": assessment.country_pdfs.get(iso2)}
    return render(request, "reporting/public/country.html", context)


@require_safe
def indicator(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """Show who gave which answer to an indicator, as they will see it."""
    assessment = _at_work(request, pk)
    context = public.results_of_indicator(assessment, code)
    context["observer_view"] = withheld.indicator(assessment)
    return render(request, "reporting/public/indicator.html", context)


def _at_work(request: SignedIn, pk: int) -> Assessment:
    """The issue, which nobody but officers and analysts can see before it is published."""
    return public.whole(Assessment.objects.visible_to(request.user).at_work(), pk)
