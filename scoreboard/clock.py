"""The portal's one clock, which the demo and the tests can set."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, tzinfo

from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the current moment, aware; whatever is stamped on a record comes from here."""
    return _set_to.get() or timezone.now()


def today() -> date:
    """Return the current day in the portal's time zone, TIME_ZONE, for what belongs to no cycle, such as memberships.

    What belongs to a cycle uses `Cycle.day`.
    """
    return now().astimezone(timezone.get_default_timezone()).date()


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins in the portal's time zone."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def day_of_end(last: date, zone: tzinfo) -> date:
    """Return the day of the portal's time zone in which the day `last` ends in another one."""
    return datetime.combine(last, time.max, zone).astimezone(timezone.get_default_timezone()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the clock to `moment`, an aware datetime, in the block: past cycles of the demo, deadlines in tests."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
