"""What charts must show, as `recomputation` reckons it: what each says of itself, and what its marks stand for."""

from fractions import Fraction

import pytest

from tests.reporting import recomputation as plain
from tests.reporting.drawing import NAMES, Drawn
from tests.reporting.expected import Expected
from tests.reporting.recomputation import half_up, lies
from tests.reporting.ruler import Reading

READ = ("lowest", "lower_quartile", "median", "mean", "upper_quartile", "highest")
LOOKS = {"not_applicable": ("hatched", ""), "unknown": ("dotted", "?"), None: ("blank", "")}
Charts = dict[str, Reading]


def page(expected: Expected) -> Charts:
    """The charts of the results page."""
    return {
        "Overall results by area": _spreads(expected),
        **_areas(expected),
        **_since(expected, expected.earlier, everywhere=False),
    }


def paper(expected: Expected) -> Charts:
    """The charts of the PDF: arrows of countries only since the latest cycle."""
    found = page(expected) | _panels(expected)
    before = [f" change by country since Scoreboard {then.code}" for then in expected.earlier[:-1]]
    return {title: chart for title, chart in found.items() if not title.endswith(tuple(before))}


def country(expected: Expected, iso2: str) -> Charts:
    """The chart of a country's page."""
    says = (
        "A dot from 0 to 100 percent for each area, with the overall median as an upright mark. "
        "The numbers are in the table."
    )
    rows = {
        area: (_near(expected.percent(iso2, area)), _near(expected.lies[area]["median"])) for area in expected.areas
    }
    return {f"{NAMES[iso2]}: percent by area": Reading("profile", says, rows)}


def files(expected: Expected) -> dict[str, tuple[str, Reading]]:
    """The charts of the package by the name of their file: the title, and the chart."""
    drawn = {**page(expected), **_since(expected, expected.earlier, everywhere=True)}
    names = {"areas.svg": "Overall results by area"}
    names |= {"cycles.svg": "Overall means over the cycles"} if expected.earlier else {}
    for area in expected.areas:
        names[f"area-{area}-countries.svg"] = f"Area {area}: percent by country"
        names[f"area-{area}-levels.svg"] = f"Area {area}: levels by indicator"
    for then in expected.earlier:
        names[f"since-{then.code}.svg"] = f"Change of the overall means since Scoreboard {then.code}"
        for area in expected.areas:
            title = f"Area {area}: change by country since Scoreboard {then.code}"
            names[f"since-{then.code}-area-{area}-countries.svg"] = title
    found = {name: (title, drawn[title]) for name, title in names.items()}
    [found["countries-1.svg"]] = _panels(expected).items()
    for iso2 in expected.countries:
        [found[f"country-{iso2}.svg"]] = country(expected, iso2).items()
    return found | {"answers.svg": ("Answers by country and indicator", _heat(expected))}


def _areas(expected: Expected) -> Charts:
    found = {}
    for area in expected.areas:
        n, mean, median = expected.n(area), expected.statistic(area, "mean"), expected.statistic(area, "median")
        says = f"Bars from 0 to 100 percent for {len(expected.countries)} countries, in alphabetical order."
        says += f" The overall mean is {mean}, the median {median}, with n = {n}." if n else ""
        line = [(_near(expected.lies[area]["median"]), f"overall median {median}")] if n else []
        rows = {
            NAMES[iso2]: None if value is None else (_near(value), f"{half_up(value)} ({expected.scored(iso2, area)})")
            for iso2 in expected.countries
            for value in [expected.percent(iso2, area)]
        }
        found[f"Area {area}: percent by country"] = Reading("percentages", says, (rows, line))
        stacks = {code: _stack(expected.drawn, code) for code in expected.drawn.codes(area)}
        says = (
            "Stacked bars, one per indicator: how many countries chose each level, and how many answered "
            "not applicable, unknown or nothing. The numbers are in the table."
        )
        found[f"Area {area}: levels by indicator"] = Reading("distributions", says, stacks)
    return found


def _stack(drawn: Drawn, code: str) -> list[tuple]:
    said, ladder = [sheet[code] for sheet in drawn.sheets.values()], drawn.ladder(code)
    counts = [(f"rung-{n} of-{len(ladder) - 1}", said.count(level)) for n, level in enumerate(ladder)]
    counts += [(look, said.count(kind)) for kind, (look, _word) in LOOKS.items()]
    return [(look, _near(Fraction(100 * n, len(said))), str(n)) for look, n in counts if n]


def _spreads(expected: Expected) -> Reading:
    found = {area: expected.lies[area] for area in expected.areas}
    says = [
        "Area {0}: mean {mean}, median {median}, from {lowest} to {highest}, n = {1}.".format(
            area, one["n"], **{name: half_up(one[name]) for name in READ}
        )
        for area, one in found.items()
        if one["n"]
    ]
    rows = {area: tuple(_near(one[name]) for name in READ) if one["n"] else None for area, one in found.items()}
    return Reading("spreads", " ".join(says), rows)


