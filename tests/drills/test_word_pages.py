"""The minister's page as a Word file: two pages in a word processor too, whatever its texts, from either side."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from pypdf import PdfReader

from reporting.exports import ministers_page as as_word
from tests.reporting.document.test_ministers_page import page_of_the_longest

WRITER = Path("/usr/lib/libreoffice/program/libswlo.so")  # of LibreOffice Writer, without which soffice reads no DOCX

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.drill,
    pytest.mark.skipif(
        not (shutil.which("soffice") and WRITER.exists()),
        reason="LibreOffice Writer is missing: NOBODY COUNTS THE PAGES OF WORD FILES (Debian: libreoffice-writer)",
    ),
]

SENTENCE = "National authorities agree on a plan and report on it every year. "
ARABIC = "تتفق السلطات الوطنية على خطة وتقدم تقريرا عنها كل عام. "


def pages(content: bytes, folder: Path) -> int:
    """Return on how many pages LibreOffice sets a Word file."""
    (folder / "page.docx").write_bytes(content)
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "page.docx")]
    subprocess.run(
        command, check=True, timeout=120, capture_output=True, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    )
    return len(PdfReader(BytesIO((folder / "page.pdf").read_bytes())).pages)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", SENTENCE), ("ar", ARABIC), ("en", "W"), ("ar", "ش")],
    ids=["en", "ar", "wide", "wide ar"],
)
def test_texts_as_long_as_fits_are_on_two_pages(malta, tmp_path, language, words):
    with translation.override(language):
        page = page_of_the_longest(malta, words)
        assert pages(as_word.docx(page), tmp_path) == 2
