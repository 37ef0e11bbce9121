"""Write an edition as a file that imports again without a change."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.models import Edition
from scoreboard.questionnaire import file, importing


class Command(BaseCommand):
    help = "Print an edition as a file; importing it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--format", choices=["yaml", "json"], default="yaml")

    def handle(self, *, code: str, format: str, **options: Any) -> None:
        edition = Edition.objects.filter(code=code).first()
        if edition is None:
            known = ", ".join(Edition.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"There is no edition “{code}”; there are: {known}.")
        self.stdout.write(file.write(importing.export(edition), format), ending="")
