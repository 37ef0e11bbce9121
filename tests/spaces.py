"""Spaces for the tests, made by the verbs that officers and members use."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.files.base import ContentFile

from scoreboard import clock
from scoreboard.models import (
    CountryGroup,
    Discussion,
    Membership,
    Organisation,
    Paper,
    PublishedText,
    Role,
    Space,
    User,
)
from scoreboard.network import discussions, membership, papers, publishing, spaces
from scoreboard.network.spaces import Audience
from tests.factories import a_person, an_officer
from tests.small_pdfs import PDF


def a_space(name: str = "Enforcement group", audiences: Iterable[Audience] = (), **fields) -> Space:
    """Return an open space that the officer moderates."""
    facts = {"kind": Space.Kind.WORKING_GROUP, "name": name, "purpose": "To learn **together**."} | fields
    return spaces.create(**facts, audiences=list(audiences), by=an_officer())


def a_network(code: str) -> CountryGroup:
    """Return a network with a Secretariat of its own."""
    secretariat = Organisation.objects.get_or_create(name=f"Secretariat of {code}", kind=Organisation.Kind.SECRETARIAT)[
        0
    ]
    return CountryGroup.objects.get_or_create(code=code, defaults={"name": code, "secretariat": secretariat})[0]


def an_expert(space: Space, *, until: date | None = None, email: str = "expert@university.example") -> User:
    """Return somebody from outside who is invited to the space, for a week unless said otherwise, and signs in."""
    until = until or clock.today() + timedelta(days=7)
    member = membership.invite(space, email=email, name="Eva Expert", until=until, by=an_officer())
    return with_password(member.person)


def with_password(person: User) -> User:
    """Return the person as they are once they have set the password."""
    person.set_password("correct horse battery staple")
    person.save()
    return User.objects.get(pk=person.pk)


def a_discussion(space: Space, by: User, *, title: str = "Night patrols", text: str = "Who patrols?") -> Discussion:
    """Return a discussion that somebody opened."""
    return discussions.start(space, title=title, text=text, by=by)


def a_file(name: str = "Draft.pdf", content: bytes = PDF) -> ContentFile:
    """Return a file to upload."""
    return ContentFile(content, name=name)


def a_paper(space: Space, by: User, *, title: str = "Work plan") -> Paper:
    """Return a paper of the space in its first version."""
    return papers.add(space, title=title, file=a_file(), by=by)


def a_public_text(space: Space, *, title: str = "Patrols", text: str = "Patrols at *dawn* help.") -> PublishedText:
    """Return a text of the officer that everybody reads."""
    post = a_discussion(space, an_officer(), text=text).posts.get()
    return publishing.publish(publishing.ask(post, title=title, by=an_officer()), names_nobody=True, by=an_officer())


def an_observer(organisation: str, network: CountryGroup | None = None) -> User:
    """Return an observer of the organisation, which belongs to the network."""
    person = a_person(name=f"Observer of {organisation}")
    held = Organisation.objects.get_or_create(name=organisation)[0]
    Membership.objects.create(person=person, role=Role.OBSERVER, organisation=held)
    if network:
        held.group_memberships.get_or_create(group=network)
    return User.objects.get(pk=person.pk)
