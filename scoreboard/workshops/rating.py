"""Ratings: each participant's level of the indicator that the room is asked, and how many chose each."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from scoreboard import clock
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Indicator, Level, Participant, Rating, Workshop
from scoreboard.workshops import joining, sessions


@transaction.atomic
def rate(participant: Participant, code: str, level: int | None) -> Rating:
    """Store the level that the participant gives the indicator `code`, None if they cannot say; it can be changed.

    It locks the workshop alone, so that a room of phones never waits for somebody who saves answers. Raises NotNow if
    the workshop is over, they are not admitted, or the room is not asked this indicator; Invalid for another level.
    """
    found = Workshop.objects.running().filter(pk=participant.workshop_id)
    workshop = found.select_for_update(of=("self",)).first()
    if workshop is None:
        raise NotNow(joining.opens_nothing())
    participant = Participant.objects.get(pk=participant.pk)
    if not participant.is_in_the_room:
        raise NotNow(_("The focal point has not admitted you to this workshop."))
    sessions.require_asked(workshop, code)
    if workshop.shown:
        raise NotNow(_("The ratings are shown already. The focal point can ask the room once more."))
    indicator = sessions.indicator_of(workshop, code)
    chosen = next((one for one in indicator.ladder if one.value == level), None)
    if chosen is None and level is not None:
        raise Invalid(_("%(label)s: choose one of the levels of its ladder.") % {"label": indicator.label})
    values = {"level": chosen, "at": clock.now()}
    return Rating.objects.update_or_create(participant=participant, indicator=indicator, defaults=values)[0]


@dataclass(frozen=True)
class Spread:
    """How many chose each level of an indicator, lowest first, how many could not say, and how many are in the room."""

    levels: list[tuple[Level, int]]
    cannot_say: int
    room: int

    @property
    def rated(self) -> int:
        """How many have rated, those included who could not say."""
        return sum(n for _level, n in self.levels) + self.cannot_say

    @property
    def most(self) -> int:
        """The largest number of all, at least 1, to which bars are drawn."""
        return max(1, self.cannot_say, *(n for _level, n in self.levels))

    @property
    def as_stored(self) -> list[dict[str, Any]]:
        """What the note stores of it: numbers without people; None is the level of who could not say."""
        rows = [{"level": level.value, "n": n} for level, n in self.levels]
        return [*rows, {"level": None, "n": self.cannot_say}]


def spread(workshop: Workshop, indicator: Indicator) -> Spread:
    """Return how those in the room rated an indicator, which knows its ladder, in a constant number of queries."""
    room = workshop.participants.in_the_room()
    rated = Rating.objects.filter(participant__in=room, indicator=indicator).order_by()
    counts = dict(rated.values_list("level").annotate(n=Count("pk")))
    levels = [(level, counts.get(level.pk, 0)) for level in indicator.ladder]
    return Spread(levels, counts.get(None, 0), room.count())


@dataclass(frozen=True)
class Progress:
    """How many wait to be admitted, are in the room, and have rated what it is asked."""

    revision: int
    waiting: int
    room: int
    rated: int

    @property
    def stamp(self) -> str:
        """What changes whenever a page that shows this has to; it begins with the workshop's revision."""
        return f"{self.revision}-{self.waiting}-{self.room}-{self.rated}"


def progress(workshop: Workshop) -> Progress:
    """Return how far the room is, in two queries."""
    admitted, here = Q(admitted_at__isnull=False), Q(removed_at=None)
    numbers = workshop.participants.order_by().aggregate(
        waiting=Count("pk", filter=here & ~admitted), room=Count("pk", filter=here & admitted)
    )
    room = workshop.participants.in_the_room()
    rated = Rating.objects.filter(participant__in=room, indicator=workshop.indicator_id).count()
    return Progress(workshop.revision, numbers["waiting"], numbers["room"], rated)
