"""What must be said of groups, sub-regions, objectives and single indicators, as `recomputation` reckons it."""

from dataclasses import replace

from tests.reporting import recomputation as plain
from tests.reporting.drawing import GROUPS, SUBREGIONS
from tests.reporting.expected import Expected
from tests.reporting.reading import Rows
from tests.reporting.recomputation import STATISTICS, half_up, lies, percent

PRINTED = ("mean", "median", "lowest", "highest")
Sheet = list[dict[str, object]]


def sheets(expected: Expected) -> dict[str, Sheet]:
    """Return the rows of sheets of the workbook in numbers, beside the codes that name the row."""
    found: dict[str, Sheet] = {"groups": [], "group_indicators": []}
    for kind, code, members in _groups():
        inside = {iso2: sheet for iso2, sheet in expected.drawn.sheets.items() if iso2 in members}
        who = {"kind": kind, "group": code, "countries": len(inside)}
        alone = Expected(replace(expected.drawn, sheets=inside), "answered", []).sheets()
        for name, of in (("groups", "areas"), ("group_indicators", "indicators")):
            found[name] += [who | row for row in alone[of] if inside]
    return found | {"objectives": _objectives(expected)}


def _groups() -> list[tuple[str, str, set[str]]]:
    regions = {name: {iso2 for iso2 in SUBREGIONS if SUBREGIONS[iso2] == name} for name in SUBREGIONS.values()}
    groups = [("group", name.lower(), set(members)) for name, members in GROUPS.items()]
    return sorted([*groups, *(("subregion", name, members) for name, members in regions.items())])


def _objectives(expected: Expected) -> Sheet:
    return [
        {"objective": code, "basis": basis, "n": found["n"]}
        | {name: float(half_up(found[name])) for name in STATISTICS}
        for basis in plain.BASES
        for code, _codes, found in _spreads(expected, basis == "strict")
    ]


def paper(expected: Expected) -> dict[str, Rows]:
    """Return the table of objectives of the PDF."""
    rows = [
        ["objective", ", ".join(codes), *(half_up(found[name]) for name in PRINTED), str(found["n"])]
        for _code, codes, found in _spreads(expected, expected.strict)
    ]
    return {"Results by objective": [["Objective", "Indicators", "Mean", "Median", "Lowest", "Highest", "n"], *rows]}


def extremes(expected: Expected, area: str) -> str:
    """Return the sentences on the highest and the lowest indicator of an area."""
    found = {code: lies(plain.shares(expected.drawn, code).values()) for code in expected.drawn.codes(area)}
    means = {code: one["mean"] for code, one in found.items() if one}
    highest, lowest = (
        f"{half_up(end)} percent ({', '.join(code for code in means if means[code] == end)})."
        for end in (max(means.values()), min(means.values()))
    )
    return f"The highest overall mean of an indicator is {highest} The lowest is {lowest}"


def indicator(expected: Expected, code: str) -> str:
    """Return the sentence on how the levels of an indicator lie."""
    found = lies(plain.shares(expected.drawn, code).values())
    if not found:
        return "No country chose a level"
    mean, median, lower, upper = map(half_up, (found[name] for name in STATISTICS[:4]))
    return f"Mean {mean} percent, median {median}, quartiles {lower} and {upper}, n = {found['n']}"


def _spreads(expected: Expected, strict: bool) -> list[tuple[str, list[str], plain.Numbers]]:
    """The objectives: code, indicators, and how the countries' percentages lie."""
    drawn, rows = expected.drawn, []
    for one in drawn.edition.get("objectives", []):
        codes = [code for area in one["areas"] for code in drawn.codes(area)] + one["indicators"]
        found = lies(percent(drawn, iso2, codes, strict) for iso2 in drawn.sheets)
        assert found
        rows.append((one["code"], codes, found))
    return rows
