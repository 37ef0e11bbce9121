"""Check the chains of the activity log."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.activity.verification import check


class Command(BaseCommand):
    """Says what was altered, removed, added or moved, and prints the heads of the chains to be noted elsewhere."""

    help = "Check that nobody altered, removed, added or moved entries of the activity log; fails if somebody did."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="NUMBER:SEAL",
            help="a head that this command printed before; the chain must still hold it",
        )

    def handle(self, *, head: list[str], **options: Any) -> None:
        """Write a line for each problem, else the heads; raise CommandError if there was a problem."""
        result = check(_noted(text) for text in head)
        for problem in result.problems:
            chain = "rehearsals, " if problem.rehearsal else ""
            self.stdout.write(f"{chain}block {problem.block}: {problem.sentence}")
        if result.problems:
            raise CommandError(f"The activity log is not as it was sealed: {len(result.problems)} problems.")
        self.stdout.write(f"{result.entries} entries in {result.blocks} blocks are as they were sealed.")
        for rehearsal, block in result.heads.items():
            self.stdout.write(f"Head{' of the rehearsals' if rehearsal else ''}: {block.number}:{block.seal}")


def _noted(text: str) -> tuple[int, str]:
    number, _colon, seal = text.partition(":")
    if not number.isdecimal() or not seal:
        raise CommandError(f"“{text}” is no head. Give it as this command printed it: NUMBER:SEAL.")
    return int(number), seal
