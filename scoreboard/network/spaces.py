"""The verbs of a space: officers create, edit and archive it; whoever sees it is a member, and writes until then."""

from collections.abc import Collection
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, public_pages, rehearsal, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.evidence import attaching
from scoreboard.models import CountryGroup, PaperVersion, Role, Space, SpaceAudience, SpaceMute, User
from scoreboard.text import one_line, require_storable, required, stripped

MAX_TITLE = 200  # characters of a title
MAX_NAME = 150


class Audience(NamedTuple):
    """The holders of a role, all of them or those of one network."""

    role: Role
    network: CountryGroup | None = None


def lock(space: Space) -> Space:
    """Return the space read again and locked until the transaction ends."""
    return Space.objects.select_for_update(of=("self",)).get(pk=space.pk)


def lock_to_manage(space: Space, by: User) -> Space:
    """Return the space, locked; raise PermissionDenied unless `by` manages spaces, NotNow for an archived one."""
    space = lock(space)
    rules.require(by, "manage_spaces")
    require_open(space)
    return space


def lock_to_write(space: Space, by: User) -> Space:
    """Return the space, locked; raise PermissionDenied unless `by` is a member, NotNow for an archived one."""
    space = lock(space)
    require_member(space, by)
    require_open(space)
    return space


def is_member(space: Space, person: User) -> bool:
    """Return whether somebody sees the space today, and so may write in it."""
    return Space.objects.visible_to(person).filter(pk=space.pk).exists()


def require_member(space: Space, by: User) -> None:
    """Raise PermissionDenied (403) unless `by` is a member of the space today."""
    if not is_member(space, by):
        raise PermissionDenied(_("You are not a member of this space."))


def require_open(space: Space) -> None:
    """Raise NotNow for an archived space, which can only be read."""
    if space.archived_at:
        day = date_format(space.archived_at.date())
        raise NotNow(_("This space was archived on %s. It can be read, and nothing in it can be changed.") % day)


def title_of(text: str, missing: str, most: int = MAX_TITLE) -> str:
    """Return a compulsory text of one line; raise Invalid with the sentence `missing`, or for one that is too long."""
    title = one_line(required(text, missing))
    require_storable(title, most)
    return title


@transaction.atomic
def create(
    *, kind: str, name: str, purpose: str, audiences: Collection[Audience], by: User, is_example: bool = False
) -> Space:
    """Create a space that `by` moderates, for the holders of some roles or for nobody yet; return it.

    Raises PermissionDenied, NotNow within the rehearsal, and Invalid without a name.
    """
    rules.require(by, "manage_spaces")
    if rehearsal.is_on():
        raise NotNow(_("The rehearsal has no spaces. Create it in the real portal."))
    space = Space(kind=kind, moderator=by, created_by=by, created_at=clock.now(), is_example=is_example)
    _write(space, name, purpose, audiences)
    activity.record(Verb.CREATE_SPACE, by=by, detail=str(space.pk))
    return space


@transaction.atomic
def edit(
    space: Space,
    *,
    kind: str,
    name: str,
    purpose: str,
    moderator: User,
    audiences: Collection[Audience],
    by: User,
) -> Space:
    """Change what a space is called and for, its moderator, and whose roles make members; return it.

    Raises PermissionDenied, NotNow once it is archived, Invalid without a name or for a moderator who is no officer.
    """
    space = lock_to_manage(space, by)
    if not rules.may(moderator, "manage_spaces"):
        raise Invalid(_("%s is no officer of the Secretariat. Choose one of the list.") % moderator)
    space.kind, space.moderator = kind, moderator
    _write(space, name, purpose, audiences)
    if space.texts.public().exists():  # their pages name it
        public_pages.change()
    activity.record(Verb.EDIT_SPACE, by=by, detail=str(space.pk))
    return space


def _write(space: Space, name: str, purpose: str, audiences: Collection[Audience]) -> None:
    space.name, space.purpose = title_of(name, _("Give the space a name."), MAX_NAME), stripped(purpose)
    require_storable(space.purpose)
    space.save()
    space.audiences.all().delete()
    SpaceAudience.objects.bulk_create(
        SpaceAudience(space=space, role=role, network=network) for role, network in sorted(set(audiences), key=str)
    )


@transaction.atomic
def archive(space: Space, *, by: User) -> Space:
    """Archive a space: members read it and download it, and nobody changes it. Repeating it is harmless.

    Raises PermissionDenied.
    """
    space = lock(space)
    rules.require(by, "manage_spaces")
    if space.archived_at is None:
        space.archived_at, space.archived_by = clock.now(), by
        space.save(update_fields=["archived_at", "archived_by"])
        activity.record(Verb.ARCHIVE_SPACE, by=by, detail=str(space.pk))
    return space


@transaction.atomic
def reopen(space: Space, *, by: User) -> Space:
    """Let members write in an archived space again. Repeating it is harmless. Raises PermissionDenied."""
    space = lock(space)
    rules.require(by, "manage_spaces")
    if space.archived_at is not None:
        space.archived_at, space.archived_by = None, None
        space.save(update_fields=["archived_at", "archived_by"])
        activity.record(Verb.REOPEN_SPACE, by=by, detail=str(space.pk))
    return space


@transaction.atomic
def delete(space: Space, *, by: User) -> None:
    """Delete an archived space with all that was written in it and its files.

    Raises PermissionDenied, NotNow for one that is not archived, or of which something is public.
    """
    space = lock(space)
    rules.require(by, "manage_spaces")
    require_deletable(space)
    activity.record(Verb.DELETE_SPACE, by=by, detail=str(space.pk))
    space.texts.all().delete()
    attaching.delete_with_files(PaperVersion.objects.filter(paper__space=space))
    space.delete()


def require_deletable(space: Space) -> None:
    """Raise NotNow unless the space is archived and nothing of it is public."""
    if space.archived_at is None:
        raise NotNow(_("Archive the space first, and download what has to be stored elsewhere."))
    if space.texts.public().exists():
        raise NotNow(_("Something of this space is published. Withdraw it first."))


@transaction.atomic
def choose_mail(space: Space, *, daily: bool, by: User) -> None:
    """Get a daily e-mail when there is something new in a space, or none. Raises PermissionDenied for no member."""
    require_member(space, by)
    if daily:
        SpaceMute.objects.filter(space=space, person=by).delete()
    else:
        SpaceMute.objects.get_or_create(space=space, person=by, defaults={"at": clock.now()})
    activity.record(Verb.CHOOSE_SPACE_MAIL, by=by, detail=str(space.pk))
