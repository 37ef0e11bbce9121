"""Check that an older version of the portal can go on running while the migrations since the last release are applied.

Nothing is dropped, renamed or made compulsory in the release that stops using it: expand, migrate, contract (see
docs/operations.md, *Updating without a pause*). Needs PostgreSQL, whose statements it reads: .ci/with-postgres.
"""

import os
import sys
from pathlib import Path

import django
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mikt.settings")
django.setup()

from django.db import connection  # noqa: E402 - needs the settings above
from django_migration_linter import MigrationLinter  # noqa: E402 - needs the settings above

from tests.upgrades import releases  # noqa: E402 - needs the path above

# "app.name" of a migration that may do what the check refuses, with the reason: the release that stopped using it.
ALLOWED: dict[str, str] = {}


def new_migrations() -> list[tuple[str, str]]:
    """Return app and name of each migration of ours that the last release does not have, none without a release."""
    released = releases.released()
    if not released:
        return []
    known = releases.migrations(released[-1])
    ours = MigrationLoader(None).disk_migrations
    return sorted(key for key in ours if key not in known and key[0] in ("scoreboard", "reporting"))


def faulty(migrations: list[tuple[str, str]]) -> list[str]:
    """Return those of the migrations that an older version would trip over; what is wrong is printed."""
    found = []
    for app, name in migrations:
        linter = MigrationLinter(no_cache=True, quiet=["ok", "ignore", "warning"])
        linter.lint_migration(linter.migration_loader.get_migration(app, name))
        if linter.has_errors and f"{app}.{name}" not in ALLOWED:
            found.append(f"{app}.{name}")
    return found


if __name__ == "__main__":
    if connection.vendor != "postgresql":
        sys.exit("Run this as .ci/with-postgres .venv/bin/python .ci/check_migrations.py.")
    if not releases.released():
        print("There is no release yet whose version could run beside these migrations.")
    if wrong := faulty(new_migrations()):
        sys.exit(f"Not safe while the last release runs: {', '.join(wrong)}. Spread it over two releases.")
