"""Sections joined to one tagged PDF: their pages, structure, bookmarks and links, with page numbers stamped on it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from mimetypes import guess_type
from typing import Any, NamedTuple

from pikepdf import (
    Array,
    AttachedFileSpec,
    Dictionary,
    Matrix,
    Name,
    NameTree,
    NumberTree,
    Object,
    ObjectStreamMode,
    OutlineItem,
    Page,
    Pdf,
)
from pikepdf.models.metadata import encode_pdf_date

from reporting.pdf.typesetting import ELSEWHERE

POINTS = 72 / 25.4  # a millimetre
# Where pdf.css has what is printed at the bottom of a page, from the right and from below.
UPRIGHT, LANDSCAPE = (24 * POINTS, 21 * POINTS), (18 * POINTS, 17 * POINTS)
STAMP = b"\nQ\n/Artifact <</Type /Pagination /Subtype /%s>> BDC\nq\n%s cm\n%s Do\nQ\nEMC\n"


class Part(NamedTuple):
    """A section as tagged PDF, and how deep its first bookmarks hang (1: at the top)."""

    content: bytes
    depth: int = 1


class Attachment(NamedTuple):
    """A file to travel within the PDF."""

    name: str
    content: bytes
    description: str
    at: str  # when it came to be, in ISO 8601


class Look(NamedTuple):
    """How many pages a section has, and on which of them (from 0) its anchors are."""

    pages: int
    anchors: dict[str, int]


def look(content: bytes) -> Look:
    """Return the pages and anchors of a section."""
    with Pdf.open(BytesIO(content)) as section:
        pages = {page.obj.objgen: n for n, page in enumerate(section.pages)}
        return Look(len(pages), {name: pages[target[0].objgen] for name, target in _anchors(section.Root)})


def join(parts: Iterable[Part]) -> Pdf:
    """Return the parts as one tagged PDF with one Document element; language and metadata are those of the first."""
    whole = Pdf.new()
    structure = whole.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=structure, K=[]))
    anchors, parents, next_key = NameTree.new(whole), NumberTree.new(whole), 0
    with whole.open_outline() as outline:
        for part in parts:
            begins, section = len(whole.pages), Pdf.open(BytesIO(part.content))
            whole.pages.extend(section.pages)
            catalog = whole.copy_foreign(section.Root)  # after the pages that it refers to
            if not begins:
                _introduce(whole, section, catalog)
            for element in catalog.StructTreeRoot.K[0].K:
                element.P = document
                document.K.append(element)
            # A page, like a link, has a number by which the parent tree knows what in the structure it belongs to.
            numbered = NumberTree(catalog.StructTreeRoot.ParentTree)
            for key, element in numbered.items():
                parents[next_key + key] = element
            for page in whole.pages[begins:]:
                _link(page, next_key)
            next_key += max(numbered) + 1
            for name, target in _anchors(catalog):
                anchors[name] = target
            level = outline.root
            for _step in range(part.depth - 1):
                level = level[-1].children
            level.extend(_bookmarks(catalog.get("/Outlines", {})))
    structure.K, structure.ParentTree, structure.ParentTreeNextKey = [document], parents.obj, next_key
    whole.Root.StructTreeRoot = structure
    whole.Root.Names = Dictionary(Dests=anchors.obj)
    return whole


def stamp_numbers(whole: Pdf, numbers: Iterable[bytes], *, after: int = 0) -> None:
    """Stamp each page that follows the first `after` ones with the next page of the PDFs in `numbers`."""
    pages = iter(whole.pages[after:])
    for content in numbers:
        with Pdf.open(BytesIO(content)) as lines:
            for line in lines.pages:
                page = next(pages)
                form = whole.copy_foreign(line.as_form_xobject())
                right, below = LANDSCAPE if page.mediabox[2] > page.mediabox[3] else UPRIGHT
                x, y = float(page.mediabox[2]) - right - float(form.BBox[2]), below - float(form.BBox[3])
                stamp(page, form, Matrix().translated(x, y), "Footer")


def stamp(page: Page, form: Object, matrix: Matrix, kind: str) -> None:
    """Put a form on a page as an artifact of this kind, which is outside the reading order."""
    # Pages of a section share their resources, so each stamp has a name of its own. What the page's content left
    # turned over is turned back first.
    name = page.add_resource(form, Name.XObject, Name(f"/{kind}{page.index}"))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(STAMP % (kind.encode(), matrix.encode(), str(name).encode()))


def attach(whole: Pdf, attachments: Iterable[Attachment]) -> None:
    """Add the files that travel within the PDF."""
    for one in attachments:
        moment = encode_pdf_date(datetime.fromisoformat(one.at))
        file = AttachedFileSpec(
            whole,
            one.content,
            description=one.description,
            filename=one.name,
            mime_type=guess_type(one.name)[0] or "application/octet-stream",
            creation_date=moment,
            mod_date=moment,
        )
        file.relationship = Name.Data
        whole.attachments[one.name] = file


def written(whole: Pdf) -> bytes:
    """Return a PDF as bytes, the same for the same content."""
    output = BytesIO()
    whole.save(output, min_version="1.7", object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    return output.getvalue()


def _introduce(whole: Pdf, section: Pdf, catalog: Object) -> None:
    """Let the whole say of itself what a section says; `catalog` is the copy of the section's."""
    for key in ("/Lang", "/MarkInfo", "/Metadata", "/ViewerPreferences"):
        whole.Root[key] = catalog[key]
    for key, words in section.docinfo.items():
        whole.docinfo[key] = str(words)


def _link(page: Page, offset: int) -> None:
    """Count the numbers of a page and its links on, and turn addresses of other sections into places of the whole."""
    page.obj.StructParents += offset
    for note in page.obj.get("/Annots", []):
        if "/StructParent" in note:
            note.StructParent += offset
        address = str(note.A.get("/URI", "")) if "/A" in note else ""
        if address.startswith(ELSEWHERE):
            del note.A
            note.Dest = note.Contents = address.removeprefix(ELSEWHERE)


def _anchors(catalog: Object) -> Iterator[tuple[str, Object]]:
    """The anchors of a section and their places."""
    if "/Dests" in catalog.get("/Names", {}):
        for name, target in NameTree(catalog.Names.Dests).items():
            yield str(name), target


def _bookmarks(parent: Object | dict[str, Any]) -> Iterator[OutlineItem]:
    """The bookmarks below an entry of an outline, with all below them."""
    entry = parent.get("/First")
    while entry is not None:
        item = OutlineItem(str(entry.Title), Array(entry.Dest))
        item.children.extend(_bookmarks(entry))
        yield item
        entry = entry.get("/Next")
