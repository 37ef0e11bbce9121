"""The charts of a document, with the words that go with them: a title, and a description for who cannot see them."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil
from typing import TypeVar

from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from reporting.charts import bars, change, panels
from reporting.charts.bars import Bar, Part, Range, Stack
from reporting.charts.change import Arrow, Panel, Point
from reporting.charts.svg import WIDTH, Chart
from reporting.document import numbers
from reporting.document.changes import ChangeSince, CountryChange, lines_over_cycles
from reporting.document.document import Document
from reporting.document.parts import KINDS, Cell, Chapter, Reply, Result, Tally
from reporting.results.change import AreaChange
from reporting.results.scoring import Spread

# How many rows of each kind of chart a printed page has room for.
PROFILES, BARS, SPREADS, STACKS, ARROWS, MULTIPLES = 40, 50, 15, 18, 18, 8
PANELS = 8  # in a row
T = TypeVar("T")
LOOKS = {"not_applicable": "hatched", "unknown": "dotted", "": "blank"}


def percentages(chapter: Chapter, width: float = WIDTH) -> Chart:
    """Return the countries' percentages in an area as bars in alphabetical order, with the overall median."""
    title = _("Area %(code)s: percent by country") % {"code": chapter.code}
    return _percentages(chapter, chapter.results, title, width)


def percentages_by_page(chapter: Chapter) -> list[Chart]:
    """Return the same as one chart, or as several that fit a page each."""
    title = _("Area %(code)s: percent by country") % {"code": chapter.code}
    parts = split(chapter.results, BARS)
    return [_percentages(chapter, part, _among(title, parts, part, lambda one: one.country)) for part in parts]


def split(rows: Sequence[T], most: int) -> list[list[T]]:
    """Return the rows in as few parts of at most `most` as it takes, about as long as each other; one if none."""
    size = max(1, ceil(len(rows) / max(1, ceil(len(rows) / most))))
    return [list(rows[at : at + size]) for at in range(0, len(rows), size)] or [[]]


def _among(title: str, parts: Sequence[Sequence[T]], part: Sequence[T], name: Callable[[T], str]) -> str:
    """Return the title of a part of a chart: where there are several, with its first row and its last."""
    if len(parts) == 1:
        return title
    return _("%(title)s, %(first)s to %(last)s") % {"title": title, "first": name(part[0]), "last": name(part[-1])}


def _scored(result: Result) -> str:
    """Return a country's percentage with the number of indicators behind it."""
    if result.percent is None:
        return ""
    counts = {"percent": numbers.number(result.percent), "n": result.scored, "of": result.of}
    return _("%(percent)s (%(n)d of %(of)d)") % counts


def _percentages(chapter: Chapter, results: Sequence[Result], title: str, width: float = WIDTH) -> Chart:
    overall = chapter.spread
    description = ngettext(
        "Bars from 0 to 100 percent for %(n)d country, in alphabetical order.",
        "Bars from 0 to 100 percent for %(n)d countries, in alphabetical order.",
        len(results),
    ) % {"n": len(results)}
    if overall:
        description += " " + _("The overall mean is %(mean)s, the median %(median)s, with n = %(n)d.") % {
            "mean": numbers.number(overall.mean),
            "median": numbers.number(overall.median),
            "n": overall.n,
        }
    return bars.percentages(
        [Bar(one.country, _float(one.percent), words=_scored(one)) for one in results],
        title=title,
        description=description,
        none=_("nothing scored"),
        line=float(overall.median) if overall else None,
        line_label=_("overall median %(median)s") % {"median": numbers.number(overall.median)} if overall else "",
        rtl=get_language_bidi(),
        width=width,
    )


def spreads(document: Document) -> Chart:
    """Return the spread of the countries' percentages in each area."""
    return _spreads(document.chapters, _("Overall results by area"))


def spreads_by_page(document: Document) -> list[Chart]:
    """Return the same as one chart, or as several that fit a page each."""
    parts = split(document.chapters, SPREADS)
    return [_spreads(part, _among(_("Overall results by area"), parts, part, lambda one: one.code)) for part in parts]


def _spreads(chapters: Sequence[Chapter], title: str) -> Chart:
    sentences = [
        _("Area %(code)s: mean %(mean)s, median %(median)s, from %(lowest)s to %(highest)s, n = %(n)d.")
        % {
            "code": chapter.code,
            "n": chapter.spread.n,
            **{key: numbers.number(getattr(chapter.spread, key)) for key in ("mean", "median", "lowest", "highest")},
        }
        for chapter in chapters
        if chapter.spread
    ]
    return bars.spreads(
        [Range(f"{chapter.code} · {chapter.title}", chapter.spread) for chapter in chapters],
        title=title,
        description=" ".join(sentences),
        none=_("nothing scored"),
        rtl=get_language_bidi(),
    )


