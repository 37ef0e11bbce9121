"""Explore and compare: one page with one address for each view of the published results, and its files."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reporting.document import numbers
from reporting.http import public_page
from reporting.models import Assessment
from reporting.published import downloads, exploring, pictures, rows
from reporting.published.exploring import View
from reporting.published.rows import Shown
from reporting.views.pdfs import XLSX, as_file, chart_file
from scoreboard.phrases import text_language

ROWS = 60  # on a page


@login_not_required
@require_safe
@public_page
def explore(request: HttpRequest) -> HttpResponse:
    """Show what an address asks for of the published results, or give it as a file.

    Another way to write the same address leads to the one that is written here; what is unknown is named on the page.
    """
    as_format = request.GET.get("format", "")
    again = "&again=1" if as_format == "png" and "again" in request.GET else ""  # a picture that failed
    asked = {name: values for name, values in request.GET.lists() if not again or name != "again"}
    view = exploring.read(asked, request.user)
    if view is None:
        return render(request, "reporting/explore/explore.html", {"view": None})
    if as_format and as_format not in exploring.FORMATS:
        view.unknown.append(_("There is no format “%s”.") % as_format[:60])
        as_format = ""
    if not view.unknown and request.META["QUERY_STRING"] != (query := view.query(format=as_format) + again):
        return redirect(_path(query))
    shown = rows.read(view, request.user)
    if as_format and not view.unknown:
        return _file(request, view, shown, as_format)
    page = Paginator(shown.rows, ROWS).get_page(view.page)
    if view.page != page.number and not view.unknown:
        return redirect(_path(view.query(page=page.number)))
    by_country = view.sort != "cycle"
    cycles, chosen = exploring.cycle_choices(view)
    context = {
        "view": view,
        "page": page,
        "cycles": cycles,
        "chosen_cycles": chosen,
        "levels": exploring.level_choices(view),
        "text_language": text_language(view.known.rounds.latest.cycle.edition),
        "title": downloads.title(view),
        "source": pictures.source(view.issues),
        "address": _address(view),
        "page_address": _address(view),
        "members": downloads.members(view),
        "medians": rows.medians(view, shown.rows, view.items[0]) if by_country and len(view.items) == 1 else None,
        "comparison": _comparison(view, shown),
        "compared": [(iso2, str(numbers.text(view.known.countries[iso2].name))) for iso2 in view.compare],
        "has_chart": len(view.items) == 1 and by_country,
        "may_embed": all(one.audience == Assessment.Audience.EVERYONE for one in view.issues),
        "example": pictures.is_example(view.issues),
        "links": {name: f"?{view.query(format=name, page=1)}" for name in exploring.FORMATS},
        "pages": {
            "previous": f"?{view.query(page=page.number - 1)}" if page.has_previous() else "",
            "next": f"?{view.query(page=page.number + 1)}" if page.has_next() else "",
        },
    }
    return render(request, "reporting/explore/explore.html", context)


def _comparison(view: View, shown: Shown) -> list[dict[str, Any]]:
    """Return for each item the countries compared, with the medians of the countries that the view shows."""
    found = []
    for item in view.items:
        mine = [row for row in shown.compared if row.item == item]
        if mine:
            middle = rows.medians(view, shown.rows, item)
            chart = downloads.comparison(view, shown, middle, item)
            found.append({"item": item, "rows": mine, "medians": middle, "chart": chart})
    return found


def _file(request: HttpRequest, view: View, shown: Shown, as_format: str) -> HttpResponse:
    """Return the view in a format; 404 where it has no chart."""
    name = f"explore-{view.issues[-1].cycle_code}.{as_format}"
    if as_format == "csv":
        return as_file(downloads.csv(view, shown), name, "text/csv; charset=utf-8")
    if as_format == "xlsx":
        return as_file(downloads.workbook(view, shown, _address(view)), name, XLSX)
    if as_format == "json":
        return as_file(downloads.as_json(view, shown, _address(view)), name, "application/json", "inline")
    chart = downloads.chart(view, shown)
    if chart is None:
        raise Http404
    return chart_file(request, chart, name)


def _address(view: View) -> str:
    return f"{settings.SITE_URL}{_path(view.query(page=1))}"


def _path(query: str) -> str:
    return f"{reverse('explore')}?{query}" if query else reverse("explore")
