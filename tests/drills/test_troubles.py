"""What breaks around the portal: mail, disk, database, worker, slow lines; what the page says, and what is stored."""

import json
import os
import re
import shlex
import socket
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from reporting.models import Paper
from scoreboard import clock
from scoreboard.models import AnswerVersion, Evidence, Mail, ScheduledJob, State, Submission, Transition
from scoreboard.people import invitations
from scoreboard.submissions import answering
from tests import small_pdfs
from tests.drills.conftest import LONG, once, troubles
from tests.drills.nginx import a_port, proxy
from tests.factories import a_focal, a_person, an_officer, fill, given, submission_at
from tests.test_concurrency import at_once

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

VENDOR = connection.vendor
QUICK = 10  # seconds within which a page comes on a machine that is busy with something else
SILENT = "a mail server that never answers"


def submitted() -> Submission:
    submission = submission_at(State.SUBMITTED)
    Mail.objects.all().delete()
    return submission


def accept(portal, submission, officer):
    return portal.send(f"/review/{submission.pk}/accept/", {"version": 1}, officer)


def smtp(server) -> dict[str, str]:
    return {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}


def health(portal) -> dict:
    return json.loads(portal.visit("/health/").content)


# --- mail ----------------------------------------------------------------------------------------------------


def test_a_silent_mail_server(portal_with, mail_server):
    mail_server.silent = True
    submission, officer = submitted(), an_officer()
    portal = portal_with(**smtp(mail_server))
    portal.start_worker()
    answer = accept(portal, submission, officer)
    assert "The submission of Malta is accepted." in answer.text
    assert answer.seconds < QUICK
    portal.until(lambda: Mail.objects.get().error != "")
    pages = at_once(*[lambda: portal.visit("/", officer).seconds] * 6)
    assert max(pages) < QUICK
    tried = Mail.objects.get()
    assert (tried.state, tried.attempts, Submission.objects.get().state) == ("waiting", 1, State.ACCEPTED)
    assert "still to be sent has waited" in portal.visit("/", officer).text
    mail_server.silent = False
    Mail.objects.update(due_at=clock.now())  # a minute later
    portal.until(lambda: Mail.objects.get().state == "sent")
    assert [to for to, _text in mail_server.messages] == [a_focal(submission.country).email]
    assert Transition.objects.filter(step="accept").count() == 1
    stored = "accepted once; the mail tried again and sent once"
    troubles.append((SILENT, f"accepted, after {answer.seconds:.1f} s", stored))


def test_a_mail_server_that_refuses_a_reader(portal_with, mail_server):
    submission, officer = submitted(), an_officer()
    focal = a_focal(submission.country)
    mail_server.refuse = {focal.email}
    portal = portal_with(**smtp(mail_server))
    portal.start_worker()
    accept(portal, submission, officer)
    portal.until(lambda: Mail.objects.get().state == "failed")
    home = portal.visit("/", officer).text
    assert "1 e-mail could not be delivered." in home
    listed = portal.visit("/review/messages/", officer).text
    assert f"{focal.email}" in listed
    assert "550 5.1.1 no such user" in listed
    assert health(portal)["mail"]["failed"] == 1
    mail_server.refuse = set()
    again = portal.send(f"/review/messages/{Mail.objects.get().pk}/decide/", {"decision": "try_again"}, officer)
    assert "will be sent again" in again.text
    portal.until(lambda: Mail.objects.get().state == "sent")
    troubles.append(("a mail server that refuses (550)", "1 e-mail could not be delivered", "sent after “Try again”"))


def test_two_workers_and_many_mails(portal_with, mail_server):
    people = [a_person(name=f"Person {n}") for n in range(40)]
    portal = portal_with(**smtp(mail_server))
    for _worker in range(2):
        portal.start_worker()
    for person in people:
        invitations.invite(person)
    portal.until(lambda: not Mail.objects.exclude(state="sent").exists())
    assert sorted(to for to, _text in mail_server.messages) == sorted(person.email for person in people)
    keys = {re.search(r"/password/reset/key/(\S+)", text.replace("=\n", ""))[1] for _to, text in mail_server.messages}
    assert len(keys) == 40
    assert not Mail.objects.filter(body__contains="/password/reset/key/").exists()
    troubles.append(("two workers, 40 mails", "–", "each sent once; no key stored"))


