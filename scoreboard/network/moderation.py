"""What moderators do in a space, each time with a reason: hide, show again, close, open again, move."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.errors import NotNow
from scoreboard.mail import notifications
from scoreboard.models import Discussion, ModerationStep, Paper, Post, Space, User
from scoreboard.network import spaces
from scoreboard.text import require_storable, required

Act = ModerationStep.Act


@transaction.atomic
def hide(thing: Discussion | Post | Paper, *, reason: str, by: User) -> ModerationStep:
    """Hide a discussion, a text in one, or a paper from everybody but officers; who wrote it gets a mail.

    Raises PermissionDenied, NotNow for what is hidden or published already and for an archived space, Invalid without
    a reason.
    """
    thing = _lock(thing, by)
    if thing.hidden_at:
        raise NotNow(_("This is hidden already."))
    if isinstance(thing, Post) and thing.texts.public().exists():
        raise NotNow(_("This text is published. Withdraw it first."))
    reason = _reason(reason)
    thing.hidden_at, thing.hidden_by = clock.now(), by
    if isinstance(thing, Post):
        thing.hidden_reason = reason
    thing.save()
    return _record(thing, Act.HIDE, reason, by)


@transaction.atomic
def show(thing: Discussion | Post | Paper, *, reason: str, by: User) -> ModerationStep:
    """Show to the members again what a moderator has hidden; raises as `hide` does.

    A text that its author took back stays so: NotNow.
    """
    thing = _lock(thing, by)
    if not thing.hidden_at:
        raise NotNow(_("This is not hidden."))
    if isinstance(thing, Post) and thing.hidden_by_id == thing.author_id:
        raise NotNow(_("Who wrote it took it back. Only they can write it again."))
    reason = _reason(reason)
    thing.hidden_at, thing.hidden_by = None, None
    if isinstance(thing, Post):
        thing.hidden_reason = ""
    thing.save()
    return _record(thing, Act.SHOW, reason, by)


@transaction.atomic
def close(discussion: Discussion, *, reason: str, by: User) -> ModerationStep:
    """Close a discussion: it can be read, and nobody replies. Raises as `hide` does."""
    discussion = _lock(discussion, by)
    if discussion.closed_at:
        raise NotNow(_("This discussion is closed already."))
    reason = _reason(reason)
    discussion.closed_at, discussion.closed_by = clock.now(), by
    discussion.save(update_fields=["closed_at", "closed_by"])
    return _record(discussion, Act.CLOSE, reason, by)


@transaction.atomic
def reopen(discussion: Discussion, *, reason: str, by: User) -> ModerationStep:
    """Let members reply in a closed discussion again. Raises as `hide` does."""
    discussion = _lock(discussion, by)
    if not discussion.closed_at:
        raise NotNow(_("This discussion is open."))
    reason = _reason(reason)
    discussion.closed_at, discussion.closed_by = None, None
    discussion.save(update_fields=["closed_at", "closed_by"])
    return _record(discussion, Act.REOPEN, reason, by)


@transaction.atomic
def move(discussion: Discussion, *, to: Space, reason: str, by: User) -> ModerationStep:
    """Move a discussion to another space, whose members read it from then on; who opened it gets a mail.

    The paper that it is on stays where it is. Raises as `hide` does, NotNow also if it is there already.
    """
    discussion = _lock(discussion, by)
    to = spaces.lock_to_manage(to, by)
    if to.pk == discussion.space_id:
        raise NotNow(_("The discussion is in this space already."))
    reason = _reason(reason)
    discussion.space, discussion.paper = to, None
    discussion.save(update_fields=["space", "paper"])
    return _record(discussion, Act.MOVE, reason, by)


def _lock(thing: Discussion | Post | Paper, by: User) -> Any:
    """Return the thing read again, with its space locked for an officer."""
    space = thing.discussion.space if isinstance(thing, Post) else thing.space
    spaces.lock_to_manage(space, by)
    return type(thing).objects.get(pk=thing.pk)


def _reason(text: str) -> str:
    text = required(text, _("Give the reason: the members read it."))
    require_storable(text)
    return text


def _record(thing: Discussion | Post | Paper, act: Act, reason: str, by: User) -> ModerationStep:
    """Enter a step and return it, and mail who wrote the thing unless they did it themselves."""
    if isinstance(thing, Post):
        about, author, title = {"discussion": thing.discussion, "post": thing}, thing.author, thing.discussion.title
        path = reverse("discussion", args=[thing.discussion_id])
    elif isinstance(thing, Discussion):
        about, author, title = {"discussion": thing}, thing.opened_by, thing.title
        path = reverse("discussion", args=[thing.pk])
    else:
        about, author, title = {"paper": thing}, thing.added_by, thing.title
        path = reverse("paper", args=[thing.pk])
    step = ModerationStep.objects.create(**about, act=act, reason=reason, by=by, at=clock.now())
    activity.record(Verb.MODERATE, by=by, detail=f"{act}, {thing._meta.model_name} {thing.pk}")
    if author != by and author.is_active:
        link = settings.SITE_URL + path
        facts = {"step": step, "title": title, "reason": reason, "link": link}
        notifications.notify_account(author, "space_moderated", reply_to=by.email, by=by, **facts)
    return step
