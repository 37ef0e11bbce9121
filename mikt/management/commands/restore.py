"""Restore a backup into an empty database and an empty store of files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mikt.operations import backups, databases
from mikt.operations.errors import OperationFailed
from scoreboard.stored_files import NoAnswer


class Command(BaseCommand):
    """Refuses what is not empty, checks every hash first, and compares the result with the manifest."""

    help = "Restore an archive of manage.py backup into an empty database and an empty store of files."
    requires_system_checks: list[str] = []  # the database is empty

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--database", default="", metavar="DATABASE_URL", help="default: the portal's own")
        parser.add_argument("--files", type=Path, help="a folder; default: MEDIA_ROOT, or the bucket")
        parser.add_argument("--key", type=Path, help="file of the GnuPG private key")

    def handle(self, *, archive: Path, database: str, files: Path | None, key: Path | None, **options: Any) -> None:
        """Restore; raise CommandError if that is not possible or the result differs from what was backed up."""
        try:
            url = database or databases.own_url()
            manifest, problems = backups.restore(archive, url=url, files=files, key=key)
        except (OperationFailed, NoAnswer) as failure:
            raise CommandError(str(failure)) from failure
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} parts are not as they were backed up.")
        rows = sum(manifest["tables"].values())
        self.stdout.write(
            f"Restored as it was on {manifest['made_at']}: {rows} rows, {len(manifest['files'])} files. "
            "Mails that waited then are set aside: look at them under E-mails before you send one again."
        )
