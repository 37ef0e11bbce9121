"""The verbs of an assessment: consolidate, build by the worker, publish, withdraw."""

import hashlib
import json
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django_tasks_db.models import DBTaskResult

from reporting import tasks
from reporting.assessments import lifecycle
from reporting.models import Assessment, Build
from reporting.pdf import assessment as pdf
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Role, State, Submission
from scoreboard.submissions import workflow
from scoreboard.submissions.versions import digest
from tests import factories
from tests.factories import given
from tests.test_concurrency import at_once, told_apart

Status = Assessment.Status


@pytest.fixture
def accepted(malta, cycle):
    """Malta's submission, accepted; Greece's is a draft in the same cycle."""
    return factories.submission_at(State.ACCEPTED, malta, cycle)


@pytest.fixture
def greece_too(greece, cycle):
    """Return a function that lets Greece be accepted as well."""
    return lambda: factories.submission_at(State.ACCEPTED, greece, cycle)


def file(submission: Submission, **answers) -> Submission:
    """Let the country give `answers` and submit, and be accepted."""
    factories.fill(submission, **answers)
    workflow.submit(submission, by=factories.a_focal(submission.country), **factories.DECLARATION)
    workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())
    return Submission.objects.get(pk=submission.pk)


# --- consolidate -------------------------------------------------------------------------------------------


def test_consolidating_takes_the_accepted_and_names_the_rest(accepted, cycle, officer):
    assessment = lifecycle.consolidate(cycle, by=officer)

    assert (assessment.issue, assessment.status, assessment.consolidated_by) == (1, Status.DRAFT, officer)
    assert [country["iso2"] for country in assessment.snapshot["countries"]] == ["MT"]
    assert [country["iso2"] for country in assessment.snapshot["not_reported"]] == ["GR"]
    assert set(assessment.snapshot["countries"][0]["answers"]) == {
        indicator.code for indicator in cycle.edition.all_indicators
    }
    assert assessment.snapshot_sha256 == digest(Assessment.objects.get().snapshot)


def test_there_is_nothing_to_consolidate_before_a_country_is_accepted(malta, cycle, officer):
    factories.submission_at(State.SUBMITTED, malta, cycle)

    with pytest.raises(NotNow, match="No country's submission is accepted"):
        lifecycle.consolidate(cycle, by=officer)
    assert not Assessment.objects.exists()


def test_an_analyst_may_consolidate_and_others_may_not(accepted, cycle, analyst, focal, observer):
    for person in (focal, observer, factories.a_person()):
        with pytest.raises(PermissionDenied):
            lifecycle.consolidate(cycle, by=person)
    assert not Assessment.objects.exists()

    assert lifecycle.consolidate(cycle, by=analyst).consolidated_by == analyst


def test_consolidating_again_changes_nothing_if_nothing_changed(accepted, cycle, officer, analyst, assessment_at):
    built = assessment_at(Status.BUILT, cycle)

    again = lifecycle.consolidate(cycle, by=analyst)

    assert again.pk == built.pk
    assert (again.status, again.consolidated_at, again.consolidated_by) == (
        Status.BUILT,
        built.consolidated_at,
        officer,
    )
    assert again.pdf.sha256 == built.pdf.sha256


def test_consolidating_anew_replaces_the_snapshot_and_drops_the_file(
    accepted, greece_too, cycle, analyst, assessment_at
):
    built = assessment_at(Status.BUILT, cycle)
    greece_too()

    anew = lifecycle.consolidate(cycle, by=analyst)

    assert (anew.pk, anew.issue, anew.status) == (built.pk, 1, Status.DRAFT)
    assert anew.snapshot_sha256 != built.snapshot_sha256
    assert [country["iso2"] for country in anew.snapshot["countries"]] == ["GR", "MT"]
    assert (anew.consolidated_by, anew.pdf) == (analyst, None)


