"""The objectives and the index of strategic plans, from what is published of their questionnaires."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from reporting.document import numbers, strategy
from reporting.document.strategy import Asked, Objective, Strategy
from reporting.models import PublishedAnswer, PublishedCountry, PublishedIndicator, PublishedIssue
from reporting.published.rounds import Rounds, questionnaires
from reporting.results import strategic_plan
from reporting.results.breakdowns import of_objective
from reporting.results.scoring import Basis
from reporting.results.strategy import Baseline, Given, objectives
from scoreboard.models import StrategicPlan
from scoreboard.models.people import Person
from scoreboard.questionnaire.strategic_plan import document
from scoreboard.text import alphabetical

Data = dict[str, Any]


class Known(NamedTuple):
    """What is needed of an indicator in an issue."""

    area: str
    code: str
    levels: list[Data]
    traces: Mapping[str, Data]
    label: str = ""
    title: Data = {}
    data_form: Data | None = None


Indicators = dict[int, dict[str, Known]]  # by issue and code, in the order of the questionnaire


@dataclass(frozen=True)
class PlanPage:
    """A strategic plan and the questionnaire by which it is read; `rounds` is None where nothing is published."""

    plan: StrategicPlan
    rounds: Rounds | None

    @cached_property
    def strategy(self) -> Strategy | None:
        """What is known of the plan."""
        return None if self.rounds is None else read(document(self.plan), self.rounds)

    @property
    def action_plans(self) -> list[tuple[str, list[PublishedCountry]]]:
        """The countries of the latest cycle that show an action plan or list to everybody, by its status."""
        if self.rounds is None:
            return []
        shown = strategic_plan.published_plans(is_example=self.rounds.latest.is_example)
        rows = PublishedCountry.objects.filter(issue=self.rounds.latest, iso2__in=shown).only("iso2", "name")
        found = sorted(rows, key=lambda one: alphabetical(numbers.text(one.name)))
        by_status = [
            (strategy.status_words(status), [one for one in found if shown[one.iso2][1] == status])
            for status in strategic_plan.FIRST
        ]
        return [(label, countries) for label, countries in by_status if countries]


@dataclass(frozen=True)
class CountryObjectives:
    """A country in the objectives of a plan: `then` is the cycle of the baseline, None if it cannot be compared."""

    plan: StrategicPlan
    iso2: str
    now: PublishedIssue
    strategy: Strategy

    @property
    def rows(self) -> list[tuple[Objective, Any, Any]]:
        """Each objective with the country's percentage over the same indicators then and now, if it has one."""
        return [(one, *one.own.get(self.iso2, (None, None))) for one in self.strategy.objectives]


def pages(reader: Person) -> list[PlanPage]:
    """Return each strategic plan, with the questionnaire as the reader sees it."""
    plans = list(StrategicPlan.objects.all())
    by_name = {rounds.instrument: rounds for rounds in questionnaires(reader)} if plans else {}
    return [PlanPage(plan, by_name.get(plan.instrument)) for plan in plans]


def read(plan: Data, rounds: Rounds) -> Strategy:
    """Return what is known of a plan from published rows, in words."""
    known = _indicators(rounds.issues)
    return _in_words(computed(plan, rounds, known), rounds.latest, known, rounds.basis)


def of_country(rounds: Rounds, iso2: str, reported: Sequence[PublishedIssue]) -> CountryObjectives | None:
    """Return a country in the objectives of the plan of a questionnaire, in the last issue that counts its answers.

    None without a plan or such an issue, and where no indicator speaks to an objective of the plan.
    """
    plan = StrategicPlan.objects.filter(instrument=rounds.instrument).first()
    if plan is None or not reported:
        return None
    now, data = reported[-1], document(plan)
    then = next((one for one in reported[:-1] if one.cycle_code == plan.baseline_cycle), None)
    known = _indicators([now, then] if then else [now], named=False)
    edition, baseline = _edition(now, known), None
    codes = _codes(data, edition)
    if not codes:
        return None
    if then:
        baseline = _baseline(known, now, then, codes, only=iso2)
    found = {
        "plan": {**data, "index": None},
        "baseline": baseline.cycle if baseline else None,
        "objectives": objectives(data, edition, _countries(now, codes, only=iso2), baseline),
        "index": None,
        "register": {"of": 0, "have": 0, "statuses": {}},
    }
    return CountryObjectives(plan, iso2, now, _in_words(found, now, known, rounds.basis))


def computed(plan: Data, rounds: Rounds, known: Indicators | None = None) -> Data:
    """Return the same as a snapshot of the latest issue would have, from published rows."""
    known = known or _indicators(rounds.issues)
    now = rounds.latest
    then = next((one for one in rounds.issues[:-1] if one.cycle_code == plan["baseline"]["cycle"]), None)
    edition = _edition(now, known)
    codes = _codes(plan, edition)
    baseline = _baseline(known, now, then, codes) if then else None
    given = list(_given(plan, rounds, known, edition))
    taking_part = list(PublishedCountry.objects.filter(issue=now).values_list("iso2", flat=True))
    register = strategic_plan.counted(strategic_plan.published_plans(is_example=now.is_example), taking_part)
    return strategic_plan.compute(plan, edition, _countries(now, codes), baseline, given, register)


