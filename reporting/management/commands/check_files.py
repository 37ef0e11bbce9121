"""List the stored files that are missing, unreadable or changed."""

from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.db.models.fields.files import FieldFile

from reporting.models import EarlierReport, Product
from scoreboard.models import Evidence, PaperSource, StatementPiece
from scoreboard.stored_files import fault


class Command(BaseCommand):
    """Compares each file of evidence, of a statement, each report of the time and each product with its SHA-256."""

    help = (
        "List the files of evidence and of statements and the products that are missing, unreadable or changed; "
        "fails if there are any."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Write a line for each; raise CommandError if there was one."""
        checked, faults = 0, 0
        for file, sha256, what in _stored():
            checked += 1
            if found := fault(file, sha256):
                faults += 1
                self.stdout.write(f"{file.name}: {found} ({what})")
        if faults:
            raise CommandError(f"{faults} of {checked} stored files are not as they were stored.")
        self.stdout.write(f"{checked} stored files are as they were stored.")


def _stored() -> Iterator[tuple[FieldFile, str, str]]:
    """Every stored file once, with its SHA-256 and what it is; a file that was carried over belongs to many rows."""
    seen = set()
    of_answers = ("answer__submission__cycle", "answer__submission__country", "answer__indicator__area")
    suggested = ("suggestion__submission__cycle", "suggestion__submission__country", "suggestion__indicator__area")
    for piece in Evidence.objects.exclude(file="").select_related(*of_answers, *suggested).order_by("pk").iterator():
        if piece.file.name not in seen:
            seen.add(piece.file.name)
            about = piece.answer or piece.suggestion
            of_it = f"{about.submission}, {about.indicator.label}" if about else ""
            yield piece.file, piece.sha256, f"{of_it}: {piece.name}"
    scans = PaperSource.objects.exclude(file="").select_related("submission__cycle", "submission__country")
    for scan in scans.order_by("pk").iterator():
        yield scan.file, scan.sha256, f"{scan.submission}: {scan.name}"
    added = StatementPiece.objects.exclude(file="").select_related("statement__organisation")
    for one in added.select_related("statement__submission__cycle", "statement__submission__country").iterator():
        yield one.file, one.sha256, f"{one.statement}: {one.name}"
    for report in EarlierReport.objects.exclude(file="").select_related("cycle").order_by("pk").iterator():
        yield report.file, report.sha256, f"{report.cycle}: {report.title}"
    products = Product.objects.select_related("assessment__cycle").defer("assessment__snapshot").order_by("pk")
    for product in products.iterator():
        yield product.file, product.sha256, str(product)
