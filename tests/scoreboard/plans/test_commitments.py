"""A step that was promised: entered when it is accepted, asked about in the next cycle, reported on in between."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock
from scoreboard.errors import Invalid, Locked, Stale
from scoreboard.models import ActivityEntry, Commitment, CommitmentReport
from scoreboard.plans import commitments as between
from scoreboard.submissions import answering, commitments, doubts, receipts, versions, workflow
from tests.factories import (
    DECLARATION,
    HARBOUR_NEXT,
    a_cycle,
    a_focal,
    a_part,
    an_edition,
    an_officer,
    fill,
    given,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db

STEP = {"next_step": "Train the staff.", "next_step_by": "2027-06-30", "next_step_lead": "Port authority"}


def accepted(submission, **answers):
    """Let a submission be filled, submitted and accepted."""
    fill(submission, **answers)
    workflow.submit(submission, by=a_focal(submission.country), **DECLARATION)
    workflow.accept(submission, by=an_officer(), version=submission.versions.count())
    return submission


def of_cycle(country, *, code="2023", days=40, edition=None):
    opens = clock.now().date() - timedelta(days=days)
    return a_cycle([country], code=code, opens=opens, edition=edition).submissions.get()


@pytest.fixture
def before(malta, harbour):
    """Malta's accepted answers of 2023, which promise a step on P1, P2 and P3; that on P2 is for publication."""
    return accepted(
        of_cycle(malta),
        iP1=given(level=3, **STEP),
        iP2=given(level=1, next_step="Write a manual.", next_step_public=True),
        iP3=given(level=1, next_step="Buy a boat."),
    )


@pytest.fixture
def now(before, malta):
    """Malta's draft of the next cycle, which asks the same questions."""
    return a_cycle([malta]).submissions.get()


@pytest.fixture
def later(before, malta):
    """The same in the edition after: P1 is the same, P2 is revised, P3 is split."""
    return a_cycle([malta], edition=an_edition(HARBOUR_NEXT)).submissions.get()


def step_on(code):
    return Commitment.objects.get(indicator__code=code)


def told():
    """Return what is stored of every commitment."""
    rows = Commitment.objects.order_by("indicator__position")
    return [(one.indicator.code, one.step, one.due, one.lead, one.is_public, one.status) for one in rows]


def test_an_accepted_step_is_a_commitment(before):
    assert told() == [
        ("P1", "Train the staff.", date(2027, 6, 30), "Port authority", False, ""),
        ("P2", "Write a manual.", None, "", True, ""),
        ("P3", "Buy a boat.", None, "", False, ""),
    ]


def test_until_it_is_accepted_there_is_none(malta, harbour):
    submission = of_cycle(malta)
    fill(submission, iP1=given(**STEP))
    workflow.submit(submission, by=a_focal(malta), **DECLARATION)
    assert told() == []


def test_accepting_again_changes_what_changed_and_forgets_nothing(before, officer, focal):
    between.publish(step_on("P1"), by=focal)
    workflow.reopen(before, by=officer, comment="Please.")
    before.refresh_from_db()
    changes = {
        "P1": given(level=3, next_step="Train all staff.", why="As asked."),
        "P3": given(level=1, next_step="", why="As asked."),
    }
    seen = dict(before.answers.values_list("indicator__code", "revision"))
    answering.save_answers(before, changes, by=focal, seen=seen)
    workflow.submit(before, by=focal, **DECLARATION)
    workflow.accept(before, by=officer, version=2)
    assert told() == [
        ("P1", "Train all staff.", date(2027, 6, 30), "Port authority", True, ""),
        ("P2", "Write a manual.", None, "", True, ""),
        ("P3", "Buy a boat.", None, "", False, ""),
    ]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"next_step_by": "30.6.2027"}, "give the day by which the step is intended as year, month and day"),
        ({"next_step_by": "2027-02-30"}, "give the day by which the step is intended as year, month and day"),
        ({"next_step_lead": "x" * 201}, "shorten who leads the step to 200 characters"),
    ],
)
def test_a_step_that_cannot_be_stored_is_refused(draft, focal, step, sentence):
    outcome = answering.save_answers(draft, {"P1": given(level=1, next_step="A step.", **step)}, by=focal, seen={})
    assert sentence in outcome.problems["P1"].sentence


