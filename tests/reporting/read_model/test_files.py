"""Every figure of the files, charts and cards over all cycles against plain arithmetic from random answers."""

import csv
import io
import json
import re
from fractions import Fraction
from itertools import pairwise

import pytest
from django.test import Client

from reporting.assessments import cards
from reporting.models import Assessment
from reporting.pdf import cards as drawing
from tests.reporting import recomputation as plain
from tests.reporting import ruler
from tests.reporting.over_cycles import Truth, label_of
from tests.reporting.published import NAMES
from tests.reporting.recomputation import half_up

pytestmark = pytest.mark.django_db


def get(address: str):
    response = Client().get(address)
    assert response.status_code == 200, address
    return response


def rows(address: str) -> list[dict]:
    """Return the rows of a JSON file; its CSV has the same ones, as text."""
    found = json.loads(get(address).content)["rows"]
    content = get(address.replace("format=json", "format=csv").replace(".json", ".csv")).content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(content)))
    for row, line in zip(found, table, strict=True):
        assert {name: line[name] for name in row} == {name: _as_text(value) for name, value in row.items()}
    return found


def _as_text(value) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _said(truth: Truth, code: str, cycle: str, iso2: str, broken: bool) -> tuple:
    """What a file says of an answer, from what was drawn."""
    there, drawn = truth.there(code, cycle), truth.drawn[cycle]
    answer, ladder = truth.answers[cycle][iso2].get(there, {}), drawn.ladder(there)
    percent = None
    if answer.get("level") is not None:
        percent = half_up(Fraction(100 * ladder.index(answer["level"]), len(ladder) - 1))
    kind, level = answer.get("kind", "unanswered"), answer.get("level")
    texts = (answer.get("reason", ""), answer.get("comment", ""), bool(answer.get("withheld")))
    return (cycle, iso2, label_of(drawn, there), broken, kind, level, ladder[0], ladder[-1], percent, *texts)


def _row(row: dict) -> tuple:
    names = ("cycle", "country_iso2", "indicator", "series", "kind", "level", "lowest_level", "highest_level")
    found = [row[name] for name in names]
    percent = None if row["percent"] is None else f"{row['percent']:.1f}"
    found[3] = row["series"] > 1
    return (*found, percent, row["reason"], row["comment"], row["comment_withheld"])


def test_files_of_answers(truths):
    for iso2 in ("MT", "GR"):
        expected = []
        for truth in truths.values():
            for code in truth.now.indicators:
                for cycle in truth.reported(iso2):
                    if truth.there(code, cycle):
                        broken = bool(truth.broken(code, truth.codes[0], cycle))
                        expected.append(_said(truth, code, cycle, iso2, broken))
        assert [_row(one) for one in rows(f"/countries/{iso2.lower()}/answers.json")] == expected
    for truth, codes, path in (
        (truths["harbour"], ("P2", "R3"), ""),
        (truths["scoreboard"], ("14",), "scoreboard-2017/"),
    ):
        for code in codes:
            expected = [
                _said(truth, code, cycle, iso2, bool(truth.broken(code, truth.codes[0], cycle)))
                for cycle in truth.codes
                if truth.there(code, cycle)
                for iso2 in sorted(truth.answers[cycle], key=lambda one: NAMES[one].replace("Å", "A"))
            ]
            found = [_row(one) for one in rows(f"/indicators/{path}{code}/answers.json")]
            assert [one[:3] + one[4:] for one in found] == [one[:3] + one[4:] for one in expected]
            if truth.there(code, truth.codes[0]):
                assert found == expected


def test_explored_rows_of_two_questionnaires(truths):
    for truth in truths.values():
        own = "" if truth.name == "harbour" else "instrument=scoreboard-2017&"
        for row in rows(f"/explore/?{own}area=all&format=json"):
            percent = truth.percent(row["cycle"], row["country_iso2"], row["code"])
            assert (None if row["percent"] is None else f"{row['percent']:.1f}") == half_up(percent, None)
        last = truth.codes[-1]
        found = rows(f"/explore/?{own}area=all&indicator=all&cycles={last}&format=json")
        sheets = truth.drawn[last].sheets
        assert {(one["country_iso2"], one["code"]): (one["answer"], one["level"]) for one in found} == {
            (iso2, label_of(truth.now, code)): ("level", said)
            if isinstance(said, int)
            else (said or "unanswered", None)
            for iso2, sheet in sheets.items()
            for code, said in sheet.items()
        }


