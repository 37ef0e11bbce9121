"""Check an edition file, also against the previous edition if that is stored."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.questionnaire import file as edition_file
from scoreboard.questionnaire import importing


class Command(BaseCommand):
    help = "Check an edition file (YAML or JSON) and print every fault with its place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, verbosity: int, **options: Any) -> None:
        document = read_document(self, file)
        indicators = sum(len(area["indicators"]) for area in document["areas"])
        warn(self, document)
        if verbosity:
            self.stdout.write(f"{document['code']} is sound: {len(document['areas'])} areas, {indicators} indicators.")


def read_document(command: BaseCommand, path: Path) -> edition_file.Document:
    """Return the document in the file; print every fault and raise CommandError if there are any."""
    try:
        return edition_file.read_edition(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except edition_file.EditionError as error:
        raise refusal(command, error) from error


def warn(command: BaseCommand, document: edition_file.Document) -> None:
    """Print what may be a mistake in a valid document."""
    for doubt in importing.doubts(document):
        command.stderr.write(f"Warning: {doubt}")


def refusal(command: BaseCommand, error: edition_file.EditionError) -> CommandError:
    """Print the problems and return the error that ends the command."""
    for problem in error.problems:
        command.stderr.write(problem)
    return CommandError(f"{len(error.problems)} to correct; nothing was changed.")