def test_after_publishing_a_new_issue_begins_and_the_old_one_stays(accepted, greece_too, cycle, officer, assessment_at):
    first = assessment_at(Status.PUBLISHED, cycle)
    greece_too()

    second = lifecycle.consolidate(cycle, by=officer)

    assert (second.issue, second.status) == (2, Status.DRAFT)
    kept = Assessment.objects.get(pk=first.pk)
    assert (kept.status, kept.snapshot_sha256, kept.pdf) == (Status.PUBLISHED, first.snapshot_sha256, first.pdf)


def test_a_reopened_country_counts_with_its_last_accepted_version_and_is_marked(accepted, cycle, officer):
    before = lifecycle.consolidate(cycle, by=officer).snapshot["countries"][0]
    workflow.reopen(accepted, by=officer, comment="Please check the first indicator.")
    factories.fill(accepted, i1=given(level=0, why="The law changed."))

    reopened = lifecycle.consolidate(cycle, by=officer).snapshot["countries"][0]

    assert reopened == before | {"reopened": True}
    assert before["reopened"] is False

    file(accepted, i1=given(level=1, why="The law changed once more."))
    accepted_anew = lifecycle.consolidate(cycle, by=officer).snapshot["countries"][0]

    assert (accepted_anew["version"], accepted_anew["reopened"]) == (2, False)
    assert accepted_anew["answers"]["1"]["level"] == 1


def test_a_withheld_comment_is_nowhere_in_the_snapshot_and_its_level_counts(malta, cycle, officer):
    withheld = given(level=3, comment="Names an ongoing case.", comment_withheld=True)
    file(cycle.submissions.get(country=malta), i1=withheld, i2=given(comment="For everyone."))

    snapshot = lifecycle.consolidate(cycle, by=officer).snapshot

    assert "ongoing case" not in json.dumps(snapshot)
    answers = snapshot["countries"][0]["answers"]
    unsaid = {"reason": "", "comment": "", "confirmed": False, "figures": [], "figures_withheld": False}
    assert answers["1"] == unsaid | {"kind": "level", "level": 3, "withheld": True}
    assert answers["2"]["comment"] == "For everyone."
    assert answers["2"]["withheld"] is False
    assert snapshot["results"]["indicators"]["1"]["distribution"]["3"] == 1


def test_nothing_personal_and_no_draft_is_in_the_snapshot(accepted, greece, cycle, officer):
    factories.fill(cycle.submissions.get(country=greece), i1=given(comment="Only a draft."))

    text = json.dumps(lifecycle.consolidate(cycle, by=officer).snapshot)

    for private in ("Only a draft", factories.DECLARATION["declared_by"], officer.email, "example.org"):
        assert private not in text


# --- build -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_worker_builds_outside_any_transaction_and_the_file_is_kept(
    accepted, cycle, officer, small_pdf, work_off, monkeypatch
):
    seen = []

    def drawing(assessment, *, report, **beside):
        report("Drawing", 1, 2)
        seen.append((connection.in_atomic_block, Build.objects.get().doing, Build.objects.get().state))
        return small_pdf

    monkeypatch.setattr(pdf, "assessment_pdf", drawing)
    assessment = lifecycle.consolidate(cycle, by=officer)

    build = tasks.request_build(assessment, by=officer, document_number="Doc.7", meeting="MIKT 7")
    assert build.state == Build.State.QUEUED
    work_off()

    assert seen == [(False, "Drawing", "running")]
    assessment.refresh_from_db()
    assert (assessment.status, assessment.document_number, assessment.meeting) == (Status.BUILT, "Doc.7", "MIKT 7")
    product = assessment.pdf
    assert product.file.read() == small_pdf
    assert (product.sha256, product.size) == (hashlib.sha256(small_pdf).hexdigest(), len(small_pdf))
    build.refresh_from_db()
    assert (build.state, build.error) == (Build.State.DONE, "")
    assert build.finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_rolled_back_leaves_nothing_in_the_queue(accepted, cycle, officer, small_pdf):
    assessment = lifecycle.consolidate(cycle, by=officer)
    tasks.request_build(assessment, by=officer)

    with pytest.raises(NotNow, match="on its way already"):
        tasks.request_build(assessment, by=officer, document_number="Doc.8")

    assert (Build.objects.count(), DBTaskResult.objects.count()) == (1, 1)
    assert Assessment.objects.get().document_number == ""


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (NotNow("The fonts are missing."), "The fonts are missing."),
        (ValueError("bad table"), "The document could not be made: bad table"),
    ],
)
def test_a_failed_build_says_why_and_can_be_asked_for_again(
    accepted, cycle, officer, assessment_at, small_pdf, monkeypatch, fault, sentence
):
    def failing(assessment, *, report, **beside):
        raise fault

    monkeypatch.setattr(pdf, "assessment_pdf", failing)
    assessment = assessment_at(Status.BUILT, cycle)

    assert (assessment.status, assessment.pdf) == (Status.DRAFT, None)
    failed = assessment.builds.first()
    assert (failed.state, failed.error) == (Build.State.FAILED, sentence)
    assert failed.finished_at is not None

    monkeypatch.setattr(pdf, "assessment_pdf", lambda assessment, **beside: small_pdf)
    lifecycle.perform(lifecycle.request_build(assessment, by=officer))
    assert Assessment.objects.get().status == Status.BUILT


