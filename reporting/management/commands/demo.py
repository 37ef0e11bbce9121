"""Load the invented example data, run the main job up to the PDF, and say where everything is."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reporting import demo


class Command(BaseCommand):
    help = "Load invented example data (only with DEMO=true) and build its PDFs; run again, it changes nothing."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's accounts share a published password. Set DEMO=true to load them anyway.")
        demo.load(self.stdout.write)
        self.stdout.write("\nThe assessments, made from invented example data:")
        for assessment, name in demo.products():
            path = Path(settings.S3_BUCKET or settings.MEDIA_ROOT, name)
            place = path.relative_to(settings.BASE_DIR) if path.is_relative_to(settings.BASE_DIR) else path
            self.stdout.write(f"  {assessment.cycle.code}, {assessment.get_status_display().lower()}: {place}")
        self.stdout.write(f"\nSign in with one of these addresses and the password {demo.PASSWORD}:")
        for account, who in (
            ("focal.mt", "focal point of Malta (also focal.gr, focal.tn, focal.cy … by country code)"),
            ("contributor.mt", "contributor of Malta (one per country, too)"),
            ("secretariat", "officer of the Secretariat (also secretariat2)"),
            ("analyst", "analyst"),
            ("observer", "observer"),
            ("guest", "expert from outside, in one space"),
            ("admin", "administrator"),
        ):
            self.stdout.write(f"  {account}@example.org: {who}")
