"""The log of all e-mails, as officers read it: whom, about which country, what became of it, and how it reads."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from scoreboard.mail import outbox
from scoreboard.mail.notifications import MAILS
from scoreboard.models import Country, Mail, Membership, Role

# What officers read in whole: what the portal writes on cycles and steps, and invitations. The rest is between a
# country and its colleagues, or about the security of an account.
READ = frozenset(MAILS) - {"suggested"} | {
    "invite",
    "offer",
    "role_given",
    "role_invited",
    "role_ended",
    "focal_invited",
    "announce_group",
    "space_invited",
    "space_ended",
    "assessment_published",
    "assessment_withdrawn",
}
READ |= {"access_granted", "access_refused"}
REMINDERS = ("deadline_near ", "overdue ", "reply ", "late ")  # events whose name says which reminder it was


def entries(*, q: str | None = None, country: Country | None = None, state: str | None = None) -> QuerySet[Mail]:
    """Return the e-mails that the filters leave, the newest first.

    Those of a country are the ones about its submissions and the ones to its people.
    """
    found = Mail.objects.filter(outbox.SHOWN).select_related(
        "to", "access_request", "by", "submission__country", "submission__cycle", "decided_by"
    )
    found = found.prefetch_related("to__memberships__country")
    if q:
        found = found.filter(
            Q(to__name__icontains=q) | Q(to__email__icontains=q) | Q(address__icontains=q) | Q(subject__icontains=q)
        )
    if country:
        people = Membership.objects.filter(country=country, role__in=[Role.FOCAL, Role.CONTRIBUTOR]).values("person")
        found = found.filter(Q(submission__country=country) | Q(submission=None, to__in=people))
    return found.filter(state=state) if state else found


def body(mail: Mail) -> str:
    """Return the text that an officer reads of an e-mail, with a personal link hidden; empty if it is not theirs."""
    if mail.event not in READ and not mail.event.startswith(REMINDERS):
        return ""
    hidden: Any = _("[personal link]")
    return mail.body.replace(outbox.LINK, str(hidden))
