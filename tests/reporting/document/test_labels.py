"""What areas and indicators are called, over random editions: no two alike, and each found by its name."""

from collections import Counter
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reporting.document.document import Document
from reporting.document.references import Names
from reporting.results import compute
from scoreboard.models.questionnaire import indicator_label
from scoreboard.questionnaire import file
from tests.reporting.snapshots import a_snapshot, an_answer

SHORT = st.text("12aA.", min_size=1, max_size=3).filter(lambda code: code.strip("."))
AREAS = st.dictionaries(SHORT, st.lists(SHORT, min_size=1, max_size=4), min_size=1, max_size=4)


def an_edition(areas):
    """An edition file with these codes; the ladders are long enough to give each indicator a mean of its own."""
    ladder = [{"value": value, "text": {"en": f"Step {value}."}} for value in range(20)]
    return {
        "format": 1,
        "code": "random",
        "year": 2026,
        "title": {"en": "Random"},
        "short_title": {"en": "Random"},
        "languages": ["en"],
        "areas": [
            {
                "code": area,
                "title": {"en": "Area"},
                "indicators": [
                    {"code": code, "title": {"en": "One"}, "measures": {"en": "One."}, "levels": ladder}
                    for code in codes
                ],
            }
            for area, codes in areas.items()
        ],
    }


def filed(edition):
    """A snapshot in which Malta chose another level for each indicator, in their order."""
    codes = [one["code"] for area in edition["areas"] for one in area["indicators"]]
    answers = {code: an_answer(level) for level, code in enumerate(codes)}
    countries = [malta() | {"answers": answers}]
    return frame() | {
        "edition": edition,
        "countries": countries,
        "results": compute.compute(edition, countries),
    }


@cache
def frame():
    return a_snapshot({"MT": {}})


def malta():
    return frame()["countries"][0]


@settings(max_examples=50, deadline=None)
@given(AREAS)
def test_in_a_sound_edition_every_name_finds_its_own(areas):
    edition = an_edition(areas)
    assume(not file.check(edition))
    document = Document(filed(edition))
    names = Names(document)
    called = [chapter.code for chapter in document.chapters]
    called += [tally.label for chapter in document.chapters for tally in chapter.tallies]
    assert max(Counter(name.upper() for name in called).values()) == 1
    level = 0
    for chapter in document.chapters:
        found = names.find(f"mean {chapter.code.swapcase()}")
        assert found.name == f"mean {chapter.code}"
        for tally in chapter.tallies:
            assert names.find(f"level MT {tally.label.swapcase()}").value == str(level), tally.label
            assert names.find(f"mean {tally.label.swapcase()}").name == f"mean {tally.label}"
            level += 1


@settings(max_examples=50, deadline=None)
@given(AREAS)
def test_only_what_collides_is_refused(areas):
    codes = [code.upper() for codes in areas.values() for code in codes]
    named = [area.upper() for area in areas]
    named += [indicator_label(area, code).upper() for area, codes in areas.items() for code in codes]
    collides = any(n > 1 for n in [*Counter(codes).values(), *Counter(named).values()])
    assert bool(file.check(an_edition(areas))) == collides


@pytest.mark.parametrize(
    ("area", "code", "label"),
    [
        ("A", "1", "A1"),
        ("P", "P1", "P1"),
        ("2", "3", "2.3"),
        ("2", "23", "2.23"),  # not 23, which could be indicator 3 of area 2
        ("2", "2.3", "2.3"),
        ("C1", "C1.2", "C1.2"),
        ("C1", "C10.2", "C1C10.2"),
        ("P", "P", "PP"),  # what the area itself is called
    ],
)
def test_the_label_is_the_code_with_its_area_before_it(area, code, label):
    assert indicator_label(area, code) == label