def test_the_chart_of_a_country(truths):
    """The lines, their numbers and the medians; no line goes over a change of the questions."""
    for truth, path in ((truths["harbour"], ""), (truths["scoreboard"], "scoreboard-2017/")):
        iso2 = next(one for one in NAMES if truth.reported(one))
        [(title, svg)] = ruler.charts(get(f"/countries/{iso2.lower()}/{path}areas.svg").content.decode()).items()
        assert title == f"{NAMES[iso2]}: percent of the possible points, by area and cycle"
        assert "Invented example data. Source: Scoreboard portal," in " ".join(page_words_of(svg))
        shown = {head[0]: one for head, one in ruler.read(svg).shows.items()}
        assert list(shown) == [one["code"] for one in truth.now.edition["areas"]]
        for area, (cycles, joined) in shown.items():
            percents = [truth.percent(cycle, iso2, area) for cycle in truth.codes]
            for cycle, percent in zip(truth.codes, percents, strict=True):
                everyone = truth.everyone(cycle, area)
                [found] = [one for head, one in cycles.items() if head.split(":")[0] == cycle]
                assert found[1] == ([] if percent is None else [half_up(percent)])
                assert found[2] == pytest.approx([] if percent is None else [float(percent)], abs=0.2)
                assert found[3] == pytest.approx([float(everyone["median"])] if everyone else [], abs=0.2)
            given = [cycle for cycle, percent in zip(truth.codes, percents, strict=True) if percent is not None]
            assert joined == sum(not _changed(truth, *two) for two in pairwise(given))


def page_words_of(svg: str) -> list[str]:
    return re.sub(r"<[^>]+>", " ", svg).split()


def _changed(truth: Truth, then: str, now: str) -> bool:
    """Whether the questions of an area changed between two cycles: those of both areas of the harbours did."""
    return truth.drawn[then].edition["code"] != truth.drawn[now].edition["code"]


def test_the_chart_of_an_indicator(truths):
    for truth, code, path in ((truths["harbour"], "P2", ""), (truths["scoreboard"], "14", "scoreboard-2017/")):
        [svg] = ruler.charts(get(f"/indicators/{path}{code}/levels.svg").content.decode()).values()
        shown = ruler.read(svg).shows
        assert [head.split(",")[0] for head in shown] == truth.codes
        for cycle, parts in zip(truth.codes, shown.values(), strict=True):
            drawn = truth.drawn[cycle]
            said = [sheet[truth.there(code, cycle)] for sheet in drawn.sheets.values()]
            kinds = (*drawn.ladder(truth.there(code, cycle)), "unknown", "not_applicable", None)
            counts = [said.count(kind) for kind in kinds if said.count(kind)]
            assert [share for _look, share, _words in parts] == pytest.approx(
                [100 * n / len(said) for n in counts], abs=0.2
            )


def test_the_cards_of_both_questionnaires(truths, monkeypatch):
    for truth in truths.values():
        for cycle, _path, basis in truth.cycles:
            drawn, asked = truth.drawn[cycle], []
            monkeypatch.setattr(drawing, "pictures", lambda some, *, portal, into=asked: into.extend(some) or [])
            with pytest.raises(ValueError, match="zip"):
                cards.make(Assessment.objects.get(cycle__code=cycle))
            found = {card.heading: [bar.value for bar in card.bars] for card in asked}
            for iso2 in drawn.sheets:
                areas = [drawn.codes(one["code"]) for one in drawn.edition["areas"]]
                expected = [half_up(plain.percent(drawn, iso2, codes, basis == "strict"), "") for codes in areas]
                assert found[NAMES[iso2]] == expected
            heads = {head.split(" ")[0]: values for head, values in found.items()}
            for code in drawn.indicators:
                said = [sheet[code] for sheet in drawn.sheets.values()]
                assert heads[label_of(drawn, code)] == [str(said.count(level)) for level in drawn.ladder(code)]
