"""Tagged PDFs joined to one: pages, structure, bookmarks and links of all, written part by part.

Nothing but a part's own objects is in memory at a time: each is read with pikepdf, its objects are numbered anew and
go to the file at once; what belongs to the whole (structure, names, bookmarks) follows at the end.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from reporting.pdf_file import Writer
from reporting.typesetting import ELSEWHERE

CATALOG, PAGES, STRUCTURE, DOCUMENT, PARENTS, OUTLINES, SAVE = range(1, 8)
# A string, within which nothing is a reference, or a reference.
TOKEN = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F]*>|\b(\d+) 0 R\b", re.DOTALL)
FOOTER = b"Q\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\nq\n/%s Do\nQ\nEMC"


class Part(NamedTuple):
    """A tagged PDF to be joined, and how deep its first bookmarks hang (1: at the top)."""

    content: bytes
    depth: int = 1


class Look(NamedTuple):
    """How many pages a PDF has, and on which of them (from 0) its anchors stand."""

    pages: int
    anchors: dict[str, int]


@dataclass
class Bookmark:
    """An entry of the outline; `title` and `target` are ready to be written."""

    title: bytes
    target: bytes
    below: list["Bookmark"] = field(default_factory=list)


def look(content: bytes) -> Look:
    """Return the pages and anchors of a tagged PDF."""
    with Pdf.open(BytesIO(content)) as pdf:
        numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
        return Look(len(numbers), {str(name): numbers[target[0].objgen] for name, target in _names(pdf)})


def join(parts: Iterable[Part], folios: Iterable[bytes], output: BinaryIO) -> None:
    """Write the parts to `output` as one tagged PDF whose catalogue and metadata are those of the first part.

    `folios` are PDFs that have, one after the other, a page for each page: what is stamped on it as an artifact.
    """
    whole = _Whole(Writer(output))
    for content in folios:
        whole.add_folios(content)
    for part in parts:
        whole.add(part)
    whole.finish()


class _Whole:
    """What the parts have in common, gathered while they pass."""

    def __init__(self, writer: Writer):
        self._writer = writer
        writer.reserve(SAVE)
        writer.add_stream(SAVE, b"<< /Length 1 >>", b"q")
        self._folios: list[int] = []
        self._page_nodes: list[int] = []
        self._pages = 0
        self._elements: list[bytes] = []
        self._parents: list[int] = []
        self._next_parent = 0
        self._names: list[tuple[str, bytes]] = []
        self._outline: list[Bookmark] = []
        self._catalog, self._info = b"", b""

    def add_folios(self, content: bytes) -> None:
        """Write each page of a PDF as a form to be stamped."""
        with Pdf.open(BytesIO(content)) as pdf:
            moved = _Moved(pdf, self._writer)
            for page in pdf.pages:
                form = page.Contents
                form.Type, form.Subtype = Name.XObject, Name.Form
                form.BBox, form.Resources = page.MediaBox, page.obj.Resources
                self._folios.append(moved.number(form))
            left_out = {pdf.Root.objgen[0], pdf.Root.Pages.objgen[0], *(page.obj.objgen[0] for page in pdf.pages)}
            moved.write(left_out)

    def add(self, part: Part) -> None:
        """Write a part's pages and structure, and remember what the whole needs of it."""
        with Pdf.open(BytesIO(part.content)) as pdf:
            moved = _Moved(pdf, self._writer)
            root = pdf.Root
            structure = root.StructTreeRoot
            if len(structure.K) != 1:
                raise ValueError("A part has one Document element.")
            moved.stands_for(structure, STRUCTURE)
            moved.stands_for(structure.K[0], DOCUMENT)
            left_out = set(_outline_numbers(root.Outlines)) if "/Outlines" in root else set()
            left_out |= {root.objgen[0], structure.ParentTree.objgen[0]}
            self._stamp(pdf, moved)
            self._link(pdf)
            self._renumber(pdf, moved)
            self._hang(pdf, moved, part.depth)
            self._elements += [moved.data(kid) for kid in structure.K[0].K]
            self._names += [(str(name), moved.data(target)) for name, target in _names(pdf)]
            self._page_nodes.append(moved.number(root.Pages))
            root.Pages.Parent = moved.common(PAGES)
            if self._catalog:
                left_out |= {root.Metadata.objgen[0], pdf.trailer.Info.objgen[0]}
            else:
                self._catalog, self._info = _catalog(pdf, moved), moved.data(pdf.trailer.Info)
            moved.write(left_out)

    def finish(self) -> None:
        """Write what belongs to all parts."""
        add = self._writer.add
        kids = b" ".join(b"%d 0 R" % number for number in self._page_nodes)
        add(PAGES, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (self._pages, kids))
        add(
            STRUCTURE,
            b"<< /Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d >>"
            % (DOCUMENT, PARENTS, self._next_parent),
        )
        elements = b" ".join(self._elements)
        add(DOCUMENT, b"<< /Type /StructElem /S /Document /P %d 0 R /K [%s] >>" % (STRUCTURE, elements))
        add(PARENTS, b"<< /Kids [%s] >>" % b" ".join(b"%d 0 R" % number for number in self._parents))
        names = b" ".join(
            String(name).unparse() + b" " + target
            for name, target in sorted(self._names, key=lambda one: bytes(String(one[0])))
        )
        self._write_outline()
        add(CATALOG, self._catalog % (b"/Dests << /Names [%s] >>" % names))
        self._writer.finish(CATALOG, self._info)

    def _stamp(self, pdf: Pdf, moved: "_Moved") -> None:
        """Put each page's folio behind its content; what the content left turned over is turned back first."""
        for page in pdf.pages:
            name = b"Folio%d" % self._pages
            drawn = page.obj.Resources
            forms = drawn.setdefault("/XObject", Dictionary()) if isinstance(drawn, dict) else drawn.XObject
            forms[f"/{name.decode()}"] = moved.common(self._folios[self._pages])
            footer = pdf.make_stream(FOOTER % name)
            page.obj.Contents = Array([moved.common(SAVE), page.obj.Contents, footer])
            self._pages += 1

    def _link(self, pdf: Pdf) -> None:
        """Turn the addresses that stand for other sections into places of this document."""
        for page in pdf.pages:
            for note in page.obj.get("/Annots", []):
                address = str(note.A.get("/URI", "")) if "/A" in note else ""
                if address.startswith(ELSEWHERE):
                    del note.A
                    note.Dest = note.Contents = String(address.removeprefix(ELSEWHERE))

    def _renumber(self, pdf: Pdf, moved: "_Moved") -> None:
        """Give the part's pages and links their own stretch of the table that leads from content to structure."""
        for page in pdf.pages:
            page.obj.StructParents = int(page.obj.StructParents) + self._next_parent
            for note in page.obj.get("/Annots", []):
                note.StructParent = int(note.StructParent) + self._next_parent
        pairs = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        keys = [int(key) + self._next_parent for key in pairs[::2]]
        numbered = b" ".join(b"%d %s" % (key, moved.data(value)) for key, value in zip(keys, pairs[1::2], strict=True))
        number = self._writer.reserve()
        self._writer.add(number, b"<< /Limits [%d %d] /Nums [%s] >>" % (keys[0], keys[-1], numbered))
        self._parents.append(number)
        self._next_parent = keys[-1] + 1

    def _hang(self, pdf: Pdf, moved: "_Moved", depth: int) -> None:
        """Hang the part's bookmarks into the outline."""
        place = self._outline
        for _step in range(depth - 1):
            place = place[-1].below
        if "/Outlines" in pdf.Root:
            place += _bookmarks(pdf.Root.Outlines, moved)

    def _write_outline(self) -> None:
        self._writer.add(OUTLINES, b"<< /Type /Outlines %s >>" % self._write_bookmarks(self._outline, OUTLINES))

    def _write_bookmarks(self, bookmarks: list[Bookmark], parent: int) -> bytes:
        """Write the entries below `parent`; return what it says of them."""
        if not bookmarks:
            return b""
        first = self._writer.reserve(len(bookmarks))
        for number, one in enumerate(bookmarks, start=first):
            before = b" /Prev %d 0 R" % (number - 1) if number > first else b""
            after = b" /Next %d 0 R" % (number + 1) if number < first + len(bookmarks) - 1 else b""
            below = self._write_bookmarks(one.below, number)
            data = b"<< /Title %s /Dest %s /Parent %d 0 R%s%s %s >>"
            self._writer.add(number, data % (one.title, one.target, parent, before, after, below))
        count = sum(1 for _one in _all(bookmarks))
        return b"/First %d 0 R /Last %d 0 R /Count %d" % (first, first + len(bookmarks) - 1, count)


