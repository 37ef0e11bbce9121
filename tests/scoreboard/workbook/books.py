"""Workbooks in a test's hands: filled and changed as other programs do, and what is found in them then."""

import re
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


TEXT_IN_CELL = re.compile(rb't="inlineStr"><is><t(?: xml:space="preserve")?>(.*?)</t></is>', re.DOTALL)


def with_shared_texts(content) -> bytes:
    """Return the file as office programs write it: with all texts in a part of their own, to which cells refer."""
    parts, texts = parts_of(content), []

    def shared(cell: re.Match[bytes]) -> bytes:
        texts.append(b'<si><t xml:space="preserve">' + cell[1] + b"</t></si>")
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        parts[name] = TEXT_IN_CELL.sub(shared, parts[name])
    sst = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + b"".join(texts) + b"</sst>"
    office = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    kind = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + office + b'"/></Types>'
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Type="' + relation + b'" Target="sharedStrings.xml" Id="rIdTexts"/></Relationships>'
    types, links = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    parts[types] = parts[types].replace(b"</Types>", kind)
    parts[links] = parts[links].replace(b"</Relationships>", link)
    return zipped(parts | {"xl/sharedStrings.xml": b'<?xml version="1.0"?>' + sst})
