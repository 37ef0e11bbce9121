"""Results of earlier rounds become accepted submissions, all of a file or nothing."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from reporting.assessments import lifecycle
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.earlier_rounds import entering
from scoreboard.earlier_rounds.entering import Entry, Link, SourceFile
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ActivityEntry, Answer, Cycle, Mail, ResultsImport, Role, State, Submission, Transition
from scoreboard.submissions import lateness, previous_cycle, workflow
from tests import factories
from tests.factories import DECLARATION, given

SOURCE = SourceFile("scoreboard-2018.xlsx", "ab" * 32)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def then(harbour):
    """A cycle of 2018, which no country takes part in yet."""
    return factories.a_cycle(
        code="2018",
        edition=harbour,
        opens=date(2018, 1, 1),
        deadline=date(2018, 3, 31),
        closes=date(2018, 4, 30),
    )


def answers(edition, level=1):
    return {
        one.code: given(level=one.ladder[level].value, comment=f"Then {one.code}") for one in edition.all_indicators
    }


def entry(cycle, country, submitted_on=date(2018, 2, 14), **fields):
    return Entry(cycle, country, submitted_on, answers(cycle.edition), **fields)


def stored():
    return [model.objects.count() for model in (Submission, Answer, Transition, ResultsImport, ActivityEntry)]


def test_it_becomes_an_accepted_submission_with_its_true_date(then, malta, greece, officer, focal):
    calendar.change_participants(then, add=[malta], by=officer)
    late = then.closes + timedelta(days=9)
    imported = entering.enter([entry(then, malta), entry(then, greece, late)], file=SOURCE, by=officer)
    found = {one.country.iso2: one for one in then.submissions.select_related("country", "accepted_version")}
    assert set(found) == {"MT", "GR"}
    one = found["MT"]
    assert (one.state, one.imported, one.submitted_on, one.late) == (State.ACCEPTED, imported, date(2018, 2, 14), False)
    assert one.submitted_at == one.accepted_at == datetime(2018, 2, 14, 23, 59, tzinfo=BERLIN)
    assert one.is_as_imported
    version = one.accepted_version
    assert (version.number, version.declared_by, version.capacity, version.imported) == (1, "", "", imported)
    assert {row["comment"] for row in version.answers} == {f"Then {one.code}" for one in then.edition.all_indicators}
    step = one.transitions.get()
    assert (workflow.label(step.step), step.by, step.comment, step.at) == (
        "Entered from a file of earlier results",
        officer,
        "scoreboard-2018.xlsx",
        imported.at,
    )
    assert lateness.late(then, list(found.values())) == set()
    assert list(imported.submissions.order_by("pk")) == sorted(found.values(), key=lambda one: one.pk)
    lateness.refresh(then, list(found.values()))
    assert not found["GR"].late
    assert not Mail.objects.exists()
    assert mail.outbox == []


def test_without_a_date_the_stamps_take_the_close_and_the_day_is_not_recorded(then, malta, officer):
    entering.enter([entry(then, malta, None)], file=SOURCE, by=officer)
    one = then.submissions.get()
    assert one.submitted_on is None
    assert one.submitted_at == one.accepted_at == datetime(2018, 4, 30, 23, 59, tzinfo=BERLIN)
    assessment = lifecycle.consolidate(then, by=officer)
    (country,) = assessment.snapshot["countries"]
    assert (country["submitted_on"], country["accepted_on"], country["late"]) == (None, None, False)


def test_the_next_cycle_sees_it_as_last_time(then, malta, officer, focal):
    entering.enter([entry(then, malta)], file=SOURCE, by=officer)
    now = factories.a_cycle([malta], edition=then.edition, code="2026").submissions.get()
    last = previous_cycle.of(now)
    assert {code: one.level for code, one in last.items()} == {
        one.code: one.ladder[1].value for one in now.cycle.edition.all_indicators
    }


def test_links_are_its_evidence(then, malta, officer):
    code = then.edition.all_indicators[0].code
    links = {code: [Link("Report", "https://example.org/report.pdf")]}
    entering.enter([entry(then, malta, links=links)], file=SOURCE, by=officer)
    version = then.submissions.get().accepted_version
    (piece,) = next(row["evidence"] for row in version.answers if row["code"] == code)
    assert (piece["name"], piece["url"]) == ("Report", "https://example.org/report.pdf")


def test_a_granted_correction_reopens_it_and_is_declared_as_always(then, malta, officer, focal):
    entering.enter([entry(then, malta)], file=SOURCE, by=officer)
    Cycle.objects.filter(pk=then.pk).update(opened_at=clock.now())
    one = then.submissions.get()
    calendar.extend(one, to=clock.today() + timedelta(days=30), reason="A correction", by=officer)
    workflow.reopen(one, by=officer, comment="As you asked")
    one = factories.afresh(one)
    assert not one.is_as_imported
    workflow.submit(one, by=focal, **DECLARATION)
    one = factories.afresh(one)
    workflow.accept(one, by=officer, version=2)
    one = factories.afresh(one)
    assert (one.late, one.is_as_imported, one.accepted_version.declared_by) == (False, False, "Dr. A. Person")
    assert lateness.late(one.cycle, [one]) == set()


def test_one_that_holds_something_refuses_all(then, malta, greece, officer):
    entering.enter([entry(then, malta)], file=SOURCE, by=officer)
    before = stored()
    with pytest.raises(NotNow, match="Malta: its answers came in by the file “scoreboard-2018"):
        entering.enter([entry(then, greece), entry(then, malta)], file=SOURCE, by=officer)
    assert stored() == before


def test_a_cycle_that_runs_takes_nothing_from_a_file(harbour, malta, officer):
    running = factories.a_cycle([malta], edition=harbour)
    before = stored()
    with pytest.raises(NotNow, match="is not over"):
        entering.enter([entry(running, malta)], file=SOURCE, by=officer)
    assert stored() == before


def test_an_answer_that_cannot_be_stored_refuses_all(then, malta, greece, officer):
    wrong = entry(then, greece)
    wrong.answers[then.edition.all_indicators[0].code] = given(level=99)
    before = stored()
    with pytest.raises(Invalid, match="one of the levels of its ladder"):
        entering.enter([entry(then, malta), wrong], file=SOURCE, by=officer)
    with pytest.raises(Invalid, match="twice"):
        entering.enter([entry(then, malta), entry(then, malta)], file=SOURCE, by=officer)
    assert stored() == before


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OBSERVER, None])
def test_only_officers_bring_results_in(then, malta, role):
    with pytest.raises(PermissionDenied):
        entering.enter([entry(then, malta)], file=SOURCE, by=factories.a_person(role))


def test_every_page_says_that_it_came_in_by_a_file(then, malta, officer, focal, sign_in):
    entering.enter([entry(then, malta, None)], file=SOURCE, by=officer)
    Cycle.objects.filter(pk=then.pk).update(opened_at=clock.now())
    pk = then.submissions.get().pk
    client = sign_in(focal)
    said = "Entered from “scoreboard-2018.xlsx” by Officer"
    for path in (f"{pk}/", f"{pk}/versions/1/", f"{pk}/history/", "countries/mt/"):
        page = client.get(f"/submissions/{path}").content.decode()
        assert said in page, path
        assert "When it was submitted is not recorded." in page, path
        assert "Declared by" not in page, path
    assert "Entered by the Secretariat from a file" in client.get("/submissions/").content.decode()
    assert said in sign_in(officer).get(f"/review/{pk}/", follow=True).content.decode()


def test_it_has_no_receipt(then, malta, officer, focal, sign_in):
    entering.enter([entry(then, malta)], file=SOURCE, by=officer)
    Cycle.objects.filter(pk=then.pk).update(opened_at=clock.now())
    pk = then.submissions.get().pk
    client = sign_in(focal)
    assert client.get(f"/submissions/{pk}/receipts/1/").status_code == 404
    assert client.get(f"/submissions/{pk}/receipts/1.pdf").status_code == 404
    assert "No receipt yet" in client.get(f"/submissions/{pk}/receipts/").content.decode()
