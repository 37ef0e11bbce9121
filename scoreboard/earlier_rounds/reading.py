"""Reads a file of earlier results: its tables in one of three shapes, as lines that say where each came from.

Long: a row per country and indicator, also the portal's own export. Wide: a row per country and a column per indicator.
Figures: the rows of a data form, a sheet for each. What names and codes stand for is not decided here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from scoreboard import table_reading
from scoreboard.errors import Invalid
from scoreboard.table_reading import Formula, Sheet
from scoreboard.text import is_blank, one_line

MAX_SIZE = 3 * 2**20  # bytes
MAX_ROWS = 20_000  # of a table
MAX_SHEETS = 40

COUNTRY = ("country_iso2", "iso2", "country_iso3", "iso3", "country")  # the first that is there counts
LONG = ("indicator", "level")  # with a country, the columns that make a table long
LONG_COLUMNS = ("cycle", "kind", "reason", "comment", "comment_withheld", "submitted_on", "links")
WIDE_COLUMNS = ("cycle", "submitted_on")
# Columns of the portal's own files that say nothing of an answer.
IGNORED = {
    *COUNTRY,
    *("subregion", "groups", "version", "accepted_on", "late", "reopened", "reported", "area", "area_title"),
    *("row", "rows", "indicator_title", "kind_label", "level_label", "percent", "confirmed"),
}


@dataclass(frozen=True)
class Place:
    """Where something is in the file: the sheet (empty for CSV), the row, and the column by letter and name."""

    sheet: str
    row: int
    column: str = ""

    def __str__(self) -> str:
        parts = [_("Sheet “%s”") % self.sheet] if self.sheet else []
        parts.append(_("row %s") % self.row)
        if self.column:
            parts.append(_("column %s") % self.column)
        text = ", ".join(parts)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place, and how to correct it; `name` is that of a country that nobody knows."""

    place: Place
    sentence: str
    name: str = ""


@dataclass(frozen=True)
class Line:
    """The cells of a row by the names of its columns; an answer's indicator is in `indicator`, its text in `level`."""

    place: Place
    cells: Mapping[str, Any]
    columns: Mapping[str, str]  # name of a column → how a place names it

    def at(self, column: str) -> Place:
        """Return the place of one of its cells."""
        return Place(self.place.sheet, self.place.row, self.columns.get(column, ""))


