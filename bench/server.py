"""The portal as it runs in the field: gunicorn in processes of its own on the database in use, to be killed at will."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError, URLError

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
STARTED_WITHIN = 180  # seconds, on a machine that is busy with something else


class Server:
    """gunicorn on a free port that stays the same however often it is killed and started again."""

    def __init__(
        self,
        log: Path,
        application: str = "mikt.wsgi",
        *,
        address: str = "127.0.0.1",
        within: tuple[str, ...] = (),
        **environment: str,
    ) -> None:
        """Prepare it for an address of this machine; `within` begins its command, such as a network namespace."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address, self.within = f"{address}:{self.port}", within
        self.url = f"http://{self.address}"
        self.application, self.log = application, log
        self.environment = os.environ | {"DATABASE_URL": database_url(), "SITE_URL": self.url, "DEBUG": "false"}
        self.environment |= environment
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        gunicorn = [str(Path(sys.executable).parent / "gunicorn"), self.application, "--bind", self.address]
        command = [*self.within, *gunicorn]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        patience = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < patience and self.process.poll() is None:
            if self.answers():
                return
            time.sleep(0.1)
        raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/health/", timeout=5)  # noqa: S310 - our own
        except HTTPError:
            return True
        except (URLError, OSError):
            return False
        return True

    def signal(self, number: int) -> None:
        """Send a signal to the server and its workers, and to nobody else."""
        if self.process:
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """kill -9: whatever was under way is cut off."""
        if self.process:
            self.signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


def database_url() -> str:
    """Return the address of the database in use."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    return f"postgres://{settings['USER']}{password}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def end_sessions() -> None:
    """End the sessions that a killed server left open; PostgreSQL drops no database while it still serves one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def collect_static_files() -> None:
    """Gather the files that the server gives out, as an installation does."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DEBUG": "false"},
        check=True,
    )
