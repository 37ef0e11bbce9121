"""What no cache may keep, and no reader may try numbers against: private pages, and digests of private answers."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.exports import files
from scoreboard.models import State
from tests.factories import an_officer, submission_at

pytestmark = pytest.mark.usefixtures("harbour")

PRIVATE = "private, no-store"


@pytest.mark.parametrize("name", ["home", "submission_list", "report_list", "help", "submission-list", "country-list"])
def test_nothing_for_somebody_signed_in_is_kept_by_a_cache(name, sign_in, focal):
    assert sign_in(focal).get(reverse(name))["Cache-Control"] == PRIVATE


@pytest.mark.parametrize("name", ["submission_list", "cycle_list", "admin:index"])
def test_a_private_page_is_not_kept_for_a_visitor_either(name, db):
    assert Client().get(reverse(name))["Cache-Control"] == PRIVATE


@pytest.mark.parametrize("name", ["home", "report_list", "help", "privacy", "country-list", "report_schema"])
def test_a_public_page_stays_as_it_is(name, db):
    assert "no-store" not in Client().get(reverse(name)).get("Cache-Control", "")


def test_signing_in_and_what_is_not_there(client, focal):
    posted = {"login": focal.email, "password": "correct horse battery staple"}
    assert client.post(reverse("account_login"), posted)["Cache-Control"] == PRIVATE
    assert client.get("/nowhere/")["Cache-Control"] == PRIVATE


def test_no_digest_of_a_version_is_in_what_is_published(malta):
    accepted = submission_at(State.ACCEPTED, malta)
    issue = lifecycle.consolidate(accepted.cycle, by=an_officer(), public=True)
    digest = accepted.accepted_version.digest
    assert digest not in json.dumps(issue.snapshot)
    assert all(digest.encode() not in file.content for file in files.data_files(issue))
