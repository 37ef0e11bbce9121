"""Read an uploaded workbook: refuse what must not be in such a file, then return what its cells say."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from scoreboard import spreadsheets
from scoreboard.errors import Invalid
from scoreboard.models import Submission
from scoreboard.text import one_line, stripped
from scoreboard.workbook import cells, writing

MAX_SIZE = spreadsheets.MAX_SIZE  # bytes of the file
MAX_ROWS, MAX_COLUMNS = 2_000, 16
LABEL, LEVELS = 2, 3  # the columns that show which indicator a row is about, and its levels

Id = tuple[str, int]  # an indicator's code, and the revision of its answer that the row showed
Ids = dict[str, Any]  # the content of the hidden sheet
Texts = dict[str, str]  # part of an answer → what its cell says


@dataclass(frozen=True)
class Row:
    """What the file says of the indicator `code`; `seen` is the revision that the row showed when it was downloaded.

    `label` and `levels` are what the row shows of its indicator, `number` counts the sheet's rows from 1, and columns
    are named by their letters.
    """

    code: str
    seen: int
    texts: Texts
    label: str
    levels: str
    number: int
    levels_column: str
    answer_column: str


@dataclass(frozen=True)
class Book:
    """What a file says: the language in which its lists are written, and by indicator code its rows and those lists.

    The lists hold the wording of the day on which the file was made, as `cells.comparable` returns it.
    """

    language: str
    rows: dict[str, Row]
    lists: dict[str, set[str]]


def read_workbook(file: IO[bytes], submission: Submission) -> Book:
    """Return what a workbook of this submission says; raise Invalid with a sentence for a file that is refused.

    Nothing is unpacked before its size is known, and of the sheets only the rows that can matter are read.
    """
    book = spreadsheets.open_workbook(
        file, headings=cells.HEADINGS, advice=_("Upload the file that you downloaded here and filled.")
    )
    try:
        ids = _hidden_ids(book)
        _require_own(ids, submission)
        areas = _areas(book, ids["language"])
        _require_whole(ids["areas"], areas)
        rows = {row.code: row for found in areas.values() for row in found}
        _require_in_place(submission, rows)
        lists = _lists(book, ids["areas"])
    except (Invalid, MemoryError):
        raise
    except Exception as error:  # a damaged file can break the library anywhere
        raise Invalid(spreadsheets.damaged()) from error
    finally:
        book.close()
    return Book(ids["language"], rows, lists)


def _hidden_ids(book: Workbook) -> Ids:
    """Return what the hidden sheet says: which submission the file is of, its language, and the rows of each area."""
    if cells.IDS not in book.sheetnames:
        raise Invalid(
            _("The file is not a workbook of this page: its hidden sheet is missing. Download one here, and fill that.")
        )
    try:
        ids = json.loads(str(book[cells.IDS]["A1"].value))
        areas = {str(area): [(str(code), int(seen)) for code, seen in rows] for area, rows in ids["areas"].items()}
        return {**ids, "language": str(ids["language"]), "areas": areas}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid(_edited()) from error


def _edited() -> str:
    return _("The hidden ids of the file were changed, so its answers cannot be distinguished. Download it again.")


def _require_own(ids: Ids, submission: Submission) -> None:
    own = writing.ids(submission, ids["language"])
    if ids.get("format") != own["format"]:
        raise Invalid(_("The file comes from another version of the portal. Download it again."))
    if ids.get("edition") != own["edition"]:
        raise Invalid(
            _("The file belongs to another edition of the questionnaire (%(found)s); this one is %(own)s.")
            % {"found": ids.get("edition"), "own": own["edition"]}
        )
    if ids.get("country") != own["country"]:
        raise Invalid(
            _("The file belongs to another country (%(found)s); these answers are those of %(own)s.")
            % {"found": ids.get("country"), "own": submission.country}
        )
    if ids.get("cycle") != own["cycle"]:
        raise Invalid(
            _("The file belongs to another cycle (%(found)s); these answers are for %(own)s.")
            % {"found": ids.get("cycle"), "own": submission.cycle}
        )
    if ids["language"] not in submission.cycle.edition.languages:
        raise Invalid(_edited())


def _areas(book: Workbook, language: str) -> dict[str, list[Row]]:
    """Return the rows of each area; raise Invalid for a sheet or a row that is there twice."""
    areas: dict[str, list[Row]] = {}
    codes: set[str] = set()
    for sheet in book.worksheets:
        found = _area_rows(sheet, language) if isinstance(sheet, ReadOnlyWorksheet) else None
        if found is None:
            continue
        area, rows = found
        if area in areas:
            raise Invalid(_("The sheet of area %(area)s is there twice. Keep one of them.") % {"area": area})
        for row in rows:
            if row.code in codes:
                raise Invalid(_("The row of indicator %(code)s is there twice. Keep one of them.") % {"code": row.code})
            codes.add(row.code)
        areas[area] = rows
    return areas


def _area_rows(sheet: ReadOnlyWorksheet, language: str) -> tuple[str, list[Row]] | None:
    """Return the area that a sheet is about, and its rows; None for any other sheet."""
    lines = enumerate(sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS), start=1)
    _first, head = next(lines, (1, ()))
    if not head or _text(head[0].value) != cells.AREA:
        return None
    area = _text(head[1].value)
    columns = _columns(head, area)
    rows = []
    for number, line in lines:
        if number == cells.HEADINGS:
            _require_headings(line, columns, area, language)
        if len(line) >= 2 and line[0].value is not None:
            rows.append(_row(number, line, columns, area))
    return area, rows


def _row(number: int, line: tuple[Any, ...], columns: dict[str, int], area: str) -> Row:
    """Return what a line of an area's sheet says; `columns` are the positions of the parts of an answer."""
    cell_at = dict(enumerate(line))
    for cell in (line[0], line[1], *(cell_at[n] for n in columns.values() if n in cell_at)):
        _require_plain(cell, area)

    def text(n: int) -> str:
        return _text(cell_at[n].value) if n in cell_at else ""

    return Row(
        code=one_line(text(0)),
        seen=_whole(line[1].value),
        texts={name: text(n) for name, n in columns.items()},
        label=text(LABEL),
        levels=text(LEVELS),
        number=number,
        levels_column=get_column_letter(LEVELS + 1),
        answer_column=get_column_letter(columns["answer"] + 1),
    )


