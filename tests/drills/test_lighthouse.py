"""Public pages as Google's Lighthouse sees them on a phone with a slow line: the median of five runs of each page.

Lighthouse is of npm, and no part of the portal: `make drills ARGS=long` installs it, and where it could not, the drill
says how. It wants a quiet machine, and alone: make drills-sqlite ARGS="long tests/drills/test_lighthouse.py"
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from statistics import median

import pytest

from bench.server import ROOT
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.drills.conftest import LONG, lighthouse
from tests.drills.served_demo import served_demo

pytestmark = pytest.mark.drill

INSTALL = "npm install --prefix var/lighthouse lighthouse@12.8"
PROGRAM = shutil.which("lighthouse") or shutil.which("lighthouse", path=ROOT / "var/lighthouse/node_modules/.bin")
PAGES = {
    "home": "/",
    "country": "/countries/mt/",
    "indicator": "/indicators/14/",
    "explore": "/explore/",
    "overview": "/cycles/2023/",
}
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 5


@pytest.mark.skipif(not LONG, reason="Takes ten minutes: make drills ARGS=long.")
def test_public_pages_on_a_phone(tmp_path):
    if not PROGRAM:
        lighthouse.append(("not measured", f"Lighthouse is missing: apt-get install npm, then {INSTALL}", "", "", ""))
        pytest.skip(f"Lighthouse is missing. Install it: {INSTALL}")
    with served_demo(tmp_path) as server:
        found = {name: [measured(server.url + path, tmp_path) for _run in range(RUNS)] for name, path in PAGES.items()}
    medians = {name: {one: median(run[one] for run in runs) for one in LEAST} for name, runs in found.items()}
    for name, scores in medians.items():
        lighthouse.append((name, *(f"{scores[one]:.0f}" for one in LEAST)))
    below = {(name, one) for name, scores in medians.items() for one, least in LEAST.items() if scores[one] < least}
    assert below == set()


def measured(url: str, folder: Path) -> dict[str, float]:
    """Return the scores, 0 to 100, of one visit by a new browser; Lighthouse's defaults are a phone and a slow line."""
    report = folder / "lighthouse.json"
    command = [PROGRAM, url, "--output=json", f"--output-path={report}", "--quiet"]
    command += [f"--only-categories={','.join(LEAST)}", f"--chrome-flags={' '.join(['--headless=new', *ARGUMENTS])}"]
    environment = os.environ | {"CHROME_PATH": CHROMIUM or ""}
    subprocess.run(command, env=environment, check=True, timeout=300)
    categories = json.loads(report.read_text())["categories"]
    return {name: round(categories[name]["score"] * 100) for name in LEAST}
