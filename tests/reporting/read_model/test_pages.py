"""Every figure of the pages over all cycles against plain arithmetic from random answers: no code is shared."""

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.reporting import recomputation as plain
from tests.reporting.over_cycles import Truth
from tests.reporting.published import GROUPS, NAMES
from tests.reporting.reading import page_tables, page_words
from tests.reporting.recomputation import half_up, signed

pytestmark = pytest.mark.django_db

OTHERS = {"unknown": "?unknown", "not_applicable": "n/anot applicable", None: "·not answered"}  # for eye and ear


def get(address: str):
    response = Client().get(address)
    assert response.status_code == 200, address
    return response


def cell(value: Fraction | None) -> str:
    return half_up(value, "–no value")


def parts(response) -> list[HttpResponse]:
    """Return a page in the parts of its questionnaires: captions repeat from one to the other."""
    found = re.split(r'(?=<h2 id="q-\d+" class="questionnaire">)', response.content.decode())
    return [HttpResponse(f"<main>{part}</main>") for part in found]


def tables(response, caption: str) -> list:
    """Return the tables with a caption in the order of the questionnaires."""
    return [page_tables(part).get(caption) for part in parts(response)]


@pytest.mark.parametrize("iso2", ["MT", "GR", "TN"])
def test_a_countrys_page(truths, iso2):
    response = get(f"/countries/{iso2.lower()}/")
    areas = tables(response, "Percent of the possible points, by area and cycle")
    rows = tables(response, "The answer to each indicator, cycle by cycle")
    words = " ".join(page_words(part) for part in parts(response))
    for n, truth in enumerate(truths.values()):
        if not truth.reported(iso2):
            assert areas[n] is None
            continue
        assert [row[1:] for row in areas[n]] == [truth.codes, *_areas_of(truth, iso2)]
        assert [row[1:] for row in rows[n] if len(row) > 1] == _rows_of(truth, iso2)
        for area in (one["code"] for one in truth.now.edition["areas"]):
            assert _sentence(truth, iso2, area) in words
    dots = re.findall(r'class="sc-dot" cx="[\d.]+" cy="([\d.]+)"', response.content.decode())
    drawn = [
        percent
        for truth in truths.values()
        if truth.reported(iso2)
        for area in truth.now.edition["areas"]
        for cycle in truth.codes
        if (percent := truth.percent(cycle, iso2, area["code"])) is not None
    ]
    assert [round(float(one)) for one in dots] == [round(130 - 1.2 * float(one)) for one in drawn]


def _areas_of(truth: Truth, iso2: str) -> Iterator[list[str]]:
    for area in (one["code"] for one in truth.now.edition["areas"]):
        row = []
        for cycle in truth.codes:
            there, drawn = truth.area_there(area, cycle), truth.drawn[cycle]
            words = cell(truth.percent(cycle, iso2, area))
            if there and iso2 in drawn.sheets:
                scored = sum(isinstance(drawn.sheets[iso2][code], int) for code in drawn.codes(there))
                words += f" {scored} of {len(drawn.codes(there))} scored"
            everyone = truth.everyone(cycle, area)
            median = half_up(everyone and everyone["median"], "no value")
            row.append(f"{words} median {median}, n = {everyone['n'] if everyone else 0}")
        yield row


def _rows_of(truth: Truth, iso2: str) -> list[list[str]]:
    last = truth.reported(iso2)[-2:]
    found = [[*truth.codes, *([f"{last[0]} to {last[1]}"] if len(last) == 2 else [])]]
    for code in truth.now.indicators:
        row = [_sign(truth, iso2, code, cycle) for cycle in truth.codes]
        if len(last) == 2:
            row.append(_moved(truth, iso2, code, last))
        found.append(row)
    return found


def _sign(truth: Truth, iso2: str, code: str, cycle: str) -> str:
    if iso2 not in truth.answers[cycle]:
        return "no report"
    there = truth.there(code, cycle)
    if not there:
        return "not asked"
    said = truth.drawn[cycle].sheets[iso2][there]
    return str(said) if isinstance(said, int) else OTHERS[said]


def _moved(truth: Truth, iso2: str, code: str, last: list[str]) -> str:
    if truth.drawn[last[1]].edition["code"] != truth.now.edition["code"]:
        return ""
    both = truth.compared(iso2, [code], *last)
    if not both:
        return "not compared"
    by = both[0][2] - both[0][1]
    return f"rose by {by}" if by > 0 else f"fell by {-by}" if by < 0 else "unchanged"


def _sentence(truth: Truth, iso2: str, area: str) -> str:
    last = truth.reported(iso2)[-2:]
    if len(last) < 2 or truth.drawn[last[1]].edition["code"] != truth.now.edition["code"]:
        return ""
    both = truth.compared(iso2, truth.now.codes(area), *last)
    if not both:
        return f"No indicator can be compared with {last[0]}."
    highest = sum(one[3] for one in both)
    by = Fraction(100 * sum(one[2] for one in both), highest) - Fraction(100 * sum(one[1] for one in both), highest)
    plural = "s" if len(both) != 1 else ""
    return f"{signed(by)} points since {last[0]}, over {len(both)} comparable indicator{plural}"


