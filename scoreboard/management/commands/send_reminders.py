"""Remind countries of their deadline, contributors of their part, both sides of questions; for a timer, once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from scoreboard.cycles import reminders


class Command(BaseCommand):
    help = "Write and send the reminders that are due: of deadlines, of parts that end, of questions to be answered."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        sent = reminders.send()
        if verbosity:
            self.stdout.write(f"{sent} reminded.")
