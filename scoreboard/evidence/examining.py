"""What may be laid beside an answer: a file told by its content, with a safe name and its digest, or a link."""

import hashlib
import re
import secrets
import struct
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import IO

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import URLValidator
from django.utils.module_loading import import_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from scoreboard.errors import Invalid
from scoreboard.models import Evidence

MAX_MEGABYTES = 20
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_NAME = 150
MAX_URL = 1000
MAX_DIRECTORY = 1_000_000  # bytes of a zip's table of contents: far more than an office document needs

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."

# What may be laid beside an answer: its type, told by its content, and how its name may end.
TYPES: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    f"{OFFICE}wordprocessingml.document": (".docx",),
    f"{OFFICE}spreadsheetml.sheet": (".xlsx",),
    f"{OPEN}text": (".odt",),
    f"{OPEN}spreadsheet": (".ods",),
    "text/plain": (".txt", ".csv", ".tsv", ".md"),
}


def examined_file(file: File) -> Evidence:
    """Return the evidence that a file is, not stored yet; raise Invalid for a file that cannot be kept."""
    name = file.name or ""
    if not file.size:
        raise Invalid(_("“%s” is empty. Choose the file once more.") % clean_name(name))
    if file.size > MAX_BYTES:
        words = {"name": clean_name(name), "most": MAX_MEGABYTES}
        raise Invalid(_("“%(name)s” is larger than %(most)s MB. Give a smaller file, or a link to it.") % words)
    kind = content_type(file)
    name = clean_name(name, kind)
    sha256 = _digest(file)
    if settings.EVIDENCE_SCANNER:
        import_string(settings.EVIDENCE_SCANNER)(file)
        file.seek(0)
    # Nothing of what a person calls a file reaches the file system.
    file.name = secrets.token_hex(16) + TYPES[kind][0]
    return Evidence(name=name, file=file, content_type=kind, size=file.size, sha256=sha256)


def examined_link(url: str, name: str = "") -> Evidence:
    """Return the evidence that a link is, not stored yet; raise Invalid for what is no address of the web."""
    url = url.strip()
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError as problem:
        raise Invalid(_("Give the whole address of the page, beginning with https://.")) from problem
    if len(url) > MAX_URL:
        raise Invalid(_("The address is longer than %s characters.") % MAX_URL)
    return Evidence(name=Truncator(_visible(name) or url).chars(MAX_NAME), url=url)


def content_type(file: IO[bytes]) -> str:
    """Return the type of a file, one of TYPES, told by its content and not by its name; raise Invalid for another."""
    file.seek(0)
    head = file.read(4096)
    try:
        found = [match.mime_type for match in puremagic.magic_string(head) if match.mime_type in TYPES]
    except puremagic.PureError:
        found = []
    if head.startswith(b"PK\x03\x04"):
        found = _office_type(file)
    elif not found and _is_text(file):
        found = ["text/plain"]
    file.seek(0)
    if not found:
        kinds = "PDF, PNG, JPEG, WebP, TIFF, DOCX, XLSX, ODT, ODS, TXT, CSV"
        words = {"name": clean_name(getattr(file, "name", "") or ""), "kinds": kinds}
        raise Invalid(_("“%(name)s” is of a type that cannot be kept here. Give one of: %(kinds)s.") % words)
    return str(found[0])


def _office_type(file: IO[bytes]) -> list[str]:
    """The type of an office document without macros; its parts are listed, never unpacked."""
    file.seek(max(0, file.seek(0, 2) - 65_557))
    _before, mark, end = file.read().rpartition(b"PK\x05\x06")
    if not mark or len(end) < 18 or struct.unpack("<L", end[8:12])[0] > MAX_DIRECTORY:
        return []
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.casefold().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                return []
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return [f"{OFFICE}wordprocessingml.document"]
            if {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                return [f"{OFFICE}spreadsheetml.sheet"]
            with archive.open("mimetype") as part:
                named = part.read(100).decode("ascii", "replace").strip()
            return [named] if named in (f"{OPEN}text", f"{OPEN}spreadsheet") else []
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return []


def _is_text(file: IO[bytes]) -> bool:
    """Whether it reads as text in some encoding, and not as markup, which a browser might run."""
    file.seek(0)
    content = file.read(MAX_BYTES)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            return False
    is_plain = not re.search(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]", content)
    return is_plain and not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _digest(file: File) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def clean_name(name: str, kind: str = "") -> str:
    """Return the last part of a file's name, safe to show and to download; with `kind` it ends as that type does."""
    name = _visible(re.split(r"[/\\]", name)[-1]).lstrip(". ")
    stem, suffix = PurePosixPath(name).stem or _("file"), PurePosixPath(name).suffix
    if kind and suffix.casefold() not in TYPES[kind]:
        stem, suffix = name or stem, TYPES[kind][0]
    return stem[: MAX_NAME - len(suffix[:20])] + suffix[:20]


def _visible(text: str) -> str:
    """Text on one line, without characters that cannot be seen or that turn its direction."""
    shown = (c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFC", text))
    return " ".join("".join(shown).split())
