"""The search over what is published."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reporting.http import public_page
from reporting.models import PublishedCountry
from reporting.published import searching
from reporting.published.searching import Hit, Search
from scoreboard.models import Country
from scoreboard.text import folded, one_line

FEW, MANY = 5, 30  # of each kind, and on a page of one kind
# The pages of what is of no issue of an assessment.
WITHOUT_ISSUE = {"practices": "good_practice", "resources": "resource", "texts": "published_text"}


@login_not_required
@require_safe
@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Show what has the words looked for; with `in`, one kind alone, and at once its page if a name is the words."""
    asked = one_line(request.GET.get("q", "").replace("\0", ""))[: searching.LONGEST]
    kind = request.GET.get("in", "")
    kind = kind if kind in searching.KINDS else ""
    found = searching.search(request.user, asked) if asked else None
    if found and kind in ("countries", "indicators") and (hit := _only(found, kind, asked)):
        return redirect(address(hit))
    sections = []
    for one, title in searching.KINDS.items():
        if found and kind in ("", one):
            page = Paginator(found.found[one], MANY if kind else FEW).get_page(request.GET.get("page") if kind else 1)
            hits = [(hit, address(hit)) for hit in (found.hit(one, row) for row in page)]
            sections.append((one, title, page, hits))
    context = {
        "asked": asked,
        "kind": kind,
        "kind_name": searching.KINDS.get(kind, ""),
        "sections": sections,
        "count": sum(page.paginator.count for _one, _title, page, _hits in sections),
        "example": _is_invented(found, sections),
    }
    return render(request, "reporting/explore/search.html", context)


def _is_invented(found: Search | None, sections: list[Any]) -> bool:
    """Whether all that is published is invented, and what was found of others than countries too."""
    issues = list(found.issues.values()) if found else []
    others = [hit.row for *_rest, hits in sections for hit, _url in hits if hit.issue is None]
    return bool(issues) and all(one.is_example for one in (*issues, *others))


def _only(found: Search, kind: str, asked: str) -> Hit | None:
    """The one country or indicator that is meant: the only one found, or the one that is called exactly so."""
    rows = found.found[kind]
    exact = [one for one in rows if folded(asked) in _names(kind, one)]
    chosen = exact if len(exact) == 1 else rows if len(rows) == 1 else []
    return found.hit(kind, chosen[0]) if chosen else None


def _names(kind: str, row: Any) -> set[str]:
    names = {row.iso2, row.iso3, *row.name.values()} if kind == "countries" else {row.label, row.code}
    return {folded(name) for name in names}


def address(hit: Hit) -> str:
    """Return the address of what was found."""
    if hit.kind == "plans":
        return reverse("published_plan", args=[hit.row.country.iso2.lower(), hit.row.pk])
    if hit.issue is None:
        return reverse(WITHOUT_ISSUE[hit.kind], args=[hit.row.pk])
    if hit.kind == "countries":
        return country_address(hit.row)
    if hit.kind == "indicators":
        return reverse("indicator_page", args=[*filter(None, [hit.questionnaire]), hit.row.code])
    if hit.kind == "chapters":
        return reverse("cycle_chapter", args=[hit.issue.cycle_code, hit.row.key.lower()])
    return f"{reverse('report_country', args=[hit.issue.assessment_id, hit.row.iso2])}#answer-{hit.label}"


def country_address(country: Country | PublishedCountry) -> str:
    """Return the address of a country over all published cycles."""
    return reverse("country_page", args=[country.iso2.lower()])
