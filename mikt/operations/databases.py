"""The database by its own tools: dumped with the portal running, loaded into an empty one, and one for trying."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import environ
from django.db import connection, transaction

from mikt.operations.errors import OperationFailed


def engine(database: dict[str, Any]) -> str:
    """Return "sqlite" or "postgresql" for the settings of a database."""
    return "sqlite" if database["ENGINE"].endswith("sqlite3") else "postgresql"


@contextmanager
def held_still() -> Iterator[str]:
    """Let everything that is read within be as it was at one moment, while others write; give the moment's name.

    On SQLite there is none: its copy is read instead.
    """
    if connection.vendor == "sqlite":
        yield ""
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def dump(target: Path, moment: str) -> None:
    """Write the database to a file: by `pg_dump` at the moment of `held_still`, or by SQLite's online backup."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
        finally:
            copy.close()
        return
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={target}"]
    _run([tool("pg_dump"), *options], database)


def load(source: Path, database: dict[str, Any]) -> None:
    """Load a dump into an empty database; raise OperationFailed if it is not empty or the load fails."""
    if engine(database) == "sqlite":
        path = Path(database["NAME"])
        if path.exists() and path.stat().st_size:
            raise OperationFailed(f"{path} exists already: a backup is restored into an empty place.")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
        return
    query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    if (
        _run([tool("psql"), "--no-psqlrc", "--tuples-only", "--no-align", f"--command={query}"], database).strip()
        != "0"
    ):
        raise OperationFailed(f"The database {database['NAME']} has tables: a backup is restored into an empty one.")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={database['NAME']}"]
    _run([tool("pg_restore"), *options, str(source)], database)


@contextmanager
def scratch(folder: Path, url: str = "") -> Iterator[str]:
    """Give the address of an empty database for trying, which is gone afterwards; `url` names one that is there.

    On PostgreSQL it is made on the portal's own server, whose account must be allowed to (CREATEDB).
    """
    if url:
        yield url
        return
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'scratch.sqlite3'}"
        return
    own, name = connection.settings_dict, f"scratch_{uuid4().hex}"
    _run([tool("createdb"), name], own)
    try:
        yield address(own | {"NAME": name})
    finally:
        _run([tool("dropdb"), "--if-exists", name], own)


def address(database: dict[str, Any]) -> str:
    """Return the settings of a PostgreSQL database as a DATABASE_URL."""
    user, password = (quote(str(database.get(part) or ""), safe="") for part in ("USER", "PASSWORD"))
    person = f"{user}:{password}@" if password else f"{user}@"
    return f"postgres://{person}{database.get('HOST') or 'localhost'}:{database.get('PORT') or 5432}/{database['NAME']}"


def own_url() -> str:
    """Return the portal's own database as a DATABASE_URL."""
    own = connection.settings_dict
    return f"sqlite:///{own['NAME']}" if connection.vendor == "sqlite" else address(own)


def settings_of(url: str) -> dict[str, Any]:
    """Return a DATABASE_URL as Django's settings."""
    return dict(environ.Env.db_url_config(url))


def tool(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, the newest where several are installed.

    Raises OperationFailed if there is none.
    """
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if found:
        return str(found[-1])
    if path := shutil.which(name):
        return path
    raise OperationFailed(f"{name} is not installed: on Debian it comes with the package postgresql-client.")


def versions() -> tuple[int, int]:
    """Return the major versions of `pg_dump` and of the server; raise OperationFailed without the program."""
    command = [tool("pg_dump"), "--version"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - no input
    connection.ensure_connection()
    number = printed.split()[2]
    return int(number.split(".")[0]), connection.connection.info.server_version // 10_000


def _run(command: list[str], database: dict[str, Any]) -> str:
    """Run a program of PostgreSQL's against a database; return what it prints, raise OperationFailed with its words."""
    about = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database.get("NAME"),
    }
    environment = os.environ | {name: str(value) for name, value in about.items() if value}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - a list
    if done.returncode:
        raise OperationFailed(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
    return done.stdout
