"""Two hosts with web server and worker, behind nginx, on one pooled PostgreSQL and one bucket."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from django.conf import settings
from django.db import connection
from moto.server import ThreadedMotoServer

from bench.server import ROOT, Server, end_sessions
from tests.drills.mailserver import MailServer
from tests.drills.nginx import a_port, proxy
from tests.drills.portal import Portal
from tests.factories import SCOREBOARD, an_edition

EVERYWHERE = "0.0.0.0"  # noqa: S104 - so that the namespaces reach it
KEYS = {"AWS_ACCESS_KEY_ID": "portal", "AWS_SECRET_ACCESS_KEY": "secret"}


@dataclass
class Host:
    """A machine: how a command is run on it, its address, and the one at which it finds the others."""

    within: tuple[str, ...]
    address: str
    others: str
    kind: str


@contextmanager
def two_hosts() -> Iterator[list[Host]]:
    """Two network namespaces, each joined to this one; without the right to make them, two addresses of one machine."""
    names = [f"portal{os.getpid()}-{number}" for number in (1, 2)]
    made = subprocess.run(["ip", "netns", "add", names[0]], capture_output=True)
    if made.returncode:
        yield [Host((), f"127.0.0.{number}", "127.0.0.1", "addresses of one machine") for number in (2, 3)]
        return
    subprocess.run(["ip", "netns", "add", names[1]], check=True)
    hosts = []
    try:
        for number, name in enumerate(names, start=1):
            here, there = f"drill{number}", f"drill{number}-in"
            net = f"10.213.{number}"
            for command in (
                f"ip link add {here} type veth peer name {there}",
                f"ip link set {there} netns {name}",
                f"ip address add {net}.1/24 dev {here}",
                f"ip link set {here} up",
                f"ip -n {name} address add {net}.2/24 dev {there}",
                f"ip -n {name} link set {there} up",
                f"ip -n {name} link set lo up",
            ):
                subprocess.run(command.split(), check=True)
            within = ("ip", "netns", "exec", name)
            hosts.append(Host(within, f"{net}.2", f"{net}.1", "network namespaces"))
        yield hosts
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=True)  # the links to it go with it


@contextmanager
def pooler() -> Iterator[tuple[str, str]]:
    """PgBouncer, pooling transactions, on all addresses of this machine; give its port and the database's name."""
    command = [str(ROOT / ".ci/with-pooler"), "sh", "-c", "echo $DATABASE_URL; read end"]
    environment = os.environ | {"POOLER_ADDRESS": EVERYWHERE}
    own = connection.settings_dict
    environment["DATABASE_URL"] = f"postgres://portal@{own['HOST']}:{own['PORT']}/{own['NAME']}"
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()
        yield re.search(r":(\d+)/", address)[1], own["NAME"]
    finally:
        process.communicate("\n", timeout=30)


@dataclass
class Farm:
    """What runs: two servers, two workers, the store with its bucket, who takes their mail, and a visitor's way in."""

    hosts: list[Host]
    servers: list[Server]
    workers: list[subprocess.Popen]
    store: ThreadedMotoServer
    bucket: Any
    mails: list[MailServer]  # one for each worker, so that a mail tells whose it is
    visitor: Portal


@contextmanager
def a_farm(folder: Path) -> Iterator[Farm]:
    """Two hosts that share a pooled database and a bucket, and nothing else: MEDIA_ROOT is nowhere."""
    an_edition(SCOREBOARD)
    with ExitStack() as stack:
        hosts = stack.enter_context(two_hosts())
        port, name = stack.enter_context(pooler())
        store = ThreadedMotoServer(EVERYWHERE, port=0, verbose=False)
        store.start()
        stack.callback(store.stop)
        mails = [MailServer(EVERYWHERE) for _host in hosts]
        for mail in mails:
            stack.callback(mail.close)
        reached = store.get_host_and_port()[1]
        bucket = boto3.resource(
            "s3",
            endpoint_url=f"http://127.0.0.1:{reached}",
            aws_access_key_id="portal",
            aws_secret_access_key="secret",
            region_name="us-east-1",
        ).Bucket("files")
        bucket.create()
        entrance = a_port()
        servers, workers = [], []
        for number, host in enumerate(hosts, start=1):
            shared = KEYS | {
                "DATABASE_URL": f"postgres://portal@{host.others}:{port}/{name}",
                "DISABLE_SERVER_SIDE_CURSORS": "true",
                "SECRET_KEY": settings.SECRET_KEY,
                "ACTIVITY_KEY": ",".join(settings.ACTIVITY_KEY),
                "SITE_URL": f"http://127.0.0.1:{entrance}",
                "S3_BUCKET": "files",
                "S3_ENDPOINT": f"http://{host.others}:{reached}",
                "MEDIA_ROOT": "/proc/nowhere",
                "EMAIL_URL": f"smtp://{host.others}:{mails[number - 1].port}",
            }
            server = Server(folder / f"server{number}.log", address=host.address, within=host.within, **shared)
            server.start()
            stack.callback(server.kill)
            servers.append(server)
            workers.append(worker := a_worker(host, server, folder / f"worker{number}.log"))
            stack.callback(kill, worker)
        addresses = [server.address for server in servers]
        stack.enter_context(proxy(folder, *addresses, at=f"127.0.0.1:{entrance}"))
        door = Server(folder / "server1.log")  # nginx, for the visitor
        door.port = entrance
        yield Farm(hosts, servers, workers, store, bucket, mails, Portal(door, folder / "worker1.log"))
    end_sessions()


def a_worker(host: Host, server: Server, log: Path) -> subprocess.Popen:
    with log.open("a") as output:
        command = [*host.within, sys.executable, "manage.py", "worker", "--no-startup-delay"]
        return subprocess.Popen(
            command, cwd=ROOT, env=server.environment, stdout=output, stderr=output, start_new_session=True
        )


def kill(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