# --- no worker -----------------------------------------------------------------------------------------------


def test_no_worker(portal_with, mail_server):
    submission, officer = submitted(), an_officer()
    portal = portal_with(**smtp(mail_server))
    assert "is accepted" in accept(portal, submission, officer).text
    assert "has never run" in portal.visit("/", officer).text
    paper = portal.visit(f"/reports/submissions/{submission.pk}/answers.pdf", officer)
    assert paper.status == 202
    assert "No worker runs" in paper.text
    told = health(portal)
    assert (told["status"], told["worker"]["running"], told["mail"]["waiting"]) == ("degraded", False, 1)
    portal.start_worker()
    portal.until(lambda: Mail.objects.get().state == "sent" and Paper.objects.get().state == "done")
    assert portal.visit(f"/reports/submissions/{submission.pk}/answers.pdf", officer).content.startswith(b"%PDF")
    assert health(portal)["worker"]["running"] is True
    ScheduledJob.objects.update(started_at=clock.now() - timedelta(minutes=5))
    troubles.append(("no worker", "No worker runs; has never run", "mail and PDF wait, and are made once it runs"))


# --- the disk ------------------------------------------------------------------------------------------------


@contextmanager
def disk(folder: Path, options: str):
    """A disk of its own under the folder; only root may mount one."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("Only root can mount a small disk here.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def add_file(portal, submission, person, size: int):
    content = small_pdfs.PDF + b"\n%" + b"-" * size
    return portal.send(f"/submissions/{submission.pk}/evidence/P1/", {"files": ("decree.pdf", content)}, person)


@once
@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_disk_that_takes_no_more(portal_with, tmp_path, trouble):
    draft = submission_at(State.DRAFT)
    focal = a_focal(draft.country)
    with disk(tmp_path / "small", "size=3m") as folder:
        portal = portal_with(MEDIA_ROOT=str(folder), FILE_UPLOAD_TEMP_DIR=str(tmp_path))
        portal.start_worker()
        assert add_file(portal, draft, focal, 1000).status == 200
        assert Evidence.objects.count() == 1
        before = sorted(file.name for file in folder.rglob("*") if file.is_file())
        if trouble == "read-only":
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        answer = add_file(portal, draft, focal, 4_000_000)
        assert "could not be stored" in answer.text
        assert Evidence.objects.count() == 1
        after = sorted(file.name for file in folder.rglob("*") if file.is_file())
        assert after == before, "nothing half written is left behind"
        told = health(portal)["files"]
        assert told == {"writable": trouble == "full", "disk_full": True}
        saved = portal.send(
            f"/submissions/{draft.pk}/save/",
            {"person": focal.pk, "iP1-seen": 0, "iP1-answer": "level:2", "iP1-comment": "Saved all the same."},
            focal,
        )
        assert saved.status == 200
        assert AnswerVersion.objects.filter(comment="Saved all the same.").count() == 1
        if trouble == "read-only":
            portal.visit(f"/reports/submissions/{draft.pk}/answers.pdf", focal)
            portal.until(lambda: Paper.objects.get().state == "failed")
            paper = portal.visit(f"/reports/submissions/{draft.pk}/answers.pdf", focal)
            assert "The portal’s disk is full or cannot be written to." in paper.text
    heading = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    said = re.search(r"[^.]*(disk|stored|could not|went wrong)[^.]*\.", answer.text)
    told = said[0].strip() if said else (heading[1] if heading else str(answer.status))
    troubles.append(
        (f"a disk that is {trouble}", f"{answer.status}: {told[:90]}", "no row, no file left; answers saved")
    )


# --- the database --------------------------------------------------------------------------------------------


@pytest.mark.skipif(VENDOR != "sqlite", reason="Only SQLite has one lock for all that write.")
@pytest.mark.parametrize(("seconds", "stored"), [(5, True), (30, False)])
def test_a_locked_database(portal_with, seconds, stored):
    draft = submission_at(State.DRAFT)
    focal = a_focal(draft.country)
    portal = portal_with()
    portal.start_worker()
    portal.until(lambda: ScheduledJob.objects.exists())
    portal.sign_in(focal)
    fields = {"person": focal.pk, "iP1-seen": 0, "iP1-answer": "level:2", "iP1-comment": "Under lock."}
    with ThreadPoolExecutor(2) as people:
        holder = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        save = people.submit(portal.send, f"/submissions/{draft.pk}/save/", fields, focal)
        time.sleep(1)
        reading = portal.visit(f"/submissions/{draft.pk}/areas/P/", focal)
        assert (reading.status, reading.seconds < QUICK) == (200, True), "reading goes on"
        time.sleep(seconds - 1)
        if stored:
            holder.execute("ROLLBACK")
        answer = save.result()
        if not stored:
            holder.execute("ROLLBACK")
        holder.close()
    assert (answer.status == 200) == stored
    assert AnswerVersion.objects.filter(comment="Under lock.").exists() == stored
    if not stored:
        assert answer.status == 500
        again = portal.send(f"/submissions/{draft.pk}/save/", fields, focal)
        assert (again.status, AnswerVersion.objects.filter(comment="Under lock.").count()) == (200, 1)
    assert portal.workers[0].poll() is None, "the worker goes on"
    since = clock.now()
    portal.until(lambda: ScheduledJob.objects.filter(started_at__gt=since).exists())
    said = "saved" if stored else "not saved (500), sent again by the page"
    troubles.append((f"a database locked for {seconds} s", said, "stored once" if stored else "not stored; then once"))


def database_folder() -> Path:
    """Return where PostgreSQL stores the database in use, and end this process's own session."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    connection.close()
    return folder


