"""Snapshots made by hand, for tests of what is read from them: no database, and every answer in sight."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from reporting.results import compute
from scoreboard.questionnaire import file
from tests.factories import HARBOUR

COUNTRIES = {
    "MT": {"iso2": "MT", "iso3": "MLT", "name": {"en": "Malta", "fr": "Malte"}},
    "GR": {"iso2": "GR", "iso3": "GRC", "name": {"en": "Greece", "fr": "Grèce"}},
    "AX": {"iso2": "AX", "iso3": "ALA", "name": {"en": "Åland Islands"}},
    "EG": {"iso2": "EG", "iso3": "EGY", "name": {"en": "مصر"}},
    "IT": {"iso2": "IT", "iso3": "ITA", "name": {"en": "Italy"}},
}
# Two countries in the harbour edition, whose ladders go from 1 to 5, but P3's from 0 to 1 and R1's from 1 to 4.
ANSWERS: dict[str, dict[str, Any]] = {
    "MT": {"P1": 3, "P2": "not_applicable", "P3": 1, "Q1": 5, "Q2": "unknown", "R1": 2, "R2": 4},
    "GR": {"P1": 1, "P2": 2, "P3": 0, "Q1": "unknown", "R1": 4, "R2": 5},
}


def an_answer(given: int | str, **fields: Any) -> dict[str, Any]:
    """Return the answer as a snapshot holds it: a level, or another kind by its code."""
    is_level = isinstance(given, int)
    answer = {"kind": "level" if is_level else given, "level": given if is_level else None}
    return answer | {"reason": "", "comment": "", "withheld": False} | fields


def a_snapshot(
    answers: Mapping[str, Mapping[str, Any]] = ANSWERS, *, path: Path = HARBOUR, basis="answered", missing=("IT",)
) -> dict[str, Any]:
    """Return the snapshot of a cycle in which these countries gave these answers, by indicator code."""
    edition = deepcopy(_edition(path))
    countries = [
        {
            **_named(iso2),
            "version": 1,
            "submitted_on": "2026-03-31",
            "accepted_on": "2026-04-15",
            "late": False,
            "reopened": False,
            "answers": {
                code: given if isinstance(given, dict) else an_answer(given) for code, given in by_code.items()
            },
        }
        for iso2, by_code in answers.items()
    ]
    return {
        "format": 1,
        "cycle": {
            "code": "2026",
            "title": {"en": "Round 2026"},
            "opens": "2026-01-01",
            "deadline": "2026-03-31",
            "closes": "2026-04-30",
            "time_zone": "Europe/Berlin",
            "example": True,
        },
        "basis": basis,
        "edition": edition,
        "countries": countries,
        "not_reported": [_named(iso2) for iso2 in missing],
        "results": compute.compute(edition, countries),
        "changes": [],
        "since_issue": None,
    }


@cache
def _edition(path: Path) -> file.Document:
    """Read a file once for all tests: that takes longer than most of what they test."""
    return file.read_edition(path.read_bytes())


def _named(iso2: str) -> dict[str, Any]:
    return {**deepcopy(COUNTRIES[iso2]), "subregion": "", "groups": [{"code": "sea", "name": {"en": "Seafarers"}}]}
