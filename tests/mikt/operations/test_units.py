"""The examples for systemd are accepted by systemd itself."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
UNITS = sorted([*(ROOT / "docs/deploy").glob("*.service"), *(ROOT / "docs/deploy").glob("*.timer")])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_accepts_the_units(tmp_path):
    for path in UNITS:
        text = path.read_text().replace("User=portal\n", "")  # an account that this machine need not have
        text = text.replace("/srv/portal/.venv/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / path.name).write_text(text)
    units = [str(tmp_path / path.name) for path in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "portal-" in line]
    assert (done.returncode, ours) == (0, [])


def test_each_timer_starts_a_service():
    names = {path.name for path in UNITS}
    assert {path.with_suffix(".service").name for path in UNITS if path.suffix == ".timer"} <= names
