"""Pieces joined to one tagged PDF: pages, structure, bookmarks and links of all, written piece by piece.

Nothing but a piece's own objects is in memory at a time: they are numbered anew and go to the file at once; what
belongs to the whole (structure, names, bookmarks) follows at the end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, NamedTuple

from pikepdf import String

from reporting.pdf.pdf_file import Writer
from reporting.pdf.pieces import DOCUMENT, END, FOLIO, KEY, LEADING, MARK, PAGES, SAVE, STRUCTURE, Piece

CATALOG, OUTLINES, PARENTS, BLANK = 1, 2, 3, 4
COMMON = {PAGES: 5, STRUCTURE: 6, DOCUMENT: 7, SAVE: 8}


class Part(NamedTuple):
    """A piece to be joined, how deep its first bookmarks hang (1: at the top), and whether its pages are numbered."""

    piece: Piece
    depth: int = 1
    numbered: bool = True


@dataclass
class Bookmark:
    """An entry of the outline; `title` and `target` are ready to be written."""

    title: bytes
    target: bytes
    below: list["Bookmark"] = field(default_factory=list)


def join(parts: Iterable[Part], numbers: Iterable[Piece], output: BinaryIO) -> None:
    """Write the parts to `output` as one tagged PDF whose catalogue and metadata are those of the first part.

    `numbers` are pieces that have, one after the other, a form for each numbered page: what is stamped on it.
    """
    whole = _Whole(Writer(output))
    for piece in numbers:
        whole.add_numbers(piece)
    for part in parts:
        whole.add(part)
    whole.finish()


class _Whole:
    """What the pieces have in common, gathered while they pass."""

    def __init__(self, writer: Writer):
        self._writer = writer
        writer.reserve(BLANK + len(COMMON))
        writer.add_stream(COMMON[SAVE], b"<< /Length 1 >>", b"q")
        writer.add_stream(BLANK, b"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Length 0 >>", b"")
        self._folios: list[int] = []
        self._stamped = 0
        self._page_nodes: list[int] = []
        self._pages = 0
        self._elements: list[bytes] = []
        self._parents: list[int] = []
        self._next_key = 0
        self._names: list[tuple[str, bytes]] = []
        self._outline: list[Bookmark] = []
        self._catalog, self._files, self._info = b"", b"", b""

    def add_numbers(self, piece: Piece) -> None:
        """Write the forms that are to be stamped."""
        first = self._writer.reserve(piece.has["objects"])
        self._write(piece, first, self._records(piece, first, []), piece.has["objects"])
        self._folios += [first + number for number in piece.has["forms"]]

    def add(self, part: Part) -> None:
        """Write a piece's pages and structure, and remember what the whole needs of it."""
        piece, has, leads = part.piece, part.piece.has, not self._catalog
        written = has["objects"] if leads else has["objects"] - LEADING
        first = self._writer.reserve(written)
        records = self._records(piece, first, self._stamps(has["pages"], numbered=part.numbered))
        self._write(piece, first, records, written)
        catalog, files, rows, elements, *more = records[has["objects"] :]
        if leads:
            self._catalog, self._files, self._info = catalog, files, b"%d 0 R" % (first + has["info"])
        rest = iter(more)
        self._elements.append(elements)
        self._names += zip(has["anchors"], islice(rest, len(has["anchors"])), strict=True)
        for depth in has["bookmarks"]:
            self._hang(Bookmark(next(rest), next(rest)), part.depth + depth)
        self._page_nodes.append(first + has["node"])
        self._pages += has["pages"]
        self._note_keys(rows, *has["keys"])

    def finish(self) -> None:
        """Write what belongs to all parts."""
        add = self._writer.add
        pages, structure, document = COMMON[PAGES], COMMON[STRUCTURE], COMMON[DOCUMENT]
        kids = b" ".join(b"%d 0 R" % number for number in self._page_nodes)
        add(pages, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (self._pages, kids))
        add(
            structure,
            b"<< /Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d >>"
            % (document, PARENTS, self._next_key),
        )
        elements = b" ".join(self._elements)
        add(document, b"<< /Type /StructElem /S /Document /P %d 0 R /K [%s] >>" % (structure, elements))
        add(PARENTS, b"<< /Kids [%s] >>" % b" ".join(b"%d 0 R" % number for number in self._parents))
        self._writer.add(OUTLINES, b"<< /Type /Outlines %s >>" % self._write_bookmarks(self._outline, OUTLINES))
        names = b" ".join(
            String(name).unparse() + b" " + target
            for name, target in sorted(self._names, key=lambda one: bytes(String(one[0])))
        )
        add(
            CATALOG,
            b"<< /Type /Catalog /Pages %d 0 R /StructTreeRoot %d 0 R /Outlines %d 0 R %s "
            b"/Names << /Dests << /Names [%s] >> %s >> >>"
            % (pages, structure, OUTLINES, self._catalog, names, self._files),
        )
        self._writer.finish(CATALOG, self._info)

    def _records(self, piece: Piece, first: int, stamps: list[int]) -> list[bytes]:
        """The records of a piece, what stands between marks told in the numbers of the whole."""
        words = piece.text.split(MARK)
        words[1::2] = [
            b"%d 0 R" % (first + int(word)) if word.isdigit() else self._said(word.decode(), stamps)
            for word in words[1::2]
        ]
        return b"".join(words).split(END)[:-1]

    def _said(self, word: str, stamps: list[int]) -> bytes:
        kind, number = word[0], word[1:]
        if kind == KEY:
            return b"%d" % (self._next_key + int(number))
        return b"%d 0 R" % (stamps[int(number)] if kind == FOLIO else COMMON[kind])

    def _stamps(self, pages: int, *, numbered: bool) -> list[int]:
        """The forms to be stamped on the next pages."""
        if not numbered:
            return [BLANK] * pages
        self._stamped += pages
        return self._folios[self._stamped - pages : self._stamped]

    def _write(self, piece: Piece, first: int, records: list[bytes], count: int) -> None:
        for n in range(count):
            if n in piece.contents:
                self._writer.add_stream(first + n, records[n], piece.contents[n])
            else:
                self._writer.add(first + n, records[n])

    def _note_keys(self, rows: bytes, lowest: int, highest: int) -> None:
        """Give the piece's pages and links their own stretch of the table that leads from content to structure."""
        number = self._writer.reserve()
        limits = (self._next_key + lowest, self._next_key + highest)
        self._writer.add(number, b"<< /Limits [%d %d] /Nums [%s] >>" % (*limits, rows))
        self._parents.append(number)
        self._next_key = limits[1] + 1

    def _hang(self, bookmark: Bookmark, depth: int) -> None:
        place = self._outline
        for _step in range(depth - 1):
            place = place[-1].below
        place.append(bookmark)

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


def _all(bookmarks: list[Bookmark]) -> Iterator[Bookmark]:
    for one in bookmarks:
        yield one
        yield from _all(one.below)
