"""One mail per step to those it concerns: written with the step, sent by the worker (see `outbox`)."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from scoreboard import zones
from scoreboard.mail import outbox
from scoreboard.models import Mail, Membership, Role, Submission, User

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
    "correct_extension": [(country, "extension_corrected")],
    "move_dates": [(country, "dates_moved")],
    "leave": [(country, "left_cycle")],
    "rejoin": [(country, "rejoined_cycle")],
    "enter_on_behalf": [(country, "entered_on_behalf")],
    "publish": [(country, "published")],
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

# Mails about an account, and the template that says it.
OF_ACCOUNT = {
    "invite": "invitation",
    "offer": "offer",
    "password_link": "password_link",
    "password_changed": "password_changed",
    "confirm_address": "address_link",
    "address_in_use": "address_in_use",
    "address_changed": "address_changed",
    "address_changed_by_administrator": "address_changed_by_administrator",
    "address_change_seen": "address_change_seen",
    "role_given": "role_given",
    "name_changed": "name_changed",
}


def tell(event: str, submission: Submission, *, by: User | None, comment: str = "", log: str = "", **facts) -> None:
    """Write the mails of `event` (a key of MAILS), which the worker sends once the transaction is committed.

    `by` is None for the command line. Templates also get the `facts`; `log` is the event's name in the mail log
    where it says more than the event's, such as which reminder it was.
    """
    facts |= {"by": by, "comment": comment}
    for audience, template in MAILS[event]:
        for person in audience(submission):
            _write(person, log or event, f"emails/{template}.txt", submission, facts)


def tell_person(
    person: User, event: str, submission: Submission, *, by: User | None, log: str = "", key: str = "", **facts
) -> None:
    """Write the mail of `event` (a key of PERSONAL) to one person, as `tell` does; `key` as in `outbox.write`."""
    _write(person, log or event, f"emails/{PERSONAL[event]}.txt", submission, {"by": by, **facts}, key)


def tell_account(person: User, event: str, *, address: str = "", key: str = "", **facts) -> Mail:
    """Write the mail of `event` (a key of OF_ACCOUNT) and return it; `key` as in `outbox.write`.

    It goes to `address` where that is not the person's: an old address, or one that is to be proven.
    """
    context = {"person": person, "site": settings.SITE_URL, "link": outbox.LINK, **facts}
    subject, body = written(f"emails/{OF_ACCOUNT[event]}.txt", person, context)
    return outbox.write(person, event, subject, body, key=key, address=address)


def tell_officers(event: str, **facts) -> None:
    """Write the mail of `event` (a key of OF_ACCOUNT) to every officer."""
    for person in _holders(role=Role.SECRETARIAT):
        tell_account(person, event, **facts)


def tell_of_role(membership: Membership, *, link: str) -> None:
    """Write the mail about a role that was given to every officer and the country's focal points, not to its holder.

    `link` leads to the page *People*, which only officers see.
    """
    told = dict.fromkeys(_holders(role=Role.SECRETARIAT), link)
    if membership.country_id:
        told = dict.fromkeys(_holders(role=Role.FOCAL, country=membership.country_id), "") | told
    told.pop(membership.person, None)
    for person, shown in told.items():
        tell_account(person, "role_given", membership=membership, link=shown)


def _write(person: User, event: str, template: str, submission: Submission, context: dict, key: str = "") -> None:
    context = {
        "person": person,
        "submission": submission,
        "cycle": submission.cycle,
        "site": settings.SITE_URL,
        "link": settings.SITE_URL + reverse("submission", args=[submission.pk]),
        "review_link": settings.SITE_URL + reverse("review", args=[submission.pk]),
        "key_link": outbox.LINK,
    } | context
    subject, body = written(template, person, context)
    outbox.write(person, event, subject, body, submission=submission, key=key)


def written(template: str, person: User, context: dict) -> tuple[str, str]:
    """Return a mail's subject, the first line of the template, and its body, in the language of who gets it."""
    with translation.override(person.language or settings.LANGUAGE_CODE), zones.no_page():
        subject, body = render_to_string(template, context).split("\n", 1)
    return subject.strip(), body.strip() + "\n"