def test_an_indicators_page(truths):
    for truth in truths.values():
        prefix = "" if truth.name == "harbour" else "scoreboard-2017/"
        for code in list(truth.now.indicators)[:6]:
            response = get(f"/indicators/{prefix}{code}/")
            [head, *rows] = page_tables(response)["How many countries gave each answer"]
            assert head[1:] == truth.codes
            for label, *counts in rows:
                assert counts == [_count(truth, code, cycle, label) for cycle in truth.codes], (code, label)
            then, now = truth.codes[-2:]
            if not truth.broken(code, then, now):
                words = page_words(response)
                moved = [
                    (NAMES[iso2], *both[0][1:3])
                    for iso2 in sorted(NAMES, key=lambda one: NAMES[one].replace("Å", "A"))
                    if {then, now} <= set(truth.reported(iso2)) and (both := truth.compared(iso2, [code], then, now))
                ]
                lowest = truth.now.ladder(code)[0]
                for word, some in (
                    ("rose", [one for one in moved if one[2] > one[1]]),
                    ("fell", [one for one in moved if one[2] < one[1]]),
                ):
                    said = " ".join(f"{name} {before + lowest} {after + lowest}" for name, before, after in some)
                    assert f"{len(some)} {word} {said}".strip() in words
                assert f"{sum(one[1] == one[2] for one in moved)} unchanged." in words


def _count(truth: Truth, code: str, cycle: str, label: str) -> str:
    there, drawn = truth.there(code, cycle), truth.drawn[cycle]
    said = [sheet.get(there) for sheet in drawn.sheets.values()] if there else []
    kinds = {"unknown": "unknown", "not applicable": "not_applicable", "not answered": None}
    if not there:
        return "–not asked"
    if label in kinds:
        return str(said.count(kinds[label]))
    level = int(label.removeprefix("level "))
    return str(said.count(level)) if level in drawn.ladder(there) else "–not asked"


def test_an_areas_page(truths):
    for truth in truths.values():
        prefix = "" if truth.name == "harbour" else "scoreboard-2017/"
        then, now = truth.codes[-2:]
        for area in (one["code"] for one in truth.now.edition["areas"]):
            response = get(f"/areas/{prefix}{area}/")
            [_head, *rows] = page_tables(response)["Percent of the possible points, by country and cycle"]
            expected = []
            for iso2 in sorted(NAMES, key=lambda one: NAMES[one].replace("Å", "A")):
                if not truth.reported(iso2):
                    continue
                row = [NAMES[iso2], *(cell(truth.percent(cycle, iso2, area)) for cycle in truth.codes), ""]
                if {then, now} <= set(truth.reported(iso2)):
                    both = truth.compared(iso2, truth.now.codes(area), then, now)
                    row[-1] = f"{_by(both)} over {len(both)}"
                expected.append(row)
            assert [row[:-1] for row in rows] == expected  # the last has a box to tick
            everyone = truth.everyone(now, area)
            words = page_words(response)
            if everyone:
                said = {key: half_up(value) if key != "n" else value for key, value in everyone.items()}
                assert (
                    f"Median {said['median']}, mean {said['mean']}, middle half {said['lower_quartile']} to "
                    f"{said['upper_quartile']}, n = {said['n']}." in words
                )


def _by(both) -> str:
    if not both:
        return "–no value"
    highest = sum(one[3] for one in both)
    return signed(Fraction(100 * (sum(one[2] for one in both) - sum(one[1] for one in both)), highest))


def test_a_groups_page(truths):
    found = tables(get("/groups/coast/"), "Median of the percentages, by area and cycle")
    for n, truth in enumerate(truths.values()):
        expected = []
        for area in (one["code"] for one in truth.now.edition["areas"]):
            row = []
            for cycle in truth.codes:
                mine = plain.lies(truth.percent(cycle, iso2, area) for iso2 in GROUPS["coast"])
                everyone = truth.everyone(cycle, area)
                of_all = cell(everyone and everyone["median"])
                row.append(f"{cell(mine and mine['median'])} n = {mine['n'] if mine else 0} all countries {of_all}")
            expected.append(row)
        assert [row[1:] for row in found[n][1:]] == expected


def test_a_cycles_page(truths):
    for truth in truths.values():
        for cycle, _path, basis in truth.cycles:
            drawn, page = truth.drawn[cycle], get(f"/cycles/{cycle}/").content.decode()
            response = HttpResponse(re.sub(r"(<td class=[^>]*>[^<]*)", r"\1</td>", page))  # end tags that HTML spares
            rows = page_tables(response)["Answers by country and indicator"][2:]
            marks = {"unknown": "?", "not_applicable": "n/a", None: "·"}
            assert rows == [
                [NAMES[iso2], *(marks.get(said, str(said)) for said in drawn.sheets[iso2].values())]
                for iso2 in sorted(drawn.sheets, key=lambda one: NAMES[one].replace("Å", "A"))
            ]
            said = [one for sheet in drawn.sheets.values() for one in sheet.values()]
            words = page_words(response)
            assert "of 6 participating countries reported 4" in words
            levels = sum(isinstance(one, int) for one in said)
            assert f"of {len(said)} questions have a level {levels}" in words
            assert (
                f"unknown; {said.count('not_applicable')} not applicable, {said.count(None)} not answered "
                f"{said.count('unknown')}" in words
            )
            for area in drawn.edition["areas"]:
                codes = drawn.codes(area["code"])
                found = plain.lies(plain.percent(drawn, iso2, codes, basis == "strict") for iso2 in drawn.sheets)
                if found:
                    assert (
                        f"{half_up(found['median'])} median, middle half {half_up(found['lower_quartile'])} to "
                        f"{half_up(found['upper_quartile'])}, n = {found['n']}" in words
                    )
                if found and cycle == truth.codes[-1]:
                    chapter = page_words(get(f"/cycles/{cycle}/chapters/area-{area['code'].lower()}/"))
                    half = f"{half_up(found['lower_quartile'])} to {half_up(found['upper_quartile'])}"
                    means = f"Median {half_up(found['median'])}, mean {half_up(found['mean'])}"
                    assert f"{means}, middle half {half}, n = {found['n']}." in chapter
