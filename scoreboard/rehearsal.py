"""The rehearsal: a world of its own for trainings, below /rehearsal/, whose data the real portal never shows.

The managers of cycles, countries, submissions, memberships, contributors' parts, threads and mails give the rows of
one world only: of the rehearsal inside `within`, else of the real one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.urls import get_script_prefix, set_script_prefix

PREFIX = "/rehearsal"  # of its addresses

_is_on: ContextVar[bool] = ContextVar("rehearsal", default=False)


def is_on() -> bool:
    """Return whether the current request or block is part of the rehearsal."""
    return _is_on.get()


@contextmanager
def within() -> Iterator[None]:
    """Work on the rehearsal's data in the block; every address that is made there begins with PREFIX."""
    token, before = _is_on.set(True), get_script_prefix()
    if not is_below(before):
        set_script_prefix(f"{before.rstrip('/')}{PREFIX}/")
    try:
        yield
    finally:
        set_script_prefix(before)
        _is_on.reset(token)


def is_below(path: str) -> bool:
    """Return whether a path is one of the rehearsal's."""
    return path.startswith(f"{PREFIX}/")
