"""The charts of a document, with the words that go with them: a title, and a description for who cannot see them."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from reporting import charts, panels, trends, wording
from reporting.canvas import Chart
from reporting.changes import Told
from reporting.charts import Bar, Part, Range, Stack
from reporting.document import Document
from reporting.parts import KINDS, Cell, Chapter, Reply, Result, Tally
from reporting.trends import Arrow, Panel, Point

PROFILES, BARS = 40, 50  # countries that a chart of them has room for
LOOKS = {"not_applicable": "hatched", "unknown": "dotted", "": "blank"}


def percentages(chapter: Chapter) -> Chart:
    """Return the countries' percentages in an area as bars in alphabetical order, with the regional median."""
    return _percentages(chapter, chapter.results, _("Area %(code)s: percent by country") % {"code": chapter.code})


def percentages_by_page(chapter: Chapter) -> list[Chart]:
    """Return the same as one chart, or as several that fit a page each."""
    results = chapter.results
    if len(results) <= BARS:
        return [percentages(chapter)]
    size = ceil(len(results) / ceil(len(results) / BARS))
    parts = [results[at : at + size] for at in range(0, len(results), size)]
    title = _("Area %(code)s: percent by country, %(first)s to %(last)s")
    said = [{"code": chapter.code, "first": part[0].country, "last": part[-1].country} for part in parts]
    return [_percentages(chapter, part, title % words) for part, words in zip(parts, said, strict=True)]


def _scored(result: Result) -> str:
    """Return a country's percentage with the number of indicators behind it."""
    if result.percent is None:
        return ""
    told = {"percent": wording.number(result.percent), "n": result.scored, "of": result.of}
    return _("%(percent)s (%(n)d of %(of)d)") % told


def _percentages(chapter: Chapter, results: Sequence[Result], title: str) -> Chart:
    lies = chapter.spread
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
        [Bar(one.country, _float(one.percent), words=_scored(one)) for one in results],
        title=title,
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
    """Return a country's percentages by area as dots, each beside the regional median."""
    return charts.dots(
        [
            Bar(chapter.code, _float(result.percent), _float(chapter.spread.median) if chapter.spread else None)
            for chapter, result, _replies in areas
        ],
        title=_("%(country)s: percent by area") % {"country": areas[0][1].country},
        description=_(
            "A dot from 0 to 100 percent for each area, with the regional median as an upright mark. "
            "The numbers stand in the table."
        ),
        none=_("nothing scored"),
        legend=(_("the country"), _("regional median")),
        rtl=get_language_bidi(),
    )


def profiles(document: Document) -> list[Chart]:
    """Return every country's percentages by area as dots beside the regional medians, as charts that fit a page."""
    columns = [
        panels.Column(chapter.code, _float(chapter.spread.median) if chapter.spread else None)
        for chapter in document.chapters
    ]
    rows = [(one.name, [_float(result.percent) for result in results]) for one, results in document.overview]
    parts = [rows[at : at + PROFILES] for at in range(0, len(rows), PROFILES)]
    return [
        panels.dots(
            part,
            columns,
            title=_("Percent by area: %(first)s to %(last)s") % {"first": part[0][0], "last": part[-1][0]},
            description=_(
                "A panel from 0 to 100 percent for each area, a dot in it for each country, in alphabetical order, "
                "and a dashed line at the regional median. The numbers stand in the table."
            ),
            rtl=get_language_bidi(),
        )
        for part in parts
    ]


def heat(document: Document) -> Chart:
    """Return the answers of all countries to all indicators as a map of shades."""
    rows = [(country.name, [_tile(cell) for cell in cells]) for country, cells in document.matrix()]
    tallies = [(tally, tally is chapter.tallies[0]) for chapter in document.chapters for tally in chapter.tallies]
    return charts.heat(
        rows,
        [(tally.label, begins) for tally, begins in tallies],
        title=_("Answers by country and indicator"),
        description=_(
            "A cell for each country, in alphabetical order, and each indicator: the darker, the higher the level "
            "stands on the indicator’s ladder. Each cell says the level."
        ),
        legend=_legend({tuple(tally.ladder) for tally, _begins in tallies}),
        rtl=get_language_bidi(),
    )


