"""The files beside the PDF: they say what the snapshot says, all of it, harmlessly, and the same bytes each time."""

import csv
import hashlib
import io
import json
import time
import zipfile
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation
from jsonschema import Draft202012Validator

from reporting.exports import files as exports
from reporting.models import Assessment, Build, Product
from reporting.results import compute
from scoreboard.models import Cycle, State
from scoreboard.questionnaire import file as edition_file
from tests import factories
from tests.factories import SCOREBOARD
from tests.reporting.snapshots import a_snapshot, an_answer

Kind = Product.Kind
AT = datetime(2026, 4, 20, 9, 30, 12, tzinfo=UTC)
HOSTILE = [
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "  =1",
    "＝1",
    '<script>alert(1)</script> & "quoted", lines\nand ; more',
    "مرحبا = 1",
    "http://example.org/?a=1&b=2",
    "file:///etc/passwd",
    "before \u202e=1",
    "\u202e=1",
]


def an_assessment(snapshot, **fields) -> Assessment:
    """Return an assessment with this snapshot, kept nowhere."""
    code = snapshot["cycle"]["code"]
    return Assessment(
        **{"cycle": Cycle(code=code), "issue": 1, "snapshot": snapshot, "snapshot_sha256": "0" * 64}
        | {"consolidated_at": AT}
        | fields
    )


def files_of(snapshot, **fields) -> dict[str, exports.File]:
    assessment = an_assessment(snapshot, **fields)
    files = exports.data_files(assessment)
    return {file.kind: file for file in [*files, exports.package(assessment, files)]}


def rows_of(file: exports.File) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))


def sheets_of(file: exports.File) -> dict[str, list[dict]]:
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    found = {}
    for sheet in book.worksheets[1:]:
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


# --- rows and labels -----------------------------------------------------------------------------------------


def test_countries_that_have_not_reported_have_a_row_without_figures():
    rows = rows_of(files_of(a_snapshot())[Kind.CSV_WIDE])

    assert [(row["country_iso2"], row["reported"], row["P_answered"], row["P1"]) for row in rows] == [
        ("GR", "true", "11.1", "1"),
        ("IT", "false", "", ""),
        ("MT", "true", "60.0", "3"),
    ]


def test_codes_have_their_labels():
    with translation.override("en"):
        files = files_of(a_snapshot({"MT": {"1": 3, "2": "unknown"}}, path=SCOREBOARD))

    rows = {row["indicator"]: row for row in rows_of(files[Kind.CSV_LONG])}
    book = {(row["indicator"], row["code"]): row["label"] for row in sheets_of(files[Kind.XLSX])["code_book"]}
    assert rows["A1"]["level_label"] == book["A1", 3]
    assert (rows["A2"]["kind_label"], rows["A3"]["kind_label"]) == ("Unknown", "Not answered")
    assert (book[None, "unknown"], book[None, "unanswered"]) == ("Unknown", "Not answered")


# --- data forms ----------------------------------------------------------------------------------------------


def test_rows_of_data_forms_have_a_sheet_of_their_own():
    figures = [{"year": 2025, "affected_low": 10, "affected_high": 25}, {"year": 2024, "species": "=Turdus"}]
    answers = {"MT": {"2": an_answer(2, figures=figures)}, "GR": {"2": an_answer(1)}}
    edition = edition_file.read_edition(SCOREBOARD.read_bytes())
    [form] = [one["data_form"] for area in edition["areas"] for one in area["indicators"] if one["code"] == "2"]
    columns = [column["code"] for column in form["columns"]]

    book = sheets_of(files_of(a_snapshot(answers, path=SCOREBOARD))[Kind.XLSX])

    rows = book[f"form-1-{form['code']}"]
    assert list(rows[0]) == ["country_iso3", "country", *columns]
    assert [(row["country_iso3"], row["year"]) for row in rows] == [("MLT", 2025), ("MLT", 2024)]


# --- what somebody may have written --------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_and_none_is_lost(text):
    files = files_of(a_snapshot({"MT": {"P1": an_answer("not_applicable", comment=text, reason=text)}}))

    content = files[Kind.CSV_LONG].content
    [row] = [row for row in rows_of(files[Kind.CSV_LONG]) if row["indicator"] == "P1"]
    assert row["reason"] == row["comment"]
    assert row["comment"].removeprefix("'") == text
    assert not row["comment"].strip().startswith(tuple("=+-@＝＋－＠"))
    assert not row["comment"].startswith(("\t", "\r", "\n"))
    assert content.startswith(b"\xef\xbb\xbf")

    book = openpyxl.load_workbook(io.BytesIO(files[Kind.XLSX].content))
    sheet = book["answers"]
    [column] = [one.column for one in sheet[1] if one.value == "comment"]
    found = sheet.cell(2, column)
    assert (found.value, found.data_type, found.hyperlink) == (text, "s", None)
    assert bool(found.quotePrefix) == row["comment"].startswith("'")
    assert not [cell for sheet in book for line in sheet for cell in line if cell.data_type == "f"]

    exact = json.loads(files[Kind.JSON].content)
    assert exact["snapshot"]["countries"][0]["answers"]["P1"]["comment"] == text


def test_names_are_escaped_in_charts():
    snapshot = a_snapshot()
    snapshot["countries"][0]["name"] = {"en": "<script>alert(1)</script>"}

    with zipfile.ZipFile(io.BytesIO(files_of(snapshot)[Kind.CHARTS].content)) as archive:
        drawn = {name: archive.read(name).decode() for name in archive.namelist()}

    assert len(drawn) == 3 + 2 * 3 + 2
    assert all("<script" not in svg and svg.startswith("<svg") for svg in drawn.values())


