"""The handbook's own commands, word for word, in a fresh Debian 12: installed, served, backed up, updated, restored."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError

import pytest

from bench.server import ROOT
from tests.drills.conftest import LONG, troubles
from tests.drills.nginx import a_certificate

pytestmark = [pytest.mark.drill, pytest.mark.skipif(not LONG, reason="Takes minutes: make drills ARGS=long")]

FRESH = ROOT / "var/debian-12"  # made once; each run has a copy
SECTIONS = ("Install", "Back up and prove", "Update", "Restore")  # those with commands, as the drill follows them
PORTS = (80, 443, 5432, 8000)
PATIENCE = 3600  # seconds for a section: packages and libraries are fetched

# A chroot has no systemd: this reads the units and does what they say.
SYSTEMCTL = """#!/usr/bin/env python3
import configparser, os, shlex, signal, subprocess, sys, time

def unit(name):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(f"/etc/systemd/system/{name}.service")
    return parser["Service"]

def start(name):
    if name.endswith(".timer"):
        return
    if name == "nginx":
        subprocess.run(["nginx"], check=True)
        return
    service, environment = unit(name), dict(os.environ)
    with open(service["EnvironmentFile"].lstrip("-")) as settings:
        environment |= dict(line.rstrip("\\n").split("=", 1) for line in settings)
    command = ["runuser", "--user", service["User"], "--", *shlex.split(service["ExecStart"])]
    place = {"cwd": service["WorkingDirectory"], "env": environment}
    if service.get("Type") == "oneshot":
        subprocess.run(command, check=True, **place)
        return
    log = open(f"/var/log/{name}.log", "a")
    place |= {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
    process = subprocess.Popen(command, start_new_session=True, **place)
    with open(f"/run/{name}.pid", "w") as file:
        file.write(str(process.pid))

def stop(name):
    if name == "nginx":
        subprocess.run(["nginx", "-s", "stop"], stderr=subprocess.DEVNULL)
        time.sleep(1)
        return
    try:
        pid = int(open(f"/run/{name}.pid").read())
        os.killpg(pid, signal.SIGTERM)
    except (FileNotFoundError, ProcessLookupError):
        return
    for _try in range(600):
        if not os.path.exists(f"/proc/{pid}") or " Z " in open(f"/proc/{pid}/stat").read():
            return
        time.sleep(0.1)
    sys.exit(f"{name} does not end")

act, names = sys.argv[1], [name for name in sys.argv[2:] if not name.startswith("-")]
for name in names:
    if act in ("stop", "restart"):
        stop(name)
    if act in ("start", "restart") or (act == "enable" and "--now" in sys.argv):
        start(name)
"""


def commands() -> dict[str, str]:
    """Return the commands of each section of the handbook."""
    parts = re.split(r"^## (.+)$", (ROOT / "docs/operations.md").read_text(), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {name: "\n".join(re.findall(r"^```sh\n(.*?)^```", sections[name], re.M | re.S)) for name in SECTIONS}


def local_places() -> list[str]:
    """Return files and folders of this machine that its pip needs, such as an index of its own."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    found = {Path(path) for path in re.findall(r"(?:file://|(?<=['\s=]))(/[\w./-]+)", listed)}
    found |= {Path("/etc/pip.conf"), Path("/etc/xdg/pip/pip.conf")}
    found = {path for path in found if path.exists() and not path.is_relative_to("/etc/ssl")}
    return sorted({str(path.parent if path.name == "simple" else path) for path in found})


@pytest.fixture
def debian(tmp_path):
    """A fresh Debian 12 in a folder."""
    if os.getuid() != 0 or shutil.which("debootstrap") is None:
        pytest.skip("Needs root and debootstrap: apt-get install debootstrap")
    for port in PORTS:
        with socket.socket() as taken:
            if taken.connect_ex(("127.0.0.1", port)) == 0:
                pytest.skip(f"Something listens on port {port}, which the handbook's portal needs.")
    if not (FRESH / "etc/debian_version").exists():
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(FRESH)], check=True, stdout=sys.stderr)
    place = tmp_path / "debian"
    subprocess.run(["cp", "--archive", "--reflink=auto", str(FRESH), str(place)], check=True)
    shutil.copy("/etc/resolv.conf", place / "etc/resolv.conf")
    authorities = ssl.get_default_verify_paths().cafile
    if authorities:
        shutil.copy(authorities, place / "mnt/authorities.crt")  # those of this machine, for its index of packages
    # The second lets packages start their services, which they do not dare without an init system.
    for name, script in {"usr/local/bin/systemctl": SYSTEMCTL, "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 0\n"}.items():
        (place / name).write_text(script)
        (place / name).chmod(0o755)
    yield place
    shutil.rmtree(place, ignore_errors=True)