def _in_words(data: Data, issue: PublishedIssue, known: Indicators, basis: str) -> Strategy:
    asked = {code: Asked(code, one.label, one.title) for code, one in known[issue.pk].items()}
    return strategy.read(data, Basis(basis), asked)


def _indicators(issues: Sequence[PublishedIssue], *, named: bool = True) -> Indicators:
    """The indicators of some issues; unless they are `named`, without what only a page about all countries needs."""
    rows = PublishedIndicator.objects.filter(issue__in=issues).order_by("position")
    found: Indicators = {one.pk: {} for one in issues}
    for pk, *fields in rows.values_list("issue", *(Known._fields if named else Known._fields[:4])):
        one = Known(*fields)
        found[pk][one.code] = one
    return found


def _edition(issue: PublishedIssue, known: Indicators) -> Data:
    """The edition of an issue as far as it is needed: its objectives, and its indicators with levels and tables."""
    areas: dict[str, list[Data]] = {}
    for one in known[issue.pk].values():
        indicator = {"code": one.code, "levels": one.levels, "data_form": one.data_form}
        areas.setdefault(one.area, []).append(indicator)
    return {
        "code": issue.edition_code,
        "objectives": issue.edition.get("objectives", []),
        "areas": [{"code": code, "indicators": indicators} for code, indicators in areas.items()],
    }


def _codes(plan: Data, edition: Data) -> set[str]:
    """The indicators of all objectives of a plan."""
    return {one["code"] for each in plan["objectives"] for one in of_objective(edition, each["code"])}


def _baseline(
    known: Indicators, now: PublishedIssue, then: PublishedIssue, codes: Iterable[str], *, only: str = ""
) -> Baseline:
    lines = _lines(known, now, then)
    asked = {lines[code] for code in codes if code in lines}
    cycle = {"code": then.cycle_code, "title": then.cycle_title, "opens": then.opens.isoformat()}
    return Baseline(cycle, _edition(then, known), _countries(then, asked, only=only), lines)


def _lines(known: Indicators, now: PublishedIssue, then: PublishedIssue) -> dict[str, str]:
    """The code then of each indicator that is the same all along."""
    if now.edition_code == then.edition_code:
        return {code: code for code in known[now.pk]}
    return {code: there for code, one in known[now.pk].items() if (there := _same(one, then)) is not None}


def _same(indicator: Known, then: PublishedIssue) -> str | None:
    trace = indicator.traces.get(then.edition_code, {"codes": [], "relation": "new"})
    return None if trace["relation"] else trace["codes"][0]


def _countries(issue: PublishedIssue, codes: Iterable[str], *, only: str = "") -> list[Data]:
    """The named countries that count in an issue, or `only` one of them, with their answers to some indicators."""
    reported = PublishedCountry.objects.filter(issue=issue, reported=True).order_by("iso3")
    found: dict[str, Data] = {iso2: {} for iso2 in ([only] if only else reported.values_list("iso2", flat=True))}
    rows = PublishedAnswer.objects.filter(issue=issue, indicator__in=codes).order_by()
    rows = rows.filter(iso2=only) if only else rows
    for iso2, code, kind, level in rows.values_list("iso2", "indicator", "kind", "level"):
        found[iso2][code] = {"kind": kind, "level": level}
    return [{"iso2": iso2, "answers": answers} for iso2, answers in found.items()]


def _given(plan: Data, rounds: Rounds, known: Indicators, edition: Data) -> Iterable[Given]:
    """What countries gave for the index in each cycle in which its table is the same as now, the earliest first."""
    asking = [one for area in edition["areas"] for one in area["indicators"] if strategic_plan.asks_for(plan, one)]
    if not asking:
        return
    there: dict[int, str] = {}
    for issue in rounds.issues:
        code = _lines(known, rounds.latest, issue).get(asking[0]["code"])
        if code and strategic_plan.asks_for(plan, {"data_form": known[issue.pk][code].data_form}):
            there[issue.pk] = code
    rows = PublishedAnswer.objects.filter(issue__in=there, indicator__in=set(there.values())).order_by("issue", "pk")
    by_issue: dict[int, list[tuple[str, Sequence[Data], bool]]] = {}
    columns = ("issue", "indicator", "iso2", "figures", "figures_withheld")
    for pk, code, iso2, figures, withheld in rows.values_list(*columns):
        if there[pk] == code:
            by_issue.setdefault(pk, []).append((iso2, figures, withheld))
    for issue in rounds.issues:
        if issue.pk in there:
            answers = by_issue.get(issue.pk, [])
            yield Given(
                issue.cycle_code,
                {iso2: figures for iso2, figures, _withheld in answers if figures},
                [iso2 for iso2, _figures, withheld in answers if withheld],
            )
