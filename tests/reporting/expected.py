"""The tables that results must have on page and paper, cell by cell, as `recomputation` reckons their numbers."""

from decimal import Decimal
from fractions import Fraction

from tests.factories import ISO3 as KNOWN
from tests.reporting import recomputation as plain
from tests.reporting.drawing import FORM, GROUPS, NAMES, SUBREGIONS, Drawn
from tests.reporting.reading import Rows
from tests.reporting.recomputation import STATISTICS, half_up, lies, percent, signed

NO_VALUE = "–no value"  # a dash for the eye, words for the ear
NO_LEVEL = "–its ladder has no such level"
SUMMED = ("individuals", "surface")  # columns of the data form that hold numbers
ISO3 = {iso2: KNOWN.get(iso2, f"X{iso2}") for iso2 in NAMES}
LABELS = ("Mean", "Median", "Lower quartile", "Upper quartile", "Lowest", "Highest")


class Expected:
    """The tables that a cycle's results must have, as rows of words; titles are replaced by their codes."""

    def __init__(self, drawn: Drawn, basis: str, earlier: list[Drawn]) -> None:
        self.drawn, self.strict, self.earlier = drawn, basis == "strict", earlier
        self.areas = [area["code"] for area in drawn.edition["areas"]]
        self.countries = sorted(drawn.sheets, key=lambda iso2: NAMES[iso2])
        self.lies = {
            area: lies(self.percent(iso2, area) for iso2 in drawn.sheets) or dict.fromkeys(STATISTICS) | {"n": 0}
            for area in self.areas
        }

    def percent(self, iso2: str, area: str) -> Fraction | None:
        return percent(self.drawn, iso2, self.drawn.codes(area), self.strict)

    def scored(self, iso2: str, area: str) -> str:
        codes = self.drawn.codes(area)
        return f"{sum(isinstance(self.drawn.sheets[iso2][code], int) for code in codes)} of {len(codes)}"

    def n(self, area: str) -> int:
        """Of how many countries the overall figures of an area are."""
        return self.lies[area]["n"]

    def statistic(self, area: str, name: str) -> str:
        """A overall figure of an area."""
        return half_up(self.lies[area][name], NO_VALUE)

    def page(self) -> dict[str, Rows]:
        """The tables of the results page."""
        tables = {
            "Percent of the possible points, by country and area": self._by_country(),
            "Overall figures by area, in percent": [
                ["Area", "n", *LABELS],
                *(
                    [f"{area}. {area}", str(self.lies[area]["n"]), *self.statistics(area, NO_VALUE)]
                    for area in self.areas
                ),
            ],
            "Mean percent by area, of the countries of a group that reported": self._groups(),
            "Levels by country and indicator": self._matrix()[1:],
            "Countries in alphabetical order": self._participation(),
        }
        for area in self.areas:
            tables[f"Number of countries by answer, area {area}"] = self._tallies(area, NO_LEVEL)
        for then in self.earlier:
            tables |= self._change(then)
        if FORM in self.drawn.indicators:
            tables[f"{FORM} form"] = self._sums()
        if "objectives" in self.drawn.edition:
            tables["Results by objective"] = self._objectives()
        return tables

    def country_page(self, iso2: str) -> dict[str, Rows]:
        """The tables of a country's page."""
        return self.filled_in(iso2) | {
            "Percent of the possible points, by area": [
                ["Area", "Percent", "Overall median"],
                *(
                    [
                        f"{area}. {area}",
                        f"{half_up(self.percent(iso2, area), NO_VALUE)} {self.scored(iso2, area)} scored",
                        self._of_n(area, "median"),
                    ]
                    for area in self.areas
                ),
            ]
        }

    def choices(self, code: str) -> list[str]:
        """Who gave which answer to an indicator: how many, and who they are."""
        said = {iso2: self.drawn.sheets[iso2][code] for iso2 in self.countries}
        who = (
            [NAMES[iso2] for iso2 in said if said[iso2] == one] for one in [*self.drawn.ladder(code), *plain.WITHOUT]
        )
        return sorted(f"{len(names)} {', '.join(names)}".strip() for names in who)

    def filled_in(self, iso2: str) -> dict[str, Rows]:
        """The table that a country filled in beside an answer, with its sums, as far as it is public."""
        rows = [] if iso2 in self.drawn.withheld else self.drawn.rows.get(iso2, [])
        if not rows:
            return {}
        columns = [one for one in ("year", "species", "place", *SUMMED, "confirmed") if any(one in row for row in rows)]
        table = [columns, *([_said(column, row.get(column)) for column in columns] for row in rows)]
        if len(rows) > 1 and set(columns) & set(SUMMED):
            sums = {column: sum(Decimal(row.get(column, 0)) for row in rows) for column in SUMMED}
            table.append(["Sum", *(_said(column, sums.get(column)) for column in columns[1:])])
        return {"form": table}

    def paper(self) -> dict[str, Rows]:
        """The tables of the PDF's sections, but for those of the questionnaire, and what countries filled in."""
        tables = {
            "Overall results by area, in percent of the countries’ possible points": [
                ["Area", *LABELS, "n"],
                *([f"{area} · {area}", *self.statistics(area), str(self.lies[area]["n"])] for area in self.areas),
            ],
            "Participating countries and the version of their answers that counts": [
                ["Country", "Version", "Submitted on", "Remarks"],
                *(
                    [row[0], row[3], row[1], row[4]] if len(row) == 5 else [row[0], "–", "–", row[1]]
                    for row in self._participation()[1:]
                ),
            ],
            "Countries counted, by group": self._response(),
            "Levels by country and indicator": self._matrix(),
            "Percent by country and area, with the number of indicators scored": self._overview(),
        }
        for area in self.areas:
            tables[f"Area {area}: number of countries per answer, and the mean of the levels in percent"] = [
                [*row, *more]
                for row, more in zip(
                    self._tallies(area, "·"),
                    [["Mean", "n"], *(self._mean(code) for code in self.drawn.codes(area))],
                    strict=True,
                )
            ]
        for iso2 in self.countries:
            tables[f"{NAMES[iso2]}: percent by area"] = [
                ["Area", "Percent", "Indicators scored"],
                *([f"{one} · {one}", half_up(self.percent(iso2, one)), self.scored(iso2, one)] for one in self.areas),
            ]
        for then in self.earlier:
            tables |= self._change_on_paper(then)
        if FORM in self.drawn.indicators:
            tables[f"{FORM} form"] = self._sums()
        return tables

    def sheets(self) -> dict[str, list[dict[str, object]]]:
        """What the workbook's sheets say in numbers, row by row, beside the codes that name the row."""
        found, by_iso3 = plain.results(self.drawn), sorted(self.drawn.sheets, key=ISO3.__getitem__)
        indicators = [(area, code) for area in self.areas for code in self.drawn.codes(area)]
        return {
            "matrix": [{"country_iso3": ISO3[iso2]} | _levels(self.drawn.sheets[iso2]) for iso2 in by_iso3],
            "results": [
                {"country_iso3": ISO3[iso2], "area": area} | _scores(found["countries"][iso2][area])
                for iso2 in by_iso3
                for area in self.areas
            ],
            "areas": [
                {"area": area, "basis": basis} | _spread(found["areas"][area][basis])
                for area in self.areas
                for basis in plain.BASES
            ],
            "indicators": [
                {"area": area, "indicator": code} | _tally(found["indicators"][code]) for area, code in indicators
            ],
            "answers": [
                {"country_iso3": ISO3[iso2], "version": self.drawn.anew.get(iso2, 1), "indicator": code}
                | _answer(self.drawn, iso2, code)
                for iso2 in by_iso3
                for _area, code in indicators
            ],
            "code_book": [
                {"indicator": code, "code": level} for _area, code in indicators for level in self.drawn.ladder(code)
            ],
            "form": [
                {"country_iso3": ISO3[iso2], "year": row["year"]}
                | {column: float(row[column]) for column in SUMMED if column in row}
                for iso2 in by_iso3
                if iso2 not in self.drawn.withheld
                for row in self.drawn.rows.get(iso2, [])
            ],
        }

    def wide(self) -> dict[str, dict[str, str]]:
        """What the table of countries says in numbers, by ISO code."""
        found: dict[str, dict[str, str]] = {}
        for iso2, areas in plain.results(self.drawn)["countries"].items():
            found[iso2] = {}
            for area, score in areas.items():
                found[iso2] |= {f"{area}_{part}": str(score[part]) for part in ("scored", "of")}
                for basis in plain.BASES:
                    found[iso2][f"{area}_{basis}"] = half_up(_fraction(score[basis]["percent"]), "")
        return found

    def statistics(self, area: str, none: str = "–") -> list[str]:
        """An area's overall figures in the order of the labels."""
        return [half_up(self.lies[area][name], none) for name in STATISTICS]

    def _of_n(self, area: str, name: str) -> str:
        return f"{half_up(self.lies[area][name], NO_VALUE)} n = {self.lies[area]['n']}"

    def _median(self, area: str) -> str:
        return half_up(self.lies[area]["median"])

    def _mean(self, code: str) -> list[str]:
        found = lies(plain.shares(self.drawn, code).values())
        return [half_up(found["mean"]), str(found["n"])] if found else ["–", "0"]

    def _by_country(self) -> Rows:
        return [
            ["Country", *(f"{area}. {area}" for area in self.areas)],
            *(
                [
                    NAMES[iso2],
                    *(
                        f"{half_up(self.percent(iso2, area), NO_VALUE)} {self.scored(iso2, area)} scored"
                        for area in self.areas
                    ),
                ]
                for iso2 in self.countries
            ),
            ["Overall mean", *(self._of_n(area, "mean") for area in self.areas)],
            ["Overall median", *(self._of_n(area, "median") for area in self.areas)],
        ]

    def _overview(self) -> Rows:
        return [
            ["Country", *(f"Area {area}" for area in self.areas)],
            *(
                [
                    NAMES[iso2],
                    *(f"{half_up(self.percent(iso2, area))} ({self.scored(iso2, area)})" for area in self.areas),
                ]
                for iso2 in self.countries
            ),
            ["Overall mean", *(f"{half_up(self.lies[area]['mean'])} (n = {self.n(area)})" for area in self.areas)],
            ["Overall median", *(f"{self._median(area)} (n = {self.n(area)})" for area in self.areas)],
        ]

    def _tallies(self, area: str, none: str) -> Rows:
        codes = self.drawn.codes(area)
        levels = sorted({level for code in codes for level in self.drawn.ladder(code)})
        rows = [["Indicator", *(f"Level {level}" for level in levels), "Not applicable", "Unknown", "Not answered"]]
        for code in codes:
            said = [sheet[code] for sheet in self.drawn.sheets.values()]
            ladder = self.drawn.ladder(code)
            counts = [str(said.count(level)) if level in ladder else none for level in levels]
            without = [str(said.count(kind)) for kind in ("not_applicable", "unknown", None)]
            rows.append([f"{code} {code}", *counts, *without])
        return rows

    def _groups(self) -> Rows:
        members = dict(GROUPS)
        for iso2, subregion in SUBREGIONS.items():
            members[subregion] = (*members.get(subregion, ()), iso2)
        rows = [["Group", *self.areas]]
        for name, inside in members.items():
            reporting = [iso2 for iso2 in inside if iso2 in self.drawn.sheets]
            found = [lies(self.percent(iso2, area) for iso2 in reporting) for area in self.areas]
            if reporting:
                names = sorted(map(NAMES.__getitem__, reporting))
                counted = f"{len(names)} {'country' if len(names) == 1 else 'countries'} {', '.join(names)}"
                rows.append(
                    [
                        f"{name} {counted}",
                        *(f"{half_up(one['mean'])} n = {one['n']}" if one else NO_VALUE for one in found),
                    ]
                )
        return rows

    def _response(self) -> Rows:
        rows = [["Group", "Counted", "Participating", "Percent"]]
        for name, inside in GROUPS.items():
            counted = sum(iso2 in self.drawn.sheets for iso2 in inside)
            rows.append([name, str(counted), str(len(inside)), half_up(Fraction(100 * counted, len(inside)))])
        return rows

    def _participation(self) -> Rows:
        rows = [["Country", "Submitted", "Accepted", "Version", "To note"]]
        for iso2, name in sorted(NAMES.items(), key=lambda one: one[1]):
            if iso2 in self.drawn.sheets:
                late, version = iso2 in self.drawn.late, self.drawn.anew.get(iso2, 1)
                on = "20 April" if iso2 in self.drawn.anew else "3 April" if late else "28 March"
                day = f"{on} {self.drawn.code}"
                rows.append([name, day, day, str(version), "Late" if late else ""])
            else:
                taken = "30 April" if self.drawn.anew else "10 April"
                rows.append([name, f"No accepted answers by {taken} {self.drawn.code}"])
        return rows

    def _matrix(self) -> Rows:
        signs = {"not_applicable": "n/a", "unknown": "?", None: "–"}
        return [
            ["", *(f"{area} · {area}" for area in self.areas)],
            ["Country", *self.drawn.indicators],
            *(
                [NAMES[iso2], *(str(signs.get(said, said)) for said in self.drawn.sheets[iso2].values())]
                for iso2 in self.countries
            ),
        ]

    def _sums(self) -> Rows:
        rows = [["Column", "Sum", "Rows", "Countries"]]
        public = [row for iso2, given in self.drawn.rows.items() if iso2 not in self.drawn.withheld for row in given]
        years = sorted({row["year"] for row in public})
        for column in SUMMED:
            parts = [(f"of these: {year}", {"year": year}) for year in years if len(years) > 1]
            confirmed = [(f"of these: confirmed · {year}", {"confirmed": True, "year": year}) for year in years]
            for name, holds in ((column, {}), *parts, *confirmed):
                total, *of = plain.sums(self.drawn, column, **holds)
                if of[0]:
                    rows.append([name, f"{total:,}", *map(str, of)])
        return rows

    def _objectives(self) -> Rows:
        [objective] = self.drawn.edition["objectives"]
        codes = [code for area in objective["areas"] for code in self.drawn.codes(area)] + objective["indicators"]
        found = lies(percent(self.drawn, iso2, codes, self.strict) for iso2 in self.drawn.sheets)
        assert found
        return [
            ["Objective", "Indicators", "Mean", "Median", "Countries"],
            ["objective", ", ".join(codes), half_up(found["mean"]), half_up(found["median"]), str(found["n"])],
        ]

    def _change(self, then: Drawn) -> dict[str, Rows]:
        since, lines = f"Scoreboard {then.code}", plain.followed(self.drawn, then)
        areas: Rows = [["Area", "Matched then", "Matched now", "Change", "All then", "All now"]]
        for area in self.areas:
            matched, of, before, after, n, by, *both = self._area(then, area)
            everyone = [f"{half_up(one['mean'])} n = {one['n']}" if one else NO_VALUE for one in both]
            compared = [before, f"{after} n = {n}", by] if n else ["nothing to compare"]
            areas.append([f"{area}. {area} {matched} of {of} indicators the same", *compared, *everyone])
        countries: Rows = [["Country", *self.areas]]
        for iso2 in self._both(then):
            found = [plain.pairs(self.drawn, then, area, self.strict).get(iso2) for area in self.areas]
            said = [f"then {half_up(one[0])} now {half_up(one[1])}" if one else NO_VALUE for one in found]
            countries.append([NAMES[iso2], *said])
        over = f"Indicators that are the same since {since}, over the countries that chose a level in both cycles"
        return {
            f"Mean percent by area, {since} and now": areas,
            over: [
                ["Indicator", "Then", "Now", "Change", "Higher", "Same", "Lower", *self._confirmed(then), "n"],
                *(self._indicator(then, code, NO_VALUE) for code in lines),
            ],
            f"Percent over the matched indicators, {since} and now, in alphabetical order": countries,
        }

    def _change_on_paper(self, then: Drawn) -> dict[str, Rows]:
        since = f"Scoreboard {then.code}"
        areas: Rows = [
            [
                *("Area", "Same", "Matched then", "Matched now", "Change", "n"),
                *("All then", "n then", "All now", "n now"),
            ]
        ]
        for area in self.areas:
            matched, of, before, after, n, by, *both = self._area(then, area)
            everyone = [cell for one in both for cell in ([half_up(one["mean"]), str(one["n"])] if one else ["–", "0"])]
            areas.append([f"{area} · {area}", f"{matched} of {of}", before, after, by, str(n), *everyone])
        countries: Rows = [["Country", *(f"{area} {when}" for area in self.areas for when in ("then", "now"))]]
        for iso2 in self._both(then):
            found = [plain.pairs(self.drawn, then, area, self.strict).get(iso2, (None, None)) for area in self.areas]
            countries.append([NAMES[iso2], *(half_up(share) for pair in found for share in pair)])
        return {
            f"Mean percent by area, {since} and now": areas,
            f"Indicators that are the same since {since}": [
                ["Indicator", "Then", "Now", "Change", "Higher", "Same", "Lower", *self._confirmed(then), "n"],
                *(self._indicator(then, code, "–") for code in plain.followed(self.drawn, then)),
            ],
            f"Percent by country on the matched indicators, {since} and now": countries,
        }

    def _is_next(self, then: Drawn) -> bool:
        # Whether it is the cycle before this one.
        return then is self.earlier[-1]

    def _confirmed(self, then: Drawn) -> list[str]:
        return ["Confirmed"] if self._is_next(then) else []

    def _both(self, then: Drawn) -> list[str]:
        return [iso2 for iso2 in self.countries if iso2 in then.sheets]

    def _area(self, then: Drawn, area: str) -> tuple:
        """Indicators the same and in all; mean then, now, n and change of the matched; all then, all now."""
        lines, codes = plain.followed(self.drawn, then), self.drawn.codes(area)
        found = plain.pairs(self.drawn, then, area, self.strict).values()
        before, after = lies(pair[0] for pair in found), lies(pair[1] for pair in found)
        by = after["mean"] - before["mean"] if before and after else None
        everyone_then = plain.everyone(self.drawn, then, area, self.strict)
        means = [half_up(one["mean"] if one else None) for one in (before, after)]
        return (
            *(sum(code in lines for code in codes), len(codes), *means, len(found), signed(by)),
            *(everyone_then, lies(self.percent(iso2, area) for iso2 in self.drawn.sheets)),
        )

    def _indicator(self, then: Drawn, code: str, none: str) -> list[str]:
        found = plain.change(self.drawn, then, successive=self._is_next(then))["indicators"][code]
        before, after = (None if found[key] is None else Fraction(found[key]) for key in ("then", "now"))
        by = None if before is None or after is None else after - before
        same = found["n"] - found["up"] - found["down"]
        confirmed = [] if found["confirmed"] is None else [found["confirmed"]]
        counts = (found["up"], same, found["down"], *confirmed, found["n"])
        return [f"{code} {code}", half_up(before, none), half_up(after, none), signed(by, none), *map(str, counts)]


