"""What a person finds of action plans: the register of a country, what is overdue, what waits for the Secretariat."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import clock, rules
from scoreboard.models import (
    ActionPlan,
    Country,
    Delegation,
    Indicator,
    Membership,
    PlanAction,
    PlanChange,
    Role,
    User,
)
from scoreboard.models.plans import IN_HAND, OPEN, ActionPlanQuerySet, PlanActionQuerySet
from scoreboard.text import localised


def listed(user: User) -> ActionPlanQuerySet:
    """Return the plans that somebody sees, with how many actions of theirs each has, by country, the latest first."""
    mine = Q(actions__in=PlanAction.objects.visible_to(user))
    late = mine & Q(status__in=IN_HAND, actions__status__in=OPEN, actions__ends__lt=clock.today())
    return (
        ActionPlan.objects.visible_to(user)
        .select_related("country")
        .annotate(
            action_count=Count("actions", filter=mine),
            done_count=Count("actions", filter=mine & Q(actions__status=PlanAction.Status.DONE)),
            overdue_count=Count("actions", filter=late),
        )
        .order_by("country__iso3", "-begins", "-pk")
    )


def overdue(user: User) -> PlanActionQuerySet:
    """Return the overdue actions that somebody sees, the longest overdue first."""
    found = PlanAction.objects.visible_to(user).overdue().select_related("plan__country")
    return found.order_by("ends", "plan", "number")


def waiting_for_check(user: User) -> list[ActionPlan]:
    """Return the plans that an officer has not checked as they are now, those changed first first; none for others."""
    if not rules.may(user, "check_plan"):
        return []
    seen = ActionPlan.objects.visible_to(user).select_related("country").order_by("changed_at", "pk")
    return [plan for plan in seen if plan.waits_for_check]


def with_actions(plan: ActionPlan, user: User) -> list[PlanAction]:
    """Return the actions of a plan that somebody sees, each knowing its plan and how many notes it has."""
    found = plan.actions.visible_to(user).order_by("number")
    rows = list(found.annotate(note_count=Count("notes", distinct=True)))
    for action in rows:
        action.plan = plan
    return rows


def given(plan: ActionPlan) -> dict[int, list[Delegation]]:
    """Return by action who has it today."""
    found: dict[int, list[Delegation]] = defaultdict(list)
    for one in Delegation.objects.unended().filter(action__plan=plan).select_related("person").order_by("pk"):
        found[one.action_id].append(one)
    return found


def contributors_of(country: Country) -> set[int]:
    """Return the primary keys of the country's contributors, who have accepted that they are."""
    held = Membership.objects.in_force().filter(country=country, role=Role.CONTRIBUTOR)
    return set(held.values_list("person", flat=True))


def who(delegation: Delegation, accepted: Iterable[int]) -> str:
    """Return whom a focal point sees: until the person accepts, the name or address that was typed."""
    if delegation.person_id in accepted:
        return str(delegation.person)
    return delegation.invited_name or delegation.invited_address


def objectives(plan: ActionPlan) -> list[tuple[str, Any]]:
    """Return the code and title of each objective of the plan's questionnaire that the plan serves."""
    known = plan.edition.objectives if plan.edition else []
    return [(one["code"], localised(one["title"])) for one in known if one["code"] in plan.objectives]


def indicators(plan: ActionPlan) -> dict[str, Indicator]:
    """Return the indicators of the plan's questionnaire by code."""
    return {one.code: one for one in plan.edition.all_indicators} if plan.edition else {}


# --- history


@dataclass(frozen=True)
class Changed:
    """One field of a change as people read it."""

    name: str
    old: str
    new: str


def history(plan: ActionPlan, user: User) -> QuerySet[PlanChange]:
    """Return the changes of a plan that somebody may read, the latest first.

    The country's focal points read all; officers and analysts those since the country showed them the plan.
    """
    found = plan.changes.select_related("by").order_by("-at", "-pk")
    if rules.may_for(user, "write_plan", plan.country):
        return found
    return found.filter(at__gte=plan.shared_at) if plan.shared_at else found.none()


def changed(change: PlanChange) -> list[Changed]:
    """Return the fields of a change in the reader's language."""
    model = PlanAction if change.number else ActionPlan
    return [Changed(_name(model, name), _shown(name, old), _shown(name, new)) for name, old, new in change.fields]


def _name(model: type[ActionPlan | PlanAction], field: str) -> str:
    own = {
        "note": _("progress note"),
        "check_note": _("note of the check"),
        "piece": _("file or link"),
        "action": _("action"),
    }
    if field in own:
        return own[field]
    return str({one.name: one.verbose_name for one in model._meta.concrete_fields}[field])


def _shown(field: str, value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field in ("starts", "ends", "adopted_on") and isinstance(value, str):
        return date_format(date.fromisoformat(value))
    labels = {
        "kind": ActionPlan.Kind,
        "audience": ActionPlan.Audience,
        "status": PlanAction.Status if value in PlanAction.Status.values else ActionPlan.Status,
    }
    return str(labels[field](value).label) if field in labels else str(value)
