"""The stored files of all models, each with the digest that it must have."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FieldFile

from reporting.models import EarlierReport, Product
from scoreboard.models import Evidence, PaperSource, StatementPiece
from scoreboard.stored_files import Fault, fault

# What the line of a faulty file names, read with the row.
RELATED: dict[type[models.Model], tuple[str, ...]] = {
    Evidence: (
        *("answer__submission__cycle", "answer__submission__country", "answer__indicator__area"),
        *("suggestion__submission__cycle", "suggestion__submission__country", "suggestion__indicator__area"),
    ),
    PaperSource: ("submission__cycle", "submission__country"),
    StatementPiece: ("statement__organisation", "statement__submission__cycle", "statement__submission__country"),
    EarlierReport: ("cycle",),
    Product: ("assessment__cycle",),
}


@dataclass(frozen=True)
class Stored:
    """A file of the store: its SHA-256 as it was stored, and what it belongs to."""

    file: FieldFile
    sha256: str
    what: str

    @property
    def fault(self) -> Fault | None:
        """What is wrong with it, None if its bytes are those that were stored."""
        return fault(self.file, self.sha256)


def models_with_files() -> list[type[models.Model]]:
    """Return the models whose rows have a file and its SHA-256."""
    return [
        model for model in apps.get_models() if {"file", "sha256"} <= {field.name for field in model._meta.get_fields()}
    ]


def stored() -> Iterator[Stored]:
    """Yield every stored file once; one that was carried over to another row belongs to both."""
    seen = set()
    for model in models_with_files():
        rows = model._base_manager.exclude(file="").order_by("pk")
        if model is Product:
            rows = rows.defer("assessment__snapshot")
        row: Any
        for row in rows.select_related(*RELATED.get(model, ())).iterator(chunk_size=500):
            if row.file.name not in seen:
                seen.add(row.file.name)
                yield Stored(row.file, row.sha256, _what(row))


def _what(row: Any) -> str:
    match row:
        case Evidence():
            about = row.answer or row.suggestion
            return f"{about.submission}, {about.indicator.label}: {row.name}" if about else row.name
        case PaperSource():
            return f"{row.submission}: {row.name}"
        case StatementPiece():
            return f"{row.statement}: {row.name}"
        case EarlierReport():
            return f"{row.cycle}: {row.title}"
        case _:
            return str(row)
