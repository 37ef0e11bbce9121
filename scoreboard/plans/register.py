"""The verbs of a country's register of action plans: entering and changing a plan, who reads it, and its check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, contributors, public_pages, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.evidence import attaching
from scoreboard.mail import notifications
from scoreboard.models import (
    ActionPlan,
    Country,
    Delegation,
    Edition,
    Origin,
    PlanAction,
    PlanChange,
    Role,
    Submission,
    User,
)
from scoreboard.text import folded, one_line, require_storable, stripped

Act = PlanChange.Act
Audience = ActionPlan.Audience
Status = ActionPlan.Status

# The earliest and the latest year of a plan: any other is a typing error.
YEARS = (1970, 2100)

Field = tuple[str, Any, Any]  # its name, the old and the new value


@dataclass(frozen=True)
class PlanFacts:
    """What a country says of a plan as a whole."""

    title: str
    kind: str = ActionPlan.Kind.PLAN
    status: str = Status.DEVELOPMENT
    scope: str = ""
    begins: int | None = None
    ends: int | None = None
    adopted_on: date | None = None
    body: str = ""
    objectives: tuple[str, ...] = ()


def lock(plan: ActionPlan) -> ActionPlan:
    """Return the plan read again and locked until the transaction ends."""
    found = ActionPlan.objects.select_for_update(of=("self",)).select_related("country", "edition", "changed_by")
    return found.get(pk=plan.pk)


def edition_for(country: Country) -> Edition | None:
    """Return the questionnaire of the country's latest cycle, else the latest that is used; None before the first."""
    cycles = Submission.objects.filter(country=country, cycle__opened_at__isnull=False).select_related("cycle__edition")
    latest = cycles.order_by("-cycle__opens", "-cycle").first()
    return latest.cycle.edition if latest else Edition.objects.used_openly().order_by("-year", "-pk").first()


@transaction.atomic
def enter(
    country: Country,
    facts: PlanFacts,
    *,
    by: User,
    previous: ActionPlan | None = None,
    is_example: bool = False,
    origin: Origin = Origin.PAGE,
) -> ActionPlan:
    """Enter a plan of the country, which nobody else sees until it is shown to them; return it.

    `previous` is the plan that it was copied from, `is_example` that it is made of invented answers.

    Raises PermissionDenied unless `by` is the country's focal point, Invalid for facts that do not fit together.
    """
    rules.require_for(by, "write_plan", country)
    plan = ActionPlan(country=country, previous=previous, edition=edition_for(country), changed_by=by)
    plan.is_example = is_example
    _fill(plan, facts)
    plan.changed_at = plan.created_at = clock.now()
    plan.save()
    record(plan, Act.ENTER, Verb.ENTER_PLAN, by=by, fields=_differences({}, facts), origin=origin)
    return plan


@transaction.atomic
def save(plan: ActionPlan, facts: PlanFacts, *, seen: int, by: User, origin: Origin = Origin.PAGE) -> ActionPlan:
    """Change what is said of a plan as a whole; `seen` is the revision that the person saw. Return the plan.

    Raises PermissionDenied; Stale, with the current plan, if a colleague changed it since; Invalid for facts that do
    not fit together.
    """
    plan = lock(plan)
    rules.require_for(by, "write_plan", plan.country)
    before = {name: getattr(plan, name) for name in vars(facts)}
    fields = _differences(before, facts)
    if not fields:
        return plan
    if plan.revision != seen:
        raise Stale(
            _("%s changed this plan after you opened it. Both are below: put them together, then save again.")
            % plan.changed_by,
            current=plan,
        )
    _fill(plan, facts)
    plan.revision += 1
    plan.save()
    touch(plan, by)
    record(plan, Act.EDIT, Verb.SAVE_PLAN, by=by, fields=fields, origin=origin)
    return plan


@transaction.atomic
def show(plan: ActionPlan, audience: str, *, by: User) -> ActionPlan:
    """Decide who reads a plan: the country only, also the Secretariat, or everybody; return it.

    Officers and analysts then read all of it; everybody reads it without progress notes, evidence and files. What is
    taken back is no longer given out, and the check by the Secretariat counts no more. Repeating it is harmless.
    Raises PermissionDenied.
    """
    plan = lock(plan)
    rules.require_for(by, "show_plan", plan.country)
    before = plan.audience
    if before == audience:
        return plan
    plan.audience = Audience(audience)
    everybody, hidden = audience == Audience.EVERYBODY, audience == Audience.COUNTRY
    plan.published_at, plan.published_by = (clock.now(), by) if everybody else (None, None)
    plan.shared_at = None if hidden else plan.shared_at or clock.now()
    if hidden:
        plan.checked_at, plan.checked_by, plan.check_note = None, None, ""
    plan.save()
    if Audience.EVERYBODY in (before, audience):
        public_pages.change()
    record(plan, Act.SHOW, Verb.SHOW_PLAN, by=by, fields=[("audience", before, audience)])
    if before == Audience.COUNTRY:
        _notify_officers(plan, by)
    return plan


def publish(plan: ActionPlan, *, by: User) -> ActionPlan:
    """Let everybody read a plan; as `show`."""
    return show(plan, Audience.EVERYBODY, by=by)


def unpublish(plan: ActionPlan, *, by: User) -> ActionPlan:
    """Let the Secretariat read a plan and nobody else outside the country; as `show`."""
    return show(plan, Audience.SECRETARIAT, by=by)


