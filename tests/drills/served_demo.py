"""The demo's data served as on a portal of one's own, for what looks at its public pages."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.server import ROOT, Server, collect_static_files


@contextmanager
def served_demo(folder: Path) -> Iterator[Server]:
    """Load the demo into a folder and serve it until the block ends; static files are collected before.

    The server itself is no demo: a demo asks search engines to stay out. Its pages say that their data are invented.
    """
    place = {
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "MEDIA_ROOT": str(folder / "files"),
        "EMAIL_URL": "dummymail://",
    }
    for command in (["migrate", "--verbosity", "0"], ["createcachetable"], ["demo"]):
        words = [sys.executable, "manage.py", *command]
        environment = os.environ | place | {"DEMO": "true"}
        subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    collect_static_files()
    server = Server(folder / "server.log", **place, DEMO="false")
    server.start()
    try:
        yield server
    finally:
        server.kill()
