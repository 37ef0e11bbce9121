"""Cards: drawn by the worker for what everybody reads, linked from the pages' heads, and gone with a withdrawal."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from reporting.assessments import cards, lifecycle
from reporting.models import CARDS, Assessment, Product
from reporting.pdf import cards as drawing

PUBLISHED = Assessment.Status.PUBLISHED
SITE = "http://localhost:8000"


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn, without drawing: the cards by what they say."""
    asked = []
    monkeypatch.setattr(drawing, "pictures", lambda some, *, portal: asked.extend(some) or [b"PNG"] * len(some))
    return asked


def test_a_card_is_a_picture_of_the_size_that_links_are_shown_with():
    some = [
        drawing.Card("Cycle", "Malta", "By area", [drawing.Bar("A. Laws", "50.0", 50.0)], True),
        drawing.Card("Cycle", "A" * 300, "x", [drawing.Bar("B" * 90, "", None)] * 9, False),
    ]
    pictures = [Image.open(io.BytesIO(content)) for content in drawing.pictures(some, portal="Portal")]
    assert [(one.format, one.size) for one in pictures] == [("PNG", (1200, 630))] * 2
    assert all(len(one.convert("RGB").getcolors(100_000)) > 10 for one in pictures)


def test_each_country_and_indicator_of_what_everybody_reads_has_one(harbour, assessment_at, drawn, officer):
    issue = assessment_at(PUBLISHED)
    assert cards.make_missing() == 1
    assert cards.make_missing() == 0
    found = set(issue.products.filter(kind__in=CARDS).values_list("kind", "subject"))
    codes = [one.code for one in issue.cycle.edition.all_indicators]
    assert found == {("country_card", "MT"), *(("indicator_card", code) for code in codes)}
    country = drawn[0]
    assert (country.eyebrow, country.heading, country.example) == ("Scoreboard 2026", "Malta", False)
    assert len(country.bars) == issue.cycle.edition.areas.count()
    for name, args in (("report_country", [issue.pk, "MT"]), ("report_indicator", [issue.pk, codes[0]])):
        page = Client().get(reverse(name, args=args)).content.decode()
        [address] = re.findall(r'<meta property="og:image" content="([^"]+)">', page)
        picture = Client().get(address.removeprefix(SITE))
        assert (picture.status_code, picture.getvalue(), picture["Content-Type"]) == (200, b"PNG", "image/png")
    lifecycle.withdraw(issue, reason="A figure was wrong.", by=officer)
    assert Client().get(address.removeprefix(SITE)).status_code == 410


def test_what_observers_alone_read_has_none_and_no_list_names_cards(assessment_at, drawn):
    assessment_at(PUBLISHED, audience="observers")
    assert (cards.make_missing(), drawn) == (0, [])
    Assessment.objects.update(audience="everyone")
    cards.make_missing()
    issue = Assessment.objects.get()
    assert Product.objects.filter(kind__in=CARDS).exists()
    listed = Client().get(reverse("assessment-products", args=[issue.pk])).json()
    assert not {one["kind"] for one in listed} & set(CARDS)
    assert "Picture for links" not in Client().get(reverse("report", args=[issue.pk])).content.decode()
    assert Client().get(reverse("report_product", args=[issue.pk, "country_card"])).status_code == 404
