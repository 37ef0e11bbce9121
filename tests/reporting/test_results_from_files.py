"""What came in by a file goes out as it came in, and counts like what was typed, to the last digit."""

from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.assessments import undoing
from reporting.exports import files, xlsx
from reporting.exports.tables import Tables
from reporting.results import snapshots
from scoreboard import clock
from scoreboard.data_tables import tables
from scoreboard.earlier_rounds import comparing, entering
from scoreboard.earlier_rounds.entering import Entry, SourceFile
from scoreboard.earlier_rounds.gathering import Choices
from scoreboard.models import DataForm, Mail, State
from scoreboard.questionnaire import file, importing
from scoreboard.submissions.answering import AnswerInput
from tests import factories
from tests.scoreboard.earlier_rounds.rounds import a_past_cycle, csv

pytestmark = pytest.mark.django_db

DOCUMENT = file.read_edition(factories.HARBOUR.read_bytes())
INDICATORS = [one["code"] for area in DOCUMENT["areas"] for one in area["indicators"]]
COUNTRIES = ("MT", "GR", "TN")
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["=1+1", "-less", "'quoted", '"a";b,c\n2', "_x0041_", "٣", "  "]
)


@contextmanager
def undone():
    """What is written within is undone: each example begins anew."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@st.composite
def editions(draw):
    """An edition with other ladders, and "not applicable" for some of its indicators."""
    document = deepcopy(DOCUMENT) | {"code": "random-1"}
    for area in document["areas"]:
        for indicator in area["indicators"]:
            raised = draw(st.integers(0, 3))
            indicator["not_applicable"] = draw(st.booleans())
            for level in indicator["levels"]:
                level["value"] += raised
    return document


def figures(draw, form):
    place = next(column for column in form.all_columns if column.code == "place").choices
    typed = {
        "year": str(draw(st.integers(2010, 2017))),
        "species": draw(st.sampled_from(["Mytilus edulis", "Ostrea edulis"])),
        "place": draw(st.sampled_from(place))["code"],
        "individuals": draw(st.integers(0, 10**6).map(str) | st.just("")),
        "surface": draw(st.sampled_from(["", "3", "0.5", "12.75", "1.2500", "0.1250"])),
        "confirmed": draw(st.sampled_from(["", "yes", "no"])),
    }
    parsed = tables.read_rows(form, [typed])
    assert not parsed.faults
    return parsed.rows


def entries(draw, cycle):
    form = DataForm.objects.prefetch_related("columns").get(indicator__edition=cycle.edition)
    for iso2 in COUNTRIES:
        answers = {}
        for indicator in cycle.edition.all_indicators:
            kinds = ["level", "unknown", ""] + ["not_applicable"] * indicator.not_applicable
            kind = draw(st.sampled_from(kinds))
            if not kind:
                continue
            answers[indicator.code] = AnswerInput(
                kind=kind,
                level=draw(st.sampled_from([one.value for one in indicator.ladder])) if kind == "level" else None,
                reason=draw(TEXT) if kind == "not_applicable" else "",
                comment=draw(TEXT),
                figures=figures(draw, form) if indicator.code == "Q2" and draw(st.booleans()) else None,
            )
        if answers:
            day = draw(st.none() | st.dates(cycle.opens, cycle.closes))
            yield Entry(cycle, factories.a_country(iso2), day, answers)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_import_export_import_is_the_identity(db, data):
    with undone():
        cycle = a_past_cycle(importing.import_edition(data.draw(editions()))[0])
        officer = factories.an_officer()
        given = list(entries(data.draw, cycle))
        if not given:
            return
        imported = entering.enter(given, file=SourceFile("first", "0" * 64), by=officer)
        first = snapshots.take(cycle)
        out = Tables(first)
        content = xlsx.write_workbook([out.long(), *out.data_forms()], about=[("About", "this")], created=clock.now())
        undoing.undo(imported, by=officer)
        plan = comparing.compare(content, "out.xlsx", Choices(cycle, None, True), by=officer)
        assert [(str(fault.place), fault.sentence) for fault in plan.faults] == []
        comparing.apply(plan.signed, by=officer)
        again = snapshots.take(cycle)
        assert again["countries"] == first["countries"]
        assert again["results"] == first["results"]


@pytest.mark.parametrize("shape", ["long", "wide", "matrix"])
def test_imported_and_typed_answers_count_the_same(harbour, officer, shape):
    typed = factories.a_cycle([factories.a_country(iso2) for iso2 in COUNTRIES], edition=harbour)
    for n, submission in enumerate(typed.submissions.select_related("country")):
        for one in harbour.all_indicators:
            one.level = one.ladder[(n + one.position) % len(one.ladder)].value
        levels = {f"i{one.code}": factories.given(level=one.level) for one in harbour.all_indicators}
        levels["iP2"] = factories.given("unknown")
        levels["iR1"] = factories.given("not_applicable", reason="No harbour")
        factories.fill(submission, **levels)
        factories.submission_at(State.ACCEPTED, submission.country, typed)
    expected = snapshots.take(typed)
    out = Tables(expected)
    content = files.csv_table(getattr(out, shape)())
    past = a_past_cycle(harbour)
    officer = factories.an_officer()
    day = {} if shape == "matrix" else {"submitted_on": clock.today().isoformat()}
    plan = comparing.compare(content, "out.csv", Choices(past, None, True), by=officer)
    assert [(str(fault.place), fault.sentence) for fault in plan.faults] == []
    comparing.apply(plan.signed, by=officer)
    found = snapshots.take(past)
    assert found["results"] == expected["results"]
    assert {one["submitted_on"] for one in found["countries"]} == {day.get("submitted_on")}


def test_a_file_of_real_size_comes_in_within_seconds(officer):
    """As many countries and indicators as the largest round that is known."""
    edition = factories.an_edition()
    cycle = a_past_cycle(edition)
    codes = [f"{first}{second}" for first in "ABCDEFGH" for second in "ABCDEFGHIJKLMNOPQRSTUVW"][:180]
    for iso2 in codes:
        factories.a_country(iso2)
    lines = [
        f"{iso2},{one.label},{one.ladder[(n + m) % len(one.ladder)].value}"
        for n, iso2 in enumerate(codes)
        for m, one in enumerate(edition.all_indicators)
    ]
    began = clock.now()
    plan = comparing.compare(csv(*lines), "large.csv", Choices(cycle, date(2018, 3, 1)), by=officer)
    assert plan.faults == []
    assert plan.n == len(lines)
    comparing.apply(plan.signed, by=officer)
    assert clock.now() - began < timedelta(seconds=60)
    assert cycle.submissions.filter(state=State.ACCEPTED, late=False).count() == len(codes)
    assert not Mail.objects.exists()
