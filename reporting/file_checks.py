"""The stored files of all models, each compared with the digest that it must have: all at once, or a part at a time."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FieldFile

from reporting.models import EarlierReport, Product
from scoreboard import clock
from scoreboard.models import Evidence, FileWalk, PaperSource, PaperVersion, PlanPiece, StatementPiece
from scoreboard.stored_files import Fault, fault

PART = 20.0  # seconds that the worker checks files for at once
AGAIN = timedelta(days=1)  # from the end of one walk to the next
KEPT = 30  # walks

# What the line of a faulty file names, read with the row.
RELATED: dict[type[models.Model], tuple[str, ...]] = {
    Evidence: (
        *("answer__submission__cycle", "answer__submission__country", "answer__indicator__area"),
        *("suggestion__submission__cycle", "suggestion__submission__country", "suggestion__indicator__area"),
    ),
    PaperSource: ("submission__cycle", "submission__country"),
    PlanPiece: ("plan__country",),
    StatementPiece: ("statement__organisation", "statement__submission__cycle", "statement__submission__country"),
    PaperVersion: ("paper__space",),
    EarlierReport: ("cycle",),
    Product: ("assessment__cycle",),
}


@dataclass(frozen=True)
class Stored:
    """A file of the store: its SHA-256 as it was stored, and what it belongs to."""

    model: str
    row: int
    file: FieldFile
    sha256: str
    what: str

    @property
    def fault(self) -> Fault | None:
        """What is wrong with it, None if its bytes are those that were stored."""
        return fault(self.file, self.sha256)


def models_with_files() -> list[type[models.Model]]:
    """Return the models whose rows have a file and its SHA-256, in the order of their labels."""
    found = [model for model in apps.get_models() if {"file", "sha256"} <= _names(model)]
    return sorted(found, key=lambda model: model._meta.label)


def stored(*, after: tuple[str, int] = ("", 0)) -> Iterator[Stored]:
    """Yield every stored file once, those after a model and a row; one carried over to another row belongs to both."""
    seen = set()
    for model in models_with_files():
        label = model._meta.label
        if label < after[0]:
            continue
        rows = model._base_manager.exclude(file="").order_by("pk")
        if label == after[0]:
            rows = rows.filter(pk__gt=after[1])
        if model is Product:
            rows = rows.defer("assessment__snapshot")
        row: Any
        for row in rows.select_related(*RELATED.get(model, ())).iterator(chunk_size=500):
            if row.file.name not in seen:
                seen.add(row.file.name)
                yield Stored(label, row.pk, row.file, row.sha256, _what(row))


def walk(seconds: float = PART) -> FileWalk | None:
    """Go on with the walk through the stored files for some seconds, or begin one a day after the last; return it.

    A worker that is killed loses what it checked in these seconds, and nothing else.
    """
    last = FileWalk.objects.first()
    if last is None or (last.ended_at and clock.now() - last.ended_at >= AGAIN):
        last = FileWalk.objects.create()
        FileWalk.objects.filter(pk__lt=last.pk - KEPT).delete()
    if last.ended_at:
        return None
    until = time.monotonic() + seconds
    for one in stored(after=(last.model, last.row)):
        if found := one.fault:
            last.faults.append(f"{one.file.name}: {found} ({one.what})")
        last.model, last.row, last.checked = one.model, one.row, last.checked + 1
        if time.monotonic() >= until:
            break
    else:
        last.ended_at = clock.now()
    last.save()
    return last


def _names(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields()}


def _what(row: Any) -> str:
    match row:
        case Evidence():
            about = row.answer or row.suggestion
            return f"{about.submission}, {about.indicator.label}: {row.name}" if about else row.name
        case PaperSource():
            return f"{row.submission}: {row.name}"
        case PlanPiece():
            return f"{row.plan.country}, {row.plan}: {row.name}"
        case StatementPiece():
            return f"{row.statement}: {row.name}"
        case EarlierReport():
            return f"{row.cycle}: {row.title}"
        case _:
            return str(row)
