"""Published assessments for everyone: an assessment's results, a country's, and the file as stored."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from reporting.assessments import chapters, verification
from reporting.document import captions, changes, citation, contents, narrative, numbers
from reporting.document.document import Document
from reporting.document.indicator import choices
from reporting.exports import files
from reporting.forms import VerifyForm
from reporting.http import public_page, says_if_withdrawn
from reporting.models import NOT_LISTED, Assessment, Product
from scoreboard.models import User
from scoreboard.phrases import language_attributes
from scoreboard.stakeholders.reading import published_in
from scoreboard.text import alphabetical

DATA_KINDS = set(Product.Kind) - set(NOT_LISTED)
WHOLE = {"introduction", "summary", "conclusions"}  # texts of the issue as a whole, others are about an area


@login_not_required
@require_safe
@public_page
@says_if_withdrawn
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the results of an assessment: published ones to their readers, the others to officers and analysts."""
    assessment = whole(Assessment.objects.visible_to(request.user), pk)
    return render(request, "reporting/public/report.html", results(assessment, request.user))


@login_not_required
@require_safe
@public_page
@says_if_withdrawn
def country(request: HttpRequest, pk: int, iso2: str) -> HttpResponse:
    """Show one country's results by area and its answer to each indicator, as far as they are public."""
    assessment = whole(Assessment.objects.visible_to(request.user), pk)
    return render(request, "reporting/public/country.html", results_of_country(assessment, iso2))


