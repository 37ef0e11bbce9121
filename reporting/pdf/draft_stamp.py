"""Previews of what is not published: the same pages with the word “Draft” across each, in a copy."""

from functools import lru_cache
from html import escape
from io import BytesIO
from math import atan2, cos, hypot, sin

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from pikepdf import Matrix, Object, Page, Pdf

from reporting.pdf import joining, typesetting
from reporting.pdf.processes import STATIC

WIDE = 0.62  # of a page's diagonal
HTML = """<!DOCTYPE html><html lang="{language}" dir="{direction}"><head><title>{word}</title><style>
@page {{ size: 400pt 120pt; margin: 0; @top-left {{ content: none }} @top-right {{ content: none }}
  @bottom-left {{ content: none }} @bottom-right {{ content: none }} }}
p {{ margin: 0; max-inline-size: none; text-align: center; white-space: nowrap; color: rgb(34 31 27 / .13);
  font: bold 96pt/120pt "Noto Sans", "DejaVu Sans", "Noto Sans Arabic", "Noto Sans Hebrew", sans-serif }}
</style></head><body><p>{word}</p></body></html>"""


def stamped(content: bytes) -> bytes:
    """Return a copy of a PDF that says on each page, in the active language, that it is a draft; as an artifact."""
    with Pdf.open(BytesIO(content)) as pdf, Pdf.open(BytesIO(_word(get_language() or "", _("Draft")))) as word:
        mark = pdf.copy_foreign(_form(word))
        for page in pdf.pages:
            joining.stamp(page, mark, _across(page, mark), "Watermark")
        return joining.written(pdf)


@lru_cache(maxsize=8)
def _word(language: str, word: str) -> bytes:
    direction = "rtl" if get_language_bidi() else "ltr"
    html = HTML.format(language=language, direction=direction, word=escape(word))
    return typesetting.render(html, STATIC).write_pdf() or b""


def _form(word: Pdf) -> Object:
    page = word.pages[0]
    form = page.as_form_xobject()
    form.BBox = page.MediaBox
    return form


def _across(page: Page, mark: Object) -> Matrix:
    """The matrix that puts the mark along the page's diagonal, centred."""
    left, low, right, high = (float(edge) for edge in page.mediabox)
    _x, _y, wide, tall = (float(edge) for edge in mark.BBox)
    turn = atan2(high - low, right - left)
    scale = WIDE * hypot(right - left, high - low) / wide
    across, up = scale * cos(turn), scale * sin(turn)
    x = (left + right) / 2 - (across * wide - up * tall) / 2
    y = (low + high) / 2 - (up * wide + across * tall) / 2
    return Matrix(across, up, -up, across, x, y)
