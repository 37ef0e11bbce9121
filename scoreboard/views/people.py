"""The officers' page of people: pending invitations, roles given, and changed addresses."""

from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scoreboard import clock, rules
from scoreboard.http import SignedIn
from scoreboard.models import AddressChange, Assignment, Membership, User
from scoreboard.people import invitations

DAYS = 365  # of roles given and changes of addresses that are listed


@require_safe
def people(request: SignedIn) -> HttpResponse:
    """List the invitations that nobody has answered, and the roles given and addresses changed in a year."""
    rules.require(request.user, "see_people")
    unused = User.objects.filter(
        is_active=True, link_sent_at__isnull=False, password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    since = clock.now() - timedelta(days=DAYS)
    context = {
        "accounts": unused.prefetch_related("memberships__country", "memberships__organisation").order_by(
            "link_sent_at"
        ),
        "roles": Membership.objects.offered().select_related("person", "country", "organisation", "offered_by"),
        "parts": Assignment.objects.offered().select_related(
            "person", "submission__country", "submission__cycle", "invited_by"
        ),
        "given": invitations.roles_given(since),
        "changes": AddressChange.objects.filter(at__gte=since).select_related("person", "by"),
    }
    return render(request, "scoreboard/people/list.html", context)
