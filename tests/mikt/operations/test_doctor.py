"""The state of the portal: each fault is found, named and has a remedy; the page and the command say the same."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from mikt.operations import databases, doctor
from mikt.operations.errors import OperationFailed
from reporting import file_checks, tasks
from reporting.pdf import assessment as pdf
from scoreboard import clock, schedule
from scoreboard.evidence import attaching
from scoreboard.mail import outbox
from scoreboard.models import ActivityCheck, Backup, FileWalk, Mail, ScheduledJob
from tests.factories import a_person
from tests.pages import Page

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)
FINE, LOOK, BROKEN = doctor.State


@pytest.fixture
def well(settings, monkeypatch, officer):
    """A portal with which nothing is wrong."""
    settings.HTTPS, settings.SECURITY_CONTACT, settings.BACKUP_KEY = False, "mailto:s@example.org", "key.asc"
    settings.EVIDENCE_SCANNER = "elsewhere.scan"
    settings.SITE_URL, settings.DEMO = "http://localhost", False
    monkeypatch.setattr(doctor, "_lacking", lambda: iter(()))
    monkeypatch.setattr(pdf, "unavailable", lambda: None)
    monkeypatch.setattr(databases, "versions", lambda: (15, 15))
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    outbox.write(officer, "test", "Test", "Test")
    tasks.run_jobs()
    now = clock.now()
    Backup.objects.create(name="new.tar", size=2_000_000, sha256="0" * 64, encrypted=True, proven_at=now)
    return now


def state_of(title):
    return {one.title: one for one in doctor.examine()}[title]


def test_all_is_well(well):
    assert [(one.title, one.state, one.remedy) for one in doctor.examine()] == [
        (str(title), FINE, "") for title, _check in doctor.CHECKS
    ]
    out = StringIO()
    call_command("doctor", stdout=out)
    assert len(out.getvalue().splitlines()) == len(doctor.CHECKS)


def no_worker(now):
    ScheduledJob.objects.update(started_at=now - timedelta(hours=1))


def failing_job(now):
    ScheduledJob.objects.filter(name="reminders").update(error="ValueError: no")


def old_mail(now):
    mail = outbox.write(Mail.everything.first().to, "test", "Test", "Test")
    Mail.everything.filter(pk=mail.pk).update(written_at=now - timedelta(hours=1), error="Connection refused")


def failed_mail(now):
    Mail.everything.update(state=Mail.State.FAILED, sent_at=None, error="550 no such person")


def no_mail(now):
    Mail.everything.all().delete()


def altered_log(now):
    ActivityCheck.objects.update(problems=["block 3"])


def unchecked_log(now):
    ActivityCheck.objects.all().delete()


def jumped(now):
    ScheduledJob.objects.filter(name="mail").update(started_at=now + timedelta(hours=2))


def no_backup(now):
    Backup.objects.all().delete()


def old_backup(now):
    Backup.objects.update(at=now - timedelta(days=3))


def unproven(now):
    Backup.objects.update(proven_at=None)


def proven_long_ago(now):
    Backup.objects.update(proven_at=now - timedelta(days=15))


def not_proven(now):
    Backup.objects.update(problems=["tables scoreboard_answer: 2 when backed up, 1 restored"])


def lost_file(now):
    FileWalk.objects.update(faults=["evidence/photo.png: missing"])


def first_walk(now):
    FileWalk.objects.update(ended_at=None, checked=7)


def missing_migration(now):
    MigrationRecorder(connection).record_unapplied("scoreboard", "0001_initial")


@pytest.mark.parametrize(
    ("spoil", "title", "state", "sentence"),
    [
        (missing_migration, "Database", BROKEN, "1 migration is missing."),
        (no_worker, "Worker", BROKEN, "Its last sign of life: 1\xa0hour ago."),
        (failing_job, "Worker", LOOK, "It runs, but jobs failed when they last ran: reminders: ValueError: no"),
        (old_mail, "E-mail", BROKEN, "1 wait, 0 could not be delivered. The oldest has waited since"),
        (failed_mail, "E-mail", LOOK, "0 wait, 1 could not be delivered."),
        (no_mail, "E-mail", LOOK, "No e-mail has ever left."),
        (altered_log, "Activity log", BROKEN, "The last check found 1 problem."),
        (unchecked_log, "Activity log", LOOK, "It was never checked."),
        (jumped, "Clock", BROKEN, "in the future: the clock was set back."),
        (no_backup, "Backup", BROKEN, "None was ever made with manage.py backup."),
        (old_backup, "Backup", BROKEN, "The newest is of "),
        (unproven, "Backup", LOOK, "No backup was restored for proof in the last two weeks."),
        (proven_long_ago, "Backup", LOOK, "No backup was restored for proof in the last two weeks."),
        (not_proven, "Backup", BROKEN, "new.tar did not come back as it was: tables scoreboard_answer: 2"),
        (lost_file, "Stored files", BROKEN, "1 file is not as it was stored: evidence/photo.png: missing"),
        (first_walk, "Stored files", LOOK, "The first walk is not at its end; 7 files are checked."),
    ],
)
def test_each_fault_is_found_and_says_what_helps(well, spoil, title, state, sentence):
    spoil(well)
    found = state_of(title)
    assert (found.state, bool(found.remedy)) == (state, True)
    assert sentence in found.sentence


def test_the_virus_scanner(well, settings):
    settings.EVIDENCE_SCANNER = ""
    assert state_of("Virus scanner").state == LOOK
    settings.CLAMD = "127.0.0.1:9"
    found = state_of("Virus scanner")
    assert found.state == BROKEN
    assert found.sentence.endswith("Connection refused Files are refused.")


def test_a_tool_older_than_the_server(well, monkeypatch):
    monkeypatch.setattr(doctor.connection, "vendor", "postgresql")
    monkeypatch.setattr(databases, "versions", lambda: (15, 16))
    assert doctor.dump_tool()[:2] == (BROKEN, "pg_dump 15 for a server 16.")

    def missing():
        raise OperationFailed("pg_dump is not installed.")

    monkeypatch.setattr(databases, "versions", missing)
    assert doctor.dump_tool()[:2] == (BROKEN, "pg_dump is not installed.")


def test_a_full_disk_and_a_folder_that_cannot_be_written(well, monkeypatch):
    monkeypatch.setattr(doctor.health, "files", lambda: {"writable": True, "disk_full": True})
    assert state_of("Room for files").state == BROKEN
    monkeypatch.setattr(doctor.health, "files", lambda: {"writable": False, "disk_full": False})
    assert state_of("Room for files").state == BROKEN


def test_what_the_settings_lack(settings):
    settings.DEBUG = settings.DEMO = True
    settings.HTTPS, settings.SECURITY_CONTACT, settings.BACKUP_KEY = False, "", ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    state, sentence, _remedy = doctor.configuration()
    assert state == LOOK
    entered = ("PRIVACY_CONTROLLER", "PRIVACY_AUTHORITY", "ACCESSIBILITY_CONTACT", "ACCESSIBILITY_REVIEW")
    for name in ("DEBUG", "DEMO", "SITE_URL", "EMAIL_URL", "SECURITY_CONTACT", "BACKUP_KEY", *entered):
        assert name in sentence
    settings.HTTPS = True
    assert "(security.W" in doctor.configuration()[1]


def test_a_database_that_is_away_is_a_finding(well, monkeypatch):
    def away():
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(doctor, "CHECKS", [("Database", away), *doctor.CHECKS[1:]])
    assert state_of("Database").state == BROKEN
    with pytest.raises(CommandError, match=r"^Broken: Database\.$"):
        call_command("doctor", stdout=StringIO())


@pytest.mark.parametrize(
    ("header", "trusted", "state"),
    [("", 0, FINE), ("203.0.113.1", 1, FINE), ("", 1, LOOK), ("203.0.113.1, 10.0.0.1", 1, LOOK)],
)
def test_proxies(rf, settings, header, trusted, state):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    request = rf.get("/", headers={"X-Forwarded-For": header} if header else {})
    assert doctor.proxies(request).state == state


def test_the_page_says_what_the_command_says(well, sign_in):
    no_backup(well)
    page = Page(sign_in(a_person(name="Ada", is_staff=True)).get(reverse("admin:doctor")))
    for one in doctor.examine():
        assert one.sentence.split(" ")[0] in page.text
        assert one.remedy in page.text
    assert "Something is broken" in page.text


class TestWalk:
    def test_goes_on_where_it_stopped_and_names_each_fault(self, draft, focal):
        pieces = [
            attaching.add_file(draft, "P1", ContentFile(PNG + bytes([n]), f"{n}.png"), by=focal) for n in range(3)
        ]
        Path(pieces[2].file.path).unlink()
        first = file_checks.walk(seconds=0)
        assert (first.checked, first.ended_at, first.faults) == (1, None, [])
        second = file_checks.walk(seconds=0)
        assert (second.pk, second.checked, second.ended_at) == (first.pk, 2, None)
        last = file_checks.walk(seconds=60)
        assert (last.pk, last.checked, last.ended_at is None) == (first.pk, 3, False)
        assert last.faults == [f"{pieces[2].file.name}: missing ({draft}, P1: 2.png)"]
        assert file_checks.walk() is None
        with clock.at(clock.now() + timedelta(days=1, minutes=1)):
            again = file_checks.walk()
        assert (again.pk != first.pk, again.checked, len(again.faults)) == (True, 3, 1)

    def test_every_model_with_files_is_walked(self):
        with_files = {model._meta.label for model in file_checks.models_with_files()}
        assert {"scoreboard.Evidence", "scoreboard.StatementPiece", "reporting.Product"} <= with_files
        assert set(file_checks.RELATED) <= set(file_checks.models_with_files())


def test_the_worker_does_it(well):
    assert schedule.last_sign() is not None
    assert FileWalk.objects.get().ended_at is not None
