"""What `manage.py backup` and `restore` ask of a database and a folder that are not the portal's own."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from mikt.operations import backups, contents


class Command(BaseCommand):
    """Prints JSON: the contents of the database, for a proof or after a restore with the faults of the files."""

    help = "For manage.py backup and restore: say as JSON what the database and the folder of files hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("question", choices=["contents", "proof", "restored"])
        parser.add_argument("made_at", nargs="?", default="", help="with restored: when the backup was made")

    def handle(self, *, question: str, made_at: str, **options: Any) -> None:
        """Answer; after a restore, set the mails aside that waited."""
        held = contents.of_database()
        if question != "contents":
            held["faults"] = contents.faults_of_files()
        if question == "restored":
            backups.set_waiting_mails_aside(made_at)
        self.stdout.write(json.dumps(held))
