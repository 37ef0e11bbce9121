"""A build's life: cancelled while it waits and while it runs, left behind by its worker and taken up again, kept."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader

from reporting import tasks
from reporting.assessments import builds, lifecycle
from reporting.models import Assessment, Build, Product, RenderedSection
from reporting.pdf import assessment as pdf
from reporting.pdf import joining
from reporting.pdf.sections_cache import UNUSED_FOR, Sections
from scoreboard import clock
from scoreboard.errors import NotNow
from scoreboard.models import State
from tests.factories import submission_at
from tests.reporting.pdf.test_joining import text
from tests.requested_pdfs import made

A_SECTION = b"%PDF-1.7"


@pytest.fixture
def build(officer, small_pdf):
    """A build that waits for the worker."""
    cycle = submission_at(State.ACCEPTED).cycle
    return lifecycle.request_build(lifecycle.consolidate(cycle, by=officer), by=officer)


def left_behind(build: Build, attempts: int = 1) -> Build:
    """Let a build look as after its worker was killed."""
    long_ago = clock.now() - 2 * Build.LEASE
    Build.objects.filter(pk=build.pk).update(state=Build.State.RUNNING, attempts=attempts, heartbeat_at=long_ago)
    return Build.objects.get(pk=build.pk)


def test_a_build_that_waits_is_cancelled_at_once(build, officer):
    builds.cancel(build, by=officer)
    lifecycle.perform(Build.objects.get())
    assert Build.objects.get().state == Build.State.CANCELLED
    assert not Product.objects.exists()
    with pytest.raises(NotNow, match="is over"):
        builds.cancel(build, by=officer)


def test_a_build_that_runs_stops_at_its_next_sign_of_life(build, officer, monkeypatch):
    told = []

    def drawing(assessment, *, report, **beside):
        report("Setting: Summary", 1, 3)
        builds.cancel(build, by=officer)
        told.append(Build.objects.get().state)
        report("Setting: Malta", 2, 3)
        raise AssertionError("it went on")

    monkeypatch.setattr(pdf, "assessment_pdf", drawing)
    lifecycle.perform(build)
    assert told == [Build.State.RUNNING]
    assert Build.objects.get().state == Build.State.CANCELLED
    assert Assessment.objects.get().status == Assessment.Status.DRAFT
    assert not Product.objects.exists()


def test_a_build_cancelled_at_the_last_moment_stores_nothing(build, officer, small_pdf, monkeypatch):
    def drawing(assessment, **beside):
        builds.cancel(build, by=officer)
        return small_pdf

    monkeypatch.setattr(pdf, "assessment_pdf", drawing)
    lifecycle.perform(build)
    assert Build.objects.get().state == Build.State.CANCELLED
    assert not Product.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_left_behind_is_built_by_another(build, work_off):
    left_behind(build)
    assert tasks.sweep() == 1
    assert tasks.sweep() == 0
    assert DBTaskResult.objects.count() == 1
    work_off()
    done = Build.objects.get()
    assert (done.state, done.attempts) == (Build.State.DONE, 2)
    assert Product.objects.filter(kind=Product.Kind.PDF).count() == 1


def test_a_build_that_lives_is_not_taken_back(build):
    assert builds.take(build)
    assert tasks.sweep() == 0
    assert Build.objects.get().state == Build.State.RUNNING


def test_a_build_that_is_left_behind_again_and_again_has_failed(build):
    left_behind(build, builds.ATTEMPTS)
    assert tasks.sweep() == 0
    failed = Build.objects.get()
    assert failed.state == Build.State.FAILED
    assert "stopped in the middle of it 3 times" in failed.error


def test_a_worker_that_was_only_slow_stores_nothing_beside_the_one_that_took_over(build, small_pdf, monkeypatch):
    def slow(assessment, **beside):
        left_behind(build)
        tasks.sweep()
        other = Build.objects.get()
        monkeypatch.setattr(pdf, "assessment_pdf", lambda assessment, **beside: small_pdf)
        lifecycle.perform(other)
        return b"%PDF-1.7 another"

    monkeypatch.setattr(pdf, "assessment_pdf", slow)
    lifecycle.perform(build)
    assert Build.objects.get().state == Build.State.DONE
    assert Product.objects.get(kind=Product.Kind.PDF).file.read() == small_pdf


def test_the_page_says_what_became_of_the_build(build, officer, sign_in):
    client = sign_in(officer)

    def page() -> str:
        return client.get(reverse("workbench", args=[build.assessment.cycle.code])).content.decode()

    assert "Cancel the build" in page()
    left_behind(build)
    assert "The worker has stopped in the middle" in page()
    client.post(reverse("workbench_cancel", args=[build.assessment_id]))
    assert "It is being cancelled" in page()
    tasks.sweep()
    assert "The build was cancelled" in page()


def test_one_country_can_be_looked_at_by_itself(build, officer, sign_in):
    shown = made(sign_in(officer), reverse("workbench_preview_section", args=[build.assessment_id, "country-MT"]))
    assert shown.headers["Content-Type"] == "application/pdf"
    pages = " ".join(text(shown.content))
    assert "Malta: percent by area" in pages
    assert all("Draft" in page.extract_text() for page in PdfReader(BytesIO(shown.content)).pages)
    assert "Contents" not in pages


def test_sections_are_kept_until_nobody_uses_them(db, monkeypatch):
    monkeypatch.setattr(joining, "look", lambda content: joining.Look(1, {}))
    kept = Sections()
    kept["a"], kept["b"] = A_SECTION, A_SECTION
    assert "a" in kept
    assert kept["a"] == A_SECTION
    assert "c" not in kept
    old = RenderedSection.objects.get(key="b")
    RenderedSection.objects.update(used_at=clock.now() - UNUSED_FOR - timedelta(days=1))
    later = Sections()
    assert "a" in later
    later.tidy()
    assert [row.key for row in RenderedSection.objects.all()] == ["a"]
    assert not default_storage.exists(old.file.name)


def test_a_section_whose_file_is_gone_is_set_again(db, monkeypatch):
    monkeypatch.setattr(joining, "look", lambda content: joining.Look(1, {}))
    kept = Sections()
    kept["a"] = A_SECTION
    default_storage.delete(RenderedSection.objects.get().file.name)
    assert "a" not in kept
    assert not RenderedSection.objects.exists()
