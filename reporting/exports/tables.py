"""A snapshot as tables, for files that people calculate with: codes and labels side by side, exact counts.

Pure: the same snapshot and language give the same rows. Text comes as written; each format makes it harmless.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from reporting.document import numbers
from reporting.document.document import label
from reporting.document.parts import KINDS
from reporting.results import breakdowns
from reporting.results.compute import compute, ladder, spread_data
from reporting.results.scoring import Basis, rounded

Data = dict[str, Any]
Value = str | int | Decimal | bool | None

UNANSWERED = "unanswered"  # the code of an answer that is not there

PARTICIPANT = ("country_iso2", "country_iso3", "country", "subregion", "groups")
VERSION = ("version", "submitted_on", "accepted_on", "late", "reopened")
ANSWER = ("kind", "kind_label", "level", "level_label", "percent")
TEXTS = ("reason", "comment", "comment_withheld", "confirmed")
GROUP = ("kind", "group", "group_title", "countries")
SPREAD = ("mean", "median", "lower_quartile", "upper_quartile", "lowest", "highest")


@dataclass(frozen=True)
class Table:
    """Rows under column codes; `expected` is how many there must be, counted without making them."""

    name: str
    title: str
    columns: list[str]
    rows: Iterable[list[Value]]
    expected: int


class Tables:
    """The tables of a snapshot, in the active language."""

    def __init__(self, snapshot: Data):
        self.snapshot = snapshot
        self.areas: list[Data] = snapshot["edition"]["areas"]
        self.indicators = [(area, one) for area in self.areas for one in area["indicators"]]
        self.countries: list[Data] = snapshot["countries"]
        self.values = sorted({value for _area, indicator in self.indicators for value in ladder(indicator)})
        self.participants = sorted(self.countries + snapshot["not_reported"], key=lambda one: one["iso3"])

    def wide(self) -> Table:
        """A row per participating country: its results by area, then its answers, each as code and label."""
        columns = [*PARTICIPANT, "reported", *VERSION]
        for area in self.areas:
            columns += [f"{area['code']}_{part}" for part in ("answered", "strict", "scored", "of")]
        for area, indicator in self.indicators:
            columns += [label(area, indicator), f"{label(area, indicator)}_label"]
        return Table("wide", _("One row per country"), columns, self._wide(), len(self.participants))

    def _wide(self) -> Iterator[list[Value]]:
        results = self.snapshot["results"]["countries"]
        blank: list[Value] = [None] * (len(VERSION) + 4 * len(self.areas) + 2 * len(self.indicators))
        for country in self.participants:
            found = results.get(country["iso2"])
            if found is None:
                yield [*_participant(country), False, *blank]
                continue
            row: list[Value] = [*_participant(country), True, *(country[part] for part in VERSION)]
            for area in self.areas:
                score = found[area["code"]]
                row += [_percent(score[basis]["percent"]) for basis in Basis] + [score["scored"], score["of"]]
            for _area, indicator in self.indicators:
                kind, kind_label, level, level_label, _share = _answer(indicator, country["answers"])
                row += [kind if level is None else level, kind_label if level is None else level_label]
            yield row

    def long(self) -> Table:
        """A row per reporting country and indicator, whether answered or not."""
        columns = [*PARTICIPANT, *VERSION, "area", "area_title", "indicator", "indicator_title", *ANSWER, *TEXTS]
        expected = len(self.countries) * len(self.indicators)
        return Table("answers", _("Answers"), columns, self._long(), expected)

    def _long(self) -> Iterator[list[Value]]:
        for country in self.countries:
            who = [*_participant(country), *(country[part] for part in VERSION)]
            for area, indicator in self.indicators:
                given = country["answers"].get(indicator["code"], {})
                yield [
                    *who,
                    *(area["code"], _text(area["title"]), label(area, indicator), _text(indicator["title"])),
                    *_answer(indicator, country["answers"]),
                    *(given.get("reason", ""), given.get("comment", "")),
                    *(given.get("withheld", False), bool(given.get("confirmed", False))),
                ]

    def matrix(self) -> Table:
        """A row per reporting country, a column per indicator: the level, or the kind of answer in its place."""
        columns = ["country_iso3", "country", *(label(area, one) for area, one in self.indicators)]
        return Table("matrix", _("Answers by country and indicator"), columns, self._matrix(), len(self.countries))

    def _matrix(self) -> Iterator[list[Value]]:
        for country in self.countries:
            row: list[Value] = [country["iso3"], _text(country["name"])]
            for _area, indicator in self.indicators:
                kind, _kind_label, level, _level_label, _share = _answer(indicator, country["answers"])
                row.append(kind if level is None else level)
            yield row

    def results(self) -> Table:
        """A row per reporting country and area, with points and percent on both bases."""
        columns = ["country_iso3", "country", "area", "area_title", "scored", "of"]
        columns += [f"{basis}_{part}" for basis in Basis for part in ("points", "possible", "percent")]
        expected = len(self.countries) * len(self.areas)
        return Table("results", _("Results by country and area"), columns, self._results(), expected)

    def _results(self) -> Iterator[list[Value]]:
        for country in self.countries:
            for area in self.areas:
                found = self.snapshot["results"]["countries"][country["iso2"]][area["code"]]
                row = [country["iso3"], _text(country["name"]), area["code"], _text(area["title"])]
                row += [found["scored"], found["of"]]
                for basis in Basis:
                    score = found[basis]
                    row += [score["points"], score["possible"], _percent(score["percent"])]
                yield row

    def overall(self) -> Table:
        """A row per area and basis: the spread of the countries' percentages."""
        columns = ["area", "area_title", "basis", "n", *SPREAD]
        rows = self._overall(self.snapshot["results"])
        return Table("areas", _("Overall results by area"), columns, rows, len(self.areas) * len(Basis))

    def _overall(self, results: Data) -> Iterator[list[Value]]:
        for area in self.areas:
            for basis in Basis:
                overall = results["areas"][area["code"]][basis]
                yield [area["code"], _text(area["title"]), basis.value, *_spread(overall)]

    def tallies(self) -> Table:
        """A row per indicator: how many countries gave which answer, and the spread of the levels in percent."""
        columns = ["area", "indicator", "indicator_title", *(f"level_{value}" for value in self.values)]
        columns += ["not_applicable", "unknown", UNANSWERED, "n", *SPREAD]
        return Table(
            "indicators", _("Indicators"), columns, self._tallies(self.snapshot["results"]), len(self.indicators)
        )

    def _tallies(self, results: Data) -> Iterator[list[Value]]:
        for area, indicator in self.indicators:
            found = results["indicators"][indicator["code"]]
            row: list[Value] = [area["code"], label(area, indicator), _text(indicator["title"])]
            row += [found["distribution"].get(str(value)) for value in self.values]
            yield [*row, found["not_applicable"], found["unknown"], found["unanswered"], *_spread(found["percent"])]

    def by_group(self) -> list[Table]:
        """The rows by area and by indicator once more for each membership group and sub-region."""
        areas, indicators = _("Groups and sub-regions by area"), _("Groups and sub-regions by indicator")
        return [
            self._repeated("groups", areas, self.overall(), self._overall),
            self._repeated("group_indicators", indicators, self.tallies(), self._tallies),
        ]

    def _repeated(self, name: str, title: str, of: Table, rows: Callable[[Data], Iterator[list[Value]]]) -> Table:
        repeated = ([*who, *row] for who, results in self._groups for row in rows(results))
        return Table(name, title, [*GROUP, *of.columns], repeated, of.expected * len(self._groups))

    @cached_property
    def _groups(self) -> list[tuple[list[Value], Data]]:
        """The membership groups and sub-regions with the results of their countries."""
        members: dict[tuple[str, str, str], list[Data]] = {}
        for country in self.countries:
            keys = [("group", one["code"], _text(one["name"])) for one in country["groups"]]
            keys += [("subregion", country["subregion"], country["subregion"])] if country["subregion"] else []
            for key in keys:
                members.setdefault(key, []).append(country)
        return [([*key, len(members[key])], compute(self.snapshot["edition"], members[key])) for key in sorted(members)]

    def objectives(self) -> Table:
        """A row per objective of the edition and basis: the spread of the countries' percentages."""
        columns = ["objective", "objective_title", "indicators", "basis", "n", *SPREAD]
        expected = len(self.snapshot["edition"].get("objectives", [])) * len(Basis)
        return Table("objectives", _("Objectives"), columns, self._objectives(), expected)

    def _objectives(self) -> Iterator[list[Value]]:
        labels = {one["code"]: label(area, one) for area, one in self.indicators}
        for basis in Basis:
            for one in breakdowns.objectives(self.snapshot, basis):
                speaking = "; ".join(labels[code] for code in one.indicators)
                yield [one.code, _text(one.title), speaking, basis.value, *_spread(spread_data(one.spread))]

    def code_book(self) -> Table:
        """A row per code that an answer can have: the levels of each indicator, and the other kinds of answer."""
        columns = ["area", "area_title", "indicator", "indicator_title", "code", "label"]
        expected = sum(len(indicator["levels"]) for _area, indicator in self.indicators) + len(KINDS)
        return Table("code_book", _("Code book"), columns, self._code_book(), expected)

    def _code_book(self) -> Iterator[list[Value]]:
        for area, indicator in self.indicators:
            names = [area["code"], _text(area["title"]), label(area, indicator), _text(indicator["title"])]
            for level in indicator["levels"]:
                yield [*names, level["value"], _text(level["text"])]
        for kind, word in KINDS.items():
            yield ["", "", "", "", kind or UNANSWERED, str(word)]

    def data_forms(self) -> list[Table]:
        """A table per data form that an indicator asks: its published rows, as the countries gave them."""
        asked = [(area, one, form) for area, one in self.indicators if (form := one.get("data_form"))]
        return [
            Table(
                f"form-{n}-{form['code']}",
                f"{label(area, one)} · {_text(form['title'])}",
                ["country_iso3", "country", *(column["code"] for column in form["columns"])],
                self._figures(one["code"], form),
                sum(len(figures(country, one["code"])) for country in self.countries),
            )
            for n, (area, one, form) in enumerate(asked, start=1)
        ]

    def _figures(self, code: str, form: Data) -> Iterator[list[Value]]:
        for country in self.countries:
            for row in figures(country, code):
                cells = [_figure(column, row.get(column["code"])) for column in form["columns"]]
                yield [country["iso3"], _text(country["name"]), *cells]