@login_not_required
@require_safe
@public_page
@says_if_withdrawn
def indicator(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show who gave which answer to an indicator: what its counts are counts of."""
    assessment = whole(Assessment.objects.visible_to(request.user), pk)
    return render(request, "reporting/public/indicator.html", results_of_indicator(assessment, code))


@login_not_required
@require_safe
@public_page
@says_if_withdrawn
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """List what organisations stated on the countries of the cycle, with the replies, as officers published it."""
    assessment = whole(Assessment.objects.visible_to(request.user), pk)
    document = Document(assessment.snapshot)
    shown = sorted(published_in(assessment.cycle), key=lambda one: (alphabetical(one.submission.country), one.pk))
    page = Paginator(shown, 50).get_page(request.GET.get("page"))
    context = {"assessment": assessment, "document": document, "page": page, "example": document.is_example}
    context["reported"] = {participant.iso2 for participant in document.reported}
    context["text_language"] = language_attributes(document.edition["languages"])
    return render(request, "reporting/public/statements.html", context)


@login_not_required
@require_safe
@says_if_withdrawn
def pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the published PDF as a download: the bytes that were stored, never made again."""
    released = Assessment.objects.visible_to(request.user).filter(published_at__isnull=False)
    return stored(request, released, pk, Product.Kind.PDF)


@login_not_required
@require_safe
@says_if_withdrawn
def country_pdf(request: HttpRequest, pk: int, iso2: str) -> HttpResponseBase:
    """Give a country's own PDF as a download, as stored."""
    released = Assessment.objects.visible_to(request.user).filter(published_at__isnull=False)
    return stored(request, released, pk, Product.Kind.COUNTRY_PDF, iso2)


@login_not_required
@require_safe
@says_if_withdrawn
def country_card(request: HttpRequest, pk: int, iso2: str) -> HttpResponseBase:
    """Give the picture with which a link to a country is shown."""
    issues = Assessment.objects.published_to(request.user)
    return stored(request, issues, pk, Product.Kind.COUNTRY_CARD, iso2.upper(), as_attachment=False)


@login_not_required
@require_safe
@says_if_withdrawn
def indicator_card(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Give the picture with which a link to an indicator is shown."""
    issues = Assessment.objects.published_to(request.user)
    return stored(request, issues, pk, Product.Kind.INDICATOR_CARD, code, as_attachment=False)


@login_not_required
@require_safe
@says_if_withdrawn
def product(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Give a data file, as stored; those of an issue at work go to officers and analysts only."""
    if kind not in DATA_KINDS:
        raise Http404
    return stored(request, Assessment.objects.visible_to(request.user), pk, kind)


@login_not_required
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Show which file of which issue a SHA-256 belongs to, if any."""
    form = VerifyForm(request.GET if "sha256" in request.GET else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        sha256 = form.cleaned_data["sha256"]
        context |= {"sha256": sha256, "matches": verification.matches(sha256, request.user)}
    return render(request, "reporting/public/verify.html", context)


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Give the schema of the JSON file."""
    return HttpResponse(files.SCHEMA.read_bytes(), content_type="application/schema+json")


def stored(
    request: HttpRequest,
    assessments: QuerySet[Assessment],
    pk: int,
    kind: str,
    subject: str = "",
    *,
    as_attachment: bool = True,
) -> HttpResponseBase:
    """Return the file of this kind of one of `assessments` as stored, 304 if the reader has it already; else 404.

    Raises NotNow if the stored file is no longer the one that was built.
    """
    products = Product.objects.select_related("assessment__cycle").defer("assessment__snapshot")
    found = get_object_or_404(products, assessment__in=assessments, assessment=pk, kind=kind, subject=subject)
    etag = f'"{found.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        found.require_unchanged()
        response = FileResponse(
            found.file.open("rb"), as_attachment=as_attachment, filename=found.name, content_type=found.content_type
        )
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)  # asked for again each time: it may be withdrawn
    return response


def whole(assessments: QuerySet[Assessment], pk: int) -> Assessment:
    """Return one of `assessments` with all that its pages show; else 404."""
    return get_object_or_404(assessments.select_related("cycle").prefetch_related("products"), pk=pk)


def about(assessment: Assessment, document: Document, reader: User | AnonymousUser) -> dict[str, Any]:
    """Return what the page of an issue and those of its parts have in common, for a reader."""
    published = Assessment.objects.published_to(reader).with_cycle()
    return {
        "assessment": assessment,
        "document": document,
        "newer": published.filter(cycle=assessment.cycle, issue__gt=assessment.issue).order_by("-issue").first(),
        "text_language": language_attributes(document.edition["languages"]),
        "example": document.is_example,
        "may_embed": is_for_everyone(assessment),
    }


def results(assessment: Assessment, reader: User | AnonymousUser) -> dict[str, Any]:
    """Return what the page of an issue shows to a reader: what it says as a whole, and where its parts are."""
    document = Document(assessment.snapshot)
    written = {key: text for key, text in texts(assessment).items() if key in WHOLE}
    common = about(assessment, document, reader)
    return common | {
        "parts": contents.contents(document),
        "texts": narrative.pages(document, written, common["text_language"]),
        "since_issue": changes.since_issue(document),
        "new_basis": changes.new_basis(document),
        "statements": published_in(assessment.cycle).count(),
        "dataset": _dataset(assessment, document) if assessment.published_at else None,
        "earlier_reports": list(assessment.cycle.earlier_reports.all()) if assessment.cycle.is_earlier_round else [],
    }


def _dataset(assessment: Assessment, document: Document) -> dict[str, Any]:
    names = [str(one.name) for one in document.reported]
    title = str(numbers.text(document.edition["title"]))
    return citation.dataset(assessment, countries=names, counted=document.counted, questionnaire=title)


def has_card(assessment: Assessment, kind: str, subject: str) -> bool:
    """Return whether the worker has drawn the card about a country or an indicator."""
    return any(one.kind == kind and one.subject == subject for one in assessment.products.all())


def is_for_everyone(assessment: Assessment) -> bool:
    """Return whether everybody reads the assessment now, so that other sites can show its charts."""
    return (assessment.status, assessment.audience) == (Assessment.Status.PUBLISHED, Assessment.Audience.EVERYONE)


def texts(assessment: Assessment) -> dict[str, str]:
    """Return the texts: the current ones while the issue is at work, afterwards those that were built."""
    return chapters.texts(assessment) if assessment.is_at_work else assessment.texts


def results_of_country(assessment: Assessment, iso2: str) -> dict[str, Any]:
    """Return what the page of a country shows; 404 if it has not reported."""
    document = Document(assessment.snapshot)
    reported = {participant.iso2: participant for participant in document.reported}
    if iso2 not in reported:
        raise Http404
    areas = document.replies(iso2)
    return {
        "assessment": assessment,
        "document": document,
        "card": has_card(assessment, Product.Kind.COUNTRY_CARD, iso2),
        "country": reported[iso2],
        "may_embed": is_for_everyone(assessment),
        "areas": areas,
        "profile": captions.profile(areas),
        "pdf": assessment.country_pdfs.get(iso2) if assessment.published_at else None,
        "statements": published_in(assessment.cycle).filter(submission__country__iso2=iso2),
        "text_language": language_attributes(document.edition["languages"]),
        "example": document.is_example,
    }


def results_of_indicator(assessment: Assessment, code: str) -> dict[str, Any]:
    """Return what the page of an indicator shows; 404 if the edition has none of that code."""
    document = Document(assessment.snapshot)
    try:
        chapter, tally, found = choices(document, code)
    except KeyError:
        raise Http404 from None
    return {
        "assessment": assessment,
        "document": document,
        "card": has_card(assessment, Product.Kind.INDICATOR_CARD, tally.code),
        "chapter": chapter,
        "tally": tally,
        "choices": found,
        "text_language": language_attributes(document.edition["languages"]),
        "example": document.is_example,
    }
