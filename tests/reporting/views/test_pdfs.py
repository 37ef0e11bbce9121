"""Papers for one reader: the blank questionnaire, the own submission, the receipt."""

import json
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection
from pypdf import PdfReader

from reporting import tasks
from reporting.models import Paper
from reporting.pdf import assessment as pdf
from reporting.pdf import processes, single
from scoreboard import clock
from scoreboard.models import State
from scoreboard.submissions import answering, receipts, versions
from tests.factories import HARBOUR, a_country, a_cycle, a_focal, an_edition, given, submission_at
from tests.pages import Page
from tests.requested_pdfs import made
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def edition(db):
    return an_edition(HARBOUR)


def text(response):
    """Return the words of a PDF, whatever its lines."""
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split())


@pytest.fixture
def draft(focal):
    submission = submission_at(State.DRAFT)
    answering.save_answers(submission, {"P1": given(comment="Σχόλιο.", comment_withheld=True)}, by=focal, seen={})
    return submission


def test_own_answers_are_marked_as_a_draft_until_accepted(sign_in, focal, draft):
    words = text(made(sign_in(focal), f"/reports/submissions/{draft.pk}/answers.pdf"))
    assert "Draft, not accepted" in words
    assert "Σχόλιο." in words
    assert "The comment is not for publication." in words


def test_accepted_answers_are_no_draft(sign_in, malta):
    accepted = submission_at(State.ACCEPTED)
    client = sign_in(a_focal(malta))
    words = text(made(client, f"/reports/submissions/{accepted.pk}/answers.pdf"))
    assert "Draft" not in words
    assert "Declared by Dr. A. Person, Head of unit." in words
    data = json.loads(client.get(f"/reports/submissions/{accepted.pk}/answers.json").content)
    assert (data["draft"], data["version"], data["sha256"]) == (False, 1, accepted.accepted_version.digest)
    assert data["answers"] == accepted.accepted_version.answers


def test_the_draft_as_data(sign_in, focal, draft):
    data = json.loads(sign_in(focal).get(f"/reports/submissions/{draft.pk}/answers.json").content)
    assert (data["draft"], data["country"], data["cycle"]) == (True, "MT", "2026")
    assert data["answers"] == versions.snapshot(draft)


def test_the_receipt_tells_who_and_every_digest(sign_in, focal, malta):
    submitted = submission_at(State.SUBMITTED)
    words = text(made(sign_in(focal), f"/reports/submissions/{submitted.pk}/receipts/1.pdf"))
    version = submitted.versions.get()
    assert "Dr. A. Person, Head of unit" in words
    assert version.digest in words
    assert receipts.check(submitted, words).matches
    assert all(f"{line.label} {line.digest}" in words for line in receipts.lines(version.answers))


def test_without_pango_the_remedy_is_told(sign_in, focal, draft, monkeypatch):
    monkeypatch.setattr(pdf, "unavailable", lambda: "PDFs are switched off.")
    response = sign_in(focal).get(f"/reports/submissions/{draft.pk}/answers.pdf")
    assert response.status_code == 409
    assert b"PDFs are switched off." in response.content


# --- made by the worker, whatever it takes -------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    """Set no page: for tests of everything around it. Returns what was to be set."""
    wanted = []
    monkeypatch.setattr(processes, "alone", lambda html, beat: wanted.append(html) or b"%PDF-1.7 a paper")
    return wanted


def answers(submission) -> str:
    return f"/reports/submissions/{submission.pk}/answers.pdf"


def test_no_page_sets_a_pdf(sign_in, focal, draft, quick):
    page = sign_in(focal).get(answers(draft))
    assert (page.status_code, quick) == (202, [])
    assert Page(page).h1 == "The PDF is being made"
    assert page["Refresh"] == f"15; url={answers(draft)}"
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))


def test_it_is_made_once_as_long_as_nothing_changes(sign_in, focal, draft, quick):
    client = sign_in(focal)
    assert made(client, answers(draft)).content == b"%PDF-1.7 a paper"
    with clock.at(clock.now() + timedelta(hours=3)):
        again = client.get(answers(draft))
    assert (again.status_code, again.content, len(quick)) == (200, b"%PDF-1.7 a paper", 1)
    answering.save_answers(draft, {"P2": given(comment="New.")}, by=focal, seen={})
    assert made(client, answers(draft)).status_code == 200
    assert len(quick) == 2
    assert "New." in quick[1]
    assert set(Paper.objects.values_list("html", flat=True)) == {""}  # the source is kept only until it is made


