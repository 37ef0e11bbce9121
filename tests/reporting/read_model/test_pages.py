"""Every figure of the pages over all cycles against plain arithmetic from random answers: no code is shared.

Two questionnaires: one of three cycles and two editions, whose indicators stay, are revised, split and new; another of
two cycles. Some comments and figures are withheld, some countries report now and then.
"""

import csv
import io
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
import yaml
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from scoreboard.questionnaire import importing
from tests.factories import HARBOUR, HARBOUR_NEXT, SCOREBOARD, an_edition
from tests.reporting import recomputation as plain
from tests.reporting.drawing import Drawn
from tests.reporting.published import GROUPS, NAMES, publish, random_answers, seeded
from tests.reporting.reading import page_tables, page_words
from tests.reporting.recomputation import half_up, signed

pytestmark = pytest.mark.django_db

# What the second edition of the harbours says of its indicators: the code before, and how the wording changed.
BEFORE = {"P1": ("P1", ""), "P2": ("P2", "revised"), "P3a": ("P3", "split"), "P3b": ("P3", "split"), "R3": ("", "new")}
ROUNDS = {
    "harbour": [("2018", HARBOUR, "answered"), ("2021", HARBOUR, "strict"), ("2024", HARBOUR_NEXT, "answered")],
    "scoreboard": [("2020", SCOREBOARD, "strict"), ("2023", SCOREBOARD, "strict")],
}
OTHERS = {"unknown": "?unknown", "not_applicable": "n/anot applicable", None: "·not answered"}  # for eye and ear


class Truth:
    """What was answered in the cycles of one questionnaire, before anything of it was stored."""

    def __init__(self, name: str, seed: int):
        random = seeded(seed)
        self.name, self.cycles, self.answers, self.drawn = name, ROUNDS[name], {}, {}
        for code, path, basis in self.cycles:
            edition = importing.export(an_edition(path))
            who = sorted(random.sample(list(NAMES), 4))
            answers = {iso2: random_answers(random, edition) for iso2 in who}
            publish(path, code, answers, missing=[one for one in NAMES if one not in who], basis=basis)
            self.answers[code] = answers
            self.drawn[code] = _drawn(code, yaml.safe_load(path.read_text()), answers)

    @property
    def codes(self) -> list[str]:
        return [code for code, _path, _basis in self.cycles]

    @property
    def now(self) -> Drawn:
        return self.drawn[self.codes[-1]]

    @property
    def strict(self) -> bool:
        return self.cycles[-1][2] == "strict"

    def there(self, indicator: str, cycle: str) -> str:
        """What an indicator of now is called in a cycle; nothing where it is not there as one."""
        return indicator if self.drawn[cycle].edition["code"] == self.now.edition["code"] else BEFORE[indicator][0]

    def broken(self, indicator: str, then: str, now: str) -> str:
        same = self.drawn[then].edition["code"] == self.drawn[now].edition["code"]
        return "" if same else BEFORE[indicator][1]

    def area_there(self, area: str, cycle: str) -> str:
        """What an area of now is called in a cycle: P of the harbours goes on, R was begun anew."""
        same = self.drawn[cycle].edition["code"] == self.now.edition["code"]
        return area if same else {"P": "P"}.get(area, "")

    def percent(self, cycle: str, iso2: str, area: str) -> Fraction | None:
        there, drawn = self.area_there(area, cycle), self.drawn[cycle]
        if not there or iso2 not in drawn.sheets:
            return None
        return plain.percent(drawn, iso2, drawn.codes(there), self.strict)

    def everyone(self, cycle: str, area: str):
        return plain.lies(self.percent(cycle, iso2, area) for iso2 in NAMES)

    def reported(self, iso2: str) -> list[str]:
        return [code for code in self.codes if iso2 in self.answers[code]]

    def compared(self, iso2: str, codes, then: str, now: str) -> list[tuple[str, int, int, int]]:
        """The indicators of the same wording with a level in both cycles: code, rungs then and now, and the highest."""
        found = []
        for code in codes:
            if self.broken(code, then, now):
                continue
            before, after = (
                self.drawn[cycle].sheets[iso2].get(self.there(code, cycle)) if self.there(code, cycle) else None
                for cycle in (then, now)
            )
            if isinstance(before, int) and isinstance(after, int):
                ladder = self.now.ladder(code)
                found.append((code, ladder.index(before), ladder.index(after), len(ladder) - 1))
        return found


def _drawn(code: str, edition: dict, answers: dict) -> Drawn:
    known = [one["code"] for area in edition["areas"] for one in area["indicators"]]
    sheets = {}
    for iso2, given in answers.items():
        said = {one: given.get(one, {"kind": None, "level": None}) for one in known}
        sheets[iso2] = {one: said[one]["level"] if said[one]["kind"] == "level" else said[one]["kind"] for one in known}
    return Drawn(code, edition, sheets, set(), set(), {}, set())


@pytest.fixture(scope="module", params=[1, 2])
def truths(module_db, request) -> Iterator[dict[str, Truth]]:
    with transaction.atomic():
        yield {name: Truth(name, 10 * request.param + n) for n, name in enumerate(ROUNDS)}
        transaction.set_rollback(True)


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


def test_files_of_answers(truths):
    harbour = truths["harbour"]
    for iso2 in ("MT", "GR"):
        content = get(f"/countries/{iso2.lower()}/answers.csv").content.decode("utf-8-sig")
        found = {(one["cycle"], one["indicator"]): one for one in csv.DictReader(io.StringIO(content))}
        for truth in truths.values():
            labels = {code: code if code[0].isalpha() else None for code in truth.now.indicators}
            for cycle in truth.reported(iso2):
                for code in labels:
                    there = truth.there(code, cycle)
                    if not there or not labels[code]:
                        continue
                    said = truth.answers[cycle][iso2].get(there, {})
                    row = found[cycle, there]
                    assert row["kind"] == said.get("kind", "unanswered")
                    assert row["level"] == str(said["level"] if said.get("level") is not None else "")
                    assert row["comment"] == said.get("comment", "")
                    assert row["comment_withheld"] == str(bool(said.get("withheld"))).lower()
    content = get("/indicators/P2/answers.csv").content.decode("utf-8-sig")
    series = {(one["cycle"], one["series"]) for one in csv.DictReader(io.StringIO(content))}
    assert series == {(cycle, "2" if cycle == "2024" else "1") for cycle in harbour.codes}
