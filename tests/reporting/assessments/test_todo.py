"""The home page says which texts wait: for the Secretariat's approval, or for a writer because figures changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.assessments import chapters, lifecycle
from reporting.models import Assessment, Chapter
from scoreboard.models import Role, State
from scoreboard.submissions import workflow
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db

TITLE = "Texts Scoreboard 2026"
NOTHING = f"{TITLE} No text of the assessment waits for you."
CHANGED = "Figures in 1 text changed after it was written; somebody who writes has to look at them."


@pytest.fixture
def accepted(malta, cycle):
    return factories.submission_at(State.ACCEPTED, malta, cycle)


@pytest.fixture
def issue(accepted, officer, small_pdf) -> Assessment:
    return lifecycle.consolidate(accepted.cycle, by=officer)


@pytest.fixture
def home(sign_in):
    def of(person) -> Page:
        return Page(sign_in(person).get("/"))

    return of


def written(issue, key, text, by, *, approved=False) -> Chapter:
    chapter = issue.chapters.get(key=key)
    chapters.save(chapter, text, by=by, seen=chapter.revision)
    chapter.refresh_from_db()
    return chapters.approve(chapter, by=factories.an_officer(), seen=chapter.revision) if approved else chapter


def test_an_officer_is_told_what_waits_for_approval(issue, officer, analyst, home):
    assert NOTHING in home(officer).text
    written(issue, "summary", "One.", analyst)
    written(issue, "introduction", "Two.", analyst, approved=True)
    written(issue, "area-A", "  ", analyst)
    page = home(officer)
    assert f"{TITLE} 1 text waits for your approval." in page.text
    [opened] = [url for words, url in page.links.items() if words.startswith("Open the texts")]
    assert opened == reverse("chapter_list", args=[issue.pk])
    written(issue, "introduction", "Two again.", analyst)  # which ends its approval
    assert "2 texts wait for your approval." in home(officer).text
    for person in (analyst, factories.a_person(Role.OBSERVER), factories.a_person()):
        assert "for your approval" not in home(person).text


def test_writers_are_told_of_figures_that_changed(accepted, issue, officer, analyst, home):
    text = written(issue, "area-A", "The mean is [[mean A]].", analyst, approved=True)
    written(issue, "summary", "Of [[n A]].", analyst)  # which stays what it is
    assert NOTHING in home(analyst).text

    workflow.reopen(accepted, by=officer, comment="Please check.")
    accepted.refresh_from_db()
    first, *_others = accepted.cycle.edition.all_indicators
    anew = factories.given(level=0, why="A slip.", comment="Nobody looks.")
    factories.fill(accepted, **{f"i{first.code}": anew})
    workflow.submit(accepted, by=factories.a_focal(accepted.country), **factories.DECLARATION)
    workflow.accept(accepted, by=officer, version=accepted.versions.count())
    again = lifecycle.consolidate(accepted.cycle, by=officer)

    assert f"{TITLE} {CHANGED}" in home(analyst).text
    assert f"{TITLE} 1 text waits for your approval. {CHANGED}" in home(officer).text
    chapters.confirm(text, by=analyst, snapshot_sha256=again.snapshot_sha256)
    assert NOTHING in home(analyst).text
    assert "2 texts wait for your approval." in home(officer).text


def test_what_is_published_waits_for_nobody(issue, officer, analyst, home):
    written(issue, "summary", "One.", analyst, approved=True)
    lifecycle.perform(lifecycle.request_build(issue, by=officer))
    lifecycle.publish(
        issue, audience="everyone", by=officer, snapshot=issue.snapshot_sha256, early="The meeting is near."
    )
    assert TITLE not in home(officer).text


def test_it_costs_the_same_for_one_text_as_for_many(malta, greece, officer, analyst, sign_in, small_pdf):
    costs = []
    for codes in (["one"], ["two", "three"]):
        for code in codes:
            cycle = factories.a_cycle([malta, greece], code=code)
            factories.submission_at(State.ACCEPTED, malta, cycle)
            issue = lifecycle.consolidate(cycle, by=officer)
            for key in ("summary", "area-A", "conclusions")[: len(codes) + 1]:
                written(issue, key, "Of [[n A]].", analyst)
        client = sign_in(officer)
        with CaptureQueriesContext(connection) as queries:
            text = Page(client.get("/")).text
        assert text.count("for your approval.") == len(costs) + len(codes)
        costs.append(len(queries))
    assert costs[0] == costs[1]
