"""Pages over all published cycles: countries, indicators, areas, groups, and the overview of a cycle."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from reporting.document import numbers
from reporting.exports.files import csv_table
from reporting.exports.tables import Table
from reporting.http import missing, public_page
from reporting.models import Assessment, PublishedIssue
from reporting.published import answers, chapters, downloads, finding, group, lists, objectives, plans
from reporting.published.area import AreaPage
from reporting.published.country import pages
from reporting.published.cycle import CyclePage
from reporting.published.finding import Found
from reporting.published.indicator import IndicatorPage
from reporting.published.rounds import Rounds, of_cycle, questionnaires
from reporting.views.pdfs import as_file
from scoreboard import rules
from scoreboard.models import Cycle
from scoreboard.network import reading
from scoreboard.phrases import language_attributes


@login_not_required
@require_safe
@public_page
def country_list(request: HttpRequest) -> HttpResponse:
    """List the countries of all published cycles, with the groups and sub-regions that they belong to."""
    every = questionnaires(request.user)
    found = lists.countries(every)
    context = {"lists": found, "groups": lists.groups(every), "example": bool(every) and every[0].latest.is_example}
    return render(request, "reporting/published/country_list.html", context)


@login_not_required
@require_safe
@public_page
def country(request: HttpRequest, iso2: str) -> HttpResponse:
    """Show a country over all published cycles; codes in capitals lead to the address in small letters."""
    if iso2 != iso2.lower():
        return _moved(request, "country_page", iso2.lower())
    found = pages(iso2.upper(), request.user)
    if not found:
        raise missing(was_withdrawn=finding.withdrawn_country(request.user, iso2.upper()))
    main = found[0]
    context = {
        "pages": found,
        "main": main,
        "name": str(numbers.text(main.country.name)),
        "last": next((one for one in main.cycles if one.country and one.country.reported), None),
        "plans": plans.of_country(iso2.upper()),
        "practice": reading.of_country(iso2.upper()),
        **_about([one.rounds for one in found]),
    }
    return render(request, "reporting/published/country.html", context)


@login_not_required
@require_safe
@public_page
def country_answers(request: HttpRequest, iso2: str, kind: str) -> HttpResponse:
    """Give all published answers of a country, cycle by cycle, as a CSV file or as JSON."""
    if iso2 != iso2.lower():
        return _moved(request, "country_answers", iso2.lower(), kind)
    found = pages(iso2.upper(), request.user)
    if not found:
        raise missing(was_withdrawn=finding.withdrawn_country(request.user, iso2.upper()))
    issues = [issue for page in found for issue in page.reported]
    address = settings.SITE_URL + reverse("country_page", args=[iso2])
    return _table(f"{iso2}-answers.{kind}", kind, answers.of_country(found), issues, address)


@login_not_required
@require_safe
@public_page
def indicator_list(request: HttpRequest) -> HttpResponse:
    """List the areas and indicators of each published questionnaire as they are now."""
    every = questionnaires(request.user)
    found = [(rounds, CyclePage(rounds)) for rounds in every]
    context = {"lists": found, "example": bool(every) and every[0].latest.is_example}
    return render(request, "reporting/published/indicator_list.html", context)


@login_not_required
@require_safe
@public_page
def indicator(request: HttpRequest, code: str, instrument: str = "") -> HttpResponse:
    """Show an indicator over all published cycles; its label leads to the address with its code."""
    found = finding.indicator(request.user, code, instrument)
    if found is None:
        raise missing(was_withdrawn=finding.withdrawn_indicator(request.user, code, instrument))
    if (code, instrument) != (found.code, found.rounds.address):
        return _part_moved(request, "indicator_page", found)
    page = IndicatorPage(found.rounds, found.code)
    helps = reading.on_code(page.latest.edition_code, page.code)
    context = {"page": page, "found": found, "helps": helps, **_about([found.rounds])}
    return render(request, "reporting/published/indicator.html", context)


@login_not_required
@require_safe
@public_page
def indicator_answers(request: HttpRequest, code: str, kind: str, instrument: str = "") -> HttpResponse:
    """Give the published answers of all countries to an indicator, cycle by cycle, as a CSV file or as JSON."""
    found = finding.indicator(request.user, code, instrument)
    if found is None:
        raise missing(was_withdrawn=finding.withdrawn_indicator(request.user, code, instrument))
    if (code, instrument) != (found.code, found.rounds.address):
        return _part_moved(request, "indicator_answers", found, kind)
    page = IndicatorPage(found.rounds, found.code)
    address = settings.SITE_URL + _path("indicator_page", found)
    name = f"{page.indicator.label}-answers.{kind}"
    return _table(name, kind, answers.of_indicator(page), found.rounds.issues, address)


@login_not_required
@require_safe
@public_page
def area(request: HttpRequest, code: str, instrument: str = "") -> HttpResponse:
    """Show an area over all published cycles."""
    found = finding.area(request.user, code, instrument)
    if found is None:
        raise missing(was_withdrawn=finding.withdrawn_area(request.user, code, instrument))
    if (code, instrument) != (found.code, found.rounds.address):
        return _part_moved(request, "area_page", found)
    page = AreaPage(found.rounds, found.code)
    return render(request, "reporting/published/area.html", {"page": page, "found": found, **_about([found.rounds])})


@login_not_required
@require_safe
@public_page
def group_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a group of countries, or a sub-region, over all published cycles."""
    if slug != slug.lower():
        return _moved(request, "group_page", slug.lower())
    found = [page for rounds in questionnaires(request.user) if (page := group.read(rounds, slug))]
    if not found:
        raise missing(was_withdrawn=finding.withdrawn_group(request.user, slug))
    context = {"pages": found, "name": str(numbers.text(found[0].name)), "slug": slug}
    context |= _about([one.rounds for one in found])
    return render(request, "reporting/published/group.html", context)


