"""The worker of the portal."""

from threading import Thread

from django_tasks_db.management.commands import db_worker

from reporting import tasks


class Command(db_worker.Command):
    help = "Work off the queue, and take up again what a worker that was killed left behind"

    def handle(self, *, batch: bool, **options) -> None:
        """Sweep, then work; sweep beside the work as long as it goes on."""
        tasks.sweep()
        if not batch:
            Thread(target=tasks.keep_sweeping, daemon=True).start()
        super().handle(batch=batch, **options)
