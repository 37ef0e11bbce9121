"""A worker that is killed in each of its jobs, after this and that query; a clock that ran ahead and is set back."""

import os
import re
import signal
from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections

from reporting import tasks
from scoreboard import clock, schedule
from scoreboard.activity import verification
from scoreboard.evidence import attaching
from scoreboard.models import Mail, ScheduledJob, State
from scoreboard.people import invitations
from tests.drills.conftest import LONG, troubles
from tests.factories import HARBOUR, a_focal, a_person, an_edition, submission_at

pytestmark = [
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "postgresql" and not LONG, reason="On PostgreSQL too with make drills ARGS=long"
    ),
]

PLACES = (3, 4, 5, 7, 10, 15, 25, 50, 100, 200)  # queries of a run, its first two of the timetable
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)


@pytest.fixture
def portal(settings, mail_server):
    """A portal with work for the jobs: mails, a reminder that is due, entries to seal, a file to check."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    an_edition(HARBOUR)
    draft = submission_at(State.DRAFT)
    attaching.add_file(draft, "P1", ContentFile(PNG, "photo.png"), by=a_focal(draft.country))
    for number in range(6):
        invitations.invite(a_person(name=f"Person {number}"))
    return draft


def killed_after(job, queries: int) -> bool:
    """Run a job in a process that is killed after so many queries; return whether it came to that."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        done = 0

        def count(execute, *query):
            nonlocal done
            result = execute(*query)
            done += 1
            if done == queries:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        try:
            with connection.execute_wrapper(count):
                schedule.run(job)
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"{job.name} failed"
    return os.WIFSIGNALED(status)


def sent(mail_server) -> Counter:
    """How often each mail arrived, by its Message-ID."""
    return Counter(re.search(r"^Message-ID: *\n? *(\S+)", text, re.MULTILINE)[1] for _to, text in mail_server.messages)


def test_a_worker_killed_in_each_job(portal, mail_server):
    kills = {}
    for job in tasks.JOBS:
        moment, kills[job.name] = clock.now(), 0
        for place in PLACES:
            with clock.at(moment):
                if not killed_after(job, place):
                    break
            kills[job.name] += 1
            moment += job.lease + timedelta(seconds=1)  # another worker takes the job up
        else:
            with clock.at(moment):
                assert schedule.run(job)
        row = ScheduledJob.objects.get(name=job.name)
        assert (row.error, row.finished_at is not None) == ("", True), job.name
    assert min(kills.values()) >= 1, kills
    with clock.at(clock.now() + timedelta(days=1)):
        tasks.run_jobs()
    assert not Mail.everything.exclude(state=Mail.State.SENT).exists()
    arrived = sent(mail_server)
    assert len(arrived) == Mail.everything.count() >= 6
    assert max(arrived.values()) == 1, arrived
    assert verification.check().problems == []
    said = f"{len(kills)} jobs, {sum(kills.values())} kills"
    troubles.append((f"a worker killed in each job ({said})", "–", f"every job done; {len(arrived)} mails sent once"))


def test_a_clock_that_ran_three_days_ahead(portal, mail_server):
    with clock.at(clock.now() + timedelta(days=3)):
        assert len(tasks.run_jobs()) == len(tasks.JOBS)
    before = sent(mail_server)
    invitations.invite(late := a_person(name="Late"))
    assert len(tasks.run_jobs()) == len(tasks.JOBS), "none waits until its time has come again"
    assert late.email in [to for to, _text in mail_server.messages]
    assert schedule.last_sign() <= clock.now()
    assert max(sent(mail_server).values()) == 1
    assert verification.check().problems == []
    troubles.append(("a clock three days ahead, then set back", "–", f"jobs go on; {len(before) + 1} mails sent once"))
