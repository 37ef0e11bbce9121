"""An issue looked at as its readers will see it: the same page, with each withheld item marked by its reason."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.models import Assessment
from scoreboard.cycles import calendar
from scoreboard.evidence import attaching
from scoreboard.models import Role, State, Submission
from scoreboard.submissions import workflow
from tests import factories
from tests.factories import given
from tests.pages import Page
from tests.reporting.reading import every_part

pytestmark = pytest.mark.django_db

MARK = "not shown to readers"
KEPT = "An ongoing case."
STEP = "Train the rangers."


@pytest.fixture
def issue(malta, greece, officer, focal, small_pdf):
    """A built issue: Malta counts and is reopened, with things withheld; Greece has submitted, Tunisia writes."""
    cycle = factories.a_cycle([malta, greece, factories.a_country("TN")])
    submission = cycle.submissions.get(country=malta)
    birds = [{"year": 2025, "species": "Some finch", "offence": "trapped", "number_best": 34}]
    factories.fill(
        submission,
        i1=given(comment=KEPT, comment_withheld=True, next_step=STEP),
        i2=given(figures=birds, figures_withheld=True, comment="A survey of 2025."),
        i5=given(comment=KEPT, comment_withheld=True),
    )
    attaching.add_link(submission, "3", "https://example.org/law", by=focal)
    workflow.submit(submission, by=focal, **factories.DECLARATION)
    workflow.accept(submission, by=officer, version=submission.versions.count())
    factories.submission_at(State.SUBMITTED, greece, cycle)
    issue = lifecycle.consolidate(cycle, by=officer)
    workflow.reopen(submission, by=officer, comment="Please check the first indicator.")
    lifecycle.perform(lifecycle.request_build(issue, by=officer))
    return Assessment.objects.get(pk=issue.pk)


def test_each_country_left_out_and_each_item_withheld_is_listed_with_its_reason(issue, sign_in, analyst):
    text = Page(every_part(sign_in(analyst), issue, "observer")).text

    assert "You look at this as an observer will. Not published." in text
    assert (
        "Answers of 1 country are not counted: submitted, not accepted yet Greece "
        "Answers of 1 country are not counted: still being written, not submitted Tunisia "
        "Malta Answers after version 1: returned to the country for changes "
        "Comment (A1, B5): the country marked it as not for publication "
        "Intended step (A1): the country did not choose to publish it "
        "Figures (A2): the country marked it as not for publication "
        "Evidence (A3): it is for the Secretariat and is never published"
    ) in text
    assert f" {MARK} All answers: submitted, not accepted yet" in text
    assert KEPT not in text
    assert STEP not in text


def test_the_reasons_cost_two_queries_for_all_countries(issue, sign_in, analyst):
    client, spent = sign_in(analyst), {}
    for name in ("report", "observer"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=[issue.pk])).status_code == 200
        spent[name] = len(queries)

    assert spent["observer"] == spent["report"] + 2


def test_a_countrys_page_marks_each_answer_in_place(issue, sign_in, officer):
    page = Page(sign_in(officer).get(reverse("observer_country", args=[issue.pk, "MT"])))

    assert f"The comment is withheld from publication. {MARK} Comment: the country marked it as not" in page.text
    assert "Intended step: the country did not choose to publish it" in page.text
    assert f"A survey of 2025. The figures are withheld from publication. {MARK} Figures:" in page.text
    assert page.text.count("Evidence: it is for the Secretariat") == 1
    assert KEPT not in page.text
    assert STEP not in page.text
    assert page.links["Scoreboard 2026: results"] == f"/reports/{issue.pk}/observer/"


MARKS = r'<(ul|details) class="not-shown.*?</\1>|<div><dt>Published</dt>.*?</div>'
# What only published pages offer: charts for other sites, and pages over all cycles.
MARKS += r"|<div><dt>(Cite as|Notices|Licence)</dt>.*?</div>|<p><a href=\"/subscriptions/.*?</p>"
MARKS += r"|<details>\s*<summary>Embed this chart</summary>.*?</details>"
MARKS += r'|<span><a href="/(cycles|countries|indicators)/.*?</span>'


def test_without_the_marks_it_is_the_page_that_readers_get(issue, sign_in, officer):
    def main(client, name, *rest):
        page = client.get(reverse(name, args=[issue.pk, *rest])) if rest else every_part(client, issue, name)
        content = page.content.decode()
        content = "".join(re.findall(r"<main.*?</main>", content, re.DOTALL))
        content = re.sub(MARKS, "", content, flags=re.DOTALL)
        content = content.replace("/observer/", "/")
        content = re.sub(r"/preview/(country-MT/)?", "/pdf/", content.replace("/countries/MT/pdf/", "/pdf/"))
        return re.sub(r"\s+", " ", content)

    client = sign_in(officer)
    before = [main(client, "observer"), main(client, "observer_country", "MT"), main(client, "observer_indicator", "1")]
    lifecycle.publish(
        issue, audience="everyone", by=officer, snapshot=issue.snapshot_sha256, early="The meeting is near."
    )

    assert before == [
        main(Client(), "report"),
        main(Client(), "report_country", "MT"),
        main(Client(), "report_indicator", "1"),
    ]


def test_it_is_for_officers_and_analysts_and_ends_with_publishing(issue, officer, sign_in, focal, observer):
    urls = [reverse("observer", args=[issue.pk]), reverse("observer_country", args=[issue.pk, "MT"])]
    for person in (focal, observer, factories.a_person(Role.CONTRIBUTOR, focal.memberships.get().country)):
        assert [sign_in(person).get(url).status_code for url in urls] == [404, 404]
    assert Client().get(urls[0]).status_code == 302
    assert sign_in(officer).get(reverse("observer_country", args=[issue.pk, "GR"])).status_code == 404

    lifecycle.publish(
        issue, audience="everyone", by=officer, snapshot=issue.snapshot_sha256, early="The meeting is near."
    )

    assert [sign_in(officer).get(url).status_code for url in urls] == [404, 404]
    assert MARK not in Page(sign_in(officer).get(reverse("report_country", args=[issue.pk, "MT"]))).text


def test_of_a_country_that_counts_and_has_left_it_says_both(issue, sign_in, analyst, officer):
    for submission in issue.cycle.submissions.exclude(country__iso2="TN"):
        calendar.leave(submission, reason="A state of emergency.", by=officer)
    reason = "the answers are counted in this issue; the country left since: consolidate again"
    client = sign_in(analyst)
    text = Page(client.get(reverse("observer", args=[issue.pk]))).text
    assert f"Malta Leaving the cycle: {reason} Comment (A1, B5)" in text
    assert "not counted: the country left the cycle; consolidate again Greece" in text
    took_part = Page(client.get(reverse("observer_part", args=[issue.pk, "participation"]))).text
    assert "All answers: the country left the cycle; consolidate again" in took_part  # at Greece
    own = Page(client.get(reverse("observer_country", args=[issue.pk, "MT"]))).text
    assert reason in own
    assert "All answers" not in own


def test_a_country_whose_submission_is_gone_is_said_to_be_removed(issue, sign_in, analyst):
    Submission.objects.filter(country__iso2="TN").delete()  # as could be done once, while a cycle was open
    client = sign_in(analyst)
    text = Page(client.get(reverse("observer", args=[issue.pk]))).text
    assert "Answers of 1 country are not counted: removed from the cycle; consolidate again Tunisia" in text
    for name, code in (("observer_country", "MT"), ("observer_indicator", "1")):
        assert client.get(reverse(name, args=[issue.pk, code])).status_code == 200
