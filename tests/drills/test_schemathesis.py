"""Schemathesis calls every operation of the API as its schema allows, and otherwise, as everybody: no answer surprises.

A visitor reads what is public; somebody of each role reads and writes too, in calls that build on each other.
"""

import subprocess
from pathlib import Path

import pytest

from tests import factories
from tests.drills.conftest import LONG
from tests.world import a_world, furnished

pytestmark = [
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not LONG, reason="Takes minutes: make drills ARGS=long."),
]

TOOLS = Path(__file__).parents[2] / "var/tools/bin"  # make drills ARGS=long installs them
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
)
SCOPES = {"focal": "write", "contributor": "write", "observer": "read", "analyst": "officer", "officer": "officer"}


@pytest.fixture
def portal(portal_with, tmp_path):
    """The portal with something of everything, and as many requests as one likes."""
    with furnished(tmp_path / "files"):
        world = a_world()
    return portal_with(API_RATE_OF_ADDRESS="", API_RATE_OF_TOKEN=""), world


def call(portal, tmp_path, *options: str) -> None:
    """Run Schemathesis against the portal; fail with what it found."""
    command = [str(TOOLS / "schemathesis"), "run", f"{portal.server.url}/api/v1/schema/"]
    command += ["--checks", ",".join(CHECKS), "--no-color", "--warnings", "off", "--generation-deterministic"]
    done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]


def test_a_visitor_reads(portal, tmp_path):
    started, _world = portal
    options = ["--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--include-method", "GET"]
    call(started, tmp_path, *options, "--exclude-path-regex", "submissions|contributions")


@pytest.mark.parametrize("role", SCOPES)
def test_somebody_of_each_role_reads_and_writes(role, portal, tmp_path):
    started, world = portal
    key = factories.a_token(world.people[role], SCOPES[role])[1]
    options = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "25"]
    call(started, tmp_path, *options, "--header", f"Authorization: Bearer {key}")
