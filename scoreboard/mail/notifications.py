"""One mail per step to those it concerns: written with the step, sent by the worker (see `outbox`)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from scoreboard import rules, second_officer, zones
from scoreboard.mail import contacts, outbox, preferences
from scoreboard.models import AccessRequest, Mail, Membership, Role, Submission, Subscriber, User

Audience = Callable[[Submission], Iterable[User]]


def country(submission: Submission) -> Iterable[User]:
    """The country's focal points."""
    return holders(role=Role.FOCAL, country=submission.country_id)


def officers(submission: Submission) -> Iterable[User]:
    """The officer who claimed it, else every officer."""
    return [submission.claimed_by] if submission.claimed_by else holders(role=Role.SECRETARIAT)


def claimant(submission: Submission) -> Iterable[User]:
    """The officer who claims it."""
    return [submission.claimed_by] if submission.claimed_by else []


def second_officers(submission: Submission) -> Iterable[User]:
    """The officers who can confirm what another one approved."""
    return second_officer.others(submission)


def holders(**membership: Any) -> Iterable[User]:
    """Return the people who hold such a membership today."""
    held = Membership.objects.in_force().filter(**membership).values("person")
    return User.objects.filter(pk__in=held, is_active=True)


# Event → audience and mail, named "template:part" (see `templates/emails`).
MAILS: dict[str, list[tuple[Audience, str]]] = {
    "check_entered": [(country, "hearing:asked")],
    "open_cycle": [(country, "cycle:opened")],
    "submit": [(country, "submission:receipt"), (officers, "submission:submitted")],
    "recall": [(country, "submission:recalled"), (officers, "submission:recalled")],
    "return_for_changes": [(country, "submission:returned")],
    "accept": [(country, "submission:accepted")],
    "approve": [(second_officers, "second_officer:approved")],
    "confirm": [(country, "submission:accepted")],
    "accept_alone": [(second_officers, "second_officer:alone")],
    "pass_on": [(claimant, "submission:passed_on")],
    "reopen": [(country, "reopening:reopened")],
    "extend": [(country, "extension:given")],
    "correct_extension": [(country, "extension:corrected")],
    "move_dates": [(country, "cycle:dates_moved")],
    "leave": [(country, "cycle:left")],
    "rejoin": [(country, "cycle:rejoined")],
    "enter_on_behalf": [(country, "submission:entered_on_behalf")],
    "publish": [(country, "cycle:published")],
    "withdraw": [(country, "cycle:withdrawn")],
    "consultation_opened": [(country, "consultation:opened")],
    "consultation_changed": [(country, "consultation:changed")],
    "consultation_moved": [(country, "consultation:moved")],
    "consultation_ends": [(country, "consultation:ends")],
    "comment_answered": [(country, "consultation:answered")],
    "ask_to_reopen": [(officers, "reopening:asked")],
    "refuse_reopen": [(country, "reopening:refused")],
    "ask_country": [(country, "thread:for_country")],
    "answer_officers": [(officers, "thread:for_secretariat")],
    "thread_due_country": [(country, "thread:due")],
    "thread_due_secretariat": [(officers, "thread:due")],
    "ask_secretariat": [(officers, "enquiry:asked")],
    "enquiry_for_secretariat": [(officers, "enquiry:for_secretariat")],
    "enquiry_for_country": [(country, "enquiry:for_country")],
    "answer_shared": [(country, "enquiry:shared")],
    "suggested": [(country, "contributor:suggested")],
    "deadline_near": [(country, "cycle:deadline_near")],
    "overdue": [(country, "cycle:overdue")],
    "steps_open": [(country, "commitment:open")],
    "ask_for_extension": [(officers, "extension:asked")],
    "refuse_extension": [(country, "extension:refused")],
    "remind_country": [(country, "cycle:reminder")],
    "announce": [(country, "cycle:announcement")],
    "decline_report": [(country, "cycle:declined"), (officers, "cycle:declined")],
    "report_after_all": [(country, "cycle:takes_part"), (officers, "cycle:takes_part")],
    "statement_shared": [(country, "statement:shared")],
    "statement_replied": [(officers, "statement:replied")],
    "statement_withdrawn": [(country, "statement:withdrawn")],
    "statement_published_of_country": [(country, "statement:published")],
    "statement_unpublished_of_country": [(country, "statement:unpublished")],
    "statement_refused_of_country": [(country, "statement:refused")],
}

# Event → mail to one person, whom the verb names.
PERSONAL = {
    "involve": "contributor:invited",
    "remind": "contributor:reminded",
    "decided": "contributor:decided",
    "statement_published": "statement:published",
    "statement_unpublished": "statement:unpublished",
    "statement_refused": "statement:refused",
}

