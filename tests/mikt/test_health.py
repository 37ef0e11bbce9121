"""The health page: what a monitor reads, and when it says that the portal cannot serve."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from mikt import health
from reporting import tasks
from reporting.assessments import lifecycle
from reporting.pdf import assessment as pdf
from scoreboard import clock
from scoreboard.models import Mail, ScheduledJob, State
from scoreboard.people import invitations
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def started_anew():
    """What the page finds out once per process, it finds out anew in each test."""
    health._makes_pdf.cache_clear()


@pytest.fixture
def told(client):
    """Return a function that asks for the page; it gives the status and what is told."""

    def asked() -> tuple[int, dict]:
        response = client.get(reverse("health"))
        assert "no-store" in response["Cache-Control"]
        return response.status_code, response.json()

    return asked


def test_all_is_well(told, monkeypatch):
    monkeypatch.setattr(pdf, "unavailable", lambda: None)
    with clock.at(clock.now()):
        tasks.run_jobs()
        with CaptureQueriesContext(connection) as queries:
            status, report = told()
    assert re.fullmatch(r"\d+\.\d+\.\d+", report["version"])
    assert (status, report) == (
        200,
        {
            "status": "ok",
            "version": health.version(),
            "pdf": True,
            "database": True,
            "unapplied_migrations": 0,
            "queue": {"waiting": 0, "oldest_waits_seconds": None},
            "worker": {"running": True, "last_sign_seconds": 0},
            "mail": {"waiting": 0, "oldest_waits_seconds": None, "failed": 0},
            "activity": {"checked_seconds": 0, "problems": 0},
            "files": {"writable": True, "disk_full": False},
        },
    )
    assert all(query["sql"].strip().startswith(("SELECT", "PRAGMA")) for query in queries)


def test_a_missing_pdf_is_told_and_nothing_more(told, monkeypatch):
    monkeypatch.setattr(pdf, "unavailable", lambda: "The library Pango is missing; see /usr/lib.")
    status, report = told()
    assert (status, report["pdf"]) == (200, False)


def test_what_waits_in_the_queue(told, monkeypatch, officer, django_capture_on_commit_callbacks):
    monkeypatch.setattr(pdf, "unavailable", lambda: None)
    assessment = lifecycle.consolidate(factories.submission_at(State.ACCEPTED).cycle, by=officer)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.request_build(assessment, by=officer)
    DBTaskResult.objects.update(enqueued_at=clock.now() - timedelta(minutes=10))
    _status, report = told()
    assert report["queue"]["waiting"] == 1
    assert 600 <= report["queue"]["oldest_waits_seconds"] < 660


def test_an_unapplied_migration_keeps_the_portal_from_serving(told):
    MigrationRecorder.Migration.objects.filter(app="scoreboard", name="0001_initial").delete()
    status, report = told()
    assert (status, report["status"], report["unapplied_migrations"]) == (503, "unavailable", 1)


@pytest.mark.parametrize("reachable", [True, False])
def test_a_database_that_does_not_answer(told, monkeypatch, reachable):
    def broken(*args):
        raise OperationalError("could not connect to server at 10.0.0.7 as user portal")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", broken)
    if not reachable:
        monkeypatch.setattr(connection, "ensure_connection", broken)
    status, report = told()
    assert (status, report["status"], report["database"]) == (503, "unavailable", reachable)
    assert "10.0.0.7" not in str(report)


def test_reading_only(client):
    assert client.post(reverse("health")).status_code == 405


class TestNeedsAHand:
    """Pages are served, but an operator should look."""

    @pytest.fixture(autouse=True)
    def working(self):
        tasks.run_jobs()

    def degraded(self, told) -> dict:
        status, report = told()
        assert (status, report["status"]) == (200, "degraded")
        return report

    def test_no_worker(self, told):
        with clock.at(clock.now() + timedelta(minutes=3)):
            report = self.degraded(told)
        assert report["worker"]["running"] is False
        assert 180 <= report["worker"]["last_sign_seconds"] < 200

    def test_a_worker_that_never_ran(self, told):
        ScheduledJob.objects.all().delete()
        assert self.degraded(told)["worker"] == {"running": False, "last_sign_seconds": None}

    def test_mail_that_waits(self, told, focal):
        with clock.at(clock.now() - timedelta(hours=1)):
            invitations.invite(focal)
        report = self.degraded(told)
        assert report["mail"]["waiting"] == 1
        assert 3600 <= report["mail"]["oldest_waits_seconds"] < 3660

    def test_mail_that_failed(self, told, focal):
        invitations.invite(focal)
        Mail.objects.update(state="failed")
        assert self.degraded(told)["mail"]["failed"] == 1

    def test_files_that_cannot_be_written(self, told, settings, tmp_path):
        (tmp_path / "a file").write_text("")
        settings.MEDIA_ROOT = str(tmp_path / "a file" / "files")  # for root too, who may write where it is forbidden
        assert self.degraded(told)["files"]["writable"] is False

    def test_a_full_disk(self, told, monkeypatch):
        monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: SimpleNamespace(free=health.NEARLY_FULL - 1))
        assert self.degraded(told)["files"] == {"writable": True, "disk_full": True}
