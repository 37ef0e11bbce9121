"""Tags that print what public pages have hundreds of: as nodes of a template they would take most of the time."""

from collections.abc import Iterable, Sequence

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.charts.svg import shade
from reporting.document import numbers
from reporting.models import PublishedIndicator, PublishedIssue
from reporting.published.country import AreaPoint, Said
from reporting.published.cycle import Participation
from reporting.published.glyphs import Given, Glyph
from reporting.published.indicator import Quote, Share
from reporting.published.names import Named
from reporting.published.rounds import Rounds
from reporting.templatetags.figures import percent
from reporting.templatetags.published import glyph, public_url, words_of

CELLS = {"unknown": "uk", "not_applicable": "na", "unanswered": "ua"}  # classes of the matrix, short

register = template.Library()


@register.simple_tag
def glyph_cells(glyphs: Iterable[Glyph]) -> SafeString:
    """Print the signs of an answer as the cells of a row, cycle by cycle."""
    cells = []
    for one in glyphs:
        broken = " broken" if one.broken else ""
        cells.append(f'<td class="rows-cycle{broken}" data-cycle="{escape(one.issue.cycle_code)}">{glyph(one)}</td>')
    return mark_safe("".join(cells))  # noqa: S308 codes are escaped, and signs are HTML


@register.simple_tag
def matrix_rows(matrix: Iterable[tuple[Named, Sequence[Glyph]]], starts: Sequence[int]) -> SafeString:
    """Print the rows of the matrix, as short as HTML allows: it has thousands of cells.

    `starts` are the places at which an area begins. End tags of cells may be left out.
    """
    known: dict[tuple[str, int | None, int], tuple[str, str]] = {}  # each sign is in many cells
    rows = []
    for country, glyphs in matrix:
        cells = []
        for n, one in enumerate(glyphs):
            key = (one.state, one.rung, one.of)
            if key not in known:
                css = f"s{shade(one.rung or 0, one.of)}" if one.is_level else CELLS[one.state]
                known[key] = (css, escape(one.mark))
            css, mark = known[key]
            cells.append(f'<td class="{css} b">{mark}' if n in starts else f"<td class={css}>{mark}")
        rows.append(f"<tr><th scope=row>{_link(country)}</th>{''.join(cells)}</tr>")
    return mark_safe("".join(rows))  # noqa: S308 every mark is escaped


@register.simple_tag
def participants(some: Iterable[Participation], issues: Sequence[PublishedIssue]) -> SafeString:
    """Print countries as items of a list, each with a circle for each cycle, filled where it reported.

    For the ear there are the cycles in which it did.
    """
    codes = [one.cycle_code for one in issues]
    known: dict[tuple[bool | None, ...], str] = {}  # most countries reported in the same cycles as others
    found = []
    for one in some:
        reported = tuple(one.reported)
        if reported not in known:
            known[reported] = _circles(reported, codes)
        found.append(f"<li>{_link(one.country)} {known[reported]}</li>")
    return mark_safe("\n".join(found))  # noqa: S308 - every text is escaped


def _circles(reported: Sequence[bool | None], codes: Sequence[str]) -> SafeString:
    signs = "".join("●" if one else "○" if one is False else "·" for one in reported)
    named = [code for code, one in zip(codes, reported, strict=True) if one]
    words = _("reported in %s") % ", ".join(named) if named else _("did not report")
    words = _("reported in each cycle") if len(named) == len(reported) else words
    return format_html(
        '<span class="circles" aria-hidden="true">{}</span><span class="visually-hidden">{}</span>', signs, words
    )


@register.simple_tag
def country_links(countries: Iterable[Named]) -> SafeString:
    """Print countries as items of a list."""
    return mark_safe("".join(f"<li>{_link(one)}</li>" for one in countries))  # noqa: S308 - every text is escaped


@register.simple_tag
def share_counts(shares: Iterable[Share]) -> SafeString:
    """Print how many countries gave each answer, as items of a list."""
    return mark_safe("".join(f"<li>{glyph(one.glyph)} {one.n}</li>" for one in shares))  # noqa: S308 numbers, and HTML


@register.simple_tag
def area_labels(points: Sequence[AreaPoint]) -> SafeString:
    """Print an area over the cycles under its chart, as items of a list."""
    counted = [format_html(" <span>{}</span>", one.counted) if one.counted else "" for one in points]
    found = [(one.issue.cycle_code, percent(one.percent), words) for one, words in zip(points, counted, strict=True)]
    return format_html_join("", "<li>{} <b>{}</b>{}</li>", found)


@register.simple_tag
def area_cells(points: Iterable[AreaPoint]) -> SafeString:
    """Print an area over the cycles as the cells of a row, with the median of all countries."""
    found = [(percent(one.percent), one.counted_in_full, one.others) for one in points]
    return format_html_join("", '<td class="num">{} <span class="of">{}</span> <span class="of">{}</span></td>', found)


def _link(country: Named) -> str:
    return f'<a href="{escape(country.address)}">{escape(country.name)}</a>'


@register.simple_tag
def quotes_of_countries(quotes: Iterable[Quote]) -> SafeString:
    """Print what countries wrote on an indicator in a cycle, each under its name and sign: there are hundreds."""
    signs: dict[tuple[str, int | None], SafeString] = {}
    found = []
    for one in quotes:
        key = (one.glyph.state, one.glyph.level)
        if key not in signs:
            signs[key] = glyph(one.glyph)
        found.append(f"<h3>{_link(one.country)} {signs[key]}</h3>{_said(one.answer)}")
    return mark_safe("\n".join(found))  # noqa: S308 - every text is escaped


@register.simple_tag
def quotes_of_cycles(indicator: PublishedIndicator, said: Iterable[Said], rounds: Rounds) -> SafeString:
    """Print what a country wrote on an indicator, each under its cycle: there are hundreds on a page."""
    head = format_html(
        '<h3><a href="{}">{}</a> <span{}>{}</span> <span class="soft">· ',
        public_url("indicator_page", indicator.code, rounds),
        indicator.label,
        words_of(rounds.latest),
        numbers.text(indicator.short_title),
    )
    found = [f"{head}{escape(one.issue.cycle_code)}</span></h3>{_said(one.answer)}" for one in said]
    return mark_safe("\n".join(found))  # noqa: S308 - every text is escaped


def _said(answer: Given) -> str:
    """The words of an answer, escaped, or that they are withheld."""
    found = ""
    if answer.reason:
        because = escape(_("Not applicable, because:"))
        found += f'<p dir="auto">{because} {linebreaksbr(answer.reason)}</p>'
    if answer.comment:
        found += f'<blockquote dir="auto">{_paragraphs(answer.comment)}</blockquote>'
    if answer.withheld:
        found += f'<p class="withheld">{escape(_("The comment is withheld from publication."))}</p>'
    return found


def _paragraphs(text: str) -> str:
    """The paragraphs of a text, escaped; most have one line, for which Django's filter takes long."""
    return linebreaks(text, autoescape=True) if "\n" in text or "\r" in text else f"<p>{escape(text)}</p>"
