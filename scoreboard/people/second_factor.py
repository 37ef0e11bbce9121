"""The second factor at sign-in: who must have one, until when they can do without, and the removal of a lost one."""

from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Role, SecondFactorRemoval, User
from scoreboard.models.people import roles_of
from scoreboard.people import sessions, tokens
from scoreboard.text import stripped

REQUIRED_OF = frozenset({Role.SECRETARIAT, Role.ANALYST})  # and of administrators


def is_required(person: User) -> bool:
    """Return whether the person must have a second factor: for a role, as an administrator, or once theirs was removed.

    Nobody must where SECOND_FACTOR_REQUIRED is off, as in the demo.
    """
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    return person.is_staff or person.second_factor_due is not None or bool(roles_of(person) & REQUIRED_OF)


def is_set_up(person: User) -> bool:
    """Return whether the person has a second factor; recovery codes alone are none."""
    found = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(found.exists())


def is_missing(person: User) -> bool:
    """Return whether the person must have a second factor and has none."""
    return is_required(person) and not is_set_up(person)


def last_day_without(person: User) -> date:
    """Return the last day on which a person whose second factor is missing can do without.

    It is fixed when they are first seen without one, and never moved later.
    """
    if person.second_factor_due is None:
        person.second_factor_due = clock.today() + timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS)
        person.save(update_fields=["second_factor_due"])
    return person.second_factor_due


@transaction.atomic
def remove(person: User, *, reason: str, by: User | None, from_ip: str | None = None) -> SecondFactorRemoval:
    """Remove all second factors of a person who lost the device, end their sessions and tokens, and mail them and
    the officers.

    From their next sign-in on they must set up a new one before anything else. `by` is None for the command line.
    Raises Invalid without a reason, and NotNow for one's own and if there is none.
    """
    reason = stripped(reason)
    if not reason:
        raise Invalid(_("Say why the second factor is removed."))
    if by == person:
        raise NotNow(_("Nobody removes their own second factor here. Ask another administrator."))
    person = User.objects.select_for_update().get(pk=person.pk)
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise NotNow(_("%s has no second factor.") % person)
    person.second_factor_due = clock.today() - timedelta(days=1)
    person.save(update_fields=["second_factor_due"])
    sessions.end(person)
    tokens.end_all(person, by=by)
    removal = SecondFactorRemoval.objects.create(person=person, reason=reason, by=by, from_ip=from_ip)
    activity.record(Verb.REMOVE_SECOND_FACTOR, by=by, person=person)
    link = settings.SITE_URL + reverse("mfa_index")
    notifications.notify_account(person, "second_factor_removed", removal=removal, link=link)
    notifications.notify_officers("second_factor_removal_seen", removal=removal)
    return removal


def delete_old_origins() -> int:
    """Delete the network address of removals that are more than a year old; return how many."""
    old = SecondFactorRemoval.objects.filter(at__lt=clock.now() - timedelta(days=365), from_ip__isnull=False)
    return old.update(from_ip=None)
