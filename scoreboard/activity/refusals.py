"""Failed sign-ins and refusals, counted by person or client and hour; the worker enters each hour once it is over."""

import ipaddress
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from scoreboard import clock
from scoreboard.models import ActivityCount, ActivityEntry, User, Verb

GRACE = timedelta(minutes=5)  # after the hour, for requests that began in it


def count(verb: Verb, *, person: User | None = None, client: str = "") -> None:
    """Count one more refusal to a person or, if nobody is known, to a client by its network address, if it has one."""
    address = None if person else _address(client)
    if person is None and address is None:
        return
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    counted = {"verb": verb, "hour": hour, "person": person, "client": address}
    same = ActivityCount.objects.filter(**counted)
    if same.update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            ActivityCount.objects.create(**counted)
    except IntegrityError:  # another request counted the first one meanwhile
        same.update(count=F("count") + 1)


@transaction.atomic
def enter() -> int:
    """Write an entry for each count whose hour is over, instead of it; return how many."""
    over = clock.now() - timedelta(hours=1) - GRACE
    counts = list(ActivityCount.objects.select_for_update().filter(hour__lte=over))
    ActivityEntry.objects.bulk_create(
        ActivityEntry(
            verb=row.verb,
            by_id=row.person_id if row.verb == Verb.DENIED else None,  # who failed to sign in is not known
            person_id=row.person_id if row.verb == Verb.FAILED_SIGN_IN else None,
            at=row.hour,
            network=network(row.client or ""),
            count=row.count,
        )
        for row in counts
    )
    ActivityCount.objects.filter(pk__in=[row.pk for row in counts]).delete()
    return len(counts)


def network(client: str) -> str:
    """Return the network of a client's address: enough to see that attempts belong together, not who it is.

    Empty for what is no address.
    """
    address = _address(client)
    if address is None:
        return ""
    length = 24 if ipaddress.ip_address(address).version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def _address(client: str) -> str | None:
    try:
        return str(ipaddress.ip_address(client))
    except ValueError:
        return None
