"""Answers that came in from a file behave as all others: last time, comparison over cycles, history, and exports."""

import csv
import io

import pytest
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.exports import files
from reporting.models import Assessment
from scoreboard.models import State
from scoreboard.submissions import previous_cycle
from tests.earlier_rounds import an_earlier_round, bring_in
from tests.factories import HARBOUR, a_cycle, an_edition, submission_at
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def rounds(malta, greece, officer, tmp_path, settings):
    """Malta and Greece by a file of 2014, published; then Malta by its own answers in 2026, one rung higher."""
    settings.MEDIA_ROOT = str(tmp_path)
    then = an_earlier_round(an_edition(HARBOUR), [malta, greece])
    bring_in(then, {malta: 0, greece: 1}, comment="As it was then.")
    issue = lifecycle.consolidate(then, by=officer)
    Assessment.objects.filter(pk=issue.pk).update(
        status="published", audience="everyone", published_at=issue.consolidated_at, published_by=officer
    )
    now = a_cycle([malta], edition=then.edition)
    return then, now, submission_at(State.ACCEPTED, malta, now)


def test_last_time_is_what_the_file_had(rounds):
    then, _now, submission = rounds
    last = previous_cycle.of(submission)
    assert {one.cycle for one in last.values()} == {then}
    found = {(last[one.code].row["level"], one.ladder[0].value) for one in then.edition.all_indicators}
    assert all(level == lowest for level, lowest in found)
    assert {one.row["comment"] for one in last.values()} == {"As it was then."}


def test_the_cycles_are_compared_and_exported(rounds, officer):
    then, now, _submission = rounds
    snapshot = lifecycle.consolidate(now, by=officer).snapshot
    (since,) = snapshot["changes"]
    assert (since["cycle"]["code"], since["countries"]) == ("2014", ["MT"])
    asked = [one.code for one in then.edition.all_indicators if one.code in since["indicators"]]
    assert asked
    up = {one.code: int(len(one.ladder) > 2) for one in then.edition.all_indicators if one.code in asked}
    assert {code: since["indicators"][code]["up"] for code in asked} == up  # `fill` never chooses the highest rung
    issue = Assessment.objects.get(cycle=then)
    long = next(one for one in files.data_files(issue) if one.kind == "csv_long").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(long)))
    assert len(rows) == 2 * len(then.edition.all_indicators)
    assert {(row["country_iso2"], row["comment"], row["submitted_on"]) for row in rows} == {
        ("MT", "As it was then.", "2014-02-03"),
        ("GR", "As it was then.", "2014-02-03"),
    }


def test_the_country_finds_it_in_its_history_and_where_it_comes_from(rounds, focal, malta, sign_in):
    page = Page(sign_in(focal).get(reverse("country_history", args=[malta.iso2.lower()])))
    assert "Scoreboard 2014" in page.text
    assert "Entered from “scoreboard-2014.csv” by Officer on" in page.text
    then = Page(sign_in(focal).get(reverse("submission", args=[rounds[0].submissions.get(country=malta).pk])))
    assert "Submitted on 3 February 2014, as the file says." in then.text
    for words in ("Ask for more time", "We will not report this time"):
        assert words not in then.text
