"""What a person sees of a group of countries: action plans, gaps that they share, and actions against these."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from reporting.document.parts import Cell
from reporting.models import PublishedAnswer, PublishedCountry
from reporting.side_by_side.selections import Selection
from scoreboard.models import ActionPlan, Country, Indicator, PlanAction, Submission, User
from scoreboard.submissions import previous_cycle

Answer = tuple[str, int | None]  # its kind and its level
Data = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A country with its answers, and where they are from: an accepted version, a published issue, or nowhere."""

    country: Country
    answers: Mapping[str, Answer] | None
    published: bool = False


@dataclass(frozen=True)
class Plan:
    """An action plan that the person sees, with the actions that they see of it, and the address of its page."""

    plan: ActionPlan
    actions: list[PlanAction]
    address: str

    @property
    def done(self) -> int:
        """How many of its actions are done."""
        return sum(one.status == PlanAction.Status.DONE for one in self.actions)

    @property
    def going_on(self) -> int:
        """How many of its actions there are without the dropped ones."""
        return sum(one.status != PlanAction.Status.DROPPED for one in self.actions)

    @property
    def overdue(self) -> int:
        """How many of its actions are overdue."""
        return sum(one.is_overdue for one in self.actions)


@dataclass(frozen=True)
class Line:
    """An indicator: the answers of the countries, and the actions that should lift it, each with its country."""

    indicator: Indicator
    cells: list[Cell | None]  # None for a country of which nothing is seen
    below: list[Country]
    n: int  # countries with a level
    actions: list[tuple[Country, PlanAction]]

    @property
    def acting(self) -> int:
        """How many countries have an action that should lift it."""
        return len({country.pk for country, _action in self.actions})


