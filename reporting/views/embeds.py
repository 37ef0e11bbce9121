"""Charts of published results for other sites: small pages that read no cookie, set none and run nothing."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from reporting.assessments import gone
from reporting.charts.svg import NARROW_WIDTH
from reporting.document import captions, citation, numbers
from reporting.document.document import Document
from reporting.http import missing, public_page
from reporting.models import Assessment, PublishedIssue
from reporting.published import downloads, exploring, finding, group, pictures, rows
from reporting.published.area import AreaPage
from reporting.published.country import CountryPage, page_in, pages
from reporting.published.group import GroupPage
from reporting.published.indicator import IndicatorPage
from reporting.views.public import whole
from scoreboard.errors import Gone

# Only here may another site show a page of the portal in a frame.
POLICY = {"default-src": [NONE], "style-src": [SELF], "base-uri": [NONE], "form-action": [NONE]}
POLICY |= {"frame-ancestors": ["*"]}
VISITOR = AnonymousUser()  # for whom charts are drawn, whoever asks


class Frame(NamedTuple):
    """What is in a frame: the chart under its title, and what it is from, with the address of that."""

    title: str
    chart: SafeString
    source: str
    address: str
    example: bool


Draw = Callable[[Document, str], tuple[str, SafeString]]


def in_a_frame(read: Callable[..., Frame]) -> Callable[..., Any]:
    """Make a view of what `read` returns for the query and the words of the address, as everybody may see it.

    It is asked in the language of the address; what it raises is 404 for what is not there, 410 once withdrawn.
    """

    @login_not_required
    @require_safe
    @xframe_options_exempt
    @csp(POLICY)
    @public_page
    @wraps(read)
    def shown(request: HttpRequest, language: str, **words: Any) -> HttpResponse:
        if language not in dict(settings.LANGUAGES):
            raise Http404
        context: dict[str, Any] = {"language": language, "bidi": translation.get_language_info(language)["bidi"]}
        context |= {"portal_name": settings.PORTAL_NAME}
        with translation.override(language):
            try:
                context |= {"frame": read(request.GET, **words)}
            except Gone as problem:
                context |= {"sentence": problem.sentence}
            page = render_to_string("reporting/embed.html", context)
        return HttpResponse(page, status=410 if "sentence" in context else 200)

    return shown


def of_issue(draw: Draw) -> Callable[..., Frame]:
    """Return what reads a chart of one issue, which `draw` returns with its title."""

    @wraps(draw)
    def read(query: QueryDict, pk: int, code: str) -> Frame:
        try:
            issue = whole(Assessment.objects.published_to(VISITOR), pk)
        except Http404:
            gone.require_not_withdrawn(pk, VISITOR)
            raise
        document = Document(issue.snapshot)
        title, chart = draw(document, code)
        return Frame(title, chart, citation.title(issue), citation.address(issue), document.is_example)

    return read


@in_a_frame
@of_issue
def percentages(document: Document, code: str) -> tuple[str, SafeString]:
    """The percentages of the countries in an area."""
    chapter = _chapter(document, code)
    return _("%(area)s: percent by country") % {"area": f"{chapter.code}. {chapter.title}"}, captions.percentages(
        chapter, NARROW_WIDTH
    )


@in_a_frame
@of_issue
def distributions(document: Document, code: str) -> tuple[str, SafeString]:
    """How many countries chose each level, by indicator of an area."""
    chapter = _chapter(document, code)
    title = _("%(area)s: levels by indicator") % {"area": f"{chapter.code}. {chapter.title}"}
    return title, captions.distributions(chapter, NARROW_WIDTH)


@in_a_frame
@of_issue
def profile(document: Document, code: str) -> tuple[str, SafeString]:
    """A country's percentages by area, with the overall medians."""
    for participant in document.reported:
        if participant.iso2 == code.upper():
            title = _("%(country)s: percent by area, with the overall median") % {"country": participant.name}
            return title, captions.profile(document.replies(participant.iso2), NARROW_WIDTH)
    raise Http404


