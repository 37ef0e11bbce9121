"""Create an account with a role and mail a link to set a password; a person with an account accepts first."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from scoreboard.models import Country, Membership, Organisation, Role, User
from scoreboard.people import invitations
from scoreboard.text import one_line


class Command(BaseCommand):
    help = "Make an account if there is none, give it a role, and mail a link to set a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="needed for a new account")
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument("--country", metavar="ISO2", help="of a focal point or contributor")
        parser.add_argument("--organisation", metavar="NAME", help="of everybody else")
        parser.add_argument("--administrator", action="store_true", help="may enter the administration")

    @transaction.atomic
    def handle(self, *, email: str, name: str, verbosity: int, **options: Any) -> None:
        try:
            person = _person(email, name)
            if role := options["role"]:
                _give(person, role, options["country"], options["organisation"], name)
            if options["administrator"]:
                invitations.give_administration(person, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not person.has_usable_password():
            invitations.invite(person)
        if verbosity:
            result = "a mail with a link will be sent; an account that is in use accepts a role first."
            self.stdout.write(f"{name or email}: {result}")


def _person(email: str, name: str) -> User:
    email, name = one_line(email), one_line(name)
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        if not name:
            raise CommandError("This is a new account: give the person's --name.")
        person = User(email=email.lower(), name=name)
        person.set_unusable_password()
        person.full_clean()
        person.save()
    if not person.is_active:
        raise CommandError(f"The account of {email} is not active; an administrator can change that.")
    return person


def _give(person: User, role: str, iso2: str | None, organisation: str | None, name: str) -> None:
    """Give or offer the person the role, unless they hold it today or are offered it already."""
    held = {
        "role": role,
        "country": Country.objects.filter(iso2=iso2.upper()).first() if iso2 else None,
        "organisation": Organisation.objects.filter(name=organisation).first() if organisation else None,
    }
    if iso2 and not held["country"]:
        raise CommandError(f"There is no country {iso2}.")
    if organisation and not held["organisation"]:
        raise CommandError(f"There is no organisation “{organisation}”.")
    of_person = person.memberships.filter(**held)
    if not (of_person.in_force() | of_person.offered()).exists():
        membership = Membership(person=person, **held)
        membership.full_clean()
        invitations.give_role(membership, by=None, name=name)
