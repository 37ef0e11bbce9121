"""Published assessments on pages and as a file: what shows, to whom, and in which bytes."""

import hashlib
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from reporting.assessments import lifecycle
from reporting.models import Assessment
from scoreboard.models import Role, State
from scoreboard.submissions import workflow
from tests import factories
from tests.factories import given
from tests.pages import Page
from tests.reporting.reading import every_part

Status = Assessment.Status

READERS = ("anonymous", "nobody", "focal", "observer", "analyst", "officer")


@pytest.fixture
def readers(db, sign_in, malta):
    """Clients by who uses them; Malta's focal point and an observer are members, `nobody` has an account only."""
    return {
        "anonymous": Client(),
        "nobody": sign_in(factories.a_person()),
        "focal": sign_in(factories.a_focal(malta)),
        "observer": sign_in(factories.a_person(Role.OBSERVER)),
        "analyst": sign_in(factories.a_person(Role.ANALYST)),
        "officer": sign_in(factories.an_officer()),
    }


@pytest.fixture
def accepted(malta, cycle):
    """Malta's submission, accepted, with an answer of every kind; Greece's is a draft in the same cycle."""
    factories.offer_not_applicable(cycle)
    submission = cycle.submissions.get(country=malta)
    factories.fill(
        submission,
        i1=given(level=3, comment="A survey of 2025."),
        i2=given("unknown"),
        i3=given("not_applicable", reason="No such trade."),
        i4=given(level=0, comment="An ongoing case.", comment_withheld=True),
    )
    workflow.submit(submission, by=factories.a_focal(malta), **factories.DECLARATION)
    workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())
    return submission


def shown(response) -> str:
    """The page's words."""
    return Page(response).text


# --- who finds what ----------------------------------------------------------------------------------------

MEMBERS = {"focal", "observer", "analyst", "officer"}
STAFF = {"analyst", "officer"}


@pytest.mark.parametrize(
    ("status", "audience", "listed", "page", "file"),
    [
        # what, for whom; who finds it in the list, who reads its pages, who gets the published file
        (Status.DRAFT, "", set(), STAFF, set()),
        (Status.BUILT, "", set(), STAFF, set()),
        (Status.PUBLISHED, "everyone", set(READERS), set(READERS), set(READERS)),
        (Status.PUBLISHED, "observers", MEMBERS, MEMBERS, MEMBERS),
        (Status.WITHDRAWN, "everyone", set(), STAFF, STAFF),
    ],
)
def test_who_finds_an_assessment(accepted, cycle, assessment_at, readers, status, audience, listed, page, file):
    pk = assessment_at(status, cycle, audience=audience).pk

    no = 410 if status == Status.WITHDRAWN else 404
    for reader, client in readers.items():
        in_list = reverse("report", args=[pk]) in client.get(reverse("report_list")).content.decode()
        assert in_list == (reader in listed), reader
        for url in (reverse("report", args=[pk]), reverse("report_country", args=[pk, "MT"])):
            assert client.get(url).status_code == (200 if reader in page else no), (reader, url)
        assert client.get(reverse("report_pdf", args=[pk])).status_code == (200 if reader in file else no), reader


def test_what_is_not_there_is_not_found(accepted, cycle, assessment_at):
    pk = assessment_at(Status.PUBLISHED, cycle).pk

    for name, args in [
        ("report", [pk + 1]),
        ("report_pdf", [pk + 1]),
        ("report_country", [pk + 1, "MT"]),
        ("report_country", [pk, "GR"]),  # takes part, has not reported
        ("report_country", [pk, "XX"]),
    ]:
        assert Client().get(reverse(name, args=args)).status_code == 404, (name, args)


@pytest.mark.parametrize("name", ["report_list", "report", "report_country", "report_pdf"])
def test_pages_are_for_reading_only(accepted, cycle, assessment_at, name):
    pk = assessment_at(Status.PUBLISHED, cycle).pk
    args = {"report_list": [], "report_country": [pk, "MT"]}.get(name, [pk])

    assert Client().post(reverse(name, args=args)).status_code == 405


# --- the results page --------------------------------------------------------------------------------------


