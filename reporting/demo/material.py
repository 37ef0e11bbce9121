"""The invented material, and the moments at which it is played."""

from datetime import UTC, date, datetime, time
from typing import Any

import yaml
from django.conf import settings

FIXTURES = settings.BASE_DIR / "fixtures"
EDITION = FIXTURES / "editions" / "scoreboard-2017.yaml"
FOLDER = FIXTURES / "demo"
FILES = FOLDER / "evidence"

Material = dict[str, Any]


def read_material() -> Material:
    """Return the contents of the folder's files, by name."""
    material: Material = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        material |= yaml.safe_load(file.read_text())
    return material


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Return a moment of the day."""
    return datetime.combine(day, time(hour, minute), UTC)
