"""What an issue must say that it changed since the one before, reckoned from what was drawn for both."""

from fractions import Fraction
from functools import partial
from typing import Any

from tests.reporting import recomputation as plain
from tests.reporting.drawing import FORM, NAMES, Drawn
from tests.reporting.expected import NO_VALUE, Expected
from tests.reporting.reading import Rows
from tests.reporting.recomputation import BASES, exact, half_up, lies, percent

TEXTS = {"reason": "reason", "figures": "figures", "confirmed": "confirmation"}


class Reissue:
    """What changed between two issues of a cycle, drawn `then` and `now`."""

    def __init__(self, then: Drawn, now: Expected) -> None:
        self.then, self.now, self.expected = then, now.drawn, now
        self.both = [iso2 for iso2 in now.countries if iso2 in then.sheets]

    def snapshot(self) -> dict[str, Any]:
        """What the JSON file says in numbers."""
        return {
            "issue": 1,
            "basis": None,
            "added": [iso2 for iso2, version in self.now.anew.items() if version == 1],
            "gone": [],
            "versions": {iso2: [1, version] for iso2, version in self.now.anew.items() if version > 1},
            "answers": [
                {"iso2": iso2, "indicator": code, "then": _chosen(then), "now": _chosen(now), "texts": texts}
                for iso2, code, then, now, texts in self._answers()
            ],
            "percents": [
                {"iso2": iso2, "area": area} | {basis: [_text(share) for share in pairs[basis]] for basis in BASES}
                for iso2, area, pairs in self._percents()
            ],
            "areas": [
                {"area": area} | {basis: list(map(exact, pairs[basis])) for basis in BASES}
                for area, pairs in self._areas()
            ],
        }

    def said(self) -> list[str]:
        """What stands in sentences beside the tables."""
        added = [NAMES[iso2] for iso2, version in self.now.anew.items() if version == 1]
        versions = [f"{NAMES[iso2]}: version 1 by version 2" for iso2, n in self.now.anew.items() if n == 2]
        return [f"Countries added {', '.join(added)}", *versions]

    def page(self) -> dict[str, Rows]:
        """The tables of the results page."""
        areas = [
            [f"{area}. {area}", *(f"{_mean(one, NO_VALUE)} n = {_n(one)}" for one in pair)]
            for area, pair in self._printed(self._areas())
        ]
        return self._tables(["Area", "Before", "Now"], areas, NO_VALUE)

    def paper(self) -> dict[str, Rows]:
        """The tables of the section of the PDF."""
        areas = [
            [f"{area} · {area}", *(cell for one in pair for cell in (_mean(one, "–"), _n(one)))]
            for area, pair in self._printed(self._areas())
        ]
        return self._tables(["Area", "Before", "n before", "Now", "n now"], areas, "–")

    def _tables(self, head: list[str], areas: Rows, none: str) -> dict[str, Rows]:
        return {
            "Overall mean by area, in percent, before and now": [head, *areas],
            "Percent by country and area, before and now, where it changed": [
                ["Country", "Area", "Before", "Now"],
                *(
                    [NAMES[iso2], area, *(half_up(share, none) for share in pair)]
                    for iso2, area, pair in self._printed(self._percents())
                ),
            ],
            "Answers of countries that counted before, then and now": [
                ["Country", "Indicator", "Before", "Now", "Also changed"],
                *(
                    [NAMES[iso2], f"{code} {code}", _words(then), _words(now), ", ".join(map(TEXTS.__getitem__, texts))]
                    for iso2, code, then, now, texts in self._answers()
                ),
            ],
        }

    def _printed(self, changes: list[tuple]) -> list[tuple]:
        """Of changes on both bases those on the printed one."""
        basis = BASES[self.expected.strict]
        return [(*named, pairs[basis]) for *named, pairs in changes if pairs[basis][0] != pairs[basis][1]]

    def _answers(self) -> list[tuple]:
        """Country, indicator, what it said then and now, and what else of the answer changed."""
        return [
            (iso2, code, then, now, [] if then is None else self._texts(iso2, code))
            for iso2 in self.both
            for code, now in self.now.sheets[iso2].items()
            if (then := self.then.sheets[iso2][code]) != now
        ]

    def _texts(self, iso2: str, code: str) -> list[str]:
        def differ(part) -> bool:
            return part(self.then) != part(self.now)

        public = code == FORM and iso2 not in self.now.withheld
        parts = {
            "reason": differ(lambda drawn: drawn.sheets[iso2][code] == "not_applicable"),
            "figures": public and differ(lambda drawn: drawn.rows.get(iso2)),
            "confirmed": differ(lambda drawn: (iso2, code) in drawn.confirmed),
        }
        return [name for name, changed in parts.items() if changed]

    def _percents(self) -> list[tuple]:
        return [
            (iso2, area, pairs)
            for iso2 in self.both
            for area in self.expected.areas
            if _differ(pairs := self._pairs(partial(_share, iso2), area))
        ]

    def _areas(self) -> list[tuple]:
        return [(area, pairs) for area in self.expected.areas if _differ(pairs := self._pairs(_spread, area))]

    def _pairs(self, reckon, area: str) -> dict[str, list]:
        """What is reckoned of an area, then and now, on each basis."""
        codes = self.now.codes(area)
        return {basis: [reckon(one, codes, basis == "strict") for one in (self.then, self.now)] for basis in BASES}


def _share(iso2: str, drawn: Drawn, codes: list[str], strict: bool) -> Fraction | None:
    return percent(drawn, iso2, codes, strict)


def _spread(drawn: Drawn, codes: list[str], strict: bool) -> plain.Numbers | None:
    return lies(percent(drawn, iso2, codes, strict) for iso2 in drawn.sheets)


def _differ(pairs: dict[str, list]) -> bool:
    return any(then != now for then, now in pairs.values())


def _chosen(said: int | str | None) -> dict | None:
    if said is None:
        return None
    return {"kind": "level", "level": said} if isinstance(said, int) else {"kind": said, "level": None}


def _words(said: int | str | None) -> str:
    if isinstance(said, int):
        return f"level {said}"
    return {"not_applicable": "Not applicable", "unknown": "Unknown"}.get(str(said), "Not answered")


def _text(share) -> str | None:
    return None if share is None else str(share)


def _mean(found: plain.Numbers | None, none: str) -> str:
    return half_up(found["mean"] if found else None, none)


def _n(found: plain.Numbers | None) -> str:
    return str(found["n"] if found else 0)
