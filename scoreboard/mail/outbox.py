"""The queue of mails: sent by the worker, one at a time, each claimed first so that no two workers send it.

A mail is written in the transaction of its step (`notifications`, `invitations`), so that a mail exists exactly
if the step happened. A failed delivery is tried again at growing intervals; what is refused permanently, or failed for
two days, appears on the officers' home.
"""

import logging
import time
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.db.models import F, Min, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rehearsal, rules
from scoreboard.activity import Verb
from scoreboard.errors import NotNow
from scoreboard.mail import digest, keys
from scoreboard.models import AccessRequest, BouncingAddress, Mail, Submission, Subscriber, User

log = logging.getLogger(__name__)

LINK = "[[link with a key, made when the mail is sent]]"  # in a body, the place of that link or list
# What officers see: of requests for access only those whose address is proven, and nothing of subscribers.
SHOWN = Q(subscriber=None) & (Q(access_request=None) | Q(access_request__proven_at__isnull=False))
LEASE = timedelta(minutes=10)  # longer than any conversation with a mail server, each of whose steps has a time-out
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 480, 720, 1440)]  # before the next attempt
ROUND = 120  # seconds after which a round ends; the next one sends the rest
PAUSES_OF_DATABASE = (1, 2, 4, 8, 15, 30)  # seconds, while it does not answer and a result waits to be stored


def write(
    to: User | None,
    event: str,
    subject: str,
    body: str,
    *,
    submission: Submission | None = None,
    request: AccessRequest | None = None,
    subscriber: Subscriber | None = None,
    key: str = "",
    address: str = "",
    once: str = "",
    by: User | None = None,
    reply_to: str = "",
) -> Mail:
    """Write a mail to be sent by the worker once the transaction is committed; return it.

    With `key` (see Mail.Key) the body holds LINK in the place of the link. `address` replaces the person's own
    address, such as for one that is to be confirmed; a mail about a `request` for access or to a `subscriber` goes to
    their address, and to nobody with an account. With `once` the database refuses a second mail of this name to the
    person about the submission. Answers go to `reply_to`, else to the portal's address.
    """
    return Mail.objects.create(
        to=to,
        event=event,
        subject=Truncator(" ".join(_marked(subject).split())).chars(200),
        body=body,
        submission=submission,
        is_rehearsal=rehearsal.is_on(),
        access_request=request,
        subscriber=subscriber,
        key=key,
        address=address,
        once=once,
        by=by,
        reply_to=reply_to,
    )


def _marked(subject: str) -> str:
    """Return a mail's subject, which says so if the mail belongs to the rehearsal."""
    return _("[Rehearsal] %s") % subject if rehearsal.is_on() else subject


def send_due() -> int:
    """Send the mails that are due, the oldest first; return how many were sent.

    Ends early if the mail server does not work: one time-out a round.
    """
    began, sent = time.monotonic(), 0
    _fail_interrupted()
    for pk in list(_due().order_by("due_at", "pk").values_list("pk", flat=True)[:1000]):
        mail = _claim(pk)
        if mail is None:
            continue
        outcome = _deliver(mail)
        sent += outcome == Mail.State.SENT
        if outcome is None or time.monotonic() - began > ROUND:
            break
    return sent


def failed() -> QuerySet[Mail]:
    """Return the mails that were not delivered and need somebody's decision, the newest first."""
    return Mail.objects.filter(SHOWN, state=Mail.State.FAILED)


def waiting() -> QuerySet[Mail]:
    """Return the mails that are still to be sent."""
    return Mail.objects.filter(state=Mail.State.WAITING)


def oldest_waiting() -> datetime | None:
    """Return when the oldest mail was written that is still to be sent; None if none waits."""
    oldest: datetime | None = waiting().aggregate(oldest=Min("written_at"))["oldest"]
    return oldest


@transaction.atomic
def try_again(mail: Mail, *, by: User) -> Mail:
    """Send a failed mail again at once. Raises PermissionDenied, NotNow if it has not failed."""
    rules.require(by, "see_messages")
    mail = _lock_failed(mail)
    mail.state, mail.due_at, mail.attempts, mail.error = Mail.State.WAITING, clock.now(), 0, ""
    mail.decided_by, mail.decided_at = by, clock.now()
    mail.save(update_fields=["state", "due_at", "attempts", "error", "decided_by", "decided_at"])
    activity.record(Verb.TRY_AGAIN, by=by, submission=mail.submission, person=mail.to, detail=mail.event)
    return mail


