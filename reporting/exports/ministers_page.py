"""The summary for a government's head as a Word file, to go on working with: two pages, whatever its texts."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from django.utils.translation import gettext as _
from docx.document import Document as WordDocument
from docx.shared import Cm, Pt

from reporting.charts.svg import width_of
from reporting.document.ministers_page import AreaLine, Item, MinistersPage
from reporting.exports import word
from scoreboard.phrases import moment

MARGIN = 1.4  # centimetres
# Of a page's text, in points, without a last line.
WIDTH: float = Cm(21 - 2 * MARGIN).pt
ROOM: float = Cm(29.7 - 2 * MARGIN).pt - 12
WIDTHS = (6.4, 1.4, 1.7, 2, 2, 1.8, 1.6, 1.6)  # centimetres of the columns of the table of areas
PADDING = 11  # points left and right in a cell together

# A word processor sets the text in whatever font it has, so nobody knows how many lines it takes. Lines have the same
# height in all fonts, texts are taken to be wider than they are in most, and the largest of these sizes is chosen with
# which both pages then have room; the smallest is for texts of wide letters without spaces.
SIZES = (8.5, 8.25, 8, 7.75, 7.5, 7.25, 7, 6.75, 6.5, 6.25, 6, 5.5, 5, 4.5, 4)
LINE = 1.25  # of the size
SAFETY, WIDEST = 1.12, 1.1  # times as wide as about, and of a letter in sizes
BEFORE, AFTER = 6, 2  # points before a heading and after a paragraph
STYLES = {"Heading 1": 1.75, "Heading 2": 1.4, "Heading 3": 1, "Normal": 1}  # and their size against the text's


class Block(NamedTuple):
    """A paragraph or a heading."""

    style: str
    text: str


def docx(page: MinistersPage) -> bytes:
    """Return the two pages in the active language."""
    above, below, second = [*_above(page)], [*_below(page)], [*_second(page)]
    rows = [_heads(), *page.areas]
    size = next((one for one in SIZES if _fits([*above, *below], second, rows, one)), SIZES[-1])
    document = word.begin(page.title, size=size, margin=MARGIN)
    for name, times in STYLES.items():
        style = document.styles[name]
        word.set_size(style, size * times)
        style.paragraph_format.line_spacing = Pt(size * times * LINE)
        style.paragraph_format.space_before = Pt(0 if name == "Normal" else BEFORE)
        style.paragraph_format.space_after = Pt(AFTER)
    _add(document, above)
    _add_table(document, rows)
    _add(document, below)
    first = len(document.paragraphs)
    _add(document, second)
    document.paragraphs[first].paragraph_format.page_break_before = True
    return word.written(document, at=page.at)


def _fits(first: Sequence[Block], second: Sequence[Block], rows: Sequence[Sequence[str]], size: float) -> bool:
    """Whether both pages have room for their texts in this size."""
    table = sum(
        max(_lines(text, size, Cm(width).pt - PADDING) for text, width in zip(row, WIDTHS, strict=True)) * size * LINE
        + AFTER
        + 1  # the line around it
        for row in rows
    )
    return _height(first, size) + table <= ROOM and _height(second, size) <= ROOM


def _height(blocks: Sequence[Block], size: float) -> float:
    """Return how high the paragraphs are together, in points."""
    return sum(
        _lines(text, size * STYLES[style], WIDTH) * size * STYLES[style] * LINE
        + AFTER
        + (0 if style == "Normal" else BEFORE)
        for style, text in blocks
    )


def _lines(text: str, size: float, width: float) -> int:
    """Return how many lines a text takes at most; one with a word longer than a line can be of the widest letters."""
    if any(width_of(word, size) > width for word in text.split()):
        return ceil(len(text) * WIDEST * size / width) + 1
    return max(1, ceil(width_of(text, size) * SAFETY / width))


def _above(page: MinistersPage) -> Iterator[Block]:
    """What is above the table of areas."""
    yield Block("Heading 1", page.title)
    if page.marks:
        yield Block("Normal", page.marks)
    yield Block("Normal", page.edition)
    accepted = {"number": page.version, "as_of": moment(page.at, page.submission.cycle)}
    sentences = [
        _("Version %(number)s, accepted %(as_of)s.") % accepted,
        _("A self-assessment: the country is measured against itself, not ranked."),
        page.basis,
    ]
    yield Block("Normal", " ".join(sentences))


def _below(page: MinistersPage) -> Iterator[Block]:
    """What is below the table on the first page."""
    yield Block("Normal", f"{page.compared} {page.group}")
    if page.objectives:
        yield Block("Normal", page.objectives)
    if page.caution:
        yield Block("Normal", page.caution)
    yield Block("Heading 2", _("Strengths"))
    yield from _items(page.strengths, page.few_strengths)


def _second(page: MinistersPage) -> Iterator[Block]:
    """The second page."""
    yield Block("Heading 2", _("Gaps, and the next level"))
    yield from _items(page.gaps, page.few_gaps)
    yield Block("Heading 2", _("Steps planned"))
    for step in page.steps:
        yield Block("Heading 3", step.title)
        yield Block("Normal", step.text)
    yield from (Block("Normal", sentence) for sentence in filter(None, [page.few_steps, *page.notes]))


def _items(items: Sequence[Item], few: str) -> Iterator[Block]:
    for one in items:
        yield Block("Heading 3", one.title)
        yield Block("Normal", f"{one.sentence} {one.text}")
    if few:
        yield Block("Normal", few)


def _heads() -> AreaLine:
    """The titles of the table's columns."""
    return AreaLine(
        title=_("Area"),
        percent=_("Now"),
        scored=_("With a level"),
        then=_("Same questions, last time"),
        now=_("Same questions, now"),
        matched=_("Same questions"),
        group=_("Median of all"),
        n=_("Countries"),
    )


def _add(document: WordDocument, blocks: Sequence[Block]) -> None:
    for style, text in blocks:
        document.add_paragraph(text, style)


def _add_table(document: WordDocument, rows: Sequence[AreaLine]) -> None:
    table = word.table(document, len(rows), len(WIDTHS))
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):  # LibreOffice reads these, Word those of the cells
        column.width = Cm(width)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
            cell.text, cell.width = text, Cm(width)
