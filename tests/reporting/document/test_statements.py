"""A statement says no more than the data: the basis, the calendar, what was confirmed, and what sums and lines join."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from reporting.assessments import lifecycle
from reporting.document import changes
from reporting.document.document import Document
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from reporting.pdf import sections
from reporting.results import breakdowns, change, since
from scoreboard import clock
from scoreboard.models import Cycle, State
from scoreboard.submissions import answering, previous_cycle, workflow
from tests import factories
from tests.pages import Page
from tests.reporting.reading import every_part
from tests.reporting.snapshots import a_snapshot, an_answer

Status = Assessment.Status


def words(html: str) -> str:
    return " ".join(strip_tags(html.replace("><", "> <")).split())


# --- the scoring basis ---------------------------------------------------------------------------------------


def test_a_new_basis_is_said_first_of_all(malta, assessment_at):
    cycle = factories.submission_at(State.ACCEPTED, malta).cycle
    assessment_at(Status.PUBLISHED, cycle)
    Cycle.objects.filter(pk=cycle.pk).update(basis="strict")
    issue = assessment_at(Status.PUBLISHED, Cycle.objects.get(pk=cycle.pk))
    assert issue.snapshot["since_issue"]["basis"] == ["answered", "strict"]
    said = "The scoring basis changed"
    page = Page(Client().get(reverse("report", args=[issue.pk]))).text
    main = page[page.index("About this assessment") :]  # behind the list of the parts
    assert main.index(said) < main.index("What changed since issue 1", main.index(said))
    assert main.index(said) < main.index("The areas")
    cover, _contents, first, *_others = sections.sections(Document(issue.snapshot), pdf.particulars(issue))
    assert said in words(cover.html(Document(issue.snapshot)))
    assert first.anchor == "reissued"
    assert "were on the Answered basis" in words(first.html(Document(issue.snapshot)))
    again = assessment_at(Status.PUBLISHED, Cycle.objects.get(pk=cycle.pk))
    assert again.snapshot["since_issue"]["basis"] is None
    assert said not in Page(Client().get(reverse("report", args=[again.pk]))).text


def issue_of(cycle, audience, officer, **options):
    """Return a published issue, its only comparisons those that `options` let it have."""
    issue = lifecycle.consolidate(Cycle.objects.get(pk=cycle.pk), by=officer, **options)
    lifecycle.perform(lifecycle.request_build(issue, by=officer))
    read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
    lifecycle.publish(issue, audience=audience, by=officer, **read)
    return Assessment.objects.get(pk=issue.pk)


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize(
    ("first", "basis", "expected"),
    [
        (None, "strict", 1),  # the only issue before is for observers
        ("answered", "strict", 1),  # everybody may read issue 1, which is on the same basis as issue 2
        ("answered", "answered", 2),  # issue 2 changed it, and issue 3 changes it back
        ("answered", None, None),
        (None, None, None),
    ],
)
def test_a_new_basis_is_said_whoever_may_read_the_issue_before(
    first, basis, expected, withdrawn, malta, officer, small_pdf
):
    cycle = factories.submission_at(State.ACCEPTED, malta).cycle
    if first:
        issue_of(cycle, "everyone", officer)
    if first and expected == 2:
        Cycle.objects.filter(pk=cycle.pk).update(basis="strict")
    hidden = issue_of(cycle, "observers", officer)
    if withdrawn:
        lifecycle.withdraw(hidden, reason="A figure was wrong.", by=officer)
    if basis:
        Cycle.objects.filter(pk=cycle.pk).update(basis=basis)
    else:
        Cycle.objects.filter(pk=cycle.pk).update(title='{"en": "Renamed"}')
    issue = issue_of(cycle, "everyone", officer, public=True)
    assert hidden.snapshot_sha256 not in str(issue.snapshot)
    document = Document(issue.snapshot)
    cover = words(sections.sections(document, pdf.particulars(issue))[0].html(document))
    page = Page(Client().get(reverse("report", args=[issue.pk]))).text
    for text in (cover, page):
        assert ("The scoring basis changed" in text) == bool(expected)
        if expected:
            then, now = ("Strict", "Answered") if basis == "answered" else ("Answered", "Strict")
            assert f"The percentages of issue {expected} were on the {then} basis" in text
            assert f"Those of this issue are on the {now} basis" in text


# --- the calendar --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected", "unexpected"),
    [
        (20, "the deadline is 31 March 2026, and reporting will close on 30 April 2026", "marked late"),
        (100, "reporting will close on 30 April 2026", "Reporting closed"),
        (130, "Reporting closed on 30 April 2026. The answers were taken on 11 May 2026.", "will close"),
    ],
)
def test_what_lies_ahead_is_in_the_future_tense(day, expected, unexpected):
    document = Document(a_snapshot())
    taken = document.taken(datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day))
    part = sections.Section("participation", "participation", title="Participation", context={"taken": taken})
    text = words(part.html(document))
    assert expected in text
    assert unexpected not in text
    assert f"No accepted answers by {taken.day:%-d %B %Y} These countries take part" in text
    assert "Not reported" not in text


@settings(max_examples=60, deadline=None)
@drawn(st.integers(0, 200), st.integers(0, 23))
def test_a_day_ends_in_the_cycles_own_time_zone(days, hour):
    at = datetime(2026, 1, 1, hour, 30, tzinfo=UTC) + timedelta(days=days)
    taken = Document(a_snapshot()).taken(at)
    local = at + timedelta(hours=1 if at < datetime(2026, 3, 29, 1, tzinfo=UTC) else 2)  # Europe/Berlin
    assert taken.day == local.date()
    assert taken.closing_ahead == (local.replace(tzinfo=None) < datetime(2026, 5, 1))
    assert taken.deadline_ahead == (local.replace(tzinfo=None) < datetime(2026, 4, 1))


def test_the_page_of_an_open_cycle_says_so(malta, greece, assessment_at):
    cycle = factories.a_cycle([malta, greece])
    factories.submission_at(State.ACCEPTED, malta, cycle)
    issue = assessment_at(Status.PUBLISHED, cycle)
    text = Page(Client().get(reverse("report_part", args=[issue.pk, "participation"]))).text
    assert "reporting will close on" in text
    day = cycle.day(issue.consolidated_at)
    assert f"Greece No accepted answers by {day:%-d %B %Y}" in text


# --- what was confirmed --------------------------------------------------------------------------------------


def test_confirmed_is_told_for_the_step_from_the_cycle_before_alone(malta, small_pdf):
    edition, issues = factories.an_edition(factories.HARBOUR), []
    now = clock.now()
    for n, year in enumerate((2018, 2020, 2022)):
        with clock.at(now - timedelta(days=800 * (3 - n))):
            cycle = factories.a_cycle([malta], edition=edition, code=str(year))
            submission = cycle.submissions.get()
            given = {f"i{one.code}": factories.given("", confirmed=True) for one in edition.all_indicators}
            if n:
                focal = factories.a_focal(malta)
                settled = previous_cycle.settled(submission, {code[1:]: one for code, one in given.items()})
                assert not answering.save_answers(submission, settled, by=focal, seen={}).problems
            else:
                factories.fill(submission)
            workflow.submit(submission, by=factories.a_focal(malta), **factories.DECLARATION)
            workflow.accept(submission, by=factories.an_officer(), version=1)
            issue = lifecycle.consolidate(cycle, by=factories.an_officer())
            if year != 2020:  # the cycle between is not published: the one before it is no neighbour all the same
                lifecycle.perform(lifecycle.request_build(issue, by=factories.an_officer()))
                read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
                lifecycle.publish(issue, audience="everyone", by=factories.an_officer(), **read)
            issues.append(issue)
    [since_2018] = issues[1].snapshot["changes"]
    assert {one["confirmed"] for one in since_2018["indicators"].values()} == {1}
    [across] = issues[2].snapshot["changes"]
    assert across["cycle"]["code"] == "2018"
    assert {one["confirmed"] for one in across["indicators"].values()} == {None}
    text = Page(every_part(Client(), issues[2])).text
    assert "Change since earlier cycles" in text
    assert "Confirmed" not in text


# --- areas over editions -------------------------------------------------------------------------------------


def an_edition(code, previous, areas):
    """An edition as a snapshot has it: areas with the indicators that each of theirs comes from."""
    return {
        "code": code,
        "previous": previous,
        "areas": [
            {
                "code": area,
                "indicators": [{"code": one, "from": sources} for one, sources in indicators.items()],
                **more,
            }
            for area, (indicators, more) in areas.items()
        ],
    }


THEN = an_edition("one", None, {"A": ({"1": [], "2": []}, {}), "B": ({"3": []}, {})})


@pytest.mark.parametrize(
    ("areas", "lines"),
    [
        ({"A": ({"1": ["1"], "2": ["2"], "9": []}, {}), "B": ({"3": ["3"]}, {})}, {"A": "A", "B": "B"}),
        ({"A": ({"3": ["3"]}, {}), "B": ({"1": ["1"], "2": ["2"]}, {})}, {}),  # the codes changed places
        ({"A": ({"3": ["3"]}, {"from": ["B"]}), "B": ({"1": ["1"]}, {"from": ["A"]})}, {"A": "B", "B": "A"}),
        ({"A": ({"1": ["1"], "3": ["3"]}, {}), "C": ({"2": ["2"]}, {})}, {}),  # put together, and torn off
        ({"A": ({"1": ["1"]}, {"from": ["A", "B"]})}, {}),
        ({"A": ({"9": []}, {})}, {}),
    ],
)
def test_areas_are_followed_through_their_indicators(areas, lines):
    now = an_edition("two", "one", areas)
    assert change.trace_areas(now, THEN, {}) == lines
    same = {area: ({code: [code] for code in one[0]}, {}) for area, one in areas.items()}
    later = an_edition("three", "two", same)
    assert change.trace_areas(later, THEN, {"two": now}) == lines
    assert change.trace_areas(later, THEN, {}) == {}


# --- lines over cycles ---------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@drawn(st.lists(st.dictionaries(st.sampled_from(["MT", "GR", "EG", "IT"]), st.integers(1, 5)), min_size=2, max_size=4))
def test_a_line_is_over_the_countries_of_all_cycles(rounds):
    snapshots = [a_snapshot({iso2: {"P1": an_answer(level)} for iso2, level in one.items()}) for one in rounds]
    edition = snapshots[-1]["edition"]
    codes = since.shared_indicators(edition, [{"P1": "P1"}])
    cycles_of = [(str(n), since.percents(one, codes)) for n, one in enumerate(snapshots)]
    found = since.over_cycles(edition, codes, cycles_of)["areas"]["P"]["answered"]
    common = set.intersection(*(set(one) for one in rounds))
    for one, spread in zip(rounds, found, strict=True):
        if not common:
            assert spread is None
        else:
            assert spread["n"] == len(common)
            mean = sum(Fraction(100 * (one[iso2] - 1), 4) for iso2 in common) / len(common)
            assert Fraction(spread["mean"]) == mean


# --- sums ----------------------------------------------------------------------------------------------------

COLUMNS = ("number_low", "number_best", "number_high")


@settings(max_examples=40, deadline=None)
@drawn(st.lists(st.dictionaries(st.sampled_from(COLUMNS), st.integers(0, 9), min_size=1), max_size=6))
def test_rows_that_lack_different_columns_are_never_summed_together(rows):
    dated = [{"year": 2024, **row} for row in rows]
    snapshot = a_snapshot({"MT": {"2": an_answer(2, figures=dated)}}, path=factories.SCOREBOARD)
    expected = {}
    for row in rows:
        for column, number in row.items():
            key = (column, tuple(other for other in COLUMNS if other in row and other != column))
            total, n = expected.get(key, (0, 0))
            expected[key] = (total + number, n + 1)
    found = {(one.column["code"], one.also_filled): (one.total, one.rows) for one in breakdowns.totals(snapshot, "2")}
    assert found == expected
    names = [name for name, _title, _total in changes.sums(Document(snapshot), "2")]
    titles = [title for _name, title, _total in changes.sums(Document(snapshot), "2")]
    assert (len(set(names)), len(set(titles))) == (len(names), len(titles))


@settings(max_examples=40, deadline=None)
@drawn(
    st.lists(st.tuples(st.sampled_from([2022, 2023, 2024]), st.booleans(), st.integers(0, 9)), min_size=1, max_size=6)
)
def test_what_is_comparable_is_summed_year_by_year(rows):
    given = [{"year": year, "comparable_2020": said, "number_best": n} for year, said, n in rows]
    snapshot = a_snapshot({"MT": {"2": an_answer(2, figures=given)}}, path=factories.SCOREBOARD)
    found = {name: total.total for name, _title, total in changes.sums(Document(snapshot), "2")}
    comparable = {year: sum(n for when, said, n in rows if said and when == year) for year, said, _n in rows if said}
    wanted = {f"number_best comparable_2020 {year}": total for year, total in comparable.items()}
    assert {name: total for name, total in found.items() if "comparable" in name} == wanted
    assert found["number_best"] == sum(n for _year, _said, n in rows)
