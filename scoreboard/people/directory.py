"""Who holds which role: for lists of people, countries with their focal points, organisations with their people."""

from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from scoreboard import clock, rehearsal
from scoreboard.models import Country, Cycle, GroupMembership, Membership, Organisation, Role, Submission, User

UNUSED = Q(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)


def people() -> QuerySet[User]:
    """Return the people of this world, see `rehearsal`: those with a role here, now or once, and those without any."""
    elsewhere = User.objects.filter(memberships__country__is_rehearsal=not rehearsal.is_on())
    return User.objects.filter(Q(pk__in=Membership.objects.values("person")) | ~Q(pk__in=elsewhere.values("pk")))


def roles() -> QuerySet[Membership]:
    """Return all roles, held, offered and over, with what lists show of them: by country, role and name."""
    found = Membership.objects.select_related("person", "country", "organisation", "offered_by", "ended_by")
    return found.prefetch_related("networks").order_by("country__iso3", "role", "person__name", "pk")


def current(found: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return of these roles those held or offered today."""
    return found.unended().filter(declined_at=None)  # type: ignore[attr-defined, no-any-return]  # mypy sees a plain queryset


def over(found: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return of these roles those that ended, were withdrawn or were declined."""
    return found.filter(Q(until__lt=clock.today()) | Q(ended_at__isnull=False) | Q(declined_at__isnull=False))


def focal_points_of(country: Country) -> QuerySet[Membership]:
    """Return who is, or is invited to be, a focal point of the country."""
    return current(roles().filter(country=country, role=Role.FOCAL))


def countries() -> QuerySet[Any]:
    """Return the countries that matter to officers, with counts of their focal points: held, and invited.

    Those are the countries of a network, and those that take part in a cycle that has not closed.
    """
    in_network = GroupMembership.objects.in_force().filter(country=OuterRef("pk"), group__secretariat__isnull=False)
    running = Cycle.objects.filter(closes__gte=clock.today())
    taking_part = Submission.objects.filter(country=OuterRef("pk"), cycle__in=running, left_at=None)
    focal = Membership.objects.unended().filter(role=Role.FOCAL, declined_at=None, person__is_active=True)
    held = Q(memberships__in=focal.filter(accepted_at__isnull=False).exclude(UNUSED))
    invited = Q(memberships__in=focal.filter(Q(accepted_at=None) | UNUSED))
    found = Country.objects.filter(Exists(in_network) | Exists(taking_part))
    return found.annotate(
        held=Count("memberships", filter=held, distinct=True),
        invited=Count("memberships", filter=invited, distinct=True),
    )


def without_focal_point() -> QuerySet[Any]:
    """Return the countries of `countries` for which nobody is, or is invited to be, a focal point."""
    return countries().filter(held=0, invited=0)


def with_people(organisations: QuerySet[Organisation]) -> QuerySet[Any]:
    """Return organisations with how many people hold a role for them today."""
    held = Q(memberships__in=Membership.objects.in_force())
    return organisations.annotate(people=Count("memberships", filter=held, distinct=True))
