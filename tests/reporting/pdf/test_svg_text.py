"""Text in charts: whole lines where their anchor has them, Arabic joined, and no form around each label."""

import base64
import re
import subprocess
from io import BytesIO

import pytest
from pypdf import PdfReader

from reporting import pdf
from reporting.charts.svg import Canvas
from reporting.pdf import typesetting

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>')
LABELS = {"start": "Ålandia", "middle": "Ελλάδα", "end": "مصر"}


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """A page of 520 points with a label for each anchor, all at its middle."""
    canvas = Canvas(100, rtl=False)
    for n, (anchor, words) in enumerate(LABELS.items()):
        canvas.text(260, 20 + 20 * n, words, anchor=anchor, size=9)
    image = base64.b64encode(canvas.svg("chart", "Labels", "").encode()).decode()
    page = "<style>@page { size: 520pt 200pt; margin: 0 } img { width: 520pt }</style>"
    html = f'<html lang="en"><title>x</title>{page}<img alt="x" src="data:image/svg+xml;base64,{image}">'
    return typesetting.section(html, pdf.STATIC)


def test_a_label_lies_at_its_anchor(drawn):
    found = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=drawn, capture_output=True, check=True)
    places = {words: (float(left), float(right)) for left, right, words in WORD.findall(found.stdout.decode())}
    assert places["Ålandia"][0] == pytest.approx(260, abs=1)
    assert sum(places["Ελλάδα"]) / 2 == pytest.approx(260, abs=1)
    arabic = LABELS["end"]
    assert places.get(arabic, places.get(arabic[::-1]))[1] == pytest.approx(260, abs=1)


def test_each_label_is_drawn_as_one_line(drawn):
    (page,) = PdfReader(BytesIO(drawn)).pages
    forms = page["/Resources"]["/XObject"].values()
    content = b"".join([page.get_contents().get_data(), *(form.get_object().get_data() for form in forms)])
    assert len(forms) <= 1, "a label of its own form would cost more than all the rest"
    assert content.count(b" Tm") == len(LABELS)
