"""A country's own PDF, joined from the sections that the whole document has of it; nothing is set again.

It stands by itself: its headings rise so that the country's name is the first, and it says what it is.
"""

import re
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import NamedTuple

from pikepdf import Dictionary, String

from reporting.pdf import joining, pieces, typesetting
from reporting.pdf.joining import Part
from reporting.pdf.pieces import Piece

RANK = re.compile(rb"/S /H([2-6])\b")
METADATA = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<rdf:Description rdf:about="" pdfuaid:part="1" pdf:Producer="{producer}" pdf:Keywords="{keywords}"
 xmp:CreateDate="{created}" xmp:ModifyDate="{created}">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


class About(NamedTuple):
    """What a document says of itself; `created` in ISO 8601, in UTC."""

    title: str
    subject: str
    keywords: str
    created: str


def extract(about: About, sections: Sequence[bytes], folios: bytes) -> bytes:
    """Return sections of one country as one tagged PDF (PDF/UA-1); the first begins with its heading of second rank."""
    first, *rest = (_raised(pieces.read(content)) for content in sections)
    output = BytesIO()
    parts = [Part(_saying(about, first), 1), *(Part(piece, 2) for piece in rest)]
    joining.join(parts, [pieces.read(folios)], output)
    return output.getvalue()


def _saying(about: About, piece: Piece) -> Piece:
    """The piece with what the document says of itself in place of what the section said."""
    words = {name: escape(text) for name, text in about._asdict().items()}
    metadata = METADATA.format(producer=escape(typesetting.PRODUCER), **words).encode()
    digits = "".join(one for one in about.created.split("+")[0] if one.isdigit())
    dates = dict.fromkeys(("/CreationDate", "/ModDate"), f"D:{digits}+00'00")
    says = {"/Title": about.title, "/Subject": about.subject, "/Keywords": about.keywords, **dates}
    says["/Producer"] = typesetting.PRODUCER
    info = Dictionary({key: String(text) for key, text in says.items()})
    head = b"<< /Type /Metadata /Subtype /XML /Length %d >>" % len(metadata)
    return piece.changed(piece.has["metadata"], head, metadata).changed(piece.has["info"], info.unparse())


def _raised(piece: Piece) -> Piece:
    """The piece with each heading one rank higher."""
    return piece._replace(text=RANK.sub(lambda found: b"/S /H%d" % (int(found[1]) - 1), piece.text))
