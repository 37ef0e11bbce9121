"""The published cycles of a questionnaire as a reader may see them, its indicators and areas through all of them."""

from collections.abc import Sequence
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from reporting.models import PublishedArea, PublishedIndicator, PublishedIssue
from scoreboard.models.people import Person

Data = dict[str, Any]
NEW: Data = {"codes": [], "relation": "new"}  # the trace of what comes from nowhere


class Place(NamedTuple):
    """An indicator or area in one cycle: its code there, None where it is not one thing there.

    `broken` is the relation (revised, split or new) that parts it from the cycle before; empty if it is the same.
    """

    issue: PublishedIssue
    code: str | None
    broken: str = ""


def questionnaires(reader: Person) -> "list[Rounds]":
    """Return the questionnaires of which the reader sees something published, that of the latest cycle first.

    Invented example cycles are left out as soon as a real one is published: nothing of both is joined.
    """
    issues = _issues(reader)
    return _questionnaires([one for one in issues if not one.is_example] or issues)


def of_cycle(reader: Person, code: str) -> "Rounds | None":
    """Return the rounds up to a cycle, invented ones only with invented ones; None if the reader sees nothing of it."""
    issues = _issues(reader)
    for issue in issues:
        if issue.cycle_code == code:
            alike = _questionnaires([one for one in issues if one.is_example == issue.is_example])
            found = next(rounds.until(issue) for rounds in alike if rounds.instrument == issue.instrument)
            found.is_left_out = issue.is_example and any(not one.is_example for one in issues)
            return found
    return None


def _issues(reader: Person) -> list[PublishedIssue]:
    return list(PublishedIssue.objects.visible_to(reader).order_by("opens", "cycle_code"))


def _questionnaires(issues: list[PublishedIssue]) -> "list[Rounds]":
    by_name = sorted(issues, key=lambda one: one.instrument)
    every = [Rounds(list(some)) for _name, some in groupby(by_name, key=lambda one: one.instrument)]
    every.sort(key=lambda one: (one.latest.opens, one.latest.cycle_code), reverse=True)
    for other in every[1:]:
        other.address = other.instrument
    return every


class Rounds:
    """The issues of one questionnaire that a reader sees, one a cycle, the earliest first; read when first used."""

    def __init__(self, issues: Sequence[PublishedIssue], address: str = ""):
        self.issues = list(issues)
        self.address = address  # what addresses say of the questionnaire: nothing for that of the latest cycle
        self.is_left_out = False  # invented, where real cycles are published: pages over all cycles have nothing of it

    @property
    def latest(self) -> PublishedIssue:
        """The issue of the latest cycle."""
        return self.issues[-1]

    @property
    def instrument(self) -> str:
        """What addresses call the questionnaire."""
        return self.latest.instrument

    @property
    def basis(self) -> str:
        """The basis of every percentage on pages that go over cycles: that of the latest cycle."""
        return self.latest.basis

    @property
    def on_another_basis(self) -> list[PublishedIssue]:
        """The issues that printed their percentages on another basis than the latest one."""
        return [one for one in self.issues if one.basis != self.basis]

    @cached_property
    def indicators(self) -> dict[str, PublishedIndicator]:
        """The indicators of the latest issue by code, in the order of the questionnaire."""
        return {one.code: one for one in PublishedIndicator.objects.filter(issue=self.latest).order_by("position")}

    @cached_property
    def areas(self) -> dict[str, PublishedArea]:
        """The areas of the latest issue by code, in the order of the questionnaire."""
        return {one.code: one for one in PublishedArea.objects.filter(issue=self.latest).order_by("position")}

    @cached_property
    def spreads(self) -> dict[tuple[int, str | None], Data | None]:
        """The figures of all countries in each area, by issue, on the basis of the latest one; see `read_spread`."""
        rows = PublishedArea.objects.filter(issue__in=self.issues).values_list("issue", "code", "spread")
        return {(issue, code): spread[self.basis] for issue, code, spread in rows}

    @cached_property
    def _known(self) -> dict[int, dict[str, tuple[str, Data]]]:
        """The area and the traces of each indicator, by issue: of those next to one of another edition."""
        rows = PublishedIndicator.objects.filter(issue__in=self._at_borders()).order_by("position")
        found: dict[int, dict[str, tuple[str, Data]]] = {one.pk: {} for one in self.issues}
        for issue, code, area, traces in rows.values_list("issue", "code", "area", "traces"):
            found[issue][code] = (area, traces)
        return found

    @cached_property
    def _origins(self) -> dict[tuple[int, str], Data]:
        """The areas that each area comes from, in issues next to one of another edition."""
        rows = PublishedArea.objects.filter(issue__in=self._at_borders()).values_list("issue", "code", "origins")
        return {(issue, code): origins for issue, code, origins in rows}

    def _at_borders(self) -> list[PublishedIssue]:
        """The issues before or after which the edition changes; only there something has to be traced."""
        changes = [pair for pair in pairwise(self.issues) if pair[0].edition_code != pair[1].edition_code]
        return [one for one in self.issues if any(one in pair for pair in changes)]

    def until(self, issue: PublishedIssue) -> "Rounds":
        """Return the same rounds up to one of them."""
        return self if issue == self.latest else Rounds(self.issues[: self.issues.index(issue) + 1], self.address)

    def indicator(self, code: str) -> list[Place]:
        """Return an indicator of the latest issue in each of the cycles."""
        places, here = [], code or None
        for now, before in self._backwards():
            if here is None or before is None or before.edition_code == now.edition_code:
                places.append(Place(now, here))
            else:
                trace = self._known[now.pk][here][1].get(before.edition_code, NEW)
                places.append(Place(now, here, trace["relation"]))
                there = [one for one in trace["codes"] if one in self._known[before.pk]]
                here = there[0] if len(there) == 1 else None
        return places[::-1]

    def area(self, code: str) -> list[Place]:
        """Return an area of the latest issue in each of the cycles; it is revised where its indicators differ."""
        places, here = [], code or None
        for now, before in self._backwards():
            if before is None or here is None or before.edition_code == now.edition_code:
                places.append(Place(now, here))
                continue
            there = self._origins[now.pk, here].get(before.edition_code)
            asked = {one for one, (area, _traces) in self._known[before.pk].items() if area == there}
            traces = [
                traces.get(before.edition_code, NEW) for area, traces in self._known[now.pk].values() if area == here
            ]
            same = {code for trace in traces for code in trace["codes"]} == asked
            same = same and not any(trace["relation"] for trace in traces)
            places.append(Place(now, here, "" if same else "revised" if there else "new"))
            here = there
        return places[::-1]

    def _backwards(self) -> list[tuple[PublishedIssue, PublishedIssue | None]]:
        """Each issue with the one before it, the latest first."""
        return list(zip(self.issues[::-1], [*self.issues[-2::-1], None], strict=True))
