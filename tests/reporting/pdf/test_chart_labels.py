"""Labels of charts in print: at their anchors, Arabic joined, and read as part of the chart's figure."""

import re
import subprocess

import pytest

from reporting.charts.svg import Canvas
from reporting.pdf import assessment as pdf
from reporting.pdf import typesetting
from reporting.templatetags.figures import in_print
from tests.reporting.pdf.test_joining import structure

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
LABELS = {"start": "Ålandia", "middle": "Ελλάδα", "end": "مصر"}
POINT = 72 / 25.4 * 162 / 520  # a unit of a chart in points


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """A page as wide as a chart that has a label for each anchor, all at its middle."""
    canvas = Canvas(100, rtl=False)
    for n, (anchor, words) in enumerate(LABELS.items()):
        canvas.text(260, 20 + 20 * n, words, anchor=anchor, size=9)
    page = "<style>@page { size: 162mm 60mm; margin: 0 }</style>"
    html = f'<html lang="en"><title>x</title>{page}{in_print(canvas.svg("chart", "Labels", "of three"))}'
    return typesetting.section(html, pdf.STATIC)


def test_a_label_is_at_its_anchor(drawn):
    found = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=drawn, capture_output=True, check=True)
    places = {words: (float(left), float(right)) for left, right, _low, words in WORD.findall(found.stdout.decode())}
    assert places["Ålandia"][0] == pytest.approx(260 * POINT, abs=1)
    assert sum(places["Ελλάδα"]) / 2 == pytest.approx(260 * POINT, abs=1)
    arabic = LABELS["end"]
    assert places.get(arabic, places.get(arabic[::-1]))[1] == pytest.approx(260 * POINT, abs=1)


def test_the_labels_belong_to_a_figure_with_a_text_alternative(drawn):
    def figures(element):
        tag, spoken, below = element
        return ([(spoken, len(below))] if tag == "/Figure" else []) + [one for kid in below for one in figures(kid)]

    assert figures(structure(drawn)) == [("Labels. of three", len(LABELS))]
