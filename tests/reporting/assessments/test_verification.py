"""The public page that tells which file of which issue a SHA-256 belongs to."""

import hashlib

import pytest
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.models import Assessment, Product
from scoreboard.models import State
from tests import factories
from tests.pages import Page

Status = Assessment.Status


def verified(client, sha256: str) -> Page:
    response = client.get(reverse("verify"), {"sha256": sha256})
    assert response.status_code == 200
    return Page(response)


def test_each_file_of_an_issue_is_known_again(db, assessment_at, client):
    assessment = assessment_at(Status.PUBLISHED)

    for product in assessment.products.all():
        content = product.file.read()
        text = verified(client, hashlib.sha256(content).hexdigest()).text
        assert "This file is ours" in text
        about = product.get_kind_display() + (" (Malta)" if product.subject else "")
        assert f"{about}, Scoreboard 2026, issue 1 Published" in text
        changed = hashlib.sha256(content + b" ").hexdigest()
        assert "This file is none of ours" in verified(client, changed).text


def test_the_snapshot_is_known_again(db, assessment_at, client):
    assessment = assessment_at(Status.PUBLISHED)

    assert "Data snapshot, Scoreboard 2026, issue 1" in verified(client, assessment.snapshot_sha256).text


def test_a_withdrawn_issue_says_so_and_stays_closed(db, assessment_at, client):
    assessment = assessment_at(Status.WITHDRAWN)

    page = verified(client, assessment.pdf.sha256)

    assert "This issue was withdrawn" in page.text
    assert "Do not rely on it." in page.text
    assert "A figure was wrong." not in page.text
    assert "Open its page" not in page.links


def test_an_overtaken_issue_names_the_newer_one(db, malta, greece, client, assessment_at):
    cycle = factories.a_cycle([malta, greece])
    factories.submission_at(State.ACCEPTED, malta, cycle)
    first = assessment_at(Status.PUBLISHED, cycle)
    factories.submission_at(State.ACCEPTED, greece, cycle)
    second = assessment_at(Status.PUBLISHED, cycle)

    assert "There is a newer issue: issue 2" in verified(client, sum_of(first)).text
    assert "There is a newer issue" not in verified(client, sum_of(second)).text


def sum_of(assessment: Assessment) -> str:
    return assessment.products.get(kind=Product.Kind.XLSX).sha256


def test_a_draft_is_known_to_those_who_make_it_only(db, assessment_at, client, sign_in):
    sha256 = sum_of(assessment_at(Status.BUILT))

    assert "This file is none of ours" in verified(client, sha256).text
    assert "it is a draft" in verified(sign_in(factories.an_officer()), sha256).text


def test_the_file_of_an_issue_for_observers_is_known_and_its_page_is_not_offered(db, assessment_at, client):
    assessment = assessment_at(Status.PUBLISHED, audience="observers")

    page = verified(client, sum_of(assessment))

    assert "It is for members and observers." in page.text
    assert "Open its page" not in page.links


@pytest.mark.parametrize("spelling", [str.upper, lambda digits: f" {digits[:32]} {digits[32:]}\n"])
def test_sums_are_read_as_people_paste_them(db, assessment_at, client, spelling):
    sha256 = sum_of(assessment_at(Status.PUBLISHED))

    assert "This file is ours" in verified(client, spelling(sha256)).text


@pytest.mark.parametrize("typed", ["", "abc", "z" * 64, "a" * 65, "<script>alert(1)</script>"])
def test_what_is_no_sum_is_asked_for_again(db, client, typed):
    response = client.get(reverse("verify"), {"sha256": typed})

    assert "<title>Error:" in response.content.decode()
    assert "<script>alert" not in response.content.decode()
    assert "This file is" not in Page(response).text


def test_drafts_that_were_replaced_are_forgotten(db, malta, greece, assessment_at, client, sign_in):
    cycle = factories.a_cycle([malta, greece])
    factories.submission_at(State.ACCEPTED, malta, cycle)
    sha256 = sum_of(assessment_at(Status.BUILT, cycle))
    factories.submission_at(State.ACCEPTED, greece, cycle)

    lifecycle.consolidate(cycle, by=factories.an_officer())

    assert "This file is none of ours" in verified(sign_in(factories.an_officer()), sha256).text
