"""Copying a plan forward: what is still open of one plan begins the next."""

from collections.abc import Iterable

from django.db import transaction

from scoreboard import clock, rules
from scoreboard.models import ActionPlan, User
from scoreboard.plans import actions, register
from scoreboard.plans.actions import ActionFacts
from scoreboard.plans.register import PlanFacts
from scoreboard.submissions import previous_cycle


@transaction.atomic
def copy_forward(plan: ActionPlan, *, title: str, begins: int | None, ends: int | None, by: User) -> ActionPlan:
    """Enter the plan after this one, in development, with the actions that are open; return it.

    Actions have their numbers, lead, partners and indicators, as the questionnaire of now calls these; an end that has
    passed is left out, and so are notes, evidence, documents and colleagues. The plan itself does not change. Raises
    PermissionDenied unless `by` is the country's focal point, and Invalid for facts that do not fit together.
    """
    plan = register.lock(plan)
    rules.require_for(by, "write_plan", plan.country)
    today = clock.today()
    edition = register.edition_for(plan.country)
    known = {one["code"] for one in edition.objectives} if edition else set()
    facts = PlanFacts(
        title=title,
        kind=plan.kind,
        scope=plan.scope,
        begins=begins,
        ends=ends,
        body=plan.body,
        objectives=tuple(code for code in plan.objectives if code in known),
    )
    new = register.enter(plan.country, facts, by=by, previous=plan, is_example=plan.is_example)
    for action in plan.actions.order_by("number"):
        if action.is_open:
            end = action.ends if action.ends and action.ends >= today else None
            copied = ActionFacts(
                text=action.text,
                number=action.number,
                lead=action.lead,
                partners=action.partners,
                starts=action.starts,
                ends=end,
                status=action.status,
                indicators=tuple(_codes(plan, new, action.indicators)),
            )
            actions.add(new, copied, by=by)
    return ActionPlan.objects.select_related("country", "edition").get(pk=new.pk)


def _codes(plan: ActionPlan, new: ActionPlan, codes: Iterable[str]) -> list[str]:
    """Return what the questionnaire of the new plan calls the indicators: those that come from them."""
    if plan.edition is None or new.edition is None:
        return []
    if plan.edition == new.edition:
        return list(codes)
    traced = previous_cycle.traced(new.edition, plan.edition.pk)
    return [code for code, trace in traced.items() if set(trace.codes) & set(codes)]