class _Moved:
    """The objects of one PDF under the numbers that they have in the whole."""

    def __init__(self, pdf: Pdf, writer: Writer):
        self._pdf, self._writer = pdf, writer
        self._numbers: dict[int, int] = {}
        self._common: set[int] = set()

    def stands_for(self, one: Object, number: int) -> None:
        """Let what belongs to all stand where this object stood; the object itself is not written."""
        self._numbers[one.objgen[0]] = number
        self._common.add(one.objgen[0])

    def common(self, number: int) -> Object:
        """Return an object of this PDF that stands for one that belongs to all."""
        stand_in = self._pdf.make_indirect(Dictionary())
        self.stands_for(stand_in, number)
        return stand_in

    def number(self, one: Object) -> int:
        """Return the object's number in the whole."""
        return self._number(one.objgen[0])

    def data(self, one: Object, *, resolved: bool = False) -> bytes:
        """Return an object as it is written, references numbered as in the whole."""
        return TOKEN.sub(self._reference, one.unparse(resolved))

    def write(self, left_out: set[int]) -> None:
        """Write all objects but those left out."""
        for one in self._pdf.objects:
            number = one.objgen[0]
            if one is None or number in left_out or number in self._common:
                continue
            if not isinstance(one, Stream):
                self._writer.add(self._number(number), self.data(one, resolved=True))
            elif one.get("/Type") not in (Name.ObjStm, Name.XRef):
                content = one.read_raw_bytes()
                one.stream_dict.Length = len(content)
                self._writer.add_stream(self._number(number), self.data(one.stream_dict, resolved=True), content)

    def _number(self, number: int) -> int:
        if number not in self._numbers:
            self._numbers[number] = self._writer.reserve()
        return self._numbers[number]

    def _reference(self, token: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % self._number(int(token[1])) if token[1] else token[0]


def _catalog(pdf: Pdf, moved: _Moved) -> bytes:
    """The catalogue of the whole, with a gap for the names of its places."""
    root = pdf.Root
    kept = b" ".join(
        key.encode() + b" " + moved.data(root[key]).replace(b"%", b"%%")
        for key in ("/Lang", "/MarkInfo", "/Metadata", "/ViewerPreferences")
    )
    files = b"/EmbeddedFiles " + moved.data(root.Names.EmbeddedFiles) if "/EmbeddedFiles" in root.Names else b""
    return b"<< /Type /Catalog /Pages %d 0 R /StructTreeRoot %d 0 R /Outlines %d 0 R %s /Names << %%s %s >> >>" % (
        PAGES,
        STRUCTURE,
        OUTLINES,
        kept,
        files,
    )


def _names(pdf: Pdf) -> Iterator[tuple[Object, Object]]:
    """The anchors of a PDF and their places."""
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        flat = list(pdf.Root.Names.Dests.Names)
        yield from zip(flat[::2], flat[1::2], strict=True)


def _entries(parent: Object) -> Iterator[Object]:
    entry = parent.get("/First")
    while entry is not None:
        yield entry
        entry = entry.get("/Next")


def _bookmarks(parent: Object, moved: _Moved) -> list[Bookmark]:
    return [
        Bookmark(moved.data(entry.Title), moved.data(entry.Dest), _bookmarks(entry, moved))
        for entry in _entries(parent)
    ]


def _outline_numbers(parent: Object) -> Iterator[int]:
    yield parent.objgen[0]
    for entry in _entries(parent):
        yield from _outline_numbers(entry)


def _all(bookmarks: list[Bookmark]) -> Iterator[Bookmark]:
    for one in bookmarks:
        yield one
        yield from _all(one.below)
