"""The programs of docs/api with a portal that is served: what they print, and what they file."""

import csv
import os
import shutil
import subprocess
import sys

import pytest

from bench.server import ROOT
from scoreboard.models import Answer, Evidence, State, Version
from scoreboard.submissions import receipts
from tests import factories, small_pdfs
from tests.drills.conftest import LONG
from tests.reporting.over_cycles import Truth, label_of

pytestmark = [pytest.mark.drill, pytest.mark.skipif(not LONG, reason="Needs R: make drills ARGS=long.")]

PROGRAMS = ROOT / "docs" / "api"


def test_python_and_r_print_the_levels_of_a_country(server):
    truth = Truth("harbour", 1)
    iso2 = next(iter(truth.answers["2024"]))
    assert shutil.which("Rscript"), "R is missing: .ci/system-packages client"
    commands = ([sys.executable, PROGRAMS / "levels.py"], ["Rscript", PROGRAMS / "levels.R"])
    python, r = (
        subprocess.run([*command, server.url, iso2], capture_output=True, text=True, check=True, timeout=120).stdout
        for command in commands
    )
    assert r == python
    name, head, *lines = python.splitlines()
    assert name == "harbour-1"
    cycles = truth.reported(iso2)
    assert head.split() == cycles
    signs = {"not_applicable": "n/a", "unknown": "?"}
    expected = {}
    for cycle in cycles:
        drawn = truth.drawn[cycle]
        for code, answer in truth.answers[cycle][iso2].items():
            shown = signs.get(answer["kind"], str(answer["level"]))
            expected.setdefault(label_of(drawn, code), []).append(shown)
    assert {line.split()[0]: line.replace("|", " ").split()[1:] for line in lines} == expected


def test_a_table_is_filed_as_a_whole_submission(portal_with, tmp_path):
    """At first an answer is missing, then all are there; what is sent again is stored once."""
    portal = portal_with()
    draft = factories.submission_at(State.DRAFT)
    asked = draft.cycle.edition.all_indicators
    factories.offer_not_applicable(draft.cycle)
    answers = {one.code: ("level", one.ladder[0].value, "", f"“{one.code}”, as it was\nin July.") for one in asked} | {
        asked[-1].code: ("not_applicable", None, "There are no ships.", "")
    }
    evidence = {asked[0].code: "the law.pdf", asked[1].code: "https://example.org/law"}
    (tmp_path / "the law.pdf").write_bytes(small_pdfs.PDF)
    table = tmp_path / "answers.csv"

    def run(codes) -> subprocess.CompletedProcess:
        with table.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["indicator", "kind", "level", "reason", "comment", "evidence"])
            rows.writerows([code, *answers[code], evidence.get(code, "")] for code in codes)
        words = [portal.server.url, draft.cycle.code, table, "A. Name", "Head of unit", "--confirm"]
        command = [sys.executable, PROGRAMS / "submit.py", *words]
        return subprocess.run(command, env=os.environ | token, capture_output=True, text=True, timeout=120)

    token = {"PORTAL_TOKEN": factories.a_token(factories.a_focal(draft.country), "read", "write")[1]}
    short = run(list(answers)[:-1])
    assert (short.returncode, short.stdout) == (1, "")
    assert short.stderr == f"{asked[-1].label}: Not answered yet.\nNothing is submitted.\n"
    whole = run(answers)
    assert (whole.returncode, whole.stderr) == (0, "")

    stored = Answer.objects.filter(submission=draft).select_related("indicator", "level")
    assert {
        one.indicator.code: (one.kind, one.level and one.level.value, one.reason, one.comment) for one in stored
    } == answers
    assert {one.revision for one in stored} == {1}
    file, link = Evidence.objects.order_by("pk")
    with file.file.open("rb") as content:
        assert (file.name, file.answer.indicator.code, content.read()) == ("the law.pdf", asked[0].code, small_pdfs.PDF)
    assert (link.url, link.answer.indicator.code) == (evidence[asked[1].code], asked[1].code)
    version = Version.objects.get()
    assert (version.declared_by, version.capacity) == ("A. Name", "Head of unit")
    assert factories.afresh(draft).state == State.SUBMITTED
    head, *lines = whole.stdout.splitlines()
    assert head.endswith(f" as version 1. SHA-256 of the whole: {version.digest}")
    assert [line.split() for line in lines] == [[one.label, one.digest] for one in receipts.lines(version.answers)]
