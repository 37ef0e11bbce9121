"""Send the mails that are due, as the worker does; for a portal that runs without one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.mail import outbox


class Command(BaseCommand):
    help = "Send the mails that are due, as the worker does by itself."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        sent = outbox.send_due()
        if verbosity:
            self.stdout.write(f"{sent} sent.")
        if failed := outbox.failed().count():
            raise CommandError(f"{failed} could not be delivered; the officers’ home page leads to the list.")
        if tried := outbox.waiting().exclude(error="").order_by("-written_at").first():
            n = outbox.waiting().count()
            raise CommandError(f"{n} still wait; the last one’s error: {tried.error}")
