"""The two pages about an accepted submission for a government's head, as PDF and Word file."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reporting.document import ministers_page
from reporting.document.ministers_page import MinistersPage
from reporting.exports import ministers_page as as_word
from reporting.exports import word
from reporting.pdf import single
from reporting.views.pdfs import as_file, give
from scoreboard import phrases, zones
from scoreboard.errors import NotNow
from scoreboard.http import SignedIn
from scoreboard.models import Submission


@require_safe
def pdf(request: SignedIn, pk: int, language: str) -> HttpResponse:
    """Give the pages to read and to print, in a language of the questionnaire or of the portal."""
    submission = _submission(request, pk, language)
    with translation.override(language):
        paper = single.ministers_page(_page(request, submission))
    return give(request, paper, f"{_name(submission)}-{language}.pdf")


@require_safe
@zones.no_page()
def docx(request: SignedIn, pk: int, language: str) -> HttpResponse:
    """Give the same as a Word file."""
    submission = _submission(request, pk, language)
    with translation.override(language):
        content = as_word.docx(_page(request, submission))
    return as_file(content, f"{_name(submission)}-{language}.docx", word.TYPE)


def _submission(request: SignedIn, pk: int, language: str) -> Submission:
    visible = Submission.objects.visible_to(request.user)
    found = visible.select_related("cycle__edition", "country", "accepted_version")
    submission = get_object_or_404(found, pk=pk)
    if language not in dict(phrases.languages(submission.cycle.edition)):
        raise Http404
    return submission


def _page(request: SignedIn, submission: Submission) -> MinistersPage:
    """Return what the pages say; raise NotNow before a version is accepted."""
    page = ministers_page.of(submission, request.user)
    if page is None:
        raise NotNow(_("The two pages are made from accepted answers. They are here once the Secretariat accepts."))
    return page


def _name(submission: Submission) -> str:
    return f"{submission.cycle.code}-{submission.country.iso3}-summary".lower()