def figures(country: Data, code: str) -> list[Data]:
    """Return the published rows of the data form that a country filled for an indicator."""
    return list(country["answers"].get(code, {}).get("figures") or [])


def _participant(country: Data) -> list[Value]:
    groups = "; ".join(group["code"] for group in country["groups"])
    return [country["iso2"], country["iso3"], _text(country["name"]), country["subregion"], groups]


def _answer(indicator: Data, answers: Data) -> tuple[str, str, int | None, str, Decimal | None]:
    """The answer's kind and level, each as code and label, and the level in percent of its ladder."""
    answer = answers.get(indicator["code"], {})
    kind, level = answer.get("kind", ""), answer.get("level")
    if kind != "level":
        return kind or UNANSWERED, str(KINDS[kind]), None, "", None
    rungs = ladder(indicator)
    texts = {one["value"]: one["text"] for one in indicator["levels"]}
    share = rounded(Fraction(100 * (level - rungs[0]), rungs[-1] - rungs[0]))
    return kind, _("Level"), level, _text(texts[level]), share


def _figure(column: Data, value: Any) -> Value:
    return Decimal(value) if column["kind"] == "decimal" and value is not None else value


def _spread(values: Data | None) -> list[Value]:
    if values is None:
        return [0, *([None] * len(SPREAD))]
    return [values["n"], *(_percent(values[part]) for part in SPREAD)]


def _percent(exact: str | None) -> Decimal | None:
    return None if exact is None else rounded(Fraction(exact))


def _text(data: Any) -> str:
    return str(numbers.text(data))
