"""Links with a signed key, made when a mail is sent: to set a password, or to prove an address."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from scoreboard import clock
from scoreboard.models import AccessRequest, Subscriber, User

DAYS = 14  # how long an invitation works
HOURS = 24  # how long the link to prove a new address works
REQUEST_DAYS = 7  # how long a request for access waits for the proof of its address
INVITATION = "scoreboard.keys.invitation"
ADDRESS = "scoreboard.keys.address"
REQUEST = "scoreboard.keys.request"
SUBSCRIBER = "scoreboard.keys.subscriber"


def invitation(person: User) -> str:
    """Return the link of an invitation, with which `person` sets their password; it works once, for two weeks."""
    content = {"person": person.pk, "address": person.email, "mark": _mark(person), "at": clock.now().timestamp()}
    return _absolute(reverse("invitation", args=[signing.dumps(content, salt=INVITATION)]))


def invited_person(key: str) -> tuple[User | None, bool]:
    """Return who was invited by the link with `key`, and whether it still works.

    The person is None for a damaged link, or one to an address that the person no longer has.
    """
    try:
        content = signing.loads(key, salt=INVITATION)
    except signing.BadSignature:
        return None, False
    person = User.objects.filter(pk=content["person"], email=content["address"], is_active=True).first()
    is_fresh = clock.now().timestamp() - content["at"] < DAYS * 24 * 3600
    return person, person is not None and is_fresh and content["mark"] == _mark(person)


def password(person: User) -> str:
    """Return a link with which `person` sets a new password; it works once, for hours."""
    return _absolute(password_path(person))


def password_path(person: User) -> str:
    """Return the address of the page on which `person` sets a new password, with its key."""
    key = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})


def address(person: User, new: str) -> str:
    """Return the link with which `person` proves the address `new`; it works once, for a day."""
    content = {"person": person.pk, "old": person.email, "new": new, "at": clock.now().timestamp()}
    return _absolute(reverse("account_confirm_email", args=[signing.dumps(content, salt=ADDRESS)]))


def proven_address(key: str, person: User) -> str | None:
    """Return the new address that the link with `key` proves for `person`.

    None if the link is too old, used, damaged, or somebody else's.
    """
    try:
        content = signing.loads(key, salt=ADDRESS)
    except signing.BadSignature:
        return None
    is_old = clock.now().timestamp() - content["at"] >= HOURS * 3600
    return None if is_old or (content["person"], content["old"]) != (person.pk, person.email) else content["new"]


def access_request(asked: AccessRequest) -> str:
    """Return the link that proves the address of a request for access."""
    content = {"request": asked.pk, "address": asked.email}
    return _absolute(reverse("access_prove", args=[signing.dumps(content, salt=REQUEST)]))


def requested_access(key: str) -> AccessRequest | None:
    """Return the request whose address the link with `key` proves; None for a damaged link, or once it is deleted."""
    try:
        content = signing.loads(key, salt=REQUEST)
    except signing.BadSignature:
        return None
    return AccessRequest.objects.filter(pk=content["request"], email=content["address"]).first()


def subscriptions(subscriber: Subscriber) -> str:
    """Return the link to a subscriber's own page, on which they confirm and leave subscriptions."""
    return _absolute(reverse("subscriber", args=[_of_subscriber(subscriber)]))


def leaving(subscriber: Subscriber) -> str:
    """Return the link that ends all subscriptions of an address with one click, by RFC 8058."""
    return _absolute(reverse("subscriber_leave", args=[_of_subscriber(subscriber)]))


def subscriber(key: str) -> tuple[Subscriber | None, bool]:
    """Return the subscriber whose link has `key`, None once they have left; and whether the portal made the key."""
    try:
        content = signing.Signer(salt=SUBSCRIBER).unsign_object(key)
    except signing.BadSignature:
        return None, False
    return Subscriber.objects.filter(pk=content["subscriber"], email=content["address"]).first(), True


def _of_subscriber(subscriber: Subscriber) -> str:
    """Return the same key each time, since the link works as long as the subscription."""
    signed: str = signing.Signer(salt=SUBSCRIBER).sign_object(
        {"subscriber": subscriber.pk, "address": subscriber.email}
    )
    return signed


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _mark(person: User) -> str:
    """Return a value that changes when a password is set, so that a link works once."""
    return salted_hmac(INVITATION, person.password).hexdigest()[:20]
