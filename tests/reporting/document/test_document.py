"""What a snapshot says: results by area and country, tallies, participation, answers, and how they are in_words."""

import re
from fractions import Fraction

import pytest
from django.utils import translation

from reporting.assessments import lifecycle
from reporting.document import captions, numbers, richtext
from reporting.document.document import Document
from reporting.templatetags import figures
from scoreboard import clock
from scoreboard.models import State, Submission
from scoreboard.submissions import workflow
from tests import factories
from tests.reporting.snapshots import a_snapshot, an_answer


@pytest.fixture
def document():
    return Document(a_snapshot())


def percents(document):
    return {
        (chapter.code, result.iso2): (numbers.number(result.percent), result.scored, result.of)
        for chapter in document.chapters
        for result in chapter.results
    }


def test_a_percentage_counts_rungs_over_possible_rungs_of_what_has_a_level(document):
    assert percents(document) == {
        ("P", "GR"): ("11.1", 3, 3),  # 0 + 1 + 0 of 4 + 4 + 1
        ("P", "MT"): ("60.0", 2, 3),  # 2 + 1 of 4 + 1; P2 is not applicable
        ("Q", "GR"): ("", 0, 2),  # one unknown, one not answered: no value, not zero
        ("Q", "MT"): ("100.0", 1, 2),
        ("R", "GR"): ("100.0", 2, 2),
        ("R", "MT"): ("57.1", 2, 2),  # 1 + 3 of 3 + 4
    }


def test_the_strict_basis_counts_unknown_and_unanswered_as_no_points():
    strict = percents(Document(a_snapshot(basis="strict")))
    assert strict["Q", "GR"] == ("0.0", 0, 2)
    assert strict["Q", "MT"] == ("50.0", 1, 2)
    assert strict["P", "MT"] == ("60.0", 2, 3), "not applicable leaves both sides"


def test_overall_figures_say_of_how_many_countries(document):
    preparation, watch, response = document.chapters
    assert [(one.code, numbers.number(one.percent), one.n) for one in response.statistics] == [
        ("mean", "78.6", 2),
        ("median", "78.6", 2),
        ("lower_quartile", "67.9", 2),
        ("upper_quartile", "89.3", 2),
        ("lowest", "57.1", 2),
        ("highest", "100.0", 2),
    ]
    assert (numbers.number(preparation.spread.mean), watch.n) == ("35.6", 1)


def test_an_area_in_which_nobody_scored_has_no_figures():
    chapter = Document(a_snapshot({"MT": {}})).chapters[0]
    assert [(one.percent, one.n) for one in chapter.statistics] == [(None, 0)] * 6
    assert (chapter.highest, chapter.lowest) == ([], [])


def test_a_tally_keeps_levels_apart_from_every_other_answer(document):
    preparation, watch, _response = document.chapters
    assert preparation.values == [0, 1, 2, 3, 4, 5]
    first, second, third = preparation.tallies
    assert first.counts == [None, 1, 0, 1, 0, 0], "level 0 is not on the ladder of P1"
    assert third.counts == [1, 1, None, None, None, None]
    assert (second.not_applicable, second.unknown, second.unanswered) == (1, 0, 0)
    assert [(one.unknown, one.unanswered) for one in watch.tallies] == [(1, 0), (1, 1)]


def test_highest_and_lowest_indicators_are_all_those_that_share_the_mean():
    level = Document(a_snapshot({"MT": {"P1": 5, "P2": 5, "P3": 0}})).chapters[0]
    assert ([one.label for one in level.highest], [one.label for one in level.lowest]) == (["P1", "P2"], ["P3"])


def test_countries_stand_in_alphabetical_order_whatever_their_accents():
    document = Document(a_snapshot({"MT": {}, "AX": {}, "GR": {}}))
    assert [one.name for one in document.participants] == ["Åland Islands", "Greece", "Italy", "Malta"]
    assert [one.country for one in document.chapters[0].results] == ["Åland Islands", "Greece", "Malta"]


def test_participation_and_response_by_group(document):
    assert [one.name for one in document.not_reported] == ["Italy"]
    (group,) = document.groups
    assert (group.name, group.reported, group.of, numbers.number(group.percent)) == ("Seafarers", 2, 3, "66.7")


def test_the_matrix_has_a_cell_for_every_answer(document):
    (greece, cells), (malta, _cells) = document.matrix()
    assert (greece.name, malta.name) == ("Greece", "Malta")
    shown = [(cell.kind, cell.level, cell.rung, cell.of) for cell in cells]
    assert shown[0] == ("level", 1, 0, 4)
    assert shown[2] == ("level", 0, 0, 1)
    assert (shown[3][0], shown[4][0]) == ("unknown", "")
    assert [cell.begins_area for cell in cells] == [True, False, False, True, False, True, False]
    assert [len(cells) for _country, cells in document.matrix("R")] == [2, 2]


