"""Load a strategic plan from a file; see `questionnaire.strategic_plan`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.errors import Invalid
from scoreboard.questionnaire import strategic_plan


class Command(BaseCommand):
    help = "Load a strategic plan: objectives, actions, milestones, baseline, target; the file replaces what is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=strategic_plan.FILE, help="default: that in fixtures/"
        )

    def handle(self, *, file: Path, verbosity: int, **options: Any) -> None:
        try:
            plan, changed = strategic_plan.load(file.read_bytes())
        except (OSError, Invalid) as error:
            raise CommandError(f"{file}: {error}") from error
        if verbosity:
            self.stdout.write(f"{plan.code}: {'stored' if changed else 'nothing to change'}.")
