"""Where the edition does not offer "not applicable": pages, workbook, suggestions, gaps, and the correction of it."""

import copy
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from reporting.assessments import lifecycle
from reporting.document.document import Document
from scoreboard import contributors
from scoreboard import workbook as workbooks
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Edition, Submission
from scoreboard.questionnaire import importing
from scoreboard.questionnaire.file import EditionError
from scoreboard.submissions import answering, completeness, previous_cycle, workflow
from scoreboard.workbook import cells
from tests import factories
from tests.factories import fill, given

NOT_OFFERED = "P1: “not applicable” is no answer to this indicator. Choose a level, or unknown."
GAP = "“Not applicable” is no answer to this indicator. Choose a level, or unknown."
N_A = given("not_applicable", reason="No port.")


def correct(*codes, reason="The official text offers it nowhere else."):
    return importing.correct_not_applicable(Edition.objects.get(), codes, reason=reason)


def fresh(submission):
    return Submission.objects.get(pk=submission.pk)


def gaps(submission):
    return {gap.indicator.code: gap.sentence for gap in completeness.gaps(fresh(submission))}


@pytest.fixture
def strict(draft):
    """Malta's draft in an edition where P2 alone offers it."""
    correct("P2")
    return fresh(draft)


def test_the_shipped_edition_offers_it_for_two_indicators(db):
    edition = factories.an_edition()
    assert [one.code for one in edition.all_indicators if one.not_applicable] == ["12", "16"]
    for indicator in edition.all_indicators:
        guidance = " ".join(str(indicator.guidance).split()).lower()
        assert indicator.not_applicable or "applicable" not in guidance


def test_an_answer_that_is_not_offered_is_refused_by_name(strict, focal):
    outcome = answering.save_answers(strict, {"P1": N_A, "P2": N_A}, by=focal, seen={})
    assert {code: problem.sentence for code, problem in outcome.problems.items()} == {"P1": NOT_OFFERED}
    assert outcome.saved == ["P2"]
    outcome = answering.save_answers(strict, {"P1": given("perhaps")}, by=focal, seen={})
    assert outcome.problems["P1"].sentence == "P1: choose a level or unknown."


def test_the_page_offers_it_where_the_edition_does(strict, focal, sign_in):
    page = sign_in(focal).get(f"/submissions/{strict.pk}/areas/P/").content.decode()
    assert 'id="iP1-not-applicable"' not in page
    assert 'id="iP2-not-applicable"' in page
    assert 'id="iP1-unknown"' in page


def test_a_contributors_page_and_suggestion_obey(strict, focal, sign_in):
    part = factories.a_part(strict, by=focal)
    client = sign_in(part.person)
    for code, offered in (("P1", False), ("P2", True)):
        page = client.get(f"/contributions/{part.pk}/{code}/").content.decode()
        assert (f'id="i{code}-not-applicable"' in page) == offered, code
    with pytest.raises(Invalid, match="no answer to this indicator"):
        contributors.suggest(part, "P1", N_A, by=part.person)
    assert contributors.suggest(part, "P2", N_A, by=part.person)


def test_the_workbook_lists_it_where_it_is_offered_and_refuses_it_by_name_elsewhere(strict):
    indicators = {one.code: one for one in strict.cycle.edition.all_indicators}
    assert cells.options(indicators["P1"])[-1:] == ["Unknown"]
    assert "Not applicable" not in cells.options(indicators["P1"])
    assert "Not applicable" in cells.options(indicators["P2"])
    listed = load_workbook(BytesIO(workbooks.write(strict, "fr")))["mikt-lists"]
    columns = [[cell.value for cell in column if cell.value] for column in listed.columns]
    assert ["Not applicable" in column for column in columns[:2]] == [False, True]
    meant = cells.fields(indicators["P1"], "answer", "Not applicable")
    assert meant == {"kind": "not_applicable", "level": None}
    with pytest.raises(Invalid, match="no answer to this indicator"):
        answering.require_answerable(indicators["P1"], cells.changed(None, meant | {"reason": "No port."}))


def test_a_correction_makes_a_gap_of_a_drafts_answer_and_loses_nothing(draft, focal, sign_in):
    fill(draft, iP1=N_A, iP2=N_A)
    assert gaps(draft) == {}
    correct("P2")
    assert gaps(draft) == {"P1": GAP}
    with pytest.raises(NotNow):
        workflow.submit(fresh(draft), by=focal, **factories.DECLARATION)
    page = sign_in(focal).get(f"/submissions/{draft.pk}/areas/P/").content.decode()
    assert "Not offered for this indicator any more: choose another answer." in page
    assert "No port." in page
    # What the page gives back as it stands is left alone, and said to be a gap; it cannot be chosen anew.
    outcome = answering.save_answers(fresh(draft), {"P1": N_A}, by=focal, seen={"P1": 1})
    assert (outcome.unchanged, outcome.problems) == (["P1"], {})
    posted = {"person": focal.pk, "iP1-answer": "not_applicable", "iP1-reason": "No port.", "iP1-seen": 1}
    told = sign_in(focal).post(f"/submissions/{draft.pk}/save/", posted).json()["answers"]["P1"]
    assert told["answered"] is False
    answering.save_answers(fresh(draft), {"P1": given(level=2)}, by=focal, seen={"P1": 1})
    assert gaps(draft) == {}
    outcome = answering.save_answers(fresh(draft), {"P1": N_A}, by=focal, seen={"P1": 2})
    assert outcome.problems["P1"].sentence == NOT_OFFERED