def distributions(chapter: Chapter, width: float = WIDTH) -> Chart:
    """Return how the answers to each indicator of an area are distributed over its levels."""
    title = _("Area %(code)s: levels by indicator") % {"code": chapter.code}
    return _distributions(chapter, chapter.tallies, title, width)


def distributions_by_page(chapter: Chapter) -> list[Chart]:
    """Return the same as one chart, or as several that fit a page each."""
    title = _("Area %(code)s: levels by indicator") % {"code": chapter.code}
    parts = split(chapter.tallies, STACKS)
    return [_distributions(chapter, part, _among(title, parts, part, lambda one: one.label)) for part in parts]


def _distributions(chapter: Chapter, tallies: Sequence[Tally], title: str, width: float = WIDTH) -> Chart:
    ladders = {tuple(tally.ladder) for tally in chapter.tallies}
    return bars.distributions(
        [Stack(f"{tally.label} · {tally.title}", _parts(tally, chapter.values)) for tally in tallies],
        title=title,
        description=_(
            "Stacked bars, one per indicator: how many countries chose each level, and how many answered "
            "not applicable, unknown or nothing. The numbers are in the table."
        ),
        legend=legend(ladders),
        rtl=get_language_bidi(),
        width=width,
    )


def profile(areas: Sequence[tuple[Chapter, Result, list[Reply]]], width: float = WIDTH) -> Chart:
    """Return a country's percentages by area as dots, each with the overall median where the chapter has one."""
    compared = any(chapter.spread for chapter, _result, _replies in areas)
    return bars.dots(
        [
            Bar(chapter.code, _float(result.percent), _float(chapter.spread.median) if chapter.spread else None)
            for chapter, result, _replies in areas
        ],
        title=_("%(country)s: percent by area") % {"country": areas[0][1].country},
        description=_(
            "A dot from 0 to 100 percent for each area, with the overall median as an upright mark. "
            "The numbers are in the table."
        )
        if compared
        else _("A dot from 0 to 100 percent for each area. The numbers are in the table."),
        none=_("nothing scored"),
        legend=(_("the country"), _("overall median") if compared else ""),
        rtl=get_language_bidi(),
        width=width,
    )


def profiles(document: Document) -> list[Chart]:
    """Return every country's percentages by area as dots with the overall medians, as charts that fit a page."""
    columns = [
        panels.Column(chapter.code, _float(chapter.spread.median) if chapter.spread else None)
        for chapter in document.chapters
    ]
    rows = [(one.name, [_float(result.percent) for result in results]) for one, results in document.overview]
    places = split(range(len(columns)), PANELS)
    return [
        panels.dots(
            [(name, [values[n] for n in some]) for name, values in part],
            [columns[n] for n in some],
            title=_among(
                _("Percent by area: %(first)s to %(last)s") % {"first": part[0][0], "last": part[-1][0]},
                places,
                some,
                lambda n: columns[n].label,
            ),
            description=_(
                "A panel from 0 to 100 percent for each area, a dot in it for each country, in alphabetical order, "
                "and a dashed line at the overall median. The numbers are in the table."
            ),
            rtl=get_language_bidi(),
        )
        for part in split(rows, PROFILES)
        if part
        for some in places
    ]


def heat(document: Document) -> Chart:
    """Return the answers of all countries to all indicators as a map of shades."""
    rows = [(country.name, [_tile(cell) for cell in cells]) for country, cells in document.matrix()]
    tallies = [(tally, tally is chapter.tallies[0]) for chapter in document.chapters for tally in chapter.tallies]
    return bars.heat(
        rows,
        [(tally.label, begins) for tally, begins in tallies],
        title=_("Answers by country and indicator"),
        description=_(
            "A cell for each country, in alphabetical order, and each indicator: the darker, the higher the level "
            "is on the indicator’s ladder. Each cell says the level."
        ),
        legend=legend({tuple(tally.ladder) for tally, _begins in tallies}),
        rtl=get_language_bidi(),
    )


def arrows(since: ChangeSince) -> Chart:
    """Return how the mean of each area changed since an earlier cycle, on the matched set."""
    return _area_arrows(since, since.areas, _("Change of the overall means since %(cycle)s") % {"cycle": since.cycle})


def arrows_by_page(since: ChangeSince) -> list[Chart]:
    """Return the same as one chart, or as several that fit a page each."""
    title = _("Change of the overall means since %(cycle)s") % {"cycle": since.cycle}
    parts = split(since.areas, ARROWS)
    return [_area_arrows(since, part, _among(title, parts, part, lambda one: one[0].code)) for part in parts]


def _area_arrows(since: ChangeSince, areas: Sequence[tuple[Chapter, AreaChange]], title: str) -> Chart:
    sentences = [
        _("Area %(code)s: from %(then)s to %(now)s, n = %(n)d.")
        % {
            "code": chapter.code,
            "then": numbers.number(area.then.mean),
            "now": numbers.number(area.now.mean),
            "n": area.n,
        }
        for chapter, area in areas
        if area.then and area.now
    ]
    rows = [
        Arrow(
            f"{chapter.code} · {chapter.title}",
            *(_float(side.mean if side else None) for side in (area.then, area.now)),
        )
        for chapter, area in areas
    ]
    return _arrows(rows, title, " ".join(sentences), since, above=True)


