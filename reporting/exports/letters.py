"""Letters to governments as Word files, one a country, in a package."""

import io
import zipfile

from docx import Document
from docx.shared import Cm, Pt

from scoreboard.mail import letters
from scoreboard.models import Letter, Submission


def docx(letter: Letter, submission: Submission) -> bytes:
    """Return the letter to one country as a Word file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    document.styles["Normal"].font.size = Pt(11)
    for paragraph in letters.paragraphs(letter, submission):
        document.add_paragraph(paragraph)
    document.core_properties.author = str(letter.by)
    document.core_properties.title = f"{submission.country} – {letter.get_kind_display()}"
    document.core_properties.created = document.core_properties.modified = letter.at
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def package(letter: Letter, submissions: list[Submission]) -> bytes:
    """Return the Word files to all the countries as a ZIP."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for submission in submissions:
            archive.writestr(f"{letter.kind}-{submission.country.iso3.lower()}.docx", docx(letter, submission))
    return content.getvalue()
