"""The worker of the portal."""

import logging
import time
from threading import Thread

from django.db import InterfaceError, OperationalError, connections
from django_tasks_db.management.commands import db_worker

from reporting import tasks
from reporting.pdf import single

log = logging.getLogger(__name__)

PATIENCE = 5  # seconds until a database that does not answer is asked again


class Command(db_worker.Command):
    help = "Send mail and reminders, work off the queue, and take up again what a killed worker left behind"

    def handle(self, *, batch: bool, **options) -> None:
        """Do what is due by the schedule while working off the queue; with --batch do both once.

        A database that restarts, is locked or full is waited for.
        """
        if batch:
            tasks.run_jobs()
            single.make_waiting()
            super().handle(batch=True, **options)
            return
        for job in tasks.JOBS:
            Thread(target=tasks.keep_running, args=[job], daemon=True, name=job.name).start()
        Thread(target=tasks.keep_making_papers, daemon=True, name="papers").start()
        while True:
            try:
                super().handle(batch=False, **options)
                return
            except (OperationalError, InterfaceError) as error:
                log.warning("The database does not answer; the worker asks again in %s seconds: %s", PATIENCE, error)
                connections.close_all()
                time.sleep(PATIENCE)
