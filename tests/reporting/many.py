"""Snapshots of made-up assessments of any size that the edition format allows, with a cycle and an issue before."""

from typing import Any

from reporting.results import compute, since
from tests.reporting.snapshots import an_answer

Data = dict[str, Any]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TITLE = "Coordination of national institutions and of law enforcement bodies with the authorities of the harbours"
WORDS = TITLE.split()


def text(words: str) -> Data:
    """Return a text in the one language of these editions."""
    return {"en": words}


def an_edition_of(areas: int, levels: int, *, indicators: int = 3, code: str = "many-2", columns: int = 10) -> Data:
    """Return an edition with so many areas and levels; the first indicator has a data form with so many columns."""
    lowest = levels % 2
    return {
        "format": 1,
        "code": code,
        "year": 2026,
        "title": text("Self-assessment of a made-up instrument"),
        "short_title": text("Made up"),
        "languages": ["en"],
        "areas": [
            {
                "code": _area_code(n),
                "title": text(f"{' '.join(WORDS[: 3 + n % 10])} {n}"),
                "introduction": text("What the area is about."),
                "indicators": [
                    _indicator(n, m, range(lowest, lowest + levels), columns if n == m == 0 else 0)
                    for m in range(indicators)
                ],
            }
            for n in range(areas)
        ],
        "objectives": [
            {
                "code": "1",
                "title": text("An objective"),
                "areas": [_area_code(n) for n in range(areas)],
                "indicators": [],
            }
        ],
    }


def a_snapshot_of(areas: int, levels: int, countries: int, *, cycles: int = 2, **more: Any) -> Data:
    """Return the snapshot of a cycle of this size that is compared with so many earlier ones, and is issued again."""
    edition = an_edition_of(areas, levels, **more)
    now = _cycle(2026, edition, countries, shift=0)
    earlier = [_cycle(2026 - 3 * n, edition, countries, shift=n) for n in range(1, cycles + 1)]
    now["changes"] = [
        {"issue": 1, "snapshot_sha256": "ab" * 32} | since.since_cycle(then, now, {}, successive=n == 0)
        for n, then in enumerate(earlier)
    ]
    before = _cycle(2026, edition, countries, shift=3)
    now["since_issue"] = {"issue": 1, "snapshot_sha256": "cd" * 32} | since.since_issue(before, now)
    return now


def _cycle(year: int, edition: Data, countries: int, *, shift: int) -> Data:
    answered = [_country(n, edition, shift) for n in range(countries)]
    return {
        "format": 1,
        "cycle": {
            "code": str(year),
            "title": text(f"Round {year}"),
            "opens": f"{year}-01-01",
            "deadline": f"{year}-03-31",
            "closes": f"{year}-04-30",
            "time_zone": "Europe/Berlin",
            "example": True,
        },
        "basis": "answered",
        "edition": edition,
        "countries": answered,
        "not_reported": [],
        "results": compute.compute(edition, answered),
        "changes": [],
        "since_issue": None,
    }


def _area_code(n: int) -> str:
    return LETTERS[n] if n < len(LETTERS) else f"{LETTERS[n // 26 - 1]}{LETTERS[n % 26]}"


def _indicator(area: int, n: int, rungs: range, columns: int) -> Data:
    one = {
        "code": f"{_area_code(area)}{n + 1}",
        "title": text("Unbroken" * 12 if area == n == 0 else " ".join(WORDS[: 4 + (area + n) % 11])),
        "measures": text("What it measures."),
        "relation": "same",
        "from": [f"{_area_code(area)}{n + 1}"],
        "levels": [{"value": value, "text": text(f"What is true at level {value}.")} for value in rungs],
    }
    if columns:
        kinds = ["year", "species", "text", "integer", "integer", "decimal", "text", "yes_no"]
        one["data_form"] = {
            "code": "table",
            "title": text("Made-up figures"),
            "columns": [
                {"code": f"c{m}", "kind": kinds[m % 8], "title": text(f"Column {m} of the table"), "required": False}
                for m in range(columns)
            ],
        }
    return one


def _country(n: int, edition: Data, shift: int) -> Data:
    iso2 = f"{LETTERS[n // 26]}{LETTERS[n % 26]}"
    name = f"Country {iso2}" if n % 3 else f"The United Republics of the Northern Archipelago of {iso2}"
    answers = {}
    for m, indicator in enumerate(one for area in edition["areas"] for one in area["indicators"]):
        ladder = compute.ladder(indicator)
        kind = (n + m + shift) % 11
        given = (
            "unknown" if kind == 9 else "not_applicable" if kind == 10 else ladder[(n * 7 + m + shift) % len(ladder)]
        )
        answers[indicator["code"]] = an_answer(given, **({"reason": "There is none."} if kind == 10 else {}))
        if form := indicator.get("data_form"):
            answers[indicator["code"]]["figures"] = [_row(form, year) for year in (2024, 2025)]
    return {
        "iso2": iso2,
        "iso3": f"X{iso2}",
        "name": text(name),
        "subregion": "Northern Archipelago",
        "groups": [{"code": "sea", "name": text("Seafarers")}],
        "version": 1 + (shift == 0),
        "submitted_on": "2026-03-31",
        "accepted_on": "2026-04-15",
        "late": n % 5 == 0,
        "reopened": n % 7 == 0,
        "answers": answers,
    }


def _row(form: Data, year: int) -> Data:
    values = {
        "year": year,
        "species": "Streptopelia turtur",
        "text": "Monitoring",
        "integer": 1_234_567,
        "yes_no": True,
    }
    return {one["code"]: "1234.5" if one["kind"] == "decimal" else values[one["kind"]] for one in form["columns"]}
