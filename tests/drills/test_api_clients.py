"""The programs of docs/api with a portal that is served: both print the levels of a country, as they were drawn."""

import shutil
import subprocess
import sys

import pytest

from bench.server import ROOT
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
