"""Remove the second factor of a person who lost the device, where no administrator can."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.errors import Invalid, NotNow
from scoreboard.models import User
from scoreboard.people import second_factor


class Command(BaseCommand):
    help = "Remove a lost second factor, end the person's sessions, and tell them and the officers by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the person's e-mail address")
        parser.add_argument("--reason", required=True, help="why, and how you made sure who asked; stored")

    def handle(self, *, address: str, reason: str, verbosity: int, **options: Any) -> None:
        person = User.objects.filter(email__iexact=address).first()
        if person is None:
            raise CommandError(f"There is no account with the address {address}.")
        try:
            second_factor.remove(person, reason=reason, by=None)
        except (Invalid, NotNow) as refusal:
            raise CommandError(refusal.sentence) from refusal
        if verbosity:
            self.stdout.write(f"Removed. {person} sets up a new one at the next sign-in, and gets a mail.")
