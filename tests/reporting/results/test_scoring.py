"""The arithmetic of results, against worked examples and against a plain computation of another make."""

import json
import statistics
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reporting.results import compute
from reporting.results.scoring import Basis, mark, rounded, score, spread

SCOREBOARD = (0, 1, 2, 3)
HARBOUR = (1, 2, 3, 4, 5)


# --- one area of one country: worked examples --------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "ladder", "answered", "strict"),
    [
        # answers, ladder, (points, possible, percent) on either basis
        ([3, 3, 3], SCOREBOARD, (9, 9, 100), (9, 9, 100)),
        ([0, 0], SCOREBOARD, (0, 6, 0), (0, 6, 0)),
        ([1, 2], SCOREBOARD, (3, 6, 50), (3, 6, 50)),
        ([3, "not_applicable"], SCOREBOARD, (3, 3, 100), (3, 3, 100)),  # leaves both sides
        ([3, "unknown"], SCOREBOARD, (3, 3, 100), (3, 6, 50)),
        ([3, ""], SCOREBOARD, (3, 3, 100), (3, 6, 50)),  # not answered
        (
            [2, "unknown", "", "not_applicable"],
            SCOREBOARD,
            (2, 3, Fraction(200, 3)),
            (2, 9, Fraction(200, 9)),
        ),
        (["not_applicable", "not_applicable"], SCOREBOARD, (0, 0, None), (0, 0, None)),
        (["unknown", ""], SCOREBOARD, (0, 0, None), (0, 6, 0)),
        ([], SCOREBOARD, (0, 0, None), (0, 0, None)),
        ([1], HARBOUR, (0, 4, 0), (0, 4, 0)),  # the lowest rung gives nothing, whatever its number
        ([5, 3], HARBOUR, (6, 8, 75), (6, 8, 75)),
    ],
)
def test_an_area_by_hand(answers, ladder, answered, strict):
    marks = [
        mark("level", answer, ladder) if isinstance(answer, int) else mark(answer, None, ladder) for answer in answers
    ]

    for basis, expected in [(Basis.ANSWERED, answered), (Basis.STRICT, strict)]:
        result = score(marks, basis)
        assert (result.points, result.possible, result.percent) == expected
        assert result.scored == sum(isinstance(answer, int) for answer in answers)
        assert result.of == len(answers)


def test_ladders_of_different_height_weigh_by_their_rungs():
    marks = [mark("level", 5, HARBOUR), mark("level", 0, (0, 1))]

    assert score(marks, Basis.ANSWERED).percent == 80  # 4 of 4 + 1


def test_a_level_is_not_read_from_an_answer_of_another_kind():
    assert mark("unknown", 3, SCOREBOARD).points is None


# --- how values lie ----------------------------------------------------------------------------------------


def test_a_spread_by_hand():
    lies = spread(map(Fraction, (10, 20, 40, 100)))

    assert (lies.n, lies.lowest, lies.highest) == (4, 10, 100)
    assert (lies.mean, lies.median) == (Fraction(85, 2), 30)
    assert (lies.lower_quartile, lies.upper_quartile) == (Fraction(35, 2), 55)


def test_nothing_has_no_spread():
    assert spread([]) is None


@given(st.lists(st.fractions(0, 100, max_denominator=99), min_size=2, max_size=60))
def test_a_spread_is_that_of_the_statistics_module(values):
    lies = spread(values)

    assert (lies.n, lies.lowest, lies.highest) == (len(values), min(values), max(values))
    assert (lies.mean, lies.median) == (statistics.mean(values), statistics.median(values))
    quartiles = statistics.quantiles(values, n=4, method="inclusive")
    assert [lies.lower_quartile, lies.median, lies.upper_quartile] == quartiles


# --- rounding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("1/20", "0.1"),
        ("1/4", "0.3"),
        ("-1/4", "-0.3"),
        ("1249/1000", "1.2"),
        ("2000/27", "74.1"),
        ("100", "100.0"),
    ],
)
def test_rounding_by_hand(value, printed):
    assert str(rounded(Fraction(value))) == printed


