"""Checks of evidence: a file by its content, with a safe name and its digest, or a link."""

import hashlib
import re
import secrets
import struct
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

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
from scoreboard.text import one_line

MAX_MEGABYTES = 20
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_NAME = 150
MAX_URL = 1000
MAX_DIRECTORY = 1_000_000  # bytes of a zip's table of contents: far more than an office document needs
MAX_PART = 2_000_000  # bytes of one part that is looked into
PDF_BEGINS = 1024  # bytes within which readers look for the beginning of a PDF

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."

# The types of evidence, recognised by content, and how a file's name may end.
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
# The content type of the main part of an office document, wherever it is in the archive.
MAIN_PARTS = {
    f"{kind}.main+xml": kind for kind in (f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet")
}
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")  # not found in text
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old office files, and of encrypted new ones
# The elements of HTML, obsolete ones included, of SVG, and the most common ones of MathML.
ELEMENTS = """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br
    button canvas caption center cite code col colgroup command content data datalist dd del details dfn dialog dir div
    dl dt element em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header
    hgroup hr html i iframe image img input ins isindex kbd keygen label legend li link listing main map mark marquee
    menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p param
    picture plaintext portal pre progress q rb rbc rp rt rtc ruby s samp script search section select selectedcontent
    shadow slot small source spacer span strike strong style sub summary sup table tbody td template textarea tfoot th
    thead time title tr track tt u ul var video wbr xmp
    svg math
    animate animatemotion animatetransform circle clippath cursor defs desc ellipse feblend feimage filter foreignobject
    g handler hatch line lineargradient listener marker mask metadata mpath path pattern polygon polyline
    radialgradient rect set solidcolor stop switch symbol text textpath tref tspan use view
    annotation annotation-xml maction menclose merror mfrac mi mn mo mrow ms mspace mstyle msub msup mtable mtd mtext
    mtr semantics
"""
# The beginning of a web page, of XML, or of a comment in either: a known element, a prefix, or a namespace.
# "<5 cases", "<https://…>" and "<Ministry of Environment>" are text.
MARKUP = re.compile(
    r"<(!doctype\b|!--|\?xml\b|\?php\b"
    rf"|/?({'|'.join(ELEMENTS.split())}|[a-z_][\w.-]*:[a-z_][\w.-]*)[\s/>]"
    r"|[a-z_][\w.-]*\s[^<>]*\bxmlns[:=])".encode(),
    re.IGNORECASE,
)


def check_file(file: "File[bytes]") -> Evidence:
    """Return a file as evidence, not stored yet; raise Invalid for a file that cannot be accepted."""
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
    # The person's name of the file never reaches the file system.
    file.name = secrets.token_hex(16) + TYPES[kind][0]
    return Evidence(name=name, file=file, content_type=kind, size=file.size, sha256=sha256)


def check_link(url: str, name: str = "") -> Evidence:
    """Return a link as evidence, not stored yet; raise Invalid for anything but a web address.

    Invisible characters are removed, spaces after the host encoded, and "https://" added before "www.".
    """
    url = _corrected(one_line(url))
    if not re.match(r"https?://", url, re.IGNORECASE):
        raise Invalid(_("Give the whole address of the page, beginning with https://."))
    host = _split(url)[0].partition("://")[2]
    if not host:
        raise Invalid(_("The address names no website after “//”. Give the whole address of the page."))
    if "@" in unquote(host):
        raise Invalid(_("The address holds a user name or a password (before the @). Leave it out, and give the rest."))
    if len(url) > MAX_URL:
        raise Invalid(_("The address is longer than %s characters.") % MAX_URL)
    try:
        site = (urlsplit(url).hostname or "").strip(".")
        URLValidator(schemes=["http", "https"])(url if "." in site.removeprefix("www.") else "")
    except (ValidationError, ValueError) as problem:
        raise Invalid(
            _("“%s” is no address on the web: others cannot open it. Give a public address, or the file itself.") % host
        ) from problem
    return Evidence(name=Truncator(_visible(name) or url).chars(MAX_NAME), url=url)


def _corrected(url: str) -> str:
    """An address as a browser would request it."""
    if re.match(r"www\.[^\s/.]", url, re.IGNORECASE):
        url = f"https://{url}"
    host, rest = _split(url)
    return host + rest.replace(" ", "%20")


def _split(url: str) -> tuple[str, str]:
    """An address up to its host and port, and what follows: the path, the query, the fragment."""
    scheme, mark, rest = url.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    return scheme + mark + host, rest[len(host) :]


def content_type(file: IO[bytes]) -> str:
    """Return the type of a file, one of TYPES, by its content and not by its name; raise Invalid for another."""
    file.seek(0)
    head = file.read(4096)
    name = clean_name(getattr(file, "name", "") or "")
    if head.startswith(OLE):
        raise Invalid(_ole_refusal(file) % name)
    try:
        known = TYPES.keys() - {"text/plain"}  # recognised below
        found = [match.mime_type for match in puremagic.magic_string(head) if match.mime_type in known]
    except puremagic.PureError:
        found = []
    if head.startswith(b"PK\x03\x04"):
        found = _office_type(file, name)
    elif not found and b"%PDF-" in head[:PDF_BEGINS] and _ends_as_pdf(file):
        found = ["application/pdf"]
    elif not found and _is_text(file):
        if _is_markup(head):
            raise Invalid(_("“%s” is a web page or XML, whatever its name. Save it as PDF, and give that.") % name)
        found = ["text/plain"]
    if not found and _seems_text(file, name):
        raise Invalid(_("“%s” cannot be read as text. Save it as text in UTF-8, and give that.") % name)
    file.seek(0)
    if not found:
        kinds = "PDF, PNG, JPEG, WebP, TIFF, DOCX, XLSX, ODT, ODS, TXT, CSV"
        words = {"name": name, "kinds": kinds}
        raise Invalid(_("“%(name)s” is of a type that cannot be kept here. Give one of: %(kinds)s.") % words)
    return str(found[0])


def _ole_refusal(file: IO[bytes]) -> str:
    """The sentence that refuses a file in the container of old office programs, which Outlook and others use too."""
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read(MAX_BYTES):
        return _protected()
    return _("“%s” is in a format of old office programs (as DOC, XLS, PPT and MSG are). Save it as PDF, DOCX or XLSX.")


def _protected() -> str:
    return _("“%s” is protected with a password, so nobody here could read it. Save it without one, and give that.")


def _ends_as_pdf(file: IO[bytes]) -> bool:
    """Whether a file ends as PDFs do; some begin with other bytes, which every reader skips."""
    file.seek(max(0, file.seek(0, 2) - 2048))
    return b"%%EOF" in file.read()


def _office_type(file: IO[bytes], file_name: str) -> list[str]:
    """The type of an office document, by the parts that declare it; no other part is unpacked.

    Raises Invalid for one with macros or a password.
    """
    file.seek(max(0, file.seek(0, 2) - 65_557))
    _before, mark, end = file.read().rpartition(b"PK\x05\x06")
    if not mark or len(end) < 18 or struct.unpack("<L", end[8:12])[0] > MAX_DIRECTORY:
        return []
    try:
        with zipfile.ZipFile(file) as archive:
            names = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
            types = _part(archive, names, "[content_types].xml").replace(b"\x00", b"")
            declared = re.findall(r"""contenttype\s*=\s*["']([^"']+)""", types.decode("ascii", "replace").casefold())
            macros = any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in names)
            if macros or any("macroenabled" in one for one in declared):
                raise Invalid(_("“%s” holds macros. Save it as a document without them, and give that.") % file_name)
            if main := [MAIN_PARTS[one] for one in declared if one in MAIN_PARTS]:
                return main
            if b"encryption-data" in _part(archive, names, "meta-inf/manifest.xml"):
                raise Invalid(_protected() % file_name)
            named = _part(archive, names, "mimetype")[:100].decode("ascii", "replace").strip().casefold()
            return [named] if named in (f"{OPEN}text", f"{OPEN}spreadsheet") else []
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return []


