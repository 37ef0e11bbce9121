"""Charts of published issues for other sites: small pages that read no cookie, set none and run nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from reporting.assessments import gone
from reporting.document import captions, citation
from reporting.document.document import Document
from reporting.http import public_page
from reporting.models import Assessment
from reporting.views.public import whole
from scoreboard.errors import Gone

# Only here may another site show a page of the portal in a frame.
POLICY = {"default-src": [NONE], "style-src": [SELF], "base-uri": [NONE], "form-action": [NONE]}
POLICY |= {"frame-ancestors": ["*"]}

Draw = Callable[[Document, str], tuple[str, SafeString]]


def in_a_frame(draw: Draw) -> Callable[..., Any]:
    """Make a view of a chart that `draw` returns with its title; 404 for what is not there, 410 once withdrawn."""

    @login_not_required
    @require_safe
    @xframe_options_exempt
    @csp(POLICY)
    @public_page
    @wraps(draw)
    def shown(request: HttpRequest, language: str, pk: int, code: str) -> HttpResponse:
        if language not in dict(settings.LANGUAGES):
            raise Http404
        context: dict[str, Any] = {"language": language, "bidi": translation.get_language_info(language)["bidi"]}
        with translation.override(language):
            try:
                issue = whole(Assessment.objects.published_to(AnonymousUser()), pk)
            except Http404:
                try:
                    gone.require_not_withdrawn(pk, AnonymousUser())
                except Gone as problem:
                    context |= {"sentence": problem.sentence}
                    return HttpResponse(render_to_string("reporting/embed.html", context), status=410)
                raise
            document = Document(issue.snapshot)
            title, chart = draw(document, code)
            context |= {"title": title, "chart": chart, "example": document.is_example}
            context |= {"source": citation.title(issue), "address": citation.address(issue)}
            context |= {"portal_name": settings.PORTAL_NAME}
            return HttpResponse(render_to_string("reporting/embed.html", context))

    return shown


@in_a_frame
def percentages(document: Document, code: str) -> tuple[str, SafeString]:
    """The percentages of the countries in an area."""
    chapter = _chapter(document, code)
    return _("%(area)s: percent by country") % {"area": f"{chapter.code}. {chapter.title}"}, captions.percentages(
        chapter
    )


@in_a_frame
def distributions(document: Document, code: str) -> tuple[str, SafeString]:
    """How many countries chose each level, by indicator of an area."""
    chapter = _chapter(document, code)
    title = _("%(area)s: levels by indicator") % {"area": f"{chapter.code}. {chapter.title}"}
    return title, captions.distributions(chapter)


@in_a_frame
def profile(document: Document, code: str) -> tuple[str, SafeString]:
    """A country's percentages by area, with the overall medians."""
    for participant in document.reported:
        if participant.iso2 == code.upper():
            title = _("%(country)s: percent by area, with the overall median") % {"country": participant.name}
            return title, captions.profile(document.replies(participant.iso2))
    raise Http404


def _chapter(document: Document, code: str) -> Any:
    for chapter in document.chapters:
        if chapter.code.lower() == code.lower():
            return chapter
    raise Http404
