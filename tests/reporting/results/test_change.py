"""Change since an earlier cycle, objectives, groups and figures: the same as reckoned by hand."""

import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import mean

import pytest
from django.urls import reverse
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from reporting.assessments import lifecycle
from reporting.document import changes
from reporting.document.document import Document
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from reporting.pdf import sections
from reporting.results import breakdowns, compute
from reporting.results import change as analysis
from reporting.results.scoring import Basis
from scoreboard.errors import NotNow
from scoreboard.models import State
from scoreboard.questionnaire import file
from scoreboard.submissions import workflow
from tests import factories
from tests.factories import HARBOUR, HARBOUR_NEXT, SCOREBOARD, given
from tests.pages import Page
from tests.reporting.reading import every_part
from tests.reporting.snapshots import a_snapshot, an_answer


def edition(path) -> dict:
    return file.read_edition(path.read_bytes())


def indicators(document) -> dict[str, tuple[str, dict]]:
    return {one["code"]: (area["code"], one) for area in document["areas"] for one in area["indicators"]}


THEN, NOW = indicators(edition(HARBOUR)), indicators(edition(HARBOUR_NEXT))
SAME = {code: one["from"][0] for code, (_area, one) in NOW.items() if one.get("relation") == "same"}


def sheets(of):
    def answer(one):
        values = [level["value"] for level in one["levels"]]
        return st.sampled_from([*values, *values, "unknown", "not_applicable", None])

    return st.fixed_dictionaries({code: answer(one) for code, (_area, one) in of.items()})


def given_by(sheet: dict) -> dict:
    return {code: answer for code, answer in sheet.items() if answer is not None}


def by_hand(sheet: dict, of: dict, codes: list[str], strict: bool) -> Fraction | None:
    points = possible = 0
    for code in codes:
        values = [level["value"] for level in of[code][1]["levels"]]
        if isinstance(sheet[code], int):
            points, possible = points + sheet[code] - values[0], possible + values[-1] - values[0]
        elif strict and sheet[code] != "not_applicable":
            possible += values[-1] - values[0]
    return Fraction(100 * points, possible) if possible else None


def test_the_two_editions_have_something_of_each_kind():
    assert SAME
    assert {one.get("relation", "new") for _area, one in NOW.values()} == {"same", "revised", "split", "new"}


@settings(max_examples=25, deadline=None)
@drawn(
    st.fixed_dictionaries({"MT": sheets(THEN), "GR": sheets(THEN), "IT": sheets(THEN)}),
    st.fixed_dictionaries({"MT": sheets(NOW), "GR": sheets(NOW), "EG": sheets(NOW)}),
    st.sampled_from(list(Basis)),
)
def test_change_on_the_matched_set_and_on_all_is_that_of_a_plain_recomputation(then, now, basis):
    strict = basis == Basis.STRICT
    earlier = a_snapshot({iso2: given_by(sheet) for iso2, sheet in then.items()}, path=HARBOUR, missing=())
    later = a_snapshot({iso2: given_by(sheet) for iso2, sheet in now.items()}, path=HARBOUR_NEXT, missing=())

    change = analysis.compare_cycles(earlier, later, {}, basis)

    assert sorted(change.countries) == ["GR", "MT"]
    assert {one.code: one.relation for one in change.breaks} == {
        code: one.get("relation", "new") for code, (_area, one) in NOW.items() if code not in SAME
    }
    for area in change.areas:
        codes = [code for code, (inside, _one) in NOW.items() if inside == area.code]
        matched = [code for code in codes if code in SAME]
        assert (area.matched, area.of) == (len(matched), len(codes))
        pairs = {
            iso2: (by_hand(then[iso2], THEN, [SAME[code] for code in matched], strict),
                   by_hand(now[iso2], NOW, matched, strict))
            for iso2 in ("MT", "GR")
        }  # fmt: skip
        pairs = {iso2: pair for iso2, pair in pairs.items() if None not in pair}
        assert area.countries == pairs
        assert (area.n, area.by) == (
            len(pairs),
            mean(last for _first, last in pairs.values()) - mean(first for first, _last in pairs.values())
            if pairs
            else None,
        )
        everyone = [by_hand(sheet, NOW, codes, strict) for sheet in now.values()]
        everyone = [percent for percent in everyone if percent is not None]
        assert (area.all_now.mean if area.all_now else None) == (mean(everyone) if everyone else None)
    assert [one.code for one in change.indicators] == [code for code in NOW if code in SAME]
    for one in change.indicators:
        pairs = [(then[iso2][SAME[one.code]], now[iso2][one.code]) for iso2 in ("MT", "GR")]
        pairs = [(first, last) for first, last in pairs if isinstance(first, int) and isinstance(last, int)]
        assert (one.n, one.up, one.down, one.level) == (
            len(pairs),
            sum(last > first for first, last in pairs),
            sum(last < first for first, last in pairs),
            sum(last == first for first, last in pairs),
        )


def test_the_same_edition_matches_everywhere():
    lines, breaks = analysis.trace_indicators(edition(HARBOUR), edition(HARBOUR), {})

    assert (lines, breaks) == ({code: code for code in THEN}, [])


