"""The state of the portal for its operators: each check with what it found and what helps."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core import checks as django_checks
from django.db import DatabaseError, connection, models
from django.http import HttpRequest  # noqa: TID251 - asked what a request passed
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mikt import health
from mikt.operations import databases
from mikt.operations.errors import OperationFailed
from reporting.pdf import assessment as pdf
from scoreboard import clock, schedule
from scoreboard.activity import checks as activity_checks
from scoreboard.evidence import clamav
from scoreboard.mail import outbox
from scoreboard.models import Backup, FileWalk, Mail, ScheduledJob, Webhook

BACKUP_AGE = timedelta(days=2)  # the newest backup is younger
PROOF_AGE = timedelta(days=14)  # and one of the last two weeks came back whole
CLOCK = timedelta(minutes=2)  # by which the clocks of server and database may differ


class State(models.TextChoices):
    """How a check ended."""

    FINE = "fine", gettext_lazy("Fine")
    LOOK = "look", gettext_lazy("Look at it")
    BROKEN = "broken", gettext_lazy("Broken")


@dataclass(frozen=True)
class Finding:
    """What a check found: a sentence, and what helps unless all is fine."""

    title: str
    state: State
    sentence: str
    remedy: str = ""


Found = tuple[State, str, str]  # state, sentence, remedy


def fine(sentence: str) -> Found:
    return State.FINE, sentence, ""


def look(sentence: str, remedy: str) -> Found:
    return State.LOOK, sentence, remedy


def broken(sentence: str, remedy: str) -> Found:
    return State.BROKEN, sentence, remedy


def database() -> Found:
    """Say which database it is, and whether it has all migrations."""
    if connection.vendor == "sqlite":
        name = "SQLite"
    else:
        connection.ensure_connection()
        number = connection.connection.info.server_version
        name = f"PostgreSQL {number // 10_000}.{number % 10_000}"
    if missing := health.unapplied_migrations():
        return broken(
            ngettext("%(name)s; %(n)s migration is missing.", "%(name)s; %(n)s migrations are missing.", missing)
            % {"name": name, "n": missing},
            _("Run manage.py migrate, then start server and worker again."),
        )
    return fine(_("%s, with all migrations.") % name)


def worker() -> Found:
    """Say whether one runs, whether its jobs succeed, and how long the queue has waited."""
    sign = schedule.last_sign()
    if not schedule.is_alive(sign):
        when = (
            _("It never gave a sign of life.")
            if sign is None
            else _("Its last sign of life: %s ago.") % timesince(sign)
        )
        return broken(when, _("Start it: manage.py worker. Without it no e-mail leaves and no PDF is made."))
    if failed := list(ScheduledJob.objects.exclude(error="").values_list("name", "error")):
        lines = "; ".join(f"{name}: {error}" for name, error in failed)
        return look(_("It runs, but jobs failed when they last ran: %s") % lines, _("Its log has the whole error."))
    queue = health.queue()
    if (waits := queue["oldest_waits_seconds"] or 0) > health.MAIL_PATIENCE:
        return look(
            _("It runs; the oldest task has waited for %s minutes.") % (waits // 60), _("Start a second worker.")
        )
    return fine(_("It runs; %s tasks wait.") % queue["waiting"])


def mail() -> Found:
    """Say how many mails wait and failed, and when the last one left."""
    waiting, failed, oldest = outbox.waiting().count(), outbox.failed().count(), outbox.oldest_waiting()
    sentence = _("%(waiting)s wait, %(failed)s could not be delivered.") % {"waiting": waiting, "failed": failed}
    if oldest and clock.now() - oldest > timedelta(seconds=health.MAIL_PATIENCE):
        error = outbox.waiting().exclude(error="").values_list("error", flat=True).first() or _("nothing was tried")
        return broken(
            _("%(sentence)s The oldest has waited since %(since)s: %(error)s")
            % {"sentence": sentence, "since": date_format(oldest, "DATETIME_FORMAT"), "error": error},
            _("Look at EMAIL_URL and at the mail server; then send a test."),
        )
    if failed:
        return look(sentence, _("Officers find them under “E-mails and the worker” and can try again."))
    last = Mail.everything.filter(state=Mail.State.SENT).order_by("-sent_at").values_list("sent_at", flat=True).first()
    if last is None:
        return look(_("No e-mail has ever left."), _("Send a test."))
    return fine(f"{sentence} " + _("The last one left on %s.") % date_format(last, "DATETIME_FORMAT"))


def storage() -> Found:
    """Say whether the folder of files can be written to, and the room of its disk; or whether a bucket takes files."""
    state = health.files()
    if settings.S3_BUCKET:
        where = {"bucket": settings.S3_BUCKET, "store": settings.S3_ENDPOINT or "Amazon S3"}
        if state["writable"]:
            return fine(_("The bucket %(bucket)s at %(store)s takes files.") % where)
        return broken(
            _("The bucket %(bucket)s at %(store)s takes no files. Answers are saved; uploads are refused.") % where,
            _("Look at S3_BUCKET, S3_ENDPOINT, the keys and the store; the log has its answer."),
        )
    free = shutil.disk_usage(settings.MEDIA_ROOT).free if Path(settings.MEDIA_ROOT).exists() else 0
    sentence = _("%(folder)s; %(free)s GB are free.") % {"folder": settings.MEDIA_ROOT, "free": f"{free / 1e9:.1f}"}
    if not state["writable"]:
        return broken(sentence, _("The portal cannot write there: correct owner, mode or mount."))
    if state["disk_full"]:
        return broken(sentence, _("Make room: with a full disk nothing is saved."))
    return fine(sentence)


def stored_files() -> Found:
    """Say what the last walk through the stored files found, and how far the current one is."""
    walk = FileWalk.objects.first()
    ended = FileWalk.objects.exclude(ended_at=None).first()
    faults = [*(walk.faults if walk else []), *(ended.faults if ended and ended != walk else [])]
    if faults:
        return broken(
            ngettext(
                "%(n)s file is not as it was stored: %(first)s",
                "%(n)s files are not as they were stored, such as %(first)s",
                len(faults),
            )
            % {"n": len(faults), "first": faults[0]},
            _("Take it from a backup; manage.py check_files lists all of them."),
        )
    if ended is None or ended.ended_at is None:
        n = walk.checked if walk else 0
        return look(
            _("The first walk is not at its end; %s files are checked.") % n, _("The worker goes on by itself.")
        )
    return fine(
        _("%(n)s files are as they were stored, on %(day)s.")
        % {"n": ended.checked, "day": date_format(ended.ended_at, "DATETIME_FORMAT")}
    )


def scanner() -> Found:
    """Say whether files are looked through for viruses, and whether the scanner answers."""
    if settings.CLAMD:
        try:
            return fine(clamav.version())
        except clamav.NoAnswerError as error:
            sentence = _("clamd at %(address)s does not answer: %(error)s") % {
                "address": settings.CLAMD,
                "error": error,
            }
            consequence = _("Files are accepted unseen.") if settings.CLAMD_FAILS_OPEN else _("Files are refused.")
            return broken(f"{sentence} {consequence}", _("Start clamav-daemon, or correct CLAMD."))
    if settings.EVIDENCE_SCANNER:
        return fine(_("%s looks through each file.") % settings.EVIDENCE_SCANNER)
    return look(_("Nobody looks through uploaded files for viruses."), _("Install clamav-daemon and set CLAMD."))


def activity() -> Found:
    """Say what the last check of the activity log found."""
    last = activity_checks.last()
    if last is None:
        return look(_("It was never checked."), _("The worker does so once a day; manage.py verify_activity at once."))
    if last.problems:
        return broken(
            ngettext("The last check found %s problem.", "The last check found %s problems.", len(last.problems))
            % len(last.problems),
            _("manage.py verify_activity names them; docs/operations.md says what each means."),
        )
    return fine(_("Nothing was altered, by the check of %s.") % date_format(last.at, "DATETIME_FORMAT"))


def webhooks() -> Found:
    """Say whether the webhooks receive what is sent, and which were turned off."""
    if off := list(Webhook.objects.exclude(turned_off_at=None)):
        sentence = _("%(n)s turned off, such as %(first)s")
        remedy = _("Their pages in the administration say why. Send a test and turn them on, or delete them.")
        return look(sentence % {"n": len(off), "first": off[0]}, remedy)
    if failing := list(Webhook.objects.filter(failures__gt=0)):
        sentence = _("%(n)s not receiving what is sent, such as %(first)s")
        return look(sentence % {"n": len(failing), "first": failing[0]}, _("Their pages list what went wrong."))
    return fine(_("%s receive what is sent.") % Webhook.objects.count())


def clocks() -> Found:
    """Say whether the clocks of this machine and of the database agree, and whether time ran backwards."""
    now = clock.now()
    if (sign := schedule.last_sign()) and sign > now + CLOCK:
        return broken(
            _("A job was started %s in the future: the clock was set back.") % timesince(now, sign),
            _("Set the clock by NTP. Jobs go on; a mail written meanwhile waits until its time has come again."),
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs(cursor.fetchone()[0] - timezone.now())
        if apart > CLOCK:
            return look(
                _("This machine and the database differ by %s seconds.") % int(apart.total_seconds()),
                _("Set both by NTP."),
            )
    return fine(_("%s UTC, and no jump seen.") % now.strftime("%Y-%m-%d %H:%M"))


def dump_tool() -> Found:
    """Say whether the programs that a backup needs are there, and not older than the server."""
    if connection.vendor == "sqlite":
        return fine(_("SQLite is copied by its own backup."))
    try:
        ours, server = databases.versions()
    except OperationFailed as failure:
        return broken(str(failure), _("Without it manage.py backup cannot work on this machine."))
    sentence = _("pg_dump %(ours)s for a server %(server)s.") % {"ours": ours, "server": server}
    return (
        fine(sentence) if ours >= server else broken(sentence, _("Install a client that is not older than the server."))
    )


def backup() -> Found:
    """Say how old the newest backup is, and when one was last proven by restoring it."""
    remedy = _("Let cron run manage.py backup each day, and manage.py backup --prove each week (docs/operations.md).")
    last = Backup.objects.first()
    if last is None:
        return broken(_("None was ever made with manage.py backup."), remedy)
    sentence = _("The newest is of %(day)s, %(size)s MB.") % {
        "day": date_format(last.at, "DATETIME_FORMAT"),
        "size": f"{last.size / 1e6:.1f}",
    }
    if not last.encrypted:
        sentence += " " + _("It is not encrypted.")
    if bad := Backup.objects.exclude(problems=[]).filter(proven_at__gte=clock.now() - PROOF_AGE).first():
        return broken(
            _("%(name)s did not come back as it was: %(first)s") % {"name": bad, "first": bad.problems[0]}, remedy
        )
    if clock.now() - last.at > BACKUP_AGE:
        return broken(sentence, remedy)
    proven = Backup.objects.filter(problems=[]).exclude(proven_at=None).order_by("-proven_at").first()
    if proven is None or proven.proven_at is None or clock.now() - proven.proven_at > PROOF_AGE:
        return look(sentence + " " + _("No backup was restored for proof in the last two weeks."), remedy)
    return fine(sentence + " " + _("One was last proven on %s.") % date_format(proven.proven_at, "DATETIME_FORMAT"))


def documents() -> Found:
    """Say whether PDFs can be made."""
    reason = pdf.unavailable()
    return fine(_("They can be made.")) if reason is None else broken(reason, _("Install what is named, then restart."))


def versions() -> Found:
    """Say which versions run."""
    return fine(_("Portal %(portal)s, Django %(django)s.") % {"portal": health.version(), "django": django.__version__})


def configuration() -> Found:
    """Say what the settings lack for real use."""
    lacking = list(_lacking())
    if not lacking:
        return fine(_("Nothing is missing for real use."))
    return look(" ".join(lacking), _("The README has the table of settings."))


def _lacking() -> Iterator[str]:
    if settings.DEBUG:
        yield _("DEBUG is on: errors show code and settings to everybody.")
    if settings.DEMO:
        yield _("DEMO is on: its accounts share a published password.")
    if not settings.HTTPS:
        yield _("SITE_URL has no https.")
    if settings.EMAIL_BACKEND.endswith(("filebased.EmailBackend", "console.EmailBackend", "dummy.EmailBackend")):
        yield _("EMAIL_URL names no mail server: nobody gets an e-mail.")
    if not settings.SECURITY_CONTACT:
        yield _("SECURITY_CONTACT names no address for reports of weaknesses.")
    for name in ("PRIVACY_CONTROLLER", "PRIVACY_CONTACT", "PRIVACY_BASIS", "PRIVACY_HOSTING", "PRIVACY_AUTHORITY"):
        if not getattr(settings, name):
            yield _("%s is empty: the privacy notice says that this is missing.") % name
    for name in ("ACCESSIBILITY_CONTACT", "ACCESSIBILITY_REVIEW"):
        if not getattr(settings, name):
            yield _("%s is empty: the accessibility statement says that this is missing.") % name
    if not settings.BACKUP_KEY:
        yield _("BACKUP_KEY names no key: backups are not encrypted.")
    if settings.HTTPS:
        for warning in django_checks.run_checks(include_deployment_checks=True):
            yield f"{warning.msg} ({warning.id})"


CHECKS: tuple[tuple[str | Promise, Callable[[], Found]], ...] = (
    (gettext_lazy("Database"), database),
    (gettext_lazy("Worker"), worker),
    (gettext_lazy("E-mail"), mail),
    (gettext_lazy("Room for files"), storage),
    (gettext_lazy("Stored files"), stored_files),
    (gettext_lazy("Virus scanner"), scanner),
    (gettext_lazy("Activity log"), activity),
    (gettext_lazy("Backup"), backup),
    (gettext_lazy("Tool for backups"), dump_tool),
    (gettext_lazy("Webhooks"), webhooks),
    (gettext_lazy("Clock"), clocks),
    (gettext_lazy("PDFs"), documents),
    (gettext_lazy("Configuration"), configuration),
    (gettext_lazy("Versions"), versions),
)


def proxies(request: HttpRequest) -> Finding:
    """Return whether a request passed as many proxies as TRUSTED_PROXIES says: limits count by the address before."""
    seen = len([part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()])
    expected = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    sentence = _("This request passed %(seen)s; TRUSTED_PROXIES is %(expected)s.") % {
        "seen": seen,
        "expected": expected,
    }
    remedy = ""
    if seen < expected:
        remedy = _("Set it to the number of your proxies: now everybody shares the limits of one address.")
    elif seen > expected:
        remedy = _("Set it to the number of your proxies, unless you are behind one of your own network as well.")
    return Finding(_("Proxies"), State.LOOK if remedy else State.FINE, sentence, remedy)


def examine() -> list[Finding]:
    """Do every check; one that cannot be done, say because the database is away, is itself a finding."""
    findings = []
    for title, check in CHECKS:
        try:
            findings.append(Finding(str(title), *check()))
        except DatabaseError as error:
            reason = _("The database does not answer: %s") % error
            findings.append(Finding(str(title), State.BROKEN, reason, _("Look at DATABASE_URL and at the database.")))
    return findings
