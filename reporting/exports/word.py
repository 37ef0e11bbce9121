"""What all Word files of the portal have in common: A4, a title, a language, and the direction in which it is read."""

import io
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, get_language_bidi
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BEFORE_DIRECTION = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")  # in the format
AFTER_SIZE = ("w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:vertAlign", "w:rtl", "w:cs", "w:lang")  # likewise


def begin(title: str, *, size: float = 11, margin: float = 2.54, author: str = "") -> WordDocument:
    """Return an empty document in the active language: `size` in points, `margin` in centimetres."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(margin)
    normal = document.styles["Normal"]
    set_size(normal, size)
    if get_language_bidi():
        normal.font.rtl = True
        properties = normal.element.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), *BEFORE_DIRECTION)
    core = document.core_properties
    core.title, core.author, core.language, core.comments = title[:255], author[:255], get_language() or "", ""
    return document


def set_size(style: Any, size: float) -> None:
    """Set the size of a style's letters in points, also of Arabic and Hebrew ones, which have a size of their own."""
    style.font.size = Pt(size)
    properties = style.element.get_or_add_rPr()
    complex_size = properties.find(qn("w:szCs"))
    if complex_size is None:
        complex_size = OxmlElement("w:szCs")
        properties.insert_element_before(complex_size, *AFTER_SIZE)
    complex_size.set(qn("w:val"), str(round(size * 2)))  # in half points


def table(document: WordDocument, rows: int, columns: int) -> Table:
    """Add a table with lines around its cells, which runs as the text does."""
    added: Table = document.add_table(rows, columns, style="Table Grid")
    if get_language_bidi():
        added.table_direction = WD_TABLE_DIRECTION.RTL
    return added


def written(document: Any, *, at: datetime) -> bytes:
    """Return the document as a file that says it was made `at` that moment."""
    document.core_properties.created = document.core_properties.modified = at
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()
