"""Statements of organisations with published assessments: who reads them where, and that no figure counts them."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from reporting.assessments import lifecycle
from reporting.exports import files
from reporting.models import Assessment
from reporting.results import snapshots
from scoreboard import clock
from scoreboard.models import State, Statement
from scoreboard.stakeholders import deciding, writing
from tests.factories import a_cycle, an_officer, submission_at
from tests.statements import STAGES, a_draft, a_statement, an_observer, filed, published, ripened

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def accepted(malta, greece):
    """Malta's accepted answers, in a cycle with Greece, which has not reported."""
    return submission_at(State.ACCEPTED, malta, a_cycle([malta, greece]))


@pytest.fixture
def issue(accepted) -> Assessment:
    """An issue of the cycle, published to members and observers."""
    found = lifecycle.consolidate(accepted.cycle, by=an_officer())
    return _published(found, Assessment.Audience.OBSERVERS)


def _published(found: Assessment, audience: str) -> Assessment:
    """Publish without a PDF, which no page of statements shows."""
    fields = {"status": "published", "audience": audience, "published_at": clock.now(), "published_by": an_officer()}
    Assessment.objects.filter(pk=found.pk).update(**fields)
    return Assessment.objects.get(pk=found.pk)


def pages(issue: Assessment) -> list[str]:
    """The addresses of an issue on which a statement on Malta is."""
    return [reverse("report_country", args=[issue.pk, "MT"]), reverse("report_statements", args=[issue.pk])]


def shows(client: Client, issue: Assessment, text: str) -> list[bool | int]:
    """Whether each of these pages shows a text, or the status of a page that the person does not get."""
    found = [client.get(address) for address in pages(issue)]
    return [text in one.content.decode() if one.status_code == 200 else one.status_code for one in found]


def test_it_is_shown_to_the_readers_of_a_published_assessment_with_its_reply(accepted, issue, sign_in, focal):
    observer = an_observer("Olga Writer")
    statement = filed(accepted, observer, text="Nets were seen.")
    member, visitor = sign_in(an_observer("Reader", "Another Society")), Client()
    assert shows(member, issue, "Nets were seen.") == [False, False]
    statement = published(statement, reply="The nets are removed.")
    for text in ("Nets were seen.", "The nets are removed.", "A Society states:", "Malta replies:"):
        assert shows(member, issue, text) == [True, True]
    assert shows(visitor, issue, "Nets were seen.") == [404, 404]
    for name in ("Olga Writer", str(focal)):
        assert shows(member, issue, name) == [False, False]
    assert "Statements of organisations" in member.get(reverse("report", args=[issue.pk])).content.decode()
    _published(issue, Assessment.Audience.EVERYONE)
    assert shows(visitor, issue, "Nets were seen.") == [True, True]


@pytest.mark.parametrize("ended", ["refuse", "withdraw", "assessment"])
def test_it_is_shown_no_more_once_the_officer_or_the_organisation_withdraws(ended, accepted, issue, sign_in):
    observer = an_observer()
    statement = published(filed(accepted, observer, text="Nets were seen."))
    member = sign_in(observer)
    assert shows(member, issue, "Nets were seen.") == [True, True]
    with clock.at(ripened(statement)):
        if ended == "refuse":
            deciding.refuse(statement, reason="It names a person.", by=an_officer())
        elif ended == "withdraw":
            writing.withdraw(statement, reason="We were wrong.", by=observer)
        else:
            lifecycle.withdraw(issue, reason="A figure was wrong.", by=an_officer())
    assert shows(member, issue, "Nets were seen.") == ([410, 410] if ended == "assessment" else [False, False])


def test_links_are_published_and_files_are_not(accepted, issue, sign_in):
    observer = an_observer()
    draft = a_draft(accepted, observer)
    writing.add_link(draft, "https://example.org/report", "Our report", by=observer)
    published(writing.file(draft, seen=1, by=observer))
    found = sign_in(observer).get(pages(issue)[0]).content.decode()
    assert 'href="https://example.org/report" rel="noopener noreferrer nofollow"' in found


def test_a_country_that_did_not_report_has_its_statements_on_the_page_of_all(accepted, issue, sign_in):
    observer = an_observer()
    greek = accepted.cycle.submissions.get(country__iso2="GR")
    published(filed(greek, observer, text="Nothing is reported here."))
    page = sign_in(observer).get(reverse("report_statements", args=[issue.pk])).content.decode()
    assert "Nothing is reported here." in page
    assert reverse("report_country", args=[issue.pk, "GR"]) not in page


def test_the_pages_ask_the_database_as_often_for_one_as_for_many(accepted, issue, sign_in):
    observer = an_observer()
    client, counts = sign_in(observer), []
    for more in (1, 7):
        for _n in range(more):
            published(filed(accepted, observer), reply="It is not so.")
        found = []
        for address in pages(issue):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


STATEMENTS = st.lists(
    st.tuples(st.sampled_from(("country", "area", "indicator")), st.integers(0, 2), st.sampled_from(STAGES)), max_size=5
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(written=STATEMENTS)
def test_the_results_are_the_same_to_the_last_digit_with_and_without_statements(written, accepted):
    with transaction.atomic():
        cycle, observer = accepted.cycle, an_observer(f"Observer {Statement.objects.count()}")
        issue = lifecycle.consolidate(cycle, by=an_officer())
        before = snapshots.take(cycle), [(file.kind, file.content) for file in files.data_files(issue)]
        edition = cycle.edition
        about = {"country": {"on_country": True}, "area": {"area": edition.whole[0]}}
        for subject, place, stage in written:
            if subject == "indicator":
                a_statement(accepted, observer, stage, indicator=edition.all_indicators[place])
            else:
                a_statement(accepted, observer, stage, **about[subject])
        again = lifecycle.consolidate(cycle, by=an_officer())
        assert (again.pk, again.snapshot_sha256) == (issue.pk, issue.snapshot_sha256)
        assert (snapshots.take(cycle), [(file.kind, file.content) for file in files.data_files(again)]) == before
        transaction.set_rollback(True)
