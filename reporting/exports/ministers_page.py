"""The summary for a government's head as a Word file, to go on working with."""

from django.utils.translation import gettext as _
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.shared import Cm, Pt

from reporting.document.ministers_page import Item, MinistersPage
from reporting.exports import word
from scoreboard.phrases import moment

WIDTHS = (6.4, 1.4, 1.7, 2, 2, 1.8, 1.6, 1.6)  # centimetres of the columns of the table of areas


def docx(page: MinistersPage) -> bytes:
    """Return the two pages in the active language."""
    document = word.begin(page.title, size=8.5, margin=1.4)
    spacing = document.styles["Normal"].paragraph_format
    spacing.space_after, spacing.line_spacing = Pt(2), 1
    for name, size in (("Heading 1", 15), ("Heading 2", 12), ("Heading 3", 8.5)):
        style = document.styles[name]
        style.font.size, style.paragraph_format.space_before = Pt(size), Pt(6)
    _first_page(document, page)
    _second_page(document, page)
    return word.written(document, at=page.at)


def _first_page(document: WordDocument, page: MinistersPage) -> None:
    document.add_heading(page.title, 1)
    if page.marks:
        document.add_paragraph(page.marks)
    document.add_paragraph(page.edition)
    accepted = {"number": page.version, "as_of": moment(page.at, page.submission.cycle)}
    document.add_paragraph(
        " ".join(
            [
                _("Version %(number)s, accepted %(as_of)s.") % accepted,
                _("A self-assessment: the country is measured against itself, not ranked."),
                page.basis,
            ]
        )
    )
    _areas(document, page)
    document.add_paragraph(f"{page.compared} {page.group}")
    if page.caution:
        document.add_paragraph(page.caution)
    document.add_heading(_("Strengths"), 2)
    _items(document, page.strengths, page.few_strengths)


def _second_page(document: WordDocument, page: MinistersPage) -> None:
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    document.add_heading(_("Gaps, and the next level"), 2)
    _items(document, page.gaps, page.few_gaps)
    document.add_heading(_("Steps planned"), 2)
    for step in page.steps:
        document.add_heading(step.title, 3)
        document.add_paragraph(step.text)
    for sentence in filter(None, [page.few_steps, *page.notes]):
        document.add_paragraph(sentence)


def _areas(document: WordDocument, page: MinistersPage) -> None:
    heads = [
        _("Area"),
        _("Now"),
        _("With a level"),
        _("Same questions, last time"),
        _("Same questions, now"),
        _("Same questions"),
        _("Median of all"),
        _("Countries"),
    ]
    table = word.table(document, len(page.areas) + 1, len(heads))
    table.autofit = False
    for row, texts in zip(table.rows, [heads, *page.areas], strict=True):
        for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
            cell.text, cell.width = text, Cm(width)


def _items(document: WordDocument, items: list[Item], few: str) -> None:
    for one in items:
        document.add_heading(one.title, 3)
        document.add_paragraph(f"{one.sentence} {one.text}")
    if few:
        document.add_paragraph(few)
