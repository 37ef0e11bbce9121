"""From a cycle's answers to its results: every figure that pages, files and the API show, computed once per snapshot.

The results are plain data for a JSON snapshot; exact fractions are text ("2000/27") and are rounded by readers.
"""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from reporting.results.scoring import Basis, Score, Spread, mark, score, spread

Data = dict[str, Any]


def compute(edition: Data, countries: list[Data]) -> Data:
    """Return the results of `countries` (each with `iso2` and `answers` by indicator code) under an edition document.

    Keys: `countries` → iso2 → area code → scored, of, and a score per basis; `areas` → area code → a spread per
    basis (None without values); `indicators` → code → how answers are distributed and the spread of percentages.
    """
    by_country = {country["iso2"]: _country(edition, country["answers"]) for country in countries}
    return {
        "countries": by_country,
        "areas": {
            area["code"]: {
                basis.value: _spread(
                    Fraction(result[area["code"]][basis]["percent"])
                    for result in by_country.values()
                    if result[area["code"]][basis]["percent"] is not None
                )
                for basis in Basis
            }
            for area in edition["areas"]
        },
        "indicators": {
            indicator["code"]: _indicator(indicator, [country["answers"] for country in countries])
            for area in edition["areas"]
            for indicator in area["indicators"]
        },
    }


def ladder(indicator: Data) -> list[int]:
    """Return the values of an indicator's levels, lowest first."""
    return [level["value"] for level in indicator["levels"]]


def exact_text(value: Fraction | None) -> str | None:
    """Return an exact value as a snapshot holds it."""
    return None if value is None else str(value)


def spread_data(values: Spread | None) -> Data | None:
    """Return a spread as a snapshot holds it."""
    if values is None:
        return None
    return {key: value if key == "n" else exact_text(value) for key, value in vars(values).items()}


def read_spread(data: Data | None) -> Spread | None:
    """Return a spread that a snapshot holds."""
    if data is None:
        return None
    return Spread(n=data["n"], **{key: Fraction(value) for key, value in data.items() if key != "n"})


def _country(edition: Data, answers: Data) -> Data:
    return {area["code"]: _area(area, answers) for area in edition["areas"]}


def _area(area: Data, answers: Data) -> Data:
    marks = [
        mark(answer.get("kind", ""), answer.get("level"), ladder(indicator))
        for indicator in area["indicators"]
        for answer in [answers.get(indicator["code"], {})]
    ]
    scores = {basis: score(marks, basis) for basis in Basis}
    answered = scores[Basis.ANSWERED]
    return {
        "scored": answered.scored,
        "of": answered.of,
        **{basis.value: _score(one) for basis, one in scores.items()},
    }


def _score(one: Score) -> Data:
    return {"points": one.points, "possible": one.possible, "percent": exact_text(one.percent)}


def _indicator(indicator: Data, answers: list[Data]) -> Data:
    given = [by_code.get(indicator["code"], {}) for by_code in answers]
    kinds = Counter(answer.get("kind", "") for answer in given)
    rungs = ladder(indicator)
    levels = [answer["level"] for answer in given if answer.get("kind") == "level"]
    chosen = Counter(levels)
    return {
        "distribution": {str(value): chosen[value] for value in rungs},
        "not_applicable": kinds["not_applicable"],
        "unknown": kinds["unknown"],
        "unanswered": kinds[""],
        "percent": _spread(Fraction(100 * (level - rungs[0]), rungs[-1] - rungs[0]) for level in levels),
    }


def _spread(values: Iterable[Fraction]) -> Data | None:
    return spread_data(spread(values))