def _heat(expected: Expected) -> Reading:
    says = (
        "A cell for each country, in alphabetical order, and each indicator: the darker, the higher the level is "
        "on the indicator’s ladder. Each cell says the level."
    )
    drawn = expected.drawn
    rows = {
        NAMES[iso2]: [_cell(drawn.ladder(code), said) for code, said in drawn.sheets[iso2].items()]
        for iso2 in expected.countries
    }
    return Reading("heat", says, (list(drawn.indicators), rows))


def _cell(ladder: list[int], said: int | str | None) -> tuple[str, str]:
    return (f"rung-{ladder.index(said)} of-{len(ladder) - 1}", str(said)) if isinstance(said, int) else LOOKS[said]


def _panels(expected: Expected) -> Charts:
    first, last = (NAMES[iso2] for iso2 in (expected.countries[0], expected.countries[-1]))
    says = (
        "A panel from 0 to 100 percent for each area, a dot in it for each country, in alphabetical order, "
        "and a dashed line at the overall median. The numbers are in the table."
    )
    rows = {
        NAMES[iso2]: [_near(expected.percent(iso2, area)) for area in expected.areas] for iso2 in expected.countries
    }
    lines = {area: _near(expected.lies[area]["median"]) for area in expected.areas}
    return {f"Percent by area: {first} to {last}": Reading("panels", says, (rows, lines))}


def _since(expected: Expected, earlier: list[Drawn], *, everywhere: bool) -> Charts:
    """The charts of change; those of countries `everywhere`, or only in areas where there is something to compare."""
    found = {"Overall means over the cycles": _multiples(expected)} if earlier else {}
    for then in earlier:
        means: dict[str, tuple | None] = {}
        says = []
        for area in expected.areas:
            pairs = plain.pairs(expected.drawn, then, area, expected.strict)
            means[area] = None
            before, after = (lies(pair[n] for pair in pairs.values()) for n in (0, 1))
            if before and after:
                means[area] = (_near(before["mean"]), _near(after["mean"]))
                told = f"from {half_up(before['mean'])} to {half_up(after['mean'])}, n = {len(pairs)}."
                says.append(f"Area {area}: {told}")
            if pairs or everywhere:
                title = f"Area {area}: change by country since Scoreboard {then.code}"
                found[title] = _country_arrows(expected, then, pairs)
        title = f"Change of the overall means since Scoreboard {then.code}"
        found[title] = Reading("arrows", " ".join(says), means)
    return found


def _country_arrows(expected: Expected, then: Drawn, pairs: dict[str, tuple[Fraction, Fraction]]) -> Reading:
    n = f"{len(pairs)} {'country' if len(pairs) == 1 else 'countries'}"
    says = f"An arrow from then to now for {n}, in alphabetical order. The numbers are in the table."
    both = [iso2 for iso2 in expected.countries if iso2 in then.sheets]
    rows = {NAMES[iso2]: tuple(map(_near, pairs[iso2])) if iso2 in pairs else None for iso2 in both}
    return Reading("arrows", says, rows)


def _multiples(expected: Expected) -> Reading:
    cycles, shows, says = [*expected.earlier, expected.drawn], {}, []
    for area in expected.areas:
        matched = plain.over_cycles(cycles, area, expected.strict)
        everyone = [plain.everyone(expected.drawn, one, area, expected.strict) for one in cycles]
        shows[area] = (
            {
                one.code if line or every else f"{one.code}: none": (
                    [*([f"n = {line['n']}"] if line else []), *([_all(every)] if every else [])],
                    [half_up(line["mean"])] if line else [],
                    [_near(line["mean"])] if line else [],
                    [_near(every["mean"])] if every else [],
                )
                for one, line, every in zip(cycles, matched, everyone, strict=True)
            },
            max(0, sum(line is not None for line in matched) - 1),
        )
        says.append(f"Area {area}.")
        for title, means in (
            ("Countries and indicators that all cycles have", matched),
            ("All of each cycle", everyone),
        ):
            told = [
                f"{one.code}: {half_up(found['mean'])} (n = {found['n']})"
                for one, found in zip(cycles, means, strict=True)
                if found
            ]
            if told:
                says.append(f"{title}: {', '.join(told)}.")
    return Reading("multiples", " ".join(says), shows)


def _all(found: dict) -> str:
    return f"all {half_up(found['mean'])} ({found['n']})"


def _near(value: Fraction | None) -> object:
    """A number that is read by a ruler: charts are drawn to a tenth of a point."""
    return None if value is None else pytest.approx(float(value), abs=0.15)
