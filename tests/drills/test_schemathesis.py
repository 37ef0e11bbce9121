"""Schemathesis calls every operation of the API as its schema allows, and otherwise, as everybody: no answer surprises.

A visitor reads what is public; somebody of each role reads and writes too, in calls that build on each other.
"""

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from bench.server import Server, database_url
from scoreboard.models import Role
from tests import factories
from tests.drills.conftest import LONG, schemathesis
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
# The scope of each role's token. An administrator has one in their other role; guests can only read.
SCOPES = {
    "focal": "write",
    "contributor": "write",
    "observer": "read",
    "guest": "read",
    "analyst": "officer",
    "officer": "officer",
    "administrator": "read",
}
# What Schemathesis would not guess: where something is, and what was read of an answer that nobody has given yet.
KNOWN = """
[dictionaries]
numbers = {{ values = {numbers} }}
codes = {{ values = ["P1", "P2", "Q2", "2026", "2019"] }}
tags = {{ values = ['"0"', '"1"', '"none"'] }}
[parameters]
"path.submission" = {{ dictionary = "numbers", probability = 0.8 }}
"path.id" = {{ dictionary = "numbers", probability = 0.8 }}
"path.part" = {{ dictionary = "numbers", probability = 0.8 }}
"path.code" = {{ dictionary = "codes", probability = 0.8 }}
"header.If-Match" = {{ dictionary = "tags", probability = 0.8 }}
"""
# How many cases are made up for an operation, and how many chains of calls. With these a role takes one to three
# minutes; the cases of the phase `coverage`, more than half of all, are as many as the schema makes.
MOST = "20"
THINGS = ("draft", "submitted", "returned", "accepted", "everyone", "part", "piece", "own", "thread", "publicplan")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """The folder of a world's files, each role's token, and the settings of Schemathesis for it.

    The world is built once, and each role calls a copy of it.
    """
    files = tmp_path_factory.mktemp("world") / "files"
    with django_db_blocker.unblock(), furnished(files):
        built = a_world()
        people = built.people | {
            "guest": factories.a_person(Role.GUEST),
            "administrator": factories.a_person(Role.OBSERVER, is_staff=True),
        }
        keys = {role: factories.a_token(people[role], scope)[1] for role, scope in SCOPES.items()}
        connection.close()  # SQLite writes what it holds into the file that is copied
        for role in ("visitor", *SCOPES):
            connection.creation.clone_test_db(role, verbosity=0)
        call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
        yield files, keys, KNOWN.format(numbers=sorted({built.words[thing] for thing in THINGS}))
        for role in ("visitor", *SCOPES):
            connection.creation.destroy_test_db(suffix=role, verbosity=0)


@pytest.fixture
def call(world, static_files, tmp_path):
    """Return a function that runs Schemathesis as somebody of a role, and fails with what it found."""
    files, keys, known = world
    servers = []

    def called(role: str, *options: str) -> None:
        shutil.copytree(files, tmp_path / "files")
        (tmp_path / "schemathesis.toml").write_text(known)
        copy = Path(connection.creation.get_test_db_clone_settings(role)["NAME"]).name
        place = {"DATABASE_URL": f"{database_url().rpartition('/')[0]}/{copy}", "MEDIA_ROOT": str(tmp_path / "files")}
        server = Server(tmp_path / "server.log", **place, API_RATE_OF_ADDRESS="", API_RATE_OF_TOKEN="")
        servers.append(server)
        server.start()
        command = [str(TOOLS / "schemathesis"), "run", f"{server.url}/api/v1/schema/", *options]
        command += ["--checks", ",".join(CHECKS), "--no-color", "--warnings", "off", "--generation-deterministic"]
        if role in keys:
            command += ["--header", f"Authorization: Bearer {keys[role]}"]
        began = time.monotonic()
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        cases, found = (counted(done.stdout, words) for words in ("generated", "unique failure"))
        schemathesis.append((role, connection.vendor, cases, found, f"{time.monotonic() - began:.0f}"))
        assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]

    yield called
    for server in servers:
        server.kill()


def counted(output: str, words: str) -> str:
    """Return the number before the words, 0 where Schemathesis does not say them."""
    found = re.search(rf"(\d+) {words}", output)
    return found[1] if found else "0"


def test_a_visitor_reads(call):
    options = ["--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--include-method", "GET"]
    call("visitor", *options, "--exclude-path-regex", "submissions|contributions")


@pytest.mark.parametrize("role", SCOPES)
def test_somebody_of_each_role_reads_and_writes(role, call):
    call(role, "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", MOST)
