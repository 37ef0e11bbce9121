"""Giving actions of a plan to colleagues, who note their progress without seeing the rest of the plan."""

from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, contributors, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid
from scoreboard.mail import notifications
from scoreboard.models import ActionPlan, Country, Delegation, Membership, PlanAction, Role, User
from scoreboard.people import invitations, roles
from scoreboard.plans import register
from scoreboard.text import one_line

STORED_DAYS = 365  # after its end, for which it is stored who had an action


@transaction.atomic
def delegate(
    plan: ActionPlan, actions: Collection[PlanAction], *, email: str, name: str, until: date, by: User
) -> list[Delegation]:
    """Give actions of a plan to the person with this e-mail address until the end of `until`; return what was given.

    A contributor of the country gets a mail and has them at once; a new person sets a password first; another person
    with an account accepts the role first. An action that they have already only gets the last day. Raises
    PermissionDenied; Invalid without an action, for a past day, or for a focal point of the country.
    """
    plan = register.lock(plan)
    country = plan.country
    rules.require_for(by, "delegate", country)
    email, name = one_line(email), one_line(name)
    _require_address(email)
    if not actions:
        raise Invalid(_("Choose at least one action."))
    if any(action.plan_id != plan.pk for action in actions):
        raise Invalid(_("One of the actions does not belong to this plan. Choose from the list."))
    roles.require_last_day(until)
    invitations.lock_giver(by, Role.CONTRIBUTOR, country)
    person, _is_new = invitations.person_with(email, name)
    if Membership.objects.in_force().filter(person=person, country=country, role=Role.FOCAL).exists():
        raise Invalid(_("%s can write the whole plan already and needs no invitation.") % email)
    contributors.require_within_limit(country, person, until)
    given = [_give(action, person, email, name, until, by) for action in actions]
    numbers = ", ".join(str(action.number) for action in actions)
    _let_in(plan, person, name, until, numbers, by)
    activity.record(Verb.DELEGATE, by=by, country=country, person=person, detail=f"{plan.pk}: {numbers}"[:200])
    return given


@transaction.atomic
def end(delegation: Delegation, *, by: User) -> None:
    """Take an action back at once; the notes of its contributor stay. Raises PermissionDenied."""
    plan = register.lock(delegation.action.plan)
    rules.require_for(by, "delegate", plan.country)
    found = Delegation.objects.filter(pk=delegation.pk, ended_at=None)
    if not found.update(ended_at=clock.now(), ended_by=by):
        return
    person = delegation.person
    contributors.update_membership(person, plan.country)
    if not Delegation.objects.unended().filter(person=person, action__plan__country=plan.country).exists():
        _offered(person, plan.country).update(ended_at=clock.now(), ended_by=by)
    detail = f"{plan.pk}, {delegation.action.number}"
    activity.record(Verb.END_DELEGATION, by=by, country=plan.country, person=person, detail=detail)


def delete_old() -> int:
    """Delete who had which action, STORED_DAYS after that ended; return how many."""
    last = clock.today() - timedelta(days=STORED_DAYS)
    over = Delegation.objects.filter(until__lt=last) | Delegation.objects.filter(ended_at__lt=clock.start_of(last))
    return over.delete()[0]


def _require_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(_("“%s” is no e-mail address. Type one such as name@ministry.example.") % email) from None


def _give(action: PlanAction, person: User, email: str, name: str, until: date, by: User) -> Delegation:
    facts = {"until": until, "given_by": by, "given_at": clock.now(), "invited_name": name, "invited_address": email}
    found = Delegation.objects.filter(action=action, person=person, ended_at=None).first()
    if found is None:
        return Delegation.objects.create(action=action, person=person, **facts)
    found.until = until
    found.save(update_fields=["until"])
    return found


def _let_in(plan: ActionPlan, person: User, name: str, until: date, numbers: str, by: User) -> None:
    """See to it that the person is, or is invited to be, a contributor of the country until that day, and mail them."""
    country = plan.country
    if Membership.objects.in_force().filter(person=person, country=country, role=Role.CONTRIBUTOR).exists():
        contributors.update_membership(person, country)
        link = settings.SITE_URL + reverse("plan", args=[plan.pk])
        facts = {"plan": plan, "numbers": numbers, "until": until, "link": link, "by": by, "reply_to": by.email}
        if person.is_active:
            notifications.notify_account(person, "plan_delegated", **facts)
        return
    if offered := _offered(person, country).first():
        offered.until = max(until, offered.until or until)
        offered.save(update_fields=["until"])
        return
    # Officers read invitations, so the plan, which may be the country's alone, is not named.
    note = _("You are asked to note how actions %s of an action plan are coming on.") % numbers
    membership = Membership(person=person, role=Role.CONTRIBUTOR, country=country, since=clock.today(), until=until)
    invitations.give_role(membership, by=by, name=name, note=note)
    if membership.accepted_at:
        roles.send_link(membership, by=by)


def _offered(person: User, country: Country) -> QuerySet[Membership]:
    return Membership.objects.offered().filter(person=person, country=country, role=Role.CONTRIBUTOR)
