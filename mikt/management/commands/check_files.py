"""List the stored files that are missing, unreadable or changed."""

from django.core.management.base import BaseCommand, CommandError

from reporting import file_checks
from scoreboard.stored_files import NoAnswer


class Command(BaseCommand):
    """Compares each stored file, such as evidence or a published product, with its SHA-256."""

    help = "List the stored files that are missing, unreadable or changed; fails if there are any."

    def handle(self, *args: object, **options: object) -> None:
        """Write a line for each; raise CommandError if there was one."""
        checked, faults = 0, 0
        for stored in file_checks.stored():
            checked += 1
            try:
                found = stored.fault
            except NoAnswer as error:
                raise CommandError(f"{checked - 1} files are checked. {error.sentence}") from error
            if found:
                faults += 1
                self.stdout.write(f"{stored.file.name}: {found} ({stored.what})")
        if faults:
            raise CommandError(f"{faults} of {checked} stored files are not as they were stored.")
        self.stdout.write(f"{checked} stored files are as they were stored.")
