"""Drafts are the country's: who reads what while it writes, and how an officer opens it on its behalf."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.formats import date_format

from scoreboard import access
from scoreboard.errors import Invalid, Locked, NotNow
from scoreboard.evidence import attaching
from scoreboard.models import Mail, Role, State, Transition
from scoreboard.submissions import answering, on_behalf, workflow
from scoreboard.threads import discussion
from tests.factories import DECLARATION, a_part, a_person, entered, fill, given, submission_at
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")

HANDED_IN, WRITTEN = "Handed in at first.", "Written since."


@pytest.fixture
def returned(focal, officer, draft):
    """A returned submission, in which the country has changed an answer and its evidence since."""
    decree = attaching.add_file(draft, "P1", ContentFile(b"A decree.", name="decree.txt"), by=focal)
    fill(draft, iP1=given(comment=HANDED_IN))
    workflow.submit(draft, by=focal, **DECLARATION)
    workflow.return_for_changes(draft, by=officer, comment="Which law?", version=1)
    changed = {"P1": given(comment=WRITTEN, why="A slip.")}
    answering.save_answers(draft, changed, by=focal, seen={"P1": 1})
    attaching.remove(decree, by=focal)
    attaching.add_file(draft, "P1", ContentFile(b"A law.", name="law.txt"), by=focal)
    draft.refresh_from_db()
    return draft


def told(client, name, *args):
    """Return the text of a page, or the status that refuses it."""
    response = client.get(reverse(name, args=args))
    return Page(response).text if response.status_code == 200 else response.status_code


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.ANALYST])
def test_in_a_returned_one_the_version_handed_in_is_read_and_nothing_since(role, returned, sign_in, focal):
    client, country = sign_in(a_person(role)), sign_in(focal)
    for name, args in (("review_area", ("P",)), ("submission_version", (1,)), ("submission_answer_history", ("P1",))):
        page = told(client, name, returned.pk, *args)
        assert (HANDED_IN in page, WRITTEN in page) == (True, False), name
        assert ("decree.txt" in page, "law.txt" in page) == (True, False), name
        assert "Evidence removed" not in page
    assert "Which law?" in told(client, "review_area", returned.pk, "P")
    since = told(country, "submission_answer_history", returned.pk, "P1")
    assert (WRITTEN in since, "Evidence removed: decree.txt" in since) == (True, True)
    for name in ("submission_read", "submission_gaps", "submission_pdf", "submission_json", "submission_workbook_file"):
        assert told(client, name, returned.pk) == 404
    overview = told(client, "submission", returned.pk)
    assert "7 of 7" in overview
    assert "Waits for you" not in overview


def test_a_recalled_version_is_the_countrys_for_good(draft, focal, officer, analyst, sign_in):
    fill(draft, iP1=given(comment="Recalled."))
    workflow.submit(draft, by=focal, **DECLARATION)
    workflow.recall(draft, by=focal)
    again = {"P1": given(comment="Said at last.")}
    answering.save_answers(draft, again, by=focal, seen={"P1": 1})
    for moment in ("draft", "submitted"):
        if moment == "submitted":
            workflow.submit(draft, by=focal, **DECLARATION)
        for person in (officer, analyst):
            client = sign_in(person)
            for name in ("submission_version", "submission_receipt", "receipt_pdf"):
                assert told(client, name, draft.pk, 1) == 404, (moment, name)
            assert client.get(reverse("submission_compare", args=[draft.pk]) + "?from=1").status_code == 404
            log = client.get(reverse("submission_history", args=[draft.pk])).content.decode()
            assert re.findall(r"/versions/(\d)/", log) == (["2", "2"] if moment == "submitted" else [])
            assert "Recalled" in Page(client.get(reverse("submission_history", args=[draft.pk]))).text
    history = told(sign_in(officer), "submission_answer_history", draft.pk, "P1")
    assert ("Said at last." in history, "Recalled." in history) == (True, False)
    assert "Recalled." in told(sign_in(focal), "submission_version", draft.pk, 1)


def test_an_officer_opens_it_with_a_reason_that_is_logged_and_told(draft, focal, officer, analyst, sign_in):
    answering.save_answers(draft, {"P1": given(comment=WRITTEN)}, by=focal, seen={})
    area = reverse("submission_area", args=[draft.pk, "P"])
    client, colleague = sign_in(officer), a_person(Role.SECRETARIAT)
    assert client.get(area).status_code == 404
    opening = reverse("submission_enter_on_behalf", args=[draft.pk])
    assert Page(client.get(reverse("submission", args=[draft.pk]))).links["Enter answers on behalf of Malta"] == opening
    assert "Say why you open the draft" in Page(client.post(opening, {"reason": "\u200b "})).text
    assert not Transition.objects.filter(step="enter_on_behalf").exists()
    for _twice in range(2):
        assert client.post(opening, {"reason": "They sent it on paper."}).status_code == 302
    step = Transition.objects.get(step="enter_on_behalf")
    assert (step.by, step.on_behalf, step.comment) == (officer, True, "They sent it on paper.")
    mail = Mail.objects.get(event="enter_on_behalf")
    assert mail.to == focal
    assert "They sent it on paper." in mail.body
    assert WRITTEN in Page(client.get(area)).text
    for other in (colleague, analyst):
        assert sign_in(other).get(area).status_code == 404
    assert "They sent it on paper." in told(sign_in(focal), "submission_history", draft.pk)


def test_it_stays_open_until_the_next_step(draft, focal, officer):
    fill(draft)
    write = {"P1": given(level=1, why="A slip.")}
    with pytest.raises(NotNow):
        answering.save_answers(draft, write, by=officer, seen={"P1": 1})
    with pytest.raises(NotNow):
        workflow.submit(draft, by=officer, **DECLARATION)
    answering.save_answers(entered(draft), write, by=officer, seen={"P1": 1})
    workflow.submit(draft, by=officer, **DECLARATION)
    draft.refresh_from_db()
    with pytest.raises(Locked):
        on_behalf.enter(draft, by=officer, reason="Again.")
    workflow.return_for_changes(draft, by=officer, comment="Which law?", version=1)
    draft.refresh_from_db()
    assert not access.may_read(officer, draft)
    with pytest.raises(NotNow):
        answering.save_answers(draft, {"P1": given(level=2, why="A slip.")}, by=officer, seen={"P1": 2})


@pytest.mark.parametrize("reason", ["", " \n", "\u200b", "x" * 20_001, "\x00"])
def test_a_reason_is_compulsory(reason, draft, officer):
    with pytest.raises(Invalid):
        on_behalf.enter(draft, by=officer, reason=reason)
    assert not Transition.objects.filter(step="enter_on_behalf").exists()


def test_nobody_else_opens_it(draft, focal, analyst):
    for person in (focal, analyst, a_person(), a_person(is_staff=True)):
        with pytest.raises(PermissionDenied):
            on_behalf.enter(draft, by=person, reason="To look.")


def test_what_was_never_handed_in_is_not_asked_about(draft, focal, officer):
    answering.save_answers(draft, {"P1": given()}, by=focal, seen={})
    with pytest.raises(NotNow):
        discussion.open_thread(draft, "P1", "Which law?", shared=True, by=officer)


def test_a_receipt_tells_the_reader_no_more_than_they_may_know(returned, focal, officer, sign_in):
    digest = returned.versions.get().digest
    address = reverse("submission_check_receipt", args=[returned.pk])
    texts = [Page(sign_in(person).post(address, {"receipt": digest})).text for person in (focal, officer)]
    assert ["Changed since: P1." in text for text in texts] == [True, False]
    assert ["The receipt matches version 1." in text for text in texts] == [True, True]


def test_the_api_gives_counts_and_no_answers(draft, focal, officer, sign_in):
    answering.save_answers(draft, {"P1": given(comment=WRITTEN)}, by=focal, seen={})
    address = reverse("submission-detail", args=[draft.pk])
    told = sign_in(officer).get(address).json()
    assert (told["answered"], told["answers"]) == (1, None)
    entered(draft)
    assert [answer["comment"] for answer in sign_in(officer).get(address).json()["answers"]] == [WRITTEN]


@pytest.mark.parametrize(
    ("state", "reads"),
    [
        (State.DRAFT, [True, False, False, False]),
        (State.SUBMITTED, [True, True, True, False]),
        (State.RETURNED, [True, False, False, False]),
        (State.ACCEPTED, [True, True, True, False]),
    ],
)
def test_who_reads_the_answers_as_they_stand_now(state, reads, malta, focal, officer, analyst):
    submission = submission_at(state, malta)
    people = (focal, officer, analyst, a_person(Role.CONTRIBUTOR, malta))
    assert [access.may_read(person, submission) for person in people] == reads


def test_of_a_draft_the_desk_shows_counts_dates_and_people(draft, focal, officer, analyst, sign_in):
    part = a_part(draft, by=focal)
    answering.save_answers(draft, {"P1": given(level=3, comment="A secret.")}, by=focal, seen={})
    for reader in (officer, analyst):
        page = Page(sign_in(reader).get(reverse("review", args=[draft.pk])))
        assert "Answered P 1 of 3 · Q 0 of 2 · R 0 of 2" in page.text
        assert f"Focal points {focal} Contributors Ana until {date_format(part.until)}" in page.text
        assert "A secret." not in page.text