def _said(column: str, value: object) -> str:
    if column in SUMMED and value is not None:
        return f"{Decimal(str(value)):,}"
    return str({"None": "", "True": "Yes", "False": "No"}.get(str(value), value))


def _levels(sheet: dict) -> dict[str, object]:
    return {code: said for code, said in sheet.items() if isinstance(said, int)}


def _scores(score: dict) -> dict[str, object]:
    found = {"scored": score["scored"], "of": score["of"]}
    for basis in plain.BASES:
        found |= {f"{basis}_{part}": score[basis][part] for part in ("points", "possible")}
        found |= _rounded({f"{basis}_percent": score[basis]["percent"]})
    return found


def _spread(found: dict | None) -> dict[str, object]:
    return {"n": found["n"]} | _rounded({name: found[name] for name in STATISTICS}) if found else {"n": 0}


def _tally(found: dict) -> dict[str, object]:
    counts = {f"level_{level}": n for level, n in found["distribution"].items()}
    counts |= {kind: found[kind] for kind in ("not_applicable", "unknown", "unanswered")}
    return counts | _spread(found["percent"])


def _answer(drawn: Drawn, iso2: str, code: str) -> dict[str, object]:
    said, ladder = drawn.sheets[iso2][code], drawn.ladder(code)
    if not isinstance(said, int):
        return {}
    return {"level": said} | _rounded({"percent": str(Fraction(100 * ladder.index(said), len(ladder) - 1))})


def _rounded(found: dict[str, str | None]) -> dict[str, object]:
    return {name: float(half_up(Fraction(exact))) for name, exact in found.items() if exact is not None}


def _fraction(exact: str | None) -> Fraction | None:
    return None if exact is None else Fraction(exact)
