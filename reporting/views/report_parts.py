"""The parts of an issue's results, a page each: areas, answers, changes, objectives, groups, figures, participation."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.document import captions, changes, contents, narrative, strategy
from reporting.document.contents import Part
from reporting.document.document import Document
from reporting.document.indicator import matrix
from reporting.http import public_page, says_if_withdrawn
from reporting.models import Assessment
from reporting.results import earlier
from reporting.views import public
from scoreboard.models.people import Person
from scoreboard.phrases import language_attributes

Data = dict[str, Any]


@login_not_required
@require_safe
@public_page
@says_if_withdrawn
def report_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Show a part of the results of an assessment, to whom the assessment is shown."""
    assessment = public.whole(Assessment.objects.visible_to(request.user), pk)
    context = results_of_part(assessment, request.user, part)
    return render(request, template(context), context)


def template(context: Data) -> str:
    """Return the template of the part that a context is about."""
    return f"reporting/report_parts/{context['part'].kind}.html"


def results_of_part(assessment: Assessment, reader: Person, slug: str) -> Data:
    """Return what the page of a part shows to a reader; 404 if the results have no such part."""
    document = Document(assessment.snapshot)
    listed = contents.contents(document)
    part = next((one for one in (*listed, *contents.below_change(document)) if one.slug == slug), None)
    if part is None:
        raise Http404
    at = listed.index(part) if part in listed else None
    neighbours = [None, *listed, None]
    context = public.about(assessment, document, reader) | {"part": part}
    context |= {"previous": neighbours[at] if at is not None else None}
    context |= {"next": neighbours[at + 2] if at is not None else None}
    return context | SHOWN[part.kind](assessment, document, part)


def _areas(assessment: Assessment, document: Document, part: Part) -> Data:
    return {"spreads": captions.spreads(document)}


def _area(assessment: Assessment, document: Document, part: Part) -> Data:
    chapter = part.chapter
    if chapter is None:
        raise ValueError("This part is about no area.")
    key = f"area-{chapter.code}"
    written = {name: text for name, text in public.texts(assessment).items() if name == key}
    words = language_attributes(document.edition["languages"])
    return {
        "chapter": chapter,
        "percentages": captions.percentages(chapter),
        "distributions": captions.distributions(chapter),
        "narrative": narrative.pages(document, written, words).get(key),
    }


def _answers(assessment: Assessment, document: Document, part: Part) -> Data:
    return {"matrix": matrix(document)}


def _change(assessment: Assessment, document: Document, part: Part) -> Data:
    found = changes.since_earlier(document)
    behind = {one.snapshot_sha256: one for one in earlier.compared_issues(assessment)}
    return {
        "multiples": captions.multiples(document, found),
        "changes": [(one, behind.get(one.sha256), captions.arrows(one)) for one in found],
    }


def _since(assessment: Assessment, document: Document, part: Part) -> Data:
    """The changes since one cycle, by indicator and by country, with a chart of the countries for each area."""
    since = next(one for one in changes.since_earlier(document, only=part.cycle))
    behind = {one.snapshot_sha256: one for one in earlier.compared_issues(assessment)}
    compared = [(n, chapter) for n, (chapter, area) in enumerate(since.areas) if area.n]
    return {
        "since": since,
        "source": behind.get(since.sha256),
        "by_area": [(chapter, captions.country_arrows(since, n)) for n, chapter in compared],
    }


def _objectives(assessment: Assessment, document: Document, part: Part) -> Data:
    return {"objectives": changes.objectives(document), "strategy": strategy.of(document)}


def _groups(assessment: Assessment, document: Document, part: Part) -> Data:
    return {"groups": changes.groups(document)}


def _figures(assessment: Assessment, document: Document, part: Part) -> Data:
    return {"figures": changes.figures(document)}


def _participation(assessment: Assessment, document: Document, part: Part) -> Data:
    return {"taken": document.taken(assessment.consolidated_at)}


SHOWN: dict[str, Callable[[Assessment, Document, Part], Data]] = {
    "areas": _areas,
    "area": _area,
    "answers": _answers,
    "change": _change,
    "since": _since,
    "objectives": _objectives,
    "groups": _groups,
    "figures": _figures,
    "participation": _participation,
}