@transaction.atomic
def set_aside(mail: Mail, *, by: User) -> Mail:
    """Take a failed mail off the list permanently. Raises PermissionDenied, NotNow if it has not failed."""
    rules.require(by, "see_messages")
    mail = _lock_failed(mail)
    mail.state, mail.decided_by, mail.decided_at = Mail.State.SET_ASIDE, by, clock.now()
    mail.save(update_fields=["state", "decided_by", "decided_at"])
    activity.record(Verb.SET_ASIDE, by=by, submission=mail.submission, person=mail.to, detail=mail.event)
    return mail


def bouncing(mail: Mail) -> BouncingAddress | None:
    """Return the mark on the address of a mail; None if it works as far as anybody knows."""
    address = mail.to_address.lower()
    return BouncingAddress.objects.filter(address=address).select_related("by").first()


@transaction.atomic
def mark_bouncing(address: str, *, by: User) -> BouncingAddress:
    """Note that an address does not work: nothing is sent there. Twice is harmless. Raises PermissionDenied."""
    rules.require(by, "see_messages")
    mark, created = BouncingAddress.objects.get_or_create(address=address.lower(), defaults={"by": by})
    if created:
        activity.record(Verb.MARK_BOUNCING, by=by)
    return mark


@transaction.atomic
def unmark_bouncing(mark: BouncingAddress, *, by: User) -> None:
    """Send to an address again. Raises PermissionDenied."""
    rules.require(by, "see_messages")
    BouncingAddress.objects.filter(pk=mark.pk).delete()
    activity.record(Verb.UNMARK_BOUNCING, by=by)


def make_link(mail: Mail) -> str | None:
    """Return a new link with a key for a mail, or its list; None if its reader may not have that any more."""
    if mail.key == Mail.Key.REQUEST:
        return keys.access_request(mail.access_request) if mail.access_request else None
    if mail.key == Mail.Key.SUBSCRIBER:
        return keys.subscriptions(mail.subscriber) if mail.subscriber else None
    if mail.to is None or not mail.to.is_active:
        return None
    if mail.key == Mail.Key.SPACES:
        return digest.text(mail)
    if mail.key == Mail.Key.ADDRESS:
        return keys.address(mail.to, mail.address)
    if mail.address:  # a key is sent to the account's own address only
        return None
    if mail.key == Mail.Key.PASSWORD:
        return keys.password(mail.to)
    return None if mail.to.has_usable_password() else keys.invitation(mail.to)


def _lock_failed(mail: Mail) -> Mail:
    mail = Mail.everything.select_for_update().get(pk=mail.pk)
    if mail.state != Mail.State.FAILED:
        raise NotNow(_("Somebody has decided on this e-mail meanwhile: %s.") % mail.get_state_display())
    return mail


def _due() -> QuerySet[Mail]:
    return Mail.everything.filter(state=Mail.State.WAITING, due_at__lte=clock.now(), attempts__lte=len(PAUSES))


def _claim(pk: int) -> Mail | None:
    """Reserve a mail for one attempt; return None if another worker has it."""
    mail = Mail.everything.select_related("to", "access_request", "subscriber").filter(pk=pk).first()
    if mail is None:
        return None
    mine = _due().filter(pk=pk, attempts=mail.attempts)
    if not mine.update(attempts=F("attempts") + 1, due_at=clock.now() + LEASE):
        return None
    mail.attempts += 1
    return mail


