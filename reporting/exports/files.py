"""The data files of an assessment, from one snapshot: workbook, tables, JSON, charts, and a package with their sums.

The same assessment gives the same bytes, whichever clock, zone or language is active. Each file says how many rows it
has, and is read back and counted before it is stored.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from reporting.document import captions, changes, narrative
from reporting.document.document import Document
from reporting.document.references import Names
from reporting.exports import commitments, strategy, xlsx
from reporting.exports.tables import Table, Tables, Value
from reporting.models import Assessment, Product
from scoreboard.workbook import text_cells

Data = dict[str, Any]
Kind = Product.Kind

SCHEMA = settings.BASE_DIR / "reporting" / "snapshot.schema.json"


class Miscounted(RuntimeError):
    """A file does not hold as many rows as the snapshot has."""


@dataclass(frozen=True)
class File:
    """A file as it will be stored; `rows` is how many it holds, None where there is nothing to count."""

    kind: Product.Kind
    content: bytes
    rows: int | None = None
    subject: str = ""

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def data_files(assessment: Assessment) -> list[File]:
    """Return the workbook, the CSV tables, the JSON and the charts; raise Miscounted if one is not whole.

    There is a table of steps only where a country publishes one.
    """
    snapshot = json.loads(_dumped(assessment.snapshot))  # a text in none of our languages is shown in its first
    with _language(snapshot):
        tables = Tables(snapshot)
        wide, long, steps = tables.wide(), tables.long(), commitments.steps(snapshot)
        return [
            File(Kind.XLSX, _workbook(assessment, tables), long.expected),
            File(Kind.CSV_WIDE, csv_table(wide), wide.expected),
            File(Kind.CSV_LONG, csv_table(long), long.expected),
            *([File(Kind.CSV_STEPS, csv_table(steps), steps.expected)] if steps.expected else []),
            File(Kind.JSON, _json(assessment), sum(len(country["answers"]) for country in snapshot["countries"])),
            _charts(snapshot, assessment.consolidated_at),
        ]


def package(assessment: Assessment, files: Iterable[File]) -> File:
    """Return one ZIP of `files`, with the schema of the JSON and a manifest of SHA-256 sums."""
    named = {Product.named(assessment, file.kind, file.subject): file for file in files}
    schema = SCHEMA.read_bytes()
    manifest = {
        "assessment": _particulars(assessment),
        "files": [
            *(_entry(name, file.kind, file.content, file.rows, file.subject) for name, file in named.items()),
            _entry(SCHEMA.name, "schema", schema),
        ],
    }
    contents = {name: file.content for name, file in named.items()} | {SCHEMA.name: schema}
    sums = "".join(f"{_sum(content)}  {name}\n" for name, content in contents.items())
    contents |= {"SHA256SUMS": sums.encode(), "manifest.json": _dumped(manifest)}
    return File(Kind.PACKAGE, zipped(contents, assessment.consolidated_at))


def texts(assessment: Assessment) -> list[Data]:
    """Return the texts that an assessment was built with, in their order, each with the values of its names."""
    if not assessment.texts:
        return []
    document = Document(assessment.snapshot)
    names, order = Names(document), ["introduction", "summary", *(f"area-{one.code}" for one in document.chapters)]
    return [
        {"chapter": key, "text": text, "values": narrative.values(names, text)}
        for key in [*order, "conclusions"]
        if (text := assessment.texts.get(key))
    ]


def csv_table(table: Table) -> bytes:
    """Return the table as CSV in UTF-8 with a byte order mark; each row says which of how many it is.

    Text that a spreadsheet would take for a formula begins with an apostrophe. Raises Miscounted.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["row", "rows", *map(csv_cell, table.columns)])
    for n, row in enumerate(table.rows, start=1):
        writer.writerow([n, table.expected, *map(csv_cell, row)])
    content = b"\xef\xbb\xbf" + text.getvalue().encode()
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    _require(table.title, len(read) - 1, table.expected)
    if any(len(row) != len(table.columns) + 2 for row in read):
        raise Miscounted(_("A row of “%s” does not have all its columns.") % table.title)
    return content


def _entry(name: str, kind: str, content: bytes, rows: int | None = None, subject: str = "") -> Data:
    """A file's entry in the manifest."""
    return {
        "name": name,
        "kind": str(kind),
        "subject": subject,
        "size": len(content),
        "sha256": _sum(content),
        "rows": rows,
    }


