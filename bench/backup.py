"""A backup and its proof with 240 countries in each of ten cycles, a file of evidence for each: processor and bytes."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import override_settings

from bench import clock, scene
from bench.figure import Figure
from mikt.operations import backups
from scoreboard.models import Answer, Evidence

COUNTRIES, CYCLES, BYTES = 240, 10, 100_000


def measure(folder: Path) -> Iterator[Figure]:
    """Yield the seconds of a processor of a backup and of its proof, and the archive compared with the files in it."""
    with override_settings(MEDIA_ROOT=str(folder / "files")):
        build()
        done: list[Any] = []
        made = clock.cost(lambda: done.append(backups.make(folder / "backups", None)))[1]
        archive, backup = done.pop()
        proven = clock.cost(lambda: done.append(backups.prove(archive)))[1]
        manifest, problems = done.pop()
    assert not problems, problems  # noqa: S101 - nothing else is to be measured
    rows, files = sum(manifest["tables"].values()), len(manifest["files"])
    size, database = backup.size / 1e6, manifest["database"]["bytes"] / 1e6
    print(f"  {rows} rows, {files} files: {size:.0f} MB, of which the database {database:.0f} MB")
    yield Figure("backup_seconds", made, 60)
    yield Figure("proof_seconds", proven, 60)
    yield Figure("archive_to_files", backup.size / (files * BYTES), 2)


def build() -> None:
    """Fill ten cycles: every indicator answered, and to one answer of each country a file of its own."""
    with transaction.atomic():
        cycle = scene.cycle("now", COUNTRIES, scene.edition())
        scene.fill(cycle.submissions.select_related("cycle__edition", "country"))
        scene.repeat(cycle, CYCLES - 1)
        code = cycle.edition.all_indicators[0].code
        by = scene.officer()
        pieces = []
        for answer in Answer.objects.filter(indicator__code=code):
            content = os.urandom(BYTES)
            piece = Evidence(answer=answer, name="decree.pdf", content_type="application/pdf", size=BYTES, added_by=by)
            piece.sha256 = hashlib.sha256(content).hexdigest()
            piece.file.save(f"{answer.pk}.pdf", ContentFile(content), save=False)
            pieces.append(piece)
        Evidence.objects.bulk_create(pieces, batch_size=500)
