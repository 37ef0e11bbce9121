"""Periodic jobs, each run by only one of any number of workers.

Each job has one row. A worker claims it by an UPDATE of its next due time, which only one of several can do.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q

from scoreboard import clock
from scoreboard.models import ScheduledJob

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # after which another worker takes over a job whose worker was killed
AHEAD = timedelta(minutes=5)  # by which the clocks of two workers may differ
ALIVE = timedelta(minutes=2)  # a worker that runs gives a sign of life much sooner


@dataclass(frozen=True)
class Job:
    """A function to call at an interval."""

    name: str
    every: timedelta
    do: Callable[[], Any]
    lease: timedelta = LEASE


def run(job: Job) -> bool:
    """Run the job if it is due and no other worker runs it; return whether it ran.

    An error in it is logged and stored, and the job runs again when it is next due. Raises only errors of the database
    in claiming the job.
    """
    now = clock.now()
    ScheduledJob.objects.get_or_create(name=job.name, defaults={"due_at": now})
    # Later than that no clock sets it, unless it ran ahead and was set back.
    latest = now + max(job.every, job.lease) + AHEAD
    due = Q(due_at__lte=now) | Q(due_at__gt=latest)
    if not ScheduledJob.objects.filter(due, name=job.name).update(due_at=now + job.lease, started_at=now):
        return False
    error = ""
    try:
        job.do()
    except Exception as failure:  # a failing job must not end the worker; the row stores the error
        log.exception("The job “%s” failed", job.name)
        error = f"{type(failure).__name__}: {failure}"
    mine = ScheduledJob.objects.filter(name=job.name, started_at=now)
    mine.update(due_at=now + job.every, finished_at=clock.now(), error=error)
    return True


def last_sign() -> datetime | None:
    """Return when a worker last started a job."""
    last: datetime | None = ScheduledJob.objects.aggregate(last=Max("started_at"))["last"]
    return last


def is_alive(sign: datetime | None) -> bool:
    """Return whether a worker with this last sign of life seems to be running."""
    return sign is not None and clock.now() - sign <= ALIVE
