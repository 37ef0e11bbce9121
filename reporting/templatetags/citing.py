"""Tags of what others take from a page: data for search engines, and the snippet of a chart."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reporting.document import citation, numbers
from reporting.document.citation import as_script
from reporting.models import Assessment, Product, PublishedCountry, PublishedIssue

register = template.Library()


@register.simple_tag
def as_data(data: dict[str, Any]) -> SafeString:
    """Print data of schema.org; browsers run nothing of such an element, and its text has no signs of HTML."""
    return mark_safe(f'<script type="application/ld+json">{as_script(data)}</script>')  # noqa: S308 - escaped above


@register.simple_tag
def embed_path(name: str, *words: str | int, query: str = "") -> str:
    """Return the path of a chart for other sites, in the language of the page; empty words are left out."""
    path = reverse(name, args=[translation.get_language(), *(one for one in words if one != "")])
    return f"{path}?{query}" if query else path


@register.simple_tag
def snippet(path: str, title: str) -> str:
    """Print, as text, what somebody copies into a page of theirs to show the chart at a path of the portal."""
    address, shown = escape(settings.SITE_URL + path), escape(title)  # for attributes; the page escapes the whole again
    return f'<iframe src="{address}" title="{shown}" width="100%" height="480" loading="lazy"></iframe>'


@register.simple_tag
def dataset_of(issue: PublishedIssue) -> SafeString:
    """Print the data of schema.org about a published issue of which only the read model is at hand."""
    assessment = Assessment.objects.without_snapshot().prefetch_related("products").get(pk=issue.assessment_id)
    reported = PublishedCountry.objects.filter(issue=issue, reported=True)
    names = [str(numbers.text(one.name)) for one in reported]
    title = str(numbers.text(issue.edition["title"]))
    return as_data(citation.dataset(assessment, countries=names, counted=issue.reported, questionnaire=title))


@register.simple_tag
def card_of(issue: PublishedIssue, kind: str, subject: str) -> str:
    """Print the address of the picture of a country or an indicator in an issue; nothing before it is drawn."""
    drawn = Product.objects.filter(assessment=issue.assessment_id, kind=kind, subject=subject)
    names = {Product.Kind.COUNTRY_CARD: "report_country_card", Product.Kind.INDICATOR_CARD: "report_indicator_card"}
    if not drawn.exists():
        return ""
    return f"{settings.SITE_URL}{reverse(names[Product.Kind(kind)], args=[issue.assessment_id, subject])}"
