"""A country's own PDF, joined from the sections that the whole document has of it; nothing is typeset again.

It is complete by itself: its headings are raised so that the country's name is the first, and it says what it is.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pikepdf import Dictionary, Name, Pdf

from reporting.pdf import joining
from reporting.pdf.joining import Part

RANKS = {f"/H{n}": f"/H{n - 1}" for n in range(2, 7)}


class About(NamedTuple):
    """What a document says of itself; `created` in ISO 8601, in UTC."""

    title: str
    subject: str
    keywords: str
    created: str


def extract(about: About, sections: Sequence[bytes], numbers: bytes) -> bytes:
    """Return sections of one country as one tagged PDF (PDF/UA-1); the first begins with its heading of second rank."""
    whole = joining.join(Part(content, 1 if n == 0 else 2) for n, content in enumerate(sections))
    joining.stamp_numbers(whole, [numbers])
    _raise_headings(whole)
    _describe(whole, about)
    return joining.written(whole)


def _raise_headings(whole: Pdf) -> None:
    """Give each heading one rank higher."""
    for one in whole.objects:
        if isinstance(one, Dictionary) and one.get("/Type") == Name.StructElem and str(one.S) in RANKS:
            one.S = Name(RANKS[str(one.S)])


def _describe(whole: Pdf, about: About) -> None:
    """Say what the document is, in place of what its first section said."""
    with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = about.title
        metadata["dc:description"] = about.subject
        metadata["pdf:Keywords"] = about.keywords
        metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = about.created
