"""The verbs of discussions in a space: members open them, reply, and take their own texts back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Discussion, Paper, Post, Space, User
from scoreboard.network import spaces
from scoreboard.text import folded, require_storable, required


@transaction.atomic
def start(space: Space, *, title: str, text: str, by: User, paper: Paper | None = None) -> Discussion:
    """Open a discussion with a first text, if need be on a paper of the space; return it.

    Raises PermissionDenied for no member, NotNow for an archived space, Invalid without a title or a text.
    """
    space = spaces.lock_to_write(space, by)
    if paper is not None and (paper.space_id != space.pk or paper.hidden_at):
        raise Invalid(_("Choose a paper of this space."))
    now = clock.now()
    discussion = Discussion(space=space, paper=paper, opened_by=by, opened_at=now, last_at=now)
    discussion.title = spaces.title_of(title, _("Give the discussion a title."))
    discussion.folded = folded(discussion.title)
    discussion.save()
    _write(discussion, text, by)
    activity.record(Verb.OPEN_DISCUSSION, by=by, detail=str(discussion.pk))
    return discussion


@transaction.atomic
def reply(discussion: Discussion, text: str, *, by: User) -> Post:
    """Write in a discussion; return what is written.

    Raises PermissionDenied for no member, NotNow for a closed discussion or an archived space, Invalid without a text.
    """
    discussion = lock(discussion, by)
    if discussion.closed_at:
        raise NotNow(_("This discussion is closed. Open another one."))
    post = _write(discussion, text, by)
    discussion.last_at = post.at
    discussion.save(update_fields=["last_at"])
    activity.record(Verb.WRITE_POST, by=by, detail=str(post.pk))
    return post


@transaction.atomic
def take_back(post: Post, *, by: User) -> Post:
    """Hide one's own text from the other members; only officers read it then. Repeating it is harmless.

    Raises PermissionDenied for another's, NotNow for an archived space or a text that is published.
    """
    lock(post.discussion, by)
    post = Post.objects.get(pk=post.pk)
    if post.author_id != by.pk:
        raise PermissionDenied(_("Only who wrote a text can take it back."))
    if post.texts.public().exists():
        raise NotNow(_("This text is published. Ask the moderator to withdraw it first."))
    if post.hidden_at is None:
        post.hidden_at, post.hidden_by, post.hidden_reason = clock.now(), by, ""
        post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        activity.record(Verb.WITHDRAW_POST, by=by, detail=str(post.pk))
    return post


def lock(discussion: Discussion, by: User) -> Discussion:
    """Return the discussion read again, its space locked for `by` to write in; raises as `reply` does."""
    space = spaces.lock_to_write(discussion.space, by)
    found = Discussion.objects.visible_to(by).filter(space=space, pk=discussion.pk).first()
    if found is None:  # moved or hidden since the page was opened
        raise NotNow(_("This discussion is not in the space any more."))
    return found


def _write(discussion: Discussion, text: str, by: User) -> Post:
    text = required(text, _("Write something before you send it."))
    require_storable(text)
    return Post.objects.create(discussion=discussion, author=by, text=text, at=clock.now(), folded=folded(text))
