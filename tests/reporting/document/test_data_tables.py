"""A country's tables of figures in an assessment: shown with their sums, and left out where they are withheld."""

import pytest
from django.test import Client
from django.utils.html import strip_tags

from reporting.assessments import lifecycle
from reporting.document import document, references
from reporting.pdf import assessment as pdf
from reporting.pdf import sections
from scoreboard.submissions import workflow
from tests import factories
from tests.factories import given
from tests.pages import Page

pytestmark = pytest.mark.django_db

BIRDS = [
    {"year": 2024, "species": "Streptopelia turtur", "offence": "killed", "number_best": 1200, "comparable_2020": True},
    {"year": 2025, "species": "Some finch", "offence": "trapped", "number_best": 34, "region": "Νησιά"},
]
CASES = [{"year": 2024, "cases_recorded": 77}]


@pytest.fixture
def snapshot(malta, cycle, focal, officer):
    """The snapshot of Malta's accepted answers: birds are public, cases are withheld."""
    submission = cycle.submissions.get(country=malta)
    withheld = given(figures=CASES, figures_withheld=True)
    factories.fill(submission, i2=given(figures=BIRDS), i4=withheld)
    workflow.submit(submission, by=focal, **factories.DECLARATION)
    workflow.accept(submission, by=officer, version=submission.versions.count())
    return lifecycle.consolidate(cycle, by=officer).snapshot


def test_what_is_withheld_is_not_in_the_snapshot(snapshot):
    answers = snapshot["countries"][0]["answers"]
    assert (answers["2"]["figures"], answers["2"]["figures_withheld"]) == (BIRDS, False)
    assert (answers["4"]["figures"], answers["4"]["figures_withheld"]) == ([], True)
    assert "evidence" not in answers["2"]


def test_a_reply_shows_filled_columns_with_their_sums(snapshot):
    [(_chapter, _result, replies), *_others] = document.Document(snapshot).replies("MT")
    table = next(reply for reply in replies if reply.label == "A2").figures
    assert [title for title, _is_number in table.headings] == [
        "Year",
        "Species",
        "What happened to the birds",
        "Number of birds: best estimate",
        "Region",
        "Comparable with the 2020 baseline",
    ]
    assert [[text for text, _is_number in row] for row in table.rows] == [
        ["2024", "Streptopelia turtur (European Turtle-dove)", "Killed", "1,200", "", "Yes"],
        ["2025", "Some finch", "Trapped", "34", "Νησιά", ""],
    ]
    assert table.totals == ["", "", "", "1,234", "", ""]
    cases = next(reply for reply in replies if reply.label == "A4")
    assert (cases.figures, cases.figures_withheld) == (None, True)


def test_the_public_page_shows_them(snapshot, cycle, small_pdf, officer):
    assessment = cycle.assessments.get()
    lifecycle.perform(lifecycle.request_build(assessment, by=officer))
    lifecycle.publish(
        assessment, audience="everyone", by=officer, snapshot=assessment.snapshot_sha256, early="The meeting is near."
    )
    page = Page(Client().get(f"/reports/{assessment.pk}/countries/MT/"))
    assert "European Turtle-dove" in page.text
    assert "The figures are withheld from publication." in page.text
    assert "1,234" in page.text
    assert "77" not in page.text


def test_the_document_prints_them(snapshot, cycle):
    read = document.Document(snapshot)
    whole = sections.sections(read, pdf.particulars(cycle.assessments.get()))
    [country] = [one for one in whole if one.anchor == "country-MT"]
    _head, _first, birds, _third, cases, *_others = country.html(read).split('<div class="reply">')
    assert '<td class="num" dir="ltr">1,200</td>' in birds
    assert "<strong>1,234</strong>" in birds
    assert "The figures are withheld from publication." in cases
    assert "<table" not in cases


def test_the_document_sums_them_by_year_and_by_what_is_comparable(snapshot, cycle):
    assessment = cycle.assessments.get()
    whole = sections.sections(document.Document(snapshot), pdf.particulars(assessment))
    [area] = [one for one in whole if one.anchor == "area-A"]
    said = strip_tags(area.html(document.Document(snapshot)).replace("><", "> <"))
    best = "Number of birds: best estimate 1,234 2 1 of these: 2024 1,200 1 1 of these: 2025 34 1 1"
    assert f"{best} of these: Comparable with the 2020 baseline · 2024 1,200 1 1" in " ".join(said.split())
    assert "Cases recorded" not in said, "what is withheld is in no sum"


def test_the_results_page_sums_them_too(snapshot, cycle, client, analyst):
    client.force_login(analyst)
    page = Page(client.get(f"/reports/{cycle.assessments.get().pk}/results/figures/"))
    assert "Number of birds: best estimate 1,234 2 1 of these: 2024 1,200 1 1" in page.text


def test_a_text_names_the_sums(snapshot):
    names = references.Names(document.Document(snapshot))
    listed = {item.name: references.in_words(item.kind, item.value) for item in dict(names.of_area("A"))["Figures"]}
    assert listed == {
        "sum A2 number_best": "1,234",
        "sum A2 number_best 2024": "1,200",
        "sum A2 number_best 2025": "34",
        "sum A2 number_best comparable_2020 2024": "1,200",
    }
    assert names.find("sum a2 Number_best comparable_2020 2024").value == "1200"
    assert dict(names.of_area("B"))["Figures"] == []
    for none in ("sum A4 cases_recorded", "sum A2 number_best 2023", "sum A1 number_best"):
        with pytest.raises(references.Unknown, match="No country gave figures to"):
            names.find(none)
