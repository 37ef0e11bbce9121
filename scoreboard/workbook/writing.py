"""The workbook as a file: an instruction sheet, a sheet per area, lists to choose from, and hidden ids."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scoreboard import phrases, zones
from scoreboard.data_tables.cells import cell_to_copy
from scoreboard.models import Answer, Area, Edition, Indicator, Submission
from scoreboard.submissions import previous_cycle
from scoreboard.workbook import cells, last_answer, text_cells

LISTS = "mikt-lists"
ACCENT, SOFT, LINE, GREY = "0B5C5B", "E3EFED", "B9C4C4", "55605F"
FIRST = 5  # the column after two hidden ids, the indicator and its levels: what was last time, else the first part


def write(submission: Submission, language: str) -> bytes:
    """Return the submission as an XLSX file whose texts are in `language`, one of its edition's or of the portal's."""
    answers = {answer.indicator_id: answer for answer in submission.answers.select_related("level")}
    return _Book(submission.cycle.edition, language, submission, answers).content()


def blank(edition: Edition, language: str) -> bytes:
    """Return the questionnaire without answers; such a file cannot be read in again."""
    return _Book(edition, language, None, {}).content()


class _Book:
    """A workbook that is being written."""

    def __init__(
        self, edition: Edition, language: str, submission: Submission | None, answers: Mapping[int, Answer]
    ) -> None:
        self.edition, self.language, self.submission, self.answers = edition, language, submission, answers
        self.last = previous_cycle.of(submission) if submission else {}
        self.first = FIRST + bool(self.last)  # the column of the first part
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        for style in _styles():
            self.book.add_named_style(style)

    def content(self) -> bytes:
        """Write all sheets and return the file."""
        with translation.override(self.language):
            self._instructions()
            lists = self.book.create_sheet(LISTS) if self.edition.all_indicators else None
            rows: dict[str, list[tuple[str, int]]] = {}
            for area in self.edition.whole:
                rows[area.code] = self._area(area, lists)
            for indicator in self.edition.all_indicators:
                self._figures(indicator)
            if lists:
                lists.sheet_state = Worksheet.SHEETSTATE_HIDDEN
            if self.submission:
                self._ids(self.submission, rows)
        stream = BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.book.create_sheet(_sheet_name(name, set(self.book.sheetnames)))
        _protect(sheet)
        sheet.protection.formatRows = sheet.protection.formatColumns = False  # False: this may be done
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.rightToLeft = translation.get_language_bidi()
        sheet.page_setup.orientation, sheet.page_setup.paperSize = sheet.ORIENTATION_LANDSCAPE, sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0  # as many pages high as it takes
        return sheet

    def _put(self, sheet: Worksheet, row: int, column: int, text: Any, style: str) -> None:
        """Write a text as a text, whatever it begins with."""
        cell = sheet.cell(row, column)
        cell.style = style
        if text:
            text_cells.put(cell, str(text)[: text_cells.LONGEST])

    def _instructions(self) -> None:
        sheet = self._sheet(_("Instructions"))
        _width(sheet, 1, 110)
        self._put(sheet, 1, 1, self.submission or self.edition.title, "title")
        for row, (text, style) in enumerate(self._guide(), start=2):
            self._put(sheet, row, 1, text, style)

    def _guide(self) -> list[tuple[str, str]]:
        edition, submission = self.edition, self.submission
        guide = [(str(edition.title), "label")] if submission else []
        if submission and submission.cycle.is_example:
            guide.append((_("Invented example data: nothing in this file is a country’s real answer."), "label"))
        if edition.provisional:
            guide.append((f"{_('Provisional wording.')} {edition.provisional_note}", "hint"))
        if submission:
            with zones.no_page():
                time_left = phrases.time_left(submission)
            guide += [(time_left, "text"), ("", "text"), (_("How to use this file"), "label")]
            guide += [(text, "text") for text in self._steps()]
        how = [str(text) for text in (edition.answer_rule, edition.reading) if text]
        if how:
            guide += [("", "text"), (_("How to choose a level"), "label"), *((text, "text") for text in how)]
        return guide

    def _steps(self) -> list[str]:
        return [
            _("1. Each area has a sheet. Fill the framed cells only; the others are locked."),
            _("2. Choose the answer from the list in its cell. Comments may be as long as some ten pages."),
            _("3. Do not add, remove or sort rows or sheets, and write no formulas: such a file is refused."),
            _("4. Pass the file around. Save it as an Excel workbook (.xlsx), in whichever program you use."),
            _(
                "5. A focal point uploads it. The portal then shows each difference, next to what was changed "
                "there meanwhile, and writes only what is ticked."
            ),
        ]

    def _area(self, area: Area, lists: Worksheet | None) -> list[tuple[str, int]]:
        """Write an area's sheet; return the hidden ids of its rows."""
        sheet = self._sheet(f"{area.code} {area.title}")
        text_cells.put(sheet["A1"], cells.AREA)
        text_cells.put(sheet["B1"], area.code)
        self._put(sheet, 2, 3, f"{area.code} · {area.title}", "title")
        for column, title in enumerate([_("Indicator"), _("Levels"), *self._cycle_before()], start=3):
            self._put(sheet, 3, column, title, "heading")
            _width(sheet, column, 56 if column == 4 else 44)
        for column, part in enumerate(cells.PARTS, start=self.first):
            text_cells.put(sheet.cell(1, column), part.name)
            _width(sheet, column, part.width)
            self._put(sheet, 3, column, f"{part.title}\n{part.help}", "heading")
        sheet.row_dimensions[1].hidden = True
        sheet.row_dimensions[2].height, sheet.row_dimensions[3].height = 28, 48
        sheet.column_dimensions["A"].hidden = sheet.column_dimensions["B"].hidden = True
        sheet.freeze_panes = sheet.cell(cells.HEADINGS + 1, 4).coordinate
        withholding = _offer(sheet, f'"{",".join(cells.yes_no())}"')
        return [
            self._row(sheet, row, indicator, lists, withholding)
            for row, indicator in enumerate(area.indicators.all(), start=cells.HEADINGS + 1)
        ]

    def _cycle_before(self) -> list[str]:
        return [str(last.cycle) for last in self.last.values()][:1]

    def _row(
        self, sheet: Worksheet, row: int, indicator: Indicator, lists: Worksheet | None, withholding: DataValidation
    ) -> tuple[str, int]:
        answer = self.answers.get(indicator.pk)
        revision = answer.revision if answer else 0
        text_cells.put(sheet.cell(row, 1), indicator.code)
        sheet.cell(row, 2, revision)
        guidance = f"\n\n{indicator.guidance}" if str(indicator.guidance) else ""
        self._put(sheet, row, 3, f"{indicator.label} · {indicator.title}\n\n{indicator.measures}{guidance}", "text")
        levels = cells.levels(indicator)
        self._put(sheet, row, 4, levels, "text")
        if self.last:
            self._put(sheet, row, FIRST, last_answer.text(self.last.get(indicator.code)), "hint")
        for column, (part, text) in enumerate(cells.texts(indicator, answer).items(), start=self.first):
            self._put(sheet, row, column, text, "fill")
            if part in cells.YES_NO:
                withholding.add(sheet.cell(row, column))
            elif part == "answer" and lists is not None:
                _offer(sheet, self._entries(indicator, lists)).add(sheet.cell(row, column))
        sheet.row_dimensions[row].height = min(400, 15 * max(4, len(levels) // 50 + levels.count("\n") + 2))
        return indicator.code, revision

    def _entries(self, indicator: Indicator, lists: Worksheet) -> str:
        """Write the entries of an indicator's list into a column; return its address."""
        column = self.edition.all_indicators.index(indicator) + 1
        entries = cells.options(indicator)
        for row, entry in enumerate(entries, start=1):
            text_cells.put(lists.cell(row, column), entry)
        letter = get_column_letter(column)
        return f"'{LISTS}'!${letter}$1:${letter}${len(entries)}"

    def _figures(self, indicator: Indicator) -> None:
        """Write the rows of an indicator's data form, locked."""
        form = getattr(indicator, "data_form", None)
        if form is None:
            return
        answer = self.answers.get(indicator.pk)
        sheet = self._sheet(f"{indicator.label} {form.title}")
        self._put(sheet, 1, 1, f"{indicator.label} · {form.title}", "title")
        self._put(sheet, 2, 1, _("To be read only: these figures are filled on the portal."), "hint")
        for column, heading in enumerate(form.all_columns, start=1):
            self._put(sheet, 3, column, heading.title, "heading")
            _width(sheet, column, 22)
        for row, filled in enumerate(answer.figures if answer else [], start=4):
            for column, heading in enumerate(form.all_columns, start=1):
                self._put(sheet, row, column, cell_to_copy(heading, filled.get(heading.code)), "text")

    def _ids(self, submission: Submission, rows: dict[str, list[tuple[str, int]]]) -> None:
        sheet = self.book.create_sheet(cells.IDS)
        named = ids(submission, self.language) | {"areas": rows}
        text_cells.put(sheet["A1"], json.dumps(named, ensure_ascii=False))
        _protect(sheet)
        sheet.sheet_state = Worksheet.SHEETSTATE_VERYHIDDEN


def _styles() -> list[NamedStyle]:
    """Return the styles of cells, by what they are for."""
    wrapped = Alignment(wrap_text=True, vertical="top")
    side = Side("thin", color=LINE)
    frame = Border(left=side, right=side, top=side, bottom=side)
    return [
        NamedStyle("title", font=Font(bold=True, size=15, color=ACCENT), alignment=Alignment(vertical="center")),
        NamedStyle("heading", font=Font(bold=True), fill=PatternFill("solid", SOFT), border=frame, alignment=wrapped),
        NamedStyle("label", font=Font(bold=True), alignment=wrapped),
        NamedStyle("text", alignment=wrapped),
        NamedStyle("hint", font=Font(color=GREY), alignment=wrapped),
        # "@" is the format of text: what looks like a number, a date or a formula stays as it was typed.
        NamedStyle("fill", number_format="@", border=frame, alignment=wrapped, protection=Protection(locked=False)),
    ]


def _protect(sheet: Worksheet) -> None:
    sheet.protection.enable()
    sheet.protection.objects = sheet.protection.scenarios = True


def _width(sheet: Worksheet, column: int, characters: int) -> None:
    sheet.column_dimensions[get_column_letter(column)].width = characters


def _offer(sheet: Worksheet, source: str) -> DataValidation:
    """Return a list to choose from, whose entries are at `source`, for cells that are added to it."""
    offer = DataValidation(
        type="list",
        formula1=source,
        showErrorMessage=True,
        errorTitle=_("Not in the list"),
        error=_("Choose an entry of the list."),
    )
    sheet.add_data_validation(offer)
    return offer


def ids(submission: Submission, language: str) -> dict[str, Any]:
    """Return what names the submission that a workbook belongs to."""
    return {
        "format": cells.FORMAT,
        "edition": submission.cycle.edition.code,
        "cycle": submission.cycle.code,
        "country": submission.country.iso2,
        "language": language,
    }


def languages(edition: Edition) -> list[tuple[str, str]]:
    """Return the languages that the edition speaks, each with its own name where the portal knows it."""
    names = dict(settings.LANGUAGES)
    return [(code, translation.gettext(names.get(code, code))) for code in edition.languages]


def _sheet_name(text: str, taken: set[str]) -> str:
    """Return a name that a sheet may have: short, without the signs that formulas use, and not taken."""
    clean = "".join(" " if letter in "[]:*?/\\'" else letter for letter in text)
    clean = " ".join(clean.split())[:31].strip()
    n = 2
    while clean.casefold() in {name.casefold() for name in taken}:
        clean, n = f"{clean[:27].strip()} ({n})", n + 1
    return clean