def test_somebody_elses_paper_is_nobody_elses(sign_in, focal, draft, greece, quick):
    made(sign_in(focal), answers(draft))
    assert sign_in(a_focal(greece)).get(answers(draft)).status_code == 404


def test_without_a_worker_the_page_says_so_at_once(sign_in, focal, draft, quick):
    began = time.monotonic()
    page = Page(sign_in(focal).get(answers(draft)))
    assert time.monotonic() - began < single.PATIENCE
    assert "No worker runs" in page.text
    tasks.run_jobs()
    began = time.monotonic()
    page = Page(sign_in(focal).get(answers(draft)))
    assert time.monotonic() - began >= single.PATIENCE
    assert "It waits for the worker." in page.text


@pytest.mark.django_db(transaction=True)
def test_who_waits_less_than_two_seconds_gets_it_at_once(sign_in, focal, draft, quick):
    tasks.run_jobs()

    def work():
        while not single.make_waiting():
            time.sleep(0.05)
        connection.close()

    worker = Thread(target=work)
    worker.start()
    response = sign_in(focal).get(answers(draft))
    worker.join()
    assert (response.status_code, response.content) == (200, b"%PDF-1.7 a paper")


def test_one_that_fails_says_so_and_is_tried_again_when_asked(sign_in, focal, draft, monkeypatch):
    def fail(html, beat):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(processes, "alone", fail)
    client = sign_in(focal)
    client.get(answers(draft))
    assert single.make_waiting() == 0
    page = client.get(answers(draft))
    assert Page(page).h1 == "The PDF could not be made"
    assert "The portal’s disk is full or cannot be written to." in Page(page).text
    assert "Refresh" not in page
    assert single.make_waiting() == 0
    monkeypatch.setattr(processes, "alone", lambda html, beat: b"%PDF")
    assert client.get(Page(page).links["Try again"]).status_code == 202
    assert single.make_waiting() == 1
    assert client.get(answers(draft)).content == b"%PDF"


def test_one_whose_worker_was_killed_is_made_by_another_and_not_for_ever(sign_in, focal, draft, monkeypatch):
    def killed(html, beat):
        raise KeyboardInterrupt

    sign_in(focal).get(answers(draft))
    monkeypatch.setattr(processes, "alone", killed)
    later = clock.now()
    for _attempt in range(single.ATTEMPTS):
        with clock.at(later), pytest.raises(KeyboardInterrupt):
            single.make_waiting()
        with clock.at(later + timedelta(seconds=30)):
            assert single.make_waiting() == 0  # it may be under way
        later += Paper.LEASE + timedelta(seconds=1)
    with clock.at(later):
        assert single.make_waiting() == 0
    assert "The worker was stopped in the middle of it." in Page(sign_in(focal).get(answers(draft))).text


def test_a_long_one_gives_signs_of_life(sign_in, focal, draft, monkeypatch):
    def slow(html, beat):
        for minutes in range(1, 4):
            with clock.at(clock.now() + timedelta(minutes=minutes)):
                beat()
                assert single.make_waiting() == 0
        return b"%PDF"

    sign_in(focal).get(answers(draft))
    monkeypatch.setattr(processes, "alone", slow)
    assert single.make_waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_each_once(sign_in, quick):
    for n in range(3):
        draft = submission_at(State.DRAFT, a_country("MT"), a_cycle([a_country("MT")], code=f"200{n}"))
        sign_in(a_focal(draft.country)).get(answers(draft))
    assert sum(at_once(*[single.make_waiting] * 3)) == 3
    assert len(quick) == 3


def test_a_changed_or_lost_file_is_made_again(sign_in, focal, draft, quick):
    client = sign_in(focal)
    made(client, answers(draft))
    for harm in (lambda file: file.write_bytes(b"%PDF-1.7 A paper"), lambda file: file.unlink()):
        harm(Path(Paper.objects.get().file.path))
        client.get(answers(draft))
        assert made(client, answers(draft)).content == b"%PDF-1.7 a paper"


def test_what_nobody_asks_for_any_more_is_deleted(sign_in, focal, draft, quick):
    made(sign_in(focal), answers(draft))
    file = Path(Paper.objects.get().file.path)
    with clock.at(clock.now() + single.RETENTION - timedelta(minutes=1)):
        assert single.forget_old() == 0
    with clock.at(clock.now() + single.RETENTION + timedelta(minutes=1)):
        assert single.forget_old() == 1
    assert not file.exists()
    assert not Paper.objects.exists()
