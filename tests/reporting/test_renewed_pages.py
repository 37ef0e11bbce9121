"""Publishing and withdrawing change every public page, file, feed and answer at once, and say what is withdrawn.

So do the opening of a cycle, its submissions where everybody sees them, and its days.
"""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from reporting.assessments import lifecycle
from reporting.models import Assessment
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Cycle, State
from tests import factories
from tests.pages import Page
from tests.strategic_plans import a_strategic_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stored_pages")]

Status = Assessment.Status

# What a visitor may ask for about an assessment and everything around it, filled from the issue.
AFFECTED = [
    *("home", "explore", "press 2026"),
    *("report_list", "methodology", "feed", "feed_country mt", "feed_cycle 2026", "cycle-list"),
    *("assessment-list", "assessment-detail issue", "assessment-results issue", "assessment-products issue"),
    *("country_list", "country_page mt", "country_csv mt", "indicator_list", "objective_list", "cycle_overview 2026"),
    *("report issue", "report_country issue MT", "report_indicator issue P1", "report_statements issue"),
    *("report_pdf issue", "report_country_pdf issue MT", "report_product issue json"),
]


def test_publishing_and_withdrawing_change_everything_at_once(harbour, malta, officer, assessment_at):
    a_strategic_plan()
    cycle = factories.submission_at(State.ACCEPTED, malta).cycle
    issue = assessment_at(Status.BUILT, cycle)
    visitor = Client()

    def everything() -> dict[str, tuple[int, bytes]]:
        found = {}
        for line in AFFECTED:
            name, *words = line.split()
            answer = visitor.get(reverse(name, args=[issue.pk if word == "issue" else word for word in words]))
            found[line] = (answer.status_code, answer.getvalue())
        return found

    before = everything()
    read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
    lifecycle.publish(issue, audience="everyone", by=officer, **read)
    published = everything()
    assert [line for line in AFFECTED if before[line] == published[line]] == []
    assert {status for status, _content in published.values()} == {200}
    lifecycle.withdraw(issue, reason="A figure was wrong.", by=officer)
    withdrawn = everything()
    assert [line for line in AFFECTED if published[line] == withdrawn[line]] == []
    gone = {line: withdrawn[line] for line in AFFECTED if line.split()[1:2] == ["issue"]}
    assert {status for status, _content in gone.values()} == {410}
    for line, (_status, content) in gone.items():
        said = content.decode()
        assert "Issue 1 of the assessment of Scoreboard 2026 was withdrawn on" in said, line
        assert "The reason: A figure was wrong." in said, line


def test_what_opens_and_who_submits_shows_with_the_next_request(harbour, malta, officer):
    cycle = factories.a_cycle([malta], opened=False, shows_submitted=True)
    visitor = Client()
    said = [Page(visitor.get("/")).text]
    calendar.open_cycle(cycle, by=officer)
    said.append(Page(visitor.get("/")).text)
    factories.submission_at(State.SUBMITTED, malta, cycle)
    said.append(Page(visitor.get("/")).text)
    cycle = Cycle.objects.get()
    cycle.title = LazyI18nString({"en": "The second round"})
    calendar.save_cycle(cycle, by=officer, seen=cycle.revision)
    said.append(Page(visitor.get("/")).text)
    expected = ["No cycle is open at present.", "Malta Not yet", "Malta Submitted", "The second round: who has"]
    assert [words in text for words, text in zip(expected, said, strict=True)] == [True] * 4


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Lima"])
def test_a_day_that_begins_somewhere_shows_with_the_next_request(zone, harbour, malta):
    cycle = factories.a_cycle([malta], time_zone=zone)
    ends = datetime.combine(cycle.closes, time.max, cycle.zone)
    with clock.at(ends):
        assert "No cycle is open" not in Page(Client().get("/")).text
    with clock.at(ends + timedelta(microseconds=1)):
        assert "No cycle is open at present." in Page(Client().get("/")).text


def test_a_reason_given_in_confidence_is_not_in_the_sentence(assessment_at):
    issue = assessment_at(Status.WITHDRAWN)
    Assessment.objects.update(reason_is_public=False)
    answer = Client().get(reverse("report", args=[issue.pk]))
    assert answer.status_code == 410
    assert "A figure was wrong." not in Page(answer).text


def test_an_issue_for_observers_was_never_there_for_a_visitor(assessment_at, observer, sign_in):
    issue = assessment_at(Status.WITHDRAWN, audience="observers")
    assert Client().get(reverse("report", args=[issue.pk])).status_code == 404
    assert sign_in(observer).get(reverse("report", args=[issue.pk])).status_code == 410