class Shell:
    """Somebody's shell in the Debian, whose variables stay; it ends at the first failure, with all that it began."""

    def __init__(self, place: Path, log: Path) -> None:
        self.log = log
        self.place = place
        mounts = [f"mount --rbind /dev {place}/dev"]
        for path in local_places():
            target = Path(f"{place}{path}")
            if Path(path).is_dir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()
            mounts.append(f"mount --bind {path} {target}")
        within = " && ".join([*mounts, f"exec chroot {place} /bin/bash -eu"])
        namespaces = ["--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={place}/proc"]
        environment = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or "proxy" in name}
        environment |= {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        environment |= {"DEBIAN_FRONTEND": "noninteractive"}
        if (place / "mnt/authorities.crt").exists():
            environment["PIP_CERT"] = "/mnt/authorities.crt"
        with log.open("w") as output:
            self.process = subprocess.Popen(
                ["unshare", *namespaces, "sh", "-c", within],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                text=True,
                env=environment,
            )

    def run(self, words: str) -> str:
        """Type commands, wait until all are done, and return what they printed."""
        before, done = len(self.log.read_text(errors="replace")), f"done-{time.monotonic_ns()}"
        (self.place / "root/typed.sh").write_text(f"{words}\n")
        self.process.stdin.write(f". /root/typed.sh </dev/null\necho {done}\n")
        self.process.stdin.flush()
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            printed = self.log.read_text(errors="replace")[before:]
            if f"\n{done}\n" in f"\n{printed}":
                return printed
            assert self.process.poll() is None, f"A command failed:\n{self.log.read_text(errors='replace')[-6000:]}"
            time.sleep(0.5)
        raise AssertionError(f"It does not end:\n{self.log.read_text(errors='replace')[-6000:]}")


@contextmanager
def shell(place: Path, log: Path):
    opened = Shell(place, log)
    try:
        yield opened
    finally:
        opened.process.kill()  # and everything that was begun in it
        opened.process.wait()


def opened(path: str, certificate: Path) -> bytes:
    """Open a page of the portal over TLS, as soon as it is served."""
    trusted = ssl.create_default_context(cafile=str(certificate))
    for _try in range(300):
        try:
            with urllib.request.urlopen(f"https://localhost{path}", timeout=30, context=trusted) as page:
                return page.read()
        except (URLError, HTTPException, OSError):
            time.sleep(1)
    raise AssertionError(f"{path} is not served")


def test_the_handbook_in_a_fresh_debian(debian, tmp_path):
    a_certificate(tmp_path)
    source = debian / "mnt/source"
    subprocess.run(["git", "clone", "--bare", "--quiet", str(ROOT), str(source)], check=True)
    for name in ("portal.pem", "portal.key"):
        shutil.copy(tmp_path / name, debian / "root" / name)
    release = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    given = {
        "SOURCE": "/mnt/source",
        "RELEASE": release.strip(),
        "HOST": "localhost",
        "CERTIFICATE": "/root/portal.pem",
        "KEY": "/root/portal.key",
        "EMAIL_URL": "filemail:////srv/portal/var/mail",
        "ADMINISTRATOR": "administrator@example.org",
    }
    steps, took = commands(), {}
    assert all(steps.values())
    certificate = tmp_path / "portal.pem"
    count = "runuser --user postgres -- psql --tuples-only --no-align --dbname=portal --command='{}'"
    with shell(debian, tmp_path / "shell.log") as typed:
        typed.run("\n".join(f"export {name}={value}" for name, value in given.items()))
        for section in SECTIONS:
            began = time.monotonic()
            if section == "Restore":  # what is written after the backup is gone, what is in it is there
                typed.run("portal invite late@example.org --name Late --administrator")
            printed = typed.run(steps[section])
            took[section] = time.monotonic() - began
            assert b"Scoreboard portal" in opened("/", certificate)
            report = json.loads(opened("/health/", certificate))
            assert (report["database"], report["unapplied_migrations"]) == (True, 0)
            if section == "Back up and prove":
                assert "is proven in" in printed
            if section == "Restore":
                assert "Restored as it was on " in printed
        people = typed.run(count.format("SELECT email FROM scoreboard_user")).splitlines()
        assert given["ADMINISTRATOR"] in people
        assert "late@example.org" not in people
        assert "28" in typed.run(count.format("SELECT count(*) FROM scoreboard_indicator")).splitlines()
    minutes = ", ".join(f"{name.lower()} {seconds / 60:.1f}" for name, seconds in took.items())
    troubles.append(("the handbook in a fresh Debian 12", f"served over TLS; minutes: {minutes}", "all of it restored"))