def test_a_returned_submission_has_the_gap_too(draft, focal, officer):
    fill(draft, iP1=N_A)
    workflow.submit(draft, by=focal, **factories.DECLARATION)
    correct()
    assert gaps(draft) == {}, "what was handed in waits for the Secretariat"
    factories.returns.flag(fresh(draft), "P2", "Source?", by=officer)
    workflow.return_for_changes(fresh(draft), by=officer, comment="See P2.", version=1)
    assert gaps(draft) == {"P1": GAP}


def test_what_was_accepted_stays_counts_and_is_marked(draft, focal, officer, sign_in):
    fill(draft, iP1=N_A)
    workflow.submit(draft, by=focal, **factories.DECLARATION)
    workflow.accept(fresh(draft), by=officer, version=1)
    before = lifecycle.consolidate(draft.cycle, by=officer).snapshot
    correct()
    assert gaps(draft) == {}
    after = lifecycle.consolidate(draft.cycle, by=officer).snapshot
    assert after["results"] == before["results"]
    assert after["countries"] == before["countries"]
    replies = [reply for _area, _result, given_in in Document(after).replies("MT") for reply in given_in]
    assert [reply.label for reply in replies if reply.not_offered] == ["P1"]
    page = sign_in(focal).get(f"/submissions/{draft.pk}/read/").content.decode()
    assert "Not offered for this indicator any more." in page


def test_no_change_is_not_offered_on_it(harbour, malta, focal, officer):
    with factories.clock.at(factories.clock.now() - factories.timedelta(days=900)):
        first = factories.a_cycle([malta], code="2020").submissions.get()
        fill(first, iP1=N_A, iP2=N_A)
        workflow.submit(first, by=focal, **factories.DECLARATION)
        workflow.accept(first, by=officer, version=1)
    correct("P2")
    now = fresh(factories.a_cycle([malta]).submissions.get())
    last = previous_cycle.of(now)
    assert last["P1"].row["reason"] == "No port."
    assert (last["P1"].given, last["P2"].given.kind) == (None, "not_applicable")
    with pytest.raises(Invalid, match="no answer of last time to confirm"):
        previous_cycle.settled(now, {"P1": given("", confirmed=True)})


class TestCorrection:
    def test_it_is_logged_with_its_reason_and_what_stood_there(self, draft, officer):
        edition = Edition.objects.get()
        changes = importing.correct_not_applicable(edition, ["P2"], reason=" As published. ", by=officer)
        logged = edition.changes.first()
        assert (logged.by, logged.reason) == (officer, "As published.")
        assert logged.places == [change._asdict() for change in changes]
        assert {change.place.rsplit(".")[-1] for change in changes} == {"not_applicable"}
        assert len(changes) == edition.indicators.count() - 1
        assert importing.correct_not_applicable(edition, ["P2"], reason="Again.") == []
        assert edition.changes.count() == 2, "the import and the correction"

    def test_the_command_says_what_became_gaps(self, draft):
        fill(draft, iP1=N_A, iP2=N_A)
        out = StringIO()
        call_command("correct_not_applicable", "harbour-1", "P2", reason="As published.", stdout=out)
        assert out.getvalue().splitlines()[-1] == "Answers in drafts and returned submissions that are gaps now: 1."
        assert [one.code for one in fresh(draft).cycle.edition.all_indicators if one.not_applicable] == ["P2"]

    def test_refuses_unknown_codes_and_a_missing_reason(self, draft):
        with pytest.raises(EditionError) as caught:
            correct("Z9", reason=" ")
        assert caught.value.problems == ["The edition has no indicator “Z9”.", "Give the reason for the correction."]
        for arguments in (("nowhere",), ("harbour-1", "Z9")):
            with pytest.raises(CommandError):
                call_command("correct_not_applicable", *arguments, reason="Why.", stderr=StringIO())

    def test_an_import_cannot_do_it_in_an_edition_in_use(self, draft):
        document = copy.deepcopy(importing.export(Edition.objects.get()))
        document["areas"][0]["indicators"][0]["not_applicable"] = False
        with pytest.raises(EditionError):
            importing.import_edition(document)
        correct("P2")
        assert importing.import_edition(importing.export(Edition.objects.get()))[1] == []
