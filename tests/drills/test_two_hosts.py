"""Two hosts with web server and worker, behind nginx, on one pooled PostgreSQL and one bucket; one of each dies."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.conf import settings
from django.db import connection
from moto.server import ThreadedMotoServer

from bench.server import ROOT, Server, end_sessions
from scoreboard import clock
from scoreboard.activity import verification
from scoreboard.models import Answer, AnswerVersion, Evidence, Mail, ScheduledJob
from scoreboard.people import invitations
from tests import small_pdfs
from tests.drills.conftest import LONG, once, troubles
from tests.drills.mailserver import MailServer
from tests.drills.nginx import a_port, proxy
from tests.drills.portal import Portal
from tests.drills.test_flood import Counter as Saves
from tests.drills.test_flood import Typist
from tests.factories import SCOREBOARD, a_country, a_cycle, a_person, an_edition, session_of

pytestmark = [
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
    once,
    pytest.mark.skipif(not LONG, reason="Takes minutes: make drills ARGS=long"),
]

EVERYWHERE = "0.0.0.0"  # noqa: S104 - so that the namespaces reach it
PEOPLE, SAVES, FILES, MAILS = 10, 15, 12, 30
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
    """What runs: two servers, two workers, the store with its bucket, who takes the mail, and a visitor's way in."""

    hosts: list[Host]
    servers: list[Server]
    workers: list[subprocess.Popen]
    store: ThreadedMotoServer
    bucket: Any
    mail: MailServer
    visitor: Portal


@pytest.fixture
def farm(transactional_db, static_files, real_passwords, tmp_path):
    """Two hosts that share a pooled database and a bucket, and nothing else: MEDIA_ROOT is nowhere."""
    an_edition(SCOREBOARD)
    with ExitStack() as stack:
        hosts = stack.enter_context(two_hosts())
        port, name = stack.enter_context(pooler())
        store, mail = ThreadedMotoServer(EVERYWHERE, port=0, verbose=False), MailServer(EVERYWHERE)
        store.start()
        stack.callback(store.stop)
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
                "EMAIL_URL": f"smtp://{host.others}:{mail.port}",
            }
            server = Server(tmp_path / f"server{number}.log", address=host.address, within=host.within, **shared)
            server.start()
            stack.callback(server.kill)
            servers.append(server)
            workers.append(worker := a_worker(host, server, tmp_path / f"worker{number}.log"))
            stack.callback(kill, worker)
        addresses = [server.address for server in servers]
        stack.enter_context(proxy(tmp_path, *addresses, at=f"127.0.0.1:{entrance}"))
        door = Server(tmp_path / "server1.log")  # nginx, for the visitor
        door.port = entrance
        yield Farm(hosts, servers, workers, store, bucket, mail, Portal(door, tmp_path / "worker1.log"))
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


def add(portal: Portal, submission, number: int, person):
    content = small_pdfs.PDF + f"\n%{number}".encode()
    code = submission.cycle.edition.all_indicators[number % 3].code
    path = f"/submissions/{submission.pk}/evidence/{code}/"
    return content, portal.send(path, {"files": (f"file-{number}.pdf", content)}, person)


def test_two_hosts_one_of_each_killed(farm):
    cycle = a_cycle([a_country(f"Y{letter}") for letter in "ABCDE"])
    codes = [indicator.code for indicator in cycle.edition.all_indicators]
    typists = []
    for number in range(PEOPLE):
        submission = cycle.submissions.order_by("pk")[number // 2]
        person = a_person("focal", submission.country, name=f"Typist {number}")
        typists.append(
            Typist(farm.visitor.server.port, person, submission, codes[number % 2 :: 2], SAVES, session_of(person))
        )
    invited = [a_person(name=f"Invited {number}") for number in range(MAILS)]
    saves, taken = Saves(), []
    with ThreadPoolExecutor(PEOPLE) as pool:
        working = [pool.submit(typist.work, saves) for typist in typists]
        for number in range(FILES):
            if number == FILES // 3:
                for person in invited:
                    invitations.invite(person)
                farm.servers[0].kill()
                kill(farm.workers[1])
            if number == 2 * FILES // 3:
                farm.servers[0].start()
            submission, person = typists[2 * (number % 5)].submission, typists[2 * (number % 5)].person
            content, answer = add(farm.visitor, submission, number, person)
            if answer.status == 200:
                taken.append(hashlib.sha256(content).hexdigest())
        for one in working:
            one.result()
    assert saves.acknowledged == PEOPLE * SAVES
    for typist in typists:
        mine = Answer.objects.filter(submission=typist.submission, indicator__code__in=typist.last)
        assert dict(mine.values_list("indicator__code", "comment")) == typist.last
    texts = Counter(AnswerVersion.objects.exclude(comment="").values_list("comment", flat=True))
    assert texts == Counter(text for typist in typists for _code, text in typist.plan)
    stored = dict(Evidence.objects.values_list("sha256", "file"))
    assert set(taken) <= set(stored)
    assert len(taken) >= FILES - 2
    for digest, name in stored.items():
        assert hashlib.sha256(farm.bucket.Object(name).get()["Body"].read()).hexdigest() == digest
    assert sorted(one.key for one in farm.bucket.objects.all() if one.key != "health-check") == sorted(stored.values())
    # Ten minutes later: what the killed worker had claimed is free again.
    ScheduledJob.objects.update(due_at=clock.now())
    Mail.everything.filter(state=Mail.State.WAITING).update(due_at=clock.now())
    farm.visitor.until(lambda: not Mail.everything.filter(state=Mail.State.WAITING).exists())
    ids = Counter(re.search(r"^Message-ID: *\n? *(\S+)", text, re.M)[1] for _to, text in farm.mail.messages)
    assert len(ids) == Mail.everything.count()
    assert {person.email for person in invited} <= {to for to, _text in farm.mail.messages}
    assert max(ids.values()) == 1
    assert verification.check().problems == []
    said = f"all of {saves.acknowledged} saves acknowledged, {saves.retries} sent again"
    there = f"{saves.acknowledged} saves and {len(taken)} files there once, {len(ids)} mails sent once"
    troubles.append((f"two hosts ({farm.hosts[0].kind}), one of each killed", said, there))


def test_the_store_is_away_from_two_hosts(farm):
    cycle = a_cycle([a_country("YA")])
    submission = cycle.submissions.get()
    person = a_person("focal", submission.country)
    visitor = farm.visitor
    assert add(visitor, submission, 0, person)[1].status == 200
    first = Evidence.objects.get()
    farm.store.stop()
    code = submission.cycle.edition.all_indicators[0].code
    began = time.monotonic()
    refused = add(visitor, submission, 1, person)[1]
    took = time.monotonic() - began
    assert "could not be stored" in refused.text
    down = visitor.visit(f"/submissions/{submission.pk}/files/{first.pk}/", person)
    assert (down.status, "The store of files does not answer." in down.text) == (503, True)
    fields = {f"i{code}-seen": 0, f"i{code}-answer": "level:2", f"i{code}-comment": "All the same."}
    saved = visitor.send(f"/submissions/{submission.pk}/save/", {"person": person.pk} | fields, person)
    assert saved.status == 200
    assert Evidence.objects.get() == first
    assert visitor.visit("/health/").text.count("degraded") == 1
    troubles.append(("the store of files away", f"could not be stored, after {took:.1f} s", "no row; answers saved"))
