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

from reporting.http import public_page
from reporting.published import downloads, exploring, rows
from reporting.published.exploring import View
from reporting.published.rows import Row
from reporting.views.pdfs import XLSX, as_file
from scoreboard.models import Country
from scoreboard.phrases import text_language

ROWS = 60  # on a page


@login_not_required
@require_safe
@public_page
def explore(request: HttpRequest) -> HttpResponse:
    """Show what an address asks for of the published results, or give it as a file.

    Another way to write the same address leads to the one that is written here; what is unknown is named on the page.
    """
    view = exploring.read(dict(request.GET.lists()), request.user)
    if view is None:
        return render(request, "reporting/explore/explore.html", {"view": None})
    as_format = request.GET.get("format", "")
    if as_format and as_format not in exploring.FORMATS:
        view.unknown.append(_("There is no format “%s”.") % as_format[:60])
        as_format = ""
    if not view.unknown and request.META["QUERY_STRING"] != (query := view.query(format=as_format)):
        return redirect(_path(query))
    found = rows.rows(view, request.user)
    if as_format and not view.unknown:
        return _file(view, found, as_format)
    page = Paginator(found, ROWS).get_page(view.page)
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
        "source": downloads.source(view),
        "address": _address(view),
        "page_address": _address(view),
        "medians": rows.medians(view, found, view.items[0]) if by_country and len(view.items) == 1 else None,
        "comparison": _comparison(view, found) if by_country else [],
        "example": downloads.is_example(view),
        "links": {name: f"?{view.query(format=name, page=1)}" for name in exploring.FORMATS},
        "pages": {
            "previous": f"?{view.query(page=page.number - 1)}" if page.has_previous() else "",
            "next": f"?{view.query(page=page.number + 1)}" if page.has_next() else "",
        },
    }
    return render(request, "reporting/explore/explore.html", context)


def _comparison(view: View, found: list[Row]) -> list[dict[str, Any]]:
    """Return for each item the countries compared, with the medians of the countries that the view shows."""
    shown = []
    for item in view.items if view.compare else []:
        mine = [row for row in found if row.item == item and row.iso2 in view.compare]
        if mine:
            middle = rows.medians(view, found, item)
            chart = downloads.comparison(view, found, middle, item)
            shown.append({"item": item, "rows": mine, "medians": middle, "chart": chart})
    return shown


def _file(view: View, found: list[Row], as_format: str) -> HttpResponse:
    """Return the view in a format; 404 where it has no chart."""
    name = f"explore-{view.issues[-1].cycle_code}.{as_format}"
    if as_format == "csv":
        return as_file(downloads.csv(view, found), name, "text/csv; charset=utf-8")
    if as_format == "xlsx":
        return as_file(downloads.workbook(view, found, _address(view)), name, XLSX)
    if as_format == "json":
        return as_file(downloads.as_json(view, found, _address(view)), name, "application/json", "inline")
    if len(view.items) != 1 or view.sort == "cycle":
        raise Http404
    item = view.items[0]
    if view.compare:
        chart = downloads.comparison(view, found, rows.medians(view, found, item), item)
    else:
        drawn = downloads.tile_map(view, found, list(Country.objects.all()), item, url=lambda one: "")
        chart = drawn.svg(_("One square a country; a square is a sign, not a border."), downloads.source(view))
    if chart is None:
        raise Http404
    return as_file(chart.encode(), name, "image/svg+xml")


def _address(view: View) -> str:
    return f"{settings.SITE_URL}{_path(view.query(page=1))}"


def _path(query: str) -> str:
    return f"{reverse('explore')}?{query}" if query else reverse("explore")
