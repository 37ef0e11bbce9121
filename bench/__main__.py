"""Measure on a database of its own; each figure ends in a line `BENCH name value aim value`.

`make bench` measures everything but the minutes before a deadline (ARGS=deadline, on PostgreSQL); `make bench
ARGS=results` only what is named, ARGS=--long also what takes minutes.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases

from bench import backup, board, deadline, pdf, public, results, saving
from bench.server import collect_static_files

BENCHES = {
    "saving": saving.measure,
    "board": board.measure,
    "results": results.measure,
    "public": public.measure,
    "pdf": pdf.measure,
    "backup": backup.measure,
    "deadline": deadline.measure,
}
NAMED_ONLY = {"deadline"}  # takes minutes, and PostgreSQL


@contextmanager
def database(folder: Path) -> Iterator[None]:
    """A fresh database beside the one that DATABASE_URL names; on SQLite a file, which other processes can open."""
    if connection.vendor == "sqlite":
        connections["default"].settings_dict["TEST"]["NAME"] = str(folder / "bench.sqlite3")
    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


def wanted() -> list[str]:
    """Return what to measure; another name ends the program with the names that there are."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description="Measure what must stay quick.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=" · ".join(BENCHES))
    parser.add_argument("--long", action="store_true", help="also what takes minutes")
    names: list[str] = parser.parse_args().names
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"There is no bench {', '.join(unknown)}: choose among {', '.join(BENCHES)}.")
    return names or [name for name in BENCHES if name not in NAMED_ONLY]


def main() -> None:
    chosen = wanted()
    with tempfile.TemporaryDirectory() as name, database(Path(name)):
        print(f"On {connection.vendor}:")
        collect_static_files()  # pages name them
        for measure in (BENCHES[name] for name in chosen):
            for figure in measure(Path(name)):
                print(f"BENCH {figure.name} {figure.value:.2f} aim {figure.aim}", flush=True)


main()
