"""The second pair of eyes: who may confirm what a first officer approved."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard.models import Membership, Role, Submission, User


def obstacle(submission: Submission, person: User) -> str:
    """Return as a sentence why this officer cannot be the second for an approved submission; empty if they can."""
    if submission.approved_by_id == person.pk:
        return _("You approved it. Another officer confirms it.")
    return ""


def others(submission: Submission) -> QuerySet[User]:
    """Return the officers who can confirm what was approved."""
    officers = Membership.objects.in_force().filter(role=Role.SECRETARIAT).values("person")
    found = User.objects.filter(pk__in=officers, is_active=True)
    return found.exclude(pk=submission.approved_by_id) if submission.approved_by_id else found
