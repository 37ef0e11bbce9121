"""Send the mails that could not be sent when they were written; for a timer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard import notifications
from scoreboard.models import Mail


class Command(BaseCommand):
    help = "Send the mails that wait, such as those that the mail server refused."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        sent = notifications.send_unsent()
        if verbosity:
            self.stdout.write(f"{sent} sent.")
        if waiting := Mail.objects.filter(sent_at=None).order_by("-written_at"):
            raise CommandError(f"{len(waiting)} still wait; the last one's error: {waiting[0].error}")
