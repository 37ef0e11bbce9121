"""Reports of the time on an earlier round: added by officers, read by everybody next to what the portal computed."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from reporting.assessments import earlier_reports, lifecycle
from reporting.models import Assessment, EarlierReport
from reporting.pdf import assessment as pdf
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ActivityEntry, Cycle, Mail, State
from tests import small_pdfs
from tests.earlier_rounds import an_earlier_round, bring_in
from tests.factories import HARBOUR, a_cycle, an_edition, submission_at
from tests.pages import Page

pytestmark = pytest.mark.django_db
THEN = "As published then:"
COMPUTED = "computed by this portal from the"


@pytest.fixture
def cycle(malta, tmp_path, settings):
    """A cycle with an accepted country, marked as an earlier round; nothing of it is published."""
    settings.MEDIA_ROOT = str(tmp_path)
    cycle = a_cycle([malta], edition=an_edition(HARBOUR), code="2018")
    submission_at(State.ACCEPTED, malta, cycle)
    dates = {"opens": date(2018, 2, 1), "deadline": date(2018, 6, 30), "closes": date(2018, 9, 30)}
    Cycle.objects.filter(pk=cycle.pk).update(is_earlier_round=True, title=LazyI18nString("Round 2018"), **dates)
    Mail.objects.all().delete()
    return Cycle.objects.get(pk=cycle.pk)


def a_pdf(name="Report 2018.pdf"):
    return ContentFile(small_pdfs.PDF, name=name)


def published(cycle, officer, audience="everyone"):
    """The cycle's assessment, published without a PDF being made."""
    issue = lifecycle.consolidate(cycle, by=officer)
    Assessment.objects.filter(pk=issue.pk).update(
        status="published", audience=audience, published_at=issue.consolidated_at, published_by=officer
    )
    return Assessment.objects.get(pk=issue.pk)


def test_an_officer_adds_a_pdf_and_a_link_and_removes_one(cycle, officer, sign_in):
    desk, url = sign_in(officer), reverse("earlier_report_list", args=["2018"])
    assert "No report is attached yet." in Page(desk.get(url)).text
    assert desk.post(url, {"title": "The report of 2018", "file": a_pdf()}).status_code == 302
    assert desk.post(url, {"title": "", "url": "www.example.org/2018"}).status_code == 302
    kept = list(EarlierReport.objects.values_list("title", "name", "url"))
    assert kept == [
        ("The report of 2018", "Report 2018.pdf", ""),
        ("https://www.example.org/2018", "", "https://www.example.org/2018"),
    ]
    first = EarlierReport.objects.first()
    page = Page(desk.get(url))
    assert page.links["The report of 2018"] == reverse("earlier_report_file", args=[first.pk])
    assert f"Added by {officer} on" in page.text
    stored = first.file.path
    assert desk.post(reverse("earlier_report_remove", args=["2018", first.pk])).status_code == 302
    assert EarlierReport.objects.count() == 1
    verbs = ["add_report", "add_report", "remove_report"]
    assert [one.verb for one in ActivityEntry.objects.filter(verb__contains="_report").order_by("pk")] == verbs
    assert stored.endswith(".pdf")
    assert "Report" not in stored  # the person's name of the file never reaches the file system


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "file", "Give either the PDF or its address."),
        ({"url": "ftp://example.org/"}, "url", "Give the whole address of the page, beginning with https://."),
        ({"file": ("x.pdf", b"plain text")}, "file", "is no PDF. Save the report as PDF, and give that."),
        ({"file": ("x.pdf", b"<html><script>alert(1)</script>")}, "file", "whatever its name"),
        ({"file": ("x.pdf", small_pdfs.PDF), "url": "https://example.org"}, "file", "Give either"),
    ],
)
def test_what_is_no_report_is_refused(sent, field, said, cycle, officer, sign_in):
    if isinstance(sent.get("file"), tuple):
        name, content = sent["file"]
        sent = sent | {"file": ContentFile(content, name=name)}
    response = sign_in(officer).post(reverse("earlier_report_list", args=["2018"]), sent)
    errors = " ".join(response.context["form"].errors[field])
    assert said in errors
    assert not EarlierReport.objects.exists()


