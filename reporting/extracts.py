"""A country's own PDF, joined from the sections that the whole document has of it; nothing is set again.

It stands by itself: its headings rise so that the country's name is the first, and it says what it is.
"""

from collections.abc import Sequence
from functools import partial
from html import escape
from io import BytesIO
from typing import NamedTuple

from pikepdf import Dictionary, Name, Pdf

from reporting import joining
from reporting.joining import Part

RAISED = {Name(f"/H{n}"): Name(f"/H{n - 1}") for n in range(2, 7)}
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
    first, *rest = sections
    output = BytesIO()
    parts = [Part(first, 1, partial(_begin, about=about)), *(Part(content, 2, _raise) for content in rest)]
    joining.join(parts, [folios], output)
    return output.getvalue()


def _begin(pdf: Pdf, about: About) -> None:
    _raise(pdf)
    words = {name: escape(text) for name, text in about._asdict().items()}
    producer = escape(str(pdf.trailer.Info.Producer))
    pdf.Root.Metadata.write(METADATA.format(producer=producer, **words).encode())
    digits = "".join(one for one in about.created.split("+")[0] if one.isdigit())
    dates = dict.fromkeys(("/CreationDate", "/ModDate"), f"D:{digits}+00'00")
    says = {"/Title": about.title, "/Subject": about.subject, "/Keywords": about.keywords, **dates}
    for key, words_of in says.items():
        pdf.trailer.Info[key] = words_of


def _raise(pdf: Pdf) -> None:
    """Let each heading of a section count one rank higher."""
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/Type") == Name.StructElem and one.S in RAISED:
            one.S = RAISED[one.S]
