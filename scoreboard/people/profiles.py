"""A person's own profile: name, language and optional mails, and all that is stored about them as one document."""

from collections.abc import Iterable
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import ForeignObjectRel, Model, Q, QuerySet
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.errors import Invalid
from scoreboard.mail import notifications
from scoreboard.mail.preferences import Kind
from scoreboard.models import (
    AccessRequest,
    ActivityEntry,
    Assignment,
    BoardView,
    BouncingAddress,
    CountrySelection,
    Delegation,
    Mail,
    Membership,
    SpaceMember,
    Subscription,
    User,
)
from scoreboard.people import sessions
from scoreboard.text import one_line

Row = TypeVar("Row", bound=Model)


@transaction.atomic
def change(person: User, *, name: str, mails: Iterable[str], language: str = "") -> User:
    """Store the person's name, language and the kinds of optional mail that they want; return the person.

    The person and the officers get a mail about a new name, for everything that the person wrote shows it. Raises
    Invalid for an empty name.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    old, name, wanted = person.name, one_line(name), set(mails)
    if not name:
        raise Invalid(_("Type your name."))
    person.name, person.language = name, language or person.language
    person.unwanted_mails = [kind.value for kind in Kind if kind not in wanted]
    person.save(update_fields=["name", "language", "unwanted_mails"])
    if name != old:
        activity.record(Verb.CHANGE_NAME, by=person, person=person)
        facts = {"old": old, "new": name, "address_of": person.email}
        notifications.notify_account(person, "own_name_changed", **facts)
        notifications.notify_officers("own_name_changed", but=person, **facts)
    return person


def own_data(person: User) -> dict[str, Any]:
    """Return what is stored about a person: facts in full, and how often each kind of record names them.

    The records themselves, such as answers, belong to their country and are read on its pages.
    """
    return {
        "exported_at": clock.now(),
        "account": {
            "name": person.name,
            "email": person.email,
            "language": person.language,
            "joined": person.date_joined,
            "last_sign_in": person.last_login,
            "administrator": person.is_staff,
            "link_to_set_a_password_sent": person.link_sent_at,
            "second_factor_due": person.second_factor_due,
            "unwanted_mails": person.unwanted_mails,
        },
        "roles": [
            {"role": str(one), "since": one.since, "until": one.until, "accepted": one.accepted_at}
            | {"declined": one.declined_at, "offered": one.offered_at, "offered_by": _text(one.offered_by)}
            | {"offered_to": [one.offered_name, one.offered_address], "note": one.note, "ended": one.ended_at}
            for one in _all(Membership, person).select_related("country", "organisation", "offered_by")
        ],
        "parts": [
            {"submission": str(one.submission), "until": one.until, "invited_by": str(one.invited_by)}
            | {"invited": [one.invited_name, one.invited_address]}
            for one in _all(Assignment, person).select_related("submission__country", "submission__cycle", "invited_by")
        ],
        "spaces": [
            {"space": str(one.space), "until": one.until, "invited": one.invited_at, "ended": one.ended_at}
            | {"invited_as": [one.offered_name, one.offered_address]}
            for one in _all(SpaceMember, person).select_related("space")
        ],
        "actions_of_plans": [
            {"plan": str(one.action.plan), "action": one.action.number, "until": one.until}
            | {"given_by": str(one.given_by), "given_to": [one.invited_name, one.invited_address]}
            for one in _all(Delegation, person).select_related("action__plan", "given_by")
        ],
        "changes_of_address": [
            {"old": one.old, "new": one.new, "by": _text(one.by), "at": one.at, "from_network_address": one.from_ip}
            for one in person.address_changes.select_related("by")
        ],
        "second_factors": [
            {"kind": one.type, "added": one.created_at, "last_used": one.last_used_at}
            for one in Authenticator.objects.filter(user=person).order_by("created_at", "pk")
        ],
        "removed_second_factors": [
            {"reason": one.reason, "by": _text(one.by), "at": one.at, "from_network_address": one.from_ip}
            for one in person.second_factor_removals.select_related("by")
        ],
        "sessions": [
            {"since": one.created_at, "browser": one.user_agent, "network_address": one.ip}
            for one in sessions.of(person)
        ],
        "api_tokens": [
            {"name": one.name, "scopes": one.scopes, "made": one.made_at, "until": one.until}
            | {"last_used": one.last_used_at, "ended": one.ended_at}
            for one in person.tokens.all()
        ],
        "subscriptions": [  # of the same address, made without the account
            {"about": str(one), "asked": one.asked_at, "confirmed": one.confirmed_at}
            for one in Subscription.objects.filter(subscriber__email=person.email.lower()).select_related(
                "country", "cycle"
            )
        ],
        "mails": [
            {"subject": one.subject, "written": one.written_at, "sent": one.sent_at, "state": one.get_state_display()}
            | {"to": one.address or person.email}
            for one in Mail.everything.filter(to=person)
        ],
        "requests_for_access": [
            {"asked": one.asked_at, "name": one.name, "role": one.get_role_display(), "reason": one.reason}
            | {"organisation": one.organisation, "outcome": one.get_outcome_display(), "answer": one.answer}
            for one in AccessRequest.objects.filter(email__iexact=person.email)
        ],
        "noted_that_your_address_does_not_work": [
            one.at for one in BouncingAddress.objects.filter(address__iexact=person.email)
        ],
        "saved_views_of_the_board": [one.name for one in _all(BoardView, person, "owner")],
        "saved_selections_of_countries": [one.name for one in _all(CountrySelection, person, "owner")],
        "activity": [
            {"what": str(Verb(one.verb).label), "at": one.at, "network": one.network, "you": "did it"}
            if one.by_id == person.pk
            else {"what": str(Verb(one.verb).label), "at": one.at, "you": "were concerned"}
            for one in ActivityEntry.objects.filter(Q(by=person) | Q(person=person)).order_by("at", "pk")
        ],
        "records_that_name_you": _records(person),
    }


def _records(person: User) -> list[dict[str, Any]]:
    """Return how many records of each kind name the person, and as what."""
    found = []
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.one_to_many:
            model: type[Model] = relation.related_model
            number = model._base_manager.filter(**{relation.field.name: person}).count()
            if number:
                kind, field = model._meta.verbose_name_plural, relation.field.verbose_name
                found.append({"records": str(kind), "as": str(field), "number": number})
    return sorted(found, key=lambda one: (one["records"], one["as"]))


def _all(model: type[Row], person: User, field: str = "person") -> "QuerySet[Row]":
    """Return the rows about a person, those of rehearsals too."""
    return model._base_manager.filter(**{field: person})


def _text(person: User | None) -> str | None:
    return None if person is None else str(person)
