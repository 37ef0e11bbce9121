"""Text that no font can show: said in its place, listed before publishing, and never a box in silence."""

import subprocess

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.assessments import lifecycle
from reporting.document import missing_glyphs
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from scoreboard.errors import Invalid
from tests import factories
from tests.pages import Page
from tests.reporting.example import an_assessment
from tests.reporting.snapshots import a_snapshot, an_answer

KOREAN, PRIVATE = "계획이 채택되었다", "\ue000"
NOTE = "[text not shown, see the web page]"


@pytest.fixture(scope="module", autouse=True)
def without_korean():
    covered = missing_glyphs._covered()
    if ord(KOREAN[0]) in covered:
        pytest.fail("These tests need a machine without Korean fonts.")


def test_a_section_says_which_text_is_not_shown():
    answers = {"MT": {"P1": an_answer(3, comment=f"Plan: {KOREAN}, {PRIVATE} 2024."), "Q1": an_answer(2)}}
    content = pdf.section_pdf(an_assessment(a_snapshot(answers)), "country-MT")
    text = " ".join(subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True).stdout.decode().split())
    assert f"Plan: {NOTE}, {NOTE} 2024." in text


def test_the_whole_tells_where(caplog):
    snapshot = a_snapshot({"MT": {"P1": an_answer(3, comment=KOREAN), "Q1": an_answer(2, comment="Ελληνικά")}})
    snapshot["countries"][0]["name"]["en"] = f"Malta {KOREAN}"
    told = []
    pdf.assessment_pdf(an_assessment(snapshot), report=lambda *step: None, not_shown=lambda *one: told.append(one))
    assert dict(told)[f"Malta {KOREAN}"].count(KOREAN) >= 2
    assert {title for title, _texts in told} >= {"Contents", "Participation", f"Malta {KOREAN}"}
    assert "notdef" not in caplog.text


@given(st.text(alphabet=f"ab <>&\"'é{KOREAN}{PRIVATE}\u200b"))
@settings(max_examples=80)
def test_every_text_is_shown_or_found(text):
    """What `found` returns is exactly the letters that no font has; the rest of the HTML stays."""
    from html import escape

    missing = set(KOREAN + PRIVATE) - {" "}
    html = f'<p title="{escape(text)}">{escape(text)}</p>'
    marked = missing_glyphs.marked(html)
    texts = missing_glyphs.left_out(marked)
    assert [letter for one in texts for letter in one if letter != " "] == [one for one in text if one in missing]
    for one in texts:
        marked = marked.replace(f'<span class="not-shown" title="{escape(one)}">{NOTE}</span>', escape(one), 1)
    assert marked == html


def test_packages_are_named_by_script():
    assert missing_glyphs.packages([KOREAN]) == ["fonts-noto-cjk"]
    assert missing_glyphs.packages(["计划", "ひらがな", "𐎀"]) == ["fonts-noto-cjk", "fonts-noto-extra"]
    assert missing_glyphs.packages([PRIVATE]) == []


def test_publishing_asks_for_a_tick(assessment_at, sign_in):
    issue = assessment_at(Assessment.Status.BUILT)
    Assessment.objects.filter(pk=issue.pk).update(not_shown=[["Malta", [KOREAN]]])
    officer = factories.an_officer()
    client, address = sign_in(officer), reverse("workbench_publish", args=[issue.pk])
    read = Assessment.objects.get(pk=issue.pk)
    why = {"snapshot": read.snapshot_sha256, "early": "The meeting is near."}
    with pytest.raises(Invalid, match="Some texts are not shown"):
        lifecycle.publish(read, audience="everyone", by=officer, **why)
    for page in (client.get(address), client.get(reverse("workbench", args=[issue.cycle.code]))):
        assert KOREAN in page.content.decode()
        assert "fonts-noto-cjk" in page.content.decode()
    decided = Page(client.get(address)).fields | {"before_closing": "on", "early": "The meeting is near."}
    refused = client.post(address, decided | {"audience": "everyone"})
    assert refused.context["form"].errors == {
        "incomplete": ["Tick this, or install the fonts and build the PDF again."]
    }
    client.post(address, decided | {"audience": "everyone", "incomplete": "on"})
    assert Assessment.objects.get(pk=issue.pk).status == Assessment.Status.PUBLISHED
