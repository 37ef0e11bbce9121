"""The charts of a document, with the words that go with them: a title, and a description for who cannot see them."""

import unicodedata
from collections.abc import Sequence

from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from reporting import charts, wording
from reporting.charts import Bar, Chart, Part, Range, Stack
from reporting.document import Document
from reporting.parts import KINDS, Chapter, Reply, Result, Tally

LOOKS = {"not_applicable": "hatched", "unknown": "dotted", "": "blank"}


def percentages(chapter: Chapter, labels: dict[str, str] | None = None) -> Chart:
    """Return the countries' percentages in an area as bars in alphabetical order, with the regional median.

    `labels` by ISO code replaces the countries' names where a name cannot be drawn.
    """
    results, lies = chapter.results, chapter.spread
    description = ngettext(
        "Bars from 0 to 100 percent for %(n)d country, in alphabetical order.",
        "Bars from 0 to 100 percent for %(n)d countries, in alphabetical order.",
        len(results),
    ) % {"n": len(results)}
    if lies:
        description += " " + _("The regional mean is %(mean)s, the median %(median)s, with n = %(n)d.") % {
            "mean": wording.number(lies.mean),
            "median": wording.number(lies.median),
            "n": lies.n,
        }
    return charts.percentages(
        [Bar((labels or {}).get(one.iso2, one.country), _float(one.percent)) for one in results],
        title=_("Area %(code)s: percent by country") % {"code": chapter.code},
        description=description,
        none=_("nothing scored"),
        line=float(lies.median) if lies else None,
        line_label=_("regional median %(median)s") % {"median": wording.number(lies.median)} if lies else "",
        rtl=get_language_bidi(),
    )


def spreads(document: Document) -> Chart:
    """Return how the countries' percentages lie in each area."""
    sentences = [
        _("Area %(code)s: mean %(mean)s, median %(median)s, from %(lowest)s to %(highest)s, n = %(n)d.")
        % {
            "code": chapter.code,
            "n": chapter.spread.n,
            **{key: wording.number(getattr(chapter.spread, key)) for key in ("mean", "median", "lowest", "highest")},
        }
        for chapter in document.chapters
        if chapter.spread
    ]
    return charts.spreads(
        [Range(f"{chapter.code} · {chapter.title}", chapter.spread) for chapter in document.chapters],
        title=_("Regional results by area"),
        description=" ".join(sentences),
        none=_("nothing scored"),
        rtl=get_language_bidi(),
    )


def distributions(chapter: Chapter) -> Chart:
    """Return how the answers to each indicator of an area are distributed over its levels."""
    ladders = {tuple(tally.ladder) for tally in chapter.tallies}
    return charts.distributions(
        [Stack(f"{tally.label} · {tally.title}", _parts(tally, chapter.values)) for tally in chapter.tallies],
        title=_("Area %(code)s: levels by indicator") % {"code": chapter.code},
        description=_(
            "Stacked bars, one per indicator: how many countries chose each level, and how many answered "
            "not applicable, unknown or nothing. The numbers stand in the table."
        ),
        legend=_legend(ladders),
        rtl=get_language_bidi(),
    )


def profile(areas: Sequence[tuple[Chapter, Result, list[Reply]]]) -> Chart:
    """Return a country's percentages by area, each beside the regional median."""
    return charts.percentages(
        [
            Bar(chapter.code, _float(result.percent), _float(chapter.spread.median) if chapter.spread else None)
            for chapter, result, _replies in areas
        ],
        title=_("%(country)s: percent by area") % {"country": areas[0][1].country},
        description=_(
            "Bars from 0 to 100 percent, one per area, with the regional median as a mark. "
            "The numbers stand in the table."
        ),
        none=_("nothing scored"),
        rtl=get_language_bidi(),
    )


def drawable(document: Document) -> dict[str, str]:
    """Return ISO codes to stand for names that are written from right to left: WeasyPrint sets a chart's text letter
    by letter, from left to right. Browsers have no need of it."""
    return {
        one.iso2: one.iso3
        for one in document.reported
        if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in one.name)
    }


def _parts(tally: Tally, values: list[int]) -> list[Part]:
    of = len(tally.ladder) - 1
    levels = [
        Part(count, str(value), value - tally.ladder[0], of)
        for value, count in zip(values, tally.counts, strict=True)
        if count is not None
    ]
    others = (tally.not_applicable, tally.unknown, tally.unanswered)
    return levels + [Part(count, str(KINDS[kind]), look=LOOKS[kind]) for count, kind in zip(others, LOOKS, strict=True)]


def _legend(ladders: set[tuple[int, ...]]) -> list[Part]:
    """The levels if all the ladders are the same, else only the ends of any ladder."""
    if len(ladders) == 1:
        (only,) = ladders
        levels = [Part(1, _("Level %(level)d") % {"level": value}, n, len(only) - 1) for n, value in enumerate(only)]
    else:
        levels = [Part(1, _("Lowest level"), 0, 1), Part(1, _("Highest level"), 1, 1)]
    return levels + [Part(1, str(KINDS[kind]), look=look) for kind, look in LOOKS.items()]


def _float(value) -> float | None:
    return None if value is None else float(value)
