"""Bring in results of an earlier round from a file, as the page of officers does."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from scoreboard.earlier_rounds import comparing, reading
from scoreboard.earlier_rounds.gathering import Choices
from scoreboard.errors import DomainError
from scoreboard.models import Cycle, Origin, User


class Command(BaseCommand):
    help = (
        "Enter results of earlier rounds from a CSV file or workbook; print every fault with its place, or what it did."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", metavar="EMAIL", required=True, help="the officer who brings the file in")
        parser.add_argument("--cycle", metavar="CODE", help="of rows that name none")
        day = parser.add_mutually_exclusive_group()
        day.add_argument("--submitted-on", type=date.fromisoformat, metavar="DAY", help="of rows that give no day")
        day.add_argument("--not-recorded", action="store_true", help="rows that give no day have none on record")
        parser.add_argument("--check", action="store_true", help="only say what would be entered")

    def handle(self, *, file: Path, by: str, check: bool, verbosity: int, **options: Any) -> None:
        officer = User.objects.filter(email__iexact=by, is_active=True).first()
        if officer is None:
            raise CommandError(f"Nobody has the address {by}.")
        cycle = Cycle.objects.filter(code=options["cycle"]).first() if options["cycle"] else None
        if options["cycle"] and cycle is None:
            raise CommandError(f"There is no cycle {options['cycle']}. Set it up first.")
        choices = Choices(cycle, options["submitted_on"], options["not_recorded"])
        try:
            with file.open("rb") as opened:
                content = opened.read(reading.MAX_SIZE + 1)
            plan = comparing.compare(content, file.name, choices, by=officer)
            if plan.faults:
                lines = [f"{fault.place}: {fault.sentence}" for fault in plan.listed]
                raise CommandError("\n".join([f"Nothing is entered, for {len(plan.faults)} faults.", *lines]))
            if not check:
                comparing.enter(plan, content, file.name, by=officer, origin=Origin.COMMAND)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
        except (DomainError, PermissionDenied) as problem:
            raise CommandError(str(problem)) from problem
        if verbosity:
            done = "would be entered" if check else "are entered and accepted"
            self.stdout.write(f"{len(plan.shown)} submissions with {plan.n} answers {done}.")
