"""What a person has to do or to know, as a row of the home page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import clock, phrases
from scoreboard.models import Cycle
from scoreboard.submissions.completeness import Progress

TONES = ("action", "late")  # of what waits for this person


@dataclass(frozen=True)
class Item:
    """One thing to do or to know: what it is, whom it is about, and one link."""

    kind: str | Promise
    title: str
    sentence: str
    url: str = ""
    action: str = ""  # what the link says
    tone: str = "neutral"
    since: datetime | None = None  # from when on it waits
    cycle: Cycle | None = None  # in whose calendar it waits
    progress: Progress | None = None

    @property
    def waits(self) -> bool:
        """Whether this person should do something."""
        return self.tone in TONES

    @property
    def age(self) -> str:
        """For how long it has waited: in days of its cycle's calendar, else in whole days; empty if that is unknown."""
        if self.since is None:
            return ""
        if self.cycle is not None:
            return phrases.waited(self.since, self.cycle)
        days = (clock.now() - self.since).days
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else _("since today")

    @property
    def example(self) -> bool:
        """Whether it speaks of an invented example cycle."""
        return self.cycle is not None and self.cycle.is_example


def oldest_first(items: Iterable[Item]) -> list[Item]:
    """Order what waits by age; what has no age comes last."""
    return sorted(items, key=lambda item: (item.since is None, item.since and item.since.timestamp()))
