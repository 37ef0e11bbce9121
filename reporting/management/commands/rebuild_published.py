"""Make the read model of public pages anew from what is published."""

from django.core.management.base import BaseCommand

from reporting.published import writing


class Command(BaseCommand):
    """Writes the rows of every published assessment from its stored snapshot."""

    help = "Make the tables that public pages read anew from the published assessments; safe at any time."

    def handle(self, *args: object, **options: object) -> None:
        """Write them in one transaction and say of how many assessments they are."""
        self.stdout.write(f"The tables of {writing.rebuild()} published assessments are made anew.")
