"""The public page of an action plan, and the Word file with which one can begin."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from reporting.exports import plan as files
from reporting.exports import word
from reporting.http import public_page
from reporting.published import plans
from reporting.published.country import pages
from scoreboard import clock
from scoreboard.http import SignedIn
from scoreboard.phrases import text_language
from scoreboard.plans import skeleton
from scoreboard.views.plans import own_country


@login_not_required
@require_safe
@public_page
def plan(request: HttpRequest, iso2: str, pk: int) -> HttpResponse:
    """Show a plan that its country published; 404 for every other one."""
    found = get_object_or_404(plans.of_country(iso2.upper()), pk=pk)
    if iso2 != iso2.lower():
        return redirect("published_plan", iso2.lower(), pk, permanent=True)
    context = {
        "page": plans.page(found),
        "plan": found,
        "country": found.country,
        "is_named": bool(pages(iso2.upper(), request.user)),
        "example": found.is_example,
        "text_language": text_language(found.edition) if found.edition else "",
    }
    return render(request, "reporting/published/plan.html", context)


@require_safe
def skeleton_docx(request: SignedIn, code: str) -> HttpResponse:
    """Give the gaps of a country's answers to its focal points, as a Word file to edit."""
    country, moved = own_country(request, code)
    if moved:
        return moved
    found = skeleton.of(country)
    if found is None or not found.gaps:
        raise Http404
    content = files.skeleton(country, found, at=clock.now())
    headers = {"Content-Disposition": f'attachment; filename="plan-{country.iso3.lower()}.docx"'}
    return HttpResponse(content, content_type=word.TYPE, headers=headers)
