"""Action plans for the tests, made by the verbs that people use."""

from datetime import date

from scoreboard.models import ActionPlan, Country, PlanAction
from scoreboard.plans import actions, register
from scoreboard.plans.actions import ActionFacts
from scoreboard.plans.register import PlanFacts
from tests.factories import a_focal


def a_plan(country: Country, title: str = "Plan for the harbours", *, shown: str = "", **facts) -> ActionPlan:
    """Return a plan of the country with one action, entered by its focal point; `shown` to the given audience."""
    focal = a_focal(country)
    plan = register.enter(country, PlanFacts(title=title, **facts), by=focal)
    if plan.exists:
        an_action(plan)
    if shown:
        register.show(plan, shown, by=focal)
    return ActionPlan.objects.select_related("country").get(pk=plan.pk)


def an_action(plan: ActionPlan, text: str = "Train the harbour police", **facts) -> PlanAction:
    """Return another action of the plan."""
    return actions.add(plan, ActionFacts(text=text, **facts), by=a_focal(plan.country))


PAST = date(2020, 6, 30)  # an end long ago
