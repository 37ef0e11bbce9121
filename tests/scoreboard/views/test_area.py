"""The page of an area: what it saves, what it refuses, and that nothing typed is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoreboard.models import Answer, AnswerVersion, State, Submission
from scoreboard.submissions import answering, returns, workflow
from tests.factories import (
    DECLARATION,
    SCOREBOARD,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    entered,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


def url(submission, area="P"):
    return f"/submissions/{submission.pk}/areas/{area}/"


def stored(submission):
    """What the database holds, by indicator code."""
    return {
        a.indicator.code: (a.kind, a.level and a.level.value, a.reason, a.comment, a.comment_withheld, a.revision)
        for a in Answer.objects.filter(submission=submission).select_related("indicator", "level")
    }


def test_asks_every_indicator_of_the_area(sign_in, focal, draft):
    page = Page(sign_in(focal).get(url(draft)))
    assert page.h1 == "P Προετοιμασία"
    assert {name for name in page.fields if name.endswith("-seen")} == {"iP1-seen", "iP2-seen", "iP3-seen"}
    assert {page.fields[f"i{code}-{name}"] for code in ("P1", "P2", "P3") for name in ("reason", "comment")} == {""}
    assert not any(name.endswith("-answer") for name in page.fields)
    assert "Ένα σχέδιο έχει εγκριθεί, αλλά η εφαρμογή του δεν έχει αρχίσει." in page.text


def test_saves_levels_not_applicable_unknown_and_comments(sign_in, focal, draft):
    client = sign_in(focal)
    fields = Page(client.get(url(draft))).fields | {
        "iP1-answer": "level:5",
        "iP1-comment": " Two\r\nlines. ",
        "iP1-withheld": "on",
        "iP2-answer": "not_applicable",
        "iP2-reason": "No staff.",
        "iP3-answer": "unknown",
    }
    response = client.post(url(draft), fields)
    assert (response.status_code, response["Location"]) == (302, url(draft) + "#iP3")
    assert stored(draft) == {
        "P1": ("level", 5, "", "Two\nlines.", True, 1),
        "P2": ("not_applicable", None, "No staff.", "", False, 1),
        "P3": ("unknown", None, "", "", False, 1),
    }
    page = Page(client.get(url(draft)))
    assert "3 answers saved at " in page.text
    assert "those of Europe/Berlin" in page.text
    assert page.fields["iP1-answer"] == "level:5"
    assert page.fields["iP1-comment"] == "Two\nlines."
    assert page.fields["iP1-withheld"] == "on"
    assert page.fields["iP2-reason"] == "No staff."
    assert (page.fields["iP3-answer"], page.fields["iP3-seen"]) == ("unknown", "1")


def test_sending_the_page_back_as_it_came_writes_nothing(sign_in, focal, draft):
    fill(draft, iP2=given("not_applicable", reason="No staff.", comment="One\ntwo."))
    before, versions = stored(draft), AnswerVersion.objects.count()
    client = sign_in(focal)
    response = client.post(url(draft), Page(client.get(url(draft))).fields, follow=True)
    assert "Nothing has changed since the last save." in Page(response).text
    assert (stored(draft), AnswerVersion.objects.count()) == (before, versions)


def test_a_choice_can_be_taken_back(sign_in, focal, draft):
    fill(draft)
    client = sign_in(focal)
    client.post(url(draft), Page(client.get(url(draft))).fields | {"iP1-answer": ""})
    assert stored(draft)["P1"] == ("", None, "", "", False, 2)


def test_a_reason_goes_with_not_applicable_but_not_with_a_level(sign_in, focal, draft):
    client = sign_in(focal)
    typed = {"iP1-answer": "level:2", "iP1-reason": "hidden", "iP2-reason": "typed before choosing"}
    client.post(url(draft), Page(client.get(url(draft))).fields | typed)
    assert stored(draft) == {
        "P1": ("level", 2, "", "", False, 1),
        "P2": ("", None, "typed before choosing", "", False, 1),
    }


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("level:6", "P1: choose one of the levels of its ladder."),
        ("level:0", "P1: choose one of the levels of its ladder."),
        ("level:", "P1: choose one of the levels of its ladder."),
        ("level:1e0", "P1: choose one of the levels of its ladder."),
        ("level:²", "P1: choose one of the levels of its ladder."),
        ("best", "P1: choose a level, not applicable or unknown."),
    ],
)
def test_one_invalid_field_costs_no_other(sign_in, focal, draft, answer, sentence):
    client = sign_in(focal)
    typed = {"iP1-answer": answer, "iP1-comment": "Kept on the page.", "iP2-answer": "level:3"}
    response = client.post(url(draft), Page(client.get(url(draft))).fields | typed)
    page = Page(response)
    assert response.status_code == 200
    assert page.links[sentence] == "#iP1"
    assert page.fields["iP1-comment"] == "Kept on the page."
    assert "The rest is saved. 1 answer saved at" in page.text
    assert b"<title>Error:" in response.content
    assert stored(draft) == {"P2": ("level", 3, "", "", False, 1)}


def test_an_indicator_of_another_edition_is_named_and_not_written(sign_in, focal, draft):
    client = sign_in(focal)
    typed = {"i28-answer": "level:2", "i28-seen": "0", "iP1-answer": "level:2"}
    page = Page(client.post(url(draft), Page(client.get(url(draft))).fields | typed))
    assert "There is no indicator 28 in this questionnaire." in page.text
    assert stored(draft) == {"P1": ("level", 2, "", "", False, 1)}


def test_save_and_continue_goes_through_the_areas_to_what_is_missing(sign_in, focal, draft):
    client = sign_in(focal)
    for area, onward in [("P", url(draft, "Q")), ("Q", url(draft, "R")), ("R", f"/submissions/{draft.pk}/gaps/")]:
        fields = Page(client.get(url(draft, area))).fields
        assert client.post(url(draft, area), fields | {"continue": "yes"})["Location"] == onward


class TestTwoPeopleOneAnswer:
    """A save based on an older revision shows both answers, and the person decides."""

    @pytest.fixture
    def conflict(self, sign_in, focal, draft, malta):
        """Return the client, the page after its refused save, and the submission."""
        client = sign_in(focal)
        fields = Page(client.get(url(draft))).fields
        colleague = a_person("focal", malta, name="Colleague")
        answering.save_answers(draft, {"P1": given(level=4, comment="Theirs.")}, by=colleague, seen={})
        typed = {"iP1-answer": "level:2", "iP1-comment": "Mine.", "iP2-answer": "level:3"}
        return client, Page(client.post(url(draft), fields | typed)), draft

    def test_both_texts_stand_on_the_page(self, conflict):
        _client, page, draft = conflict
        sentence = "P1: Colleague changed this answer after you opened the page. Compare the two and save again."
        assert page.links[sentence] == "#iP1"
        assert "Theirs." in page.text
        assert "Ένα σχέδιο έχει εγκριθεί και εφαρμόζεται εν μέρει." in page.text
        assert (page.fields["iP1-answer"], page.fields["iP1-comment"]) == ("level:2", "Mine.")
        assert page.fields["iP1-seen"] == "1"
        assert stored(draft) == {
            "P1": ("level", 4, "", "Theirs.", False, 1),
            "P2": ("level", 3, "", "", False, 1),
        }

    def test_saving_again_is_a_decision(self, conflict):
        client, page, draft = conflict
        assert client.post(url(draft), page.fields).status_code == 302
        assert stored(draft)["P1"] == ("level", 2, "", "Mine.", False, 2)

    def test_the_colleagues_answer_can_stay(self, conflict):
        client, page, draft = conflict
        assert client.post(url(draft), page.fields | {"iP1-theirs": "on"}).status_code == 302
        assert stored(draft)["P1"] == ("level", 4, "", "Theirs.", False, 1)


class TestClosed:
    """Where the country does not hold the pen the page reads, says why, and gives typed text back."""

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            (State.SUBMITTED, "This submission is with the Secretariat."),
            (State.ACCEPTED, "This submission is accepted."),
        ],
    )
    def test_says_why(self, sign_in, focal, state, sentence):
        submission = submission_at(state)
        page = Page(sign_in(focal).get(url(submission)))
        assert ("These answers cannot be changed now" in page.text, "Deadline" in page.text) == (True, False)
        assert sentence in page.text
        assert not any(name.startswith("iP") for name in page.fields)

    def test_what_was_typed_comes_back_when_a_colleague_has_submitted(self, sign_in, focal, draft):
        fill(draft)
        client = sign_in(focal)
        fields = Page(client.get(url(draft))).fields
        before = stored(draft)
        workflow.submit(draft, by=focal, **DECLARATION)
        response = client.post(url(draft), fields | {"iP1-answer": "level:5", "iP1-comment": "Typed in vain."})
        page = Page(response)
        assert response.status_code == 409
        assert page.text.count("What you typed is not saved. Copy it if you need it.") == 1
        assert "Typed in vain." in page.text
        assert stored(draft) == before

    def test_an_analyst_reads_only(self, sign_in, analyst, focal):
        submission = submission_at(State.SUBMITTED)
        client = sign_in(analyst)
        page = Page(client.get(url(submission)))
        assert "The country’s focal points and the Secretariat write them." in page.text
        assert client.post(url(submission), {"iP1-seen": "1", "iP1-answer": "level:1"}).status_code == 403


class TestReturned:
    """What was asked about stands first; the rest is folded and changes only with a reason."""

    @pytest.fixture
    def returned(self, focal, officer):
        submission = submission_at(State.SUBMITTED)
        returns.flag(submission, "P2", "Which year?", by=officer)
        workflow.return_for_changes(
            submission, by=officer, comment="One question.", version=submission.versions.count()
        )
        return Submission.objects.get(pk=submission.pk)

    def test_shows_the_reasons_first(self, sign_in, focal, returned):
        page = Page(sign_in(focal).get(url(returned)))
        assert "One question." in page.text
        assert page.text.index("Which year?") < page.text.index("The other answers of this area")
        assert {name for name in page.fields if name.endswith("-why")} == {"iP1-why", "iP3-why"}

    def test_the_flagged_answer_changes_at_once(self, sign_in, focal, returned):
        client = sign_in(focal)
        fields = Page(client.get(url(returned))).fields | {"iP2-answer": "level:5", "continue": "yes"}
        assert client.post(url(returned), fields)["Location"] == f"/submissions/{returned.pk}/"
        assert stored(returned)["P2"] == ("level", 5, "", "", False, 2)

    def test_another_answer_changes_with_a_reason(self, sign_in, focal, returned):
        client = sign_in(focal)
        fields = Page(client.get(url(returned))).fields | {"iP1-answer": "level:1"}
        page = Page(client.post(url(returned), fields))
        assert "P1: the Secretariat did not ask to change this answer. Say why you change it." in page.text
        assert (page.fields["iP1-answer"], stored(returned)["P1"][1]) == ("level:1", 3)
        assert client.post(url(returned), page.fields | {"iP1-why": "New figures."}).status_code == 302
        assert stored(returned)["P1"] == ("level", 1, "", "", False, 2)
        assert AnswerVersion.objects.get(answer__indicator__code="P1", revision=2).why == "New figures."


def test_an_officer_writes_on_behalf_and_is_told_so(sign_in, officer, draft):
    client = sign_in(officer)
    entered(draft)
    page = Page(client.get(url(draft)))
    assert "You are entering answers on behalf of Malta" in page.text
    client.post(url(draft), page.fields | {"iP1-answer": "level:4"})
    version = AnswerVersion.objects.get()
    assert (version.by, version.on_behalf) == (officer, True)


@pytest.mark.parametrize("area", ["A", "p", "P1", ""])
def test_an_area_of_no_or_another_edition_is_not_found(sign_in, focal, draft, area):
    assert sign_in(focal).get(url(draft, area or "Z")).status_code == 404


def test_a_foreign_focal_point_finds_nothing(sign_in, draft, greece):
    client = sign_in(a_focal(greece))
    assert client.get(url(draft)).status_code == 404
    assert client.post(url(draft), {"iP1-seen": "0", "iP1-answer": "level:2"}).status_code == 404
    assert stored(draft) == {}


def test_texts_in_another_language_than_the_page_say_so(sign_in, focal, draft):
    assert (
        b'<p class="answer-measures" id="iP1-measures" lang="el" dir="ltr">' in sign_in(focal).get(url(draft)).content
    )


def test_the_page_and_its_save_cost_the_same_for_nine_indicators_as_for_four(sign_in, malta, focal):
    submission = a_cycle([malta], edition=an_edition(SCOREBOARD)).submissions.get()
    client = sign_in(focal)
    client.get(url(submission, "C"))  # reads the edition, which is kept
    costs = set()
    for area in ("A", "B"):
        with CaptureQueriesContext(connection) as opening:
            fields = Page(client.get(url(submission, area))).fields
        answers = {name.replace("-seen", "-answer"): "level:2" for name in fields if name.endswith("-seen")}
        with CaptureQueriesContext(connection) as saving:
            assert client.post(url(submission, area), fields | answers).status_code == 302
        costs.add((len(opening), len(saving)))
        client.get("/")  # takes the message of the save away
    assert len(costs) == 1
    assert submission.answers.count() == 13
