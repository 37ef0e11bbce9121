"""What somebody finds between the cycles: in their spaces, in questions between countries, and among resources."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard.models import (
    AgendaItem,
    Discussion,
    GoodPractice,
    Meeting,
    Paper,
    PeerMessage,
    PeerQuestion,
    Post,
    Resource,
    User,
)
from scoreboard.models.people import Role, roles_of
from scoreboard.text import excerpt, folded

LONGEST = 100  # characters that are looked for
MOST = 50  # hits of each kind


@dataclass(frozen=True)
class Hit:
    """Something found: its kind, its title, in which space or by whom, its address, its time, and the words around."""

    kind: str
    title: str
    place: str
    url: str
    at: datetime
    excerpt: str = ""


@dataclass(frozen=True)
class Found:
    """What was found, the latest first; `all_shown` unless there is more of a kind than MOST."""

    hits: list[Hit]
    all_shown: bool


def search(reader: User, asked: str) -> Found:
    """Return what the reader may see and has all the words asked for; nothing of what is hidden."""
    words = folded(asked[:LONGEST]).split()
    if not words:
        return Found([], True)
    searches = (_discussions, _posts, _papers, _meetings, _questions, _practices, _resources)
    kinds = [list(one(reader, words)) for one in searches]
    hits = [hit for kind in kinds for hit in kind[:MOST]]
    return Found(sorted(hits, key=lambda hit: hit.at, reverse=True), all(len(kind) <= MOST for kind in kinds))


def _having(words: list[str], field: str = "folded") -> Q:
    return Q(*((f"{field}__contains", word) for word in words))


def _some(found: QuerySet[Any]) -> Iterable[Any]:
    """As many as are shown, and one more if there is one."""
    return found[: MOST + 1]


def _discussions(reader: User, words: list[str]) -> Iterable[Hit]:
    found = Discussion.objects.visible_to(reader).filter(_having(words), hidden_at=None).select_related("space")
    for one in _some(found):
        yield Hit(_("Discussion"), one.title, one.space.name, reverse("discussion", args=[one.pk]), one.last_at)


def _posts(reader: User, words: list[str]) -> Iterable[Hit]:
    shown = Post.objects.visible_to(reader).filter(_having(words), hidden_at=None, discussion__hidden_at=None)
    for one in _some(shown.select_related("discussion__space").order_by("-at", "-pk")):
        talk, url = one.discussion, reverse("post", args=[one.pk])
        yield Hit(_("Text in a discussion"), talk.title, talk.space.name, url, one.at, excerpt(one.text, words))


def _papers(reader: User, words: list[str]) -> Iterable[Hit]:
    found = Paper.objects.visible_to(reader).filter(_having(words), hidden_at=None).select_related("space")
    for one in _some(found):
        yield Hit(_("Paper"), one.title, one.space.name, reverse("paper", args=[one.pk]), one.changed_at)


def _meetings(reader: User, words: list[str]) -> Iterable[Hit]:
    """Meetings by their title, an item of the agenda, or minutes that are shared or that an officer looks for."""
    minutes = _having(words, "folded_minutes")
    if Role.SECRETARIAT not in roles_of(reader):
        minutes &= Q(shared_at__isnull=False)
    items = AgendaItem.objects.filter(_having(words)).values("meeting")
    found = Meeting.objects.visible_to(reader).filter(_having(words) | minutes | Q(pk__in=items))
    for one in _some(found.select_related("space")):
        yield Hit(_("Meeting"), one.title, one.space.name, reverse("meeting", args=[one.pk]), one.created_at)


def _questions(reader: User, words: list[str]) -> Iterable[Hit]:
    """Questions between countries by what one of both wrote; each once."""
    messages = PeerMessage.objects.filter(_having(words), question__in=PeerQuestion.objects.visible_to(reader))
    found = PeerQuestion.objects.visible_to(reader).filter(pk__in=messages.values("question")).with_subject()
    shown = list(_some(found))
    texts = dict(messages.filter(question__in=shown).order_by("at", "pk").values_list("question", "text"))
    for one in shown:
        title = _("%(asking)s asks %(asked)s") % {"asking": one.asking, "asked": one.asked}
        url, said = reverse("peer_question", args=[one.pk]), excerpt(texts[one.pk], words)
        yield Hit(_("Question between countries"), title, one.indicator.label, url, one.changed_at, said)


def _practices(reader: User, words: list[str]) -> Iterable[Hit]:
    found = GoodPractice.objects.visible_to(reader).filter(_having(words)).with_subject()
    for one in _some(found):
        url, said = reverse("good_practice", args=[one.pk]), excerpt(one.text, words)
        place = one.signed if one.is_published else f"{one.signed} · {one.get_state_display()}"
        yield Hit(_("Good practice"), one.title, place, url, one.changed_at, said)


def _resources(reader: User, words: list[str]) -> Iterable[Hit]:
    found = Resource.objects.visible_to(reader).filter(_having(words)).order_by("-changed_at", "-pk")
    for one in _some(found):
        url, said = reverse("resource", args=[one.pk]), excerpt(one.summary, words)
        kind = str(one.get_kind_display())
        place = kind if one.is_published else f"{kind} · {one.get_state_display()}"
        yield Hit(_("Resource"), one.title, place, url, one.changed_at, said)
