"""Publishing and withdrawing change every public page, file, feed and answer at once, and say what is withdrawn.

So do the opening of a cycle, its submissions where everybody sees them, and its days.
"""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from reporting.assessments import cards, lifecycle
from reporting.models import Assessment
from reporting.pdf import cards as drawing
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Country, Cycle, State
from scoreboard.submissions import workflow
from tests import factories
from tests.addresses import ROWS
from tests.pages import Page
from tests.strategic_plans import a_strategic_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stored_pages")]

Status = Assessment.Status

# What a visitor may ask for about an assessment and everything around it, filled from the issue.
AFFECTED = [
    *("home", "explore", "explore ?format=csv", "explore ?format=json", "explore ?format=svg", "explore ?format=xlsx"),
    *("search ?q=malta", "sitemap", "press 2026", "report_list", "methodology", "feed", "feed_country mt"),
    *("feed_cycle 2026", "cycle-list", "assessment-list", "assessment-detail issue", "assessment-results issue"),
    *("published-datapackage", "published-levels", "published-levels-csv", "published-comments"),
    *("published-comments-csv", "published-results", "published-results-csv", "published-distributions"),
    *("published-distributions-csv", "published-indicators", "published-indicators-csv", "published-participation"),
    *("published-participation-csv", "published-cycles", "published-cycles-csv", "published-products"),
    "published-products-csv",
    *("assessment-products issue", "country_list", "country_page mt", "country_answers mt csv"),
    *("country_answers mt json", "country_chart mt svg", "indicator_list", "indicator_page P1", "area_page P"),
    *("objective_list",),
    *("indicator_answers P1 csv", "indicator_answers P1 json", "indicator_chart P1 svg", "group_page south"),
    *("cycle_overview 2026", "cycle_chapter 2026 area-p", "report issue", "report_country issue MT"),
    *("report_indicator issue P1", "report_statements issue", "report_pdf issue", "report_country_pdf issue MT"),
    *("report_product issue json", "report_citation issue bib", "report_citation issue json"),
    *("report_country_card issue MT", "report_indicator_card issue P1", "embed_percentages en issue P"),
    *("report_part issue area-p", "area_chart P svg", "group_chart south svg", "embed_area_cycles en P"),
    *("embed_group_cycles en south", "embed_levels en issue P", "embed_country en issue MT"),
    "embed_country_cycles en mt",
    *("embed_indicator_cycles en P1", "embed_explore en", "embed_explore en ?cycles=2026"),
]
# What a visitor may ask for that says nothing of what is published.
OTHERS = {
    *("accessibility",),
    *("health", "privacy", "help", "set_language", "invitation", "access", "access_asked", "access_prove"),
    *("workshop_door", "workshop_room", "verify", "robots", "questionnaire_list", "questionnaire_pdf"),
    *("questionnaire_xlsx", "questionnaire_docx", "methodology_of", "report_schema", "subscribe"),
    *("subscribe_asked", "subscriber", "subscriber_leave", "api-root", "api-schema", "api-docs"),
    *("edition-list", "edition-detail", "country-list", "country-detail", "cycle-detail"),
    *("published_text_list", "published_text", "published_text_file"),  # of spaces
    *("published_plan", "plan-list", "plan-detail"),  # by a country
    *("good_practice_list", "good_practice", "resource_list", "resource", "resource_file"),  # by the Secretariat
}
LIBRARIES = ("account_", "mfa_", "admin:")


def test_each_public_address_is_affected_or_is_known_not_to_be():
    public = {row.name for row in ROWS if row.method == "GET" and row.statuses[0] in ("200", "202")}
    public = {name for name in public if not name.startswith(LIBRARIES)}
    affected = {line.split()[0] for line in AFFECTED}
    assert affected.isdisjoint(OTHERS)
    assert affected | OTHERS == public


def test_publishing_and_withdrawing_change_everything_at_once(harbour, malta, officer, assessment_at, monkeypatch):
    monkeypatch.setattr(drawing, "pictures", lambda some, *, portal: [one.heading.encode() for one in some])
    Country.objects.filter(pk=malta.pk).update(subregion="South")
    a_strategic_plan()
    submission = factories.submission_at(State.DRAFT, malta)
    factories.fill(submission, iP1=factories.given(comment="What the country wrote."))
    workflow.submit(submission, by=factories.a_focal(malta), **factories.DECLARATION)
    workflow.accept(submission, by=officer, version=1)
    issue = assessment_at(Status.BUILT, submission.cycle)
    visitor = Client()

    def everything() -> dict[str, tuple[int, bytes]]:
        found = {}
        for line in AFFECTED:
            name, *words = line.split()
            query = words.pop() if words and words[-1].startswith("?") else ""
            address = reverse(name, args=[issue.pk if word == "issue" else word for word in words])
            answer = visitor.get(address + query)
            found[line] = (answer.status_code, answer.getvalue())
        return found

    before = everything()
    read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
    lifecycle.publish(issue, audience="everyone", by=officer, **read)
    cards.make_missing()
    published = everything()
    assert [line for line in AFFECTED if before[line] == published[line]] == []
    assert {line: status for line, (status, _content) in published.items() if status != 200} == {}
    lifecycle.withdraw(issue, reason="A figure was wrong.", by=officer)
    withdrawn = everything()
    assert [line for line in AFFECTED if published[line] == withdrawn[line]] == []
    gone = {line: withdrawn[line] for line in AFFECTED if "issue" in line.split()}
    assert {line: status for line, (status, _content) in gone.items() if status != 410} == {}
    for line, (_status, content) in gone.items():
        said = content.decode()
        assert "Issue 1 of the assessment of Scoreboard 2026 was withdrawn on" in said, line
        assert "The reason: A figure was wrong." in said, line
    named = ("country_page", "indicator_page", "area_page", "group_page", "cycle_", "press", "embed_")
    over_cycles = [line for line in AFFECTED if line.startswith((*named, "country_a", "country_ch", "indicator_"))]
    assert {line: withdrawn[line][0] for line in over_cycles if withdrawn[line][0] != 410} == {"indicator_list": 200}


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
