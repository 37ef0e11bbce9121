"""The rehearsal: the same portal with data of its own, which is started anew at the press of a button."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from reporting.assessments import lifecycle
from scoreboard import rehearsal
from scoreboard.cycles import calendar, rehearsing
from scoreboard.errors import NotNow
from scoreboard.evidence import attaching, paper
from scoreboard.mail import outbox
from scoreboard.models import (
    AnswerVersion,
    Country,
    Cycle,
    Evidence,
    Mail,
    Membership,
    PaperSource,
    Role,
    State,
    Submission,
    Thread,
    User,
)
from scoreboard.people import addresses, invitations, roles
from scoreboard.submissions import on_behalf, workflow
from scoreboard.threads import discussion
from tests import small_pdfs
from tests.factories import DECLARATION, a_person, an_edition, fill, given
from tests.pages import Page


@pytest.fixture
def edition(db):
    return an_edition()


@pytest.fixture
def rehearsed(db, officer):
    """A running rehearsal with its focal point: the submission and the person."""
    rehearsing.start(an_edition(), by=officer)
    with rehearsal.within():
        trainee = a_person(Role.FOCAL, Country.objects.get(), name="Tessa Trainee")
        return Submission.objects.get(), User.objects.get(pk=trainee.pk)


def below(name, *args):
    return f"/rehearsal{reverse(name, args=args)}"


def test_an_officer_starts_it_from_its_page(officer, sign_in, edition):
    desk = sign_in(officer)
    assert "Start the rehearsal" in desk.get(reverse("rehearsal")).content.decode()
    assert desk.post(reverse("rehearsal"), {"edition": edition.pk}).status_code == 302
    cycle = rehearsing.current()
    assert (cycle.code, cycle.edition, cycle.changed_by, cycle.opened_at is None) == (
        "rehearsal",
        edition,
        officer,
        False,
    )
    assert "Enter the rehearsal" in desk.get(reverse("rehearsal")).content.decode()


def test_the_form_asks_for_an_edition(officer, sign_in, edition):
    response = sign_in(officer).post(reverse("rehearsal"), {"edition": ""})
    assert response.context["form"].errors == {"edition": ["Choose the edition that the rehearsal answers."]}
    assert rehearsing.current() is None


def test_only_officers_start_it(analyst, edition):
    with pytest.raises(PermissionDenied):
        rehearsing.start(edition, by=analyst)


def test_accounts_of_the_rehearsal_are_listed_there_alone(rehearsed, officer, sign_in):
    """Whose invitation waits, and whose address an administrator changed: each world has its own people."""
    submission, trainee = rehearsed
    administrator = a_person(Role.SECRETARIAT, name="Ada", is_staff=True)
    with rehearsal.within():
        roles.invite(roles.Invitation("new@training.example", "Nina", Role.FOCAL, submission.country), by=officer)
        addresses.change_for(trainee, "moved@training.example", by=administrator, from_ip=None)
    invitations.invite(User.objects.create_user("real@example.org", name="Rita"))
    desk = sign_in(officer)
    real = Page(desk.get(reverse("people_changes"))).text
    there = Page(desk.get(below("people_changes"))).text
    for name, expected in {"Nina": (False, True), "moved@": (False, True), "Rita": (True, True)}.items():
        assert (name in real, name in there) == expected
    assert str(trainee) not in Page(desk.get("/")).text


def test_a_country_files_and_officers_review_it_there(rehearsed, officer, sign_in):
    submission, trainee = rehearsed
    desk, ministry = sign_in(officer), sign_in(trainee)
    page = ministry.get(below("submission_list"))
    assert "Nothing you do here counts or appears in the real portal." in page.content.decode()
    assert f'href="/rehearsal/submissions/{submission.pk}/' in page.content.decode()
    with rehearsal.within():
        fill(submission, by=trainee, i14=given(level=0))  # a level that no action plan has to be in the register for
        code = submission.cycle.edition.all_indicators[0].code
    typed = {f"i{code}-answer": "level:1", f"i{code}-seen": "1", "person": trainee.pk}
    saved = ministry.post(below("submission_save", submission.pk), typed)
    assert [answer["revision"] for answer in saved.json()["answers"].values()] == [2]
    filed = ministry.post(below("submission_submit", submission.pk), DECLARATION | {"confirmed": "on"})
    assert filed["Location"].startswith(f"/rehearsal/submissions/{submission.pk}/")
    assert str(submission.pk) in desk.get(below("review_queue")).content.decode()
    accepted = desk.post(below("review_accept", submission.pk), {"version": 1})
    assert accepted["Location"].startswith("/rehearsal/")
    with rehearsal.within():
        assert Submission.objects.get().state == State.ACCEPTED


@pytest.mark.parametrize("name", ["submission", "review", "submission_history", "submission_read"])
def test_outside_it_does_not_exist(name, rehearsed, officer, sign_in):
    submission, trainee = rehearsed
    for person in (officer, trainee):
        assert sign_in(person).get(reverse(name, args=[submission.pk])).status_code == 404
    assert (Cycle.objects.count(), Country.objects.count(), Submission.objects.count()) == (0, 0, 0)
    assert Membership.objects.filter(person=trainee).count() == 0


def test_inside_the_real_data_does_not_exist(rehearsed, cycle, officer, sign_in):
    real = cycle.submissions.first()
    assert sign_in(officer).get(below("submission", real.pk)).status_code == 404
    assert sign_in(officer).get(below("cycle_board", cycle.code)).status_code == 404
    with rehearsal.within():
        assert list(Cycle.objects.values_list("code", flat=True)) == ["rehearsal"]


def test_no_cycle_is_set_up_in_it(rehearsed, edition, officer, sign_in):
    """It would be one of the real portal."""
    desk, dates = sign_in(officer), {"opens": "2027-01-01", "deadline": "2027-03-01", "closes": "2027-04-01"}
    cycle = dates | {"code": "2027", "title_0": "2027", "edition": edition.pk, "time_zone": "Europe/Malta"}
    cycle |= {"basis": "answered", "statement_days": "30", "revision": "0", "countries": []}
    assert "The rehearsal has one cycle." in desk.post(below("cycle_new"), cycle).content.decode()
    assert "Set up a cycle" not in desk.get(below("cycle_list")).content.decode()
    assert (Cycle.objects.count(), desk.post(reverse("cycle_new"), cycle).status_code) == (0, 302)
    assert [one.code for one in Cycle.objects.all()] == ["2027"]


def test_a_role_in_it_is_none_outside(rehearsed, sign_in):
    _submission, trainee = rehearsed
    visit = sign_in(trainee)
    assert visit.get(below("submission_list")).context["nav"][1]["url"] == "/rehearsal/submissions/"
    nav = visit.get(reverse("home")).context["nav"]
    public = ["Countries", "Indicators", "Assessments", "Explore", "Resources"]
    assert [item["label"] for item in nav] == ["Home", *public]


def test_its_mails_say_so_and_lead_into_it(rehearsed, officer):
    submission, trainee = rehearsed
    with rehearsal.within():
        fill(submission, by=trainee)
        workflow.submit(submission, by=trainee, **DECLARATION)
    mail.outbox.clear()
    outbox.send_due()
    mine = [sent for sent in mail.outbox if sent.to == [trainee.email]]
    assert [sent.subject.startswith("[Rehearsal] ") for sent in mine] == [True]
    assert f"/rehearsal/submissions/{submission.pk}/" in mine[0].body
    assert list(Mail.objects.filter(submission=submission)) == []


def test_no_real_country_takes_part_in_it_nor_it_in_a_real_cycle(rehearsed, cycle, malta, officer):
    with rehearsal.within():
        pretended = Cycle.objects.get()
        calendar.change_participants(pretended, add=[malta], by=officer)
        assert pretended.submissions.count() == 1
        country = Country.objects.get()
    calendar.change_participants(cycle, add=[country], by=officer)
    assert cycle.submissions.filter(country=country).count() == 0


def test_nothing_of_it_is_assessed(rehearsed, officer):
    submission, trainee = rehearsed
    with rehearsal.within():
        fill(submission, by=trainee)
        version = workflow.submit(submission, by=trainee, **DECLARATION).version
        workflow.accept(submission, by=officer, version=version.number)
        with pytest.raises(NotNow, match="Nothing of a rehearsal is assessed"):
            lifecycle.consolidate(submission.cycle, by=officer)


def test_a_reset_deletes_all_that_was_written_and_keeps_the_people(
    rehearsed, officer, sign_in, django_capture_on_commit_callbacks
):
    submission, trainee = rehearsed
    with rehearsal.within():
        fill(submission, by=trainee, i14=given(level=0))  # a level that no action plan has to be in the register for
        code = submission.cycle.edition.all_indicators[0].code
        piece = attaching.add_file(submission, code, ContentFile(b"A plan.", name="plan.txt"), by=trainee)
        version = workflow.submit(submission, by=trainee, **DECLARATION).version
        discussion.open_thread(submission, code, "Which year?", shared=True, by=officer)
        workflow.accept(submission, by=officer, version=version.number)
    desk = sign_in(officer)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(reverse("rehearsal"), {"edition": submission.cycle.edition_id}).status_code == 302
    with rehearsal.within():
        fresh = Submission.objects.get()
        assert (fresh.state, fresh.answers.count(), fresh.versions.count()) == (State.DRAFT, 0, 0)
        assert Thread.objects.count() == 0
        assert [one.person for one in Membership.objects.filter(role=Role.FOCAL)] == [trainee]
    assert (Evidence.objects.count(), AnswerVersion.objects.count()) == (0, 0)
    assert not piece.file.storage.exists(piece.file.name)


def test_a_reset_takes_what_one_officer_approved_and_the_scan_of_a_paper(
    rehearsed, officer, sign_in, django_capture_on_commit_callbacks
):
    submission, trainee = rehearsed
    with rehearsal.within():
        on_behalf.enter(submission, by=officer, reason="They sent it on paper.")
        source = paper.add_source(submission, "A letter.", ContentFile(small_pdfs.PDF, name="paper.pdf"), by=officer)
        fill(submission, by=trainee)
        Cycle.objects.update(two_officers=True)
        version = workflow.submit(submission, by=trainee, **DECLARATION).version
        workflow.approve(submission, by=officer, version=version.number)
    desk = sign_in(officer)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(reverse("rehearsal"), {"edition": submission.cycle.edition_id}).status_code == 302
    with rehearsal.within():
        assert Submission.objects.get().state == State.DRAFT
    assert PaperSource.objects.count() == 0
    assert not source.file.storage.exists(source.file.name)


@pytest.mark.parametrize("codes", [("ZZ", "ZZX"), ("ZX", "ZZZ"), ("zz", "zzz")])
def test_no_real_country_takes_its_codes(codes, db):
    with pytest.raises(ValidationError, match="those of the rehearsal"):
        Country(iso2=codes[0], iso3=codes[1], name="Atlantis").full_clean()


def test_no_real_cycle_takes_its_code(cycle):
    cycle.code = "rehearsal"
    with pytest.raises(ValidationError, match="Choose another code"):
        cycle.full_clean()


def test_the_page_of_somebody_who_only_rehearses_opens_in_the_rehearsal_alone(rehearsed, sign_in, officer, focal):
    _submission, trainee = rehearsed
    desk = sign_in(officer)
    assert desk.get(reverse("people_person", args=[trainee.pk])).status_code == 404
    assert "Tessa Trainee" in desk.get(below("people_person", trainee.pk)).content.decode()
    assert desk.get(reverse("people_person", args=[focal.pk])).status_code == 200
    assert desk.get(below("people_person", focal.pk)).status_code == 404
