"""Workbooks in a test's hands: filled and changed as other programs do, and what is found in them then."""

import zipfile
from io import BytesIO

from openpyxl import load_workbook

from scoreboard import workbook

LANGUAGE = "fr"


def found(submission, content):
    return workbook.compare(submission, workbook.read_workbook(BytesIO(content), submission))


def saved(book) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(content, edit) -> bytes:
    """Return the file after `edit` was let at it in another program."""
    book = load_workbook(BytesIO(content))
    edit(book)
    return saved(book)


def areas(book):
    return [sheet for sheet in book.worksheets if sheet["A1"].value == "mikt-area"]


def cell(book, code, part):
    """Return the cell in which an indicator's part is filled."""
    for sheet in areas(book):
        columns = {head.value: head.column for head in sheet[1]}
        for row in sheet.iter_rows(min_row=2):
            if row[0].value == code:
                return sheet.cell(row[0].row, columns[part])
    raise LookupError(code)


def filled(content, code, **texts) -> bytes:
    """Return the file with the cells of one indicator filled."""

    def edit(book):
        for part, text in texts.items():
            target = cell(book, code, part)
            target.value = text
            if isinstance(text, str):
                target.data_type = "s"

    return edited(content, edit)


def said(submission, content):
    return [
        (difference.indicator.code, change.part.name, change.before, change.file)
        for difference in found(submission, content).differences
        for change in difference.changes
    ]


def zipped(parts) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def parts_of(content) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(content, name, text) -> bytes:
    return zipped(parts_of(content) | {name: text})
