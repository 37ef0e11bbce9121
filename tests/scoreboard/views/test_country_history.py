"""The page of a country over its cycles: levels side by side, who answered, every receipt, and whom it is for."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from scoreboard import clock, contributors
from scoreboard.evidence import attaching
from scoreboard.models import State, User
from scoreboard.submissions import answering, own_history, returns, workflow
from tests.factories import (
    DECLARATION,
    HARBOUR,
    HARBOUR_NEXT,
    SCOREBOARD,
    a_cycle,
    a_focal,
    a_part,
    an_edition,
    an_officer,
    entered,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db


def a_past(country, code: str, days: int, edition, **answers):
    """Return a submission of an earlier cycle, accepted."""
    cycle = a_cycle([country], edition=edition, code=code, opens=clock.now().date() - timedelta(days=days))
    submission = cycle.submissions.get(country=country)
    fill(submission, **answers)
    version = workflow.submit(submission, by=a_focal(country), **DECLARATION).version
    workflow.accept(submission, by=an_officer(), version=version.number)
    return type(submission).objects.get(pk=submission.pk)


@pytest.fixture
def edition(db):
    return an_edition(HARBOUR)


@pytest.fixture
def first(edition, malta):
    return a_past(malta, "2020", 900, edition, iP1=given(level=1, comment="A first plan."))


@pytest.fixture
def second(first, edition, malta):
    return a_past(malta, "2022", 400, edition, iP1=given(level=3, comment="The plan is law."), iP2=given("unknown"))


def cells(series, code: str):
    """Return what each cycle says of an indicator: its relation, the answer in short, and how it moved."""
    row = next(row for _area, rows in series.areas for row in rows if row.indicator.code == code)
    return [
        (cell.relation, [one.content["level"] or one.content["kind"] for one in cell.given], cell.change)
        for cell in row.cells
    ]


def address(country):
    return reverse("country_history", args=[country.iso2.lower()])


def test_each_level_is_next_to_those_of_the_cycles_before(second, malta, focal):
    (series,) = own_history.of(malta, focal)
    assert [column.submission.cycle.code for column in series.columns] == ["2020", "2022"]
    assert cells(series, "P1") == [("same", [1], None), ("same", [3], 2)]
    assert cells(series, "P2")[1] == ("same", ["unknown"], None)


def test_another_wording_is_named_and_nothing_is_lost(second, malta, focal):
    now = a_cycle([malta], edition=an_edition(HARBOUR_NEXT)).submissions.get()
    (series,) = own_history.of(malta, focal)
    shown = {
        (column.submission.pk, given.indicator.code) for column, answers in series.no_longer_asked for given in answers
    } | {
        (cell.column.submission.pk, given.indicator.code)
        for _area, rows in series.areas
        for row in rows
        for cell in row.cells
        for given in cell.given
    }
    asked = [(one, one.cycle.edition.all_indicators) for one in (first_of(malta), second, now)]
    everything = {(one.pk, indicator.code) for one, indicators in asked for indicator in indicators}
    assert shown == everything
    rows = [row for _area, some in series.areas for row in some]
    relations = {row.indicator.code: [cell.relation for cell in row.cells] for row in rows}
    own = {one.code: one.relation for one in now.cycle.edition.all_indicators}
    assert relations == {code: [relation, relation, "same"] for code, relation in own.items()}
    assert set(own.values()) == {"same", "revised", "split", "new"}


def first_of(country):
    return country.submissions.order_by("cycle__opens").first()


def test_a_level_of_another_question_moves_by_nothing(second, malta, focal):
    now = a_cycle([malta], edition=an_edition(HARBOUR_NEXT)).submissions.get()
    fill(now)
    (series,) = own_history.of(malta, focal)
    for _area, rows in series.areas:
        for row in rows:
            *_earlier, last = row.cells
            assert (last.change is not None) == (row.indicator.relation == "same"), row.indicator.code


def test_the_page_says_who_answered_on_whose_suggestion_and_for_whom(second, malta, focal, sign_in):
    now = a_cycle([malta], edition=second.cycle.edition).submissions.get()
    part = a_part(now, by=focal)
    suggestion = contributors.suggest(part, "P1", given(comment="As Ana says."), by=User.objects.get(pk=part.person_id))
    contributors.adopt(suggestion, by=focal, seen=0)
    entered(now)
    answering.save_answers(now, {"P2": given(comment="From the paper.")}, by=an_officer(), seen={})
    attaching.add_file(now, "P1", ContentFile(b"Text.", name="decree.txt"), by=focal)
    page = Page(sign_in(focal).get(address(malta)))
    assert "as suggested by Ana" in page.text
    assert "on behalf of Malta" in page.text
    assert "decree.txt" in page.text
    assert "A first plan." in page.text
    assert "The plan is law." in page.text
    assert "+2" in page.text


def test_every_receipt_is_there(edition, malta, focal, officer, sign_in):
    cycle = a_cycle([malta], edition=edition)
    submission = submission_at(State.SUBMITTED, malta, cycle)
    workflow.recall(submission, by=focal)
    workflow.submit(submission, by=focal, **DECLARATION)
    returns.flag(submission, "P1", "Why?", by=officer)
    workflow.return_for_changes(submission, by=officer, comment="Look again.", version=2)
    links = Page(sign_in(focal).get(address(malta))).links
    assert [links[f"Receipt of version {n}, Scoreboard 2026"] for n in (1, 2)] == [
        reverse("submission_receipt", args=[submission.pk, n]) for n in (1, 2)
    ]
    links = Page(sign_in(officer).get(address(malta))).links
    assert "Receipt of version 1, Scoreboard 2026" not in links  # it was recalled
    assert "Receipt of version 2, Scoreboard 2026" in links


def test_a_draft_is_the_countrys_alone(second, malta, focal, officer, analyst, sign_in):
    now = a_cycle([malta], edition=second.cycle.edition).submissions.get()
    fill(now, iP1=given(comment="Not yet agreed."))
    assert "Not yet agreed." in Page(sign_in(focal).get(address(malta))).text
    for reader in (officer, analyst):
        text = Page(sign_in(reader).get(address(malta))).text
        assert ("Not yet agreed." in text, "The plan is law." in text) == (False, True)
    entered(now, by=officer)
    assert "Not yet agreed." in Page(sign_in(officer).get(address(malta))).text
    version = workflow.submit(now, by=focal, **DECLARATION).version
    assert "Not yet agreed." in Page(sign_in(analyst).get(address(malta))).text
    returns.flag(now, "P1", "Why?", by=officer)
    workflow.return_for_changes(now, by=officer, comment="Look again.", version=version.number)
    fill(now, iP1=given(comment="Changed since.", why="A slip."))
    assert "Changed since." in Page(sign_in(focal).get(address(malta))).text
    text = Page(sign_in(officer).get(address(malta))).text
    assert ("Changed since." in text, "Not yet agreed." in text) == (False, True)


def test_another_questionnaire_and_invented_answers_are_apart(second, malta, focal):
    a_cycle([malta], edition=an_edition(SCOREBOARD), code="other")
    a_cycle([malta], edition=second.cycle.edition, code="example", is_example=True)
    found = [
        ([column.submission.cycle.code for column in one.columns], one.is_example)
        for one in own_history.of(malta, focal)
    ]
    assert sorted(found) == [(["2020", "2022"], False), (["example"], True), (["other"], False)]


def test_a_country_without_a_cycle(malta, focal, sign_in):
    assert "No cycle yet" in Page(sign_in(focal).get(address(malta))).text


def test_the_ways_to_it(second, malta, focal, officer, sign_in):
    words = "All cycles of Malta side by side"
    places = {
        focal: [reverse("submission_list"), reverse("submission_history", args=[second.pk])],
        officer: [reverse("people_country", args=["mt"]), reverse("submission_history", args=[second.pk])],
    }
    for person, pages in places.items():
        for page in pages:
            assert Page(sign_in(person).get(page)).links[words] == address(malta)