@dataclass
class Tables:
    """What a file holds: lines of answers, lines of figures by sheet, faults, and the sheets that are not read."""

    answers: list[Line] = field(default_factory=list)
    figures: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def read(content: bytes, name: str, *, indicators: Collection[str], forms: Sequence[Collection[str]]) -> Tables:
    """Return what the file holds.

    `indicators` are the labels and codes, in lower case, that can name a column of a wide table; `forms` the codes of
    the columns of each data form. Raises Invalid with a sentence for a file that cannot be read at all.
    """
    if len(content) > MAX_SIZE:
        raise Invalid(
            _("The file is larger than %s MB. Divide it by cycle, and bring in the parts one after the other.")
            % (MAX_SIZE // 2**20)
        )
    if not content.strip():
        raise Invalid(_("The file is empty."))
    advice = _("Save the table as “Excel workbook (.xlsx)” or as “CSV UTF-8”.")
    sheets = table_reading.read(content, name, most_rows=MAX_ROWS, advice=advice, sheets=MAX_SHEETS)
    headed = [(sheet, heading) for sheet in sheets if any(heading := _heading(sheet))]
    for sheet, heading in headed:
        _require_size(sheet, heading)
    found = Tables()
    long = [one for one in headed if _is_long(one[1])]
    wide = [one for one in headed if one not in long and _is_wide(one[1], indicators)][: 0 if long else 1]
    for sheet, heading in headed:
        if (sheet, heading) in long:
            found.answers += _lines(sheet, heading, {*LONG, *LONG_COLUMNS}, found.faults)
        elif (sheet, heading) in wide:
            found.answers += _unfolded(sheet, heading, indicators, found.faults)
        elif columns := _form(heading, forms):
            found.figures += _lines(sheet, heading, {*columns, "cycle", "indicator"}, found.faults)
        else:
            found.skipped.append(sheet.name)
    if not long and not wide:
        raise Invalid(_not_recognised(indicators))
    return found


def _heading(sheet: Sheet) -> list[str]:
    return [str(value or "").strip().casefold().replace(" ", "_") for value in sheet.rows[0]] if sheet.rows else []


def _require_size(sheet: Sheet, heading: Sequence[str]) -> None:
    if len(sheet.rows) > MAX_ROWS + 1:
        raise Invalid(
            _("%(where)s has more than %(most)s rows. Divide the file by cycle, and bring in one after the other.")
            % {"where": _("Sheet “%s”") % sheet.name if sheet.name else _("The file"), "most": MAX_ROWS}
        )
    doubled = sorted({name for name in heading if name and heading.count(name) > 1})
    if doubled:
        where = Place(sheet.name, 1)
        raise Invalid(_("%(where)s: these columns are there twice: %(names)s.") % {"where": where, "names": doubled[0]})


def _is_long(heading: Collection[str]) -> bool:
    return bool({*COUNTRY} & {*heading}) and {*LONG} <= {*heading}


def _is_wide(heading: Collection[str], indicators: Collection[str]) -> bool:
    return bool({*COUNTRY} & {*heading}) and any(name in indicators for name in heading)


def _form(heading: Collection[str], forms: Sequence[Collection[str]]) -> Collection[str] | None:
    """Return the columns of the data form that a table with these headings holds."""
    if not {*COUNTRY} & {*heading}:
        return None
    return next((codes for codes in forms if codes and {*codes} <= {*heading}), None)


def _not_recognised(indicators: Collection[str]) -> str:
    return _(
        "The first row names no columns that are known here. Give either “country”, “indicator” and “level”, or "
        "“country” and a column for each indicator, named by its code, such as “%s”. The template shows both."
    ) % next((one.upper() for one in indicators), "A1")


def _lines(sheet: Sheet, heading: Sequence[str], wanted: Collection[str], faults: list[Fault]) -> Iterator[Line]:
    """Yield the filled rows below the heading with the wanted columns; a formula or a short row is a fault."""
    country = next(name for name in COUNTRY if name in heading)
    written = {name: str(value).strip() for name, value in zip(heading, sheet.rows[0], strict=True)}
    letters = {name: f"{get_column_letter(n)} ({written[name]})" for n, name in enumerate(heading, start=1)}
    unknown = [n for n in heading if n and n not in wanted and n not in IGNORED and not _is_of_export(n)]
    if unknown:
        known = ", ".join(sorted(wanted))
        sentence = _("“%(name)s” is none of the columns that are read here: %(known)s. Rename it, or take it out.")
        faults.append(
            Fault(
                Place(sheet.name, 1, letters[unknown[0]]), sentence % {"name": written[unknown[0]][:40], "known": known}
            )
        )
    filled = sum(any(_filled(value) for value in row) for row in sheet.rows[1:])
    if "rows" in heading and filled and one_line(str(sheet.rows[1][heading.index("rows")])) != str(filled):
        sentence = _("The file says that it has %(said)s rows, and %(found)s are there. Take the whole file.")
        words = {"said": str(sheet.rows[1][heading.index("rows")])[:20], "found": filled}
        faults.append(Fault(Place(sheet.name, len(sheet.rows)), sentence % words))
    for number, row in enumerate(sheet.rows[1:], start=2):
        if not any(_filled(value) for value in row):
            continue
        place = Place(sheet.name, number)
        if not sheet.name and len(row) != len(heading):
            faults.append(Fault(place, _uneven(len(row), len(heading), is_last=number == len(sheet.rows))))
            continue
        cells = {name: value for name, value in zip(heading, row, strict=False) if name}
        formulas = [name for name in (country, *wanted) if isinstance(cells.get(name), Formula)]
        for name in formulas:
            sentence = _("It holds a formula. Copy the cell, and paste it as a value.")
            faults.append(Fault(Place(sheet.name, number, letters[name]), sentence))
        if not formulas:
            yield Line(
                place,
                {"country": cells[country], **{n: cells.get(n) for n in wanted}},
                letters | {"country": letters[country]},
            )


def _is_of_export(name: str) -> bool:
    """Whether the portal's own table of a row per country has such a column, with no answer."""
    return name.endswith(("_label", "_answered", "_strict", "_scored", "_of"))


def _uneven(found: int, expected: int, *, is_last: bool) -> str:
    sentence = _("The row has %(found)s cells, and the heading %(expected)s.") % {"found": found, "expected": expected}
    if found < expected and is_last:
        return sentence + " " + _("The file seems to be cut off here: take the whole file.")
    return sentence + " " + _("Put a text that holds the separator between quotation marks.")


def _unfolded(sheet: Sheet, heading: Sequence[str], indicators: Collection[str], faults: list[Fault]) -> Iterator[Line]:
    """Yield a line for each cell of a wide table that is below an indicator."""
    asked = [name for name in heading if name in indicators]
    for line in _lines(sheet, heading, {*asked, *WIDE_COLUMNS}, faults):
        for name in asked:
            cells = {key: line.cells[key] for key in ("country", *WIDE_COLUMNS)}
            yield Line(
                line.place,
                cells | {"indicator": name, "level": line.cells[name]},
                {**line.columns, "indicator": line.columns[name], "level": line.columns[name]},
            )


def _filled(value: Any) -> bool:
    return value is not None and not is_blank(str(value))
