"""A tagged PDF taken apart by the process that set it, so that joining has only to number its objects anew.

A piece is a line of JSON that says what it has, the text of its objects, and the content of its streams. In the text
each reference stands between MARKs: the number of an object of the piece, or a letter for what the whole provides.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from reporting.pdf import folios, typesetting
from reporting.pdf.typesetting import ELSEWHERE, Attachment

FORMAT = "1"
LEADING = 2  # objects at the end, metadata and information, of which the whole takes those of its first piece
MARK, END = b"\1", b"\2"  # around a reference, after an object: the text itself has neither
# A string, within which nothing is a reference; a reference; a place in the table that leads from content to tags.
TOKEN = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F]*>|\b(\d+) 0 R\b|(/StructParents? )(\d+)", re.DOTALL)
STRUCTURE, DOCUMENT, PAGES, SAVE, FOLIO, KEY = "s", "d", "p", "q", "f", "k"  # what the whole provides


class Look(NamedTuple):
    """How many pages a piece has, and on which of them (from 0) its anchors stand."""

    pages: int
    anchors: dict[str, int]


class Piece(NamedTuple):
    """A piece as it is read: its first line, the text of its objects, and the content of streams by their number."""

    has: dict[str, Any]
    text: bytes
    contents: dict[int, bytes]

    def changed(self, number: int, record: bytes, content: bytes | None = None) -> "Piece":
        """Return the piece with another object of this number."""
        records = self.text.split(END)
        records[number] = record
        contents = self.contents if content is None else self.contents | {number: content}
        return self._replace(text=END.join(records), contents=contents)


def section(html: str, static: Path, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return the HTML as a piece: `typesetting.section`, cut."""
    return cut(typesetting.section(html, static, attachments))


def numbers(html: str, static: Path, _attachments: Sequence[Attachment] = ()) -> bytes:
    """Return the lines of the HTML as a piece of forms, each to be stamped on a page."""
    with Pdf.open(BytesIO(typesetting.untagged(html, static))) as pdf:
        forms = [form.objgen[0] for page in pdf.pages for form in folios.forms(pdf, page)]
        left_out = {pdf.Root.objgen[0], pdf.Root.Pages.objgen[0], pdf.trailer.Info.objgen[0]}
        for page in pdf.pages:
            left_out |= {page.obj.objgen[0], page.obj.Contents.objgen[0]}
        taken = _Cut(pdf)
        found = taken.number(left_out)
        return taken.written({"forms": [found[number] for number in forms]}, [])


def cut(content: bytes) -> bytes:
    """Return a tagged PDF as a piece. Raises ValueError if it has not one Document element."""
    with Pdf.open(BytesIO(content)) as pdf:
        root, structure = pdf.Root, pdf.Root.StructTreeRoot
        if len(structure.K) != 1:
            raise ValueError("A part has one Document element.")
        pages = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
        places, bookmarks = list(_names(pdf)), list(_bookmarks(root.get("/Outlines", {}), 0))
        taken = _Cut(pdf)
        taken.stands_for(structure, STRUCTURE)
        taken.stands_for(structure.K[0], DOCUMENT)
        left_out = {root.objgen[0], structure.ParentTree.objgen[0]}
        left_out |= set(_outline_numbers(root.Outlines)) if "/Outlines" in root else set()
        _stamp(pdf, taken)
        _link(pdf)
        root.Pages.Parent = taken.common(PAGES)
        found = taken.number(left_out, last={root.Metadata.objgen[0], pdf.trailer.Info.objgen[0]})
        pairs = list(structure.ParentTree.Nums)
        keys, targets = [int(key) for key in pairs[::2]], pairs[1::2]
        has = {
            "pages": len(pages),
            "anchors": {str(name): pages[target[0].objgen] for name, target in places},
            "metadata": found[root.Metadata.objgen[0]],
            "info": found[pdf.trailer.Info.objgen[0]],
            "keys": [keys[0], keys[-1]],
            "node": found[root.Pages.objgen[0]],
            "bookmarks": [depth for depth, _title, _place in bookmarks],
        }
        rows = (b"%s %s" % (_marked(f"{KEY}{key}"), taken.text(one)) for key, one in zip(keys, targets, strict=True))
        beside = [*_catalog(pdf, taken), b" ".join(rows), b" ".join(taken.text(kid) for kid in structure.K[0].K)]
        beside += [taken.text(target) for _name, target in places]
        beside += [taken.text(one) for _depth, title, place in bookmarks for one in (title, place)]
        return taken.written(has, beside)


def look(content: bytes) -> Look:
    """Return the pages and anchors of a piece."""
    has = json.loads(content[: content.index(b"\n")])
    return Look(has.get("pages", 0), has.get("anchors", {}))


def read(content: bytes) -> Piece:
    """Return a piece as it was written."""
    begins = content.index(b"\n") + 1
    has = json.loads(content[:begins])
    at = begins + has["text"]
    text, contents = content[begins:at], {}
    for number, length in has["streams"]:
        contents[number] = content[at : at + length]
        at += length
    return Piece(has, text, contents)


