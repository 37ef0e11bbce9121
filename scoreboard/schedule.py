"""What the portal does by itself again and again, never twice however many workers there are on however many machines.

Each job has one row. A worker claims it by an UPDATE that moves its next moment on, which only one of several can do.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from scoreboard import clock
from scoreboard.models import ScheduledJob

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # after which a job whose worker was killed is taken up by another
ALIVE = timedelta(minutes=2)  # a worker that runs gives a sign of life much sooner


@dataclass(frozen=True)
class Job:
    """Something to do every so often."""

    name: str
    every: timedelta
    do: Callable[[], Any]
    lease: timedelta = LEASE


def run(job: Job) -> bool:
    """Do the job if it is due and nobody else is at it; return whether it was done.

    What goes wrong in it is logged and noted, and it is tried again when it is due next. Raises only what the database
    raises when the claim cannot be read or noted.
    """
    now = clock.now()
    ScheduledJob.objects.get_or_create(name=job.name, defaults={"due_at": now})
    if not ScheduledJob.objects.filter(name=job.name, due_at__lte=now).update(due_at=now + job.lease, started_at=now):
        return False
    error = ""
    try:
        job.do()
    except Exception as failure:  # one job that fails must not end the worker, and the schedule says what failed
        log.exception("The job “%s” failed", job.name)
        error = f"{type(failure).__name__}: {failure}"
    mine = ScheduledJob.objects.filter(name=job.name, started_at=now)
    mine.update(due_at=now + job.every, finished_at=clock.now(), error=error)
    return True


def last_sign() -> datetime | None:
    """Return when a worker last took up a job: the sign that one runs."""
    last: datetime | None = ScheduledJob.objects.aggregate(last=Max("started_at"))["last"]
    return last


def is_alive(sign: datetime | None) -> bool:
    """Tell whether a worker that gave its last sign of life then seems to run still."""
    return sign is not None and clock.now() - sign <= ALIVE
