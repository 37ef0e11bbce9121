"""Print loses nothing at any size that the edition format allows: no text leaves its page or covers another."""

import os

import pytest

from reporting.document.document import Document
from reporting.pdf import assessment as pdf
from reporting.pdf import sections, typesetting
from tests.reporting.boxes import strays
from tests.reporting.example import an_assessment
from tests.reporting.many import a_snapshot_of

# Areas, levels, countries.
SIZES = [(1, 2, 1), (7, 11, 6), (13, 20, 4), (30, 4, 3)]
LARGE = [(5, 4, 180), (8, 11, 60), (30, 20, 200)] if os.environ.get("DRILLS") == "long" else []


def printed(snapshot) -> dict[str, bytes]:
    """Return the sections of the document as PDF; of those that repeat only the first two."""
    document, assessment = Document(snapshot), an_assessment(snapshot)
    whole = sections.sections(document, pdf.particulars(assessment), {})
    first: dict[str, int] = {}
    chosen = []
    for part in whole:
        first[part.kind] = first.get(part.kind, 0) + 1
        if first[part.kind] <= 2:
            chosen.append(part)
    return {
        part.anchor: typesetting.section(pdf.page(document, part, pdf.particulars(assessment)), pdf.STATIC)
        for part in [*chosen, sections.profile(document, document.reported[0])]
    }


@pytest.mark.parametrize("size", [*SIZES, *(pytest.param(size, marks=pytest.mark.drill) for size in LARGE)], ids=str)
def test_no_text_leaves_its_page_or_covers_another(size):
    found = {anchor: strays(content) for anchor, content in printed(a_snapshot_of(*size)).items()}
    assert {anchor: faults for anchor, faults in found.items() if faults} == {}
