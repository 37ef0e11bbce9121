"""Action plans as everybody reads them: without notes, evidence, files and names of people."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from i18nfield.strings import LazyI18nString

from scoreboard.models import ActionPlan, Indicator, PlanAction, PlanPiece
from scoreboard.plans import reading


def of_country(iso2: str) -> QuerySet[ActionPlan]:
    """Return the published plans of a country, the latest first, with the numbers of actions and of those done."""
    done = Count("actions", filter=Q(actions__status=PlanAction.Status.DONE))
    found = ActionPlan.objects.published().filter(country__iso2=iso2).select_related("country", "edition")
    return found.annotate(action_count=Count("actions"), done_count=done).order_by("-begins", "-pk")


@dataclass(frozen=True)
class PublicAction:
    """An action with the indicators that it should lift."""

    action: PlanAction
    indicators: list[Indicator]


@dataclass(frozen=True)
class PlanPage:
    """What the public page of a plan shows."""

    plan: ActionPlan
    objectives: list[tuple[str, LazyI18nString]]
    links: list[PlanPiece]
    actions: list[PublicAction]


def page(plan: ActionPlan) -> PlanPage:
    """Return what everybody reads of a published plan."""
    titles = reading.indicators(plan)
    actions = list(plan.actions.order_by("number"))
    for action in actions:
        action.plan = plan
    return PlanPage(
        plan,
        reading.objectives(plan),
        list(plan.pieces.filter(action=None).exclude(url="").order_by("added_at", "pk")),
        [PublicAction(one, [titles[code] for code in one.indicators if code in titles]) for one in actions],
    )