# Event → mail about an account.
OF_ACCOUNT = {
    "invite": "role:account",
    "offer": "role:offered",
    "role_invited": "role:invited",
    "focal_invited": "role:focal_invited",
    "role_ended": "role:ended",
    "password_link": "password:link",
    "password_changed": "password:changed",
    "confirm_address": "address:link",
    "address_in_use": "address:in_use",
    "address_changed": "address:changed",
    "address_changed_by_administrator": "address:changed_by_administrator",
    "address_change_seen": "address:change_seen",
    "role_given": "role:given",
    "name_changed": "address:name_changed",
    "own_name_changed": "address:own_name_changed",
    "second_factor_changed": "security:second_factor",
    "second_factor_removed": "security:removed",
    "second_factor_removal_seen": "security:removal_seen",
    "new_device": "security:new_device",
    "token_made": "security:token",
    "activity_broken": "activity:broken",
    "webhook_off": "webhook:off",
    "announce_group": "announcement:group",
    "space_invited": "space:invited",
    "space_ended": "space:ended",
    "space_moderated": "space:moderated",
    "space_asks": "space:asks",
    "space_answered": "space:answered",
    "space_digest": "space:digest",
    "plan_shown": "plan:shown",
    "plan_checked": "plan:checked",
    "plan_delegated": "plan:delegated",
    "plan_overdue": "plan:overdue",
    "peer_asked": "learning:asked",
    "peer_answered": "learning:answered",
    "peer_wrote": "learning:wrote",
    "peer_declined": "learning:declined",
    "peer_closed": "learning:closed",
    "practice_to_sign": "good_practice:to_sign",
    "practice_not_signed": "good_practice:not_signed",
    "practice_offered": "good_practice:offered",
    "practice_published": "good_practice:published",
    "practice_refused": "good_practice:refused",
    "practice_withdrawn": "good_practice:withdrawn",
    "resource_proposed": "resource:proposed",
    "resource_published": "resource:published",
    "resource_refused": "resource:refused",
    "resource_withdrawn": "resource:withdrawn",
}

# Event → mail to somebody who reads what is published.
OF_READER = {
    "assessment_published": "publication:published",
    "assessment_withdrawn": "publication:withdrawn",
}

# Event → mail to a subscriber's address.
OF_SUBSCRIBER = {
    "subscriptions_confirm": "publication:confirm",
    "subscribers_published": "publication:published",
    "subscribers_withdrawn": "publication:withdrawn",
}


def notify(
    event: str,
    submission: Submission,
    *,
    by: User | None,
    comment: str = "",
    log: str = "",
    once: str = "",
    to: Iterable[User] | None = None,
    **facts: Any,
) -> list[Mail]:
    """Write the mails of `event` (a key of MAILS), which the worker sends once the transaction is committed.

    Nobody gets a mail that they do without (see `preferences`), nor anybody but `to` if it is given. `by` is None for
    the command line. Templates also get the `facts`; `log` replaces the event's name in the mail log where more has to
    be recorded, such as which reminder it was; `once` as in `outbox.write`. Returns the mails.
    """
    facts |= {"by": by, "comment": comment, "contact": contacts.of(submission)}
    return [
        _write(person, log or event, mail, submission, facts, once=once)
        for audience, mail in MAILS[event]
        for person in User.objects.all_with_memberships(audience(submission) if to is None else to)
        if not preferences.is_declined(person, mail)
    ]


def notify_person(
    person: User, event: str, submission: Submission, *, by: User | None, log: str = "", key: str = "", **facts: Any
) -> None:
    """Write the mail of `event` (a key of PERSONAL) to one person, as `notify` does; `key` as in `outbox.write`."""
    if not preferences.is_declined(person, PERSONAL[event]):
        facts |= {"by": by, "contact": contacts.of(submission)}
        _write(person, log or event, PERSONAL[event], submission, facts, key=key)


# Event → mail about a request for access, to its address.
OF_REQUEST = {
    "access_prove": "access:prove",
    "access_granted": "access:granted",
    "access_refused": "access:refused",
}


def notify_account(
    person: User, event: str, *, address: str = "", key: str = "", reply_to: str = "", once: str = "", **facts: Any
) -> Mail:
    """Write the mail of `event` (a key of OF_ACCOUNT) and return it; `key`, `reply_to` and `once` as in `outbox.write`.

    It goes to `address` where that is not the person's: an old address, or one that is to be proven.
    """
    contact = contacts.Contact(str(facts.get("by") or reply_to), reply_to) if reply_to else contacts.of_portal()
    context = {"person": person, "site": settings.SITE_URL, "link": outbox.LINK, "contact": contact, **facts}
    subject, body = render_mail(OF_ACCOUNT[event], person, context)
    reply_to = contact.address if contact else ""
    facts = {"key": key, "address": address, "by": facts.get("by"), "reply_to": reply_to, "once": once}
    return outbox.write(person, event, subject, body, **facts)


