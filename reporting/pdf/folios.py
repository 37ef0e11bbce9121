"""Page numbers: set as lines of text, and stamped where the bottom right corner of a page is.

A page for each number would cost about as much as all the chapters together.
"""

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Name, Object, Page, Pdf, parse_content_stream, unparse_content_stream

FOOTER = b"Q\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\nq\n1 0 0 1 %.3f %.3f cm\n/%s Do\nQ\nEMC"
POINTS = 72 / 25.4  # a millimetre
# Where pdf.css has what stands at the bottom of a page: from the right and from below, and how wide and high a line is.
UPRIGHT, LANDSCAPE = (24 * POINTS, 21 * POINTS), (18 * POINTS, 17 * POINTS)
WIDE, HIGH = 80 * POINTS, 9.75


def footer(page: Page, name: bytes) -> bytes:
    """Return what follows a page's content: its end, and the form of this name as an artifact."""
    _left, _bottom, wide, high = (float(edge) for edge in page.obj.MediaBox)
    right, below = LANDSCAPE if wide > high else UPRIGHT
    return FOOTER % (wide - right - WIDE, below - HIGH, name)


def forms(pdf: Pdf, page: Page) -> Iterator[Object]:
    """Yield each line of text on a page as a form of its own."""
    before: list[Any] = []
    lines: list[list[Any]] = []
    font, height = None, None
    for step in parse_content_stream(page):
        operands, name = step.operands, str(step.operator)
        if name in ("gs", "rg") and not lines:
            before.append(step)
        elif name == "Tm":  # a line begins; all stand as high as the first, in the font of the line before
            height = height or operands[5]
            lines.append([*([font] if font else []), ([*operands[:5], height], step.operator)])
        elif name in ("Tf", "TJ", "Tj"):
            font = step if name == "Tf" else font
            if lines:
                lines[-1].append(step)
    for line in lines:
        parts = (HIGH, unparse_content_stream(before), unparse_content_stream(line))
        form = pdf.make_stream(b"0.75 0 0 -0.75 0 %.2f cm\n%s\nBT\n%s\nET" % parts)
        form.Type, form.Subtype, form.Resources = Name.XObject, Name.Form, page.obj.Resources
        form.BBox = Array([0, 0, WIDE, HIGH])
        yield form
