"""Opens an uploaded Excel workbook, after refusing what must not be in such a file; nothing is unpacked before that."""

import re
from io import BytesIO
from typing import IO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from scoreboard.errors import Invalid

MAX_SIZE = 5 * 2**20  # bytes of the file
MAX_UNPACKED = 20_000_000  # bytes of all that is packed in it
MAX_PARTS = 300
MAX_ELEMENTS = 400_000  # tags of all parts: a sheet as long as one that is read has a quarter of them

_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+[0-9]+:[A-Z]+([0-9]+))["']""")


def open_workbook(file: IO[bytes], *, headings: int, advice: str) -> Workbook:
    """Return the workbook, to be read row by row, or raise Invalid with a sentence for a file that is refused.

    `headings` is the last row in which cells may be merged; `advice` ends the sentence about a file of another kind.
    """
    content = file.read(MAX_SIZE + 1)
    if len(content) > MAX_SIZE:
        raise Invalid(
            _("The file is larger than %(most)s MB. A workbook of this portal is far smaller; remove pictures from it.")
            % {"most": MAX_SIZE // 2**20}
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(
            _("The file is in a format of old office programs (as .xls is), or has a password.")
            + " "
            + _("Save it as .xlsx, without a password.")
        )
    try:
        with ZipFile(BytesIO(content)) as archive:
            _require_harmless(archive, headings, advice)
        return load_workbook(BytesIO(content), read_only=True, keep_links=False)
    except Invalid:
        raise
    except BadZipFile as error:
        raise Invalid(_not_a_workbook(advice)) from error
    except Exception as error:  # a damaged file can break the library anywhere
        raise Invalid(damaged()) from error


def _not_a_workbook(advice: str) -> str:
    return _("The file is not an Excel workbook (.xlsx).") + " " + advice


def damaged() -> str:
    """Return the sentence about a file that cannot be read."""
    return _("The file cannot be read as an Excel workbook (.xlsx). Open it in your program and save it again.")


def _require_harmless(archive: ZipFile, headings: int, advice: str) -> None:
    """Refuse, before anything is parsed, what swells, runs, or declares entities."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Invalid(_("The file unpacks to far more than a workbook of this portal holds, so it was not opened."))
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names:
        raise Invalid(_not_a_workbook(advice))
    if any(name.casefold().endswith("vbaproject.bin") for name in names) or b"macroEnabled" in archive.read(
        "[Content_Types].xml"
    ):
        raise Invalid(_("The file holds macros. Save it as “Excel workbook (.xlsx)”, which has none, and upload that."))
    elements = 0
    for part in parts:
        content = archive.read(part).replace(b"\x00", b"")  # two-byte encodings are looked through as well
        # No spreadsheet program writes a document type.
        if b"<!DOCTYPE" in content:
            raise Invalid(_("The file declares XML entities, which no workbook needs, so it was not opened."))
        # Cells, rows, shared texts and styles take the library far longer than their bytes say.
        elements += content.count(b"<")
        if elements > MAX_ELEMENTS:
            raise Invalid(_("The file holds far more than a workbook of this portal does, so it was not opened."))
        _require_readable(content, headings)


def _require_readable(part: bytes, headings: int) -> None:
    """Refuse what the library does not read, or not as people see it."""
    if b"http://purl.oclc.org/ooxml/" in part:
        raise Invalid(
            _("The file is “Strict Open XML”, which cannot be read here. Save it as “Excel workbook (.xlsx)”.")
        )
    for cell_range, last_row in _MERGED.findall(part):
        if int(last_row) > headings:
            raise Invalid(
                _("Cells %(cells)s are merged. Unmerge them, and write into each what belongs to its own row.")
                % {"cells": cell_range.decode()}
            )
