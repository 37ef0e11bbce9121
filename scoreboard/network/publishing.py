"""What becomes public of a space: a moderator chooses a text, a file or minutes, and its author is asked first."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, public_pages, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Meeting, PaperVersion, Post, PublishedText, Space, User
from scoreboard.network import spaces
from scoreboard.text import folded

Answer = PublishedText.Answer
Thing = Post | PaperVersion | Meeting


@transaction.atomic
def ask(thing: Thing, *, title: str, by: User) -> PublishedText:
    """Choose a text, a version of a paper or shared minutes to be published under a title; return it.

    Who wrote it gets a mail and answers; what `by` wrote is agreed at once. Raises PermissionDenied, NotNow for what is
    hidden, not shared, chosen already or in an archived space, and Invalid without a title.
    """
    space, author, name = _of(thing)
    spaces.lock_to_manage(space, by)
    thing = type(thing)._default_manager.get(pk=thing.pk)
    _require_shown(thing)
    if _texts(thing).filter(withdrawn_at=None).exclude(answer=Answer.DECLINED).exists():
        raise NotNow(_("This is published already, or its author is asked."))
    text = thing.text if isinstance(thing, Post) else thing.minutes if isinstance(thing, Meeting) else ""
    chosen = PublishedText(space=space, text=text, author=author, asked_by=by, asked_at=clock.now(), **{name: thing})
    chosen.title = spaces.title_of(title, _("Give it the title under which it is published."))
    chosen.folded = folded(chosen.title, thing.name if isinstance(thing, PaperVersion) else text)
    if author == by:
        chosen.answer, chosen.answered_at = Answer.AGREED, clock.now()
    chosen.save()
    activity.record(Verb.ASK_TO_PUBLISH, by=by, detail=str(chosen.pk))
    if author != by and author.is_active:
        _notify(author, "space_asks", chosen, by, reverse("published_text_answer", args=[chosen.pk]))
    return chosen


@transaction.atomic
def answer(chosen: PublishedText, *, agrees: bool, by: User) -> PublishedText:
    """Agree or decline, as who wrote it, that a text becomes public; the moderator who asked gets a mail.

    An author who agreed can still decline until it is published. Raises PermissionDenied for anybody else, NotNow once
    it is published or withdrawn.
    """
    chosen = _lock(chosen)
    if chosen.author_id != by.pk:
        raise PermissionDenied(_("Only who wrote a text can agree that it is published."))
    if chosen.withdrawn_at or chosen.published_at:
        raise NotNow(_("This question is over: the text is published or withdrawn."))
    chosen.answer, chosen.answered_at = (Answer.AGREED if agrees else Answer.DECLINED), clock.now()
    chosen.save(update_fields=["answer", "answered_at"])
    activity.record(Verb.ANSWER_PUBLISHING, by=by, detail=f"{chosen.pk}, {chosen.answer}")
    if chosen.asked_by != by and chosen.asked_by.is_active:
        _notify(chosen.asked_by, "space_answered", chosen, by, reverse("published_text_decide", args=[chosen.pk]))
    return chosen


@transaction.atomic
def publish(chosen: PublishedText, *, names_nobody: bool, by: User) -> PublishedText:
    """Publish a text whose author has agreed, without the author's name. Repeating it is harmless.

    `names_nobody` is that the officer found no private person named in it. Raises PermissionDenied, NotNow while the
    author has not agreed or once it is withdrawn or hidden, Invalid without the tick.
    """
    chosen = _lock(chosen)
    rules.require(by, "manage_spaces")
    if chosen.published_at and not chosen.withdrawn_at:
        return chosen
    if chosen.withdrawn_at:
        raise NotNow(_("This text was withdrawn. Choose it again."))
    if chosen.answer != Answer.AGREED:
        raise NotNow(_("The author has not agreed. Nothing of somebody else is published without that."))
    _require_shown(_thing(chosen))
    if not names_nobody:
        raise Invalid(_("Read it, and tick that no private person is named."))
    chosen.published_at, chosen.published_by = clock.now(), by
    chosen.save(update_fields=["published_at", "published_by"])
    public_pages.change()
    activity.record(Verb.PUBLISH_TEXT, by=by, detail=str(chosen.pk))
    return chosen


@transaction.atomic
def withdraw(chosen: PublishedText, *, by: User) -> PublishedText:
    """Take a text from the public pages, or take the question to its author back. Repeating it is harmless.

    It works in an archived space too. Raises PermissionDenied unless `by` is an officer.
    """
    chosen = _lock(chosen)
    rules.require(by, "manage_spaces")
    if chosen.withdrawn_at is None:
        chosen.withdrawn_at, chosen.withdrawn_by = clock.now(), by
        chosen.save(update_fields=["withdrawn_at", "withdrawn_by"])
        if chosen.published_at:
            public_pages.change()
        activity.record(Verb.WITHDRAW_TEXT, by=by, detail=str(chosen.pk))
    return chosen


def path_of(chosen: PublishedText) -> str:
    """Return the path of the page in the space on which a chosen text is read."""
    if chosen.post:
        return reverse("discussion", args=[chosen.post.discussion_id])
    if chosen.version:
        return reverse("paper", args=[chosen.version.paper_id])
    return reverse("meeting", args=[chosen.meeting_id])


def _lock(chosen: PublishedText) -> PublishedText:
    found = PublishedText.objects.select_for_update(of=("self",)).select_related(
        "author", "asked_by", "post__discussion", "version__paper", "meeting"
    )
    return found.get(pk=chosen.pk)


def _of(thing: Thing) -> tuple[Space, User, str]:
    """Return the space of a thing, who wrote it, and the field that names it."""
    if isinstance(thing, Post):
        return thing.discussion.space, thing.author, "post"
    if isinstance(thing, PaperVersion):
        return thing.paper.space, thing.added_by, "version"
    if thing.minutes_by is None:
        raise NotNow(_("No minutes are written."))
    return thing.space, thing.minutes_by, "meeting"


def _thing(chosen: PublishedText) -> Thing:
    found = chosen.post or chosen.version or chosen.meeting
    assert found is not None  # noqa: S101 - the database holds one of them
    return found


def _texts(thing: Thing) -> QuerySet[PublishedText]:
    return thing.texts.all()


def _require_shown(thing: Thing) -> None:
    """Raise NotNow for what the members of the space do not read themselves."""
    hidden = thing.hidden_at or thing.discussion.hidden_at if isinstance(thing, Post) else None
    hidden = thing.paper.hidden_at if isinstance(thing, PaperVersion) else hidden
    if hidden:
        raise NotNow(_("This is hidden from the members. Show it to them first."))
    if isinstance(thing, Meeting) and not thing.shared_at:
        raise NotNow(_("Share the minutes with the members first."))


def _notify(to: User, event: str, chosen: PublishedText, by: User, path: str) -> None:
    facts = {"title": chosen.title, "chosen": chosen, "link": settings.SITE_URL + path}
    notifications.notify_account(to, event, reply_to=by.email, by=by, **facts)