class SideBySide:
    """A selection as one person sees it."""

    def __init__(self, selection: Selection, user: User):
        self.selection, self.user = selection, user

    @cached_property
    def columns(self) -> list[Column]:
        """The countries with their answers: the accepted ones where the person may read them, else the published."""
        countries, cycle = self.selection.countries, self.selection.cycle
        if cycle is None:
            return [Column(country, None) for country in countries]
        accepted = Submission.objects.visible_to(self.user).filter(
            cycle=cycle, country__in=countries, accepted_version__isnull=False
        )
        versions = dict(accepted.values_list("country", "accepted_version__answers"))
        rows = PublishedCountry.objects.visible_to(self.user).filter(issue__cycle=cycle, reported=True)
        published: dict[str, dict[str, Answer]] = {iso2: {} for iso2 in rows.values_list("iso2", flat=True)}
        answers = PublishedAnswer.objects.visible_to(self.user).filter(issue__cycle=cycle, iso2__in=published)
        for iso2, code, kind, level in answers.values_list("iso2", "indicator", "kind", "level").order_by():
            published[iso2][code] = (kind, level)
        return [self._column(country, versions, published) for country in countries]

    def _column(
        self, country: Country, versions: Mapping[int, Sequence[Data]], published: Mapping[str, Mapping[str, Answer]]
    ) -> Column:
        if country.pk in versions:
            return Column(country, {one["code"]: (one["kind"], one["level"]) for one in versions[country.pk]})
        return Column(country, published.get(country.iso2), published=country.iso2 in published)

    @property
    def seen(self) -> int:
        """Of how many countries the person sees answers."""
        return sum(one.answers is not None for one in self.columns)

    @cached_property
    def plans(self) -> list[tuple[Country, list[Plan]]]:
        """The countries with the action plans that the person sees of each, the latest first."""
        found: dict[int, list[Plan]] = {}
        visible = ActionPlan.objects.visible_to(self.user) | ActionPlan.objects.published()
        actions: dict[int, list[PlanAction]] = {}
        for one in self._actions(visible):
            actions.setdefault(one.plan_id, []).append(one)
        register = set(ActionPlan.objects.visible_to(self.user).values_list("pk", flat=True))
        shown = visible.filter(country__in=self.selection.countries).select_related("country")
        for plan in shown.order_by("-begins", "-pk"):
            if plan.pk in register:
                address = reverse("plan", args=[plan.pk])
            else:
                address = reverse("published_plan", args=[plan.country.iso2.lower(), plan.pk])
            found.setdefault(plan.country_id, []).append(Plan(plan, actions.get(plan.pk, []), address))
        return [(country, found.get(country.pk, [])) for country in self.selection.countries]

    def _actions(self, visible: QuerySet[ActionPlan]) -> list[PlanAction]:
        """The actions of these countries' plans that the person sees, in the order of each plan."""
        published = PlanAction.objects.filter(plan__in=ActionPlan.objects.published().values("pk"))
        seen = PlanAction.objects.visible_to(self.user) | published
        wanted = seen.filter(plan__in=visible.filter(country__in=self.selection.countries).values("pk"))
        return list(wanted.select_related("plan").order_by("plan", "number"))

    @cached_property
    def lines(self) -> list[Line]:
        """Every indicator of the cycle's questionnaire in its order."""
        if self.selection.cycle is None:
            return []
        by_code = self._actions_by_code()
        return [self._line(one, by_code.get(one.code, [])) for one in self.selection.cycle.edition.all_indicators]

    def _line(self, indicator: Indicator, actions: list[tuple[Country, PlanAction]]) -> Line:
        ladder = [level.value for level in indicator.ladder]
        cells = [
            None if one.answers is None else _cell(ladder, one.answers.get(indicator.code)) for one in self.columns
        ]
        levels = [
            (column.country, cell)
            for column, cell in zip(self.columns, cells, strict=True)
            if cell is not None and cell.kind == "level"
        ]
        below = [country for country, cell in levels if cell.rung < cell.of]
        return Line(indicator, cells, below, len(levels), actions)

    def _actions_by_code(self) -> dict[str, list[tuple[Country, PlanAction]]]:
        """The open and done actions by indicator of the cycle's edition, where that is the same in the plan's."""
        edition = self.selection.cycle.edition if self.selection.cycle else None
        found: dict[str, list[tuple[Country, PlanAction]]] = {}
        names: dict[int | None, Mapping[str, str]] = {}
        for country, plans in self.plans:
            for plan in plans:
                pk = plan.plan.edition_id
                if pk not in names and edition:
                    names[pk] = _codes_now(edition, pk)
                for action in plan.actions:
                    if action.status != PlanAction.Status.DROPPED:
                        for code in action.indicators:
                            if now := names[pk].get(code):
                                found.setdefault(now, []).append((country, action))
        return found

    @property
    def matrix(self) -> list[tuple[Country, list[tuple[Indicator, Cell]] | None]]:
        """Each country with all its answers; None where the person sees nothing of it."""
        return [
            (column.country, None)
            if column.answers is None
            else (column.country, [(line.indicator, cell) for line in self.lines if (cell := line.cells[n])])
            for n, column in enumerate(self.columns)
        ]

    @property
    def gaps(self) -> list[Line]:
        """The indicators on which at least two countries are below the highest level, most countries first."""
        shared = [one for one in self.lines if len(one.below) > 1]
        return sorted(shared, key=lambda one: (-len(one.below), one.indicator.position))

    @property
    def shared(self) -> list[Line]:
        """The indicators that actions of at least two countries should lift, most countries first."""
        return sorted(
            (one for one in self.lines if one.acting > 1), key=lambda one: (-one.acting, one.indicator.position)
        )


def _cell(ladder: Sequence[int], answer: Answer | None) -> Cell:
    kind, level = answer or ("", None)
    if kind != "level" or level not in ladder:
        return Cell("" if kind == "level" else kind)
    return Cell(kind, level, ladder.index(level), len(ladder) - 1)


def _codes_now(edition: Any, pk: int | None) -> dict[str, str]:
    """The code now of each indicator of a plan's edition that is the same as one of the cycle's edition."""
    if pk is None or pk == edition.pk:
        return {one.code: one.code for one in edition.all_indicators}
    return dict(_traced(edition, pk))


def _traced(edition: Any, pk: int) -> Iterator[tuple[str, str]]:
    for code, trace in previous_cycle.traced(edition, pk).items():
        if not trace.first_change:
            yield trace.codes[0], code