def arrows(told: Told) -> Chart:
    """Return how the mean of each area changed since an earlier cycle, on the matched set."""
    sentences = [
        _("Area %(code)s: from %(then)s to %(now)s, n = %(n)d.")
        % {
            "code": chapter.code,
            "then": wording.number(area.then.mean),
            "now": wording.number(area.now.mean),
            "n": area.n,
        }
        for chapter, area in told.areas
        if area.then and area.now
    ]
    return _arrows(
        [
            Arrow(
                f"{chapter.code} · {chapter.title}",
                *(_float(side.mean if side else None) for side in (area.then, area.now)),
            )
            for chapter, area in told.areas
        ],
        _("Change of the regional means since %(cycle)s") % {"cycle": told.cycle},
        " ".join(sentences),
        told,
        above=True,
    )


def country_arrows(told: Told, n: int) -> Chart:
    """Return how the countries' percentages in the `n`th area changed since an earlier cycle."""
    chapter, area = told.areas[n]
    description = ngettext(
        "An arrow from then to now for %(n)d country, in alphabetical order. The numbers stand in the table.",
        "An arrow from then to now for %(n)d countries, in alphabetical order. The numbers stand in the table.",
        area.n,
    ) % {"n": area.n}
    return _arrows(
        [Arrow(country.name, *map(_float, pairs[n][1] or (None, None))) for country, pairs in told.countries],
        _("Area %(code)s: change by country since %(cycle)s") % {"code": chapter.code, "cycle": told.cycle},
        description,
        told,
    )


def multiples(document: Document, changes: Sequence[Told]) -> Chart:
    """Return the regional mean of each area over the cycles, of all countries and indicators that each cycle had."""
    panels, sentences = [], []
    for n, chapter in enumerate(document.chapters):
        past = [told.areas[n][1] for told in reversed(changes)]
        means = [(told.code, area.all_then) for told, area in zip(reversed(changes), past, strict=True)]
        means.append((document.cycle["code"], chapter.spread))
        joined = [False, *(_joined(document, changes, n))]
        panels.append(
            Panel(
                f"{chapter.code} · {chapter.title}",
                [
                    Point(code, _float(mean), wording.number(mean), whole)
                    for (code, lies), whole in zip(means, joined, strict=True)
                    for mean in [lies.mean if lies else None]
                ],
            )
        )
        told_means = [f"{code}: {wording.number(lies.mean)} (n = {lies.n})" for code, lies in means if lies]
        sentences.append(_("Area %(code)s, %(means)s.") % {"code": chapter.code, "means": ", ".join(told_means)})
    return trends.multiples(
        panels,
        title=_("Regional means over the cycles"),
        description=" ".join(sentences),
        none=_("none"),
        rtl=get_language_bidi(),
    )


def _arrows(rows: list[Arrow], title: str, description: str, told: Told, *, above: bool = False) -> Chart:
    return trends.arrows(
        rows,
        title=title,
        description=description,
        none=_("nothing to compare"),
        legend=(told.cycle, _("now"), _("no change")),
        above=above,
        rtl=get_language_bidi(),
    )


def _joined(document: Document, changes: Sequence[Told], n: int) -> list[bool]:
    """Whether the `n`th area can be compared with the cycle before, for all cycles but the first."""
    cycles = [(told.edition, told.areas[n][1]) for told in reversed(changes)] + [(document.edition["code"], None)]
    return [
        first == last or all(area is None or area.matched == area.of for area in (before, after))
        for (first, before), (last, after) in pairwise(cycles)
    ]


def _tile(cell: Cell) -> Part:
    if cell.kind == "level":
        return Part(1, str(cell.level), cell.rung, cell.of)
    return Part(1, "?" if cell.kind == "unknown" else "", look=LOOKS[cell.kind])


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
