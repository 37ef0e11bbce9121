"""Papers for one reader: the blank questionnaire, the own submission, the receipt."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from reporting import pdf
from scoreboard import answering, freezing, receipts
from scoreboard.models import State
from tests.factories import HARBOUR, a_focal, an_edition, given, submission_at

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


def test_the_blank_questionnaire_in_each_language(sign_in, focal, draft):
    client = sign_in(focal)
    french = text(client.get("/reports/questionnaires/harbour-1/fr.pdf"))
    greek = text(client.get("/reports/questionnaires/harbour-1/el.pdf"))
    assert "Plan de biosécurité du port" in french
    assert "Σχέδιο βιοασφάλειας του λιμένα" in greek
    sheet = client.get("/reports/questionnaires/harbour-1/el.xlsx")
    names = load_workbook(BytesIO(sheet.content)).sheetnames
    assert any("Προετοιμασία" in name for name in names)


@pytest.mark.parametrize("name", ["harbour-1/en.pdf", "harbour-1/en.xlsx", "nothing/fr.pdf"])
def test_a_language_or_edition_that_is_not_there(sign_in, focal, draft, name):
    assert sign_in(focal).get(f"/reports/questionnaires/{name}").status_code == 404


def test_own_answers_are_marked_as_a_draft_until_accepted(sign_in, focal, draft):
    words = text(sign_in(focal).get(f"/reports/submissions/{draft.pk}/answers.pdf"))
    assert "Draft, not accepted" in words
    assert "Σχόλιο." in words
    assert "The comment is not for publication." in words


def test_accepted_answers_are_no_draft(sign_in, malta):
    accepted = submission_at(State.ACCEPTED)
    client = sign_in(a_focal(malta))
    words = text(client.get(f"/reports/submissions/{accepted.pk}/answers.pdf"))
    assert "Draft" not in words
    assert "Declared by Dr. A. Person, Head of unit." in words
    data = json.loads(client.get(f"/reports/submissions/{accepted.pk}/answers.json").content)
    assert (data["draft"], data["version"], data["sha256"]) == (False, 1, accepted.accepted_version.digest)
    assert data["answers"] == accepted.accepted_version.answers


def test_the_draft_as_data(sign_in, focal, draft):
    data = json.loads(sign_in(focal).get(f"/reports/submissions/{draft.pk}/answers.json").content)
    assert (data["draft"], data["country"], data["cycle"]) == (True, "MT", "2026")
    assert data["answers"] == freezing.snapshot(draft)


def test_the_receipt_tells_who_and_every_digest(sign_in, focal, malta):
    submitted = submission_at(State.SUBMITTED)
    words = text(sign_in(focal).get(f"/reports/submissions/{submitted.pk}/receipts/1.pdf"))
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
