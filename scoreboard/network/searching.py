"""The search within the spaces that somebody sees."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard.models import AgendaItem, Discussion, Meeting, Paper, Post, Space, User
from scoreboard.models.people import Role, roles_of
from scoreboard.text import one_line

LONGEST = 100  # characters that are looked for
MOST = 50  # hits of each kind
AROUND = 80  # characters of a text on each side of what was found


@dataclass(frozen=True)
class Hit:
    """Something found: its kind, its title, the space, where it is, its time, and the words around."""

    kind: str
    title: str
    space: Space
    url: str
    at: datetime
    excerpt: str = ""


def search(reader: User, asked: str) -> list[Hit]:
    """Return what has the words asked for in the reader's spaces, the latest first; nothing of what is hidden."""
    asked = one_line(asked.replace("\0", ""))[:LONGEST]
    if not asked:
        return []
    hits = [*_discussions(reader, asked), *_posts(reader, asked), *_papers(reader, asked), *_meetings(reader, asked)]
    return sorted(hits, key=lambda hit: hit.at, reverse=True)


def _discussions(reader: User, asked: str) -> list[Hit]:
    found = Discussion.objects.visible_to(reader).filter(hidden_at=None, title__icontains=asked)
    return [
        Hit(_("Discussion"), one.title, one.space, reverse("discussion", args=[one.pk]), one.last_at)
        for one in found.select_related("space")[:MOST]
    ]


def _posts(reader: User, asked: str) -> list[Hit]:
    shown = Post.objects.visible_to(reader).filter(hidden_at=None, discussion__hidden_at=None, text__icontains=asked)
    found: QuerySet[Post] = shown.select_related("discussion__space").order_by("-at", "-pk")
    return [
        Hit(
            _("Text in a discussion"),
            one.discussion.title,
            one.discussion.space,
            reverse("post", args=[one.pk]),
            one.at,
            _excerpt(one.text, asked),
        )
        for one in found[:MOST]
    ]


def _papers(reader: User, asked: str) -> list[Hit]:
    found = Paper.objects.visible_to(reader).filter(
        Q(title__icontains=asked) | Q(versions__name__icontains=asked), hidden_at=None
    )
    return [
        Hit(_("Paper"), one.title, one.space, reverse("paper", args=[one.pk]), one.changed_at)
        for one in found.select_related("space").distinct()[:MOST]
    ]


def _meetings(reader: User, asked: str) -> list[Hit]:
    """Meetings by their title, agenda and decisions, and by minutes that are shared or that an officer looks for."""
    words = Q(title__icontains=asked) | Q(place__icontains=asked)
    items = AgendaItem.objects.filter(
        Q(title__icontains=asked) | Q(notes__icontains=asked) | Q(decision__icontains=asked)
    )
    minutes = Q(minutes__icontains=asked)
    if Role.SECRETARIAT not in roles_of(reader):
        minutes &= Q(shared_at__isnull=False)
    found = Meeting.objects.visible_to(reader).filter(words | minutes | Q(pk__in=items.values("meeting")))
    return [
        Hit(_("Meeting"), one.title, one.space, reverse("meeting", args=[one.pk]), one.created_at)
        for one in found.select_related("space")[:MOST]
    ]


def _excerpt(text: str, asked: str) -> str:
    """Return the words around the first place in which a text has what was asked for."""
    at = max(text.casefold().find(asked.casefold()), 0)
    begin, end = max(0, at - AROUND), at + len(asked) + AROUND
    return ("… " if begin else "") + " ".join(text[begin:end].split()) + (" …" if end < len(text) else "")
