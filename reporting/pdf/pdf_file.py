"""A PDF file written object by object, packed as PDF 1.7 allows, the same bytes for the same objects."""

import hashlib
import zlib
from typing import BinaryIO

AT_ONCE = 400  # objects that are compressed together


class Writer:
    """A PDF file in the making: knows where its objects are and which numbers are taken."""

    def __init__(self, output: BinaryIO):
        self._output, self._at, self._digest = output, 0, hashlib.sha256()
        self._places = bytearray(8)  # per object as the table wants it: kind, place (5 bytes), index (2 bytes)
        self._together: list[tuple[int, bytes]] = []
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self, count: int = 1) -> int:
        """Take so many numbers; return the first."""
        first = len(self._places) // 8
        self._places.extend(bytes(8 * count))
        return first

    def add(self, number: int, data: bytes) -> None:
        """Write an object that is no stream."""
        self._together.append((number, data))
        if len(self._together) == AT_ONCE:
            self._flush()

    def add_stream(self, number: int, head: bytes, content: bytes) -> None:
        """Write a stream; `head` is its dictionary with the length."""
        self._place(number, 1, self._at, 0)
        self._write(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, content))

    def finish(self, catalog: int, info: bytes) -> None:
        """Write what is left, and the table of all objects; `info` is a reference."""
        self._flush()
        number = self.reserve()
        start = self._at
        self._place(number, 1, start, 0)
        identity = self._digest.hexdigest()[:32].encode()
        entries = b"/Type /XRef /W [1 5 2] /Size %d /Root %d 0 R /Info %s /ID [<%s> <%s>]" % (
            (number + 1, catalog, info) + (identity,) * 2
        )
        self._deflated(number, entries, bytes(self._places))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _flush(self) -> None:
        if not self._together:
            return
        number, index, body = self.reserve(), [], bytearray()
        for n, (one, data) in enumerate(self._together):
            self._place(one, 2, number, n)
            index.append(b"%d %d" % (one, len(body)))
            body += data + b"\n"
        head = b" ".join(index) + b"\n"
        self._place(number, 1, self._at, 0)
        self._deflated(number, b"/Type /ObjStm /N %d /First %d" % (len(index), len(head)), head + bytes(body))
        self._together.clear()

    def _deflated(self, number: int, entries: bytes, content: bytes) -> None:
        packed = zlib.compress(content, 6)
        self.add_stream(number, b"<< %s /Filter /FlateDecode /Length %d >>" % (entries, len(packed)), packed)

    def _place(self, number: int, kind: int, where: int, index: int) -> None:
        self._places[8 * number : 8 * number + 8] = bytes([kind]) + where.to_bytes(5, "big") + index.to_bytes(2, "big")

    def _write(self, data: bytes) -> None:
        self._output.write(data)
        self._digest.update(data)
        self._at += len(data)
