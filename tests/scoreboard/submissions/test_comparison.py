"""Two states of a submission side by side, and the history of a single answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoreboard import clock
from scoreboard.models import AnswerVersion, Origin, Role, State
from scoreboard.submissions import answering, comparison, previous_cycle, workflow
from tests.factories import (
    DECLARATION,
    HARBOUR_NEXT,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    entered,
    given,
    submission_at,
)

pytestmark = pytest.mark.usefixtures("harbour")


def write(submission, code="P1", *, by=None, **what):
    """Save one answer over the one that stands."""
    seen = dict(submission.answers.values_list("indicator__code", "revision"))
    values = {code: given(why="A slip.", **what)}
    outcome = answering.save_answers(submission, values, by=by or a_focal(submission.country), seen=seen)
    assert not outcome.problems


@pytest.fixture
def twice(malta):
    """A submission with two versions, which differ in P1, and a third state, which differs from both in P2."""
    submission = submission_at(State.SUBMITTED)
    focal, officer = a_focal(malta), an_officer()
    workflow.return_for_changes(
        submission, by=officer, comment="Please correct it.", version=submission.versions.count()
    )
    write(submission, level=1, comment="The port has a plan since 2019.")
    workflow.submit(submission, by=focal, **DECLARATION)
    workflow.return_for_changes(
        submission, by=officer, comment="Please correct it again.", version=submission.versions.count()
    )
    write(submission, "P2", kind="unknown")
    return submission


def compared(client, submission, **states):
    page = client.get(f"/submissions/{submission.pk}/compare/", states)
    assert page.status_code == 200
    return page, [(pair.indicator.code, pair.parts) for pair in page.context["compared"].pairs]


def test_any_two_states_show_what_differs_and_nothing_else(sign_in, focal, twice):
    client = sign_in(focal)
    assert compared(client, twice, **{"from": 1, "to": 2})[1] == [("P1", {"rating", "comment"})]
    assert compared(client, twice, **{"from": 2, "to": "now"})[1] == [("P2", {"rating"})]
    both = [("P1", {"rating", "comment"}), ("P2", {"rating"})]
    assert compared(client, twice, **{"from": 1, "to": "now"})[1] == both
    assert compared(client, twice, **{"from": 2, "to": 2})[1] == []


def test_unless_asked_the_last_two_states_are_compared(sign_in, focal, twice):
    page, pairs = compared(sign_in(focal), twice)
    assert (page.context["before"], page.context["after"], pairs) == ("2", "now", [("P2", {"rating"})])


def test_unless_asked_a_first_version_stands_beside_the_cycle_before(sign_in, focal, malta, twice):
    """What the country cannot change is not compared with itself."""
    opens = twice.cycle.opens
    submission_at(State.ACCEPTED, malta, a_cycle([malta], code="2023", opens=opens - timedelta(days=9)))
    submission_at(State.ACCEPTED, malta, a_cycle([malta], code="2029", opens=opens + timedelta(days=1)))
    workflow.submit(twice, by=focal, **DECLARATION)
    client = sign_in(focal)
    page, _pairs = compared(client, twice)
    assert (page.context["before"], page.context["after"]) == ("2", "3")
    earlier = next(stand.submission for name, stand in page.context["states"].items() if name == "2023.1")
    assert [name for name in page.context["states"] if "." in name] == ["2023.1", "2029.1"]
    page, _pairs = compared(client, earlier)
    assert (page.context["before"], page.context["after"]) == ("1", "1")


def test_states_of_two_cycles_are_compared_as_far_as_the_questions_are_the_same(sign_in, focal, malta, greece):
    today = clock.now().date()
    earlier = a_cycle([malta], code="2023", opens=today - timedelta(days=9))
    submission_at(State.SUBMITTED, malta, earlier)
    submission_at(State.SUBMITTED, greece, a_cycle([greece], code="2020", opens=today - timedelta(days=9)))
    later = an_edition(HARBOUR_NEXT)
    now = a_cycle([malta], code="2026", edition=later).submissions.get()
    traces = previous_cycle.traced(later, earlier.edition_id)
    same = [code for code, found in traces.items() if found.loosest == "same"]
    assert 0 < len(same) < len(traces)
    page, pairs = compared(sign_in(focal), now, **{"from": "2023.1"})
    assert [code for code, _parts in pairs] == same  # answered then, not yet now
    assert page.context["compared"].left_out == len(traces) - len(same)
    assert "asked otherwise before" in page.content.decode()
    assert sign_in(focal).get(f"/submissions/{now.pk}/compare/", {"from": "2020.1"}).status_code == 404


def test_words_that_went_and_came_are_marked_on_their_side(sign_in, focal, twice):
    write(twice, level=1, comment="The port has a good plan.")
    page, _pairs = compared(sign_in(focal), twice, **{"from": 2, "to": "now"})
    text = page.content.decode()
    assert "The port has a <del>plan since 2019.</del>" in text
    assert "The port has a <ins>good plan.</ins>" in text


def test_a_text_cannot_bring_its_own_marks(sign_in, focal, twice):
    write(twice, level=1, comment="<ins>The <script>alert(1)</script>")
    page, _pairs = compared(sign_in(focal), twice)
    assert b"<script>alert" not in page.content
    assert b"&lt;script&gt;" in page.content


@pytest.mark.parametrize("states", [{"from": "3"}, {"to": "9"}, {"from": "x"}])
def test_a_version_that_is_not_there(sign_in, focal, twice, states):
    assert sign_in(focal).get(f"/submissions/{twice.pk}/compare/", states).status_code == 404


def test_before_the_first_version_there_is_nothing_to_compare(sign_in, focal):
    draft = submission_at(State.DRAFT)
    page, pairs = compared(sign_in(focal), draft)
    assert pairs == []
    assert b"Nothing differs" in page.content


def test_comparing_costs_the_same_for_one_and_for_many_differences(sign_in, focal, twice):
    client = sign_in(focal)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            compared(client, twice, **{"from": 1, "to": "now"})
        return len(queries)

    few = cost()
    for indicator in twice.cycle.edition.all_indicators:
        write(twice, indicator.code, kind="unknown", comment="Changed.")
    assert cost() == few


class TestHistory:
    def history(self, client, submission, code="P1"):
        page = client.get(f"/submissions/{submission.pk}/history/{code}/")
        assert page.status_code == 200
        return [
            (str(session.last.by), len(session.versions), session.parts, session.last.revision)
            for session, _event in page.context["entries"]
        ]

    def test_one_persons_saves_within_ten_minutes_are_one_session(self, sign_in, focal, malta):
        draft, other = submission_at(State.DRAFT), a_person(Role.FOCAL, malta, name="Other")
        start = clock.now()
        for minutes, by, comment in [(0, focal, "A"), (9, focal, "AB"), (18, focal, "ABC"), (20, other, "X")]:
            with clock.at(start + timedelta(minutes=minutes)):
                write(draft, by=by, comment=comment)
        with clock.at(start + timedelta(minutes=40)):
            write(draft, by=other, comment="Y")
        assert self.history(sign_in(focal), draft) == [
            ("Other", 1, {"comment"}, 5),
            ("Other", 1, {"comment"}, 4),
            (str(focal), 3, {"rating", "comment"}, 3),
        ]

    def test_it_tells_channel_and_side(self, sign_in, focal, officer):
        draft = entered(submission_at(State.DRAFT))
        answering.save_answers(draft, {"P1": given()}, by=officer, seen={}, origin=Origin.API)
        page = sign_in(focal).get(f"/submissions/{draft.pk}/history/P1/").content.decode()
        assert "on behalf of Malta" in page
        assert "by API" in page

    def test_no_answer_yet_and_no_such_indicator(self, sign_in, focal):
        draft = submission_at(State.DRAFT)
        assert self.history(sign_in(focal), draft) == []
        assert sign_in(focal).get(f"/submissions/{draft.pk}/history/Z9/").status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("", "new", [("new", "new")]),
        ("a b c", "a x c", [("same", "a "), ("gone", "b "), ("new", "x "), ("same", "c")]),
        ("line\none", "line\ntwo", [("same", "line\n"), ("gone", "one"), ("new", "two")]),
        ("سنة 2019", "سنة 2020", [("same", "سنة "), ("gone", "2019"), ("new", "2020")]),
    ],
)
def test_words(before, after, pieces):
    assert list(comparison.runs(before, after)) == pieces


def test_every_version_is_in_the_history(focal):
    draft = submission_at(State.DRAFT)
    for n in range(5):
        write(draft, comment=f"Comment {n}")
    found = comparison.sessions(AnswerVersion.objects.order_by("revision").select_related("level"))
    assert [version.revision for session in found for version in session.versions] == [1, 2, 3, 4, 5]