def csv_cell(value: Value) -> str:
    """Return a value as a CSV file has it; text that looks like a formula begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    return text_cells.csv_text(value)


def _json(assessment: Assessment) -> bytes:
    snapshot, written = assessment.snapshot, texts(assessment)
    counts = {
        "countries": len(snapshot["countries"]),
        "not_reported": len(snapshot["not_reported"]),
        **({"unnamed": snapshot["unnamed"]["reported"]} if "unnamed" in snapshot else {}),
        "indicators": sum(len(area["indicators"]) for area in snapshot["edition"]["areas"]),
        "answers": sum(len(country["answers"]) for country in snapshot["countries"]),
        "texts": len(written),
    }
    content = _dumped(
        {
            "schema": SCHEMA.name,
            "assessment": _particulars(assessment),
            "counts": counts,
            "texts": written,
            "snapshot": snapshot,
        }
    )
    read = json.loads(content)["snapshot"]
    _require("JSON", sum(len(country["answers"]) for country in read["countries"]), counts["answers"])
    return content


def _workbook(assessment: Assessment, tables: Tables) -> bytes:
    sheets = [
        *(tables.matrix(), tables.results(), tables.overall(), tables.tallies(), *tables.by_group()),
        *(
            tables.objectives(),
            *strategy.tables(assessment.snapshot),
            *commitments.tables(assessment.snapshot),
            tables.long(),
            *tables.data_forms(),
            tables.code_book(),
        ),
    ]
    about = [(key, str(value)) for key, value in _particulars(assessment).items() if value not in ("", None)]
    raw = xlsx.write_workbook(sheets, about=about, created=assessment.consolidated_at)
    for sheet, found in zip(sheets, xlsx.count_rows(raw), strict=True):
        _require(sheet.title, found, sheet.expected)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:  # packed anew: file modes and local time leak into the first
        return zipped({name: archive.read(name) for name in archive.namelist()}, assessment.consolidated_at)


def _charts(snapshot: Data, at: datetime) -> File:
    document = Document(snapshot)
    drawn = {"areas.svg": captions.spreads(document), "answers.svg": captions.heat(document)}
    for chapter in document.chapters:
        drawn[f"area-{chapter.code}-countries.svg"] = captions.percentages(chapter)
        drawn[f"area-{chapter.code}-levels.svg"] = captions.distributions(chapter)
    for country in document.reported:
        drawn[f"country-{country.iso2}.svg"] = captions.profile(document.replies(country.iso2))
    for n, part in enumerate(captions.profiles(document), start=1):
        drawn[f"countries-{n}.svg"] = part
    areas, earlier = len(snapshot["edition"]["areas"]), len(snapshot["changes"])
    countries = len(snapshot["countries"])
    if since := changes.since_earlier(document):
        drawn["cycles.svg"] = captions.multiples(document, since)
    for one in since:
        drawn[f"since-{one.code}.svg"] = captions.arrows(one)
        for n, (chapter, _area) in enumerate(one.areas):
            drawn[f"since-{one.code}-area-{chapter.code}-countries.svg"] = captions.country_arrows(one, n)
    parts = ceil(countries / captions.PROFILES) * ceil(areas / captions.PANELS)
    expected = 2 + 2 * areas + countries + parts
    expected += bool(earlier) + (1 + areas) * earlier
    content = zipped({name: str(svg).encode() for name, svg in drawn.items()}, at)
    _require(_("Charts"), len(zipfile.ZipFile(io.BytesIO(content)).namelist()), expected)
    return File(Kind.CHARTS, content, expected)


def zipped(contents: Mapping[str, bytes], at: datetime) -> bytes:
    """Return a ZIP of `contents` by name, in their order; every entry is dated `at`, in UTC."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def _particulars(assessment: Assessment) -> Data:
    cycle = assessment.snapshot["cycle"]
    return {
        "cycle": cycle["code"],
        "issue": assessment.issue,
        "edition": assessment.snapshot["edition"]["code"],
        "basis": assessment.snapshot["basis"],
        "invented_example_data": cycle["example"],
        "document_number": assessment.document_number,
        "meeting": assessment.meeting,
        "meeting_date": assessment.meeting_date.isoformat() if assessment.meeting_date else None,
        "consolidated_at": assessment.consolidated_at.astimezone(UTC).isoformat(timespec="seconds"),
        "snapshot_sha256": assessment.snapshot_sha256,
        "texts_sha256": assessment.texts_sha256 or None,
    }


@contextmanager
def _language(snapshot: Data) -> Iterator[None]:
    """Activate the edition's first language that the portal has, so that no person's settings get into the files."""
    ours = [code for code in snapshot["edition"]["languages"] if code in dict(settings.LANGUAGES)]
    with translation.override(ours[0] if ours else settings.LANGUAGE_CODE):
        yield


def _require(title: str, found: int, expected: int) -> None:
    if found != expected:
        words = {"title": title, "found": found, "expected": expected}
        raise Miscounted(_("“%(title)s” holds %(found)s rows, but there must be %(expected)s.") % words)


def _dumped(data: Data) -> bytes:
    """JSON with keys in their alphabetical order: databases give them back in orders of their own."""
    return (json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
