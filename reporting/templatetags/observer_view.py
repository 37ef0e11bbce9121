"""Tags that let the public pages be looked at before they are public; elsewhere they change nothing."""

from typing import Any

from django import template
from django.urls import reverse

from reporting.assessments.withheld import Item
from reporting.document import contents
from reporting.document.parts import Chapter

register = template.Library()


@register.simple_tag(takes_context=True)
def results_page(context: dict[str, Any], iso2: str = "") -> str:
    """Return the address of the results page, or of a country's, for the reader that the page is shown to."""
    page, pk = "observer" if context.get("observer_view") else "report", context["assessment"].pk
    return reverse(f"{page}_country", args=[pk, iso2]) if iso2 else reverse(page, args=[pk])


@register.simple_tag(takes_context=True)
def results_part(context: dict[str, Any], slug: str) -> str:
    """Return the address of a part of the results, for the reader that the page is shown to; nothing within a text."""
    page, assessment = "observer" if context.get("observer_view") else "report", context.get("assessment")
    return reverse(f"{page}_part", args=[assessment.pk, slug]) if assessment else ""


@register.filter
def part_slug(chapter: Chapter) -> str:
    """Return what the address of the results of an area calls it."""
    return contents.area_slug(chapter)


@register.filter
def change_slug(cycle: str) -> str:
    """Return what the address of the changes since an earlier cycle calls them, by its code."""
    return contents.change_slug(cycle)


@register.simple_tag(takes_context=True)
def indicator_page(context: dict[str, Any], code: str) -> str:
    """Return the address of the page that says who gave which answer to an indicator; nothing within a text."""
    page, assessment = "observer" if context.get("observer_view") else "report", context.get("assessment")
    return reverse(f"{page}_indicator", args=[assessment.pk, code]) if assessment else ""


@register.simple_tag(takes_context=True)
def withheld(context: dict[str, Any], *, country: str = "", answer: str = "") -> list[Item]:
    """Return what is withheld of a country (by ISO code) or an answer (by label); nothing on the public pages."""
    observer_view = context.get("observer_view")
    if not observer_view:
        return []
    return list(observer_view.answers.get(answer, []) if answer else observer_view.countries.get(country, []))
