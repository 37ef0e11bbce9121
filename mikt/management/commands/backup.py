"""Make a backup of the database and all files, or prove one by restoring it for trying."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from mikt.operations import backups
from mikt.operations.errors import OperationFailed
from scoreboard.stored_files import NoAnswer


class Command(BaseCommand):
    """Writes an archive into BACKUP_FOLDER; with --prove restores the latest one, or the one that is named."""

    help = "Back up the database and all files into one archive; with --prove restore one for trying and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", nargs="?", type=Path, help="with --prove: the archive, else the latest")
        parser.add_argument("--to", type=Path, default=Path(settings.BACKUP_FOLDER), help="folder of the archives")
        parser.add_argument("--prove", action="store_true", help="restore an archive for trying, and compare")
        parser.add_argument("--key", type=Path, help="with --prove: file of the GnuPG private key")
        parser.add_argument("--scratch", default="", metavar="DATABASE_URL", help="with --prove: an empty database")

    def handle(
        self, *, archive: Path | None, to: Path, prove: bool, key: Path | None, scratch: str, **options: Any
    ) -> None:
        """Make or prove; raise CommandError if that fails or something is not as it was."""
        began = time.monotonic()
        try:
            if prove:
                self._prove(archive or _latest(to), key, scratch, began)
            else:
                self._make(to, began)
        except (OperationFailed, NoAnswer) as failure:
            raise CommandError(str(failure)) from failure

    def _make(self, to: Path, began: float) -> None:
        public = Path(settings.BACKUP_KEY) if settings.BACKUP_KEY else None
        path, backup = backups.make(to, public)
        self.stdout.write(f"{path}: {filesizeformat(backup.size)} in {time.monotonic() - began:.1f} s.")
        if not public:
            self.stderr.write(
                self.style.WARNING(
                    "NOT ENCRYPTED: whoever reads this file reads every draft and every address. "
                    "Name a file with a GnuPG public key in BACKUP_KEY."
                )
            )

    def _prove(self, archive: Path, key: Path | None, scratch: str, began: float) -> None:
        manifest, problems = backups.prove(archive, key=key, scratch=scratch)
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{archive.name} does not restore what was backed up: {len(problems)} differences.")
        tables, files = manifest["tables"], manifest["files"]
        self.stdout.write(
            f"{archive.name} is proven in {time.monotonic() - began:.1f} s: {sum(tables.values())} rows of "
            f"{len(tables)} tables, {len(files)} files, {manifest['activity']['blocks']} blocks of the activity log "
            f"and {len(manifest['published'])} assessments are as they were on {manifest['made_at']}."
        )


def _latest(folder: Path) -> Path:
    found = sorted([*folder.glob("portal-*.tar"), *folder.glob("portal-*.tar.gpg")])
    if not found:
        raise OperationFailed(f"There is no backup in {folder}.")
    return found[-1]