def test_the_scanner_looks_through_a_report(cycle, officer):
    with (
        override_settings(EVIDENCE_SCANNER="tests.reporting.views.test_earlier_reports.refuses"),
        pytest.raises(Invalid, match="A virus"),
    ):
        earlier_reports.add_file(cycle, "", a_pdf(), by=officer)
    assert not EarlierReport.objects.exists()


def refuses(_file):
    raise Invalid("A virus")


def test_only_officers_add_and_only_to_an_earlier_round(cycle, officer, analyst, malta):
    with pytest.raises(PermissionDenied):
        earlier_reports.add_link(cycle, "", "https://example.org", by=analyst)
    ordinary = a_cycle([malta], edition=cycle.edition, code="2030")
    with pytest.raises(NotNow, match="Only an earlier round"):
        earlier_reports.add_file(ordinary, "", a_pdf(), by=officer)
    assert not EarlierReport.objects.exists()


@pytest.mark.parametrize(("audience", "visitor", "observer_"), [("everyone", 200, 200), ("observers", 404, 200)])
def test_the_file_is_read_by_the_readers_of_an_assessment_of_its_round(
    audience, visitor, observer_, cycle, officer, observer, sign_in
):
    report = earlier_reports.add_file(cycle, "The report", a_pdf(), by=officer)
    url = reverse("earlier_report_file", args=[report.pk])
    assert [client.get(url).status_code for client in (Client(), sign_in(observer))] == [404, 404]
    published(cycle, officer, audience)
    assert [client.get(url).status_code for client in (Client(), sign_in(observer))] == [visitor, observer_]
    response = sign_in(observer).get(url)
    assert b"".join(response.streaming_content) == small_pdfs.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_pages_and_the_title_page_tell_the_two_apart(cycle, officer, sign_in):
    report = earlier_reports.add_file(cycle, "The report of 2018", a_pdf(), by=officer)
    earlier_reports.add_link(cycle, "Summary", "https://example.org/2018", by=officer)
    issue = published(cycle, officer)
    for url in (reverse("report", args=[issue.pk]), reverse("report_list")):
        page = Page(Client().get(url))
        assert THEN in page.text
        assert COMPUTED in page.text.casefold()
        assert page.links["The report of 2018"] == reverse("earlier_report_file", args=[report.pk])
        assert page.links["Summary"] == "https://example.org/2018"
    cover = " ".join(pdf.section_html(issue, "cover").split())
    assert (
        "<strong>An earlier round.</strong> This document was computed by the portal from the answers that were "
        "entered afterwards. As published then: <cite>The report of 2018</cite>; <cite>Summary</cite>." in cover
    )
    Cycle.objects.update(is_earlier_round=False)
    assert "An earlier round" not in pdf.section_html(Assessment.objects.get(pk=issue.pk), "cover")


def test_the_list_of_assessments_costs_the_same_for_one_round_and_for_three(cycle, officer, malta):
    earlier_reports.add_link(cycle, "Summary", "https://example.org/2018", by=officer)
    published(cycle, officer)
    Client().get(reverse("report_list"))
    with CaptureQueriesContext(connection) as one:
        Client().get(reverse("report_list"))
    for year in (2010, 2012):
        other = an_earlier_round(cycle.edition, code=str(year))
        bring_in(other, {malta: 1})
        earlier_reports.add_link(other, "Summary", "https://example.org/", by=officer)
        published(other, officer)
    with CaptureQueriesContext(connection) as three:
        assert Client().get(reverse("report_list")).content.count(b"As published then:") == 3
    assert len(three) == len(one)
