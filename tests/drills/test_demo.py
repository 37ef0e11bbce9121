"""The demo as a newcomer runs it: the main job up to PDFs that stand up to being looked at, then a second run."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import page
import pytest
import yaml
from PIL import Image, ImageChops
from pypdf import PdfReader

from tests.reporting.boxes import strays

pytestmark = pytest.mark.drill

ROOT = Path(__file__).resolve().parents[2]
MARGIN = 12  # millimetres that stay white


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A function that runs a management command in a fresh place, and the place."""
    place = tmp_path_factory.mktemp("demo")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{place / 'portal.sqlite3'}",
        "MEDIA_ROOT": str(place / "files"),
        "EMAIL_URL": "consolemail://",
        "DEMO": "true",
    }

    def run(*command):
        began = time.monotonic()
        words = [sys.executable, "manage.py", *command]
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout, time.monotonic() - began

    run("migrate", "--verbosity", "0")
    run("createcachetable")
    return run, place


def rows(place):
    """How many rows each table has, but for sessions and the like."""
    with sqlite3.connect(place / "portal.sqlite3") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone() for table in sorted(tables)}  # noqa: S608


def waits(place):
    """How many mails were sent, and how many seconds the one that waited longest did."""
    with sqlite3.connect(place / "portal.sqlite3") as database:
        wait = "unixepoch(sent_at) - unixepoch(written_at)"
        return database.execute(f"SELECT count(sent_at), max({wait}) FROM scoreboard_mail").fetchone()  # noqa: S608


# Everybody finds something of everything, but what the worker writes, which does not run in this demo; what belongs to
# one person; and what nobody of the cast has done: asked for access or time, given feedback, lost a factor.
NOT_SHOWN = {"scheduledjob", "reminder", "activityblock", "activitycheck", "activitycount", "boardview", "lookedat"}
NOT_SHOWN |= {"addresschange", "secondfactorremoval", "accessrequest", "extensionrequest", "bouncingaddress"}
NOT_SHOWN |= {"feedback", "feedbackgiven", "letter", "letter_submissions", "papersource", "rememberedname", "backup"}
NOT_SHOWN |= {"filewalk", "sitenotice"}
NOT_SHOWN |= {"spacedigest", "token", "webhook", "webhookdelivery"}


def documents(said):
    """The PDFs by the code of their cycle."""
    return {
        line.split(",")[0].strip(): Path(line.split(": ", 1)[1]) for line in said.splitlines() if line.endswith(".pdf")
    }


def test_the_demo_twice(demo, tmp_path):
    run, place = demo
    said, first = run("demo")
    paths = documents(said)
    assert list(paths) == ["2018", "2020", "2023", "2026"]
    before, content = rows(place), [path.read_bytes() for path in paths.values()]
    ours = {table: n for table, (n,) in before.items() if table.startswith("scoreboard_") and "user_" not in table}
    empty = {table for table, n in ours.items() if not n}
    assert empty == {f"scoreboard_{table}" for table in NOT_SHOWN}
    sent, longest = waits(place)
    assert sent == before["scoreboard_mail"][0]
    assert longest < 60
    again, second = run("demo")
    assert documents(again) == paths
    assert rows(place) == before
    assert [path.read_bytes() for path in paths.values()] == content
    print(f"first run {first:.1f} s, second run {second:.1f} s")
    assert second < first / 5
    for cycle, path in paths.items():
        look_at(cycle, path, place, tmp_path)
    assert "Good practice of" in " ".join(one.extract_text() for one in PdfReader(paths["2026"]).pages)
    products = sorted((place / "files" / "products").rglob("*.pdf"))
    assert len(products) > len(paths), "each country has its own"
    assert {path.name: faults for path in products if (faults := faults_of(path.read_bytes()))} == {}


def faults_of(content):
    """The rules of PDF/UA-1 that a PDF breaks, and the text that leaves its page or covers other text."""
    failures = page.validate_pdf_bytes(content, profile="ua1").failures
    return [failure.rule_id for failure in failures] + strays(content)[:3]


def look_at(cycle, path, place, tmp_path):
    """The document names all areas, indicators and accepted countries; bookmarks, embedded fonts, clean margins.

    Countries that object to being named count, and are not named.
    """
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True).stdout
    words = " ".join(text.split())
    edition = yaml.safe_load((ROOT / "fixtures/editions/scoreboard-2017.yaml").read_text())
    titles = [area["title"]["en"] for area in edition["areas"]]
    titles += [indicator["title"]["en"] for area in edition["areas"] for indicator in area["indicators"]]
    assert len(titles) == 5 + 28
    assert [title for title in titles if title not in words] == []
    with sqlite3.connect(place / "portal.sqlite3") as database:
        accepted = database.execute(
            """SELECT json_extract(country.name, '$.en'), hearing.objected_at FROM scoreboard_submission submission
            JOIN scoreboard_country country ON country.id = submission.country_id
            JOIN scoreboard_cycle cycle ON cycle.id = submission.cycle_id
            LEFT JOIN scoreboard_hearing hearing ON hearing.submission_id = submission.id
            WHERE cycle.code = ? AND submission.accepted_version_id IS NOT NULL""",
            [cycle],
        ).fetchall()
    assert accepted
    assert [country for country, objects in accepted if (country in words) == bool(objects)] == []
    reader = PdfReader(path)
    assert len(reader.outline) > 10
    fonts = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert [line for line in fonts if line.split()[-5:-2] != ["yes", "yes", "yes"]] == []
    subprocess.run(["pdftoppm", "-gray", "-r", "36", path, tmp_path / path.stem], check=True)
    pages = sorted(tmp_path.glob(f"{path.stem}-*.pgm"))
    assert len(pages) == len(reader.pages)
    assert [page.name for page in pages if not is_clean(page)] == []


def is_clean(page):
    """Whether there is ink on the page, all of it inside the margins."""
    with Image.open(page) as image:
        box = ImageChops.invert(image).getbbox()
        edge = MARGIN / 25.4 * 36
        width, height = image.size
    return bool(box) and box[0] >= edge and box[1] >= edge and box[2] <= width - edge and box[3] <= height - edge
