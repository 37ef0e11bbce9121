"""Each shape of a file is read as it says; whatever is wrong in one is a sentence with its place."""

import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from scoreboard.earlier_rounds import comparing
from scoreboard.earlier_rounds.gathering import Choices
from scoreboard.errors import Invalid, Stale
from scoreboard.models import Answer, Country, Cycle, Edition, Submission
from scoreboard.questionnaire import importing
from tests import factories
from tests.scoreboard.earlier_rounds.rounds import a_past_cycle, csv, xlsx


@pytest.fixture(scope="module")
def then(module_db):
    factories.a_country("MT")
    factories.a_country("GR")
    edition = factories.an_edition(factories.HARBOUR)
    importing.correct_not_applicable(edition, ["P2"], reason="For the tests.")
    cycle = a_past_cycle(Edition.objects.get())
    a_past_cycle(factories.an_edition(factories.SCOREBOARD), code="2019", year=2019)
    return cycle


@pytest.fixture(scope="module")
def by(then):
    return factories.an_officer()


def shown(content, by, name="results.csv", **choices):
    choices.setdefault("cycle", Cycle.objects.get(code="2018"))
    choices.setdefault("not_recorded", True)
    return comparing.compare(content, name, Choices(**choices), by=by)


def said(plan):
    """What a plan would enter, by country: the day, and each answer in short."""
    assert [(str(fault.place), fault.sentence) for fault in plan.faults] == []
    return {
        one.entry.country.iso2: (
            one.entry.submitted_on,
            {code: given.level if given.kind == "level" else given.kind for code, given in one.entry.answers.items()},
        )
        for one in plan.shown
    }


