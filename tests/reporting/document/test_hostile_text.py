"""What somebody may write into a comment or a reason reaches page and paper as words, and as nothing else."""

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from scoreboard.submissions import workflow
from tests import factories
from tests.factories import HARBOUR, given
from tests.reporting.reading import page_words, pdf_words

pytestmark = pytest.mark.django_db

OVERRIDE = "\u202e"  # from here on from right to left, whatever the letters are
HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="http://example.org/x.png" onerror="alert(1)"> <style>* { display: none }</style>',
    '<img src="file:///etc/passwd"><iframe src="file:///etc/passwd"></iframe>',
    "![x](file:///etc/passwd) [y](javascript:alert(1)) http://example.org/?a=1&b=2",
    f"before {OVERRIDE}gnp.evil",
    '=HYPERLINK("http://example.org","x")',
    "{{ settings.SECRET_KEY }} {% debug %} %(n)s",
]


class Elements(HTMLParser):
    """The elements of a page with their attributes, apart from what they hold."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.found: list[tuple] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.found.append((tag, *(one for one in attrs if one[0] not in ("nonce", "href"))))


def published(country, texts: list[str], small_pdf, assessment_at, code: str) -> Assessment:
    """Return the assessment of a country that wrote these texts, each as comment and as reason."""
    cycle = factories.a_cycle([country], edition=factories.an_edition(HARBOUR), code=code)
    submission = cycle.submissions.get(country=country)
    codes = [indicator.code for indicator in cycle.edition.all_indicators]
    said = {
        f"i{indicator}": given("not_applicable", reason=text, comment=text)
        for indicator, text in zip(codes, texts, strict=True)
    }
    factories.fill(submission, **said)
    workflow.submit(submission, by=factories.a_focal(country), **factories.DECLARATION)
    workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())
    return assessment_at(Assessment.Status.PUBLISHED, cycle)


def unspaced(text: str) -> str:
    """The text without spaces: lines are broken anywhere in a long word."""
    return "".join(text.split())


def test_hostile_text_is_text(malta, small_pdf, assessment_at):
    issue = published(malta, HOSTILE, small_pdf, assessment_at, "2026")
    plain = published(malta, ["Plain words."] * len(HOSTILE), small_pdf, assessment_at, "2027")

    pages = [Client().get(reverse("report_country", args=[one.pk, "MT"])) for one in (issue, plain)]
    other = pages[1].content.decode().replace("Scoreboard 2027", "Scoreboard 2026").replace("/2027/", "/2026/")
    other = other.replace(f"/reports/{plain.pk}/", f"/reports/{issue.pk}/")
    assert Elements(pages[0].content).found == Elements(other.encode()).found, "no text becomes an element"
    content = pdf.section_pdf(issue, "country-MT")  # it would raise if anything were to be fetched
    for words in (page_words(pages[0]), pdf_words(content)):
        for text in HOSTILE:
            if OVERRIDE not in text:
                assert unspaced(words).count(unspaced(text)) == 2, text
    assert pages[0].content.decode().count(f"before {OVERRIDE}gnp.evil</p>") == 2, "its paragraph ends it"
    reader = PdfReader(BytesIO(content))
    assert not [note for page in reader.pages for note in page.get("/Annots", [])], "no address becomes a link"
    assert not [image for page in reader.pages for image in page.images]
    assert re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|URI)\b", content) is None
