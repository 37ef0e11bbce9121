"""Remind countries of deadlines and steps, contributors of their part, both sides of questions; once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from scoreboard.cycles import reminders
from scoreboard.plans import commitment_reminders


class Command(BaseCommand):
    help = "Write and send the reminders that are due: of deadlines, of parts that end, of questions, of open steps."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        sent = reminders.send() + commitment_reminders.send()
        if verbosity:
            self.stdout.write(f"{sent} reminded.")
