"""The evidence of a submission as one ZIP file: what the version read rests on, with a list, and logged."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from scoreboard.evidence import attaching
from scoreboard.models import State, Submission
from scoreboard.submissions import workflow
from tests import small_pdfs
from tests.factories import DECLARATION, a_focal, afresh, fill, submission_at

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def submitted(focal):
    submission = submission_at(State.DRAFT)
    fill(submission)
    for name, content in (("decree.pdf", small_pdfs.PDF), ("plan.txt", b"The plan.")):
        attaching.add_file(submission, "P1", ContentFile(content, name=name), by=focal)
    attaching.add_link(submission, "Q1", "https://example.org/law?a=1&b=2", name="<The law>", by=focal)
    workflow.submit(submission, by=focal, **DECLARATION)
    return Submission.objects.get(pk=submission.pk)


def taken(client, submission):
    response = client.post(reverse("review_evidence", args=[submission.pk]))
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="evidence-MT-2026.zip"'
    packed = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return {name: packed.read(name) for name in packed.namelist()}


def test_it_holds_each_file_and_lists_files_and_links(submitted, officer, sign_in):
    held = taken(sign_in(officer), submitted)
    listed = held.pop("list.html").decode()
    assert held == {"P1/01 decree.pdf": small_pdfs.PDF, "P1/02 plan.txt": b"The plan."}
    assert '<a href="P1/01%20decree.pdf">decree.pdf</a>' in listed
    assert '<a href="https://example.org/law?a=1&amp;b=2"' in listed
    assert ">&lt;The law&gt;</a>" in listed
    assert submitted.versions.get().answers[0]["evidence"][0]["sha256"] in listed


def test_the_log_names_who_took_it(submitted, analyst, sign_in):
    taken(sign_in(analyst), submitted)
    entry = submitted.transitions.last()
    assert (entry.step, entry.by, entry.version.number) == ("take_evidence", analyst, 1)
    assert (entry.source, entry.target) == (State.SUBMITTED, State.SUBMITTED)


def test_what_the_country_added_since_is_not_in_it(submitted, officer, focal, sign_in):
    workflow.return_for_changes(submitted, by=officer, comment="Which year?", version=1)
    attaching.add_file(afresh(submitted), "P2", ContentFile(b"A new plan.", name="new.txt"), by=focal)
    assert set(taken(sign_in(officer), submitted)) == {"P1/01 decree.pdf", "P1/02 plan.txt", "list.html"}


def test_a_file_that_the_store_has_no_more_is_named_and_the_rest_is_there(submitted, officer, sign_in):
    piece = submitted.answers.get(indicator__code="P1").evidence.order_by("pk").first()
    piece.file.storage.delete(piece.file.name)
    held = taken(sign_in(officer), submitted)
    assert set(held) == {"P1/02 plan.txt", "list.html"}
    assert "decree.pdf: not in this package" in held["list.html"].decode()


def test_without_evidence_there_is_nothing_to_take(officer, sign_in):
    submission = submission_at(State.SUBMITTED)
    desk = sign_in(officer)
    assert desk.post(reverse("review_evidence", args=[submission.pk])).status_code == 409
    assert "All evidence" not in desk.get(reverse("review_area", args=[submission.pk, "P"])).content.decode()
    assert not submission.transitions.filter(step="take_evidence").exists()


def test_a_focal_point_has_single_files_and_not_this(submitted, sign_in):
    assert sign_in(a_focal(submitted.country)).post(reverse("review_evidence", args=[submitted.pk])).status_code == 403