def test_what_was_stored_before_has_the_same_digests(draft, focal):
    """The new parts of a step are in a version only where they are given."""
    answering.save_answers(draft, {"P1": given(level=1, next_step="A step.")}, by=focal, seen={})
    [row] = [row for row in versions.snapshot(draft) if row["code"] == "P1"]
    assert not {"next_step_by", "next_step_lead", "next_step_public"} & row.keys()
    assert versions.digest_of([row], []) == versions.digest([row])


def test_the_same_indicator_asks_and_another_one_is_asked_on_the_overview(later):
    found = {one.commitment.indicator.code: one.code for one in commitments.asked(later)}
    assert found == {"P1": "P1", "P2": "P2", "P3": ""}


def test_a_reply_is_asked_on_the_card_and_counts_once_it_is_accepted(sign_in, focal, officer, later):
    client, step = sign_in(focal), step_on("P1")
    area = f"/submissions/{later.pk}/areas/P/"
    assert "Train the staff." in Page(client.get(area)).text
    address = f"/submissions/{later.pk}/commitments/{step.pk}/"
    response = client.post(address, {"status": "partly", "words": "Half of them.", "seen": 0})
    assert response.url == f"{area}#step-of-{step.pk}"
    assert step_on("P1").status == ""
    accepted(later)
    assert step_on("P1").status == "partly"
    assert later.versions.get().commitments[0] == {
        "id": step.pk,
        "report": CommitmentReport.objects.get().pk,
        "cycle": "2023",
        "label": "P1",
        "code": "P1",
        "step": "Train the staff.",
        "by": "2027-06-30",
        "lead": "Port authority",
        "status": "partly",
        "words": "Half of them.",
    }


def test_a_step_whose_indicator_was_split_is_answered_on_the_overview(sign_in, focal, later):
    client, step = sign_in(focal), step_on("P3")
    overview = Page(client.get(f"/submissions/{later.pk}/"))
    assert "Buy a boat." in overview.text
    assert "0 of 3 have a reply." in overview.text
    address = f"/submissions/{later.pk}/commitments/{step.pk}/"
    typed = {"status": "dropped", "words": "", "seen": 0}
    assert "Say why the step is dropped." in Page(client.post(address, typed)).text
    response = client.post(address, typed | {"words": "No money."})
    assert response.url == f"/submissions/{later.pk}/#earlier-steps"
    assert "1 of 3 have a reply." in Page(client.get(f"/submissions/{later.pk}/")).text


def test_no_reply_is_a_doubt_and_never_a_gap(now, focal):
    fill(now)
    keys = [(doubt.indicator.code, doubt.on_overview) for doubt in doubts.doubts(now) if doubt.key.startswith("step-")]
    assert keys == [("P1", False), ("P2", False), ("P3", False)]
    commitments.reply(now, step_on("P1").pk, status="done", seen=0, by=focal)
    left = [doubt for doubt in doubts.doubts(now) if doubt.key.startswith("step-")]
    assert [doubt.indicator.code for doubt in left] == ["P2", "P3"]
    workflow.submit(now, by=focal, **DECLARATION, confirmed=[doubt.key for doubt in left])
    assert [one["code"] for one in now.versions.get().doubts] == ["P2", "P3"]


def test_who_submits_confirms_a_step_without_a_reply(sign_in, focal, later):
    fill(later)
    client = sign_in(focal)
    address = f"/submissions/{later.pk}/submit/"
    response = client.get(address)
    page = Page(response)
    assert "the step promised in Scoreboard 2023, “Buy a boat.”. It will count as not answered." in page.text
    assert f'href="/submissions/{later.pk}/#earlier-steps"' in response.text
    boxes = {name: "on" for name in response.context["form"].fields if name.startswith("doubt-")}
    assert client.post(address, DECLARATION | {"confirmed": "on"}).status_code == 200
    assert client.post(address, DECLARATION | boxes | {"confirmed": "on"}).status_code == 302