def _part(archive: zipfile.ZipFile, names: dict[str, str], name: str) -> bytes:
    """The beginning of a part, empty if there is none."""
    if name not in names:
        return b""
    with archive.open(names[name]) as part:
        return part.read(MAX_PART)


def _is_markup(head: bytes) -> bool:
    """Whether a text begins as a web page or XML does, which a browser might run."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    return bool(MARKUP.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()))


def _is_text(file: IO[bytes]) -> bool:
    """Whether a file is text in some encoding."""
    file.seek(0)
    content = file.read(MAX_BYTES)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            return False
    return not CONTROLS.search(content)


def _seems_text(file: IO[bytes], name: str) -> bool:
    """Whether a file was meant as text: by its name, or in UTF-16 without a mark, in UTF-32, or with a Ctrl-Z."""
    if PurePosixPath(name).suffix.casefold() in TYPES["text/plain"]:
        return True
    file.seek(0)
    content = file.read(MAX_BYTES)
    if CONTROLS.search(content.replace(b"\x00", b"").rstrip(b"\x1a")):
        return False
    return any(_decodes(content, encoding) for encoding in ("latin-1", "utf-16-le", "utf-16-be", "utf-32"))


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        return "\x00" not in content.decode(encoding)
    except UnicodeError:
        return False


def _digest(file: "File[bytes]") -> str:
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