def test_series_are_followed_through_an_edition_between():
    newest = edition(HARBOUR_NEXT) | {"code": "harbour-3", "previous": edition(HARBOUR_NEXT)["code"]}
    newest["areas"] = [
        area
        | {"indicators": [one | {"relation": "same", "from": [one["code"]]} for one in area["indicators"]]}
        for area in newest["areas"]
    ]  # fmt: skip
    between = {edition(HARBOUR_NEXT)["code"]: edition(HARBOUR_NEXT)}

    lines, breaks = analysis.trace_indicators(newest, edition(HARBOUR), between)

    assert lines == SAME
    assert {one.relation for one in breaks} == {"revised", "split", "new"}
    assert analysis.trace_indicators(newest, edition(HARBOUR), {})[0] == {}


def test_confirmed_and_answered_anew_are_told_apart():
    code, source = next(iter(SAME.items()))
    earlier = a_snapshot({"MT": {source: 3}, "GR": {source: 3}}, path=HARBOUR)
    later = a_snapshot({"MT": {code: an_answer(3, confirmed=True)}, "GR": {code: 3}}, path=HARBOUR_NEXT)

    [one] = [one for one in analysis.compare_cycles(earlier, later, {}, Basis.ANSWERED).indicators if one.code == code]

    assert (one.n, one.confirmed, one.level, one.by) == (2, 1, 2, 0)


@pytest.mark.parametrize(("basis", "expected"), [(Basis.ANSWERED, 75), (Basis.STRICT, Fraction(75, 2))])
def test_objectives_take_areas_and_single_indicators(basis, expected):
    snapshot = a_snapshot({"MT": {"P1": 4, "P2": "unknown", "R1": 1}})
    snapshot["edition"]["objectives"] = [
        {"code": "1", "title": {"en": "To be ready"}, "areas": [], "indicators": ["P1", "P2"]},
        {"code": "2", "title": {"en": "To answer"}, "areas": ["R"], "indicators": ["P1"]},
    ]

    ready, answer = breakdowns.objectives(snapshot, basis)

    assert (ready.indicators, ready.spread.n, ready.spread.mean) == (["P1", "P2"], 1, expected)
    assert answer.indicators == ["P1", "R1", "R2"]


def test_groups_and_subregions_hold_their_countries_only():
    snapshot = a_snapshot({"MT": {"P1": 5}, "GR": {"P1": 1}})
    snapshot["countries"][0]["subregion"] = "south"
    snapshot["countries"][1]["groups"] = []
    snapshot["results"] = compute.compute(snapshot["edition"], snapshot["countries"])

    found = breakdowns.spreads_by_group(snapshot, Basis.ANSWERED)

    assert set(found) == {("group", "sea"), ("subregion", "south")}
    assert (found["group", "sea"]["P"].n, found["group", "sea"]["P"].mean) == (1, 100)
    assert found["subregion", "south"]["Q"] is None


def test_figures_are_summed_with_how_many_gave_them():
    figures = [{"year": 2025, "lowest": 10, "comparable_2020": True}, {"year": 2024, "lowest": 7}]
    answers = {
        "MT": {"2": an_answer(2, figures=figures)},
        "GR": {"2": an_answer(2, figures=[{"lowest": 5, "comparable_2020": False}])},
    }
    snapshot = a_snapshot(answers, path=SCOREBOARD)
    [form] = [one["data_form"] for _area, one in indicators(snapshot["edition"]).values() if one["code"] == "2"]
    form["columns"].append({"code": "lowest", "kind": "integer", "title": {"en": "Lowest"}})

    [all_rows] = breakdowns.totals(snapshot, "2")
    [comparable] = breakdowns.totals(snapshot, "2", of={"comparable_2020": True})
    [that_year] = breakdowns.totals(snapshot, "2", of={"year": 2024})

    assert (all_rows.total, all_rows.rows, all_rows.countries) == (Decimal(22), 3, 2)
    assert (comparable.total, comparable.rows, comparable.countries) == (Decimal(10), 1, 1)
    assert (that_year.total, that_year.rows, that_year.countries) == (Decimal(7), 1, 1)
    assert breakdowns.column_values(snapshot, "2", "year") == [2024, 2025]


def test_sums_and_groups_are_told_with_what_they_are_sums_of():
    snapshot = a_snapshot(
        {"MT": {"2": an_answer(2, figures=[{"lowest": 10, "comparable_2020": True}, {"lowest": 2}])}}, path=SCOREBOARD
    )
    [form] = [one["data_form"] for _area, one in indicators(snapshot["edition"]).values() if one["code"] == "2"]
    form["columns"].append({"code": "lowest", "kind": "integer", "title": {"en": "Lowest"}})
    document = Document(snapshot)

    [(tally, _title, [(name, total, [(_which, part)])])] = changes.figures(document)
    [(group, [malta], [first, *_others])] = changes.groups(document)

    assert (tally.label, name, total.total, total.rows, part.total, part.rows) == ("A2", "Lowest", 12, 2, 10, 1)
    assert (group, malta.name, first.n) == ("Seafarers", "Malta", 1)


