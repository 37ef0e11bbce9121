"""The verbs of the actions of a plan: adding, changing and removing one, and noting how it is coming on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from scoreboard import clock, contributors, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.evidence import attaching
from scoreboard.models import ActionPlan, Delegation, Origin, PlanAction, PlanChange, ProgressNote, User
from scoreboard.models.people import countries_of
from scoreboard.plans import register
from scoreboard.text import folded, one_line, require_storable, required

Act = PlanChange.Act

MAX_ACTIONS = 300  # of one plan
MAX_NUMBER = 9999


@dataclass(frozen=True)
class ActionFacts:
    """What a country says of an action; without a number it gets the next one."""

    text: str
    number: int | None = None
    lead: str = ""
    partners: str = ""
    starts: date | None = None
    ends: date | None = None
    status: str = PlanAction.Status.PLANNED
    indicators: tuple[str, ...] = ()


@transaction.atomic
def add(plan: ActionPlan, facts: ActionFacts, *, by: User, origin: Origin = Origin.PAGE) -> PlanAction:
    """Add an action to a plan and return it.

    Raises PermissionDenied unless `by` is the country's focal point; NotNow for the statement that there is no plan;
    Invalid for facts that do not fit together, a number that is taken, and a plan that is full.
    """
    plan = register.lock(plan)
    rules.require_for(by, "write_plan", plan.country)
    return _add(plan, facts, by, origin)


@transaction.atomic
def save(action: PlanAction, facts: ActionFacts, *, seen: int, by: User, origin: Origin = Origin.PAGE) -> PlanAction:
    """Change an action; `seen` is the revision that the person saw. Return it.

    Raises as `add` does, and Stale, with the current action, if somebody changed it since.
    """
    plan, action = lock(action)
    rules.require_for(by, "write_plan", plan.country)
    return _save(plan, action, facts, seen, by, origin)


@transaction.atomic
def remove(action: PlanAction, *, by: User, origin: Origin = Origin.PAGE) -> None:
    """Remove an action with its notes and evidence; the history says what it was.

    Raises PermissionDenied. One that was shown to others is rather set to "Dropped": pages say so.
    """
    plan, action = lock(action)
    rules.require_for(by, "write_plan", plan.country)
    fields = [(name, value, None) for name, value in _values(action).items() if value]
    register.touch(plan, by)
    register.record(plan, Act.REMOVE_ACTION, Verb.SAVE_ACTION, by=by, fields=fields, action=action, origin=origin)
    attaching.delete_with_files(action.pieces.all())
    people = [one.person for one in action.delegations.filter(ended_at=None).select_related("person")]
    action.delete()
    for person in people:
        contributors.update_membership(person, plan.country)


@transaction.atomic
def note(action: PlanAction, *, status: str, text: str, seen: int, by: User) -> PlanAction:
    """Note how an action is coming on: another status, a note, or both; return it.

    The country's focal points and the contributors who have the action may. Raises PermissionDenied; Stale if its
    status was changed since; Invalid if nothing is new.
    """
    plan, action = lock(action)
    require_reporter(action, by)
    if status not in PlanAction.Status.values:
        raise Invalid(_("Choose the status from the list."))
    changed = status != action.status
    if not changed and not text.strip():
        raise Invalid(_("Choose another status or write a note."))
    if changed and action.revision != seen:
        raise _stale(action)
    before = action.status
    if text.strip():
        text = required(text, _("Write the note."))
        require_storable(text)
        ProgressNote.objects.create(action=action, text=text, by=by, at=clock.now())
    if changed:
        action.status = PlanAction.Status(status)
        _write(action, by)
        register.touch(plan, by)
    fields = [("status", before, status)] if changed else []
    if text.strip():
        fields.append(("note", "", text))
    register.record(plan, Act.EDIT_ACTION, Verb.NOTE_PROGRESS, by=by, fields=fields, action=action)
    return action


def may_report(action: PlanAction, user: User) -> bool:
    """Return whether somebody notes progress of an action: a focal point, or a contributor who has it today."""
    if action.plan.country in countries_of(user):
        return True
    return Delegation.objects.of(user).filter(action=action).exists()


def require_reporter(action: PlanAction, by: User) -> None:
    """Raise PermissionDenied (403) unless `by` may note progress of the action."""
    rules.require_for(by, "report_progress", action.plan.country)
    if not may_report(action, by):
        raise PermissionDenied(_("This action is not yours. Ask your focal point for it."))


def lock(action: PlanAction) -> tuple[ActionPlan, PlanAction]:
    """Return the plan, locked until the transaction ends, and the action read again; raise NotNow if it is gone."""
    plan = register.lock(action.plan)
    found = plan.actions.select_related("changed_by").filter(pk=action.pk).first()
    if found is None:
        raise NotNow(_("This action was removed meanwhile."))
    found.plan = plan
    return plan, found


def _add(plan: ActionPlan, facts: ActionFacts, by: User, origin: Origin) -> PlanAction:
    if not plan.exists:
        raise NotNow(_("The register says here that there is no plan. Change its status first."))
    if plan.actions.count() >= MAX_ACTIONS:
        raise Invalid(_("A plan holds at most %s actions.") % MAX_ACTIONS)
    action = PlanAction(plan=plan)
    _fill(action, facts)
    _write(action, by)
    fields = [(name, None, value) for name, value in _values(action).items() if value]
    register.touch(plan, by)
    register.record(plan, Act.ADD_ACTION, Verb.SAVE_ACTION, by=by, fields=fields, action=action, origin=origin)
    return action


def _save(plan: ActionPlan, action: PlanAction, facts: ActionFacts, seen: int, by: User, origin: Origin) -> PlanAction:
    before = _values(action)
    revision = action.revision
    current = PlanAction(pk=action.pk, plan=plan, revision=revision)
    _fill(current, facts)
    after = _values(current)
    fields = [(name, before[name], value) for name, value in after.items() if (before[name] or None) != (value or None)]
    if not fields:
        return action
    if revision != seen:
        raise _stale(action)
    for name, value in after.items():
        setattr(action, name, value)
    action.folded = current.folded
    _write(action, by)
    register.touch(plan, by)
    register.record(plan, Act.EDIT_ACTION, Verb.SAVE_ACTION, by=by, fields=fields, action=action, origin=origin)
    return action


def _write(action: PlanAction, by: User) -> None:
    action.revision += 1
    action.changed_by, action.changed_at = by, clock.now()
    action.save()


def _values(action: PlanAction) -> dict[str, Any]:
    return {name: getattr(action, name) for name in ActionFacts.__dataclass_fields__}


def _fill(action: PlanAction, facts: ActionFacts) -> None:
    """Write the facts into an action; raise Invalid for what does not fit together."""
    plan = action.plan
    action.text = required(facts.text, _("Say what is to be done."))
    action.lead, action.partners = one_line(facts.lead), one_line(facts.partners)
    action.folded = folded(action.text, action.lead, action.partners)
    for text, most in ((action.text, 20_000), (action.lead, 200), (action.partners, 500)):
        require_storable(text, most)
    action.starts, action.ends = facts.starts, facts.ends
    if action.starts and action.ends and action.ends < action.starts:
        raise Invalid(_("The action ends before it starts: correct one of the dates."))
    if facts.status not in PlanAction.Status.values:
        raise Invalid(_("Choose the status from the list."))
    action.status = PlanAction.Status(facts.status)
    action.number = facts.number or _next_number(plan)
    if not 0 < action.number <= MAX_NUMBER:
        raise Invalid(_("The number of an action is between 1 and %s.") % MAX_NUMBER)
    if plan.actions.exclude(pk=action.pk).filter(number=action.number).exists():
        raise Invalid(_("Another action of the plan has the number %s. Choose a free one.") % action.number)
    if unknown := set(facts.indicators) - register.known_codes(plan)[1]:
        raise Invalid(_("There is no indicator %s. Choose from the list.") % ", ".join(sorted(unknown)))
    action.indicators = list(facts.indicators)


def _next_number(plan: ActionPlan) -> int:
    return (plan.actions.aggregate(last=Max("number"))["last"] or 0) + 1


def _stale(action: PlanAction) -> Stale:
    sentence = _("%s changed this action after you opened it. Both are below: put them together, then save again.")
    return Stale(sentence % action.changed_by, current=action)