def country_arrows(since: ChangeSince, n: int) -> Chart:
    """Return how the countries' percentages in the `n`th area changed since an earlier cycle."""
    return _country_arrows(since, n, since.countries, _country_arrows_title(since, n))


def country_arrows_by_page(since: ChangeSince, n: int) -> list[Chart]:
    """Return the same as one chart, or as several that fit a page each."""
    title, parts = _country_arrows_title(since, n), split(since.countries, BARS)
    return [_country_arrows(since, n, part, _among(title, parts, part, lambda one: one[0].name)) for part in parts]


def _country_arrows_title(since: ChangeSince, n: int) -> str:
    return _("Area %(code)s: change by country since %(cycle)s") % {
        "code": since.areas[n][0].code,
        "cycle": since.cycle,
    }


def _country_arrows(since: ChangeSince, n: int, countries: Sequence[CountryChange], title: str) -> Chart:
    compared = sum(pairs[n][1] is not None for _country, pairs in countries)
    description = ngettext(
        "An arrow from then to now for %(n)d country, in alphabetical order. The numbers are in the table.",
        "An arrow from then to now for %(n)d countries, in alphabetical order. The numbers are in the table.",
        compared,
    ) % {"n": compared}
    rows = [Arrow(country.name, *map(_float, pairs[n][1] or (None, None))) for country, pairs in countries]
    return _arrows(rows, title, description, since)


def multiples_by_page(document: Document, changes: Sequence[ChangeSince]) -> list[Chart]:
    """Return the overall means over the cycles as one chart, or as several that fit a page each."""
    return [multiples(document, changes, only) for only in split(range(len(document.chapters)), MULTIPLES)]


def multiples(document: Document, changes: Sequence[ChangeSince], only: Sequence[int] | None = None) -> Chart:
    """Return the overall mean of each area over the cycles: a line over the countries and indicators that all share.

    Marks show the means of all countries and indicators that each cycle had. `only` are the
    positions of the areas that are shown, if not all are.
    """
    panels, sentences = [], []
    lines = lines_over_cycles(document)
    cycles = [*(since.code for since in reversed(changes)), document.cycle["code"]]
    for n, chapter in enumerate(document.chapters):
        if only is not None and n not in only:
            continue
        everyone = [*(since.areas[n][1].all_then for since in reversed(changes)), chapter.spread]
        matched = lines.get(chapter.code) or [None] * len(cycles)
        each = list(zip(cycles, matched, everyone, strict=True))
        panels.append(Panel(f"{chapter.code} · {chapter.title}", [_point(*one) for one in each]))
        sentences.append(_("Area %(code)s.") % {"code": chapter.code})
        for sentence, means_of in (
            (_("Countries and indicators that all cycles have: %(means)s."), [(code, one) for code, one, _all in each]),
            (_("All of each cycle: %(means)s."), [(code, one) for code, _matched, one in each]),
        ):
            means = [f"{code}: {numbers.number(one.mean)} (n = {one.n})" for code, one in means_of if one]
            if means:
                sentences.append(sentence % {"means": ", ".join(means)})
    return change.multiples(
        panels,
        title=_("Overall means over the cycles"),
        description=" ".join(sentences),
        none=_("none"),
        rtl=get_language_bidi(),
    )


def _point(code: str, matched: Spread | None, everyone: Spread | None) -> Point:
    return Point(
        code,
        _float(matched.mean if matched else None),
        numbers.number(matched.mean if matched else None),
        _("n = %(n)d") % {"n": matched.n} if matched else "",
        _float(everyone.mean if everyone else None),
        _("all %(mean)s (%(n)d)") % {"mean": numbers.number(everyone.mean), "n": everyone.n} if everyone else "",
    )


def _arrows(rows: list[Arrow], title: str, description: str, since: ChangeSince, *, above: bool = False) -> Chart:
    return change.arrows(
        rows,
        title=title,
        description=description,
        none=_("nothing to compare"),
        legend=(since.cycle, _("now"), _("no change")),
        above=above,
        rtl=get_language_bidi(),
    )


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


def legend(ladders: set[tuple[int, ...]]) -> list[Part]:
    """Return the levels if all the ladders are the same, else only the ends of any ladder."""
    if len(ladders) == 1:
        (only,) = ladders
        levels = [Part(1, _("Level %(level)d") % {"level": value}, n, len(only) - 1) for n, value in enumerate(only)]
    else:
        levels = [Part(1, _("Lowest level"), 0, 1), Part(1, _("Highest level"), 1, 1)]
    return levels + [Part(1, str(KINDS[kind]), look=look) for kind, look in LOOKS.items()]


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
