"""Letters to governments as Word files, one a country, in a package."""

import io
import zipfile

from reporting.exports import word
from scoreboard.mail import letters
from scoreboard.models import Letter, Submission


def docx(letter: Letter, submission: Submission) -> bytes:
    """Return the letter to one country as a Word file."""
    document = word.begin(f"{submission.country} – {letter.get_kind_display()}", author=str(letter.by))
    for paragraph in letters.paragraphs(letter, submission):
        document.add_paragraph(paragraph)
    return word.written(document, at=letter.at)


def package(letter: Letter, submissions: list[Submission]) -> bytes:
    """Return the Word files to all the countries as a ZIP."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for submission in submissions:
            archive.writestr(f"{letter.kind}-{submission.country.iso3.lower()}.docx", docx(letter, submission))
    return content.getvalue()
