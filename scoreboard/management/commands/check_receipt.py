"""Check whether a receipt matches what is stored."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.errors import Invalid
from scoreboard.models import Submission
from scoreboard.submissions import receipts


class Command(BaseCommand):
    help = "Compare a receipt of what was submitted (its digest, or a text file of it) with what is stored now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cycle", help="the cycle's code, such as 2026")
        parser.add_argument("country", help="the country's code of two letters")
        parser.add_argument("receipt", help="the digest, the path of a text file, or - for the standard input")
        parser.add_argument("--number", type=int, help="compare with this version only")

    def handle(self, *, cycle: str, country: str, receipt: str, number: int | None, **options: Any) -> None:
        found = Submission.objects.filter(cycle__code=cycle, country__iso2=country.upper())
        submission = found.select_related("cycle__edition", "country").first()
        if submission is None:
            raise CommandError(f"There is no submission of {country} in {cycle}.")
        try:
            versions = submission.versions.all() if number is None else submission.versions.filter(number=number)
            verdict = receipts.check(submission, _text(receipt), versions)
        except Invalid as refusal:
            raise CommandError(refusal.sentence) from refusal
        if not verdict.matches:
            raise CommandError(verdict.sentence)
        self.stdout.write(verdict.sentence)


def _text(receipt: str) -> str:
    if receipt == "-":
        return sys.stdin.read()
    path = Path(receipt)
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else receipt
