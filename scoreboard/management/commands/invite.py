"""Create an account with a role and mail a link to set a password; a person with an account accepts first."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from scoreboard import clock
from scoreboard.mail import outbox
from scoreboard.models import Country, Mail, Membership, Organisation, Role, User
from scoreboard.people import invitations
from scoreboard.text import one_line


class Command(BaseCommand):
    help = "Make an account if there is none, give it a role, and mail a link to set a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="needed for a new account")
        parser.add_argument("--role", choices=[role for role in Role.values if role != Role.GUEST])  # from a space
        parser.add_argument("--country", metavar="ISO2", help="of a focal point or contributor")
        parser.add_argument("--organisation", metavar="NAME", help="of everybody else")
        parser.add_argument("--administrator", action="store_true", help="may enter the administration")

    def handle(self, *, email: str, name: str, verbosity: int, **options: Any) -> None:
        began = clock.now()
        with transaction.atomic():
            person, lines = _person(email, name)
            try:
                if role := options["role"]:
                    lines.append(_give(person, role, options["country"], options["organisation"], name))
                if options["administrator"]:
                    lines.append(_make_administrator(person))
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            if not person.has_usable_password():
                invitations.invite(person)
        outbox.send_due()
        mails = Mail.objects.filter(to=person, written_at__gte=began).order_by("pk")
        lines += [f"{mail.subject}: {_outcome(mail)}" for mail in mails] or ["No e-mail: nothing is new."]
        if verbosity:
            self.stdout.write("\n".join(lines))
        if any(mail.error for mail in mails):
            raise CommandError(
                "Not everything was sent. The worker tries again by itself; `manage.py send_mail` at once."
            )


def _outcome(mail: Mail) -> str:
    """Return what became of a mail, with the reason where it was not sent."""
    if mail.state == Mail.State.SENT:
        return f"sent to {mail.to_address}."
    if mail.error:
        return f"NOT sent to {mail.to_address}. {mail.error}"
    return f"the worker is sending it to {mail.to_address}."


def _person(email: str, name: str) -> tuple[User, list[str]]:
    """Return the person with this address, made where there is none, and a line that says which it was."""
    email, name = one_line(email), one_line(name)
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        if not name:
            raise CommandError("This is a new account: give the person's --name.")
        person = User(email=email.lower(), name=name)
        person.set_unusable_password()
        try:
            person.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        person.save()
        return person, [f"{person.email}: a new account for {person.name}."]
    if not person.is_active:
        raise CommandError(f"The account of {email} is not active; an administrator can change that.")
    used = "in use" if person.has_usable_password() else "without a password yet"
    return person, [f"{person.email}: there is an account, {used}."]  # whose, only its owner says


def _give(person: User, role: str, iso2: str | None, organisation: str | None, name: str) -> str:
    """Give or offer the person the role, unless they hold it today or are offered it already; return which it was."""
    held = {
        "role": role,
        "country": Country.objects.filter(iso2=iso2.upper()).first() if iso2 else None,
        "organisation": Organisation.objects.filter(name=organisation).first() if organisation else None,
    }
    if iso2 and not held["country"]:
        raise CommandError(f"There is no country {iso2}.")
    if organisation and not held["organisation"]:
        raise CommandError(f"There is no organisation “{organisation}”.")
    label = f"Role {Role(role).label}" + (f" of {held['country']}" if iso2 else "")
    of_person = person.memberships.filter(**held)
    if of_person.in_force().exists():
        return f"{label}: held already."
    if of_person.offered().exists():
        return f"{label}: offered already, not accepted yet."
    membership = Membership(person=person, **held)
    membership.full_clean()
    invitations.give_role(membership, by=None, name=name)
    return (
        f"{label}: given." if membership.accepted_at else f"{label}: offered; it counts when the person has accepted."
    )


def _make_administrator(person: User) -> str:
    """Make or offer to make the person an administrator; return which it was."""
    if person.is_staff:
        return "Administrator: already."
    if invitations.give_administration(person, by=None):
        return "Administrator: given."
    return "Administrator: offered; it counts when the person has accepted."