def pg_ctl(folder: Path, act: str) -> None:
    """Stop or start the PostgreSQL server whose data are in this folder, as its owner."""
    tool = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
    who = ["runuser", "--user", folder.owner(), "--"] if os.getuid() == 0 else []
    how = ["--mode", "fast"]
    if act == "start":  # with the options that it had
        _binary, *options = shlex.split((folder / "postmaster.opts").read_text())
        how = ["--log", str(folder.parent / "log"), "--options", shlex.join(options)]
    command = [*who, str(tool), "--pgdata", str(folder), "--wait", "--silent", *how, act]
    subprocess.run(command, check=True, cwd=folder.parent, stdout=subprocess.DEVNULL)


@pytest.mark.skipif(VENDOR != "postgresql", reason="SQLite has no server that restarts.")
def test_a_database_that_restarts(portal_with, mail_server):
    submission, officer = submitted(), an_officer()
    portal = portal_with(**smtp(mail_server))
    worker = portal.start_worker()
    portal.until(lambda: ScheduledJob.objects.count() >= 3)
    portal.visit("/", officer)
    folder = database_folder()
    pg_ctl(folder, "stop")
    down = portal.visit("/health/")
    assert down.status == 503
    page = accept(portal, submission, officer)
    assert page.status == 500
    time.sleep(12)  # the worker used to end within four seconds
    assert worker.poll() is None
    pg_ctl(folder, "start")
    answer = accept(portal, submission, officer)
    assert "The submission of Malta is accepted." in answer.text
    portal.until(lambda: Mail.objects.get().state == "sent")
    assert worker.poll() is None
    assert [to for to, _text in mail_server.messages] == [a_focal(submission.country).email]
    assert Transition.objects.filter(step="accept").count() == 1
    since = clock.now()
    portal.until(lambda: ScheduledJob.objects.filter(started_at__gt=since).exists())
    heading = re.search(r"<h1>(.*?)</h1>", page.content.decode())[1]
    troubles.append(("a database that is away for 12 s", heading, "nothing meanwhile; then accepted and told once"))


# --- slow lines ----------------------------------------------------------------------------------------------


@contextmanager
def slow_lines(port: int, n: int):
    """`n` anonymous connections that have begun a request and never end it."""
    lines = [socket.create_connection(("127.0.0.1", port)) for _line in range(n)]
    for line in lines:
        line.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na=")
    time.sleep(1)
    try:
        yield
    finally:
        for line in lines:
            line.close()


@contextmanager
def behind_the_proxy(portal, folder: Path):
    """nginx in front of the portal, with the file that docker-compose.yml gives it"""
    port = a_port()
    with proxy(folder, f"127.0.0.1:{portal.server.port}", at=f"127.0.0.1:{port}", limited=False):
        yield port