@in_a_frame
def country(query: QueryDict, iso2: str, instrument: str = "") -> Frame:
    """A country's areas over all cycles."""
    page = page_in(pages(iso2.upper(), VISITOR), instrument)
    if page is None or not page.reported:
        raise missing(was_withdrawn=finding.withdrawn_country(VISITOR, iso2.upper(), instrument))
    address = reverse("country_page", args=[iso2.lower()])
    title, name = pictures.title_of_country(page), str(numbers.text(page.country.name))
    return _over_cycles(title, _for_phones("country", page), page.rounds.issues, name, address)


@in_a_frame
def indicator(query: QueryDict, code: str, instrument: str = "") -> Frame:
    """How all countries answered an indicator over all cycles."""
    found = finding.indicator(VISITOR, code, instrument)
    if found is None:
        raise missing(was_withdrawn=finding.withdrawn_indicator(VISITOR, code, instrument))
    page = IndicatorPage(found.rounds, found.code)
    address = reverse("indicator_page", args=[*filter(None, [found.rounds.address]), found.code])
    title = pictures.title_of_indicator(page)
    return _over_cycles(title, _for_phones("indicator", page), found.rounds.issues, page.indicator.label, address)


@in_a_frame
def area(query: QueryDict, code: str, instrument: str = "") -> Frame:
    """The median of all countries in an area over all cycles."""
    found = finding.area(VISITOR, code, instrument)
    if found is None:
        raise missing(was_withdrawn=finding.withdrawn_area(VISITOR, code, instrument))
    page = AreaPage(found.rounds, found.code)
    address = reverse("area_page", args=[*filter(None, [found.rounds.address]), found.code])
    title, name = pictures.title_of_area(page), f"{page.area.code}. {numbers.text(page.area.short_title)}"
    return _over_cycles(title, _for_phones("area", page), found.rounds.issues, name, address)


@in_a_frame
def group_areas(query: QueryDict, slug: str, instrument: str = "") -> Frame:
    """The areas of a group or a sub-region over all cycles."""
    page = group.page(VISITOR, slug, instrument)
    if page is None:
        raise missing(was_withdrawn=finding.withdrawn_group(VISITOR, slug, instrument))
    title, name = pictures.title_of_group(page), str(numbers.text(page.name))
    address = reverse("group_page", args=[slug])
    return _over_cycles(title, _for_phones("group", page), page.rounds.issues, name, address)


@in_a_frame
def explore(query: QueryDict) -> Frame:
    """The chart of a view of the explore page."""
    view = exploring.read(dict(query.lists()), VISITOR)
    if view is None or view.unknown:
        cycles = exploring.values(query, "cycles")
        withdrawn = any(finding.withdrawn_cycle(VISITOR, one) for one in cycles)
        raise missing(was_withdrawn=withdrawn or (view is None and finding.withdrawn_any(VISITOR)))
    shown = rows.read(view, VISITOR)
    if len(view.items) != 1 or view.sort == "cycle":
        raise Http404
    [item], context = view.items, {"source": pictures.source(view.issues), "item": view.items[0]}
    compared = [row for row in shown.compared if row.item == item]
    if compared:
        context["countries"] = downloads.small_comparison(compared, rows.medians(view, shown.rows, item))
    elif view.compare:
        raise Http404
    else:
        context["map"] = downloads.map_of(view, shown.rows, item)
    title, query_shown = downloads.title(view), view.query(page=1)
    address = f"{reverse('explore')}?{query_shown}" if query_shown else reverse("explore")
    chart = render_to_string("reporting/embeds/explore.html", context)
    return _over_cycles(title, chart, view.issues, title, address)


def _for_phones(name: str, page: CountryPage | IndicatorPage | AreaPage | GroupPage) -> SafeString:
    """Return the small charts of a page over all cycles, with their numbers and where they come from."""
    context = {"page": page, "source": pictures.source(page.rounds.issues)}
    return render_to_string(f"reporting/embeds/{name}.html", context)


def _over_cycles(title: str, chart: SafeString, issues: Sequence[PublishedIssue], source: str, path: str) -> Frame:
    return Frame(title, chart, source, settings.SITE_URL + path, pictures.is_example(issues))


def _chapter(document: Document, code: str) -> Any:
    for chapter in document.chapters:
        if chapter.code.lower() == code.lower():
            return chapter
    raise Http404
