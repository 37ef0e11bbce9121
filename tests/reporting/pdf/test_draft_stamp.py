"""The mark of a preview: on every page whichever way it lies, outside the reading order, and in the copy alone."""

from io import BytesIO

import page
from django.utils import translation
from pypdf import PdfReader

from reporting.pdf import draft_stamp, typesetting
from reporting.pdf.processes import STATIC

HTML = """<html lang="en"><head><title>Two pages</title></head><body>
<section><h1>Upright</h1><p>Words.</p></section><section class="landscape"><h2>Across</h2><p>Words.</p></section>
</body></html>"""


def test_a_preview_is_marked_on_every_page_and_stays_accessible():
    content = typesetting.section(HTML, STATIC)

    with translation.override("en"):
        marked = draft_stamp.stamped(content)

    texts = [one.extract_text() for one in PdfReader(BytesIO(marked)).pages]
    assert len(texts) == 2
    assert all(said.endswith("Draft") for said in texts)
    assert page.validate_pdf_bytes(marked, profile="ua1").rules.failed == 0
    assert b"/Watermark" in PdfReader(BytesIO(marked)).pages[1].get_contents().get_data()
    assert "Draft" not in PdfReader(BytesIO(content)).pages[0].extract_text()
