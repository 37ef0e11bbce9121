"""Tags of what others take from a page: data for search engines, and the snippet of a chart."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reporting.document import citation, numbers
from reporting.document.citation import as_script
from reporting.models import Product, PublishedIssue
from reporting.published.cycle import CyclePage

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
def dataset_of(page: CyclePage) -> SafeString:
    """Print the data of schema.org about the issue of a cycle's overview."""
    names = [one.name for one in page.reported]
    title = str(numbers.text(page.issue.edition["title"]))
    data = citation.dataset(page.assessment, countries=names, counted=page.issue.reported, questionnaire=title)
    return as_data(data)


@register.simple_tag
def issues_in_words(issues: Sequence[PublishedIssue]) -> str:
    """Print which issues a page is made from, the latest first."""
    words = _("%(cycle)s, issue %(issue)d, published %(day)s")
    return "; ".join(
        words % {"cycle": one.cycle_code, "issue": one.number, "day": date_format(localtime(one.published_at))}
        for one in reversed(issues)
    )


@register.simple_tag
def citations(issues: Sequence[PublishedIssue]) -> SafeString:
    """Print the links to the citations of issues, the latest first."""
    kinds = [("bib", "BibTeX"), ("json", "CSL")]
    found = []
    for one in reversed(issues):
        links = [(reverse("report_citation", args=[one.assessment_id, kind]), name) for kind, name in kinds]
        found.append((one.cycle_code, format_html_join(", ", '<a href="{}">{}</a>', links)))
    return format_html_join("; ", "{} {}", found)


@register.simple_tag
def card_of(issue: PublishedIssue, kind: str, subject: str) -> str:
    """Print the address of the picture of a country or an indicator in an issue; nothing before it is drawn."""
    drawn = Product.objects.filter(assessment=issue.assessment_id, kind=kind, subject=subject)
    names = {Product.Kind.COUNTRY_CARD: "report_country_card", Product.Kind.INDICATOR_CARD: "report_indicator_card"}
    if not drawn.exists():
        return ""
    return f"{settings.SITE_URL}{reverse(names[Product.Kind(kind)], args=[issue.assessment_id, subject])}"
