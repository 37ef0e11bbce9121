"""nginx in front of the portal, with the files that docs/deploy gives to operators."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.server import ROOT

DEPLOY = ROOT / "docs/deploy"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def a_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def a_certificate(folder: Path) -> None:
    """Write a certificate for localhost that nobody but a test trusts, with its key."""
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    out = ["-keyout", str(folder / "portal.key"), "-out", str(folder / "portal.pem")]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2"]
    subprocess.run([*make, *names, *out], check=True, capture_output=True)


@contextmanager
def proxy(
    folder: Path, *servers: str, at: str, plain: str = "", within: tuple[str, ...] = (), limited: bool = True
) -> Iterator[None]:
    """Run nginx at an address in front of these servers, until the block ends.

    With `plain`, a second address, TLS ends at the first one. `within` begins the command, such as a network namespace.
    """
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed.")
    site = (DEPLOY / ("nginx-tls.conf" if plain else "nginx.conf")).read_text()
    changes = {
        "    server web:8000;": "\n".join(f"    server {one};" for one in servers),
        "listen 443 ssl;": f"listen {at} ssl;",
        "listen 80;": f"listen {plain or at};",
        "https://$host$request_uri": f"https://$host:{at.split(':')[1]}$request_uri",
        "/etc/nginx/snippets": str(folder),
        "/etc/nginx/tls": str(folder),
    }
    for old, new in changes.items():
        site = site.replace(old, new)
    common = (DEPLOY / "portal.conf").read_text()
    (folder / "portal.conf").write_text(common if limited else common.replace("limit_conn addresses 200;", ""))
    (folder / "site.conf").write_text(site)
    if plain:
        a_certificate(folder)
    http = [*(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY), f"include {folder}/site.conf;"]
    main = ["user root;"] * (os.getuid() == 0) + [f"pid {folder}/pid;", f"error_log {folder}/error.log;"]
    (folder / "nginx.conf").write_text("\n".join([*main, "events {}", "http {", *http, "}"]))
    command = [*within, nginx, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr, checked.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        for _try in range(100):
            if (folder / "pid").exists() and (folder / "pid").read_text():
                break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()