@pytest.mark.parametrize("when", ["before the worker came", "while it was built"])
def test_a_build_whose_snapshot_was_replaced_makes_nothing(
    accepted, greece_too, cycle, officer, small_pdf, monkeypatch, when
):
    drawn = []

    def replace():
        greece_too()
        lifecycle.consolidate(cycle, by=officer)

    def drawing(assessment, *, report, **beside):
        drawn.append(assessment)
        replace()
        return small_pdf

    monkeypatch.setattr(pdf, "assessment_pdf", drawing)
    build = lifecycle.request_build(lifecycle.consolidate(cycle, by=officer), by=officer)
    if when == "before the worker came":
        replace()

    lifecycle.perform(Build.objects.get(pk=build.pk))

    build.refresh_from_db()
    assert (build.state, build.assessment.pdf) == (Build.State.FAILED, None)
    assert build.error == "The answers were consolidated anew while this was built. Build again."
    assert Assessment.objects.get().status == Status.DRAFT
    assert len(drawn) == (0 if when == "before the worker came" else 1)


def test_a_build_that_no_longer_waits_is_left_alone(accepted, cycle, assessment_at):
    built = assessment_at(Status.BUILT, cycle)

    lifecycle.perform(built.builds.first())

    assert set(Assessment.objects.get().products.all()) == set(built.products.all())
    assert Build.objects.get().state == Build.State.DONE


def test_building_again_drops_the_file_that_nobody_may_publish_then(
    accepted, cycle, officer, assessment_at, django_capture_on_commit_callbacks
):
    built = assessment_at(Status.BUILT, cycle)
    file = built.pdf.file
    assert file.storage.exists(file.name)

    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.request_build(built, by=officer, document_number="Doc.8")

    assert not file.storage.exists(file.name)
    assert (Assessment.objects.get().status, Assessment.objects.get().pdf) == (Status.DRAFT, None)
    with pytest.raises(NotNow, match="Build the PDF"):
        lifecycle.publish(
            built, audience="everyone", by=officer, snapshot=built.snapshot_sha256, early="The meeting is near."
        )


def test_where_pdfs_are_switched_off_the_reason_is_said(accepted, cycle, officer, monkeypatch):
    monkeypatch.setattr(pdf, "unavailable", lambda: "Pango is missing.")
    assessment = lifecycle.consolidate(cycle, by=officer)

    with pytest.raises(NotNow, match="Pango is missing"):
        tasks.request_build(assessment, by=officer)
    assert not Build.objects.exists()


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.WITHDRAWN])
def test_what_was_published_is_never_built_again(accepted, cycle, officer, assessment_at, status):
    assessment = assessment_at(status, cycle)

    with pytest.raises(NotNow, match="stays as it is"):
        tasks.request_build(assessment, by=officer)
    assert Assessment.objects.get().pdf == assessment.pdf


