"""Remind countries of their deadline and contributors of their part; for a timer, once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from scoreboard import reminders


class Command(BaseCommand):
    help = "Write and send the reminders that are due: 30, 7 and 1 days before a deadline, after it, and for parts."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        sent = reminders.send()
        if verbosity:
            self.stdout.write(f"{sent} reminded.")