ANSWERS = {"P1": 2, "P3": 0, "Q1": "unknown"}
DAY = date(2018, 3, 14)
SHAPES = {
    "long": csv(
        "MT,P1,2,2018-03-14", "mt,P3,0,2018-03-14", "MT,q1,Unknown,", heading="country,indicator,level,submitted on"
    ),
    "long with semicolons": csv("MT;P1;2;14 comma, here", heading="Country;Indicator;Level;Comment"),
    "wide": csv("MT,2,0,,unknown,2018-03-14", heading="country,P1,P3,Q2,Q1,submitted_on"),
    "wide workbook": xlsx(
        Answers=[["Country", "P1", "P3", "Q1", "Submitted on"], ["Malta", 2, 0.0, "unknown", datetime(2018, 3, 14)]],
        Notes=[["Written by somebody"]],
    ),
    "own export": csv(
        "MT,MLT,Malta,,,1,2018-03-14,2018-04-01,False,False,P,t,P1,t,level,Level,2,text,25.0,,c,False,False",
        "MT,MLT,Malta,,,1,2018-03-14,2018-04-01,False,False,P,t,P3,t,level,Level,0,text,0.0,,,False,False",
        "MT,MLT,Malta,,,1,2018-03-14,2018-04-01,False,False,Q,t,Q1,t,unknown,Unknown,,,,,,False,False",
        "MT,MLT,Malta,,,1,2018-03-14,2018-04-01,False,False,Q,t,Q2,t,unanswered,–,,,,,,False,False",
        heading="country_iso2,country_iso3,country,subregion,groups,version,submitted_on,accepted_on,late,reopened,area,"
        "area_title,indicator,indicator_title,kind,kind_label,level,level_label,percent,reason,comment,"
        "comment_withheld,confirmed",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_says_the_same(then, by, shape):
    name = "r.xlsx" if SHAPES[shape].startswith(b"PK") else "r.csv"
    expected = {"MT": (None, {"P1": 2})} if "semicolons" in shape else {"MT": (DAY, ANSWERS)}
    assert said(shown(SHAPES[shape], by, name)) == expected


def test_figures_and_links_come_with_the_answers(then, by):
    heading = ["country", "indicator", "level", "links"]
    figures = ["country", "year", "species", "place", "individuals", "surface", "confirmed", "note"]
    form = then.edition.indicators.get(code="Q2").data_form
    place = next(column for column in form.all_columns if column.code == "place").choices[0]["code"]
    content = xlsx(
        answers=[heading, ["MT", "Q2", 3, "https://example.org/a https://example.org/b"]],
        form=[figures, ["MT", 2017, "Mytilus edulis", place, 12, 3.125, True, "Seen twice"]],
    )
    plan = shown(content, by, "r.xlsx")
    assert said(plan) == {"MT": (None, {"Q2": 3})}
    entry = plan.shown[0].entry
    assert [link.url for link in entry.links["Q2"]] == ["https://example.org/a", "https://example.org/b"]
    (row,) = entry.answers["Q2"].figures
    assert (row["year"], row["individuals"], row["surface"].rstrip("0"), row["confirmed"]) == (2017, 12, "3.125", True)


def merged():
    book = load_workbook(io.BytesIO(xlsx(a=[["country", "indicator", "level"], ["MT", "P1", 2], [None, "P2", 2]])))
    book.worksheets[0].merge_cells("A2:A3")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


LONG = xlsx(a=[["country", "indicator", "level"], ["MT", "P1", 2]])
# What is wrong, its file, the place that is named, and what of the sentence must be there.
BAD = {
    "doubled row": (csv("MT,P1,2", "MT,P1,2"), "Row 3, column B (indicator)", "repeats row 2"),
    "one country under two names": (csv("MT,P1,2", "Malta,P2,2"), "Row 3, column A (country)", "row 2 writes as “MT”"),
    "day as a number": (
        csv("MT,P1,2,43173", heading="country,indicator,level,submitted_on"),
        "Row 2, column D (submitted_on)",
        "If it is 2018-03-14, write that",
    ),
    "day that is none": (
        csv("MT,P1,2,14/03/2018", heading="country,indicator,level,submitted_on"),
        "Row 2, column D (submitted_on)",
        "Write it as 2018-12-31",
    ),
    "day before the cycle": (
        csv("MT,P1,2,2017-03-14", heading="country,indicator,level,submitted_on"),
        "Row 2, column D (submitted_on)",
        "before Scoreboard 2018 opens",
    ),
    "two days of one country": (
        csv("MT,P1,2,2018-03-14", "MT,P2,2,2018-03-15", heading="country,indicator,level,submitted_on"),
        "Row 3, column D (submitted_on)",
        "Row 2 says",
    ),
    "decimal comma": (
        csv("MT;P1;2,5", heading="country;indicator;level"),
        "Row 2, column C (level)",
        "“2,5” is no level",
    ),
    "Level 2": (csv("MT,P1,Level 2"), "Row 2, column C (level)", "write the number alone: 2"),
    "outside the ladder": (csv("MT,P1,7"), "Row 2, column C (level)", "levels from 1 to 5"),
    "outside the ladder, wide": (csv("MT,7", heading="country,P1"), "Row 2, column B (P1)", "levels from 1 to 5"),
    "not applicable where it is not": (csv("MT,P1,n/a"), "Row 2, column C (level)", "is no answer to P1"),
    "edition without it": (csv("MT,P1,2", "MT,P9,2"), "Row 3, column B (indicator)", "has P1 to R2"),
    "column that is none": (csv("MT,2,2", heading="country,P1,P9"), "Row 1, column C (P9)", "none of the columns"),
    "country that is none": (csv("Atlantis,P1,2"), "Row 2, column A (country)", "No country is called “Atlantis”"),
    "cycle that is none": (
        csv("MT,P1,2,1999", heading="country,indicator,level,cycle"),
        "Row 2, column D (cycle)",
        "There is no cycle “1999”",
    ),
    "file of another instrument": (
        csv("MT,C1.1,3"),
        "Row 2, column B (indicator)",
        "is no indicator of Scoreboard 2018",
    ),
    "formula": (
        xlsx(a=[["country", "indicator", "level"], ["MT", "P1", "=1+1"]]),
        "Sheet “a”, row 2, column C (level)",
        "paste it as a value",
    ),
    "formula in a comment": (
        csv("MT,P1,2,=1+1", heading="country,indicator,level,comment"),
        "Row 2, column D (comment)",
        "begins with “=”",
    ),
    "cut in the middle": (csv("MT,P1,2", "MT,P").removesuffix(b"\r\n"), "Row 3", "cut off here"),
    "link that is none": (
        csv("MT,P1,2,ftp://x", heading="country,indicator,level,links"),
        "Row 2, column D (links)",
        "beginning with https://",
    ),
    "figures without an answer": (
        xlsx(
            a=[["country", "indicator", "level"], ["MT", "P1", 2]],
            f=[["country", "year", "species", "place", "individuals", "surface", "confirmed", "note"], ["MT", 2017]],
        ),
        "Sheet “f”, row 2",
        "Give the answer too",
    ),
}
# What cannot be read at all.
UNREADABLE = {
    "merged cells": (merged(), "Cells A2:A3 are merged"),
    "workbook cut in the middle": (LONG[: len(LONG) // 2], "not an Excel workbook"),
    "quotation mark that is not closed": (csv('MT,P1,"2'), "quotation mark is not closed"),
    "no columns that are known": (csv("a,b", heading="x,y"), "country"),
    "the same column twice": (csv("MT,P1,2,2", heading="country,indicator,level,level"), "there twice: level"),
    "100,000 rows": (csv(*["MT,P1,2"] * 100_000), "more than 20000 rows. Divide the file by cycle"),
    "nothing": (b"", "empty"),
    "no answers": (csv("MT,P1,"), "no answers"),
    "another encoding": ("country,indicator,level\nMT,P1,é".encode("latin-1"), "not in UTF-8"),
    "pictures": (b"\x89PNG\x00\x00", "UTF-8"),
}


def stored():
    return Submission.objects.count(), Answer.objects.count(), Country.objects.count()


@pytest.mark.parametrize("what", BAD)
def test_a_fault_is_named_by_its_place_and_nothing_is_written(then, by, what):
    content, place, sentence = BAD[what]
    before = stored()
    plan = shown(content, by, "r.xlsx" if content.startswith(b"PK") else "r.csv")
    faults = [(str(fault.place), fault.sentence) for fault in plan.faults]
    assert any(at == place and sentence in why for at, why in faults), faults
    with pytest.raises(Stale, match="Nothing is entered"):
        comparing.apply(plan.signed, by=by)
    assert stored() == before


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(then, by, what):
    content, sentence = UNREADABLE[what]
    with pytest.raises(Invalid, match=sentence):
        shown(content, by, "r.xlsx" if content.startswith(b"PK") else "r.csv")


def test_without_a_day_the_person_says_which_one_counts(then, by):
    content = csv("MT,P1,2")
    plan = shown(content, by, not_recorded=False)
    assert [str(fault.place) for fault in plan.faults] == ["Row 2"]
    assert "not recorded" in plan.faults[0].sentence
    assert said(shown(content, by, submitted_on=DAY, not_recorded=False)) == {"MT": (DAY, {"P1": 2})}
    early = shown(content, by, submitted_on=date(2016, 1, 1), not_recorded=False)
    assert "before Scoreboard 2018 opens" in early.faults[0].sentence


def test_a_fault_of_a_whole_row_is_said_once(then, by):
    wide = csv("Atlantis,2,2,2017-01-01", "GR,2,2,2017-01-01", heading="country,P1,P2,submitted_on")
    assert [str(fault.place) for fault in shown(wide, by).faults] == [
        "Row 2, column A (country)",
        "Row 3, column D (submitted_on)",
    ]
    long = shown(csv("Atlantis,P1,2", "ATLANTIS,P2,2", "Mu,P1,2"), by)
    assert long.unknown_names == ["Atlantis", "Mu"]
    assert len(long.faults) == 2


def test_a_cycle_that_runs_is_refused_by_its_place(then, by):
    factories.a_cycle(code="2026", edition=then.edition)
    plan = shown(csv("MT,P1,2,2026", heading="country,indicator,level,cycle"), by)
    assert [str(fault.place) for fault in plan.faults] == ["Row 2, column D (cycle)"]
    assert "is not over" in plan.faults[0].sentence
