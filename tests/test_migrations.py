"""The migrations, run on an empty database, make the tables that all other tests make from our models."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

ROOT = Path(__file__).resolve().parents[1]
APPS = ("scoreboard", "reporting")


@pytest.fixture
def empty(db, transactional_db, tmp_path) -> Iterator[str]:
    """The name of a database of the same kind without a table."""
    if connection.vendor == "sqlite":
        yield str(tmp_path / "migrated.sqlite3")
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE migrated")
    yield "migrated"
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE migrated")


def tables(database: BaseDatabaseWrapper) -> dict[str, tuple[set, list]]:
    """Return the columns and the constraints and indexes of each table of the portal's own models."""
    names = [
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS
    ]
    look = database.introspection
    facts = ("unique", "primary_key", "foreign_key", "check")
    found = {}
    with database.cursor() as cursor:
        for name in names:
            columns = {(one.name, one.type_code, one.null_ok) for one in look.get_table_description(cursor, name)}
            held = look.get_constraints(cursor, name).values()  # their names hold numbers made up by Django
            held = sorted(str((sorted(one["columns"] or []), *(one[fact] for fact in facts))) for one in held)
            found[name] = columns, held
    return found


def test_they_make_the_tables_of_the_models(empty):
    server = os.environ.get("DATABASE_URL", "sqlite:///").rpartition("/")[0]
    environment = os.environ | {"DATABASE_URL": f"{server}/{empty}"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    migrated = ConnectionHandler({"default": settings.DATABASES["default"] | {"NAME": empty}})["default"]
    try:
        assert tables(migrated) == tables(connection)
    finally:
        migrated.close()
