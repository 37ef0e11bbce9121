"""Every number of pages, files and PDF against plain arithmetic from what was drawn before anything was entered.

Tables are compared whole, cell by cell, and charts by measuring what they draw; a table or chart that nothing here
expects fails the test: no number is left out.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from reporting.document.document import Document
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from reporting.pdf import sections
from tests.factories import HARBOUR, HARBOUR_NEXT
from tests.reporting import expected_charts, expected_groups, ruler
from tests.reporting import recomputation as plain
from tests.reporting.drawing import FORM, NAMES, Drawn, draw, entered, redrawn, reentered
from tests.reporting.expected import Expected
from tests.reporting.expected_reissue import Reissue
from tests.reporting.reading import (
    Rows,
    every_part,
    page_tables,
    page_words,
    pdf_alternatives,
    pdf_tables,
    pdf_words,
    pictures,
)
from tests.world import furnished

pytestmark = pytest.mark.django_db

WITHOUT_RESULTS = {"cover", "contents", "introduction", "method", "conclusions", "questionnaire"}
WORDING = r"^Table \d+ |:? mean percent over the n countries.*|, and how many indicators are the same"  # of captions
CYCLES = (("2018", HARBOUR, "answered"), ("2021", HARBOUR, "strict"), ("2024", HARBOUR_NEXT, "answered"))


class Made(NamedTuple):
    """An issue: what it must say, what was made of it, its files by kind, and what it must say that it changed."""

    expected: Expected
    issue: Assessment
    files: dict[str, bytes]
    since: Reissue | None = None


@pytest.fixture(scope="module")
def issues(module_db, tmp_path_factory) -> Iterator[list[Made]]:
    """Three published cycles under two editions, the last issued twice: what is expected, what was made, its files."""
    random, drawn, found = Random(1), [], []  # noqa: S311 - numbers to reckon with, not secrets
    folder = tmp_path_factory.mktemp("files")
    with furnished(folder):
        for code, path, basis in CYCLES:
            drawn.append(draw(random, code, path, drawn[-1] if drawn else None))
            issue = entered(drawn[-1], path, basis)
            found.append(Made(Expected(drawn[-1], basis, drawn[:-1]), issue, contents(issue)))
        first = drawn.pop()
        again = Expected(redrawn(random, first), basis, drawn)
        issue = reentered(again.drawn, first, issue.cycle)
        found.append(Made(again, issue, contents(issue), Reissue(first, again)))
        yield found


def contents(issue: Assessment) -> dict[str, bytes]:
    return {one.kind: one.file.open("rb").read() for one in issue.products.all()}


def unspaced(text: str) -> str:
    return "".join(text.split())


def readings(text: str) -> dict[str, ruler.Reading]:
    return {title: ruler.read(svg) for title, svg in ruler.charts(text).items()}


def without_sum(since: dict | None) -> dict | None:
    return since and {name: value for name, value in since.items() if name != "snapshot_sha256"}


def coded(tables: dict[str, Rows], drawn: Drawn) -> dict[str, Rows]:
    """Return the tables with codes where titles of the edition stood, in whatever language."""
    titles = {}
    for area in drawn.edition["areas"]:
        for one in [area, *area["indicators"]]:
            titles |= dict.fromkeys(one["title"].values(), one["code"])
    for objective in drawn.edition.get("objectives", []):
        titles |= dict.fromkeys(objective["title"].values(), "objective")
    if form := drawn.indicators.get(FORM, {}).get("data_form"):
        titles |= dict.fromkeys(form["title"].values(), "form")
        for one in [*form["columns"], *(choice for column in form["columns"] for choice in column.get("choices", []))]:
            titles |= dict.fromkeys(one["title"].values(), one["code"])
    codes = {unspaced(title): code for title, code in titles.items()}  # a long word may be broken between lines
    anywhere = (r"\s?".join(map(re.escape, title)) for title in sorted(codes, key=len, reverse=True))
    pattern = re.compile("|".join(anywhere))

    def code(text: str) -> str:
        return pattern.sub(lambda found: codes[unspaced(found[0])], text)

    return {code(caption): [[code(cell) for cell in row] for row in rows] for caption, rows in tables.items()}


def test_every_table_of_the_pages(issues):
    for expected, issue, _files, since in issues:
        response = every_part(Client(), issue)
        assert coded(page_tables(response), expected.drawn) == expected.page() | (since.page() if since else {})
        said = page_words(response)
        assert f"What {len(expected.countries)} of 6 participating countries reported about themselves." in said
        assert ("What changed since issue 1" in said) == bool(since)
        for sentence in since.said() if since else []:
            assert sentence in said
        for area in expected.areas:
            mean, median = (expected.statistic(area, name) for name in ("mean", "median"))
            assert (
                f"Overall mean {mean} % n = {expected.n(area)} Overall median {median} % n = {expected.n(area)}" in said
            )
        for iso2 in NAMES:
            response = Client().get(reverse("report_country", args=[issue.pk, iso2]))
            assert response.status_code == (200 if iso2 in expected.drawn.sheets else 404)
            if response.status_code == 200:
                assert coded(page_tables(response), expected.drawn) == expected.country_page(iso2)
    for code in expected.drawn.indicators:
        said = page_words(Client().get(reverse("report_indicator", args=[issue.pk, code])))
        found = re.findall(r"(\d+) countr(?:y|ies)(?:: ([^.]*?))? ?\.", said)
        assert sorted(f"{n} {who.replace(' ,', ',')}".strip() for n, who in found) == expected.choices(code)
        assert expected_groups.indicator(expected, code) in said


def test_every_table_of_the_pdf(issues):
    expected, issue, *_files = issues[1]
    two, others = expected.countries[:2], tuple(expected.countries[2:])
    found: dict[str, Rows] = {}
    said = {}
    document = Document(issue.snapshot)
    for part in sections.sections(document, pdf.particulars(issue)):
        if part.anchor in WITHOUT_RESULTS or part.anchor.endswith(others):
            continue
        content = pdf.section_pdf(issue, part.anchor)
        tables, said[part.anchor] = coded(pdf_tables(content), expected.drawn), pdf_words(content)
        drawings = ruler.charts("".join(pictures(part.html(document))))
        assert pdf_alternatives(content) == [f"{title}. {ruler.read(svg).says}" for title, svg in drawings.items()]
        for svg in drawings.values():
            assert unspaced(ruler.words(svg)) in unspaced(said[part.anchor])
        for iso2 in two:
            if part.anchor.endswith(iso2) and "form" in tables:
                assert {"form": tables.pop("form")} == expected.filled_in(iso2)
        found |= {re.sub(WORDING, "", caption): rows for caption, rows in tables.items()}
    wanted = {
        name: rows for name, rows in expected.paper().items() if not name.startswith(tuple(map(NAMES.get, others)))
    }
    assert found == wanted
    for area in expected.areas:
        mean, median = (expected.statistic(area, name) for name in ("mean", "median"))
        assert (
            f"The overall mean is {mean} percent and the median {median} percent, for {expected.n(area)} countries."
            in said[f"area-{area}"]
        )
        lower, upper, lowest, highest = expected.statistics(area)[2:]
        assert (
            f"The quartiles are {lower} and {upper} percent, and the percentages go from {lowest} to {highest}."
            in said[f"area-{area}"]
        )
        assert expected_groups.extremes(expected, area) in said[f"area-{area}"]


def test_change_and_objectives_in_the_pdf(issues):
    expected, issue, _files, since = issues[-1]
    found: dict[str, Rows] = {}
    said = ""
    for anchor in ("reissued", "change", "objectives"):
        content = pdf.section_pdf(issue, anchor)
        tables = coded(pdf_tables(content), expected.drawn)
        found |= {re.sub(WORDING, "", caption): rows for caption, rows in tables.items()}
        said += pdf_words(content)
    change = {name: rows for name, rows in expected.paper().items() if re.search(r" and now| since ", name)}
    assert found == since.paper() | change | expected_groups.paper(expected)
    both = [len(expected.drawn.sheets.keys() & then.sheets) for then in reversed(expected.earlier)]
    assert re.findall(r"(\d+) countries count in both\.", said) == [str(n) for n in both]
    for sentence in since.said():
        assert sentence in said


def test_every_chart_of_the_pages(issues):
    for expected, issue, *_files in issues:
        response = every_part(Client(), issue).content.decode()
        assert readings(response) == expected_charts.page(expected)
        for iso2 in expected.countries:
            response = Client().get(reverse("report_country", args=[issue.pk, iso2])).content.decode()
            assert readings(response) == expected_charts.country(expected, iso2)


def test_every_chart_of_the_files(issues):
    for expected, _issue, files, _since in issues:
        with zipfile.ZipFile(io.BytesIO(files["charts"])) as archive:
            found = {name: readings(archive.read(name).decode()) for name in archive.namelist()}
        assert found == {name: dict([chart]) for name, chart in expected_charts.files(expected).items()}


def test_every_chart_of_the_pdf(issues):
    for expected, issue, *_files in issues:
        document = Document(issue.snapshot)
        found: dict[str, ruler.Reading] = {}
        for part in sections.sections(document, pdf.particulars(issue)):
            found |= readings("".join(pictures(part.html(document))))
        assert found == expected_charts.paper(expected)
        for country in document.reported:
            own = sections.profile(document, country).html(document)
            assert readings("".join(pictures(own))) == expected_charts.country(expected, country.iso2)


def test_every_number_of_the_files(issues):
    for expected, _issue, files, since in issues:
        drawn, snapshot = expected.drawn, json.loads(files["json"])["snapshot"]
        assert snapshot["results"] == plain.results(drawn)
        for told, then in zip(snapshot["changes"], reversed(expected.earlier), strict=True):
            assert told | plain.change(drawn, then, successive=then is expected.earlier[-1]) == told
        cycles = [*expected.earlier, drawn]
        assert snapshot["over_cycles"] == (plain.series(cycles) if expected.earlier else None)
        assert without_sum(snapshot["since_issue"]) == (since.snapshot() if since else None)
        assert {one["iso2"]: one["late"] for one in snapshot["countries"]} == {
            iso2: iso2 in drawn.late for iso2 in drawn.sheets
        }

        book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
        found = {re.sub(r"^form-.*", "form", sheet.title): rows_of(sheet.iter_rows(values_only=True)) for sheet in book}
        del found["about"]
        wanted = expected.sheets() | expected_groups.sheets(expected)
        assert {name: numbers(rows, wanted[name]) for name, rows in found.items()} == {
            name: rows for name, rows in wanted.items() if name in found
        }

        wide = {row["country_iso2"]: row for row in table(files["csv_wide"]) if row["reported"] == "true"}
        for iso2, wanted_row in expected.wide().items():
            assert {name: wide[iso2][name] for name in wanted_row} == wanted_row
        assert len(wide) == len(drawn.sheets)
        names = ("country_iso3", "indicator", "level", "percent")
        long = [{name: row[name] for name in names} for row in table(files["csv_long"])]
        assert long == [{name: said(row.get(name, "")) for name in names} for row in wanted["answers"]]


def numbers(rows: list[dict], wanted: list[dict]) -> list[dict]:
    """Return of each row all that is a number, beside what names it."""
    names = {name for row in wanted for name, value in row.items() if isinstance(value, str)}
    found = [
        {name: value for name, value in row.items() if name in names or type(value) in (int, float)} for row in rows
    ]
    return [row for row in found if any(type(value) in (int, float) for value in row.values())]


def rows_of(lines) -> list[dict]:
    """Return the rows of a sheet or table under their columns."""
    head, *rows = lines
    return [dict(zip(head, row, strict=True)) for row in rows]


def table(content: bytes) -> list[dict]:
    return rows_of(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def said(value) -> str:
    """A number as the CSV says it."""
    return f"{value:.1f}" if isinstance(value, float) else str(value)
