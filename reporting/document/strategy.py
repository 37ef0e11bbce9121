"""A strategic plan with its results, in words for pages and PDF: objectives since the baseline, and the index."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from reporting.charts import index as drawing
from reporting.charts.index import Mark
from reporting.charts.svg import Chart
from reporting.document import numbers
from reporting.document.document import Document
from reporting.results.compute import read_spread
from reporting.results.scoring import Basis, Spread
from scoreboard.models import ActionPlan

Data = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """An indicator as people call it; `code` leads to its page."""

    code: str
    label: str
    title: Data


@dataclass(frozen=True)
class Each:
    """The mean of one indicator in the baseline's cycle and now, over the n countries with a level in both."""

    indicator: Asked
    n: int
    then: Fraction | None
    now: Fraction | None

    @property
    def by(self) -> Fraction | None:
        """By how many percentage points the mean changed."""
        return None if self.then is None or self.now is None else self.now - self.then


@dataclass(frozen=True)
class Objective:
    """An objective: its texts, its indicators, all countries now, and the matched set then and now."""

    code: str
    is_process: bool
    title: Data
    actions: list[Data]
    milestones: list[Data]
    indicators: list[Asked]
    same: int
    all: Spread | None
    then: Spread | None
    now: Spread | None
    each: list[Each]
    own: Mapping[str, tuple[Fraction, Fraction]]  # ISO code → percent then and now

    @property
    def of(self) -> int:
        """How many indicators it has."""
        return len(self.indicators)

    @property
    def by(self) -> Fraction | None:
        """By how many percentage points the mean of the matched set changed."""
        return None if self.then is None or self.now is None else self.now.mean - self.then.mean


@dataclass(frozen=True)
class Point:
    """A year of the index; without a value where too few countries compare, or they reported nothing at first."""

    year: int
    n: int
    then: Decimal | None
    now: Decimal | None
    index: Fraction | None
    target: Fraction


@dataclass(frozen=True)
class Index:
    """The index: each year over all countries that compare, and one set of countries over the years that it has."""

    title: Data
    caution: Data
    start: int
    n: int  # countries that gave figures of the baseline year
    end: int
    target: int
    points: list[Point]
    line: list[Point]
    withheld: list[tuple[str, int]]

    @property
    def in_line(self) -> int:
        """How many countries the line is of; 0 if there is none."""
        return self.line[0].n if self.line else 0

    @property
    def left_out(self) -> str:
        """How many countries' figures are withheld, by cycle, in a sentence; empty if none are."""
        return " ".join(
            ngettext(
                "%(cycle)s: %(n)d country withheld its figures.",
                "%(cycle)s: %(n)d countries withheld their figures.",
                n,
            )
            % {"cycle": cycle, "n": n}
            for cycle, n in self.withheld
        )

    @property
    def rows(self) -> list[tuple[Point, Point | None]]:
        """Each year with the same year of the line, None where the line has none."""
        line = {one.year: one for one in self.line}
        return [(one, line.get(one.year)) for one in self.points]

    @property
    def chart(self) -> Chart:
        """The index as a chart."""
        marks = [
            Mark(
                one.year,
                _float(same.index if same else None),
                _float(one.index),
                numbers.number(same.index if same and same.index is not None else one.index),
                _("n = %(n)d") % {"n": one.n},
            )
            for one, same in self.rows
        ]
        return drawing.index(
            marks,
            start=self.start,
            end=self.end,
            target=self.target,
            target_words=_("target %(target)d in %(year)d") % {"target": self.target, "year": self.end},
            title=str(numbers.text(self.title)),
            description=" ".join(
                [
                    _("%(year)d is 100. The dashed line goes straight to %(target)d in %(end)d.")
                    % {"year": self.start, "target": self.target, "end": self.end},
                    *(
                        _("%(year)d: %(index)s, n = %(n)d.")
                        % {"year": one.year, "index": numbers.number(one.index), "n": one.n}
                        for one in self.points
                        if one.index is not None
                    ),
                ]
            ),
            rtl=get_language_bidi(),
        )


