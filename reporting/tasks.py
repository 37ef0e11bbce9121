"""What runs in the background: the one module that knows the task queue."""

import logging
import time

from django.db import close_old_connections, transaction
from django_tasks import task

from reporting import assessments, builds
from reporting.models import Assessment, Build
from scoreboard.models import User

log = logging.getLogger(__name__)

SWEEP_EVERY = 15  # seconds


@task()
def perform_build(build: int) -> None:
    """Carry out the build with this primary key."""
    assessments.perform(Build.objects.select_related("assessment__cycle__edition").get(pk=build))


@transaction.atomic
def request_build(assessment: Assessment, *, by: User, **particulars) -> Build:
    """Ask for a build (see `assessments.request_build`) and put it into the queue once that is committed."""
    build = assessments.request_build(assessment, by=by, **particulars)
    transaction.on_commit(lambda: perform_build.enqueue(build.pk))
    return build


def sweep() -> int:
    """Put builds that a killed worker left behind into the queue again; return how many."""
    waiting = builds.take_back()
    for build in waiting:
        log.warning("Build %s was left behind by its worker and is put into the queue again.", build.pk)
        perform_build.enqueue(build.pk)
    return len(waiting)


def keep_sweeping() -> None:
    """Sweep again and again; what goes wrong once is tried again."""
    while True:
        time.sleep(SWEEP_EVERY)
        try:
            sweep()
        except Exception:  # such as a database that restarts
            log.exception("Sweeping failed")
        finally:
            close_old_connections()
