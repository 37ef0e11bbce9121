"""Anonymising a person who has left: the account loses who it was; the record still says that one person did it all.

What a country or the Secretariat did is their record and stays, under a name with a number. docs/personal-data.md lists
what is emptied, deleted and left.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from scoreboard import activity
from scoreboard.activity import Verb
from scoreboard.errors import NotNow
from scoreboard.models import (
    AccessRequest,
    AddressChange,
    Assignment,
    BoardView,
    BouncingAddress,
    CountrySelection,
    Delegation,
    Mail,
    Membership,
    SecondFactorRemoval,
    SpaceMember,
    SpaceMute,
    Token,
    User,
)
from scoreboard.people import sessions

ADDRESS = "former-{}@anonymised.invalid"  # no mail can be sent to .invalid (RFC 2606)

# Rows that are about the person alone; the name of the field that says so.
DELETED = (
    (AddressChange, "person"),
    (Authenticator, "user"),
    (BoardView, "owner"),
    (CountrySelection, "owner"),
    (EmailAddress, "user"),
    (SecondFactorRemoval, "person"),
    (SpaceMute, "person"),
    (Token, "person"),
)
# What inviters typed about the person.
EMPTIED = (
    (Assignment, ("invited_name", "invited_address")),
    (Delegation, ("invited_name", "invited_address")),
    (Membership, ("offered_name", "offered_address", "note")),
    (SpaceMember, ("offered_name", "offered_address")),
)


def is_done(person: User) -> bool:
    """Return whether the person is anonymised already."""
    return person.email == ADDRESS.format(person.pk)


def obstacle(person: User, *, by: User) -> str:
    """Return the sentence that says why a person cannot be anonymised, empty if they can."""
    if is_done(person):
        return _("This person is anonymised already.")
    if person == by:
        return _("Nobody anonymises their own account. Ask another administrator.")
    if person.is_staff or person.staff_offered_at:
        return _("%s is an administrator, or was asked to be one. Take that back first.") % person
    held = Membership._base_manager.filter(person=person).select_related("country", "organisation")
    if roles := [str(one) for one in held if one.is_unended and one.declined_at is None]:
        words = {"name": person, "roles": ", ".join(roles)}
        return _("%(name)s still has a role or an invitation: %(roles)s. End it first.") % words
    return ""


@transaction.atomic
def anonymise(person: User, *, by: User) -> User:
    """Remove who a person was who has no role any more, for good; return the account.

    Name, address, password, second factors, sessions, the e-mails to them and what inviters typed about them are
    removed. Answers, steps and the sealed log name the account by its number. Raises NotNow with what stands in the
    way, see `obstacle`.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if sentence := obstacle(person, by=by):
        raise NotNow(sentence)
    addresses = {person.email.lower()}
    for change in AddressChange.objects.filter(person=person):
        addresses |= {change.old.lower(), change.new.lower()}
    sessions.end(person)
    for model, field in DELETED:
        model._base_manager.filter(**{field: person}).delete()
    for model, fields in EMPTIED:
        model._base_manager.filter(person=person).update(**dict.fromkeys(fields, ""))
    AccessRequest.objects.filter(email__in=addresses).delete()
    BouncingAddress.objects.filter(address__in=addresses).delete()
    Mail.everything.filter(to=person).delete()
    Mail.everything.filter(reply_to__in=addresses).update(reply_to="")
    with translation.override(settings.LANGUAGE_CODE):
        person.name = _("Former user %s") % person.pk
    person.email = ADDRESS.format(person.pk)
    person.set_unusable_password()
    person.is_active, person.language, person.unwanted_mails = False, "", []
    person.last_login = person.link_sent_at = person.second_factor_due = None
    person.save()
    about = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk)
    )  # the administration's own log repeats names and addresses
    about.update(object_repr=person.name, change_message="")
    activity.record(Verb.ANONYMISE, by=by, person=person)
    return person
