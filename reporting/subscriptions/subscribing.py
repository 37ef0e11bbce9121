"""The verbs of subscriptions: ask, confirm, leave, and delete what nobody has confirmed."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rehearsal
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys, notifications
from scoreboard.models import Country, Cycle, Mail, Origin, Subscriber, Subscription
from scoreboard.text import one_line, require_storable

UNCONFIRMED = timedelta(hours=48)  # for which an unconfirmed subscription is stored
ONE_MAIL = timedelta(hours=24)  # to an address that may be a stranger's
MAILS = timedelta(days=30)  # for which notices to subscribers are stored


def cycles() -> QuerySet[Cycle]:
    """Return the cycles that one can subscribe to: those that were opened, the newest first."""
    return Cycle.objects.filter(opened_at__isnull=False).order_by("-opens", "code")


@transaction.atomic
def ask(email: str, *, country: Country | None = None, cycle: Cycle | None = None) -> None:
    """Store a subscription of an address to a country, a cycle or everything, and mail it a link to confirm that.

    An address gets one such mail a day, whoever asks; its page lists all that waits to be confirmed. Nothing that
    happens here says whether the address is known. Raises Invalid for an address that cannot be stored or for two
    things at once, NotNow in the rehearsal.
    """
    if rehearsal.is_on():
        raise NotNow(_("Nothing of a rehearsal is published, so there are no notices of it."))
    email = one_line(email).lower()
    if not email:
        raise Invalid(_("Type your e-mail address."))
    if country and cycle:
        raise Invalid(_("Choose a country or a cycle."))
    require_storable(email, 254)
    now = clock.now()
    Subscriber.objects.get_or_create(
        email=email, defaults={"language": translation.get_language() or "", "asked_at": now - ONE_MAIL}
    )
    subscriber = Subscriber.objects.select_for_update().get(email=email)
    asked, is_new = subscriber.subscriptions.get_or_create(country=country, cycle=cycle, defaults={"asked_at": now})
    if asked.confirmed_at:
        return
    if not is_new:
        asked.asked_at = now
        asked.save(update_fields=["asked_at"])
    if subscriber.asked_at <= now - ONE_MAIL:
        subscriber.asked_at = now
        subscriber.save(update_fields=["asked_at"])
        notifications.notify_subscriber(subscriber, "subscriptions_confirm")


def of(key: str) -> Subscriber:
    """Return the subscriber with this link; raise NotNow for a damaged link, and once the address is deleted."""
    subscriber, _is_genuine = keys.subscriber(key)
    if subscriber is None or not listed(subscriber):
        raise NotNow(
            _("This link no longer works: the address is not subscribed, or part of the link was lost on the way.")
        )
    return subscriber


def listed(subscriber: Subscriber) -> Sequence[Subscription]:
    """Return the subscriptions of an address, those that can still be confirmed included."""
    found = subscriber.subscriptions.select_related("country", "cycle")
    return [one for one in found if one.confirmed_at or one.asked_at > clock.now() - UNCONFIRMED]


@transaction.atomic
def confirm(key: str) -> Subscriber:
    """Confirm all that the address with this link asked for; twice is harmless. Raises NotNow as `of` does."""
    subscriber = of(key)
    waiting = subscriber.subscriptions.filter(confirmed_at=None, asked_at__gt=clock.now() - UNCONFIRMED)
    if n := waiting.update(confirmed_at=clock.now()):
        activity.record(Verb.CONFIRM_SUBSCRIPTIONS, by=None, count=n, origin=Origin.PAGE)
    return subscriber


@transaction.atomic
def leave(key: str, *, only: int | None = None) -> None:
    """End one subscription of the address with this link (by its number), or all of them.

    With the last one the address is deleted, and the mails to it. Twice is harmless. Raises NotNow for a link that the
    portal did not make.
    """
    subscriber, is_genuine = keys.subscriber(key)
    if not is_genuine:
        raise NotNow(_("This link does not work: part of it was lost on the way."))
    if subscriber is None:
        return
    leaving = subscriber.subscriptions.all() if only is None else subscriber.subscriptions.filter(pk=only)
    if n := leaving.delete()[0]:
        activity.record(Verb.LEAVE_SUBSCRIPTIONS, by=None, count=n, origin=Origin.PAGE)
    if not subscriber.subscriptions.exists():
        subscriber.delete()


def delete_old() -> int:
    """Delete subscriptions that nobody has confirmed, addresses without any or that refuse mail, and old notices.

    Returns how many addresses were deleted.
    """
    now = clock.now()
    Subscription.objects.filter(confirmed_at=None, asked_at__lte=now - UNCONFIRMED).delete()
    Mail.everything.filter(subscriber__isnull=False, written_at__lte=now - MAILS).delete()
    gone = Subscriber.objects.filter(subscriptions=None) | Subscriber.objects.filter(mails__state=Mail.State.FAILED)
    pks = set(gone.values_list("pk", flat=True))
    Subscriber.objects.filter(pk__in=pks).delete()
    return len(pks)
