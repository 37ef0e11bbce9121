"""One mail per step to those it concerns: written with the step, sent after it is committed."""

import logging
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from scoreboard import clock
from scoreboard.models import Mail, Membership, Role, Submission, User

log = logging.getLogger(__name__)

Audience = Callable[[Submission], Iterable[User]]


def country(submission: Submission) -> Iterable[User]:
    """The country's focal points."""
    return _holders(role=Role.FOCAL, country=submission.country_id)


def officers(submission: Submission) -> Iterable[User]:
    """The officer who claimed it, else every officer."""
    return [submission.claimed_by] if submission.claimed_by else _holders(role=Role.SECRETARIAT)


def _holders(**membership) -> Iterable[User]:
    held = Membership.objects.in_force().filter(**membership).values("person")
    return User.objects.filter(pk__in=held, is_active=True)


# What happens, whom it concerns, and the template that tells them (its first line is the subject).
MAILS: dict[str, list[tuple[Audience, str]]] = {
    "open_cycle": [(country, "cycle_opened")],
    "submit": [(country, "submitted_receipt"), (officers, "submitted")],
    "recall": [(country, "recalled"), (officers, "recalled")],
    "return_for_changes": [(country, "returned")],
    "accept": [(country, "accepted")],
    "reopen": [(country, "reopened")],
    "extend": [(country, "extended")],
    "ask_to_reopen": [(officers, "reopen_asked")],
    "refuse_reopen": [(country, "reopen_refused")],
    "ask_country": [(country, "thread_waits_for_country")],
    "answer_officers": [(officers, "thread_waits_for_secretariat")],
    "thread_due_country": [(country, "thread_due")],
    "thread_due_secretariat": [(officers, "thread_due")],
    "suggested": [(country, "suggested")],
    "deadline_near": [(country, "deadline_near")],
    "overdue": [(country, "overdue")],
}

# Mails to one person, whom the verb names.
PERSONAL = {
    "involve": "contributor_invited",
    "remind": "contributor_reminded",
    "decided": "suggestion_decided",
}

# Mails that carry a key to an account: their body is kept only until they are sent.
SECRET = {"invite", "involve"}


def tell(event: str, submission: Submission, *, by: User | None, comment: str = "", log: str = "", **facts) -> None:
    """Write the mails of `event` (a key of MAILS) and have them sent once the transaction is committed.

    `by` is None for the command line. Templates also get the `facts`; `log` is the event's name in the mail log
    where it says more than the event's, such as which reminder it was.
    """
    facts |= {"by": by, "comment": comment}
    _post(
        _write(person, log or event, f"emails/{template}.txt", submission, dict(facts))
        for audience, template in MAILS[event]
        for person in audience(submission)
    )


def tell_person(person: User, event: str, submission: Submission, *, by: User | None, log: str = "", **facts) -> None:
    """Write the mail of `event` (a key of PERSONAL) to one person, as `tell` does."""
    _post([_write(person, log or event, f"emails/{PERSONAL[event]}.txt", submission, {"by": by, **facts})])


def _post(mails: Iterable[Mail]) -> None:
    written = Mail.objects.bulk_create(mails)
    transaction.on_commit(lambda: send(written))


def _write(person: User, event: str, template: str, submission: Submission, context: dict) -> Mail:
    context = {
        "person": person,
        "submission": submission,
        "cycle": submission.cycle,
        "site": settings.SITE_URL,
        "link": settings.SITE_URL + reverse("submission", args=[submission.pk]),
        "review_link": settings.SITE_URL + reverse("review", args=[submission.pk]),
    } | context
    subject, body = written(template, person, context)
    return Mail(to=person, submission=submission, event=event, subject=subject, body=body)


def written(template: str, person: User, context: dict) -> tuple[str, str]:
    """Return a mail's subject, the first line of the template, and its body, in the language of who gets it."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject, body = render_to_string(template, context).split("\n", 1)
    return subject.strip(), body.strip() + "\n"


def send(mails: Iterable[Mail]) -> int:
    """Send mails, marking each sent or with its error; return how many went. Never raises: the step has happened."""
    sent = 0
    connection = get_connection()
    for mail in mails:
        try:
            EmailMessage(mail.subject, mail.body, to=[mail.to.email], connection=connection).send()
        except OSError as error:  # smtplib's errors are OSErrors too
            mail.error = str(error)
            log.warning("Mail %s to person %s was not sent: %s", mail.pk, mail.to_id, error)
        else:
            mail.sent_at, mail.error = clock.now(), ""
            if mail.event in SECRET:
                mail.body = ""
            sent += 1
        mail.save(update_fields=["sent_at", "error", "body"])
    return sent


def send_unsent() -> int:
    """Try again what could not be sent; return how many mails went."""
    return send(Mail.objects.filter(sent_at=None).select_related("to"))
