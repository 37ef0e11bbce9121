"""Say how the portal is, for its operators."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mikt.operations import doctor


class Command(BaseCommand):
    """Prints a line for each check, with what helps; fails if something is broken."""

    help = "Check database, worker, mail, files, backups, clock and settings; fails if something is broken."
    requires_system_checks: list[str] = []  # they are among what is reported

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the findings; raise CommandError if one is broken."""
        findings = doctor.examine()
        width = max(len(str(doctor.State(one.state).label)) for one in findings)
        for one in findings:
            self.stdout.write(f"{one.state.label:{width}}  {one.title}: {one.sentence}")
            if one.remedy:
                self.stdout.write(f"{'':{width}}  → {one.remedy}")
        if wrong := [one.title for one in findings if one.state == doctor.State.BROKEN]:
            raise CommandError(f"Broken: {', '.join(wrong)}.")
