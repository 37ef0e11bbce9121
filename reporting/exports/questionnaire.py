"""The questionnaire without answers as a Word file, to be filled in by whoever has no other program."""

from datetime import UTC, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx.document import Document as WordDocument

from reporting.document import numbers
from reporting.exports import word
from scoreboard.models import DataForm, DataFormColumn, Edition, Indicator

BOX = "☐"
ROWS = 5  # of an empty table of figures
WIDEST = 6  # columns that fit on a page; a wider table is asked for column by column
SAVED = datetime(2000, 1, 1, tzinfo=UTC)  # a form has no date of its own


def docx(edition: Edition, language: str) -> bytes:
    """Return the form in one of its edition's languages."""
    with translation.override(language):
        document = word.begin(str(edition.title), size=10, margin=2)
        _opening(document, edition)
        for area in edition.whole:
            document.add_heading(f"{area.code} · {area.title}", 1)
            _add(document, area.introduction)
            for indicator in area.indicators.all():
                _indicator(document, indicator)
        return word.written(document, at=SAVED)


def _opening(document: WordDocument, edition: Edition) -> None:
    document.add_heading(str(edition.title), 0)
    if edition.provisional:
        _add(document, f"{_('Provisional wording.')} {edition.provisional_note}")
    _add(
        document,
        _(
            "How to use this form: fill it in and give it to your country’s focal point, who types the answers in on "
            "the portal. The Secretariat can enter it on the country’s behalf. The portal does not read this file; it "
            "reads the workbook that a focal point downloads from the country’s submission."
        ),
    )
    _fields(document, [_("Country"), _("Filled in by (name, office)"), _("Date")])
    if edition.answer_rule or edition.reading:
        document.add_heading(_("How to choose a level"), 2)
        _add(document, edition.answer_rule)
        _add(document, edition.reading)


def _indicator(document: WordDocument, indicator: Indicator) -> None:
    document.add_heading(f"{indicator.label} · {indicator.title}", 2)
    _add(document, indicator.measures)
    _add(document, indicator.guidance)
    choices = [f"{level.value}  {level.text}" for level in indicator.ladder]
    if indicator.not_applicable:
        choices.append(_("Not applicable, because:"))
    choices.append(_("Unknown: nobody could find out"))
    for choice in choices:
        document.add_paragraph(f"{BOX} {choice}")
    _fields(
        document,
        [
            _("Comment, which is published with the answer"),
            f"{BOX} {_('The comment is not for publication')}",
            _("Why the level differs from last time"),
            _("Intended step towards the next level"),
            _("Evidence: files and links, which are never published"),
        ],
    )
    if form := getattr(indicator, "data_form", None):
        _figures(document, form)


def _figures(document: WordDocument, form: DataForm) -> None:
    """Ask for the figures of a form: its columns explained, then empty rows."""
    document.add_heading(str(form.title), 3)
    _add(document, form.introduction)
    columns = form.all_columns
    for column in columns:
        if explained := _explained(column):
            _add(document, f"{column.title}: {explained}")
    for at in range(0, len(columns), WIDEST):
        some = columns[at : at + WIDEST]
        table = word.table(document, ROWS + 1, len(some))
        for cell, column in zip(table.rows[0].cells, some, strict=True):
            cell.text = str(column.title)
        document.add_paragraph()
    document.add_paragraph(f"{BOX} {_('The figures are not for publication')}")


def _explained(column: DataFormColumn) -> str:
    """What a cell of the column holds, in a sentence or two."""
    choices = "; ".join(str(numbers.text(choice["title"])) for choice in column.choices)
    return " ".join(filter(None, [str(column.help), choices and _("One of: %s.") % choices]))


def _fields(document: WordDocument, labels: list[str]) -> None:
    """Add a table of labels, each with an empty cell to write into."""
    table = word.table(document, len(labels), 2)
    for row, label in zip(table.rows, labels, strict=True):
        row.cells[0].text = label
    document.add_paragraph()


def _add(document: WordDocument, text: Any) -> None:
    """Add the paragraphs of a text, if it has any."""
    for paragraph in str(text or "").split("\n\n"):
        if paragraph.strip():
            document.add_paragraph(paragraph.strip())
