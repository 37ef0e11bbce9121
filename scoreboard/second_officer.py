"""The second pair of eyes: who may confirm what a first officer approved."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard.models import GroupMembership, Membership, Organisation, Role, Submission, User


def obstacle(submission: Submission, person: User) -> str:
    """Return as a sentence why this officer cannot be the second for an approved submission; empty if they can."""
    if submission.approved_by_id == person.pk:
        return _("You approved it. Another officer confirms it.")
    if not others(submission).filter(pk=person.pk).exists():
        names = ", ".join(str(one) for one in other_secretariats(submission))
        return _("%(country)s belongs to networks of several Secretariats, so an officer of %(names)s confirms it.") % {
            "country": submission.country,
            "names": names,
        }
    return ""


def others(submission: Submission) -> QuerySet[User]:
    """Return the officers who can confirm what was approved.

    Where the country belongs to networks of several Secretariats today, those of another one than the first officer's;
    else any other officer.
    """
    officers = Membership.objects.in_force().filter(role=Role.SECRETARIAT)
    if secretariats := other_secretariats(submission):
        officers = officers.filter(organisation__in=secretariats)
    found = User.objects.filter(pk__in=officers.values("person"), is_active=True)
    return found.exclude(pk=submission.approved_by_id) if submission.approved_by_id else found


def other_secretariats(submission: Submission) -> list[Organisation]:
    """Return the Secretariats of the country's networks that are not the first officer's; none if it has one alone."""
    held = GroupMembership.objects.in_force().filter(country=submission.country_id)
    secretariats = set(Organisation.objects.filter(networks__memberships__in=held))
    if len(secretariats) < 2:
        return []
    first = Membership.objects.in_force().filter(person=submission.approved_by_id, role=Role.SECRETARIAT)
    own = set(Organisation.objects.filter(memberships__in=first))
    return sorted(secretariats - own, key=str)
