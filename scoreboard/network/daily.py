"""The daily e-mail about spaces: one to each person for whom there is something new."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from scoreboard import clock
from scoreboard.mail import digest, notifications
from scoreboard.models import Mail, Space, SpaceDigest, SpaceMute, User
from scoreboard.network import membership

FIRST = timedelta(days=1)  # how far back the first mail to somebody looks
KEPT_DAYS = 30  # for which a mail about spaces is stored


def send() -> int:
    """Write the daily mail to every member of a space for whom something is new; return how many.

    What it lists is asked once more when it is sent, since access may have ended in between.
    """
    people: dict[int, User] = {}
    for space in Space.objects.open().select_related("moderator").prefetch_related("audiences"):
        muted = set(SpaceMute.objects.filter(space=space).values_list("person", flat=True))
        found = [row.person for row in membership.people(space)] + [space.moderator]
        people |= {person.pk: person for person in found if person.is_active and person.pk not in muted}
    last: dict[int, datetime] = dict(
        SpaceDigest.objects.filter(mail__to__in=people).order_by().values_list("mail__to").annotate(Max("until"))
    )
    now = clock.now()
    return sum(_send_to(person, last.get(pk, now - FIRST), now) for pk, person in people.items())


@transaction.atomic
def _send_to(person: User, since: datetime, until: datetime) -> bool:
    if not digest.lines(person, since, until):
        return False
    link = settings.SITE_URL + reverse("space_list")
    mail = notifications.notify_account(person, "space_digest", key=Mail.Key.SPACES, all_spaces=link)
    SpaceDigest.objects.create(mail=mail, since=since, until=until)
    return True


def delete_old() -> int:
    """Delete daily mails that are KEPT_DAYS old, which say who read in which space; return how many."""
    last = clock.now() - timedelta(days=KEPT_DAYS)
    old = Mail.objects.filter(event="space_digest", written_at__lt=last).exclude(state=Mail.State.WAITING)
    return old.delete()[1].get("scoreboard.Mail", 0)
