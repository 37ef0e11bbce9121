"""The workbook as a file: an instruction sheet, a sheet per area, lists to choose from, and hidden ids."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from scoreboard import phrases, zones
from scoreboard.data_tables import tables
from scoreboard.models import Answer, Area, Edition, Indicator, Submission
from scoreboard.submissions import previous_cycle
from scoreboard.workbook import cells, last_answer

LISTS = "mikt-lists"
ACCENT, SOFT, LINE = "#0B5C5B", "#E3EFED", "#B9C4C4"
FIRST = 4  # the column after two hidden ids, the indicator and its levels: what was last time, else the first part


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
        self.stream = BytesIO()
        self.book = Workbook(self.stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        text = {"text_wrap": True, "valign": "top"}
        frame = {"border": 1, "border_color": LINE}
        self.styles = {
            "title": self.book.add_format({"bold": True, "font_size": 15, "font_color": ACCENT, "valign": "vcenter"}),
            "heading": self.book.add_format({**text, "bold": True, "bg_color": SOFT, **frame}),
            "label": self.book.add_format({**text, "bold": True}),
            "text": self.book.add_format(text),
            "hint": self.book.add_format({**text, "font_color": "#55605F"}),
            # Format 49 is "text": what looks like a number, a date or a formula stays as it was typed.
            "fill": self.book.add_format({**text, "num_format": 49, "locked": False, **frame}),
        }

    def content(self) -> bytes:
        """Write all sheets and return the file."""
        with translation.override(self.language):
            self._instructions()
            lists = self.book.add_worksheet(LISTS) if self.edition.all_indicators else None
            rows: dict[str, list[tuple[str, int]]] = {}
            for area in self.edition.whole:
                rows[area.code] = self._area(area, lists)
            for indicator in self.edition.all_indicators:
                self._figures(indicator)
            if lists:
                lists.hide()
            if self.submission:
                self._ids(self.submission, rows)
        self.book.close()
        return self.stream.getvalue()

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(_sheet_name(name, {other.name for other in self.book.worksheets()}))
        sheet.protect(options={"format_rows": True, "format_columns": True})
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if translation.get_language_bidi():
            sheet.right_to_left()
        return sheet

    def _put(self, sheet: Worksheet, row: int, column: int, text: Any, style: str) -> None:
        """Write a text as a text, whatever it begins with."""
        if text:
            sheet.write_string(row, column, str(text), self.styles[style])
        else:
            sheet.write_blank(row, column, None, self.styles[style])

    def _instructions(self) -> None:
        sheet = self._sheet(_("Instructions"))
        sheet.set_column(0, 0, 110)
        self._put(sheet, 0, 0, self.submission or self.edition.title, "title")
        for row, (text, style) in enumerate(self._guide(), start=1):
            self._put(sheet, row, 0, text, style)

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
                "5. A focal point uploads it. The portal then shows each difference, beside what was changed "
                "there meanwhile, and writes only what is ticked."
            ),
        ]

    def _area(self, area: Area, lists: Worksheet | None) -> list[tuple[str, int]]:
        """Write an area's sheet; return the hidden ids of its rows."""
        sheet = self._sheet(f"{area.code} {area.title}")
        sheet.write_string(0, 0, cells.AREA)
        sheet.write_string(0, 1, area.code)
        self._put(sheet, 1, 2, f"{area.code} · {area.title}", "title")
        sheet.set_row(1, 28)
        for column, title in enumerate([_("Indicator"), _("Levels"), *self._cycle_before()], start=2):
            self._put(sheet, 2, column, title, "heading")
            sheet.set_column(column, column, 44)
        for column, part in enumerate(cells.PARTS, start=self.first):
            sheet.write_string(0, column, part.name)
            sheet.set_column(column, column, part.width)
            self._put(sheet, 2, column, f"{part.title}\n{part.help}", "heading")
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.set_row(2, 48)
        sheet.set_column(0, 1, None, None, {"hidden": True})
        sheet.set_column(3, 3, 56)
        sheet.freeze_panes(cells.HEADINGS, 3)
        return [
            self._row(sheet, row, indicator, lists)
            for row, indicator in enumerate(area.indicators.all(), start=cells.HEADINGS)
        ]

    def _cycle_before(self) -> list[str]:
        return [str(last.cycle) for last in self.last.values()][:1]

    def _row(self, sheet: Worksheet, row: int, indicator: Indicator, lists: Worksheet | None) -> tuple[str, int]:
        answer = self.answers.get(indicator.pk)
        revision = answer.revision if answer else 0
        sheet.write_string(row, 0, indicator.code)
        sheet.write_number(row, 1, revision)
        guidance = f"\n\n{indicator.guidance}" if str(indicator.guidance) else ""
        self._put(sheet, row, 2, f"{indicator.label} · {indicator.title}\n\n{indicator.measures}{guidance}", "text")
        levels = cells.levels(indicator)
        self._put(sheet, row, 3, levels, "text")
        if self.last:
            self._put(sheet, row, FIRST, last_answer.text(self.last.get(indicator.code)), "hint")
        for column, (part, text) in enumerate(cells.texts(indicator, answer).items(), start=self.first):
            self._put(sheet, row, column, text, "fill")
            if source := self._source(part, indicator, lists):
                self._offer(sheet, row, column, source)
        sheet.set_row(row, min(400, 15 * max(4, len(levels) // 50 + levels.count("\n") + 2)))
        return indicator.code, revision

    def _source(self, part: str, indicator: Indicator, lists: Worksheet | None) -> str | list[str]:
        """Return where the entries of a cell's list are, nothing for a cell of free text."""
        if part == "comment_withheld":
            return cells.yes_no()
        if part != "answer" or lists is None:
            return ""
        column = self.edition.all_indicators.index(indicator)
        entries = cells.options(indicator)
        for row, entry in enumerate(entries):
            lists.write_string(row, column, entry)
        first = xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(len(entries) - 1, column, row_abs=True, col_abs=True)
        return f"='{LISTS}'!{first}:{last}"

    def _offer(self, sheet: Worksheet, row: int, column: int, source: str | list[str]) -> None:
        refusal = {"error_title": _("Not in the list"), "error_message": _("Choose an entry of the list.")}
        sheet.data_validation(row, column, row, column, {"validate": "list", "source": source, **refusal})

    def _figures(self, indicator: Indicator) -> None:
        """Write the rows of an indicator's data form, locked."""
        form = getattr(indicator, "data_form", None)
        if form is None:
            return
        answer = self.answers.get(indicator.pk)
        sheet = self._sheet(f"{indicator.label} {form.title}")
        self._put(sheet, 0, 0, f"{indicator.label} · {form.title}", "title")
        self._put(sheet, 1, 0, _("To be read only: these figures are filled on the portal."), "hint")
        for column, heading in enumerate(form.all_columns):
            self._put(sheet, 2, column, heading.title, "heading")
            sheet.set_column(column, column, 22)
        for row, filled in enumerate(answer.figures if answer else [], start=3):
            for column, heading in enumerate(form.all_columns):
                self._put(sheet, row, column, tables.cell_to_copy(heading, filled.get(heading.code)), "text")

    def _ids(self, submission: Submission, rows: dict[str, list[tuple[str, int]]]) -> None:
        sheet = self.book.add_worksheet(cells.IDS)
        hidden = ids(submission, self.language) | {"areas": rows}
        sheet.write_string(0, 0, json.dumps(hidden, ensure_ascii=False))
        sheet.protect()
        sheet.very_hidden()


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
