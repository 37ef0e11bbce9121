"""Load countries, groups and organisations from a file; see `questionnaire.countries`."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.errors import Invalid
from scoreboard.questionnaire import countries


class Command(BaseCommand):
    help = "Load countries with their groups, and organisations; what the Secretariat has confirmed stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="*", type=Path, default=countries.FILES, help="default: those in fixtures/")

    def handle(self, *, file: list[Path], verbosity: int, **options: Any) -> None:
        done: Counter[str] = Counter()
        for path in file:
            try:
                done += countries.load(path.read_bytes())
            except (OSError, Invalid) as error:
                raise CommandError(f"{path}: {error}") from error
        if verbosity:
            self.stdout.write(", ".join(f"{done[what]} {what}" for what in ("created", "updated", "unchanged")) + ".")
