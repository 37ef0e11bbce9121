"""The questionnaires without answers, for everyone: where to get them, as a PDF, a workbook and a Word form."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reporting.exports import questionnaire, word
from reporting.http import public_page
from reporting.pdf import single
from reporting.views.pdfs import XLSX, as_file, give
from scoreboard import workbook
from scoreboard.models import Edition
from scoreboard.phrases import text_language


@login_not_required
@require_safe
@public_page
def questionnaire_list(request: HttpRequest) -> HttpResponse:
    """List the questionnaires that the person may read, the newest first, in each of their languages."""
    public = set(Edition.objects.used_openly().values_list("pk", flat=True))
    editions = [
        (edition, text_language(edition), workbook.languages(edition), edition.pk in public)
        for edition in Edition.objects.visible_to(request.user)
    ]
    return render(request, "reporting/questionnaires/list.html", {"editions": editions})


@login_not_required
@require_safe
def pdf(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Give the questionnaire to read and to print."""
    edition = _edition(request, code, language)
    return give(request, single.questionnaire(edition, language), f"{edition.code}-{language}.pdf")


@login_not_required
@require_safe
def xlsx(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Give the questionnaire as a workbook."""
    edition = _edition(request, code, language)
    return as_file(workbook.blank(edition, language), f"{edition.code}-{language}.xlsx", XLSX)


@login_not_required
@require_safe
def docx(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Give the questionnaire as a form to fill in with a word processor."""
    edition = _edition(request, code, language)
    return as_file(questionnaire.docx(edition, language), f"{edition.code}-{language}.docx", word.TYPE)


def _edition(request: HttpRequest, code: str, language: str) -> Edition:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    if language not in edition.languages:
        raise Http404
    return edition