def test_the_results_page_shows_each_percentage_with_what_it_is_a_percentage_of(accepted, cycle, assessment_at):
    assessment = assessment_at(Status.PUBLISHED, cycle)

    text = shown(every_part(Client(), assessment))

    # Indicators 1 to 4 are all of area A: level 3, unknown, not applicable, level 0; in the others all is level 2.
    assert "Malta 50.0 2 of 4 scored 66.7 9 of 9 scored" in text
    assert "Overall mean 50.0 n = 1 66.7 n = 1" in text
    assert "Overall median 50.0 n = 1 66.7 n = 1" in text
    assert "What 1 of 2 participating countries reported about itself." in text
    assert "Greece No accepted answers by" in text
    assert assessment.snapshot_sha256 in text
    assert assessment.pdf.sha256 in text
    assert str(LazyI18nString(assessment.snapshot["edition"]["caution"]["en"])) in text
    assert "over the answers that have a level" in text


def test_the_strict_basis_is_said_and_shown(malta, assessment_at):
    cycle = factories.a_cycle([malta], basis="strict")
    submission = cycle.submissions.get(country=malta)
    factories.fill(submission, i1=given(level=3), i2=given("unknown"), i3=given(level=3), i4=given("unknown"))
    workflow.submit(submission, by=factories.a_focal(malta), **factories.DECLARATION)
    workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())

    text = shown(every_part(Client(), assessment_at(Status.PUBLISHED, cycle)))

    assert "Malta 50.0 2 of 4 scored" in text
    assert "Unknown and unanswered ones count as no points" in text


def test_the_answers_of_every_kind_are_counted_apart(accepted, cycle, assessment_at):
    page = Client().get(reverse("report_part", args=[assessment_at(Status.PUBLISHED, cycle).pk, "area-a"]))

    chapter = page.context["document"].chapters[0]
    rows = [(tally.counts, tally.not_applicable, tally.unknown, tally.unanswered) for tally in chapter.tallies]
    assert rows == [([0, 0, 0, 1], 0, 0, 0), ([0, 0, 0, 0], 0, 1, 0), ([0, 0, 0, 0], 1, 0, 0), ([1, 0, 0, 0], 0, 0, 0)]
    titles = [tally.title for tally in chapter.tallies]
    assert f"A2 {titles[1]} 0 0 0 0 0 1 0" in shown(page)
    assert f"A3 {titles[2]} 0 0 0 0 1 0 0" in shown(page)


def test_countries_stand_in_alphabetical_order_whatever_their_results(assessment_at):
    countries = [factories.a_country(code) for code in ("TN", "CY", "MT", "GR")]
    cycle = factories.a_cycle(countries)
    for level, country in enumerate(countries):
        submission = cycle.submissions.get(country=country)
        factories.fill(submission, i1=given(level=level))
        workflow.submit(submission, by=factories.a_focal(country), **factories.DECLARATION)
        workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())

    page = every_part(Client(), assessment_at(Status.PUBLISHED, cycle))

    links = re.findall(r'<th scope="row"><a href="[^"]+/countries/(\w+)/"', page.content.decode())
    assert links == ["CY", "GR", "MT", "TN"] * 3  # results by area, answers, participation
    assert "sort" not in page.content.decode()


def test_the_anchors_of_the_former_page_are_those_of_the_list_of_parts(accepted, cycle, assessment_at):
    pk = assessment_at(Status.PUBLISHED, cycle).pk
    page = Client().get(reverse("report", args=[pk])).content.decode()
    found = dict(re.findall(r'<li id="([^"]+)"><a href="([^"]+)"', page))
    areas = [f"area-{area.code}" for area in cycle.edition.areas.all()]
    anchors = ["areas", *areas, "answers", "objectives", "participation"]  # the other parts have nothing to show
    assert found == {one: reverse("report_part", args=[pk, one.lower()]) for one in anchors}


def test_late_and_reopened_countries_are_marked(accepted, cycle, officer, assessment_at):
    workflow.reopen(accepted, by=officer, comment="Please check the first indicator.")
    pk = assessment_at(Status.PUBLISHED, cycle).pk

    took_part = Client().get(reverse("report_part", args=[pk, "participation"]))
    assert "Reopened since" in shown(took_part).split("To note")[1].split("“")[0]
    assert "as they were last accepted" in shown(Client().get(reverse("report_country", args=[pk, "MT"])))


@pytest.mark.parametrize("is_example", [True, False])
def test_results_of_an_example_cycle_carry_the_mark(malta, assessment_at, is_example):
    cycle = factories.a_cycle([malta], is_example=is_example)
    factories.submission_at(State.ACCEPTED, malta, cycle)
    pk = assessment_at(Status.PUBLISHED, cycle).pk

    for url in (reverse("report", args=[pk]), reverse("report_country", args=[pk, "MT"])):
        assert ("Invented example data." in Client().get(url).content.decode()) == is_example
    assert ("invented example data" in shown(Client().get(reverse("report_list")))) == is_example


