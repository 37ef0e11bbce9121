"""What tests of the read side may ask for: a small PDF, the worker, and assessments at any stage."""

import os

import pytest
from django.core.cache import caches
from django.core.management import call_command

from reporting.assessments import lifecycle
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from scoreboard.models import State
from tests import factories, small_pdfs
from tests.reporting import example

Status = Assessment.Status


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> example.Built:
    """The example's PDF, with what came of it beside."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    return example.made_once(shared / "example", example.build)


@pytest.fixture
def small_pdf(monkeypatch) -> bytes:
    """Let builds give these few bytes: for tests of everything around the PDF, not of the PDF."""
    monkeypatch.setattr(pdf, "assessment_pdf", small_pdfs.assessment_pdf)
    monkeypatch.setattr(pdf, "unavailable", lambda: None)
    return small_pdfs.PDF


@pytest.fixture
def work_off():
    """Return a function that lets the worker do what is in the queue."""

    def worked_off() -> None:
        call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)

    return worked_off


@pytest.fixture
def assessment_at(db, small_pdf):
    """Return a function that gives an assessment that has travelled to a status by the verbs."""

    def travelled(status=Status.DRAFT, cycle=None, *, audience="everyone") -> Assessment:
        if cycle is None:
            cycle = factories.submission_at(State.ACCEPTED).cycle
        officer = factories.an_officer()
        assessment = lifecycle.consolidate(cycle, by=officer)
        if status != Status.DRAFT:
            lifecycle.perform(lifecycle.request_build(assessment, by=officer, document_number="Doc.7"))
        if status in (Status.PUBLISHED, Status.WITHDRAWN):
            lifecycle.publish(
                assessment,
                audience=audience,
                by=officer,
                snapshot=assessment.snapshot_sha256,
                early="The meeting is near.",
            )
        if status == Status.WITHDRAWN:
            lifecycle.withdraw(assessment, reason="A figure was wrong.", by=officer)
        return Assessment.objects.get(pk=assessment.pk)

    return travelled


@pytest.fixture
def stored_pages(settings):
    """Pages stored as in the field, none from another test."""
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tests"}
    }
    caches["pages"].clear()
