"""A client that a generator makes of the portal's schema files a whole submission with evidence, and reads its receipt.

Nobody wrote a line of it for this portal: what it cannot do, the schema does not say.
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from scoreboard.models import Answer, Evidence, State, Version
from scoreboard.submissions import receipts
from tests import small_pdfs
from tests.drills.conftest import LONG
from tests.factories import HARBOUR, a_focal, a_token, afresh, submission_at

pytestmark = [
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not LONG, reason="Needs the generator: make drills ARGS=long."),
]

TOOLS = Path(__file__).parents[2] / "var/tools/bin"  # make drills ARGS=long installs them
PROGRAM = Path(__file__).with_name("generated_filing.py")
ROW = {
    **{"year": 2020, "species": "Some mussel", "place": "quay", "individuals": 3, "surface": "1.5"},
    **{"confirmed": True, "note": "Seen twice."},
}


def run(*command: str | Path, **environment: str) -> str:
    """Run one of the tools, which find each other; return what it printed, or fail with it."""
    place = {"PATH": f"{TOOLS}:{os.environ['PATH']}"} | environment
    done = subprocess.run(command, env=os.environ | place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-5_000:]
    return done.stdout


def test_a_generated_client_files_a_whole_submission(portal_with, tmp_path):
    portal = portal_with()
    draft = submission_at(State.DRAFT)
    focal = a_focal(draft.country)
    law, settings = tmp_path / "law.pdf", tmp_path / "generator.yaml"
    law.write_bytes(small_pdfs.PDF)
    settings.write_text("package_name_override: portal_client")
    options = ["--config", settings, "--meta", "none", "--output-path", tmp_path / "portal_client", "--fail-on-warning"]
    run(TOOLS / "openapi-python-client", "generate", "--url", f"{portal.server.url}/api/v1/schema/", *options)
    key = a_token(focal, "read", "write")[1]
    printed = run(TOOLS / "python", PROGRAM, portal.server.url, key, law, PYTHONPATH=str(tmp_path))
    read = json.loads(printed)

    edition = yaml.safe_load(HARBOUR.read_text())
    asked = [indicator for area in edition["areas"] for indicator in area["indicators"]]
    codes = [one["code"] for one in asked]
    expected = {
        one["code"]: ("level", one["levels"][-1]["value"], one["title"]["fr"], [ROW] if "data_form" in one else [])
        for one in asked
    }
    stored = Answer.objects.filter(submission=draft).select_related("indicator", "level")
    assert {one.indicator.code: (one.kind, one.level.value, one.comment, one.figures) for one in stored} == expected
    members = ("kind", "level", "comment", "figures")
    assert {one["indicator"]: tuple(one[name] for name in members) for one in read["answers"]} == expected
    assert (read["gaps"], read["complete"], read["stale"]) == (codes, True, [True, 412])

    file, link = Evidence.objects.order_by("pk")
    assert (file.answer.indicator.code, link.answer.indicator.code) == (codes[0], codes[1])
    with file.file.open("rb") as content:
        assert content.read() == bytes.fromhex(read["content"]) == small_pdfs.PDF
    assert (file.name, file.sha256) == ("law.pdf", hashlib.sha256(small_pdfs.PDF).hexdigest())
    assert (link.name, link.url) == ("The law", "https://example.org/law")

    version, receipt = Version.objects.get(), read["receipt"]
    assert (afresh(draft).state, read["state"]) == (State.SUBMITTED, "submitted")
    assert (receipt["number"], receipt["digest"]) == (version.number, version.digest)
    assert (receipt["declared_by"], receipt["capacity"]) == ("A. Name", "Head of unit")
    lines = [(one["label"], one["digest"]) for one in receipt["lines"]]
    assert lines == [(one.label, one.digest) for one in receipts.lines(version.answers)]
    assert [one["indicator"] for one in receipt["doubts"]] == [one["code"] for one in version.doubts]