def _deliver(mail: Mail) -> Mail.State | None:
    """Send a claimed mail and record the outcome; return its state, None if the mail server does not work."""
    body = mail.body
    if mail.key:
        link = make_link(mail)
        if link is None:
            reason = _("The account is closed, or its owner has set a password meanwhile: no link was sent.")
            if mail.key == Mail.Key.SPACES:
                reason = _("Nothing of it is for its reader any more.")
            return _record(mail, Mail.State.SET_ASIDE, error=reason)
        body = body.replace(LINK, link)
    # The same for each attempt: a server that took the mail before the connection broke can recognise it.
    headers = {
        "Message-ID": f"<mail-{mail.pk}-{mail.written_at:%Y%m%d%H%M%S%f}@{urlsplit(settings.SITE_URL).hostname}>"
    }
    if mail.subscriber:  # one click in the program that shows the mail ends all subscriptions: RFC 8058
        headers["List-Unsubscribe"] = f"<{keys.leaving(mail.subscriber)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    to, reply_to = mail.to_address, [mail.reply_to] if mail.reply_to else None
    if mark := bouncing(mail):
        return _record(mail, Mail.State.SET_ASIDE, error=_does_not_work(mark))
    message = EmailMultiAlternatives(mail.subject, body, to=[to], reply_to=reply_to, headers=headers)
    message.attach_alternative(as_html(mail.subject, body, mail.language), "text/html")
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        reason = " ".join(f"{code} {_decode(text)}" for code, text in answers)
        return _not_sent(mail, reason, permanent=all(code >= 500 for code, _text in answers))
    except SMTPDataError as error:
        return _not_sent(mail, f"{error.smtp_code} {_decode(error.smtp_error)}", permanent=error.smtp_code >= 500)
    except ValueError as error:  # such as a header that no mail can have
        return _not_sent(mail, str(error), permanent=True)
    except OSError as error:  # no connection, a time-out, a refused sign-in: smtplib's other errors are OSErrors too
        _not_sent(mail, str(error) or type(error).__name__, permanent=False)
        return None
    return _record(mail, Mail.State.SENT, sent_at=clock.now(), error="")


def _does_not_work(mark: BouncingAddress) -> str:
    return _("Not sent: %(who)s noted on %(when)s that the address does not work.") % {
        "who": mark.by,
        "when": date_format(mark.at),
    }


def as_html(subject: str, body: str, language: str) -> str:
    """Return the text of a mail as a simple HTML page with the same words, its addresses as links."""
    code = language or settings.LANGUAGE_CODE
    bidi = LANG_INFO.get(code, {}).get("bidi", False)
    text = {"subject": subject, "body": body}
    return render_to_string("emails/page.html", text | {"code": code, "direction": "rtl" if bidi else "ltr"})


def _decode(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _not_sent(mail: Mail, error: str, *, permanent: bool) -> Mail.State:
    log.warning("Mail %s to person %s was not sent (attempt %s): %s", mail.pk, mail.to_id, mail.attempts, error)
    if permanent or mail.attempts > len(PAUSES):
        return _record(mail, Mail.State.FAILED, error=error)
    return _record(mail, Mail.State.WAITING, error=error, due_at=clock.now() + PAUSES[mail.attempts - 1])


def _record(mail: Mail, state: Mail.State, **fields: Any) -> Mail.State:
    """Store the outcome of a claimed mail, waiting for the database if it does not answer."""
    mine = Mail.everything.filter(pk=mail.pk, state=Mail.State.WAITING, attempts=mail.attempts)
    for pause in (*PAUSES_OF_DATABASE, None):
        try:
            mine.update(state=state, **fields)
            break
        except (OperationalError, InterfaceError):
            if pause is None:
                raise
            log.warning("What became of mail %s (%s) cannot be stored yet.", mail.pk, state)
            time.sleep(pause)
            close_old_connections()
    return state


def _fail_interrupted() -> None:
    """Mark mails as failed whose last attempt was interrupted, such as by the worker's end."""
    stuck = Mail.everything.filter(state=Mail.State.WAITING, due_at__lte=clock.now(), attempts__gt=len(PAUSES))
    stuck.update(state=Mail.State.FAILED, error=_("The worker ended in the middle of the last attempt."))


def delete_old() -> int:
    """Delete mails that are as old as entries of the activity log may get, unless they wait; return how many."""
    last = clock.now() - timedelta(days=settings.ACTIVITY_DAYS)
    old = Mail.everything.filter(written_at__lt=last).exclude(state=Mail.State.WAITING)
    return old.delete()[1].get("scoreboard.Mail", 0)
