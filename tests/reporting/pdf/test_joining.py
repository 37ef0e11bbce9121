"""Sections joined to one document: against the same content in one piece, PDF/UA, links, numbers, the same bytes."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO

import page
import pytest
from pypdf import PdfReader

from bench import baseline
from reporting.pdf import assessment as pdf
from reporting.pdf import processes, typesetting
from tests.reporting.example import ANSWERS, DATA, an_assessment
from tests.reporting.reading import pdf_words
from tests.reporting.snapshots import a_snapshot

TYPESET_ALONE = processes.alone  # which a fixture of all tests replaces


@pytest.fixture(scope="module")
def assessment():
    return an_assessment(a_snapshot(ANSWERS))


@pytest.fixture(scope="module")
def joined(built) -> bytes:
    return built.content


@pytest.fixture(scope="module")
def in_one_piece(assessment, joined) -> bytes:
    """The same content as one document, its pages counted by WeasyPrint."""
    reader = PdfReader(BytesIO(joined))
    pages = {name: reader.get_destination_page_number(place) + 1 for name, place in reader.named_destinations.items()}
    return typesetting.section(baseline.html(assessment, pages), pdf.STATIC)


def text(content: bytes) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode().split("\f")


def outline(content: bytes):
    reader = PdfReader(BytesIO(content))

    def entries(below):
        return [
            entries(one) if isinstance(one, list) else (one.title, reader.get_destination_page_number(one))
            for one in below
        ]

    return entries(reader.outline)


def test_the_joined_sections_are_the_same_document_as_in_one_piece(joined, in_one_piece):
    assert text(joined) == text(in_one_piece)
    assert outline(joined) == outline(in_one_piece)


def structure(content: bytes):
    """The tree of tags, with what each element says in place of its content."""

    def elements(element):
        element = element.get_object()
        if not isinstance(element, dict) or "/S" not in element:
            return None
        kids = element.get("/K", [])
        below = [elements(kid) for kid in (kids if isinstance(kids, list) else [kids]) if hasattr(kid, "get_object")]
        return element["/S"], element.get("/Alt"), [one for one in below if one]

    return elements(PdfReader(BytesIO(content)).root_object["/StructTreeRoot"]["/K"][0])


def test_the_structure_is_that_of_the_document_in_one_piece(joined, in_one_piece):
    assert structure(joined) == structure(in_one_piece)


def test_it_is_accessible_by_the_letter_of_pdf_ua(joined, tmp_path):
    report = page.validate_pdf_bytes(joined, profile="ua1")
    assert [failure.message for failure in report.failures] == []
    assert report.rules.total > 100
    path = tmp_path / "joined.pdf"
    path.write_bytes(joined)
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_links_lead_across_sections(joined):
    reader = PdfReader(BytesIO(joined))
    places = reader.named_destinations
    links = [note.get_object() for one in reader.pages for note in one.get("/Annots", [])]
    targets = {link["/Dest"] for link in links if "/Dest" in link}
    assert {"summary", "area-P", "country-MT", "questions-Q"} <= targets
    assert targets <= set(places)
    assert not [link for link in links if "section:" in str(link.get("/A"))]


def test_the_data_travel_within_the_document(joined):
    assert PdfReader(BytesIO(joined)).attachments == {"answers.json": [DATA.content]}


def test_what_is_kept_is_not_set_again(assessment, built, monkeypatch):
    class Idle:
        def __init__(self, *_settings, **_more):
            pass

        def submit(self, *_job):
            raise AssertionError("set again")

        def shutdown(self, **_how):
            pass

    monkeypatch.setattr(processes, "ProcessPoolExecutor", Idle)
    again = pdf.assessment_pdf(assessment, report=lambda *step: None, cache=built.cache, attachments=[DATA])
    assert again == built.content


def alone(content: bytes) -> str:
    """The text of a section."""
    return " ".join(" ".join(text(content)).split())


def test_a_changed_country_leaves_the_others_as_they_were(built):
    answers = ANSWERS | {"GR": ANSWERS["GR"] | {"R2": 4}}
    changed = an_assessment(a_snapshot(answers))
    also = dict(built.cache)
    pdf.assessment_pdf(changed, report=lambda *step: None, cache=also, attachments=[DATA])
    new = " ".join(alone(also[key]) for key in set(also) - set(built.cache))
    assert "Greece: percent by area" in new
    assert any("План принят" in alone(content) for content in built.cache.values())
    assert "План принят" not in new, "Malta's answers are as they were"


def test_a_process_that_is_ended_is_told_in_words():
    with (
        processes.Pool({}, lambda *step: None) as pool,
        pytest.raises(typesetting.PDFError, match="ended from outside"),
    ):
        pool.typeset([processes.Job("x", "<p>x", ended)])


def test_a_paper_is_typeset_in_a_process_of_its_own(monkeypatch):
    assert pdf_words(TYPESET_ALONE("<title>One paper</title><h1>One paper</h1>", lambda: None)) == "One paper"
    monkeypatch.setattr(typesetting, "section", ended)
    with pytest.raises(typesetting.PDFError, match="ended from outside"):
        TYPESET_ALONE("<p>x", lambda: None)


def ended(*_job) -> bytes:
    """Stand for typesetting that the system kills."""
    os._exit(9)


LATER = """
import datetime, os, pathlib, time
from datetime import timedelta

class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + timedelta(days=400)

now, local = time.time, time.localtime
time.time = lambda: now() + timedelta(days=400).total_seconds()
time.localtime = lambda seconds=None: local(time.time() if seconds is None else seconds)
datetime.datetime = Later
pathlib.Path(__file__).with_name(f"began-{os.getpid()}").touch()
"""
SAME_BYTES = """
import hashlib, os, time
import django
django.setup()
os.environ["TZ"] = "Pacific/Auckland"
time.tzset()
from django.utils import timezone
from tests.reporting import example

if __name__ == "__main__":
    with timezone.override("Pacific/Auckland"):
        made = example.build()
    print(time.strftime("%Z"), *(hashlib.sha256(one).hexdigest() for one in (made.content, made.own["MT"])))
"""


def test_another_process_on_another_clock_and_in_another_time_zone_makes_the_same_bytes(built, tmp_path):
    """The clock is a year ahead for the process, and for those that it starts to set pages."""
    (tmp_path / "sitecustomize.py").write_text(LATER)
    script = tmp_path / "same_bytes.py"
    script.write_text(SAME_BYTES)
    elsewhere = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.getcwd()}", "DJANGO_SETTINGS_MODULE": "mikt.settings"}
    done = subprocess.run(
        [sys.executable, script], env=os.environ | elsewhere, capture_output=True, text=True, check=True
    )
    zone, *sums = done.stdout.split()
    assert zone in ("NZST", "NZDT")
    assert len(list(tmp_path.glob("began-*"))) >= 3, "the script and two that set pages"
    assert sums == [hashlib.sha256(one).hexdigest() for one in (built.content, built.own["MT"])]
