"""Write the database of this version for the tests of later ones: `python -m tests.upgrades VERSION`.

On the database that DATABASE_URL names, so once on SQLite and once on PostgreSQL (`make upgrade-files VERSION=…`).
"""

import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mikt.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment, teardown_databases  # noqa: E402

from bench.server import database_url  # noqa: E402
from tests.upgrades import releases  # noqa: E402
from tests.world import a_world, furnished  # noqa: E402


def dumped() -> str:
    """Return the database in use as statements."""
    if connection.vendor == "sqlite":
        return "\n".join(sqlite3.connect(connection.settings_dict["NAME"]).iterdump())
    command = ["pg_dump", "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=200", database_url()]
    written = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # Newer tools add settings and commands of psql that older servers and drivers do not know.
    left_out = ("\\", "SET transaction_timeout", "--")
    return "\n".join(line for line in written.splitlines() if line and not line.startswith(left_out))


def main(version: str) -> None:
    setup_test_environment()
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connections["default"].settings_dict["TEST"]["NAME"] = str(Path(folder) / "world.sqlite3")
        made = setup_databases(verbosity=0, interactive=False)
        try:
            call_command("createcachetable")
            with furnished(folder):
                a_world()
            path = releases.path(version, connection.vendor)
            path.write_bytes(gzip.compress(dumped().encode(), mtime=0))
            print(f"{path.name}: {path.stat().st_size // 1000} kB")
        finally:
            teardown_databases(made, verbosity=0)


main(sys.argv[1])
