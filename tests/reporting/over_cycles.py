"""What was drawn for published cycles of two questionnaires, and plain arithmetic of it: for pages over all cycles.

One questionnaire has three cycles and two editions, whose indicators stay, are revised, split and new; another has two
cycles. Some comments and figures are withheld, some countries report now and then; one cycle came in by a file.
"""

from fractions import Fraction

import yaml

from scoreboard.questionnaire import importing
from tests.factories import HARBOUR, HARBOUR_NEXT, SCOREBOARD, an_edition
from tests.reporting import recomputation as plain
from tests.reporting.drawing import Drawn
from tests.reporting.published import NAMES, publish, random_answers, seeded

# What the second edition of the harbours says of its indicators: the code before, and how the wording changed.
BEFORE = {"P1": ("P1", ""), "P2": ("P2", "revised"), "P3a": ("P3", "split"), "P3b": ("P3", "split"), "R3": ("", "new")}
ROUNDS = {
    "harbour": [("2018", HARBOUR, "answered"), ("2021", HARBOUR, "strict"), ("2024", HARBOUR_NEXT, "answered")],
    "scoreboard": [("2020", SCOREBOARD, "strict"), ("2023", SCOREBOARD, "strict")],
}


class Truth:
    """What was answered in the cycles of one questionnaire, before anything of it was stored."""

    def __init__(self, name: str, seed: int):
        random = seeded(seed)
        self.name, self.cycles, self.answers, self.drawn = name, ROUNDS[name], {}, {}
        for code, path, basis in self.cycles:
            edition = importing.export(an_edition(path))
            who = sorted(random.sample(list(NAMES), 4))
            answers = {iso2: random_answers(random, edition) for iso2 in who}
            others = [one for one in NAMES if one not in who]
            publish(path, code, answers, missing=others, basis=basis, imported=code == "2018")
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


def label_of(drawn: Drawn, code: str) -> str:
    """The label of an indicator: its code, behind that of its area where it is a number."""
    area = next(one["code"] for one in drawn.edition["areas"] if code in drawn.codes(one["code"]))
    return f"{area}{code}" if code.isdigit() else code