def _columns(head: tuple[Any, ...], area: str) -> dict[str, int]:
    """Return the position of each part of an answer, by the hidden names above the columns."""
    columns: dict[str, int] = {}
    for n, cell in enumerate(head[2:], start=2):
        if (name := _text(cell.value)) in columns:
            raise Invalid(_("A column is there twice on the sheet of area %(area)s. Keep one.") % {"area": area})
        if name:
            columns[name] = n
    if {part.name for part in cells.PARTS} - cells.ADDED - columns.keys():
        raise Invalid(_("A column is missing on the sheet of area %(area)s. Download the file again.") % {"area": area})
    return columns


def _require_headings(line: tuple[Any, ...], columns: dict[str, int], area: str, language: str) -> None:
    """Refuse columns that were moved away from their hidden names."""
    with translation.override(language):
        titles = {one_line(str(part.title)).casefold(): part.name for part in cells.PARTS}
    for name, n in columns.items():
        heading = _text(line[n].value) if n < len(line) else ""
        if titles.get(one_line(heading.partition("\n")[0]).casefold(), name) != name:
            raise Invalid(
                _("The columns on the sheet of area %(area)s were moved: “%(heading)s” is above another one.")
                % {"area": area, "heading": one_line(heading.partition("\n")[0])}
                + " "
                + _("Move them back, or download the file again.")
            )


def _require_plain(cell: Any, area: str) -> None:
    """Refuse a cell whose reader sees something else than what is stored in it."""
    words = {"cell": getattr(cell, "coordinate", ""), "area": area, "value": str(cell.value)[:40]}
    if cell.data_type == "f":
        raise Invalid(
            _("Cell %(cell)s on the sheet of area %(area)s holds a formula. Replace it by what it shows.") % words
        )
    if cell.data_type == "e":
        raise Invalid(
            _("Cell %(cell)s on the sheet of area %(area)s holds an error, %(value)s. Empty it, or type it anew.")
            % words
        )
    if isinstance(cell.value, int | float) and "%" in (getattr(cell, "number_format", "") or ""):
        raise Invalid(
            _("Cell %(cell)s on the sheet of area %(area)s is formatted as per cent. Format it as text; type it anew.")
            % words
        )


def _require_whole(expected: dict[str, list[Id]], areas: dict[str, list[Row]]) -> None:
    """Compare the ids of the rows with those of the hidden sheet."""
    if missing := sorted(expected.keys() - areas.keys()):
        raise Invalid(_("The sheet of area %(area)s is missing. Download the file again.") % {"area": missing[0]})
    present = {row.code for rows in areas.values() for row in rows}
    if missing := [code for ids in expected.values() for code, _seen in ids if code not in present]:
        raise Invalid(_("The row of indicator %(code)s is missing. Download the file again.") % {"code": missing[0]})
    if expected != {area: [(row.code, row.seen) for row in rows] for area, rows in areas.items()}:
        raise Invalid(_edited())


def _require_in_place(submission: Submission, rows: dict[str, Row]) -> None:
    """Refuse rows that show another indicator than their hidden id names, as sorting what is visible leaves them."""
    for indicator in submission.cycle.edition.all_indicators:
        row = rows[indicator.code]
        if not one_line(row.label).startswith(f"{indicator.label} ·"):
            words = {"row": row.number, "area": indicator.area.code, "label": indicator.label}
            shown = one_line(row.label).partition(" · ")[0][:40]
            raise Invalid(
                _("Row %(row)s on the sheet of area %(area)s belongs to %(label)s, but shows “%(shown)s”.")
                % {**words, "shown": shown}
                + " "
                + _("Its rows were sorted or moved. Undo that, or download the file again.")
            )


def _lists(book: Workbook, areas: dict[str, list[Id]]) -> dict[str, set[str]]:
    """Return by indicator code the entries of the lists in the file, nothing if a program left them out."""
    codes = [code for ids in areas.values() for code, _seen in ids]
    lists: dict[str, set[str]] = {code: set() for code in codes}
    if writing.LISTS in book.sheetnames:
        for line in book[writing.LISTS].iter_rows(max_row=MAX_ROWS, max_col=len(codes), values_only=True):
            for code, value in zip(codes, line, strict=False):
                if value is not None:
                    lists[code].add(cells.comparable(_text(value)))
    return lists


def _whole(value: Any) -> int:
    """Return a revision, which some programs write as 1.0 or as text; -1 for anything else."""
    number = re.fullmatch(r"([0-9]{1,9})(\.0+)?", one_line(_text(value)))
    return int(number[1]) if number else -1


def _text(value: Any) -> str:
    """Return a cell as text, as its reader sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        return value.isoformat().removesuffix("T00:00:00")
    text = re.sub(r"\r\n?", "\n", str(value).replace("_x000D_", ""))
    return stripped(text)