@login_not_required
@require_safe
@public_page
def objective_list(request: HttpRequest) -> HttpResponse:
    """Show strategic plans: their objectives since the baseline, and the index of reported figures."""
    found = objectives.pages(request.user)
    read = [one.rounds for one in found if one.rounds]
    context = {"pages": found, "cited": read, "example": any(one.latest.is_example for one in read)}
    return render(request, "reporting/published/objective_list.html", context)


@login_not_required
@require_safe
def cycles(request: HttpRequest) -> HttpResponse:
    """Lead to the list of assessments, officers and analysts to that of cycles."""
    return redirect("cycle_list" if rules.may(request.user, "see_board") else "report_list")


@login_not_required
@require_safe
@public_page
def cycle(request: HttpRequest, code: str) -> HttpResponse:
    """Show the overview of a cycle; where nothing is published of it, officers and analysts are led to the board."""
    rounds = of_cycle(request.user, code)
    board = rules.may(request.user, "see_board") and Cycle.objects.visible_to(request.user).filter(code=code).exists()
    if rounds is None and board:
        return redirect(reverse("cycle_board", args=[code]) + _query(request))  # what shows there is in the query
    if rounds is None:
        raise missing(was_withdrawn=finding.withdrawn_cycle(request.user, code))
    page = CyclePage(rounds)
    context = {"page": page, "chapters": chapters.of_cycle(page), **_about([rounds])}
    context |= {"board": board, "cited": [Rounds([page.issue])]}
    return render(request, "reporting/published/cycle.html", context)


@login_not_required
@require_safe
@public_page
def chapter(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Show a chapter of the assessment of a cycle."""
    rounds = of_cycle(request.user, code)
    if rounds is None:
        raise missing(was_withdrawn=finding.withdrawn_cycle(request.user, code))
    page = CyclePage(rounds)
    found = chapters.read(page, slug, language_attributes(page.issue.edition["languages"]))
    if found is None:
        raise Http404
    if slug != found.chapter.slug:
        return _moved(request, "cycle_chapter", code, found.chapter.slug)
    context = {"page": page, "found": found, **_about([rounds])}
    return render(request, "reporting/published/chapter.html", context)


def _about(every: Sequence[Rounds]) -> dict[str, Any]:
    """Return what each page says of itself: the issues it is made from, and whether they are invented."""
    return {
        "cited": every,
        "example": every[0].latest.is_example,
        "may_embed": all(one.audience == Assessment.Audience.EVERYONE for rounds in every for one in rounds.issues),
    }


def _moved(request: HttpRequest, name: str, *args: str) -> HttpResponse:
    """Lead to the one address of a page for good, with the query."""
    return redirect(reverse(name, args=args) + _query(request), permanent=True)


def _part_moved(request: HttpRequest, name: str, found: Found, *more: str) -> HttpResponse:
    """Lead to the address of a part of a questionnaire, which can change with the next cycle: not for good."""
    return redirect(_path(name, found, *more) + _query(request))


def _path(name: str, found: Found, *more: str) -> str:
    return reverse(name, args=[*filter(None, [found.rounds.address]), found.code, *more])


def _query(request: HttpRequest) -> str:
    return f"?{urlencode(request.GET, doseq=True)}" if request.GET else ""


def _table(name: str, kind: str, table: Table, issues: Sequence[PublishedIssue], address: str) -> HttpResponse:
    """Return a table as a file; 404 for a kind of file that there is not."""
    if kind == "csv":
        return as_file(csv_table(table), name, "text/csv; charset=utf-8")
    if kind == "json":
        content = downloads.json_of(table, issues, table.title, address=address)
        return as_file(content, name, "application/json", "inline")
    raise Http404
