"""The portal's one clock, which the demo and the tests can set."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the current moment, aware; whatever is stamped on a record comes from here."""
    return _set_to.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the block happen at `moment`, an aware datetime: past cycles of the demo, deadlines in tests."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