def test_a_reply_of_a_colleague_is_not_overwritten(now, focal):
    step = step_on("P1")
    first = commitments.reply(now, step.pk, status="done", seen=0, by=focal)
    assert commitments.reply(now, step.pk, status="done", seen=0, by=focal) == first  # the second click
    with pytest.raises(Stale):
        commitments.reply(now, step.pk, status="not", seen=0, by=focal)
    commitments.reply(now, step.pk, status="not", seen=first.pk, by=focal)
    taken_back = commitments.reply(now, step.pk, status="", seen=commitments.asked(now)[0].seen, by=focal)
    assert [one.status for one in CommitmentReport.objects.order_by("pk")] == ["done", "not", ""]
    assert commitments.asked(now)[0].seen == taken_back.pk
    assert commitments.unanswered(commitments.asked(now))[0].commitment == step


def test_nobody_replies_while_the_secretariat_reads(now, focal, officer):
    fill(now)
    workflow.submit(now, by=focal, **DECLARATION)
    with pytest.raises(Locked):
        commitments.reply(now, step_on("P1").pk, status="done", seen=0, by=focal)
    with pytest.raises(Locked):
        commitments.reply(now, step_on("P1").pk, status="done", seen=0, by=officer)


def test_the_receipt_covers_the_replies(now, focal, sign_in):
    commitments.reply(now, step_on("P1").pk, status="done", words="All of them.", seen=0, by=focal)
    fill(now)
    workflow.submit(now, by=focal, **DECLARATION)
    version = now.versions.get()
    assert receipts.check(now, version.digest).matches
    client = sign_in(focal)
    for page in (f"receipts/{version.number}/", f"versions/{version.number}/", "read/"):
        assert "All of them." in Page(client.get(f"/submissions/{now.pk}/{page}")).text
    data = client.get(reverse("submission_json", args=[now.pk])).json()
    assert (data["commitments"], data["sha256"]) == (version.commitments, version.digest)
    version.commitments[0]["status"] = "dropped"
    version.save()
    assert not receipts.check(now, version.digest).matches


def test_a_reply_that_is_not_accepted_again_counts_no_more(now, focal, officer):
    step = step_on("P1")
    commitments.reply(now, step.pk, status="done", seen=0, by=focal)
    accepted(now)
    assert (step_on("P1").status, Commitment.objects.open().count()) == ("done", 2)
    workflow.reopen(now, by=officer, comment="Please.")
    now.refresh_from_db()
    assert step_on("P1").status == "done"  # a reopened country counts with what was accepted last
    commitments.reply(now, step.pk, status="", seen=commitments.asked(now)[0].seen, by=focal)
    workflow.submit(now, by=focal, **DECLARATION)
    workflow.accept(now, by=officer, version=2)
    assert step_on("P1").status == ""


def test_between_the_cycles_a_report_counts_at_once_and_the_history_stays(sign_in, focal, officer, before):
    client, step = sign_in(focal), step_on("P1")
    address = f"/commitments/{step.pk}/"
    page = Page(client.get(address))
    client.post(address, page.fields | {"status": "partly", "words": "Ten of them."})
    page = Page(client.get(address))
    client.post(address, page.fields | {"status": "done", "words": "All."})
    step.refresh_from_db()
    assert step.status == "done"
    history = [(one.status, one.words, one.by, one.origin) for one in step.reports.order_by("pk")]
    assert history == [("partly", "Ten of them.", focal, "page"), ("done", "All.", focal, "page")]
    shown = Page(sign_in(officer).get(address)).text
    assert "Ten of them." in shown
    assert "Report what became of it" not in shown
    assert ActivityEntry.objects.filter(verb="report_on_commitment", detail="P1").count() == 2


def test_what_is_done_is_not_asked_any_more(before, focal, malta):
    between.report(step_on("P1"), status="done", seen=0, by=focal)
    between.report(step_on("P2"), status="dropped", words="Nobody reads it.", seen=0, by=focal)
    between.report(step_on("P3"), status="not", seen=0, by=focal)
    now = a_cycle([malta]).submissions.get()
    assert [one.commitment.indicator.code for one in commitments.asked(now)] == ["P3"]


