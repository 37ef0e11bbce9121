"""Import an edition file, new or over the stored edition."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from scoreboard.management.commands.check_edition import read_document, refusal, warn
from scoreboard.questionnaire import importing
from scoreboard.questionnaire.file import EditionError


class Command(BaseCommand):
    help = "Import an edition file (YAML or JSON); print every fault with its place, or what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only say what would change")

    def handle(self, *, file: Path, check: bool, verbosity: int, **options: Any) -> None:
        document = read_document(self, file)
        warn(self, document)
        act = importing.preview if check else importing.import_edition
        try:
            _edition, changes = act(document)
        except EditionError as error:
            raise refusal(self, error) from error
        if verbosity:
            for change in changes:
                self.stdout.write(f"  {change.place}")
            result = (
                f"{len(changes)} places {'would change' if check else 'changed'}" if changes else "nothing to change"
            )
            self.stdout.write(f"{document['code']}: {result}.")