def notify_requester(request: AccessRequest, event: str, *, key: str = "", reply_to: str = "", **facts: Any) -> Mail:
    """Write the mail of `event` (a key of OF_REQUEST) to the address of a request for access, and return it."""
    contact = contacts.Contact(str(facts.get("by") or reply_to), reply_to) if reply_to else contacts.of_portal()
    context = {"request": request, "site": settings.SITE_URL, "link": outbox.LINK, "contact": contact, **facts}
    subject, body = render_mail(OF_REQUEST[event], request, context)
    reply_to = contact.address if contact else ""
    facts = {"request": request, "key": key, "address": request.email, "by": facts.get("by"), "reply_to": reply_to}
    return outbox.write(None, event, subject, body, **facts)


def notify_reader(person: User, event: str, **facts: Any) -> Mail | None:
    """Write the mail of `event` (a key of OF_READER) to a person and return it; nothing if they do without it."""
    if preferences.is_declined(person, OF_READER[event]):
        return None
    contact = contacts.of_portal()
    context = {"person": person, "site": settings.SITE_URL, "contact": contact, **facts}
    subject, body = render_mail(OF_READER[event], person, context)
    return outbox.write(person, event, subject, body, reply_to=contact.address if contact else "")


def notify_subscriber(subscriber: Subscriber, event: str, **facts: Any) -> Mail:
    """Write the mail of `event` (a key of OF_SUBSCRIBER) to a subscriber's address, and return it."""
    contact = contacts.of_portal()
    context = {
        "subscriber": subscriber,
        "site": settings.SITE_URL,
        "own_page": outbox.LINK,
        "contact": contact,
        **facts,
    }
    subject, body = render_mail(OF_SUBSCRIBER[event], subscriber, context)
    return outbox.write(
        None,
        event,
        subject,
        body,
        key=Mail.Key.SUBSCRIBER,
        subscriber=subscriber,
        address=subscriber.email,
        reply_to=contact.address if contact else "",
    )


def notify_officers(event: str, *, but: User | None = None, **facts: Any) -> None:
    """Write the mail of `event` (a key of OF_ACCOUNT) to every officer, except `but`."""
    for person in holders(role=Role.SECRETARIAT):
        if person != but:
            notify_account(person, event, **facts)


def notify_of_role(
    membership: Membership, event: str = "role_given", *, link: str, officers: bool = True, **facts: Any
) -> None:
    """Write the mail of `event` about somebody's role to the country's focal points, and to the officers if wanted.

    Neither its holder nor who did it (`by`, or the inviter) gets it. `link` leads to a page that only officers see; the
    focal points of the country get `focal_link`, if there is one.
    """
    links: dict[User, str] = {}
    if membership.country_id:
        shown = facts.pop("focal_link", "")
        links = dict.fromkeys(holders(role=Role.FOCAL, country=membership.country_id), shown)
    if officers:
        links |= dict.fromkeys(holders(role=Role.SECRETARIAT), link)
    by = facts.get("by", membership.offered_by)
    for person, shown in links.items():
        if person not in (membership.person, by):
            notify_account(person, event, membership=membership, link=shown, **facts)


def _write(
    person: User,
    event: str,
    mail: str,
    submission: Submission,
    context: dict[str, Any],
    *,
    key: str = "",
    once: str = "",
) -> Mail:
    contact = context["contact"]
    context = {
        "person": person,
        "submission": submission,
        "cycle": submission.cycle,
        "site": settings.SITE_URL,
        "link": settings.SITE_URL + reverse("submission", args=[submission.pk]),
        "review_link": settings.SITE_URL + reverse("review", args=[submission.pk]),
        "key_link": outbox.LINK,
        "is_focal": rules.may(person, "recall", submission),
    } | context
    subject, body = render_mail(mail, person, context)
    return outbox.write(
        person,
        event,
        subject,
        body,
        submission=submission,
        key=key,
        once=once,
        by=context["by"],
        reply_to=contact.address if contact else "",
    )


def render_mail(mail: str, person: User | AccessRequest | Subscriber, context: dict[str, Any]) -> tuple[str, str]:
    """Return a mail's subject, the first line of its text, and its body with a greeting, in its reader’s language."""
    template, part = mail.split(":")
    with translation.override(person.language or settings.LANGUAGE_CODE), zones.no_page():
        greeting = _("Dear %(name)s,") % {"name": person}
        text = render_to_string(f"emails/{template}.txt", {**context, "mail": part})
        end = render_to_string("emails/_end.txt", context)
    subject, body = text.strip().split("\n", 1)
    return subject.strip(), f"{greeting}\n\n{body.strip()}\n\n{end.strip()}\n"
