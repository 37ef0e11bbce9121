"""Last time beside this time: what is shown, what can be confirmed, and what says that the question is another."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoreboard import clock
from scoreboard.errors import Invalid
from scoreboard.evidence import attaching
from scoreboard.models import Answer, Evidence, State
from scoreboard.submissions import answering, previous_cycle, receipts, workflow
from tests import factories
from tests.factories import (
    HARBOUR,
    HARBOUR_NEXT,
    a_cycle,
    a_focal,
    an_edition,
    an_officer,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def accepted(country, *, decree=False, **answers):
    """Let the country report in an earlier cycle, with a file and a link beside P1 if asked, and have it accepted."""
    today = clock.now().date()
    an_edition(HARBOUR)
    before = a_cycle([country], code="2023", opens=today - timedelta(days=9))
    submission = before.submissions.get()
    fill(submission, **answers)
    if decree:
        attaching.add_file(submission, "P1", SimpleUploadedFile("decree.pdf", PDF), by=a_focal(country))
        attaching.add_link(submission, "P1", "https://example.org/law", "The law", by=a_focal(country))
    workflow.submit(submission, by=a_focal(country), declared_by="A", capacity="B")
    workflow.accept(submission, by=an_officer(), version=submission.versions.count())
    return submission


@pytest.fixture
def before(malta):
    return accepted(malta, iP1=given(level=3, comment="As decreed.", next_step="Train the staff."))


@pytest.fixture
def now(before, malta):
    return a_cycle([malta]).submissions.get()


@pytest.fixture
def later(before, malta):
    """The same country in a cycle of the edition after."""
    return a_cycle([malta], edition=an_edition(HARBOUR_NEXT)).submissions.get()


def area(submission, code="P"):
    return f"/submissions/{submission.pk}/areas/{code}/"


def stored(submission, code="P1"):
    answer = Answer.objects.select_related("level").get(submission=submission, indicator__code=code)
    return answer.level and answer.level.value, answer.comment, answer.confirmed, answer.next_step


def test_the_first_time_there_is_nothing_before(malta):
    an_edition(HARBOUR)
    assert previous_cycle.of(submission_at(State.DRAFT)) == {}


def test_only_what_was_accepted_counts(malta):
    an_edition(HARBOUR)
    today = clock.now().date()
    a_cycle([malta], code="2023", opens=today - timedelta(days=9))
    assert previous_cycle.of(a_cycle([malta]).submissions.get()) == {}


def test_the_same_question_shows_what_was_accepted_and_what_was_planned(sign_in, focal, now):
    page = Page(sign_in(focal).get(area(now)))
    assert "As decreed." in page.text
    assert "Promised in Scoreboard 2023 Train the staff." in page.text


def test_no_change_confirms_what_stood_whatever_else_is_sent(sign_in, focal, now):
    client = sign_in(focal)
    fields = Page(client.get(area(now))).fields
    client.post(area(now), fields | {"iP1-confirmed": "on", "iP1-answer": "level:1", "iP1-next": "Go on."})
    assert stored(now) == (3, "As decreed.", True, "Go on.")
    assert client.get(area(now)).content.count(b'aria-pressed="true"') == 1


def test_a_confirmed_answer_that_is_changed_counts_as_looked_at_again(sign_in, focal, now):
    client = sign_in(focal)
    client.post(area(now), Page(client.get(area(now))).fields | {"iP1-confirmed": "on"})
    client.post(area(now), Page(client.get(area(now))).fields | {"iP1-next": "Only a plan."})
    assert stored(now) == (3, "As decreed.", True, "Only a plan.")
    client.post(area(now), Page(client.get(area(now))).fields | {"iP1-comment": "As amended."})
    assert stored(now) == (3, "As amended.", False, "Only a plan.")


def test_the_page_sent_back_as_it_came_keeps_the_confirmation(sign_in, focal, now):
    client = sign_in(focal)
    client.post(area(now), Page(client.get(area(now))).fields | {"iP1-confirmed": "on"})
    client.post(area(now), Page(client.get(area(now))).fields)
    assert stored(now) == (3, "As decreed.", True, "")


def test_what_cannot_be_confirmed_is_said(sign_in, focal, malta):
    an_edition(HARBOUR)
    draft = submission_at(State.DRAFT)
    client = sign_in(focal)
    fields = {"iP1-seen": 0, "iP1-confirmed": "on", "person": focal.pk}
    response = client.post(f"/submissions/{draft.pk}/save/", fields)
    assert response.json() == {"sentence": "P1: there is no answer of last time to confirm. Choose a level."}


def test_an_indicator_of_another_edition_says_how_it_relates(later):
    last = previous_cycle.of(later)
    told = {code: (found.relation, [row["code"] for row in found.rows]) for code, found in last.items()}
    assert told["P1"] == ("same", ["P1"])
    assert told["P2"] == ("revised", ["P2"])
    assert told["P3a"] == told["P3b"] == ("split", ["P3"])
    assert {found.relation for code, found in last.items() if not found.rows} == {"new"}
    assert {code for code, found in last.items() if found.given} == {"P1"}


def test_the_page_says_it_too(sign_in, focal, later):
    page = Page(sign_in(focal).get(area(later)))
    assert page.text.count("No change") == 1
    assert "The wording was revised since." in page.text
    assert "This question was split from the one below." in page.text


def test_the_next_rung_and_a_plan(sign_in, focal, now):
    answering.save_answers(now, {"P1": given(level=3, next_step="Drill it.")}, by=focal, seen={})
    page = Page(sign_in(focal).get(area(now)))
    assert page.fields["iP1-next"] == "Drill it."
    question = Answer.objects.get(submission=now).indicator
    above = next(level for level in question.ladder if level.value == 4)
    assert str(above.text) in page.text


def test_costs_one_query_more_than_no_last_time(sign_in, focal, now, django_assert_num_queries):
    submission = type(now).objects.select_related("cycle__edition").get(pk=now.pk)
    submission.cycle.edition.all_indicators  # noqa: B018 - read beforehand
    with CaptureQueriesContext(connection) as queries:
        previous_cycle.of(submission)
    assert len(queries) == 1


def test_the_figures_of_last_time_stand_beside_the_table_of_now(sign_in, focal, malta):
    rows = [{"year": 2020, "species": "Mytilus edulis", "place": "quay", "individuals": 1234}]
    accepted(malta, iQ2=given(figures=rows))
    now = a_cycle([malta]).submissions.get()
    page = Page(sign_in(focal).get(f"/submissions/{now.pk}/figures/Q2/"))
    assert "Mytilus edulis" in page.text
    assert "1,234" in page.text
    assert page.fields["r1-year"] == ""  # to read, not taken over


class TestEvidence:
    """Evidence of last time: confirmed with the answer in one click, or kept piece by piece."""

    @pytest.fixture
    def now(self, malta):
        accepted(malta, decree=True, iP1=given(level=3, comment="As decreed."))
        return a_cycle([malta]).submissions.get()

    def test_no_change_lays_it_beside_the_answer_again(self, sign_in, focal, now):
        client = sign_in(focal)
        assert "No change: P1 with its comment and evidence" in Page(client.get(area(now))).text
        fields = {"person": focal.pk, "iP1-seen": "0", "iP1-confirmed": "on"}
        told = [client.post(f"/submissions/{now.pk}/save/", fields).json()["answers"]["P1"] for _twice in range(2)]
        assert all("carried over from Scoreboard 2023" in answer["evidence"] for answer in told)
        before, again = (Evidence.objects.filter(answer__submission__cycle__code=code) for code in ("2023", "2026"))
        kept = ("name", "file", "sha256", "url", "size", "content_type")
        assert list(again.values_list(*kept)) == list(before.values_list(*kept))
        assert {(piece.added_by, piece.carried_from) for piece in again} == {(focal, piece) for piece in before}
        file = client.get(f"/submissions/{now.pk}/files/{again[0].pk}/")
        assert b"".join(file.streaming_content) == PDF
        page = Page(client.get(area(now)))
        assert (page.text.count("carried over from"), page.text.count("Keep this evidence")) == (2, 0)

    def test_a_piece_is_kept_and_taken_away_again(self, sign_in, focal, analyst, now):
        client, piece = sign_in(focal), Evidence.objects.get(name="decree.pdf")
        address = f"/submissions/{now.pk}/evidence/{{}}/{piece.pk}/keep/".format
        assert client.post(address("P1")).headers["Location"] == area(now) + "#iP1"
        assert Page(client.get(area(now))).text.count("Keep this evidence") == 1
        script = client.post(address("P1"), headers={"X-Requested-With": "XMLHttpRequest"}).content.decode()
        assert script.count("carried over from Scoreboard 2023") == 1
        with pytest.raises(Invalid, match="This evidence is not of last time"):
            attaching.carry_over(now, "P2", piece.pk, by=focal)
        [kept] = Evidence.objects.exclude(carried_from=None)
        attaching.remove(kept, by=focal)
        history = Page(client.get(f"/submissions/{now.pk}/history/P1/")).text
        assert "Evidence carried over from Scoreboard 2023: decree.pdf" in history
        assert "Evidence removed: decree.pdf" in history
        assert piece.file.storage.exists(piece.file.name)  # the same stored file: of last time, too

    def test_a_receipt_stays_true_and_says_what_changed(self, focal, now):
        fill(now, iP1=previous_cycle.of(now)["P1"].given)
        workflow.submit(now, by=focal, declared_by="A", capacity="B")
        version = now.versions.get()
        assert [piece["name"] for piece in version.answers[0]["evidence"]] == ["decree.pdf", "The law"]
        verdict = receipts.check(now, version.digest)
        assert (verdict.matches, verdict.since) == (True, [])
        workflow.recall(now, by=focal)
        attaching.remove(Evidence.objects.get(name="The law", answer__submission=now), by=focal)
        verdict = receipts.check(now, version.digest)
        assert (verdict.matches, verdict.since) == (True, ["P1"])


@pytest.mark.parametrize("between", ["of another questionnaire", "of invented answers"])
def test_last_time_is_looked_for_along_the_editions_own_chain(malta, focal, officer, between):
    now, harbour = clock.now(), factories.an_edition(factories.HARBOUR)
    other = factories.an_edition(factories.SCOREBOARD) if between == "of another questionnaire" else harbour
    for n, (code, edition) in enumerate((("2018", harbour), ("2020", other))):
        with clock.at(now - timedelta(days=900 - 400 * n)):
            cycle = factories.a_cycle([malta], edition=edition, code=code, is_example=n == 1 and edition == harbour)
            factories.submission_at(State.ACCEPTED, malta, cycle)
    after = factories.a_cycle([malta], edition=harbour).submissions.get()
    assert {last.cycle.code for last in previous_cycle.of(after).values()} == {"2018"}
    assert previous_cycle.of(after)["P1"].given is not None
