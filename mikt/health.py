"""Whether the portal works: what a container engine, a monitor or an operator asks."""

import tomllib
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Min
from django.http import HttpRequest, JsonResponse  # noqa: TID251 - a page of its own, beside views.py
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from reporting import pdf
from scoreboard import clock


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Report the database, its migrations, the queue, PDF and version; 503 if the portal cannot serve.

    A queue that nobody works off and a missing PDF do not keep the portal from serving: they are told, no more.
    """
    report: dict[str, Any] = {"version": version(), "pdf": _makes_pdf()}
    try:
        report |= {"database": True, "unapplied_migrations": _unapplied_migrations(), "queue": _queue()}
    except DatabaseError:
        report |= {"database": _is_reachable(), "unapplied_migrations": None, "queue": None}
    serves = report["unapplied_migrations"] == 0
    return JsonResponse({"status": "ok" if serves else "unavailable", **report}, status=200 if serves else 503)


@cache
def version() -> str:
    """Return the portal's version."""
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


@cache
def _makes_pdf() -> bool:
    return pdf.unavailable() is None  # what is missing, is missing until the next start


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def _unapplied_migrations() -> int:
    return len(_migrations() - set(MigrationRecorder(connection).applied_migrations()))


def _queue() -> dict[str, Any]:
    """How many tasks a worker could begin now, and for how many seconds the oldest has waited."""
    waiting = DBTaskResult.objects.ready().order_by().aggregate(n=Count("pk"), since=Min("enqueued_at"))
    since: datetime | None = waiting["since"]
    return {
        "waiting": waiting["n"],
        "oldest_waits_seconds": int((clock.now() - since).total_seconds()) if since else None,
    }


def _is_reachable() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True
