"""The worker is killed in the middle of a build: the build goes on by itself where it was left, and once only."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from bench.server import ROOT, database_url
from reporting import tasks
from reporting.assessments import lifecycle
from reporting.models import Build, Product, RenderedSection
from scoreboard import clock
from scoreboard.models import State
from tests.drills.conftest import troubles
from tests.factories import an_officer, submission_at

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


def until(true: Callable[[], bool], log: Path) -> None:
    for _try in range(1200):
        if true():
            return
        time.sleep(0.2)  # another process is waited for: there is nothing to wait on but what it leaves behind
    raise AssertionError(f"It did not come about:\n{log.read_text()}")


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def lives(pid: int) -> bool:
    """Whether a process still runs; one that ended and that nobody asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_worker_leaves_a_build_that_another_ends(settings, tmp_path, sign_in):
    officer, log = an_officer(), tmp_path / "worker.log"
    cycle = submission_at(State.ACCEPTED).cycle
    build = tasks.request_build(lifecycle.consolidate(cycle, by=officer), by=officer)
    environment = os.environ | {"DATABASE_URL": database_url(), "MEDIA_ROOT": str(settings.MEDIA_ROOT), "DEBUG": "no"}

    def worker() -> subprocess.Popen:
        with log.open("a") as output:
            command = [sys.executable, "manage.py", "worker", "--no-startup-delay"]
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)

    first = worker()
    try:
        until(lambda: RenderedSection.objects.count() >= 3, log)
        setting = children(first.pid)
        assert len(setting) >= 2
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    until(lambda: not any(map(lives, setting)), log)
    assert Build.objects.get().state == Build.State.RUNNING
    before = set(RenderedSection.objects.values_list("pk", "made_at"))

    # A minute later.
    Build.objects.update(heartbeat_at=clock.now() - 2 * Build.LEASE)
    page = sign_in(officer).get(reverse("workbench", args=[cycle.code])).content.decode()
    assert "The worker has stopped in the middle" in page

    second = worker()
    try:
        until(lambda: not Build.objects.get().is_active, log)
    finally:
        second.terminate()
        second.wait()
    build.refresh_from_db()
    assert (build.state, build.error, build.attempts) == (Build.State.DONE, "", 2)
    assert Product.objects.filter(kind=Product.Kind.PDF).count() == 1
    assert before <= set(RenderedSection.objects.values_list("pk", "made_at")), "what was set is not set again"
    stored = f"one PDF, by another worker; {len(before)} sections that were set are not set again"
    troubles.append(("a worker killed in the PDF of a report", "The worker has stopped in the middle", stored))
