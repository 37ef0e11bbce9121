"""The portal as it runs in the field, web server and workers in processes of their own, and people who visit it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.db import connections
from django.utils.crypto import get_random_string

from bench.server import ROOT, Server
from scoreboard.models import User
from tests.factories import session_of
from tests.pages import Page


@dataclass
class Answer:
    """What came back: the status, the page, and after how many seconds."""

    status: int
    headers: dict[str, str]
    content: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The words of the page."""
        return Page(self).text


@dataclass
class Portal:
    """A server with its workers; `visit` and `send` are what people do."""

    server: Server
    log: Path
    workers: list[subprocess.Popen] = field(default_factory=list)
    sessions: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)  # what the next page of a person is to say

    def visit(self, path: str, person: User | None = None) -> Answer:
        """Open an address."""
        return self._ask("GET", path, person, None)

    def send(self, path: str, fields: dict, person: User | None = None) -> Answer:
        """Send a form, and follow where it leads."""
        answer = self._ask("POST", path, person, fields)
        if answer.status == 302:
            after = self._ask("GET", urlsplit(answer.headers["location"]).path, person, None)
            after.seconds += answer.seconds
            return after
        return answer

    def sign_in(self, person: User) -> str:
        """Return the key of the person's session, begun with their first visit."""
        if person.pk not in self.sessions:
            self.sessions[person.pk] = session_of(person)
        return self.sessions[person.pk]

    def trickle(self, path: str, fields: dict, person: User, *, port: int, rate: int) -> int:
        """Send a form with files at `rate` bytes a second, and return the status of the answer."""
        body, kind = _multipart(fields)
        token = get_random_string(32)
        head = [
            f"POST {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Cookie: sessionid={self.sign_in(person)}; csrftoken={token}",
            f"X-CSRFToken: {token}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
        ]
        with socket.create_connection(("127.0.0.1", port), timeout=300) as line:
            line.sendall("".join(f"{words}\r\n" for words in [*head, ""]).encode())
            for at in range(0, len(body), rate // 4):
                line.sendall(body[at : at + rate // 4])
                time.sleep(0.25)
            return int(line.recv(100).split()[1])

    def _ask(self, method: str, path: str, person: User | None, fields: dict | None) -> Answer:
        token = get_random_string(32)
        cookies = {"csrftoken": token} | ({"sessionid": self.sign_in(person)} if person else {})
        if person and person.pk in self.notes:
            cookies["messages"] = self.notes.pop(person.pk)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "X-CSRFToken": token}
        body = None
        if fields is not None:
            body, kind = _multipart(fields) if _has_file(fields) else _form(fields)
            headers["Content-Type"] = kind
        began = time.monotonic()
        line = HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        line.request(method, path, body, headers)
        response = line.getresponse()
        content = response.read()
        line.close()
        for cookie in response.headers.get_all("Set-Cookie", []):
            if person and cookie.startswith("messages=") and not cookie.startswith('messages="";'):
                self.notes[person.pk] = cookie.split(";")[0].removeprefix("messages=")
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, content, time.monotonic() - began)

    def start_worker(self) -> subprocess.Popen:
        """Start a worker beside the server."""
        with self.log.open("a") as output:
            command = [sys.executable, "manage.py", "worker", "--no-startup-delay"]
            worker = subprocess.Popen(
                command, cwd=ROOT, env=self.server.environment, stdout=output, stderr=output, start_new_session=True
            )
        self.workers.append(worker)
        return worker

    def until(self, true: Callable[[], bool], seconds: float = 120) -> None:
        """Wait for what another process does; there is nothing to wait on but what it leaves behind."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if true():
                return
            time.sleep(0.2)
        raise AssertionError(f"It did not come about:\n{self.log.read_text()}\n{self.server.log.read_text()}")

    def close(self) -> None:
        """End everything that was started."""
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self.server.kill()
        connections.close_all()


def _has_file(fields: dict) -> bool:
    return any(isinstance(value, tuple) for value in fields.values())


def _form(fields: dict) -> tuple[bytes, str]:
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _multipart(fields: dict) -> tuple[bytes, str]:
    """A form with files, each given as (name, bytes)."""
    parts = []
    for name, value in fields.items():
        file, content = value if isinstance(value, tuple) else (None, str(value).encode())
        also = f'; filename="{file}"\r\nContent-Type: application/octet-stream' if file else ""
        parts.append(
            b'--drill\r\nContent-Disposition: form-data; name="' + f'{name}"{also}\r\n\r\n'.encode() + content + b"\r\n"
        )
    return b"".join(parts) + b"--drill--\r\n", "multipart/form-data; boundary=drill"