@dataclass(frozen=True)
class Register:
    """How many countries published which action plan; `unknown` are those that published nothing about one."""

    of: int
    have: int
    statuses: list[tuple[str, int]]

    @property
    def unknown(self) -> int:
        """Of how many countries nothing is known."""
        return self.of - sum(n for _status, n in self.statuses)


@dataclass(frozen=True)
class Strategy:
    """A strategic plan and what is known of it."""

    title: Data
    provisional: bool
    note: Data
    baseline_year: int
    target_year: int
    target: int
    cycle: Data | None  # of the baseline; None if answers cannot be compared with it
    objectives: list[Objective]
    index: Index | None
    register: Register

    @property
    def is_asked_about(self) -> bool:
        """Whether an indicator of the questionnaire speaks to an objective."""
        return any(one.indicators for one in self.objectives)


def of(document: Document) -> Strategy | None:
    """Return what a document's snapshot says of its strategic plan; None if it has none."""
    data = document.snapshot.get("strategy")
    if not data:
        return None
    asked = {
        one["code"]: Asked(one["code"], one["label"], one["title"])
        for area in document.questionnaire
        for one in area["indicators"]
    }
    return read(data, document.basis, asked)


def read(data: Data, basis: Basis, indicators: Mapping[str, Asked]) -> Strategy:
    """Return what `results.strategic_plan.compute` found; `indicators` are those of the edition by code."""
    plan = data["plan"]
    return Strategy(
        title=plan["title"],
        provisional=plan["provisional"],
        note=plan["note"],
        baseline_year=plan["baseline"]["year"],
        target_year=plan["target"]["year"],
        target=plan["target"]["percent"],
        cycle=data["baseline"],
        objectives=[_objective(one, basis, indicators) for one in data["objectives"]],
        index=_index(plan, data["index"]) if data["index"] else None,
        register=Register(
            data["register"]["of"],
            data["register"]["have"],
            [(status_words(code), n) for code, n in data["register"]["statuses"].items()],
        ),
    )


def status_words(code: str) -> str:
    """Return how far a country's action plan has come, in words that need no heading."""
    status = ActionPlan.Status(code)
    return _("No action plan") if status == ActionPlan.Status.NONE else str(status.label)


def _objective(data: Data, basis: Basis, indicators: Mapping[str, Asked]) -> Objective:
    on = data[basis]
    return Objective(
        code=data["code"],
        is_process=data["kind"] == "process",
        title=data["title"],
        actions=data["actions"],
        milestones=data["milestones"],
        indicators=[indicators[code] for code in data["indicators"]],
        same=len(data["same"]),
        all=read_spread(on["all"]),
        then=read_spread(on["then"]),
        now=read_spread(on["now"]),
        each=[
            Each(indicators[code], one["n"], _exact(one["then"]), _exact(one["now"]))
            for code, one in data["each"].items()
        ],
        own={iso2: (Fraction(then), Fraction(now)) for iso2, (then, now) in on["countries"].items()},
    )


def _index(plan: Data, data: Data) -> Index:
    return Index(
        title=plan["index"]["title"],
        caution=plan["index"]["caution"],
        start=data["baseline"]["year"],
        n=data["baseline"]["n"],
        end=plan["target"]["year"],
        target=plan["target"]["percent"],
        points=[_point(one) for one in data["points"]],
        line=[_point(one) for one in data["line"]],
        withheld=[(one["cycle"], one["n"]) for one in data["withheld"]],
    )


def _point(data: Data) -> Point:
    return Point(
        data["year"],
        data["n"],
        None if data["then"] is None else Decimal(data["then"]),
        None if data["now"] is None else Decimal(data["now"]),
        _exact(data["index"]),
        Fraction(data["target"]),
    )


def _exact(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
