"""Saving without leaving the page: what the browser is told of each answer, and of a session that is gone."""

import re

import pytest

from scoreboard.models import Answer, AnswerVersion
from scoreboard.submissions import answering, workflow
from tests.factories import DECLARATION, a_focal, a_person, fill, given

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def save(sign_in, focal, draft):
    """Return a function that sends the fields of P1, as `save(seen=…, answer=…, comment=…)`, and gives the response."""
    client = sign_in(focal)

    def saved(code="P1", **fields):
        data = {f"i{code}-{name}": value for name, value in fields.items()} | {"person": focal.pk}
        return client.post(f"/submissions/{draft.pk}/save/", data)

    return saved


def told(response, code="P1"):
    assert response.status_code == 200
    return response.json()["answers"][code]


def test_the_servers_word_names_the_revision_and_the_time(save):
    first = told(save(seen=0, answer="level:2", comment="One."))
    second = told(save(seen=1, answer="level:3", comment="Two."))
    assert (first["revision"], second["revision"]) == (1, 2)
    assert re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", second["at"]), "the page names its time zone once"
    answer = Answer.objects.get()
    assert (answer.level.value, answer.comment, answer.revision) == (3, "Two.", 2)


def test_the_servers_word_says_whether_the_answer_is_complete(save):
    given_so = [{}, {"reason": "No harbour."}, {"answer": "unknown"}, {"answer": "level:1"}, {"answer": ""}]
    for seen, fields in enumerate(given_so):
        answer = told(save(seen=seen, **{"answer": "not_applicable"} | fields))
        assert answer["answered"] == Answer.objects.complete().exists(), fields
        assert answer.get("incomplete") == ("incomplete" if not fields else None)  # only without its reason


def test_a_retry_of_what_is_stored_already_is_harmless(save):
    first = told(save(seen=0, answer="level:2", comment="One."))
    assert told(save(seen=0, answer="level:2", comment="One.")) == first
    assert AnswerVersion.objects.count() == 1


def test_giving_back_what_was_seen_claims_no_save_and_keeps_its_revision(save, draft, malta):
    save(seen=0, answer="level:2")
    answering.save_answers(draft, {"P1": given(level=4)}, by=a_person("focal", malta), seen={"P1": 1})
    assert told(save(seen=1, answer="level:2")) == {"revision": 1, "at": ""}
    assert Answer.objects.get().level.value == 4


def test_a_problem_is_a_sentence_and_costs_no_other(save):
    response = save(seen=0, answer="level:9", comment="Kept on the page.")
    assert told(response) == {"problem": "P1: choose one of the levels of its ladder."}
    assert not Answer.objects.exists()


def test_a_conflict_brings_both_answers_and_what_they_began_from(save, draft, malta):
    save(seen=0, answer="level:1", comment="Base.")
    colleague = a_person("focal", malta, name="Colleague")
    answering.save_answers(draft, {"P1": given(level=4, comment="Theirs.")}, by=colleague, seen={"P1": 1})
    found = told(save(seen=1, answer="level:2", comment="Mine."))
    assert found["problem"].startswith("P1: Colleague changed this answer after you opened the page.")
    assert found["revision"] == 2
    assert found["theirs"] == {
        "iP1-answer": "level:4",
        "iP1-reason": "",
        "iP1-comment": "Theirs.",
        "iP1-next": "",
        "iP1-next-by": "",
        "iP1-next-lead": "",
        "iP1-changed": "",
    }
    for text in ("Base.", "Theirs.", "Mine.", "Stored now: the answer of Colleague"):
        assert text in found["conflict"]
    assert Answer.objects.get().comment == "Theirs."
    assert told(save(seen=2, answer="level:2", comment="Mine."))["revision"] == 3


def test_a_lost_session_is_answered_401_and_nothing_else(client, draft, focal):
    response = client.post(f"/submissions/{draft.pk}/save/", {"iP1-seen": 0, "person": focal.pk})
    assert response.status_code == 401
    told = {"sentence": "You are signed out. Sign in again; nothing that you typed is lost.", "person": None}
    assert response.json() == told


def test_another_persons_session_does_not_sign_what_this_person_typed(sign_in, draft, focal, malta):
    colleague = a_person("focal", malta, name="Colleague")
    fields = {"iP1-seen": 0, "iP1-answer": "level:2", "person": focal.pk}
    response = sign_in(colleague).post(f"/submissions/{draft.pk}/save/", fields)
    assert response.status_code == 401
    assert response.json()["sentence"].startswith("Colleague is signed in in this browser now.")
    assert not Answer.objects.exists()


def test_who_may_not_see_it_or_write_it_is_told_as_on_the_page(sign_in, draft, greece, analyst):
    stranger = a_focal(greece)
    assert sign_in(stranger).post(f"/submissions/{draft.pk}/save/", {"person": stranger.pk}).status_code == 404
    fill(draft)
    workflow.submit(draft, by=a_focal(draft.country), **DECLARATION)
    fields = {"person": analyst.pk, "iP1-seen": 1, "iP1-answer": "level:1"}
    response = sign_in(analyst).post(f"/submissions/{draft.pk}/save/", fields)
    assert (response.status_code, response["Content-Type"]) == (403, "application/json")


def test_when_the_other_side_holds_the_pen_it_says_so(save, draft, focal):
    fill(draft)
    workflow.submit(draft, by=focal, **DECLARATION)
    response = save(seen=1, answer="level:1")
    assert response.status_code == 409
    assert response.json()["sentence"].startswith("This submission is with the Secretariat.")


def test_reading_the_address_is_not_offered(sign_in, focal, draft):
    assert sign_in(focal).get(f"/submissions/{draft.pk}/save/").status_code == 405