class _Cut:
    """The objects of one PDF on their way to be the text of a piece."""

    def __init__(self, pdf: Pdf):
        self._pdf = pdf
        self._tokens: dict[int, str] = {}
        self._taken: list[Object] = []

    def stands_for(self, one: Object, token: str) -> None:
        """Let what the whole provides stand where this object stood; the object itself is not taken."""
        self._tokens[one.objgen[0]] = token

    def common(self, token: str) -> Object:
        """Return an object that stands for what the whole provides."""
        stand_in = self._pdf.make_indirect(Dictionary())
        self.stands_for(stand_in, token)
        return stand_in

    def number(self, left_out: set[int], last: Collection[int] = ()) -> dict[int, int]:
        """Take all objects but those left out; return their numbers in the piece, those in `last` at the end."""
        gone = left_out | set(self._tokens)
        kept = [one for one in self._pdf.objects if one is not None and one.objgen[0] not in gone and not _packs(one)]
        self._taken = sorted(kept, key=lambda one: one.objgen[0] in last)
        numbers = {one.objgen[0]: n for n, one in enumerate(self._taken)}
        self._tokens |= {number: str(n) for number, n in numbers.items()}
        return numbers

    def text(self, one: Object, *, resolved: bool = False) -> bytes:
        """Return an object as it is written, references between marks."""
        return TOKEN.sub(self._reference, one.unparse(resolved))

    def written(self, has: dict[str, Any], beside: list[bytes]) -> bytes:
        """Return the piece: what was taken, and the records `beside` it."""
        records, streams = [], {}
        for n, one in enumerate(self._taken):
            if isinstance(one, Stream):
                streams[n] = one.read_raw_bytes()
                one.stream_dict.Length = len(streams[n])
            records.append(self.text(one.stream_dict if isinstance(one, Stream) else one, resolved=True))
        text = b"".join(record + END for record in records + beside)
        has |= {"objects": len(records), "text": len(text), "streams": [(n, len(data)) for n, data in streams.items()]}
        return json.dumps(has).encode() + b"\n" + text + b"".join(streams.values())

    def _reference(self, token: re.Match[bytes]) -> bytes:
        if token[2]:
            return token[2] + _marked(f"{KEY}{token[3].decode()}")
        return _marked(self._tokens[int(token[1])]) if token[1] else token[0]


def _marked(token: str) -> bytes:
    return MARK + token.encode() + MARK


def _packs(one: Object) -> bool:
    """Whether it only packs other objects."""
    return isinstance(one, Stream) and one.get("/Type") in (Name.ObjStm, Name.XRef)


def _stamp(pdf: Pdf, taken: _Cut) -> None:
    """Put each page's folio behind its content; what the content left turned over is turned back first."""
    for n, page in enumerate(pdf.pages):
        name = b"Folio%d" % n
        resources = page.obj.Resources
        if "/XObject" not in resources:
            resources.XObject = Dictionary()
        resources.XObject[f"/{name.decode()}"] = taken.common(f"{FOLIO}{n}")
        footer = pdf.make_stream(folios.footer(page, name))
        page.obj.Contents = Array([taken.common(SAVE), page.obj.Contents, footer])


def _link(pdf: Pdf) -> None:
    """Turn the addresses that stand for other sections into places of the whole."""
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            address = str(note.A.get("/URI", "")) if "/A" in note else ""
            if address.startswith(ELSEWHERE):
                del note.A
                note.Dest = note.Contents = address.removeprefix(ELSEWHERE)


def _catalog(pdf: Pdf, taken: _Cut) -> tuple[bytes, bytes]:
    """What the first piece gives to the catalogue of the whole, and the files that travel within."""
    root = pdf.Root
    given = [key for key in ("/Lang", "/MarkInfo", "/Metadata", "/ViewerPreferences") if key in root]
    entries = b" ".join(key.encode() + b" " + taken.text(root[key]) for key in given)
    files = root.Names.get("/EmbeddedFiles") if "/Names" in root else None
    return entries, b"" if files is None else b"/EmbeddedFiles " + taken.text(files)


def _names(pdf: Pdf) -> Iterator[tuple[Object, Object]]:
    """The anchors of a PDF and their places."""
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        flat = list(pdf.Root.Names.Dests.Names)
        yield from zip(flat[::2], flat[1::2], strict=True)


def _entries(parent: Any) -> Iterator[Object]:
    entry = parent.get("/First")
    while entry is not None:
        yield entry
        entry = entry.get("/Next")


def _bookmarks(parent: Any, depth: int) -> Iterator[tuple[int, Object, Object]]:
    for entry in _entries(parent):
        yield depth, entry.Title, entry.Dest
        yield from _bookmarks(entry, depth + 1)


def _outline_numbers(parent: Object) -> Iterator[int]:
    yield parent.objgen[0]
    for entry in _entries(parent):
        yield from _outline_numbers(entry)
