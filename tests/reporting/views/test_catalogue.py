"""The catalogue of assessments, issue by issue, and how results come about, read from the rules of an edition."""

import re
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.models import Assessment
from scoreboard.models import Edition, Role, State
from tests import factories
from tests.pages import Page

Status = Assessment.Status
STAFF = {"analyst", "officer"}


@pytest.fixture
def readers(db, sign_in, malta):
    """Clients by who uses them."""
    return {
        "anonymous": Client(),
        "nobody": sign_in(factories.a_person()),
        "focal": sign_in(factories.a_focal(malta)),
        "observer": sign_in(factories.a_person(Role.OBSERVER)),
        "analyst": sign_in(factories.a_person(Role.ANALYST)),
        "officer": sign_in(factories.an_officer()),
    }


def shown(response) -> str:
    """The page's words."""
    return Page(response).text


def test_the_list_has_every_issue_with_what_it_corrected(malta, greece, cycle, assessment_at):
    factories.submission_at(State.ACCEPTED, malta, cycle)
    first = assessment_at(Status.PUBLISHED, cycle)
    factories.submission_at(State.ACCEPTED, greece, cycle)
    second = assessment_at(Status.PUBLISHED, cycle)

    page = Client().get(reverse("report_list"))

    assert [one.pk for one in page.context["page"]] == [second.pk, first.pk]
    text = shown(page)
    assert text.index("Issue 2") < text.index("2 countries") < text.index("Issue 1")
    assert "Since the issue before: 1 country added, 0 no longer counted, 0 answers" in text
    assert text.count("Since the issue before") == 1
    assert text.count("replaced by a newer issue") == 1
    assert f"Download the PDF ({second.pdf.size} bytes)" in text.replace("\xa0", " ")


def test_an_empty_list_says_what_will_appear(readers):
    for reader, words in [
        ("anonymous", "sign in to see those"),
        ("nobody", "Until then there is nothing to do"),
        ("officer", "Until then there is nothing to do"),
    ]:
        text = shown(readers[reader].get(reverse("report_list")))
        assert "No assessment is published yet" in text, reader
        assert words in text, reader


def test_officers_and_analysts_find_the_workbenches(cycle, readers):
    factories.a_cycle(code="2030", opened=False)

    for reader, client in readers.items():
        found = re.findall(r"/reports/workbench/(\w+)/", client.get(reverse("report_list")).content.decode())
        assert found == (["2026"] if reader in STAFF else []), reader


def test_the_list_costs_the_same_with_three_as_with_one(cycle, malta, greece, assessment_at, officer):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as spent:
            assert Client().get(reverse("report_list")).status_code == 200
        return len(spent)

    factories.submission_at(State.ACCEPTED, malta, cycle)
    assessment_at(Status.PUBLISHED, cycle)
    with_one = queries()
    for _ in range(2):
        assessment_at(Status.PUBLISHED, cycle)

    assert len(Client().get(reverse("report_list")).context["page"]) == 3
    assert queries() == with_one


def test_a_withdrawn_issue_stays_in_the_list_of_its_readers_with_the_reason_from_now_on(readers, cycle, assessment_at):
    factories.submission_at(State.ACCEPTED, cycle.submissions.first().country, cycle)
    everyone = assessment_at(Status.WITHDRAWN, cycle)
    members = assessment_at(Status.WITHDRAWN, cycle, audience="observers")
    Assessment.objects.filter(pk=everyone.pk).update(withdrawal_reason="Malta asked.")
    Assessment.objects.filter(pk=members.pk).update(withdrawal_reason="Ms. Camilleri erred.", reason_is_public=False)

    for reader, client in readers.items():
        page = client.get(reverse("report_list"))
        text = shown(page)
        assert [one.pk for one in page.context["page"]] == (
            [members.pk, everyone.pk] if reader not in ("anonymous", "nobody") else [everyone.pk]
        ), reader
        assert "Malta asked." in text, reader
        assert "Camilleri" not in text, reader  # given when readers did not see reasons
        assert reverse("report", args=[everyone.pk]) not in page.content.decode(), reader


# --- how results come about ----------------------------------------------------------------------------------


def recomputed(steps, *, strict: bool) -> Fraction:
    """The percentage of the example, worked out again."""
    points = possible = 0
    for step in steps:
        rungs = sorted(step.indicator.levels.values_list("value", flat=True))
        if step.kind == "level":
            points += step.level - rungs[0]
        if step.kind == "level" or (strict and step.kind == "unknown"):
            possible += rungs[-1] - rungs[0]
    return Fraction(100 * points, possible)


@pytest.mark.parametrize("path", [factories.SCOREBOARD, factories.HARBOUR], ids=lambda path: path.stem)
def test_the_rules_are_those_of_the_edition(db, path):
    edition = factories.an_edition(path)
    factories.a_cycle([factories.a_country()], edition=edition)

    page = Client().get(reverse("methodology"))

    shown_ladders = page.context["ladders"]
    counted = {}
    for indicator in Edition.objects.get(pk=edition.pk).all_indicators:
        values = tuple(sorted(indicator.levels.values_list("value", flat=True)))
        counted.setdefault(values, []).append(indicator.label)
    ladders = {tuple(level for level, _n in one.points): [i.label for i in one.indicators] for one in shown_ladders}
    assert ladders == counted
    assert all([points for _level, points in one.points] == list(range(len(one.points))) for one in shown_ladders)
    worked = page.context["worked"]
    assert len({step.kind for step in worked.steps}) > 1
    assert worked.answered.percent == recomputed(worked.steps, strict=False)
    assert worked.strict.percent == recomputed(worked.steps, strict=True)
    text = shown(page)
    assert "mean 60.0, median 60.0, middle half from 42.5 to 85.0" in text
    for indicator in edition.indicators.filter(not_applicable=True):
        assert indicator.label in text
    assert page.context["edition"] == edition


def test_the_basis_of_what_is_published_is_named(malta, cycle, assessment_at):
    factories.submission_at(State.ACCEPTED, malta, cycle)
    assert "What the published results print" not in shown(Client().get(reverse("methodology")))
    assessment_at(Status.PUBLISHED, cycle)
    assert f"{cycle}, issue 1: answered basis" in shown(Client().get(reverse("methodology")))


def test_without_a_public_questionnaire_there_are_no_rules_yet(db):
    factories.an_edition()
    assert "No questionnaire is public yet" in shown(Client().get(reverse("methodology")))