@once
def test_slow_lines_do_not_stop_the_server(portal_with):
    officer = an_officer()
    portal = portal_with()
    portal.visit("/", officer)
    with slow_lines(portal.server.port, 10):
        pages = [portal.visit("/", officer).seconds for _page in range(5)]
    assert max(pages) < QUICK
    troubles.append(("10 slow anonymous connections", f"every page within {max(pages):.1f} s", "–"))


@once
def test_behind_the_proxy_no_number_of_slow_lines_reaches_the_server(portal_with, tmp_path):
    officer = an_officer()
    portal = portal_with()
    direct = portal.server.port
    with behind_the_proxy(portal, tmp_path) as port:
        portal.server.port = port
        try:
            portal.visit("/", officer)
            with slow_lines(port, 200):
                pages = [portal.visit("/", officer).seconds for _page in range(5)]
        finally:
            portal.server.port = direct
    assert max(pages) < QUICK
    troubles.append(("200 slow connections, proxy", f"every page within {max(pages):.1f} s", "–"))


@once
@pytest.mark.parametrize("through", ["server", "proxy"])
def test_a_slow_upload_arrives(portal_with, tmp_path, through):
    """At 1 Mbit/s, for longer than any time-out of the server; with ARGS=long the whole 20 MB."""
    size = 20_000_000 if LONG else 1_000_000
    draft = submission_at(State.DRAFT)
    focal = a_focal(draft.country)
    portal = portal_with(GUNICORN_CMD_ARGS="" if LONG else "--timeout 3")
    path = f"/submissions/{draft.pk}/evidence/P1/"
    fields = {"files": ("decree.pdf", small_pdfs.PDF + b"\n%" + b"-" * size)}
    began = time.monotonic()
    if through == "proxy":
        with behind_the_proxy(portal, tmp_path) as port:
            status = portal.trickle(path, fields, focal, port=port, rate=125_000)
    else:
        status = portal.trickle(path, fields, focal, port=portal.server.port, rate=125_000)
    took = time.monotonic() - began
    assert took > (60 if LONG else 3)
    assert status == 302
    assert Evidence.objects.get().size > size
    troubles.append(
        (f"{size // 1_000_000} MB at 1 Mbit/s, {through}", f"kept, after {took:.0f} s", "one piece of evidence")
    )


@once
def test_a_slow_reader_holds_nobody_up(portal_with):
    officer = an_officer()
    portal = portal_with(GUNICORN_CMD_ARGS="--timeout 3")
    path = "/static/bootstrap/js/bootstrap.bundle.min.js"
    lines = []
    for _line in range(6):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        line.connect(("127.0.0.1", portal.server.port))
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        lines.append(line)
    time.sleep(4)
    pages = [portal.visit("/", officer).seconds for _page in range(3)]
    assert max(pages) < QUICK
    for line in lines:
        line.close()
    troubles.append(("6 slow readers", f"every page within {max(pages):.1f} s", "–"))


# --- long papers ---------------------------------------------------------------------------------------------


@once
def test_a_paper_that_takes_long(portal_with):
    draft = submission_at(State.DRAFT)
    focal = a_focal(draft.country)
    words = " ".join("x" * 300 for _word in range(30))
    fill(draft, by=focal)
    rows = [{"year": 2000 + n % 20, "species": f"{n} {'y' * 250}", "place": "quay"} for n in range(500 if LONG else 50)]
    answering.save_answers(draft, {"Q2": given("", figures=rows, comment=words)}, by=focal, seen={"Q2": 1})
    portal = portal_with()
    portal.start_worker()
    portal.until(lambda: ScheduledJob.objects.exists())
    began = time.monotonic()
    first = portal.visit(f"/reports/submissions/{draft.pk}/answers.pdf", focal)
    assert first.seconds < 2 + QUICK
    others = [portal.visit("/", focal).seconds for _page in range(3)]
    assert max(others) < QUICK
    portal.until(lambda: Paper.objects.get().state == "done", seconds=1800)
    took = time.monotonic() - began
    again = portal.visit(f"/reports/submissions/{draft.pk}/answers.pdf", focal)
    assert again.content.startswith(b"%PDF")
    assert again.seconds < QUICK
    said = "The PDF is being made" if first.status == 202 else "the PDF"
    troubles.append(
        (f"a paper of {len(rows)} long rows", f"{said}, after {first.seconds:.1f} s", f"made once, in {took:.0f} s")
    )
