"""What the workbook must say of groups, sub-regions and objectives, as `recomputation` reckons it."""

from dataclasses import replace

from tests.reporting import recomputation as plain
from tests.reporting.drawing import GROUPS, SUBREGIONS
from tests.reporting.expected import Expected
from tests.reporting.recomputation import STATISTICS, half_up, lies, percent

Sheet = list[dict[str, object]]


def sheets(expected: Expected) -> dict[str, Sheet]:
    """Return the sheets' rows in numbers, beside the codes that name the row."""
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
    rows: Sheet = []
    for basis in plain.BASES:
        for one in expected.drawn.edition.get("objectives", []):
            codes = [code for area in one["areas"] for code in expected.drawn.codes(area)] + one["indicators"]
            sheets = expected.drawn.sheets
            found = lies(percent(expected.drawn, iso2, codes, basis == "strict") for iso2 in sheets)
            assert found
            numbers = {name: float(half_up(found[name])) for name in STATISTICS}
            rows.append({"objective": one["code"], "basis": basis, "n": found["n"]} | numbers)
    return rows