# --- on the results page -------------------------------------------------------------------------------------


@pytest.fixture
def published_twice(malta, greece, assessment_at):
    """Malta in two cycles, under an edition and its successor; Greece in the later one only."""
    first = factories.an_edition(HARBOUR)
    earlier = factories.a_cycle([malta], edition=first, code="2023")
    factories.fill(earlier.submissions.get(country=malta), iP1=given(level=2))
    accept(earlier, malta)
    then = assessment_at(Assessment.Status.PUBLISHED, earlier)
    earlier.opens -= timedelta(days=1000)
    earlier.save()
    later = factories.a_cycle([malta, greece], edition=factories.an_edition(HARBOUR_NEXT), code="2026")
    factories.fill(later.submissions.get(country=malta), iP1=given(level=4))
    accept(later, malta)
    factories.submission_at(State.ACCEPTED, greece, later)
    return then, assessment_at(Assessment.Status.PUBLISHED, later)


def accept(cycle, country):
    submission = cycle.submissions.get(country=country)
    workflow.submit(submission, by=factories.a_focal(country), **factories.DECLARATION)
    workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())


def test_the_results_page_tells_what_changed_and_where_series_break(published_twice, client):
    _then, now = published_twice

    text = Page(every_part(client, now)).text
    page = client.get(reverse("report_part", args=[now.pk, "change"]))
    assert "Since Scoreboard 2023 1 country counts in both." in text
    [(told, _source, _arrows)] = page.context["changes"]
    [one] = [one for tally, one in told.indicators if tally.code == "P1"]
    assert (one.n, one.then, one.now, one.up) == (1, 25, 75, 1)
    assert f"P1 {told.indicators[0][0].title} 25.0 75.0 +50.0 1 0 0 0 1" in text
    assert f"{len(told.breaks)} indicators whose series begin anew" in text
    assert "Objectives" in text
    document = Document(now.snapshot)
    [printed] = [part for part in sections.sections(document, pdf.particulars(now)) if part.anchor == "change"]
    detail = client.get(reverse("report_part", args=[now.pk, "change-2023"]))
    shown = "".join(one.content.decode().split("<main")[1].split("</main>")[0] for one in (page, detail))
    figures = numbers(printed.html(document))
    assert len(figures) > 10
    assert figures == numbers(shown), "the PDF has the figures of the page, in the same order"


def numbers(html):
    """The figures with a decimal in the order of the page, but those within charts."""
    return re.findall(
        r"[+−]?\d+\.\d", re.sub(r"<svg.*?</svg>|<div class=\"chart\">.*?</div>", "", html, flags=re.DOTALL)
    )


def test_a_comparison_stays_as_it_was_published_and_says_that_the_other_issue_was_withdrawn(published_twice, client):
    then, now = published_twice
    lifecycle.withdraw(then, reason="A figure was wrong.", by=factories.an_officer())

    text = Page(every_part(client, now)).text

    assert "25.0 75.0 +50.0 1 0 0 0 1" in text
    assert "Do not rely on this comparison." in text


def test_what_compares_itself_with_a_withdrawn_issue_is_not_published(published_twice):
    then, now = published_twice
    officer = factories.an_officer()
    draft = lifecycle.consolidate(now.cycle, by=officer)
    lifecycle.perform(lifecycle.request_build(draft, by=officer))
    lifecycle.withdraw(then, reason="A figure was wrong.", by=officer)

    with pytest.raises(NotNow, match="issue 1 of Scoreboard 2023, which was withdrawn since"):
        lifecycle.publish(
            draft, audience="everyone", by=officer, snapshot=draft.snapshot_sha256, early="The meeting is near."
        )

    assert lifecycle.consolidate(now.cycle, by=officer).snapshot["changes"] == []


def test_what_members_may_read_is_not_compared_in_public(published_twice, sign_in):
    then, now = published_twice
    Assessment.objects.filter(pk=then.pk).update(audience="observers")
    officer = factories.an_officer()
    draft = lifecycle.consolidate(now.cycle, by=officer)
    lifecycle.perform(lifecycle.request_build(draft, by=officer))

    desk = sign_in(officer)

    publish = reverse("workbench_publish", args=[draft.pk])
    early = {"before_closing": "on", "early": "The meeting is near."}
    refused = desk.post(publish, Page(desk.get(publish)).fields | early | {"audience": "everyone"})
    assert "issue 1 of Scoreboard 2023, which is for members and observers only" in Page(refused).text
    assert "<title>Error:" in refused.content.decode()

    assert "(Scoreboard 2023 · 1)" in Page(desk.get(reverse("workbench", args=[now.cycle.code]))).text
    desk.post(reverse("workbench_consolidate", args=[now.cycle.code]), {"public": "1"})
    without = Assessment.objects.get(pk=draft.pk)
    assert (without.snapshot["changes"], without.snapshot["since_issue"]["issue"]) == ([], 1)
