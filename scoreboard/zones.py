"""The time zone of rendered text: a page names it once, a mail or a file with each day and time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_zones: ContextVar[list[str] | None] = ContextVar("zones", default=None)  # of the page; None where there is no page


@contextmanager
def page() -> Iterator[None]:
    """Render a page in the block, which names its first time zone once, by `of_page`."""
    with _set([]):
        yield


@contextmanager
def no_page() -> Iterator[None]:
    """Render a mail or a file in the block, which names the time zone with each day and time."""
    with _set(None):
        yield


def of_page() -> str:
    """Return the time zone of the page's days and times without one; empty if there are none yet."""
    return next(iter(_zones.get() or []), "")


def suffix(zone: str) -> str:
    """Return the suffix of a day or time in this zone: " (Europe/Berlin)", or empty where the page names it once."""
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