def test_replies_give_the_level_with_its_text_and_keep_what_is_withheld():
    answers = {"P1": an_answer(3, comment="Voir le plan."), "P2": an_answer(1, withheld=True)}
    answers |= {"P3": an_answer("not_applicable", reason="No port.")}
    replies = Document(a_snapshot({"MT": answers})).replies("MT")[0][2]
    plan, training, person = replies
    assert (plan.label, plan.cell.level, plan.lowest, plan.highest) == ("P1", 3, 1, 5)
    assert plan.level_text.startswith("Ένα σχέδιο έχει εγκριθεί")
    assert (plan.comment, plan.withheld, training.comment, training.withheld) == ("Voir le plan.", False, "", True)
    assert (person.cell.word, person.reason, person.level_text) == ("Not applicable", "No port.", "")


def test_a_country_that_has_not_reported_has_no_replies(document):
    with pytest.raises(KeyError):
        document.replies("IT")


def test_a_real_snapshot_reads_the_same(db):
    cycle = factories.a_cycle([factories.a_country("MT"), factories.a_country("GR"), factories.a_country("TN")])
    for country in ("MT", "GR"):
        factories.submission_at(State.ACCEPTED, factories.a_country(country), cycle)
    officer = factories.an_officer()
    workflow.reopen(Submission.objects.get(country__iso2="GR"), by=officer, comment="A figure is wrong.")
    document = Document(lifecycle.consolidate(cycle, by=officer).snapshot)
    assert [(one.name, one.version, one.reopened) for one in document.participants] == [
        ("Greece", 1, True),
        ("Malta", 1, False),
        ("Tunisia", None, False),
    ]
    assert document.reported[0].submitted_on == cycle.day(clock.now())
    assert {numbers.number(one.percent) for chapter in document.chapters for one in chapter.results} == {"66.7"}
    assert document.is_provisional
    assert not document.is_example


@pytest.mark.parametrize("draw", [captions.percentages, captions.distributions])
def test_charts_say_their_numbers_in_words(document, draw):
    assert "Area R" in draw(document.chapters[2]).spoken


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("0", "0.0"), ("1/20", "0.1"), ("2000/27", "74.1"), ("49/4", "12.3"), (Fraction(100), "100.0"), (None, "")],
)
def test_numbers_have_one_decimal_rounded_half_up(exact, shown):
    assert numbers.number(exact) == shown


def test_numbers_days_and_texts_speak_the_active_language():
    with translation.override("fr"):
        assert (numbers.number("2000/27"), numbers.day("2026-03-31")) == ("74,1", "31 mars 2026")
        assert str(numbers.text({"en": "Malta", "fr": "Malte"})) == "Malte"
    assert numbers.language({"fr": "Titre", "el": "Τίτλος"}) == "el"  # the first in alphabetical order
    assert str(numbers.text(None)) == ""


def test_a_dash_can_be_heard():
    assert figures.percent(None) == '<span aria-hidden="true">–</span><span class="visually-hidden">no value</span>'
    assert figures.percent("1/3") == "0.3"


@pytest.mark.parametrize(
    ("words", "way"), [("Malta", "ltr"), ("3 محافظات", "rtl"), ("התוכנית", "rtl"), ("Ελλάδα", "ltr"), ("", "ltr")]
)
def test_a_text_runs_the_way_of_its_first_letter(words, way):
    assert numbers.direction(words) == way


def test_rich_text_keeps_emphasis_lists_and_links_and_nothing_else():
    html = richtext.html("**Bold** and *soft*\n\n- one\n- two\n\n[a link](https://example.org/)")
    assert html.count("<strong>") == html.count("<em>") == html.count("<ul>") == 1
    assert '<a href="https://example.org/">' in html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](file:///etc/passwd)",
        "[x](javascript:alert(1))",
        "[x](file:///etc/passwd)",
        '<p style="color: red">',
        "# Heading",
    ],
)
def test_rich_text_leaves_other_markup_as_text(source):
    assert set(re.findall(r"<(\w[^>]*)", richtext.html(source))) == {"p"}


def test_a_chart_of_many_countries_is_cut_to_pages(monkeypatch):
    chapter = Document(a_snapshot()).chapters[0]
    assert captions.percentages_by_page(chapter) == [captions.percentages(chapter)]
    monkeypatch.setattr(captions, "BARS", 1)
    charts = captions.percentages_by_page(chapter)
    titles = [re.search("<title>(.*?)</title>", chart)[1] for chart in charts]
    assert titles == [f"Area P: percent by country, {name} to {name}" for name in ("Greece", "Malta")]
    for chart, result in zip(charts, chapter.results, strict=True):
        assert f">{result.country}</text>" in chart
        assert f">{numbers.number(result.percent)} ({result.scored} of {result.of})</text>" in chart