def test_an_overtaken_issue_points_to_the_newer_one(accepted, cycle, assessment_at):
    first, second = assessment_at(Status.PUBLISHED, cycle), assessment_at(Status.PUBLISHED, cycle)

    assert "Read issue 2" in shown(Client().get(reverse("report", args=[first.pk])))
    assert "newer issue" not in shown(Client().get(reverse("report", args=[second.pk])))


def test_officers_are_told_what_readers_do_not_see(accepted, cycle, assessment_at, readers, officer):
    assessment = assessment_at(Status.BUILT, cycle)
    url = reverse("report", args=[assessment.pk])

    before = readers["officer"].get(url).content.decode()
    assert "Not published" in before
    assert reverse("report_pdf", args=[assessment.pk]) not in before

    lifecycle.publish(
        assessment, audience="everyone", by=officer, snapshot=assessment.snapshot_sha256, early="The meeting is near."
    )
    assert "Not published" not in readers["officer"].get(url).content.decode()

    lifecycle.withdraw(assessment, reason="A figure was wrong.", by=officer)
    assert "A figure was wrong." in shown(readers["officer"].get(url))


@pytest.mark.parametrize("crowd", [3])
def test_a_results_page_costs_the_same_and_reads_the_snapshot_once(cycle, malta, assessment_at, crowd):
    def reading(pk):
        with CaptureQueriesContext(connection) as spent:
            assert Client().get(reverse("report", args=[pk])).status_code == 200
        return spent

    factories.submission_at(State.ACCEPTED, malta, cycle)
    with_one = reading(assessment_at(Status.PUBLISHED, cycle).pk)
    countries = [factories.a_country(f"Z{n}") for n in range(crowd)]
    other = factories.a_cycle(countries, code="2030")
    for country in countries:
        factories.submission_at(State.ACCEPTED, country, other)
    with_more = reading(assessment_at(Status.PUBLISHED, other).pk)

    assert len(with_more) == len(with_one)
    assert sum('"reporting_assessment"."snapshot"' in query["sql"] for query in with_more) == 1


# --- a country's page --------------------------------------------------------------------------------------


def test_a_countrys_page_shows_its_levels_and_what_is_withheld(accepted, cycle, assessment_at):
    page = Client().get(reverse("report_country", args=[assessment_at(Status.PUBLISHED, cycle).pk, "MT"]))

    text = shown(page)
    assert Page(page).h1 == "Malta"
    levels = cycle.edition.all_indicators[0].ladder
    assert f"Level 3 {levels[3].text} A survey of 2025." in text
    assert "Not applicable No such trade." in text
    assert "Unknown" in text
    assert "The comment is withheld from publication." in text
    assert "ongoing case" not in page.content.decode()
    assert "50.0 2 of 4 scored 50.0 n = 1" in text


# --- the file ----------------------------------------------------------------------------------------------


def test_the_file_is_served_as_it_was_stored(accepted, cycle, assessment_at, small_pdf, monkeypatch):
    assessment = assessment_at(Status.PUBLISHED, cycle)
    monkeypatch.setattr("reporting.pdf.assessment.assessment_pdf", None)  # a download that drew anything would fail

    response = Client().get(reverse("report_pdf", args=[assessment.pk]))

    served = b"".join(response.streaming_content)
    assert served == small_pdf
    assert hashlib.sha256(served).hexdigest() == assessment.pdf.sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="assessment-2026-1.pdf"'
    assert response["Content-Length"] == str(len(small_pdf))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{assessment.pdf.sha256}"'


def test_a_reader_who_has_the_bytes_is_told_so(accepted, cycle, officer, assessment_at):
    assessment = assessment_at(Status.PUBLISHED, cycle)
    url = reverse("report_pdf", args=[assessment.pk])
    same, other = f'"{assessment.pdf.sha256}"', '"0"'

    assert Client().get(url, headers={"if-none-match": same}).status_code == 304
    assert Client().get(url, headers={"if-none-match": other}).status_code == 200

    lifecycle.withdraw(assessment, reason="A figure was wrong.", by=officer)
    assert Client().get(url, headers={"if-none-match": same}).status_code == 410


def test_a_file_costs_no_look_at_the_snapshot(accepted, cycle, assessment_at):
    url = reverse("report_pdf", args=[assessment_at(Status.PUBLISHED, cycle).pk])

    with CaptureQueriesContext(connection) as spent:
        assert Client().get(url).status_code == 200
    assert not any('"snapshot"' in query["sql"] for query in spent)