# --- counts --------------------------------------------------------------------------------------------------


def test_each_file_says_how_many_rows_it_holds():
    files = files_of(a_snapshot())

    assert [(row["row"], row["rows"]) for row in rows_of(files[Kind.CSV_WIDE])] == [("1", "3"), ("2", "3"), ("3", "3")]
    assert {row["rows"] for row in rows_of(files[Kind.CSV_LONG])} == {"14"}
    assert json.loads(files[Kind.JSON].content)["counts"] == {
        **{"countries": 2, "not_reported": 1, "indicators": 7, "answers": 13, "texts": 0}
    }
    about = openpyxl.load_workbook(io.BytesIO(files[Kind.XLSX].content)).worksheets[0]
    told = {row[0]: row[2] for row in about.iter_rows(values_only=True) if len(row) > 2 and isinstance(row[2], int)}
    assert told == {name: len(rows) for name, rows in sheets_of(files[Kind.XLSX]).items()}


@pytest.mark.parametrize("table", ["_wide", "_long", "_matrix", "_results", "_tallies", "_code_book"])
def test_a_file_that_is_not_whole_is_never_stored(table, db, small_pdf, monkeypatch):
    assessment = exported(monkeypatch, table)

    build = Build.objects.get(assessment=assessment)
    assert build.state == Build.State.FAILED
    assert "rows, but there must be" in build.error
    assert not Product.objects.exists()


def exported(monkeypatch, table: str) -> Assessment:
    """Build an assessment while a table loses its last row."""
    from reporting.assessments import lifecycle
    from reporting.exports import tables

    whole = getattr(tables.Tables, table)
    monkeypatch.setattr(tables.Tables, table, lambda self, *args: list(whole(self, *args))[:-1])
    officer = factories.an_officer()
    factories.an_edition(factories.HARBOUR)
    assessment = lifecycle.consolidate(factories.submission_at(State.ACCEPTED).cycle, by=officer)
    lifecycle.perform(lifecycle.request_build(assessment, by=officer))
    return assessment


# --- the same bytes, and one schema --------------------------------------------------------------------------


def test_the_same_assessment_gives_the_same_bytes(monkeypatch):
    snapshot = a_snapshot()
    first = {kind: file.sha256 for kind, file in files_of(snapshot).items()}
    reordered = json.loads(json.dumps(snapshot, sort_keys=True))  # as a database may give it back

    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + timedelta(days=400).total_seconds())
    with translation.override("ar"):
        again = {kind: file.sha256 for kind, file in files_of(reordered).items()}
    monkeypatch.undo()
    time.tzset()

    assert again == first
    assert {kind: file.sha256 for kind, file in files_of(snapshot, issue=2).items()}[Kind.JSON] != first[Kind.JSON]


@pytest.mark.parametrize("snapshot", [a_snapshot(), a_snapshot({"MT": {"1": 3}}, path=SCOREBOARD, basis="strict")])
def test_the_json_follows_its_schema(snapshot):
    schema = json.loads(exports.SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)

    document = json.loads(files_of(snapshot)[Kind.JSON].content)

    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    del document["snapshot"]["results"]
    assert not Draft202012Validator(schema).is_valid(document)


def test_a_consolidated_snapshot_follows_the_schema(db, assessment_at, client):
    assessment = assessment_at(Assessment.Status.PUBLISHED)
    schema = client.get(reverse("report_schema")).json()

    stored = client.get(reverse("report_product", args=[assessment.pk, "json"])).getvalue()

    document = json.loads(stored)
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    canonical = json.dumps(document["snapshot"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == document["assessment"]["snapshot_sha256"]
    assert (
        compute.compute(document["snapshot"]["edition"], document["snapshot"]["countries"])
        == (document["snapshot"]["results"])
    )


# --- the package, and giving files out -----------------------------------------------------------------------


def test_the_package_holds_all_with_their_sums(db, assessment_at, client):
    assessment = assessment_at(Assessment.Status.PUBLISHED)
    products = {one.name: one for one in assessment.products.all() if one.kind != Kind.PACKAGE}

    response = client.get(reverse("report_product", args=[assessment.pk, "package"]))

    assert response["Content-Disposition"] == 'attachment; filename="assessment-2026-1-package.zip"'
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        manifest = json.loads(archive.read("manifest.json"))["files"]
        for name, sha256 in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == sha256
        assert {entry.date_time for entry in archive.infolist()} == {
            # a ZIP counts in steps of two seconds
            (*(moment := assessment.consolidated_at.timetuple())[:5], moment.tm_sec // 2 * 2)
        }
    assert {name: one.sha256 for name, one in products.items()} | {
        "snapshot.schema.json": hashlib.sha256(exports.SCHEMA.read_bytes()).hexdigest()
    } == sums
    assert {one["name"]: one["sha256"] for one in manifest} == sums


def test_a_file_that_was_tampered_with_is_not_given_out(db, assessment_at, client):
    product = assessment_at(Assessment.Status.PUBLISHED).products.get(kind=Kind.CSV_WIDE)
    url = reverse("report_product", args=[product.assessment_id, product.kind])
    assert client.get(url).status_code == 200
    with open(product.file.path, "ab") as file:
        file.write(b"!")

    response = client.get(url)

    assert response.status_code == 409
    assert "is not the one that was stored" in response.content.decode()


def test_the_results_page_lists_the_files(db, assessment_at, client):
    assessment = assessment_at(Assessment.Status.PUBLISHED)

    page = client.get(reverse("report", args=[assessment.pk])).content.decode()

    for kind in ("package", "xlsx", "csv_wide", "csv_long", "json", "charts"):
        assert reverse("report_product", args=[assessment.pk, kind]) in page
