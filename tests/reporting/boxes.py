"""Whether the text of a PDF stays where it belongs: inside its page's margins, and clear of other text."""

import subprocess
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

MILLIMETRE = 72 / 25.4
# The margins that pdf.css gives to a page, from its left (and right) edge, from above and from below, in millimetres.
UPRIGHT, LANDSCAPE = (24, 30, 28), (18, 27, 24)
SLACK = 0.8  # points: accents and the slant of italics reach a little out of their boxes
COVERED = 0.3  # of the smaller of two words, from which on they can no longer be read


class Word(NamedTuple):
    """A word with its box in points, from the top left corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def strays(content: bytes) -> list[str]:
    """Return a sentence for each word of the PDF that leaves its page's text area or covers another word."""
    return [
        f"page {number}: {fault}"
        for number, (width, height, words) in enumerate(pages(content), start=1)
        for fault in [*_outside(width, height, words), *_covered(words)]
    ]


def pages(content: bytes) -> Iterator[tuple[float, float, list[Word]]]:
    """Yield the width and height of each page, and its words."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    printable = "".join(letter for letter in done.stdout.decode() if letter >= " " or letter in "\n\t")
    for page in ElementTree.fromstring(printable).iter("{http://www.w3.org/1999/xhtml}page"):  # noqa: S314 - Poppler's
        words = [
            Word(word.text or "", *(float(word.attrib[edge]) for edge in ("xMin", "yMin", "xMax", "yMax")))
            for word in page.iter("{http://www.w3.org/1999/xhtml}word")
        ]
        yield float(page.attrib["width"]), float(page.attrib["height"]), words


def _outside(width: float, height: float, words: list[Word]) -> Iterator[str]:
    """Words beyond the left or right margin, or neither in the text area nor in the lines at the head and foot."""
    side, above, below = (edge * MILLIMETRE for edge in (LANDSCAPE if width > height else UPRIGHT))
    for word in words:
        if word.left < side - SLACK or word.right > width - side + SLACK:
            yield f"{word.text!r} leaves the margins at the side"
        middle = (word.top + word.bottom) / 2
        foot = height - below
        if (
            middle < above - 16 * MILLIMETRE
            or middle > foot + 15 * MILLIMETRE
            or foot + 1 < middle < foot + 6 * MILLIMETRE
        ):
            yield f"{word.text!r} leaves the text area above or below"


def _covered(words: list[Word]) -> Iterator[str]:
    rows = defaultdict(list)  # by the ten points through which a word passes, so that few are compared
    for word in words:
        for row in range(int(word.top // 10), int(word.bottom // 10) + 1):
            rows[row].append(word)
    found = set()
    for row in rows.values():
        row.sort(key=lambda word: word.left)
        for n, one in enumerate(row):
            for other in row[n + 1 :]:
                if other.left >= one.right:
                    break
                if (one, other) not in found and _shared(one, other) > COVERED:
                    found.add((one, other))
                    yield f"{one.text!r} and {other.text!r} cover each other"


def _shared(one: Word, other: Word) -> float:
    """How much of the smaller word the other covers."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    areas = [(word.right - word.left) * (word.bottom - word.top) for word in (one, other)]
    return max(0, wide) * max(0, high) / min(areas) if min(areas) > 0 else 0