@given(st.fractions(-1000, 1000, max_denominator=10_000), st.integers(0, 3))
@example(Fraction(125, 100), 1)
@example(Fraction(-125, 100), 1)
@example(Fraction(5, 2), 0)
def test_rounding_is_half_up_as_decimal_does_it(value, places):
    exact = Context(prec=60).divide(Decimal(value.numerator), Decimal(value.denominator))

    assert rounded(value, places) == exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


# --- a whole cycle, against a plain computation ------------------------------------------------------------


@st.composite
def cycles(draw):
    """An edition of a few areas with ladders of any height, and countries with answers of every kind."""
    areas, code = [], 0
    for letter in "PQR"[: draw(st.integers(1, 3))]:
        indicators = []
        for _ in range(draw(st.integers(1, 5))):
            code, lowest = code + 1, draw(st.integers(0, 2))
            values = range(lowest, lowest + draw(st.integers(2, 6)))
            indicators.append({"code": str(code), "levels": [{"value": value} for value in values]})
        areas.append({"code": letter, "indicators": indicators})
    countries = []
    for n in range(draw(st.integers(0, 5))):
        answers = {}
        for indicator in (one for area in areas for one in area["indicators"]):
            rungs = [level["value"] for level in indicator["levels"]]
            kind = draw(st.sampled_from(["level", "level", "level", "not_applicable", "unknown", ""]))
            if kind:
                level = draw(st.sampled_from(rungs)) if kind == "level" else None
                answers[indicator["code"]] = {"kind": kind, "level": level}
        countries.append({"iso2": f"C{n}", "answers": answers})
    return {"areas": areas}, countries


def plain_percent(area, answers, basis):
    """The percentage of an area by walking its indicators, in whole numbers until the last line."""
    points = possible = 0
    for indicator in area["indicators"]:
        rungs = sorted(level["value"] for level in indicator["levels"])
        answer = answers.get(indicator["code"])
        if answer and answer["kind"] == "not_applicable":
            continue
        if answer and answer["kind"] == "level":
            points += rungs.index(answer["level"])
            possible += len(rungs) - 1
        elif basis == "strict":
            possible += len(rungs) - 1
    return None if possible == 0 else Fraction(points, possible) * 100


@given(cycles())
def test_results_of_a_cycle_are_those_of_a_plain_computation(cycle):
    edition, countries = cycle

    found = compute.compute(edition, countries)

    assert json.loads(json.dumps(found)) == found  # plain data: what a snapshot keeps is what was computed
    assert list(found["countries"]) == [country["iso2"] for country in countries]
    for area in edition["areas"]:
        for basis in ("answered", "strict"):
            percents = [plain_percent(area, country["answers"], basis) for country in countries]
            for country, percent in zip(countries, percents, strict=True):
                exact = found["countries"][country["iso2"]][area["code"]][basis]["percent"]
                assert (exact if exact is None else Fraction(exact)) == percent
            known = [percent for percent in percents if percent is not None]
            lies = found["areas"][area["code"]][basis]
            if not known:
                assert lies is None
            else:
                assert lies["n"] == len(known)
                assert Fraction(lies["mean"]) == statistics.mean(known)
                assert Fraction(lies["median"]) == statistics.median(known)


@given(cycles())
def test_every_answer_of_an_indicator_is_counted_once(cycle):
    edition, countries = cycle

    found = compute.compute(edition, countries)["indicators"]

    for indicator in (one for area in edition["areas"] for one in area["indicators"]):
        given_here = [country["answers"].get(indicator["code"], {"kind": ""}) for country in countries]
        one = found[indicator["code"]]
        assert one["distribution"] == {
            str(level["value"]): sum(answer.get("level") == level["value"] for answer in given_here)
            for level in indicator["levels"]
        }
        kinds = [answer["kind"] for answer in given_here]
        assert one["not_applicable"] == kinds.count("not_applicable")
        assert one["unknown"] == kinds.count("unknown")
        assert one["unanswered"] == kinds.count("")
        assert (one["percent"] or {"n": 0})["n"] == kinds.count("level")


def test_there_is_no_total_over_areas():
    edition = {"areas": [{"code": "P", "indicators": [{"code": "1", "levels": [{"value": 0}, {"value": 1}]}]}]}

    found = compute.compute(edition, [{"iso2": "MT", "answers": {"1": {"kind": "level", "level": 1}}}])

    assert set(found) == {"countries", "areas", "indicators"}
    assert set(found["countries"]["MT"]) == {"P"}
