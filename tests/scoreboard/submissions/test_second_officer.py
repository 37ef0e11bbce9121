"""Two officers accept where the cycle asks for it: one approves the version read, another one confirms it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from scoreboard import clock
from scoreboard.errors import NotNow, Stale
from scoreboard.models import (
    CountryGroup,
    Cycle,
    GroupMembership,
    LookedAt,
    Mail,
    Organisation,
    Role,
    State,
    Submission,
)
from scoreboard.submissions import claims, looking, returns, workflow
from tests.factories import DECLARATION, a_focal, a_person
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def submitted(submitted):
    Cycle.objects.update(two_officers=True)
    Mail.objects.all().delete()
    return again(submitted)


@pytest.fixture
def colleague(officer):
    return a_person(Role.SECRETARIAT, name="Colleague")


def again(submission):
    return Submission.objects.get(pk=submission.pk)


def mailed():
    return set(Mail.objects.values_list("event", "to__name"))


def test_the_first_yes_leaves_it_submitted_and_writes_to_the_other_officers_alone(submitted, officer, colleague):
    step = workflow.approve(submitted, by=officer, version=1)
    now = again(submitted)
    assert (now.state, now.approved_by, now.approved_version.number) == (State.SUBMITTED, officer, 1)
    assert (step.source, step.target, step.version.number) == (State.SUBMITTED, State.SUBMITTED, 1)
    assert mailed() == {("approve", "Colleague")}
    assert "not accepted before a second officer confirms it" in " ".join(Mail.objects.get().body.split())


def test_the_second_officer_accepts_and_only_then_the_country_hears_of_it(submitted, officer, colleague):
    workflow.approve(submitted, by=officer, version=1)
    Mail.objects.all().delete()
    workflow.confirm(submitted, by=colleague, version=1)
    now = again(submitted)
    assert (now.state, now.accepted_version.number, now.approved_by) == (State.ACCEPTED, 1, None)
    assert mailed() == {("confirm", "focal MT")}
    assert "accepted" in Mail.objects.get().subject


def test_nobody_confirms_their_own_approval_and_nothing_is_accepted_without_one(submitted, officer, colleague):
    with pytest.raises(NotNow, match="two officers accept"):
        workflow.accept(submitted, by=officer, version=1)
    with pytest.raises(NotNow, match="Nobody has approved"):
        workflow.confirm(submitted, by=officer, version=1)
    workflow.approve(submitted, by=officer, version=1)
    with pytest.raises(NotNow, match="You approved it"):
        workflow.confirm(submitted, by=officer, version=1)
    with pytest.raises(NotNow, match="You approved it"):
        workflow.confirm(submitted, by=officer, version=1, alone="  ")
    with pytest.raises(NotNow, match="Officer has approved it already"):
        workflow.approve(submitted, by=colleague, version=1)
    assert again(submitted).state == State.SUBMITTED


def test_alone_takes_a_reason_which_the_log_and_the_others_get(submitted, officer, colleague, focal, sign_in):
    workflow.approve(submitted, by=officer, version=1)
    Mail.objects.all().delete()
    workflow.confirm(submitted, by=officer, version=1, alone="The colleague is ill.")
    log = [(entry.step, entry.comment) for entry in submitted.transitions.order_by("pk")][-2:]
    assert log == [("accept_alone", "The colleague is ill."), ("confirm", "")]
    assert mailed() == {("accept_alone", "Colleague"), ("confirm", "focal MT")}
    assert "The colleague is ill." in Mail.objects.get(event="accept_alone").body
    history = reverse("submission_history", args=[submitted.pk])
    shown = {person: Page(sign_in(person).get(history)).text for person in (officer, focal)}
    assert ("The colleague is ill." in shown[officer], "The colleague is ill." in shown[focal]) == (True, False)


def test_the_country_sees_it_as_submitted_and_cannot_recall_it(submitted, officer, colleague, focal, sign_in):
    workflow.approve(submitted, by=officer, version=1)
    with pytest.raises(NotNow, match="Officer has begun the review"):
        workflow.recall(submitted, by=focal)
    client = sign_in(focal)
    for name in ("submission", "submission_history"):
        page = Page(client.get(reverse(name, args=[submitted.pk])))
        assert "With the Secretariat" in page.text or name == "submission_history"
        assert "pprove" not in page.text
    with pytest.raises(NotNow, match="Last step: Submitted by"):
        workflow.submit(submitted, by=focal, **DECLARATION)
    workflow.disapprove(submitted, by=officer)
    workflow.recall(submitted, by=focal)
    assert again(submitted).state == State.DRAFT


def test_it_falls_with_a_return_and_the_next_version_needs_two_again(submitted, officer, colleague, focal):
    workflow.approve(submitted, by=officer, version=1)
    workflow.return_for_changes(submitted, by=colleague, comment="Which year?", version=1)
    assert again(submitted).approved_by is None
    workflow.submit(submitted, by=focal, **DECLARATION)
    with pytest.raises(NotNow, match="Nobody has approved"):
        workflow.confirm(submitted, by=colleague, version=2)
    with pytest.raises(Stale):
        workflow.approve(submitted, by=officer, version=1)


def test_only_who_gave_it_withdraws_it(submitted, officer, colleague):
    workflow.approve(submitted, by=officer, version=1)
    with pytest.raises(NotNow, match="Officer approved it and can withdraw that"):
        workflow.disapprove(submitted, by=colleague)
    workflow.disapprove(submitted, by=officer)
    workflow.disapprove(submitted, by=officer)  # twice is harmless
    assert again(submitted).approved_by is None
    assert submitted.transitions.filter(step="disapprove").count() == 1


def test_the_database_refuses_an_approval_of_what_is_not_submitted(submitted, officer):
    workflow.approve(submitted, by=officer, version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submitted.pk).update(state=State.RETURNED, submitted_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submitted.pk).update(approved_by=None)


def test_on_the_pages_each_officer_is_asked_for_the_step_that_is_theirs(submitted, officer, colleague, sign_in):
    mine, theirs = sign_in(officer), sign_in(colleague)
    area, url = reverse("review_area", args=[submitted.pk, "P"]), reverse("review_accept", args=[submitted.pk])
    assert "Approve…" in Page(mine.get(area)).links
    page = Page(mine.get(url))
    assert page.h1 == "Approve the submission of Malta"
    assert mine.post(url, page.fields).status_code == 302
    assert "Confirm…" in Page(theirs.get(area)).links
    assert "Officer approved version 1 on" in Page(theirs.get(area)).text
    assert "You cannot be the second officer" in Page(mine.get(url)).text
    assert theirs.post(url, page.fields).status_code == 409  # the page of before asked for the first yes
    assert again(submitted).state == State.SUBMITTED
    page = Page(theirs.get(url))
    assert page.h1 == "Confirm the submission of Malta"
    assert "You cannot be the second officer" not in page.text
    assert theirs.post(url, page.fields).status_code == 302
    assert again(submitted).state == State.ACCEPTED


def test_alone_on_the_page_asks_for_the_reason(submitted, officer, sign_in):
    workflow.approve(submitted, by=officer, version=1)
    desk, url = sign_in(officer), reverse("review_accept", args=[submitted.pk])
    sent = {"version": "1", "step": "confirm"}
    assert desk.post(url, sent).status_code == 409
    assert "Give the reason: the other officers read it." in Page(desk.post(url, sent | {"alone": " "})).text
    assert desk.post(url, sent | {"alone": "She is on leave."}).status_code == 302
    assert again(submitted).state == State.ACCEPTED


def test_who_waits_for_a_second_officer_stands_on_home_and_in_the_queue(submitted, officer, colleague, sign_in):
    workflow.approve(submitted, by=officer, version=1)
    home = Page(sign_in(colleague).get(reverse("home")))
    assert f"{officer} approved it; a second officer confirms." in home.text
    assert reverse("review", args=[submitted.pk]) in home.links.values()
    queue = reverse("review_queue") + "?show=second"
    assert "Malta" in Page(sign_in(colleague).get(queue)).links
    assert "Malta" not in Page(sign_in(officer).get(queue)).links
    assert queue not in Page(sign_in(officer).get(reverse("home"))).links.values()


def test_accepting_closes_what_the_review_left(submitted, officer, colleague):
    code = submitted.cycle.edition.all_indicators[0].code
    looking.look(submitted, code, by=officer, version=1)
    returns.flag(submitted, code, "Which year?", by=officer)
    workflow.approve(submitted, by=officer, version=1)
    assert (LookedAt.objects.count(), returns.pending(submitted).count()) == (1, 1)
    workflow.confirm(submitted, by=colleague, version=1)
    assert (LookedAt.objects.count(), returns.pending(submitted).count()) == (0, 0)


def test_a_claim_is_passed_on_to_a_colleague_who_gets_a_mail(submitted, officer, colleague, sign_in):
    desk, url = sign_in(officer), reverse("review_pass_on", args=[submitted.pk])
    assert desk.get(url).status_code == 409  # not claimed yet
    claims.claim(submitted, by=officer)
    page = Page(desk.get(url))
    assert page.h1 == "Pass on the review of Malta"
    assert "Choose to whom you pass it on." in Page(desk.post(url, {"to": ""})).text
    assert "Choose from the list." in Page(desk.post(url, {"to": a_focal(submitted.country).pk})).text
    assert desk.post(url, {"to": colleague.pk}).status_code == 302
    assert again(submitted).claimed_by == colleague
    assert mailed() == {("pass_on", "Colleague")}
    assert submitted.transitions.last().step == "pass_on"
    assert desk.post(url, {"to": colleague.pk}).status_code == 409


@pytest.fixture
def two_networks(submitted, officer, colleague):
    """Malta is in networks of two Secretariats; officer and colleague are of one, this third officer of the other."""
    mine, other = (Organisation.objects.create(name=f"Secretariat {name}", kind="secretariat") for name in "AB")
    for number, secretariat in enumerate((mine, other)):
        code = f"network-{number}"
        network = CountryGroup.objects.create(code=code, name=code, secretariat=secretariat)
        GroupMembership.objects.create(country=submitted.country, group=network)
    third = a_person(Role.SECRETARIAT, name="Third")
    for person, secretariat in ((officer, mine), (colleague, mine), (third, other)):
        person.memberships.update(organisation=secretariat)
    return third


def test_of_a_country_in_two_networks_an_officer_of_the_other_secretariat_confirms(
    submitted, two_networks, officer, colleague
):
    workflow.approve(submitted, by=officer, version=1)
    assert mailed() == {("approve", "Third")}
    with pytest.raises(NotNow, match=r"Malta belongs to networks of several Secretariats.*Secretariat B confirms it"):
        workflow.confirm(submitted, by=colleague, version=1)
    workflow.confirm(submitted, by=two_networks, version=1)
    assert again(submitted).state == State.ACCEPTED


def test_alone_the_reason_goes_to_the_other_secretariat(submitted, two_networks, officer, colleague):
    workflow.approve(submitted, by=officer, version=1)
    Mail.objects.all().delete()
    workflow.confirm(submitted, by=colleague, version=1, alone="Nobody there is in office.")
    assert mailed() == {("accept_alone", "Third"), ("confirm", "focal MT")}


def test_of_a_country_that_left_one_of_its_networks_any_other_officer_confirms(
    submitted, two_networks, officer, colleague
):
    GroupMembership.objects.filter(group__code="network-1").update(until=clock.today() - timedelta(days=1))
    workflow.approve(submitted, by=officer, version=1)
    assert mailed() == {("approve", "Colleague"), ("approve", "Third")}
    workflow.confirm(submitted, by=colleague, version=1)
    assert again(submitted).state == State.ACCEPTED
