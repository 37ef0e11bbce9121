"""The flat tables of the API: every row against plain arithmetic from random answers, and the data package of them."""

import csv
import io
import json
import runpy
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from django.test import Client

from reporting.published.open_tables import TABLES
from tests.reporting import recomputation as plain
from tests.reporting.open_data import as_text, file, get, only, pages
from tests.reporting.over_cycles import BEFORE, Truth, label_of
from tests.reporting.recomputation import half_up

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("truths", [1], indirect=True, scope="module")]

PROGRAM = Path(__file__).parents[3] / "docs" / "api" / "levels.py"
PROFILE = Path(__file__).parent / "tabular-data-package.json"


@pytest.fixture(scope="module")
def tables(truths):
    return {table.name: pages(table.name) for table in TABLES}


def drawn_cycles(truths):
    """Return the questionnaire and code of each cycle that was drawn, the earliest first."""
    return sorted(((truth, code) for truth in truths.values() for code in truth.codes), key=lambda one: one[1])


def first_asked(truth: Truth, cycle: str, code: str) -> str:
    """Return where the wording of an indicator of a cycle was first asked: the edition, and the label there."""
    first, drawn = truth.drawn[truth.codes[0]], truth.drawn[cycle]
    before, change = BEFORE[code] if drawn.edition["code"] != first.edition["code"] else (code, "")
    kept, code = (first, before) if before and not change else (drawn, code)
    return f"{kept.edition['code']}:{label_of(kept, code)}"


def percent(points: int, possible: int) -> float | None:
    return float(half_up(Fraction(100 * points, possible))) if possible else None


def test_every_row_is_what_was_drawn(truths, tables):
    levels, comments, results, distributions = [], [], [], []
    for truth, cycle in drawn_cycles(truths):
        drawn = truth.drawn[cycle]
        areas = [area["code"] for area in drawn.edition["areas"]]
        for iso2, given in sorted(truth.answers[cycle].items()):
            for code in drawn.indicators:
                if code not in given:
                    continue
                answer, ladder = given[code], drawn.ladder(code)
                who = (cycle, iso2, label_of(drawn, code), first_asked(truth, cycle, code))
                share = None
                if answer["level"] is not None:
                    share = percent(ladder.index(answer["level"]), len(ladder) - 1)
                levels.append((*who, answer["kind"], answer["level"], ladder[0], ladder[-1], share))
                words = (answer["reason"], answer["comment"], answer["withheld"])
                if any(words):
                    comments.append((*who, *words))
            for area in areas:
                found = [plain.points(drawn, iso2, drawn.codes(area), strict) for strict in (False, True)]
                scored = sum(isinstance(drawn.sheets[iso2][code], int) for code in drawn.codes(area))
                counts = (scored, len(drawn.codes(area)), found[0][0])
                results.append((cycle, iso2, area, *counts, *(one for p, q in found for one in (q, percent(p, q)))))
        for code in drawn.indicators:
            for value in [*drawn.ladder(code), "not_applicable", "unknown", None]:
                n = sum(sheet[code] == value for sheet in drawn.sheets.values())
                distributions.append((cycle, code, str(value or "unanswered") if value != 0 else "0", n))

    who = ("cycle", "iso2", "label", "series")
    measures = ("kind", "level", "lowest_level", "highest_level", "percent")
    assert only(tables["levels"], *who, *measures) == levels
    assert only(tables["comments"], *who, "reason", "comment", "withheld") == comments
    bases = ("possible_answered", "percent_answered", "possible_strict", "percent_strict")
    assert only(tables["results"], "cycle", "iso2", "area", "scored", "of", "points", *bases) == results
    assert only(tables["distributions"], "cycle", "indicator", "answer", "countries") == distributions


def test_files_have_the_same_rows(tables):
    for name, rows in tables.items():
        assert file(name) == [{key: as_text(value) for key, value in row.items()} for row in rows]
    assert {row["example"] for rows in tables.values() for row in rows} == {True}


def test_filters_choose_rows(tables):
    columns = {"cycle": "cycle", "area": "area", "indicator": "indicator", "country": "iso2"}
    for name, rows in tables.items():
        one = rows[len(rows) // 2] if rows else {}
        known = {key: column for key, column in columns.items() if column in one}
        asked = {key: one[column].lower() if key == "country" else one[column] for key, column in known.items()}
        wanted = [row for row in rows if all(row[column] == one[column] for column in known.values())]
        assert pages(name, **asked) == wanted
        assert len(file(name, **asked)) == len(wanted)
        for form in (f"{name}/", f"{name}.csv"):
            assert list(get(form, status=400, contry="mt").json()["errors"]) == ["contry"]


def test_the_data_package_is_one_and_describes_the_files(tables, settings):
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
    package = get("datapackage.json").json()
    jsonschema.validate(package, json.loads(PROFILE.read_text()), cls=jsonschema.Draft4Validator)
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    title = "Assessment of 2018, issue 1, published 2018-12-01 (invented example data)"
    assert package["sources"][0]["title"] == title
    files = {}
    for resource in package["resources"]:
        rows = list(csv.DictReader(io.StringIO(get(resource["path"]).getvalue().decode(), newline="")))
        files[resource["name"]] = rows
        fields = resource["schema"]["fields"]
        for field in fields:
            for row in rows:
                require_type(row[field["name"]], field)
        keys = only(rows, *resource["schema"]["primaryKey"])
        assert len(keys) == len(set(keys))
    assert files.keys() == tables.keys()
    for resource in package["resources"]:
        for key in resource["schema"].get("foreignKeys", []):
            there = set(only(files[key["reference"]["resource"]], *key["reference"]["fields"]))
            assert set(only(files[resource["name"]], *key["fields"])) <= there


def test_the_program_prints_the_levels_of_a_country(truths):
    truth = truths["harbour"]
    iso2 = next(one for one in truth.answers["2024"] if len(truth.reported(one)) > 1)
    program = runpy.run_path(str(PROGRAM))
    program["table"].__globals__["get"] = lambda address: Client().get(address).getvalue().decode()
    rows = program["table"]("/api/v1/published/datapackage.json", "levels", country=iso2)
    head, *lines = program["lines"]([row for row in rows if row["questionnaire"] == "harbour-1"])
    cycles = truth.reported(iso2)
    assert head.split() == cycles
    expected: dict[str, dict] = {}
    for cycle in cycles:
        for code, answer in truth.answers[cycle][iso2].items():
            level = {"not_applicable": "n/a", "unknown": "?"}.get(answer["kind"], answer["level"])
            expected.setdefault(label_of(truth.drawn[cycle], code), {})[cycle] = (
                level,
                first_asked(truth, cycle, code),
            )
    wanted = []
    for label, given in expected.items():
        line, before = f"{label:8}", None
        for cycle in cycles:
            level, series = given.get(cycle, ("", before))
            line += f"{'|' if before and series != before else ' '}{level:>7}"
            before = series
        wanted.append(line)
    assert lines == wanted


def require_type(value: str, field: dict) -> None:
    """Raise unless the text of a cell is of the type of its field."""
    if value == "":
        assert "constraints" not in field, field
        return
    read = {
        "string": str,
        "integer": int,
        "number": float,
        "boolean": ["true", "false"].index,
        "date": date.fromisoformat,
        "datetime": lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ"),
    }
    read[field["type"]](value)