# --- publish and withdraw ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.DRAFT, "Build the PDF and look at it first"),
        (Status.PUBLISHED, "published already, on .* by Officer"),
        (Status.WITHDRAWN, "published already, on .* by Officer"),
    ],
)
def test_only_a_built_assessment_can_be_published(accepted, cycle, officer, assessment_at, status, sentence):
    assessment = assessment_at(status, cycle)

    with pytest.raises(NotNow, match=sentence):
        lifecycle.publish(
            assessment,
            audience="everyone",
            by=officer,
            snapshot=assessment.snapshot_sha256,
            early="The meeting is near.",
        )
    assert Assessment.objects.get().status == status


def test_publishing_releases_the_file_as_it_was_built(accepted, cycle, officer, assessment_at):
    built = assessment_at(Status.BUILT, cycle)

    published = lifecycle.publish(
        built, audience="observers", by=officer, snapshot=built.snapshot_sha256, early="The meeting is near."
    )

    assert (published.status, published.audience, published.published_by) == (
        Status.PUBLISHED,
        "observers",
        officer,
    )
    assert (published.pdf.pk, published.pdf.sha256) == (built.pdf.pk, built.pdf.sha256)


def test_an_unknown_audience_publishes_nothing(accepted, cycle, officer, assessment_at):
    built = assessment_at(Status.BUILT, cycle)

    with pytest.raises(Invalid, match="Choose who may read"):
        lifecycle.publish(
            built, audience="the press", by=officer, snapshot=built.snapshot_sha256, early="The meeting is near."
        )
    assert Assessment.objects.get().status == Status.BUILT


def test_withdrawing_needs_a_reason_and_keeps_the_file(accepted, cycle, officer, assessment_at):
    published = assessment_at(Status.PUBLISHED, cycle)

    with pytest.raises(Invalid, match="Give the reason"):
        lifecycle.withdraw(published, reason="  ", by=officer)
    withdrawn = lifecycle.withdraw(published, reason=" A figure was wrong. ", by=officer)

    assert (withdrawn.status, withdrawn.withdrawal_reason) == (Status.WITHDRAWN, "A figure was wrong.")
    assert withdrawn.withdrawn_by == officer
    assert withdrawn.pdf == published.pdf


@pytest.mark.parametrize("status", [Status.DRAFT, Status.BUILT, Status.WITHDRAWN])
def test_only_a_published_assessment_can_be_withdrawn(accepted, cycle, officer, assessment_at, status):
    assessment = assessment_at(status, cycle)

    with pytest.raises(NotNow, match="Only a published assessment"):
        lifecycle.withdraw(assessment, reason="A figure was wrong.", by=officer)
    assert Assessment.objects.get().status == status


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OBSERVER, None])
def test_only_officers_publish_and_withdraw(accepted, cycle, assessment_at, role):
    built = assessment_at(Status.BUILT, cycle)
    person = factories.a_person(role)

    with pytest.raises(PermissionDenied):
        lifecycle.publish(
            built, audience="everyone", by=person, snapshot=built.snapshot_sha256, early="The meeting is near."
        )
    published = assessment_at(Status.PUBLISHED, cycle)
    with pytest.raises(PermissionDenied):
        lifecycle.withdraw(published, reason="A figure was wrong.", by=person)
    assert Assessment.objects.get().status == Status.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_two_officers_publish_at_once_and_one_of_them_is_told(accepted, cycle, assessment_at):
    built = assessment_at(Status.BUILT, cycle)
    officers = [factories.a_person(Role.SECRETARIAT, name=name) for name in ("One", "Two")]
    choices = list(zip(officers, ["everyone", "observers"], strict=True))

    read = {"snapshot": built.snapshot_sha256, "early": "The meeting is near."}
    acts = [partial(lifecycle.publish, built, audience=audience, by=officer, **read) for officer, audience in choices]
    done, refused = told_apart(at_once(*acts))

    assert len(done) == len(refused) == 1
    published = Assessment.objects.get()
    assert (published.published_by, published.audience) in choices
    assert refused[0].sentence.endswith(f"by {published.published_by}.")
