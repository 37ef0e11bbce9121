"""The workbench: what officers and analysts do with an assessment, and what nobody else may."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from reporting.assessments import lifecycle
from reporting.models import Assessment, Build
from reporting.pdf import assessment as pdf
from scoreboard import clock
from scoreboard.errors import NotNow
from scoreboard.models import Role, State
from scoreboard.submissions import workflow
from tests import factories
from tests.pages import Page
from tests.requested_pdfs import made

Status = Assessment.Status
HTMX = {"HX-Request": "true"}

EARLY = {"before_closing": "on", "early": "The meeting is near."}


@pytest.fixture
def accepted(malta, cycle):
    """Malta's submission, accepted; Greece's is a draft in the same cycle."""
    return factories.submission_at(State.ACCEPTED, malta, cycle)


@pytest.fixture
def officers_client(officer, sign_in):
    return sign_in(officer)


@pytest.fixture
def analysts_client(analyst, sign_in):
    return sign_in(analyst)


def bench(client: Client, cycle) -> str:
    """The workbench's HTML."""
    response = client.get(reverse("workbench", args=[cycle.code]))
    assert response.status_code == 200
    return response.content.decode()


def shown(html: str) -> str:
    """The words of a page: tags and runs of white space left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def told(response) -> list[str]:
    """What the page after a redirect tells."""
    return [str(message) for message in response.context["messages"]]


# --- who ---------------------------------------------------------------------------------------------------

ACTS = {
    # name: (takes the cycle's code, method)
    "workbench": (True, "get"),
    "workbench_consolidate": (True, "post"),
    "workbench_build": (False, "post"),
    "workbench_progress": (False, "get"),
    "workbench_preview": (False, "get"),
    "workbench_publish": (False, "post"),
    "workbench_withdraw": (False, "post"),
}


@pytest.mark.parametrize("status", [Status.BUILT, Status.PUBLISHED])
def test_who_may_come_to_the_workbench(accepted, cycle, assessment_at, sign_in, analyst, focal, observer, status):
    assessment = assessment_at(status, cycle)
    strangers = {Role.OBSERVER: observer, Role.FOCAL: focal, None: factories.a_person()}
    clients = {role: sign_in(person) for role, person in strangers.items()}

    for name, (by_code, method) in ACTS.items():
        url = reverse(name, args=[cycle.code if by_code else assessment.pk])
        published = status == Status.PUBLISHED and not by_code  # then it is there to be seen, and the role decides
        expected = dict.fromkeys(strangers, 403 if published else 404)
        if by_code:
            expected[Role.FOCAL] = 403  # sees the cycle it takes part in
        for role, status_code in expected.items():
            assert getattr(clients[role], method)(url).status_code == status_code, (name, role)
        anonymous = getattr(Client(), method)(url)
        assert (anonymous.status_code, anonymous.url.split("?")[0]) == (302, reverse("account_login")), name

    for name in ("workbench_publish", "workbench_withdraw"):
        assert sign_in(analyst).post(reverse(name, args=[assessment.pk])).status_code == 403, name
    assert Assessment.objects.get().status == status


def test_what_changes_something_is_a_post(accepted, cycle, assessment_at, officers_client):
    assessment = assessment_at(Status.BUILT, cycle)

    def got(name):
        args = [cycle.code if ACTS[name][0] else assessment.pk]
        return officers_client.get(reverse(name, args=args)).status_code

    assert (got("workbench_consolidate"), got("workbench_build")) == (405, 405)
    assert (got("workbench_publish"), got("workbench_withdraw")) == (200, 409)  # asks first; not published yet
    assert Assessment.objects.get().status == Status.BUILT


def test_an_analyst_sees_no_cycle_before_it_opens(db, analysts_client, officers_client):
    planned = factories.a_cycle([factories.a_country()], opened=False)
    url = reverse("workbench", args=[planned.code])

    assert analysts_client.get(url).status_code == 404
    assert officers_client.get(url).status_code == 200


def test_an_analyst_finds_no_button_to_publish_or_withdraw(accepted, cycle, assessment_at, analysts_client, officer):
    def offered(status):
        html = bench(analysts_client, cycle)
        return [word for word in ("publish/", "withdraw/") if word in html]

    built = assessment_at(Status.BUILT, cycle)
    assert offered(built) == []
    assert "An officer of the Secretariat can publish it." in shown(bench(analysts_client, cycle))
    assert reverse("workbench_preview", args=[built.pk]) in bench(analysts_client, cycle)

    published = lifecycle.publish(
        built, audience="everyone", by=officer, snapshot=built.snapshot_sha256, early="The meeting is near."
    )
    assert offered(published) == []


# --- consolidate -------------------------------------------------------------------------------------------


def test_before_anything_is_accepted_the_page_says_what_is_missing(cycle, officers_client):
    html = bench(officers_client, cycle)

    assert "No country is accepted yet" in html
    assert "No issue yet" in html
    assert reverse("workbench_consolidate", args=[cycle.code]) not in html
    response = officers_client.post(reverse("workbench_consolidate", args=[cycle.code]))
    assert response.status_code == 409
    assert "there is nothing to consolidate" in response.content.decode()


def test_a_country_that_is_reopened_counts_and_the_page_says_why(accepted, cycle, officer, officers_client):
    assert "1 of 2 participating countries has an accepted submission" in shown(bench(officers_client, cycle))
    assert "reopened now" not in shown(bench(officers_client, cycle))
    workflow.reopen(accepted, by=officer, comment="Please name the source.")
    html = shown(bench(officers_client, cycle))
    assert "1 of 2 participating countries has an accepted submission, of them 1 that is reopened now" in html


def test_consolidating_says_what_it_did(accepted, greece, cycle, analysts_client):
    url = reverse("workbench_consolidate", args=[cycle.code])

    first = analysts_client.post(url, follow=True)
    assert told(first) == ["Issue 1 now holds the accepted answers of 1 country. Its PDF has to be built."]
    assert first.redirect_chain == [(reverse("workbench", args=[cycle.code]), 302)]

    again = analysts_client.post(url, follow=True)
    assert told(again) == ["Nothing changed: issue 1 holds the accepted answers of 1 country already."]

    factories.submission_at(State.ACCEPTED, greece, cycle)
    more = analysts_client.post(url, follow=True)
    assert told(more) == ["Issue 1 now holds the accepted answers of 2 countries. Its PDF has to be built."]
    assert Assessment.objects.count() == 1


def test_the_page_shows_what_is_consolidated_and_what_moved_on(
    accepted, cycle, officer, assessment_at, officers_client
):
    assessment = assessment_at(Status.DRAFT, cycle)

    html = bench(officers_client, cycle)
    assert assessment.snapshot_sha256 in html
    assert reverse("report", args=[assessment.pk]) in html
    assert "1 of 2" in html
    assert "moved on" not in html

    workflow.reopen(accepted, by=officer, comment="Please check the first indicator.")
    assert "1 country was accepted or reopened since." in shown(bench(officers_client, cycle))

    lifecycle.consolidate(cycle, by=officer)
    html = bench(officers_client, cycle)
    assert "moved on" not in html
    assert "Reopened since" in html


# --- build -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_from_consolidated_to_published_through_the_queue(
    accepted, cycle, small_pdf, work_off, officers_client, analysts_client
):
    officers_client.post(reverse("workbench_consolidate", args=[cycle.code]))
    assessment = Assessment.objects.get()

    asked = analysts_client.post(
        reverse("workbench_build", args=[assessment.pk]),
        {"document_number": "UNEP/CMS/Doc.7", "meeting": "MIKT 7", "meeting_date": "2026-11-03"},
    )
    assert asked.url == reverse("workbench", args=[cycle.code]) + "#pdf"
    assert "Waiting for the worker" in bench(officers_client, cycle)
    work_off()

    html = bench(officers_client, cycle)
    assert reverse("workbench_publish", args=[assessment.pk]) in html
    assert 'value="2026-11-03"' in html
    preview = made(officers_client, reverse("workbench_preview", args=[assessment.pk]))
    assert PdfReader(BytesIO(preview.content)).pages[0].extract_text() == "Draft"
    assert preview["Content-Disposition"] == 'inline; filename="draft-assessment-2026-1.pdf"'

    confirm = officers_client.get(reverse("workbench_publish", args=[assessment.pk]))
    assert Assessment.objects.get().pdf.sha256 in confirm.content.decode()
    decided = Page(confirm).fields | EARLY | {"audience": "everyone"}
    published = officers_client.post(reverse("workbench_publish", args=[assessment.pk]), decided, follow=True)
    assert published.redirect_chain == [(reverse("report", args=[assessment.pk]), 302)]
    download = Client().get(reverse("report_pdf", args=[assessment.pk]))
    assert b"".join(download.streaming_content) == small_pdf
    assert "Doc.7" in Client().get(reverse("report", args=[assessment.pk])).content.decode()


def test_a_wrong_date_is_said_beside_its_field_and_builds_nothing(accepted, cycle, assessment_at, officers_client):
    assessment = assessment_at(Status.DRAFT, cycle)

    response = officers_client.post(
        reverse("workbench_build", args=[assessment.pk]), {"meeting": "MIKT 7", "meeting_date": "yesterday"}
    )

    html = response.content.decode()
    assert "<title>Error:" in html
    assert 'href="#id_meeting_date"' in html
    assert 'value="MIKT 7"' in html
    assert not Build.objects.exists()


def test_a_second_build_is_refused_while_one_is_on_its_way(accepted, cycle, officer, assessment_at, officers_client):
    assessment = assessment_at(Status.DRAFT, cycle)
    lifecycle.request_build(assessment, by=officer)

    html = bench(officers_client, cycle)
    assert "build-form" not in html  # the page does not offer it either
    response = officers_client.post(reverse("workbench_build", args=[assessment.pk]))

    assert response.status_code == 409
    assert "on its way already" in response.content.decode()
    assert Build.objects.count() == 1


def test_where_pdfs_are_switched_off_the_page_says_why(accepted, cycle, assessment_at, officers_client, monkeypatch):
    assessment = assessment_at(Status.DRAFT, cycle)
    monkeypatch.setattr(pdf, "unavailable", lambda: "Pango is missing.")

    html = bench(officers_client, cycle)

    assert "Pango is missing." in html
    assert reverse("workbench_build", args=[assessment.pk]) not in html


# --- progress ----------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(accepted, cycle, officer, assessment_at):
    """A build that waits for the worker."""
    return lifecycle.request_build(assessment_at(Status.DRAFT, cycle), by=officer)


def followed(client: Client, html: str):
    """Ask what the page would ask next, as htmx does it."""
    (url,) = re.findall(r'hx-get="([^"]*)"', html)
    return client.get(url.replace("&amp;", "&"), headers=HTMX)


def test_the_page_follows_a_build_to_its_end(waiting, cycle, officers_client, small_pdf, monkeypatch):
    html = bench(officers_client, cycle)
    assert "htmx" in html.split("</head>")[0]
    assert 'hx-trigger="every 2s"' in html
    assert ">Refresh</a>" in html  # without JavaScript
    assert followed(officers_client, html).status_code == 204  # nothing new, nothing to read out

    seen = []

    def drawing(assessment, *, report, **beside):
        report("Drawing the charts", 3, 7)
        seen.append(followed(officers_client, html))
        return small_pdf

    monkeypatch.setattr(pdf, "assessment_pdf", drawing)
    lifecycle.perform(waiting)

    (running,) = seen
    fragment = running.content.decode()
    assert "<html" not in fragment
    assert "Being built: Drawing the charts 3 of 7 steps" in shown(fragment)
    assert '<progress value="3" max="7"' in fragment
    assert "no-store" in running["Cache-Control"]

    done = followed(officers_client, fragment).content.decode()
    assert "hx-get" not in done
    assert "The PDF is built." in done
    assert reverse("workbench_publish", args=[waiting.assessment_id]) in done


def test_a_failure_shows_its_reason_and_a_way_to_try_again(waiting, cycle, officers_client, monkeypatch):
    def failing(assessment, *, report, **beside):
        raise NotNow("The fonts are missing.")

    monkeypatch.setattr(pdf, "assessment_pdf", failing)
    html = bench(officers_client, cycle)
    lifecycle.perform(waiting)

    for failed in (followed(officers_client, html).content.decode(), bench(officers_client, cycle)):
        assert "The last build failed The fonts are missing." in shown(failed)
        assert 'form="build-form"' in failed
        assert 'id="build-form"' in failed
        assert "hx-get" not in failed


@pytest.mark.parametrize(("seconds", "said"), [(20, False), (40, True)])
def test_a_build_that_waits_too_long_names_the_workers_command(waiting, cycle, officers_client, seconds, said):
    html = bench(officers_client, cycle)

    with clock.at(waiting.requested_at + timedelta(seconds=seconds)):
        answer = followed(officers_client, html)
        page = bench(officers_client, cycle)

    assert ("<code>make worker</code>" in page) == said
    assert answer.status_code == (200 if said else 204)


def test_the_address_of_the_progress_leads_a_person_to_the_page(waiting, cycle, officers_client):
    response = officers_client.get(reverse("workbench_progress", args=[waiting.assessment_id]))

    assert (response.status_code, response.url) == (302, reverse("workbench", args=[cycle.code]))


# --- preview, publish, withdraw ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PUBLISHED, Status.WITHDRAWN])
def test_only_a_built_issue_at_work_has_a_preview(accepted, cycle, assessment_at, officers_client, status):
    assessment = assessment_at(status, cycle)

    assert officers_client.get(reverse("workbench_preview", args=[assessment.pk])).status_code == 404


@pytest.mark.parametrize("audience", ["everyone", "observers"])
def test_publishing_asks_for_whom(accepted, cycle, assessment_at, officers_client, audience):
    assessment = assessment_at(Status.BUILT, cycle)
    url = reverse("workbench_publish", args=[assessment.pk])

    unsaid = officers_client.post(url)
    assert "Choose who may read the assessment." in unsaid.content.decode()
    assert Assessment.objects.get().status == Status.BUILT

    officers_client.post(url, Page(officers_client.get(url)).fields | EARLY | {"audience": audience})
    assert (Assessment.objects.get().status, Assessment.objects.get().audience) == (Status.PUBLISHED, audience)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_built_or_published_already_cannot_be_published(
    accepted, cycle, assessment_at, officers_client, method
):
    draft = assessment_at(Status.DRAFT, cycle)
    url = reverse("workbench_publish", args=[draft.pk])
    response = getattr(officers_client, method)(url, {"audience": "everyone"})
    assert (response.status_code, Assessment.objects.get().status) == (409, Status.DRAFT)
    assert "Build the PDF" in response.content.decode()

    assessment_at(Status.PUBLISHED, cycle)
    response = getattr(officers_client, method)(url, {"audience": "observers"})
    assert (response.status_code, Assessment.objects.get().audience) == (409, "everyone")
    assert "published already, on" in response.content.decode()


def test_withdrawing_asks_why_and_takes_it_from_its_readers(accepted, cycle, assessment_at, officers_client):
    assessment = assessment_at(Status.PUBLISHED, cycle)
    url = reverse("workbench_withdraw", args=[assessment.pk])
    assert url in bench(officers_client, cycle)

    unsaid = officers_client.post(url, {"reason": " "})
    assert "Give the reason for withdrawing." in unsaid.content.decode()
    assert Assessment.objects.get().status == Status.PUBLISHED

    officers_client.post(url, {"reason": "A figure was wrong."})
    assert Assessment.objects.get().withdrawal_reason == "A figure was wrong."
    assert Client().get(reverse("report", args=[assessment.pk])).status_code == 410
    assert officers_client.get(url).status_code == 409


# --- the page ----------------------------------------------------------------------------------------------


def test_the_workbench_of_an_example_cycle_carries_the_mark(malta, officers_client):
    cycle = factories.a_cycle([malta], is_example=True)

    assert "Invented example data." in bench(officers_client, cycle)


def test_the_workbench_costs_the_same_with_three_issues_as_with_one(accepted, cycle, assessment_at, officers_client):
    def queries():
        with CaptureQueriesContext(connection) as spent:
            page = officers_client.get(reverse("workbench", args=[cycle.code]))
        return len(spent), len(page.context["issues"])

    assessment_at(Status.PUBLISHED, cycle)
    assessment_at(Status.DRAFT, cycle)
    with_two, rows = queries()
    assert rows == 2
    for _ in range(2):
        assessment_at(Status.PUBLISHED, cycle)
    assessment_at(Status.DRAFT, cycle)

    assert queries() == (with_two, 4)
