"""What one snapshot says beyond its results: objectives, groups of countries, and sums of figures; pure and exact."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reporting.results.compute import ladder
from reporting.results.scoring import Basis, Spread, mark, score, spread
from scoreboard.data_tables import tables

Data = dict[str, Any]


@dataclass(frozen=True)
class Objective:
    """The countries' percentages over the indicators that belong to an objective."""

    code: str
    title: Data
    indicators: list[str]
    spread: Spread | None


@dataclass(frozen=True)
class Total:
    """The sum of a column of a data form, over `rows` rows of `countries` countries.

    `also_filled` are the columns that these rows fill too, of those that a check compares with this one.
    """

    column: Data
    total: Decimal
    rows: int
    countries: int
    also_filled: tuple[str, ...] = ()


def objectives(snapshot: Data, basis: Basis) -> list[Objective]:
    """Return the countries' percentages in each objective of the edition, over all indicators that belong to it."""
    edition = snapshot["edition"]
    found = []
    for objective in edition.get("objectives", []):
        indicators = of_objective(edition, objective["code"])
        percents = (percent(country, indicators, basis) for country in snapshot["countries"])
        overall = spread(percent for percent in percents if percent is not None)
        codes = [one["code"] for one in indicators]
        found.append(Objective(objective["code"], objective["title"], codes, overall))
    return found


def of_objective(edition: Data, code: str) -> list[Data]:
    """Return the indicators that belong to an objective of an edition, in its order; none if it has no such one."""
    objective: Data = next((one for one in edition.get("objectives", []) if one["code"] == code), {})
    return [
        one
        for area in edition["areas"]
        for one in area["indicators"]
        if area["code"] in objective.get("areas", []) or one["code"] in objective.get("indicators", [])
    ]


def spreads_by_group(snapshot: Data, basis: Basis) -> dict[tuple[str, str], dict[str, Spread | None]]:
    """Return the spread of the countries' percentages in each area, by membership group and by sub-region.

    Keys are ("group" or "subregion", its code), then the area's code.
    """
    members: dict[tuple[str, str], list[str]] = {}
    for country in snapshot["countries"]:
        keys = [("group", group["code"]) for group in country["groups"]]
        keys += [("subregion", country["subregion"])] if country["subregion"] else []
        for key in keys:
            members.setdefault(key, []).append(country["iso2"])
    results = snapshot["results"]["countries"]
    return {
        key: {
            area["code"]: spread(
                Fraction(percent)
                for iso2 in members[key]
                if (percent := results[iso2][area["code"]][basis]["percent"]) is not None
            )
            for area in snapshot["edition"]["areas"]
        }
        for key in sorted(members)
    }


def totals(snapshot: Data, code: str, *, of: Mapping[str, Any] | None = None) -> list[Total]:
    """Return the sums of an indicator's data form; of rows that have all the values of `of`, by column.

    Rows are not summed together if they fill different ones of the columns that a check compares: such sums would be
    compared although they are over different rows. Each such set of rows has sums of its own.
    """
    form = indicators_of(snapshot["edition"])[code]["data_form"]
    wanted = (of or {}).items()
    rows = [
        (iso2, row) for iso2, row in _public_rows(snapshot, code) if all(row.get(key) == value for key, value in wanted)
    ]
    linked = tables.compared_columns(form.get("checks", []))
    found = []
    for column in form["columns"]:
        if column["kind"] not in ("integer", "decimal"):
            continue
        one = column["code"]
        alike: dict[frozenset[str], list[tuple[str, Decimal]]] = {}
        for iso2, row in rows:
            if one in row:
                alike.setdefault(frozenset(linked(one) & row.keys()), []).append((iso2, Decimal(str(row[one]))))
        for filled, values in sorted(alike.items(), key=lambda pair: (-len(pair[0]), sorted(pair[0]))):
            summed = sum((value for _iso2, value in values), Decimal())
            others = [other["code"] for other in form["columns"] if other["code"] in filled - {one}]
            found.append(Total(column, summed, len(values), len({iso2 for iso2, _value in values}), tuple(others)))
    return found


def column_values(snapshot: Data, code: str, column: str) -> list[Any]:
    """Return the values in a column of an indicator's data form, each once and in order."""
    return sorted({row[column] for _iso2, row in _public_rows(snapshot, code) if column in row})


def _public_rows(snapshot: Data, code: str) -> Iterator[tuple[str, Data]]:
    """The public rows of an indicator's data form, each with its country."""
    for country in snapshot["countries"]:
        for row in country["answers"].get(code, {}).get("figures") or []:
            yield country["iso2"], row


def percent(country: Data, indicators: Iterable[Data], basis: Basis) -> Fraction | None:
    """Return a country's exact percentage over some indicators; None if it has none."""
    answers = country["answers"]
    marks = [
        mark(answer.get("kind", ""), answer.get("level"), ladder(one))
        for one in indicators
        for answer in [answers.get(one["code"], {})]
    ]
    return score(marks, basis).percent


def indicators_of(edition: Data) -> dict[str, Data]:
    """Return an edition's indicators by code."""
    return {one["code"]: one for area in edition["areas"] for one in area["indicators"]}
