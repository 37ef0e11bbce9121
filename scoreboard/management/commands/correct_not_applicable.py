"""Correct which indicators of an edition can be answered with "not applicable", also while a cycle uses it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoreboard.models import Answer, Edition, State
from scoreboard.questionnaire import importing
from scoreboard.questionnaire.file import EditionError


class Command(BaseCommand):
    help = "Let exactly the named indicators be answered with “not applicable”; logged with the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", help="code of the edition")
        parser.add_argument("indicators", nargs="*", help="codes of the indicators; none at all if none is named")
        parser.add_argument("--reason", required=True, help="why it was wrong; kept with the edition")

    def handle(self, *, edition: str, indicators: list[str], reason: str, verbosity: int, **options: Any) -> None:
        found = Edition.objects.filter(code=edition).first()
        if found is None:
            raise CommandError(f"There is no edition {edition}.")
        try:
            changes = importing.correct_not_applicable(found, indicators, reason=reason)
        except EditionError as error:
            for problem in error.problems:
                self.stderr.write(problem)
            raise CommandError("Nothing was changed.") from error
        if verbosity:
            for change in changes:
                self.stdout.write(f"  {change.place}")
            self.stdout.write(f"{edition}: {len(changes)} indicators corrected." if changes else "Nothing to correct.")
            self.stdout.write(f"Answers in drafts and returned submissions that are gaps now: {_gaps(found)}.")


def _gaps(edition: Edition) -> int:
    return Answer.objects.filter(
        indicator__edition=edition,
        indicator__not_applicable=False,
        kind=Answer.Kind.NOT_APPLICABLE,
        submission__state__in=[State.DRAFT, State.RETURNED],
    ).count()