def test_a_stale_report_shows_both_texts(sign_in, focal, before):
    step, client = step_on("P1"), sign_in(focal)
    fields = Page(client.get(f"/commitments/{step.pk}/")).fields
    between.report(step, status="partly", words="A colleague’s words.", seen=0, by=focal)
    response = client.post(f"/commitments/{step.pk}/", fields | {"status": "done", "words": "Mine."})
    page = Page(response)
    assert response.status_code == 409
    assert "A colleague’s words." in page.text
    assert page.fields["words"] == "Mine."
    assert client.post(f"/commitments/{step.pk}/", page.fields | {"status": "done"}).status_code == 302


def test_publishing_is_the_countrys_choice_and_is_undone(sign_in, focal, officer, before):
    step, client = step_on("P1"), sign_in(focal)
    address = f"/commitments/{step.pk}/publication/"
    assert sign_in(officer).post(address, {"to": "public"}).status_code == 403
    with pytest.raises(PermissionDenied):
        between.publish(step, by=officer)
    client.post(address, Page(client.get(address)).fields)
    assert step_on("P1").is_public
    client.post(address, Page(client.get(address)).fields)
    step = step_on("P1")
    assert (step.is_public, step.public_changed_by) == (False, focal)
    verbs = ActivityEntry.objects.filter(verb__endswith="_commitment").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["publish_commitment", "hide_commitment"]


def test_a_contributor_reads_the_step_of_their_part_and_does_not_reply(sign_in, focal, now):
    part = a_part(now, by=focal)
    client = sign_in(part.person)
    page = Page(client.get(f"/contributions/{part.pk}/P1/"))
    assert "Train the staff." in page.text
    address = f"/submissions/{now.pk}/commitments/{step_on('P1').pk}/"
    assert client.post(address, {"status": "done", "seen": 0}).status_code == 404


def test_of_a_draft_the_secretariat_reads_nothing(sign_in, officer, focal, now):
    commitments.reply(now, step_on("P1").pk, status="done", words="Not yet yours.", seen=0, by=focal)
    client = sign_in(officer)
    for page in (f"/submissions/{now.pk}/", f"/commitments/{step_on('P1').pk}/", "/commitments/countries/mt/"):
        assert "Not yet yours." not in client.get(page).text
    fill(now)
    workflow.submit(now, by=focal, **DECLARATION)
    assert "Not yet yours." in client.get(f"/review/{now.pk}/areas/P/").text


def test_another_questionnaire_asks_nothing(before, malta):
    other = a_cycle([malta], edition=an_edition()).submissions.get()
    assert commitments.asked(other) == []


def test_an_unknown_status_is_refused(before, focal):
    with pytest.raises(Invalid):
        between.report(step_on("P1"), status="maybe", seen=0, by=focal)


def test_a_page_costs_the_same_for_one_step_as_for_seven(malta, focal, officer, harbour, sign_in):
    codes = [one.code for one in harbour.all_indicators]
    clients, costs = {"focal": sign_in(focal), "officer": sign_in(officer)}, {}
    for n, days in ((1, 80), (7, 60)):
        steps = {f"i{code}": given(level=1, next_step=f"Step {code}.") for code in codes[:n]}
        accepted(of_cycle(malta, code=f"20{days}", days=days), **steps)
        now = a_cycle([malta], code=f"21{n}", opens=clock.now().date() - timedelta(days=days - 5)).submissions.get()
        assert len(commitments.asked(now)) == n
        for one in commitments.asked(now):
            commitments.reply(now, one.commitment.pk, status="partly", words="A part.", seen=0, by=focal)
        fill(now)
        pages = ["commitments/countries/mt/", f"submissions/{now.pk}/", f"submissions/{now.pk}/areas/P/"]
        pages += [f"submissions/{now.pk}/submit/", f"submissions/{now.pk}/read/"]
        asked = [("focal", page) for page in pages] + [("officer", "commitments/"), ("officer", pages[0])]
        costs[n] = [cost(clients[who], f"/{page}") for who, page in asked]
        Commitment.objects.all().delete()
    assert costs[1] == costs[7]


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