@transaction.atomic
def check(plan: ActionPlan, *, note: str, seen: int, by: User) -> ActionPlan:
    """Record that an officer checked a plan as it is now, with a note that the country reads; return it.

    `seen` is the number of the latest change that the officer read (`latest_change`). The focal points get a mail.
    Raises PermissionDenied; NotNow for a plan that is the country's alone; Stale if it was changed since.
    """
    plan = lock(plan)
    rules.require_for(by, "check_plan", plan.country)
    if plan.audience == Audience.COUNTRY:
        raise NotNow(_("The country does not show this plan to the Secretariat any more."))
    if latest_change(plan) != seen:
        raise Stale(_("%s changed this plan after you opened it. Read it again first.") % plan.changed_by)
    note = stripped(note)
    require_storable(note)
    plan.checked_by, plan.checked_at, plan.check_note = by, clock.now(), note
    plan.save(update_fields=["checked_by", "checked_at", "check_note"])
    record(plan, Act.CHECK, Verb.CHECK_PLAN, by=by, fields=[("check_note", "", note)] if note else [])
    link = settings.SITE_URL + reverse("plan", args=[plan.pk])
    for person in notifications.holders(role=Role.FOCAL, country=plan.country):
        notifications.notify_account(person, "plan_checked", plan=plan, link=link, by=by)
    return plan


@transaction.atomic
def delete(plan: ActionPlan, *, by: User) -> None:
    """Delete a plan that only the country has ever seen, with its actions and files.

    Raises PermissionDenied; NotNow for one that was shown to others, or from which another was copied.
    """
    plan = lock(plan)
    rules.require_for(by, "write_plan", plan.country)
    require_deletable(plan)
    activity.record(Verb.DELETE_PLAN, by=by, country=plan.country, detail=str(plan.pk))
    attaching.delete_with_files(plan.pieces.all())
    held = Delegation.objects.filter(action__plan=plan, ended_at=None).select_related("person")
    people = {one.person for one in held}
    plan.delete()
    for person in people:
        contributors.update_membership(person, plan.country)


def require_deletable(plan: ActionPlan) -> None:
    """Raise NotNow, saying why, unless the plan can be deleted."""
    if plan.changes.filter(act=Act.SHOW).exists():
        raise NotNow(_("Others have read this plan: it stays in the register. Set its status to “Expired” instead."))
    if plan.next.exists():
        raise NotNow(_("Another plan was copied from this one: it stays in the register."))


def latest_change(plan: ActionPlan) -> int:
    """Return the number of the latest change of the plan or its actions."""
    return plan.changes.order_by("-pk").values_list("pk", flat=True).first() or 0


def touch(plan: ActionPlan, by: User) -> None:
    """Note that the locked plan, or an action of it, was changed now; what everybody reads is made anew."""
    plan.changed_by, plan.changed_at = by, clock.now()
    plan.save(update_fields=["changed_by", "changed_at"])
    if plan.is_published:
        public_pages.change()


def record(
    plan: ActionPlan,
    act: Act,
    verb: Verb,
    *,
    by: User,
    fields: Iterable[Field] = (),
    action: PlanAction | None = None,
    origin: Origin = Origin.PAGE,
) -> None:
    """Write a change of the plan, or of one of its actions, into its history and into the activity log."""
    number = action.number if action else None
    PlanChange.objects.create(
        plan=plan, act=act, action=action, number=number, by=by, at=clock.now(), origin=origin, fields=list(fields)
    )
    detail = f"{plan.pk}, {number}" if action else str(plan.pk)
    activity.record(verb, by=by, country=plan.country, detail=detail, origin=origin)


def known_codes(plan: ActionPlan) -> tuple[set[str], set[str]]:
    """Return the codes of the objectives and of the indicators of the plan's questionnaire."""
    if plan.edition is None:
        return set(), set()
    objectives = {one["code"] for one in plan.edition.objectives}
    return objectives, {one.code for one in plan.edition.all_indicators}


def _fill(plan: ActionPlan, facts: PlanFacts) -> None:
    """Write the facts into a plan; raise Invalid for what does not fit together."""
    cleaned = {"title": one_line(facts.title), "body": one_line(facts.body), "scope": stripped(facts.scope)}
    for name, most in (("title", 300), ("body", 200), ("scope", 20_000)):
        require_storable(cleaned[name], most)
    for name, value in (vars(facts) | cleaned | {"objectives": list(facts.objectives)}).items():
        setattr(plan, name, value)
    plan.folded = folded(plan.title, plan.body, plan.scope)
    if plan.exists and not plan.title:
        raise Invalid(_("Give the title of the plan."))
    for year in (plan.begins, plan.ends):
        if year is not None and not YEARS[0] <= year <= YEARS[1]:
            raise Invalid(_("“%s” is no year of a plan: type one such as 2026.") % year)
    if plan.begins and plan.ends and plan.ends < plan.begins:
        raise Invalid(_("The last year is before the first: correct one of them."))
    if not plan.exists and (plan.pk and plan.actions.exists()):
        raise Invalid(_("This plan has actions. Choose another status, or enter “None” as a plan of its own."))
    if unknown := set(facts.objectives) - known_codes(plan)[0]:
        raise Invalid(_("There is no objective %s. Choose from the list.") % ", ".join(sorted(unknown)))


def _differences(before: dict[str, Any], facts: PlanFacts) -> list[Field]:
    """Return what the facts change; lists are compared as they are stored."""
    after = vars(facts) | {"objectives": list(facts.objectives)}
    after |= {"title": one_line(facts.title), "body": one_line(facts.body), "scope": stripped(facts.scope)}
    return [
        (name, before.get(name), value)
        for name, value in after.items()
        if (before.get(name) or None) != (value or None)
    ]


def _notify_officers(plan: ActionPlan, by: User) -> None:
    link = settings.SITE_URL + reverse("plan", args=[plan.pk])
    notifications.notify_officers("plan_shown", but=by, plan=plan, link=link, by=by, reply_to=by.email)
