"""The health check for container engines, monitors and operators."""

import shutil
import tempfile
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Min
from django.http import HttpRequest, JsonResponse  # noqa: TID251 - a view in a module of its own
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from reporting.pdf import assessment as pdf
from scoreboard import clock, schedule
from scoreboard.activity import checks
from scoreboard.mail import outbox

TRIED = "health-check"  # name of the file that is written to a bucket, and deleted
NEARLY_FULL = 200_000_000  # bytes: room for a few uploads and one document
MAIL_PATIENCE = 15 * 60  # seconds


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Report the database, its migrations, queue, worker, mail, disk, PDF and version; 503 if it cannot serve.

    Problems that need an operator while pages are still served (no worker, undelivered mail, a full disk, files that
    cannot be written, an altered activity log) are 200 with the status "degraded". A missing PDF is only reported.
    """
    report: dict[str, Any] = {"version": version(), "pdf": _makes_pdf(), "files": files()}
    try:
        report |= {"database": True, "unapplied_migrations": unapplied_migrations(), "queue": queue()}
        report |= (
            {"worker": _worker(), "mail": _mail(), "activity": _activity()}
            if report["unapplied_migrations"] == 0
            else {}
        )
    except DatabaseError:
        report |= {"database": _is_reachable(), "unapplied_migrations": None, "queue": None}
    if report["unapplied_migrations"] != 0:
        return JsonResponse({"status": "unavailable", **report}, status=503)
    return JsonResponse({"status": "degraded" if _needs_operator(report) else "ok", **report})


def _needs_operator(report: dict[str, Any]) -> bool:
    """Return whether an operator should look, although pages are served."""
    oldest = report["mail"]["oldest_waits_seconds"] or 0
    late, full = oldest > MAIL_PATIENCE, report["files"] != {"writable": True, "disk_full": False}
    broken = bool(report["mail"]["failed"]) or bool(report["activity"]["problems"])
    return full or late or broken or not report["worker"]["running"]


def _worker() -> dict[str, Any]:
    """Whether a worker runs, and how many seconds ago one last gave a sign of life."""
    sign = schedule.last_sign()
    return {"running": schedule.is_alive(sign), "last_sign_seconds": _seconds_since(sign)}


def _mail() -> dict[str, Any]:
    """How many mails are still to be sent, how long the oldest has waited, and how many failed."""
    return {
        "waiting": outbox.waiting().count(),
        "oldest_waits_seconds": _seconds_since(outbox.oldest_waiting()),
        "failed": outbox.failed().count(),
    }


def _activity() -> dict[str, Any]:
    """How many seconds ago the chains of the activity log were last checked, and how many problems that found."""
    last = checks.last()
    if last is None:
        return {"checked_seconds": None, "problems": 0}
    return {"checked_seconds": _seconds_since(last.at), "problems": len(last.problems)}


def files() -> dict[str, bool]:
    """Whether the store of private files takes one, and whether one of the disks in use is nearly full.

    A small file is written: only that reveals a read-only mount, wrong permissions, or a bucket without room.
    """
    if settings.S3_BUCKET:
        return {"writable": _bucket_takes_files(), "disk_full": any(map(_is_full, _database_folder()))}
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"-" * 4096)
            file.flush()
        writable = True
    except OSError:
        writable = False
    return {"writable": writable, "disk_full": any(map(_is_full, {folder, *_database_folder()}))}


def _bucket_takes_files() -> bool:
    store = storages["health"]
    try:
        store.delete(store.save(TRIED, ContentFile(b"-")))
    except OSError:
        return False
    return True


def _database_folder() -> set[Path]:
    """The folder of an embedded database; empty for a database server."""
    return {Path(connection.settings_dict["NAME"]).parent} if connection.vendor == "sqlite" else set()


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < NEARLY_FULL
    except OSError:
        return False


def _seconds_since(moment: datetime | None) -> int | None:
    return None if moment is None else int((clock.now() - moment).total_seconds())


@cache
def version() -> str:
    """Return the portal's version."""
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


@cache
def _makes_pdf() -> bool:
    return pdf.unavailable() is None  # what is missing is so until the next start


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def unapplied_migrations() -> int:
    """Return how many migrations the database lacks."""
    return len(_migrations() - set(MigrationRecorder(connection).applied_migrations()))


def queue() -> dict[str, Any]:
    """How many tasks a worker could begin now, and for how many seconds the oldest has waited."""
    waiting = DBTaskResult.objects.ready().order_by().aggregate(n=Count("pk"), since=Min("enqueued_at"))
    since: datetime | None = waiting["since"]
    return {
        "waiting": waiting["n"],
        "oldest_waits_seconds": _seconds_since(since),
    }


def _is_reachable() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True
