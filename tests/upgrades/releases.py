"""Which versions were released, by the changelog, and the database that each of them left here.

A database is in two files, `VERSION.sqlite.sql.gz` and `VERSION.postgresql.sql.gz`, as the engines' tools write it.
"""

import gzip
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHANGELOG = HERE.parents[1] / "CHANGELOG.md"
DATED = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", re.MULTILINE)
MIGRATION = re.compile(r'INSERT INTO "django_migrations" VALUES\(\d+,\'(\w+)\',\'(\w+)\'')


def key(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by."""
    return tuple(int(part) for part in version.split("."))


def released() -> list[str]:
    """Return the versions with a date in the changelog, the oldest first."""
    return sorted((version for version, _day in DATED.findall(CHANGELOG.read_text())), key=key)


def stored() -> list[str]:
    """Return the versions whose database is here, the oldest first."""
    return sorted({path.name.split(".sqlite")[0] for path in HERE.glob("*.sqlite.sql.gz")}, key=key)


def path(version: str, vendor: str) -> Path:
    """Return where the database of a version is or will be."""
    return HERE / f"{version}.{vendor}.sql.gz"


def sql(version: str, vendor: str) -> str:
    """Return the statements that make the database of a version."""
    return gzip.decompress(path(version, vendor).read_bytes()).decode()


def migrations(version: str) -> set[tuple[str, str]]:
    """Return app and name of each migration that a version has."""
    return set(MIGRATION.findall(sql(version, "sqlite")))
