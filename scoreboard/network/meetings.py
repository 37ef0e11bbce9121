"""The verbs of a meeting: officers plan it, write its agenda, enter decisions, and share its minutes."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.models import AgendaItem, Meeting, Paper, Space, User
from scoreboard.network import spaces
from scoreboard.text import folded, one_line, require_storable, required, stripped

MAX_ITEMS = 100  # of an agenda


@transaction.atomic
def plan(space: Space, *, title: str, starts: date, ends: date, place: str, by: User) -> Meeting:
    """Plan a meeting of the space; return it.

    Raises PermissionDenied, NotNow for an archived space, Invalid without a title or for days in the wrong order.
    """
    space = spaces.lock_to_manage(space, by)
    meeting = Meeting(space=space, created_by=by, created_at=clock.now())
    _write(meeting, title, starts, ends, place)
    activity.record(Verb.PLAN_MEETING, by=by, detail=str(meeting.pk))
    return meeting


@transaction.atomic
def edit(meeting: Meeting, *, title: str, starts: date, ends: date, place: str, by: User) -> Meeting:
    """Change a meeting's title, days or place; raises as `plan` does."""
    meeting = _lock(meeting, by)
    _write(meeting, title, starts, ends, place)
    activity.record(Verb.EDIT_MEETING, by=by, detail=str(meeting.pk))
    return meeting


def _write(meeting: Meeting, title: str, starts: date, ends: date, place: str) -> None:
    meeting.title, meeting.place = spaces.title_of(title, _("Give the meeting a title.")), one_line(place)
    require_storable(meeting.place, spaces.MAX_TITLE)
    if ends < starts:
        raise Invalid(_("The last day is before the first one."))
    meeting.starts, meeting.ends, meeting.folded = starts, ends, folded(meeting.title, meeting.place)
    meeting.save()


# --- the agenda


@transaction.atomic
def add_item(meeting: Meeting, *, title: str, notes: str, papers: Collection[Paper], by: User) -> AgendaItem:
    """Add an item at the end of the agenda; return it.

    Raises PermissionDenied, NotNow for an archived space, Invalid without a title, for a paper of another space, and
    for a full agenda.
    """
    meeting = _lock(meeting, by)
    if meeting.items.count() >= MAX_ITEMS:
        raise Invalid(_("An agenda has at most %s items.") % MAX_ITEMS)
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    return _save_item(AgendaItem(meeting=meeting, position=last + 1), title, notes, papers, by)


@transaction.atomic
def edit_item(item: AgendaItem, *, title: str, notes: str, papers: Collection[Paper], by: User) -> AgendaItem:
    """Change an item of the agenda; raises as `add_item` does."""
    _lock(item.meeting, by)
    return _save_item(_item(item), title, notes, papers, by)


def _save_item(item: AgendaItem, title: str, notes: str, papers: Collection[Paper], by: User) -> AgendaItem:
    item.title, item.notes = spaces.title_of(title, _("Give the item a title.")), stripped(notes)
    require_storable(item.notes)
    if any(paper.space_id != item.meeting.space_id for paper in papers):
        raise Invalid(_("Choose papers of this space."))
    item.folded = folded(item.title, item.notes, item.decision)
    item.save()
    item.papers.set(papers)
    activity.record(Verb.SAVE_AGENDA, by=by, detail=f"{item.meeting_id}, {item.pk}")
    return item


@transaction.atomic
def raise_item(item: AgendaItem, *, by: User) -> None:
    """Move an item one place up the agenda; the first one stays. Raises PermissionDenied and NotNow."""
    meeting = _lock(item.meeting, by)
    items = list(meeting.items.all())
    place = items.index(_item(item))
    if place:
        items.insert(place - 1, items.pop(place))
    _number(meeting, items, by)


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User) -> None:
    """Remove an item from the agenda. Raises PermissionDenied, NotNow for one with a decision."""
    meeting = _lock(item.meeting, by)
    item = _item(item)
    if item.decision:
        raise NotNow(_("A decision is entered on this item. Empty the decision first."))
    item.delete()
    _number(meeting, list(meeting.items.all()), by)


def _number(meeting: Meeting, items: list[AgendaItem], by: User) -> None:
    for position, item in enumerate(items, start=1):
        item.position = position
    AgendaItem.objects.bulk_update(items, ["position"])
    activity.record(Verb.SAVE_AGENDA, by=by, detail=str(meeting.pk))


@transaction.atomic
def decide(item: AgendaItem, decision: str, *, by: User) -> AgendaItem:
    """Enter what was decided on an item, or take it out with an empty text. Raises PermissionDenied and NotNow."""
    _lock(item.meeting, by)
    item = _item(item)
    item.decision = stripped(decision)
    require_storable(item.decision)
    item.decided_by, item.decided_at = (by, clock.now()) if item.decision else (None, None)
    item.folded = folded(item.title, item.notes, item.decision)
    item.save(update_fields=["decision", "decided_by", "decided_at", "folded"])
    activity.record(Verb.DECIDE_ITEM, by=by, detail=f"{item.meeting_id}, {item.pk}")
    return item


# --- the minutes


@transaction.atomic
def save_minutes(meeting: Meeting, text: str, *, seen: int, by: User) -> Meeting:
    """Save the minutes, which officers alone read until they are shared; `seen` is the revision that `by` saw.

    Raises PermissionDenied, NotNow for an archived space, Stale if a colleague saved them since, Invalid for shared
    minutes without a text.
    """
    meeting = _lock(meeting, by)
    text = stripped(text)
    require_storable(text)
    if meeting.minutes_revision != seen:
        raise Stale(
            _("%s changed the minutes after you opened them. Both texts are below: put them together, then save again.")
            % meeting.minutes_by,
            current=meeting,
        )
    if meeting.shared_at:
        required(text, _("The members have these minutes. Write the corrected text."))
    meeting.minutes, meeting.minutes_revision = text, meeting.minutes_revision + 1
    meeting.minutes_by, meeting.minutes_at, meeting.folded_minutes = by, clock.now(), folded(text)
    meeting.save(update_fields=["minutes", "minutes_revision", "minutes_by", "minutes_at", "folded_minutes"])
    activity.record(Verb.SAVE_MINUTES, by=by, detail=str(meeting.pk))
    return meeting


@transaction.atomic
def share_minutes(meeting: Meeting, *, seen: int, by: User) -> Meeting:
    """Let the members of the space read the minutes as `by` saw them. Repeating it is harmless.

    Raises PermissionDenied, NotNow for an archived space, Stale if they changed since, Invalid without a text.
    """
    meeting = _lock(meeting, by)
    if meeting.shared_at:
        return meeting
    if meeting.minutes_revision != seen:
        raise Stale(_("The minutes changed after you opened this page. Read them again first."))
    required(meeting.minutes, _("Write the minutes before you share them."))
    meeting.shared_at, meeting.shared_by = clock.now(), by
    meeting.save(update_fields=["shared_at", "shared_by"])
    activity.record(Verb.SHARE_MINUTES, by=by, detail=str(meeting.pk))
    return meeting


def _lock(meeting: Meeting, by: User) -> Meeting:
    spaces.lock_to_manage(meeting.space, by)
    return Meeting.objects.select_related("space", "minutes_by").get(pk=meeting.pk)


def _item(item: AgendaItem) -> AgendaItem:
    found = AgendaItem.objects.select_related("meeting").filter(pk=item.pk).first()
    if found is None:
        raise NotNow(_("This item is not on the agenda any more."))
    return found
