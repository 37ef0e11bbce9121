"""The time zone of what is being written: a page names it once, everything else beside each day and time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_zones: ContextVar[list[str] | None] = ContextVar("zones", default=None)  # of the page; None where there is no page


@contextmanager
def page() -> Iterator[None]:
    """Let what is written in the block be a page, which names its first time zone once, by `of_page`."""
    with _set([]):
        yield


@contextmanager
def no_page() -> Iterator[None]:
    """Let what is written in the block stand by itself, as a mail or a file does."""
    with _set(None):
        yield


def of_page() -> str:
    """Return the zone that the page's days and times are in unless they name another; "" if there are none yet."""
    return next(iter(_zones.get() or []), "")


def named(zone: str) -> str:
    """Return what follows a day or time in this zone: " (Europe/Berlin)", or nothing where the page says it once."""
    zones = _zones.get()
    if zones is None or zone not in (zones or [zone]):
        return f" ({zone})"
    zones[:] = [zone]
    return ""


@contextmanager
def _set(zones: list[str] | None) -> Iterator[None]:
    token = _zones.set(zones)
    try:
        yield
    finally:
        _zones.reset(token)
